"""What the scorecard says of a checkpoint, which share is met, and who ranks where."""

from datetime import date
from decimal import Decimal

import pytest

from collab.commitments.rules import (
    Window,
    compliance_percent,
    compliance_window,
    counts_as_due,
    month_windows,
    rank_key,
)
from collab.commitments.vocabulary import CheckpointState, Outcome
from tests.commitments.facts import IN_PROGRESS, checkpoint, commitment, moved, on, report, standing

PENDING, MET, MISSED = Outcome.PENDING, Outcome.MET, Outcome.MISSED
EXCUSED, VOID = Outcome.EXCUSED, Outcome.VOID


@pytest.mark.parametrize(
    ("subject", "day", "outcome"),
    [
        # the due day is not over before its end
        (checkpoint(10), 9, PENDING),
        (checkpoint(10), 10, PENDING),
        (checkpoint(10), 11, MISSED),
        (checkpoint(None), 99, PENDING),
        # met on time: the day of submission counts, not that of the decision
        (checkpoint(10, report(5, verified=6)), 6, MET),
        (checkpoint(10, report(10, verified=30)), 30, MET),
        (checkpoint(10, report(11, verified=11)), 11, MISSED),
        # on time and still waiting
        (checkpoint(10, report(10)), 10, PENDING),
        (checkpoint(10, report(10)), 11, EXCUSED),
        (checkpoint(10, report(10)), 99, EXCUSED),
        (checkpoint(10, report(11)), 11, MISSED),
        (checkpoint(10, report(10, IN_PROGRESS)), 11, MISSED),
        # in repair grace, and after it
        (checkpoint(10, report(10, returned=12)), 19, EXCUSED),
        (checkpoint(10, report(10, returned=12)), 20, MISSED),
        (checkpoint(10, report(11, returned=12)), 13, MISSED),
        (checkpoint(10, report(10, IN_PROGRESS, returned=12)), 13, MISSED),
        (checkpoint(10, report(8, returned=8), report(10, id=2, returned=11)), 11, MISSED),
        (checkpoint(10, report(10, returned=12), report(19, id=2)), 50, EXCUSED),
        (checkpoint(10, report(10, returned=12), report(20, id=2)), 20, MISSED),
        (checkpoint(10, report(10, returned=12), report(19, id=2, verified=50)), 50, MET),
        (checkpoint(10, report(10, returned=12), report(20, id=2, verified=50)), 50, MISSED),
        # cancelled on or before the day it fell due, and later
        (checkpoint(10, cancelled=5), 4, PENDING),
        (checkpoint(10, cancelled=5), 5, VOID),
        (checkpoint(10, cancelled=10), 20, VOID),
        (checkpoint(10, cancelled=11), 20, MISSED),
        (checkpoint(10, report(10), cancelled=11), 10, PENDING),
        (checkpoint(10, report(10), cancelled=12), 11, EXCUSED),
        (checkpoint(10, report(10), cancelled=12), 12, MISSED),
        (checkpoint(10, report(10, verified=11), cancelled=12), 12, MET),
        (checkpoint(None, cancelled=5), 5, VOID),
        # moved in time, moved late
        (checkpoint(10, moves=(moved(10, 12, 20),)), 11, MISSED),
        (checkpoint(10, moves=(moved(10, 12, 20),)), 12, PENDING),
        (checkpoint(10, moves=(moved(10, 12, 20),)), 21, MISSED),
        (checkpoint(10, moves=(moved(11, 12, 20),)), 12, MISSED),
        (checkpoint(10, report(15), moves=(moved(11, 12, 20),)), 15, MISSED),
        (checkpoint(10, report(15, verified=16), moves=(moved(11, 12, 20),)), 16, MISSED),
        (checkpoint(10, moves=(moved(11, 12, 20),), cancelled=15), 15, MISSED),
    ],
)
def test_the_scorecard_judges_by_the_day_it_fell_due(subject, day, outcome):
    assert standing(commitment(subject), day).outcome is outcome


def test_a_cumulative_actual_counts_on_time_only_by_the_earlier_due_day():
    for day, outcome in ((10, MET), (11, MISSED)):
        later = checkpoint(40, report(day, IN_PROGRESS, actual=60, verified=12), id=2, target=100)
        whole = commitment(checkpoint(10, id=1, target=50), later, has_indicator=True)
        assert standing(whole, 12, id=1).outcome is outcome


