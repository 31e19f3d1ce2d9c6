"""Leads through time, legal bases and their history, documents and notes of a mandate."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from collab.core import clock
from collab.core.errors import Forbidden, Invalid, NotFound
from collab.documents.vocabulary import DocumentKind
from collab.mandates import queries, services
from collab.mandates.models import LegalBasis, MandateLead
from tests.support import agreements as made

FIRST = datetime(2026, 3, 1, 3, tzinfo=UTC)
LATER = datetime(2026, 3, 20, 3, tzinfo=UTC)


def lead(people: Any, scope: str, *, accountable: bool = False, role: str = "lead") -> dict[str, Any]:
    return {"organization_id": people.organization(scope), "role": role, "accountable": accountable}


def at(session: Session, instant: datetime) -> Any:
    session.info.clear()  # another transaction, another instant
    return clock.travel(instant)


def leads(session: Session, people: Any, mandate: Any, day: date) -> list[tuple[str, str, bool]]:
    codes = {number: scope for scope, number in people.organizations.items()}
    rows = queries.leads_on(session, [mandate.id], day)
    return [(codes[row.organization_id], str(row.role), row.accountable) for row in rows]


def test_leads_are_dated_and_the_past_keeps_its_own(session, people) -> None:
    mandate = made.create(session, people, at=FIRST)
    coordinator = people.identity(session, "coordinator.babel")
    with at(session, LATER):
        services.assign_leads(
            session,
            mandate,
            [lead(people, "19/perindag", accountable=True), lead(people, "19/budpar", role="supporting")],
            actor=coordinator,
        )
    assert leads(session, people, mandate, date(2026, 3, 19)) == [
        ("19/kopukm", "lead", True),
        ("19/perindag", "lead", False),
    ]
    assert leads(session, people, mandate, date(2026, 3, 20)) == [
        ("19/perindag", "lead", True),
        ("19/budpar", "supporting", False),
    ]
    assert leads(session, people, mandate, date(2026, 2, 28)) == []


def test_a_change_on_the_same_day_is_a_correction_with_one_accountable_on_every_day(session, people) -> None:
    mandate = made.create(session, people, at=FIRST)
    coordinator = people.identity(session, "coordinator.babel")
    with at(session, FIRST):
        services.assign_leads(
            session, mandate, [lead(people, "19/pertanian", accountable=True)], actor=coordinator
        )
    assert leads(session, people, mandate, date(2026, 3, 1)) == [("19/pertanian", "lead", True)]
    assert list(session.scalars(queries.led_by([people.organization("19/kopukm")]))) == []
    assert leads(session, people, mandate, date(2026, 3, 2)) == [("19/pertanian", "lead", True)]


def test_two_leads_change_places_at_once(session, people) -> None:
    mandate = made.create(session, people, at=FIRST)
    coordinator = people.identity(session, "coordinator.babel")
    wishes = [lead(people, "19/kopukm"), lead(people, "19/perindag", accountable=True)]
    for instant in (FIRST, LATER):
        with at(session, instant):
            services.assign_leads(session, mandate, wishes, actor=coordinator)
            wishes = [{**wish, "accountable": not wish["accountable"]} for wish in wishes]
    assert leads(session, people, mandate, date(2026, 3, 20))[0] == ("19/kopukm", "lead", True)


def test_assigning_the_same_leads_changes_nothing(session, people) -> None:
    mandate = made.create(session, people, at=FIRST)
    version = mandate.version
    with at(session, LATER):
        services.assign_leads(
            session,
            mandate,
            made.oke_oce(people)["leads"],
            actor=people.identity(session, "coordinator.babel"),
        )
    session.flush()
    assert mandate.version == version


def test_all_leads_can_be_taken_off_a_draft(session, people) -> None:
    mandate = made.create(session, people, at=FIRST)
    with at(session, LATER):
        services.assign_leads(session, mandate, [], actor=people.identity(session, "coordinator.babel"))
    assert leads(session, people, mandate, date(2026, 3, 20)) == []
    assert len(leads(session, people, mandate, date(2026, 3, 19))) == 2


def test_a_change_of_what_hangs_on_a_mandate_raises_its_version(session, people) -> None:
    mandate = made.create(session, people)
    coordinator = people.identity(session, "coordinator.babel")
    seen = [mandate.version]
    for act in (
        lambda: services.assign_leads(
            session, mandate, [lead(people, "19/budpar", accountable=True)], actor=coordinator
        ),
        lambda: services.cite(
            session,
            mandate,
            [{"regulation_id": made.regulation(session, people.government("19"))}],
            actor=coordinator,
        ),
        lambda: services.attach(
            session, mandate, [made.document(session, coordinator)], DocumentKind.DRAFT, actor=coordinator
        ),
        lambda: services.add_note(session, mandate, text="Catatan", actor=coordinator),
    ):
        act()
        seen.append(mandate.version)
    assert seen == sorted(set(seen))


def test_only_keepers_of_the_government_assign_and_cite(session, people) -> None:
    mandate = made.create(session, people)
    for name in ("monitor.babel", "coordinator.kalteng", "liaison.kopukm.babel", "admin.babel"):
        actor = people.identity(session, name)
        with pytest.raises(Forbidden):
            services.assign_leads(session, mandate, [], actor=actor)
        with pytest.raises(Forbidden):
            services.cite(session, mandate, [], actor=actor)
        with pytest.raises(Forbidden):
            services.attach(session, mandate, [], DocumentKind.OTHER, actor=actor)


def test_the_accountable_lead_belongs_to_the_mandates_own_government(session, people) -> None:
    mandate = made.create(session, people)
    coordinator = people.identity(session, "coordinator.babel")
    for scope in ("62/kopukm", "okeoce"):
        with pytest.raises(Invalid) as caught:
            services.assign_leads(
                session, mandate, [lead(people, scope, accountable=True)], actor=coordinator
            )
        assert "leads.0.organization_id" in caught.value.errors
    own = lead(people, "19/kopukm", accountable=True)
    helper = lead(people, "okeoce", role="supporting")
    assert len(services.assign_leads(session, mandate, [own, helper], actor=coordinator)) == 2


# -- legal bases ------------------------------------------------------------------------------------------------


def test_citations_are_kept_as_history_when_they_are_taken_off(session, people) -> None:
    mandate = made.create(session, people, at=FIRST)
    legal = people.identity(session, "legal.babel")
    pergub = made.regulation(session, people.government("19"))
    services.cite(session, mandate, [{"regulation_id": pergub, "article": "ps 5 ay 2"}], actor=legal)
    services.cite(
        session,
        mandate,
        [{"regulation_id": pergub, "article": "Pasal 5 ayat (2)"}, {"regulation_id": pergub}],
        actor=legal,
    )
    services.cite(session, mandate, [{"regulation_id": pergub}], actor=legal)
    standing = queries.legal_bases(session, [mandate.id], identity=legal)
    assert [row.article for row in standing] == [""]
    rows = session.scalars(select(LegalBasis).where(LegalBasis.mandate_id == mandate.id)).all()
    assert sorted((row.article, row.removed_at is None) for row in rows) == [
        ("", True),
        ("Pasal 5 ayat (2)", False),
    ]


def test_the_same_article_is_not_cited_twice(session, people) -> None:
    mandate = made.create(session, people)
    pergub = made.regulation(session, people.government("19"))
    with pytest.raises(Invalid) as caught:
        services.cite(
            session,
            mandate,
            [{"regulation_id": pergub, "article": "ps 5"}, {"regulation_id": pergub, "article": "Pasal 5"}],
            actor=people.identity(session, "legal.babel"),
        )
    assert "legal_bases.1.article" in caught.value.errors


def test_a_draft_is_named_only_to_legal_staff_and_coordinators(session, people) -> None:
    mandate = made.create(session, people)
    draft = made.regulation(session, people.government("19"), number=None, year=None, title="Rahasia")
    services.cite(session, mandate, [{"regulation_id": draft}], actor=people.identity(session, "legal.babel"))
    for name, named in (("legal.babel", True), ("coordinator.babel", True), ("liaison.kopukm.babel", False),
                        ("partner.okeoce", False)):  # fmt: skip
        rows = queries.legal_bases(session, [mandate.id], identity=people.identity(session, name))
        assert [bool(row.is_named) for row in rows] == [named], name


def test_another_governments_draft_cannot_be_cited(session, people) -> None:
    mandate = made.create(session, people)
    draft = made.regulation(session, people.government("62"), number=None, year=None, title="Rahasia")
    with pytest.raises(Invalid):
        services.cite(
            session, mandate, [{"regulation_id": draft}], actor=people.identity(session, "legal.babel")
        )


# -- documents, notes, choosing ---------------------------------------------------------------------------------


def test_a_document_is_attached_once(session, people) -> None:
    mandate = made.create(session, people)
    legal = people.identity(session, "legal.babel")
    document = made.document(session, legal)
    assert len(services.attach(session, mandate, [document, document], DocumentKind.DRAFT, actor=legal)) == 1
    again = services.attach(
        session,
        mandate,
        [document],
        DocumentKind.DRAFT,
        actor=legal,
        owners={"all": lambda *_: True},
    )
    assert again == []
    assert [row.role for row in queries.documents(session, mandate.id)] == [DocumentKind.DRAFT]


def test_attaching_nothing_is_refused_at_the_field(session, people) -> None:
    mandate = made.create(session, people)
    with pytest.raises(Invalid) as caught:
        services.attach(
            session, mandate, [], DocumentKind.DRAFT, actor=people.identity(session, "legal.babel")
        )
    assert "document_ids" in caught.value.errors


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE mandate_note SET text = 'x'",
        "DELETE FROM mandate_note",
        "DELETE FROM mandate_lead",
        "DELETE FROM legal_basis",
        "DELETE FROM mandate",
        "UPDATE mandate_document SET role = 'other'",
    ],
)
def test_the_database_keeps_what_was_recorded(session, people, statement) -> None:
    mandate = made.create(session, people)
    legal = people.identity(session, "legal.babel")
    services.add_note(session, mandate, text="Catatan", source="Berita", actor=legal)
    services.attach(session, mandate, [made.document(session, legal)], DocumentKind.DRAFT, actor=legal)
    services.cite(
        session,
        mandate,
        [{"regulation_id": made.regulation(session, people.government("19"))}],
        actor=legal,
    )
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(statement))


def test_the_database_itself_allows_one_accountable_lead(session, people) -> None:
    mandate = made.create(session, people)
    second = MandateLead(
        mandate_id=mandate.id,
        organization_id=people.organization("19/budpar"),
        role="lead",
        accountable=True,
        valid_from=date(2026, 1, 1),
    )
    session.add(second)
    with pytest.raises(DBAPIError):
        session.flush()


def test_one_writes_only_under_mandates_of_ones_own_government(session, people) -> None:
    mandate = made.create(session, people)
    coordinator = people.identity(session, "coordinator.babel")
    assert queries.writable(session, mandate.id, identity=coordinator).title == mandate.title
    assert queries.find_writable(session, "oke", identity=coordinator) == [(mandate.id, mandate.title)]
    assert queries.find_writable(session, "%", identity=coordinator) == []
    for name in ("coordinator.kalteng", "legal.babel", "liaison.kopukm.babel"):
        stranger = people.identity(session, name)
        assert queries.find_writable(session, "", identity=stranger) == []
        with pytest.raises(NotFound):
            queries.writable(session, mandate.id, identity=stranger)


def test_what_an_organization_leads_is_told_for_a_day_and_for_ever(session, people) -> None:
    mandate = made.create(session, people, at=FIRST)
    kopukm = [people.organization("19/kopukm")]
    assert list(session.scalars(queries.led_by(kopukm))) == [mandate.id]
    assert list(session.scalars(queries.led_by(kopukm, date(2026, 3, 1)))) == [mandate.id]
    assert list(session.scalars(queries.led_by(kopukm, date(2026, 2, 28)))) == []
