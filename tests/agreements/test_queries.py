"""Which agreements each role sees, in lists, details, counts and documents; stages and states as of a day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.agreements import queries, rules, services
from collab.agreements.models import Agreement
from collab.agreements.vocabulary import AgreementDocumentKind, AgreementState, Scheme, Stage
from collab.commitments.models import Commitment, CommitmentAssignment
from collab.commitments.vocabulary import AssignmentRole
from collab.core import clock
from collab.core.errors import NotFound
from collab.core.page import paginate
from collab.documents.vocabulary import DocumentKind
from collab.organizations.models import Organization
from collab.organizations.vocabulary import OrganizationClass
from tests.support import agreements as made

TODAY = clock.today("Asia/Jakarta")


def seen(session: Session, people: Any, name: str, **options: Any) -> set[int]:
    statement = queries.listed(people.identity(session, name), TODAY, **options)
    return {row.id for row in session.execute(statement)}


def readable(session: Session, people: Any, name: str, agreement: Agreement) -> bool:
    try:
        return queries.get(session, agreement.id, identity=people.identity(session, name)).id == agreement.id
    except NotFound:
        return False


def of_regency(session: Session, people: Any) -> Agreement:
    agency = Organization(
        government_id=people.government("62.11"),
        org_class=OrganizationClass.DINAS,
        code="pertanian",
        name="Dinas Pertanian Kabupaten Pulang Pisau",
        changed_at=clock.now(),
    )
    session.add(agency)
    session.flush()
    return made.create(
        session,
        people,
        by="coordinator.pulpis",
        government_id=people.government("62.11"),
        scheme=Scheme.INTERNAL,
        document_kind=AgreementDocumentKind.INTERNAL_PLAN,
        title="Rencana aksi Pulang Pisau (contoh)",
        parties=[{"organization_id": people.organization("62.11/pemerintah")}],
        leads=[{"organization_id": agency.id, "role": "lead", "accountable": True}],
    )


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("monitor.babel", True),
        ("coordinator.babel", True),
        ("legal.babel", True),
        ("auditor.babel", True),
        ("liaison.kopukm.babel", True),
        ("liaison.perindag.babel", True),
        ("partner.okeoce", True),
        ("liaison.pertanian.babel", False),
        ("liaison.kopukm.kalteng", False),
        ("monitor.kalteng", False),
        ("coordinator.kalteng", False),
        ("auditor.pusat", False),
        ("admin.babel", False),
        ("admin", False),
    ],
)
def test_each_role_sees_its_own_agreements_and_no_others(session, people, name, sees) -> None:
    agreement = made.create(session, people)
    assert (agreement.id in seen(session, people, name)) is sees
    assert readable(session, people, name, agreement) is sees


def test_a_liaison_of_an_agency_that_owes_something_sees_the_agreement(session, people) -> None:
    agreement = made.create(session, people)
    moment = clock.now()
    commitment = Commitment(
        mandate_id=agreement.id,
        government_id=agreement.government_id,
        statement="Melatih pendamping (contoh)",
        start_on=TODAY,
        recorded_at=moment,
        changed_at=moment,
    )
    session.add(commitment)
    session.flush()
    assert agreement.id not in seen(session, people, "liaison.pertanian.babel")
    session.add(
        CommitmentAssignment(
            commitment_id=commitment.id,
            organization_id=people.organization("19/pertanian"),
            role=AssignmentRole.SUPPORTING,
            valid_from=TODAY,
            recorded_at=moment,
        )
    )
    session.flush()
    assert agreement.id in seen(session, people, "liaison.pertanian.babel")


def test_a_lead_that_ended_no_longer_opens_the_agreement(session, people) -> None:
    agreement = made.create(session, people, at=datetime(2026, 1, 5, 3, tzinfo=UTC))
    services.edit(
        session,
        agreement,
        actor=people.identity(session, "coordinator.babel"),
        leads=[{"organization_id": people.organization("19/perindag"), "role": "lead", "accountable": True}],
    )
    assert not readable(session, people, "liaison.kopukm.babel", agreement)
    assert readable(session, people, "liaison.perindag.babel", agreement)


def test_signed_agreements_of_a_regency_are_open_to_its_province_but_never_among_its_own(
    session, people
) -> None:
    plan = of_regency(session, people)
    assert not readable(session, people, "monitor.kalteng", plan)
    made.sign(session, people, plan, by="coordinator.pulpis")
    for name in ("monitor.kalteng", "coordinator.kalteng", "legal.kalteng", "auditor.kalteng"):
        assert plan.id not in seen(session, people, name)
        assert plan.id in seen(session, people, name, below=True)
        assert readable(session, people, name, plan)
    for name in ("monitor.babel", "liaison.kopukm.kalteng", "partner.okeoce", "auditor.pusat"):
        assert plan.id not in seen(session, people, name, below=True)
        assert not readable(session, people, name, plan)


def test_a_document_is_read_by_whoever_reads_its_agreement(session, people) -> None:
    agreement = made.create(session, people)
    coordinator = people.identity(session, "coordinator.babel")
    document = made.document(session, coordinator)
    services.attach(session, agreement, [document], DocumentKind.FEASIBILITY_STUDY, actor=coordinator)
    reads = {
        name: queries.reads_document(session, people.identity(session, name), document)
        for name in ("partner.okeoce", "liaison.kopukm.babel", "liaison.pertanian.babel", "monitor.kalteng")
    }
    assert reads == {
        "partner.okeoce": True,
        "liaison.kopukm.babel": True,
        "liaison.pertanian.babel": False,
        "monitor.kalteng": False,
    }
    assert queries.edits_document(session, people.identity(session, "legal.babel"), document)
    assert not queries.edits_document(session, people.identity(session, "partner.okeoce"), document)


@pytest.mark.parametrize(
    "filters",
    [
        {"scheme": Scheme.KSDPK},
        {"document_kind": AgreementDocumentKind.JOINT_AGREEMENT},
        {"stage": Stage.PREPARATION},
        {"state": AgreementState.IN_PROCESS},
        {"q": "oke oce"},
        {"q": "119/KB"},
        {"q": "bangka belitung"},
    ],
)
def test_filters_find_the_agreement_and_their_opposites_do_not(session, people, filters) -> None:
    agreement = made.create(session, people)
    assert agreement.id in seen(session, people, "coordinator.babel", filters=filters)
    others = {
        "scheme": Scheme.KSDLL,
        "document_kind": AgreementDocumentKind.WORK_PLAN,
        "stage": Stage.OFFER,
        "state": AgreementState.ENDED,
        "q": "100%_",
    }
    name = next(iter(filters))
    assert not seen(session, people, "coordinator.babel", filters={name: others[name]})


def test_filters_by_ids_find_party_lead_parent_government_and_regulation(session, people) -> None:
    pergub = made.regulation(session, people.government("19"))
    parent = made.create(session, people, legal_bases=[{"regulation_id": pergub}])
    child = made.pks(session, people, parent)
    for filters, found in (
        ({"organization": people.organization("okeoce")}, {parent.id, child.id}),
        ({"organization": people.organization("19/kopukm")}, {parent.id}),
        ({"organization": people.organization("19/budpar")}, set()),
        ({"parent": parent.id}, {child.id}),
        ({"government": people.government("62")}, set()),
        ({"regulation": pergub}, {parent.id}),
    ):
        assert seen(session, people, "coordinator.babel", filters=filters) == found, filters


@pytest.mark.parametrize("order", list(queries.ORDERS))
def test_every_order_pages_through_all_rows_once(session, people, order) -> None:
    rows = {made.create(session, people, title=f"Judul {n % 2}").id for n in range(5)}
    identity = people.identity(session, "coordinator.babel")
    statement, keys = queries.listed(identity, TODAY), queries.ORDERS[order]
    found: list[int] = []
    cursor = None
    while True:
        page = paginate(session, statement, keys, cursor=cursor, limit=2)
        found += [row.id for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert sorted(found) == sorted(rows)


def test_the_state_in_sql_is_the_state_of_the_rules(session, people) -> None:
    agreement = made.create(session, people)
    day = TODAY
    edges = [None, day - timedelta(days=1), day, day + timedelta(days=1), day + timedelta(days=180),
             day + timedelta(days=181)]  # fmt: skip
    for signed in edges:
        for first in edges:
            for last in edges:
                if first and last and last < first:
                    continue
                with session.begin_nested() as point:
                    agreement.signed_on, agreement.valid_from, agreement.valid_until = signed, first, last
                    session.flush()
                    state = session.scalar(
                        select(queries.state_case(day))
                        .select_from(Agreement)
                        .where(Agreement.id == agreement.id)
                    )
                    point.rollback()
                assert state == rules.state_on(signed, first, last, day), (signed, first, last)
                session.refresh(agreement)


def test_the_stage_on_a_past_day_is_what_was_recorded_by_then(session, people) -> None:
    agreement = made.create(session, people, at=datetime(2026, 3, 1, 3, tzinfo=UTC))
    coordinator = people.identity(session, "coordinator.babel")
    study = made.document(session, coordinator)
    services.attach(session, agreement, [study], DocumentKind.FEASIBILITY_STUDY, actor=coordinator)
    # 17:00 UTC on 9 March is the first instant of 10 March in Jakarta.
    with clock.travel(datetime(2026, 3, 9, 17, tzinfo=UTC)):
        session.info.clear()
        services.advance(session, agreement, actor=coordinator)
    cases = {
        date(2026, 2, 28): None,
        date(2026, 3, 1): Stage.PREPARATION,
        date(2026, 3, 9): Stage.PREPARATION,
        date(2026, 3, 10): Stage.OFFER,
    }
    for day, stage in cases.items():
        assert queries.stages_on(session, [agreement.id], day).get(agreement.id) == stage
        rows = session.execute(queries.listed(coordinator, day)).all()
        assert [row.stage for row in rows] == ([stage] if stage else [])


def test_agreements_of_an_agency_come_by_stage_the_longest_waiting_first(session, people) -> None:
    first = made.create(session, people, at=datetime(2026, 3, 1, 3, tzinfo=UTC))
    session.info.clear()
    second = made.create(session, people, at=datetime(2026, 2, 1, 3, tzinfo=UTC))
    session.info.clear()
    offered = made.to_signing(session, people, made.create(session, people))
    rows = queries.by_stage(
        session,
        [people.organization("19/kopukm")],
        identity=people.identity(session, "monitor.babel"),
        day=TODAY,
    )
    assert [row.id for row in rows] == [second.id, first.id, offered.id]
    assert queries.by_stage(session, [], identity=people.identity(session, "monitor.babel"), day=TODAY) == []


def test_the_list_names_parties_in_order_and_the_accountable_lead(session, people) -> None:
    made.create(session, people)
    row = session.execute(queries.listed(people.identity(session, "monitor.babel"), TODAY)).one()
    assert row.parties == "Pemerintah Provinsi Kepulauan Bangka Belitung; OK OCE Indonesia"
    assert row.accountable == "DKUKM"


def test_search_text_is_no_pattern(session, people) -> None:
    made.create(session, people, title="Seratus persen")
    assert not seen(session, people, "coordinator.babel", filters={"q": "%"})
