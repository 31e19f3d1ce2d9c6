"""What each role sees, filters, orders and pages through; what waits for whom; yesterday stays as it was."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.commitments.queries import detail, lists, scope, waiting, work
from collab.commitments.services import reports
from collab.commitments.vocabulary import Decision, ReportStatus, Signal
from collab.core.errors import NotFound
from collab.core.page import paginate
from tests.support import commitments as made
from tests.support.commitments import day


def listed(session: Session, people: Any, name: str, **filters: Any) -> list[int]:
    statement = lists.commitments(people.identity(session, name), made.TODAY, filters)
    return sorted(row.id for row in session.execute(statement))


@pytest.fixture
def three(session: Session, people: Any) -> dict[str, Any]:
    """Babel's directive with three owners, and one of Kalteng."""
    ours = made.mandate(session, people, on=-60)
    theirs = made.mandate(
        session,
        people,
        on=-60,
        by="coordinator.kalteng",
        government_id=people.government("62"),
        title="Arahan Kalteng (contoh)",
        parties=[{"organization_id": people.organization("62/pemerintah")}],
        leads=[{"organization_id": people.organization("62/kopukm"), "role": "lead", "accountable": True}],
    )
    rows = {
        "pertanian": made.promise(session, people, ours, on=-60, due=-5, support=("19/budpar",)),
        "hukum": made.promise(
            session, people, ours, on=-60, owner="19/hukum", due=5, statement="Naskah 100%"
        ),
        "okeoce": made.promise(session, people, ours, on=-60, owner="okeoce", due=60, statement="Pelatihan"),
        "kalteng": made.promise(
            session, people, theirs, owner="62/pertanian", on=-60, by="coordinator.kalteng", due=60
        ),
    }
    return {name: row.id for name, row in rows.items()} | {"ours": ours, "theirs": theirs, "rows": rows}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("monitor.babel", {"pertanian", "hukum", "okeoce"}),
        ("coordinator.babel", {"pertanian", "hukum", "okeoce"}),
        ("legal.babel", {"pertanian", "hukum", "okeoce"}),
        ("auditor.babel", {"pertanian", "hukum", "okeoce"}),
        ("admin.babel", {"pertanian", "hukum", "okeoce"}),
        ("monitor.kalteng", {"kalteng"}),
        ("liaison.pertanian.babel", {"pertanian"}),
        ("liaison.budpar.babel", {"pertanian"}),
        ("liaison.setda.babel", {"hukum"}),
        ("liaison.kopukm.babel", {"pertanian", "hukum", "okeoce"}),
        ("liaison.kominfo.babel", set()),
        ("liaison.pertanian.kalteng", {"kalteng"}),
        ("partner.okeoce", {"okeoce"}),
        ("monitor.pulpis", set()),
    ],
)
def test_each_role_sees_exactly_its_own_in_list_and_detail(session, people, three, name, expected) -> None:
    ids = {three[key] for key in expected}
    assert set(listed(session, people, name)) == ids
    identity = people.identity(session, name)
    for key in ("pertanian", "hukum", "okeoce", "kalteng"):
        point = made.checkpoint(session, three["rows"][key])
        if three[key] in ids:
            assert scope.get(session, three[key], identity=identity).id == three[key]
            assert scope.checkpoint(session, point.id, identity=identity)[0].id == point.id
        else:
            with pytest.raises(NotFound):
                scope.get(session, three[key], identity=identity)
            with pytest.raises(NotFound):
                scope.checkpoint(session, point.id, identity=identity)


def test_what_no_longer_supports_is_no_longer_seen(session, people, three) -> None:
    from collab.commitments.services import commitments

    assert listed(session, people, "liaison.budpar.babel") == [three["pertanian"]]
    coordinator = people.identity(session, "coordinator.babel")
    commitments.support(session, three["rows"]["pertanian"], actor=coordinator, supporting_ids=[])
    session.commit()
    assert listed(session, people, "liaison.budpar.babel") == []


def test_each_filter_of_commitments_narrows_the_list(session, people, three) -> None:
    def of(**filters: Any) -> list[int]:
        return listed(session, people, "monitor.babel", **filters)

    ids = [three["pertanian"], three["hukum"], three["okeoce"]]
    assert of(signal=Signal.RED) == [three["pertanian"]]
    assert of(signal=Signal.YELLOW) == [three["hukum"]]
    assert of(signal=Signal.GREEN) == [three["okeoce"]]
    assert of(agency=people.organization("19/setda")) == [three["hukum"]]
    assert of(agency=people.organization("19/pemerintah")) == [three["pertanian"], three["hukum"]]
    assert of(mandate=three["ours"]) == ids
    assert of(mandate=three["theirs"]) == []
    assert of(government=people.government("62")) == []
    assert of(q="JAHE") == [three["pertanian"]]
    assert of(q="100%") == [three["hukum"]]
    assert of(q="0%N") == []
    assert of(q="arahan gubernur") == ids


