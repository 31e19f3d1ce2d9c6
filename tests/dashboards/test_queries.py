"""Figures against numbers computed by hand: signals, scorecard and its edges, ranking, trend, what comes, past days."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from collab.commitments.vocabulary import Signal
from collab.core.errors import NotFound
from collab.dashboards import queries
from collab.dashboards.views.pages import bucketed
from collab.organizations.models import Organization
from tests.dashboards.conftest import TODAY
from tests.support import commitments as made

RED, YELLOW, GREY, GREEN = Signal.RED, Signal.YELLOW, Signal.GREY, Signal.GREEN


def overview(session: Any, people: Any, day: date = TODAY, name: str = "monitor.babel", **kw: Any) -> Any:
    return queries.overview(
        session, people.government("19"), day, identity=people.identity(session, name), **kw
    )


def code_of(session: Any, one: Any) -> str:
    return str(session.get_one(Organization, one.id).code)


def figures(session: Any, seen: Any) -> dict[str, tuple[Any, ...]]:
    """Give {code: (red, yellow, grey, green, due, met, percent)} of agencies and others."""
    return {
        code_of(session, one): (
            *(one.figures.signals[signal] for signal in (RED, YELLOW, GREY, GREEN)),
            one.figures.due,
            one.figures.met,
            one.figures.percent,
        )
        for one in (*seen.agencies, *seen.others)
    }


def test_each_agency_has_the_signals_and_the_scorecard_counted_by_hand(session, people, year) -> None:
    assert figures(session, overview(session, people)) == {
        "budpar": (1, 0, 1, 0, 1, 0, Decimal("0.0")),
        "pertanian": (2, 1, 0, 2, 3, 2, Decimal("66.7")),
        "setda": (0, 0, 0, 1, 1, 1, Decimal("100.0")),
        "kominfo": (0, 0, 0, 0, 0, 0, None),
        "kopukm": (0, 0, 0, 1, 0, 0, None),
        "perindag": (0, 0, 0, 0, 0, 0, None),
        "okeoce": (0, 0, 0, 1, 1, 0, Decimal("0.0")),
    }


def test_the_worst_stand_first_and_those_without_a_share_last_by_name(session, people, year) -> None:
    seen = overview(session, people)
    assert [code_of(session, one) for one in seen.agencies] == [
        "budpar",
        "pertanian",
        "setda",
        "kominfo",
        "kopukm",
        "perindag",
    ]
    assert [code_of(session, one) for one in seen.others] == ["okeoce"]


def test_the_total_adds_agencies_and_others(session, people, year) -> None:
    seen = overview(session, people)
    total = seen.total
    assert [total.signals[signal] for signal in (RED, YELLOW, GREY, GREEN)] == [3, 1, 1, 5]
    assert (total.due, total.met, total.percent, total.without_signal) == (6, 3, Decimal("50.0"), 1)
    assert (total.overdue, total.oldest_overdue_on) == (3, date(2025, 12, 31))
    # stale: B, C, D, E and K still wait for news; what is met does not
    assert (total.stale, total.silent, total.newest_evidence_on) == (5, 5, date(2026, 9, 1))
    assert [row.statement for row in seen.overdue] == ["K", "B", "D"]


@pytest.mark.parametrize(
    ("from_on", "due", "met"),
    [
        (None, 3, 2),  # A, B, L
        (date(2026, 1, 1), 3, 2),
        (date(2026, 1, 2), 2, 1),  # without L
        (date(2025, 12, 31), 4, 2),  # with K
        (TODAY, 0, 0),
    ],
)
def test_both_ends_of_the_scorecard_are_included(session, people, year, from_on, due, met) -> None:
    found = figures(session, overview(session, people, from_on=from_on))["pertanian"]
    assert found[4:6] == (due, met)
    unit = people.organization("19/pertanian")
    counted = queries.scores(
        session, {unit}, TODAY, identity=people.identity(session, "monitor.babel"), from_on=from_on
    )
    assert (counted.figures.due, counted.figures.met) == (due, met)


def test_a_due_day_counts_from_the_day_after_it(session, people, year) -> None:
    assert figures(session, overview(session, people, date(2026, 9, 14)))["budpar"][:2] == (0, 1)
    assert figures(session, overview(session, people, date(2026, 9, 14)))["budpar"][4:] == (0, 0, None)
    assert figures(session, overview(session, people, TODAY))["budpar"][4:] == (1, 0, Decimal("0.0"))
    assert figures(session, overview(session, people, TODAY + timedelta(1)))["pertanian"][4:6] == (4, 2)


def test_on_new_years_day_nothing_was_due_yet(session, people, year) -> None:
    total = overview(session, people, date(2026, 1, 1)).total
    assert (total.due, total.met, total.percent) == (0, 0, None)


def test_the_trend_has_twelve_months_with_nothing_where_nothing_was_due(session, people, year) -> None:
    trend = overview(session, people).trend
    assert [first for first, _met, _due in trend] == [
        *(date(2025, month, 1) for month in (10, 11, 12)),
        *(date(2026, month, 1) for month in range(1, 10)),
    ]
    assert [(met, due) for _first, met, due in trend] == [
        (0, 0),
        (0, 0),
        (0, 1),
        (1, 1),
        (0, 1),
        (1, 1),
        (0, 1),
        (0, 0),
        (1, 1),
        (0, 0),
        (0, 0),
        (0, 1),
    ]


def test_an_agencys_own_page_has_the_figures_of_its_line_in_the_ranking(session, people, year) -> None:
    seen = overview(session, people)
    identity = people.identity(session, "monitor.babel")
    for one in (*seen.agencies, *seen.others):
        agency = queries.get_agency(session, one.id, identity=identity)
        counted = queries.scores(session, agency.unit_ids, TODAY, identity=identity)
        assert counted.figures == one.figures
    units = queries.get_agency(session, people.organization("19/setda"), identity=identity).unit_ids
    assert units == {people.organization(f"19/{code}") for code in ("setda", "hukum", "kerjasama")}
    counted = queries.scores(session, [people.organization("19/pertanian")], TODAY, identity=identity)
    assert [(first.month, met, due) for first, met, due in counted.trend if due] == [
        (12, 0, 1),
        (1, 1, 1),
        (3, 1, 1),
        (4, 0, 1),
    ]


def test_what_presses_and_what_comes_is_sorted_into_7_30_and_90_days(session, people, year) -> None:
    for days in (91, 90, 31, 30, 8, 7, 0):
        made.promise(
            session,
            people,
            year.mandate_id,
            on=TODAY,
            owner="19/kominfo",
            due_on=TODAY + timedelta(days),
            statement=f"+{days}",
        )
    identity = people.identity(session, "monitor.babel")
    unit = people.organization("19/kominfo")
    overdue, coming = queries.pressing(session, {unit}, TODAY, identity=identity)
    assert overdue == []
    assert [(days, [row.statement for row in rows]) for days, rows in bucketed(coming, TODAY)] == [
        (7, ["+0", "+7"]),
        (30, ["+8", "+30"]),
        (90, ["+31", "+90"]),
    ]
    overdue, _coming = queries.pressing(session, {unit}, TODAY + timedelta(8), identity=identity)
    assert [row.statement for row in overdue] == ["+0", "+7"]


def test_yesterday_shows_for_ever_what_it_showed(session, people, year) -> None:
    def shown(day: date) -> Any:
        seen = overview(session, people, day)
        lines = [(one.id, one.figures) for one in (*seen.agencies, *seen.others)]
        return repr((lines, seen.total, [tuple(row) for row in seen.overdue], seen.trend))

    before = {day: shown(day) for day in (TODAY - timedelta(1), date(2026, 5, 1), date(2026, 1, 1))}
    made.settle(session, people, year.B, on=TODAY)
    made.settle(session, people, year.C, on=TODAY)
    made.hinder(session, people, year.E, by="liaison.budpar.babel", on=TODAY)
    wish = made.ask(session, people, year.D, date(2026, 10, 1), by="liaison.budpar.babel", on=TODAY)
    made.answer(session, people, wish, on=TODAY)
    made.promise(session, people, year.mandate_id, on=TODAY, due_on=date(2026, 10, 2))
    assert {day: shown(day) for day in before} == before
    assert figures(session, overview(session, people))["pertanian"][:4] == (1, 0, 0, 5)


def test_an_agency_that_handed_a_duty_on_keeps_what_fell_due_under_it(session, people, year) -> None:
    """The accountable organization on the day it fell due is counted (decisions 4)."""
    from collab.commitments.models import CommitmentAssignment
    from collab.commitments.services.spans import recount, renew

    handed_on = date(2026, 6, 1)
    held = session.query(CommitmentAssignment).filter_by(commitment_id=year.B.id).one()
    held.valid_until = handed_on - timedelta(1)
    session.add(
        CommitmentAssignment(
            commitment_id=year.B.id,
            organization_id=people.organization("19/kominfo"),
            role="accountable",
            valid_from=handed_on,
            recorded_at=made.noon(handed_on),
        )
    )
    session.flush()
    renew(session, year.B.id, day=handed_on)
    found = figures(session, overview(session, people))
    assert (found["pertanian"][4:6], found["kominfo"][4:6]) == ((3, 2), (0, 0))
    assert (found["pertanian"][0], found["kominfo"][0]) == (1, 1)
    assert list(recount(session)) == []


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("monitor.babel", {"19/pertanian", "19/hukum", "19/pemerintah", "okeoce"}),
        ("admin.babel", {"19/pertanian", "19/hukum", "19/pemerintah", "okeoce"}),
        ("liaison.pertanian.babel", {"19/pertanian"}),
        ("liaison.setda.babel", {"19/hukum"}),
        ("partner.okeoce", {"okeoce"}),
        ("monitor.kalteng", {"62/pertanian"}),
        ("monitor.pulpis", set()),
    ],
)
def test_an_agencys_figures_are_seen_in_its_own_scope_only(session, people, year, name, seen) -> None:
    identity = people.identity(session, name)
    for code in ("19/pertanian", "19/hukum", "19/pemerintah", "okeoce", "62/pertanian"):
        if code in seen:
            assert queries.get_agency(session, people.organization(code), identity=identity).name
        else:
            with pytest.raises(NotFound):
                queries.get_agency(session, people.organization(code), identity=identity)
    with pytest.raises(NotFound):
        queries.get_agency(session, 999_999, identity=identity)


def test_a_province_counts_nothing_of_its_regencies_and_nobody_counts_anothers(session, people, year) -> None:
    assert overview(session, people, name="monitor.kalteng").total.commitments == 0
    kalteng = people.identity(session, "monitor.kalteng")
    made.promise(
        session,
        people,
        made.mandate(
            session,
            people,
            by="coordinator.pulpis",
            on=TODAY,
            government_id=people.government("62.11"),
            parties=[{"organization_id": people.organization("62.11/pemerintah")}],
            leads=[
                {
                    "organization_id": people.organization("62.11/pemerintah"),
                    "role": "lead",
                    "accountable": True,
                }
            ],
        ),
        on=TODAY,
        by="coordinator.pulpis",
        owner="62.11/pemerintah",
        due_on=TODAY,
    )
    for code in ("62", "62.11"):
        seen = queries.overview(session, people.government(code), TODAY, identity=kalteng)
        assert (seen.total.commitments, list(seen.overdue)) == (0, [])
    own = queries.overview(
        session, people.government("62.11"), TODAY, identity=people.identity(session, "monitor.pulpis")
    )
    assert (own.total.commitments, len(own.others)) == (1, 1)