def test_an_on_time_report_still_excuses_what_a_later_actual_settled_late():
    own = checkpoint(10, report(10, actual=50, verified=30), id=1, target=50)
    later = checkpoint(40, report(15, IN_PROGRESS, id=2, actual=60, verified=16), id=2, target=100)
    whole = commitment(own, later, has_indicator=True)
    assert [standing(whole, day).outcome for day in (11, 16, 29, 30)] == [EXCUSED, EXCUSED, EXCUSED, MET]
    assert [standing(whole, day).state for day in (16, 30)] == [CheckpointState.MET_LATE, CheckpointState.MET]


@pytest.mark.parametrize(("first", "last", "counted"), [(10, 20, True), (0, 10, True), (11, 20, False)])
def test_what_fell_due_inside_the_window_counts_both_ends_included(first, last, counted):
    found = standing(commitment(checkpoint(10)), 25)
    assert counts_as_due(found, Window(on(first), on(last))) is counted
    assert not counts_as_due(found, Window(on(0), on(9)))


@pytest.mark.parametrize(
    ("subject", "counted"),
    [
        (checkpoint(10), True),
        (checkpoint(10, report(9, verified=9)), True),
        (checkpoint(10, report(9)), False),
        (checkpoint(10, report(9, returned=15)), False),
        (checkpoint(10, cancelled=10), False),
        (checkpoint(10, cancelled=11), True),
        (checkpoint(None), False),
    ],
)
def test_excused_and_void_ones_do_not_count(subject, counted):
    assert counts_as_due(standing(commitment(subject), 20), Window(on(0), on(19))) is counted


def test_a_late_change_is_counted_once_at_the_old_day():
    whole = commitment(checkpoint(10, report(50, verified=55), moves=(moved(11, 12, 60),)))
    found = standing(whole, 90)
    assert counts_as_due(found, Window(on(0), on(30)))
    assert not counts_as_due(found, Window(on(31), on(89)))


@pytest.mark.parametrize(
    ("due", "met", "percent"),
    [
        (0, 0, None),
        (4, 0, Decimal("0.0")),
        (4, 4, Decimal("100.0")),
        (3, 2, Decimal("66.7")),
        (8, 1, Decimal("12.5")),
        (16, 1, Decimal("6.3")),
        (10000, 9999, Decimal("99.9")),
        (10000, 1, Decimal("0.1")),
    ],
)
def test_compliance_is_the_share_met_on_time(due, met, percent):
    assert compliance_percent(due, met) == percent


def test_the_window_runs_from_new_year_to_the_day_before():
    window = compliance_window(date(2026, 3, 5))
    assert window == Window(date(2026, 1, 1), date(2026, 3, 4))
    assert [window.holds(day) for day in (date(2025, 12, 31), date(2026, 1, 1))] == [False, True]
    assert [window.holds(day) for day in (date(2026, 3, 4), date(2026, 3, 5), None)] == [True, False, False]


def test_the_window_of_new_year_is_empty():
    window = compliance_window(date(2026, 1, 1))
    assert not window.holds(date(2025, 12, 31))
    assert not window.holds(date(2026, 1, 1))


def test_the_window_may_begin_elsewhere():
    assert compliance_window(date(2026, 3, 5), date(2025, 7, 1)) == Window(date(2025, 7, 1), date(2026, 3, 4))


def test_the_trend_has_one_window_per_calendar_month():
    windows = month_windows(date(2026, 3, 5))
    assert len(windows) == 12
    assert windows[0] == Window(date(2025, 4, 1), date(2025, 4, 30))
    assert windows[8] == Window(date(2025, 12, 1), date(2025, 12, 31))
    assert windows[-2] == Window(date(2026, 2, 1), date(2026, 2, 28))
    assert windows[-1] == Window(date(2026, 3, 1), date(2026, 3, 4))


def test_the_trend_of_one_month_is_that_month():
    assert month_windows(date(2026, 12, 31), 1) == (Window(date(2026, 12, 1), date(2026, 12, 30)),)


def test_the_worst_ranks_first_and_who_owed_nothing_last():
    agencies = [
        (None, 0, "Dinas Z"),
        (Decimal("50.0"), 1, "dinas b"),
        (Decimal("50.0"), 1, "Dinas A"),
        (Decimal("50.0"), 2, "Dinas C"),
        (Decimal("0.0"), 0, "Dinas D"),
        (Decimal("100.0"), 0, "Dinas E"),
    ]
    ranked = [name for _percent, _red, name in sorted(agencies, key=lambda agency: rank_key(*agency))]
    assert ranked == ["Dinas D", "Dinas C", "Dinas A", "dinas b", "Dinas E", "Dinas Z"]