def test_each_filter_of_checkpoints_narrows_the_list(session, people, three) -> None:
    def of(**filters: Any) -> list[int]:
        statement = lists.checkpoints(people.identity(session, "monitor.babel"), made.TODAY, filters)
        return sorted(row.commitment_id for row in session.execute(statement))

    assert of(state="overdue") == [three["pertanian"]]
    assert of(signal=Signal.YELLOW) == [three["hukum"]]
    assert of(due_before=day(-5)) == [three["pertanian"]]
    assert of(due_before=day(-6)) == []
    assert of(due_after=day(5)) == [three["hukum"], three["okeoce"]]
    assert of(due_after=day(5), due_before=day(5)) == [three["hukum"]]
    assert of(agency=people.organization("19/setda")) == [three["hukum"]]
    assert of(commitment=three["okeoce"]) == [three["okeoce"]]
    assert of(mandate=three["theirs"]) == []


@pytest.mark.parametrize("order", list(lists.COMMITMENT_ORDERS))
def test_paging_is_complete_and_in_order_to_the_last_page(session, people, order) -> None:
    mandate_id = made.mandate(session, people, on=-60)
    for number in range(13):
        made.promise(
            session,
            people,
            mandate_id,
            on=-60,
            owner=("19/pertanian", "19/budpar", "okeoce")[number % 3],
            due=None if number % 4 == 3 else (-3, 5, 40)[number % 4],
        )
    statement = lists.commitments(people.identity(session, "monitor.babel"), made.TODAY, {})
    keys = lists.COMMITMENT_ORDERS[order]
    whole = [row.id for row in paginate(session, statement, keys, limit=200).items]
    walked, cursor = [], None
    while True:
        page = paginate(session, statement, keys, cursor=cursor, limit=3)
        walked += [row.id for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert walked == whole
    assert len(set(walked)) == 13
    first = session.execute(statement.where(lists.Commitment.id == whole[0])).one()
    if order == "signal":
        assert first.signal == "red"
    if order == "newest":
        assert whole == sorted(whole, reverse=True)


def test_yesterday_is_read_tomorrow_as_it_was(session, people, three) -> None:
    identity = people.identity(session, "monitor.babel")

    def shown(offset: int) -> list[Any]:
        statement = lists.commitments(identity, day(offset), {})
        points = lists.checkpoints(identity, day(offset), {})
        return [
            sorted(tuple(row) for row in session.execute(statement)),
            sorted(tuple(row) for row in session.execute(points)),
        ]

    with made.at(-1):
        before = shown(-1)
    rows = three["rows"]
    made.settle(session, people, rows["pertanian"])
    made.hinder(session, people, rows["okeoce"], by="partner.okeoce")
    made.answer(
        session,
        people,
        made.ask(session, people, rows["hukum"], day(9), by="liaison.setda.babel"),
        by="coordinator.babel",
    )
    made.promise(session, people, three["ours"], due=9)
    assert shown(-1) == before
    assert shown(0) != before


def test_a_commitments_file_tells_of_a_past_day_only_what_was_known_then(session, people, three) -> None:
    row = three["rows"]["pertanian"]
    with made.at(-9):
        made.hinder(session, people, row)
    report = made.report(session, people, row, on=-8)
    made.decide(session, people, report, Decision.RETURNED, on=-4)

    def file(offset: int) -> detail.CommitmentFile:
        return detail.file_of(session, row, day=day(offset), assignments=scope.assigned(session, row.id))

    assert (len(file(-10).obstacles), len(file(-9).obstacles)) == (0, 1)
    assert (file(-9).reports, [one.decision for one in file(-5).reports]) == ([], [None])
    assert [one.decision for one in file(-4).reports] == ["returned"]
    assert (file(-5).checkpoints[0].state, file(-4).checkpoints[0].state) == (
        "awaiting_verification",
        "returned",
    )
    assert file(-61).span is None
    assert file(-61).checkpoints == []
    assert [one.name for one in file(0).supporters] == [one.name for one in file(-1).supporters]


def test_work_lists_what_presses_most_first_with_draft_and_return(session, people) -> None:
    mandate_id = made.mandate(session, people, on=-60)
    dues = {"late": -5, "soon": 5, "open": 60, "none": None, "met": 30, "sent": 40, "returned": 50}
    rows = {
        name: made.promise(session, people, mandate_id, on=-60, due=due, statement=name)
        for name, due in dues.items()
    }
    made.settle(session, people, rows["met"])
    made.report(session, people, rows["sent"])
    made.decide(
        session, people, made.report(session, people, rows["returned"]), Decision.RETURNED, note="Foto kabur"
    )
    liaison = people.identity(session, made.LIAISON)
    reports.save_draft(session, made.checkpoint(session, rows["open"]), actor=liaison, narrative="x")
    session.commit()
    found = work.owed(session, identity=liaison, day=made.TODAY)
    assert [row.statement for row in found] == ["returned", "late", "soon", "open", "none"]
    assert [row.return_note for row in found][:2] == ["Foto kabur", None]
    assert [row.statement for row in found if row.has_draft] == ["open"]
    assert [row.statement for row in waiting.waiting_of(session, identity=liaison)] == ["sent"]
    assert work.owed(session, identity=people.identity(session, "monitor.babel"), day=made.TODAY) == []


def test_only_what_may_be_attested_is_offered(session, people) -> None:
    mandate_id = made.mandate(session, people, on=-90)
    names = ("never", "fresh", "old", "waits", "attested", "returned")
    rows = {
        name: made.promise(session, people, mandate_id, on=-90, due=200, statement=name) for name in names
    }
    progress = {"status": ReportStatus.IN_PROGRESS}
    for name in names[2:]:
        made.settle(session, people, rows[name], on=-85, **progress)
    liaison = people.identity(session, made.LIAISON)
    with made.at(-79):
        reports.attest(session, rows["attested"], actor=liaison)
        session.commit()
    made.settle(session, people, rows["fresh"], on=-10, **progress)
    made.report(session, people, rows["waits"], on=-9, **progress)
    made.decide(
        session,
        people,
        made.report(session, people, rows["returned"], on=-9, **progress),
        Decision.RETURNED,
        on=-8,
    )
    offered = work.attestable(session, identity=liaison, day=day(5))
    assert [row.statement for row in offered] == ["old"]
    for row in offered:
        reports.attest(session, rows[row.statement], actor=liaison)


def test_the_queue_holds_what_its_reader_may_decide_and_nothing_else(session, people) -> None:
    mandate_id = made.mandate(session, people)
    owners = {
        "19/pertanian": "liaison.pertanian.babel",
        "19/hukum": "liaison.setda.babel",
        "19/kerjasama": "liaison.setda.babel",
        "19/setda": "liaison.setda.babel",
        "19/kopukm": "liaison.kopukm.babel",
        "okeoce": "partner.okeoce",
    }
    for owner, by in owners.items():
        row = made.promise(session, people, mandate_id, owner=owner, statement=owner)
        made.report(session, people, row, by=by)

    def queue(name: str) -> set[str]:
        identity = people.identity(session, name)
        found = session.execute(waiting.to_decide(identity)).all()
        refused = set()
        for one in found:
            report, point, commitment = scope.report(session, one.id, identity=identity)
            with session.begin_nested() as undone:
                reports.decide(session, report, point, commitment, actor=identity, decision=Decision.VERIFIED)
                undone.rollback()
            refused.discard(one.id)
        return {one.statement for one in found}

    assert queue("monitor.babel") == {"19/pertanian", "19/kopukm", "okeoce"}
    assert queue("coordinator.babel") == {"19/pertanian", "19/hukum", "19/kopukm", "okeoce"}
    assert queue("liaison.kopukm.babel") == set(owners) - {"19/kopukm"}
    assert queue("liaison.pertanian.babel") == set()
    assert queue("monitor.kalteng") == set()


def test_wishes_for_another_day_wait_for_others_than_the_asking_unit(session, people) -> None:
    mandate_id = made.mandate(session, people)
    for owner, by in (("19/kerjasama", "liaison.setda.babel"), ("19/pertanian", made.LIAISON)):
        row = made.promise(session, people, mandate_id, owner=owner, statement=owner, due=9)
        made.ask(session, people, row, day(20), by=by)

    def queue(name: str) -> set[str]:
        found = waiting.requests_to_decide(session, identity=people.identity(session, name))
        return {row.statement for row in found}

    assert queue("coordinator.babel") == {"19/pertanian"}
    assert queue("monitor.babel") == {"19/kerjasama", "19/pertanian"}
    assert queue("liaison.kopukm.babel") == queue("monitor.kalteng") == set()


def test_evidence_is_read_by_who_sees_the_commitment(session, people, three) -> None:
    from collab.commitments.models import ReportEvidence

    report = made.report(session, people, three["rows"]["pertanian"])
    document_id = session.scalar(
        select(ReportEvidence.document_id).where(ReportEvidence.report_id == report.id)
    )
    for name, sees in (
        ("monitor.babel", True),
        ("liaison.budpar.babel", True),
        ("liaison.kominfo.babel", False),
        ("partner.okeoce", False),
        ("monitor.kalteng", False),
    ):
        assert scope.sees_evidence(session, people.identity(session, name), document_id) is sees


def test_a_range_and_numbers_are_listed_as_recorded(session, people) -> None:
    row = made.promise(
        session,
        people,
        made.mandate(session, people),
        indicator="Stunting",
        target=Decimal(14),
        target_max=Decimal("14.5"),
        unit="%",
    )
    found = session.execute(
        lists.commitments(people.identity(session, "monitor.babel"), made.TODAY, {})
    ).one()
    assert (found.id, found.target, found.target_max, found.unit) == (row.id, 14, Decimal("14.5"), "%")
