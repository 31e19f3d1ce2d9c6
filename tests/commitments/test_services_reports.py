"""Reporting, verifying and returning, attesting: what each does to the standing, and everything that is refused."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.commitments.errors import AttestationRefused, DecisionRefused, NotIndependent, ReportRefused
from collab.commitments.models import Obstacle, ReportDraft, ReportEvidence
from collab.commitments.services import reports
from collab.commitments.vocabulary import Decision, ReportStatus
from collab.core.errors import Forbidden, Invalid, NotFound
from tests.support import agreements as documents
from tests.support import commitments as made
from tests.support.commitments import day


@pytest.fixture
def row(session: Session, people: Any) -> Any:
    """A commitment of Babel's agriculture agency, ten days old and due in twenty."""
    return made.promise(session, people, made.mandate(session, people, on=-10), on=-10, due=20)


def test_a_report_waits_then_is_verified_and_the_checkpoint_is_met(session, people, row) -> None:
    report = made.report(session, people, row, on=-5)
    assert (report.reported_for_id, report.submitted_by) == (
        people.organization("19/pertanian"),
        people.user("liaison.pertanian.babel"),
    )
    assert made.standing(session, row, -5).state == "awaiting_verification"
    made.decide(session, people, report, on=-3)
    assert [made.standing(session, row, n).state for n in (-6, -5, -4, -3, 0)] == [
        "open",
        "awaiting_verification",
        "awaiting_verification",
        "met",
        "met",
    ]
    span = made.signal(session, row)
    assert (span.signal, span.last_verified_on, span.next_checkpoint_id) == ("green", day(-5), None)


def test_each_act_raises_the_version_so_that_readers_see_it(session, people, row) -> None:
    seen = [row.version]
    report = made.report(session, people, row)
    seen.append(row.version)
    made.decide(session, people, report)
    seen.append(row.version)
    made.hinder(session, people, row)
    seen.append(row.version)
    assert seen == sorted(set(seen))


def test_while_a_report_waits_another_one_has_to_name_it(session, people, row) -> None:
    first = made.report(session, people, row)
    with pytest.raises(ReportRefused) as caught:
        made.report(session, people, row)
    assert caught.value.status == 409
    second = made.report(session, people, row, supersedes_id=first.id, narrative="Tiga kelompok.")
    with pytest.raises(DecisionRefused):
        made.decide(session, people, first)
    with pytest.raises(ReportRefused):
        made.report(session, people, row, supersedes_id=first.id)
    made.decide(session, people, second)
    assert made.standing(session, row).state == "met"


def test_a_correction_of_a_verified_report_leaves_the_state_until_it_is_verified(
    session, people, row
) -> None:
    first = made.settle(session, people, row, on=-8)
    second = made.report(session, people, row, supersedes_id=first.id, status=ReportStatus.IN_PROGRESS, on=-6)
    assert made.standing(session, row, -6).state == "met"
    made.decide(session, people, second, on=-4)
    assert [made.standing(session, row, n).state for n in (-5, -4, 0)] == ["met", "open", "open"]


def test_a_report_replaces_only_one_of_its_own_checkpoint(session, people, row) -> None:
    with pytest.raises(Invalid) as caught:
        made.report(session, people, row, supersedes_id=999_999)
    assert list(caught.value.errors) == ["supersedes_id"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"narrative": " "}, "narrative"),
        ({"achieved_on": day(1)}, "achieved_on"),
        ({"actual": None}, "actual"),
    ],
)
def test_what_is_wrong_in_a_report_is_named_at_its_field(session, people, values, field) -> None:
    row = made.promise(session, people, made.mandate(session, people), indicator="UMKM", target=Decimal(2))
    with pytest.raises(Invalid) as caught:
        made.report(session, people, row, **({"actual": Decimal(1)} | values))
    assert list(caught.value.errors) == [field]
    made.report(session, people, row, actual=Decimal(1), achieved_on=day(0))


def test_a_blocked_report_opens_an_obstacle_and_turns_the_commitment_yellow(session, people, row) -> None:
    report = made.report(session, people, row, status=ReportStatus.BLOCKED, narrative="Bibit kosong.")
    obstacle = session.scalars(select(Obstacle)).one()
    assert (obstacle.report_id, obstacle.description) == (report.id, "Bibit kosong.")
    assert (made.standing(session, row).signal, made.signal(session, row).open_obstacles) == ("yellow", 1)


def test_a_draft_counts_nowhere_and_is_gone_when_its_report_is_sent(session, people, row) -> None:
    actor, point = people.identity(session, made.LIAISON), made.checkpoint(session, row)
    reports.save_draft(session, point, actor=actor, narrative="Setengah jalan")
    reports.save_draft(session, point, actor=actor, narrative="Hampir", status=ReportStatus.DONE)
    session.commit()
    kept = session.scalars(select(ReportDraft)).one()
    assert (kept.narrative, kept.status, made.standing(session, row).state) == (
        "Hampir",
        ReportStatus.DONE,
        "open",
    )
    with pytest.raises(Forbidden):
        reports.save_draft(session, point, actor=people.identity(session, "monitor.babel"), narrative="x")
    made.report(session, people, row)
    assert session.scalars(select(ReportDraft)).all() == []


def test_evidence_is_claimed_and_a_strangers_document_is_not_found(session, people, row) -> None:
    report = made.report(session, people, row)
    assert session.scalars(select(ReportEvidence).where(ReportEvidence.report_id == report.id)).one()
    foreign = documents.document(session, people.identity(session, "liaison.budpar.babel"))
    actor = people.identity(session, made.LIAISON)
    with pytest.raises(NotFound), session.begin_nested():
        reports.submit(
            session,
            made.checkpoint(session, row),
            row,
            actor=actor,
            status=ReportStatus.DONE,
            narrative="x",
            supersedes_id=report.id,
            evidence_ids=[foreign],
        )


@pytest.mark.parametrize(
    "by", ["liaison.budpar.babel", "monitor.babel", "coordinator.babel", "auditor.babel"]
)
def test_only_who_owes_or_supports_reports(session, people, row, by) -> None:
    with pytest.raises(Forbidden):
        made.report(session, people, row, by=by)


def test_supporters_and_partners_report_for_their_own_organization(session, people) -> None:
    row = made.promise(session, people, made.mandate(session, people), support=("okeoce", "19/budpar"))
    first = made.report(session, people, row, by="partner.okeoce", status=ReportStatus.IN_PROGRESS)
    assert first.reported_for_id == people.organization("okeoce")
    made.decide(session, people, first)
    second = made.report(session, people, row, by="liaison.budpar.babel", status=ReportStatus.IN_PROGRESS)
    assert second.reported_for_id == people.organization("19/budpar")


def test_a_report_is_returned_with_a_note_only(session, people, row) -> None:
    report = made.report(session, people, row, proof=False)
    with pytest.raises(DecisionRefused):
        made.decide(session, people, report)
    with pytest.raises(Invalid) as caught:
        made.decide(session, people, report, Decision.RETURNED, note=" ")
    assert list(caught.value.errors) == ["note"]
    made.decide(session, people, report, Decision.RETURNED)
    assert made.standing(session, row).state == "returned"
    with pytest.raises(DecisionRefused):
        made.decide(session, people, report)


def test_who_submitted_or_stands_in_the_reporters_line_does_not_decide(session, people) -> None:
    row = made.promise(session, people, made.mandate(session, people), owner="19/hukum")
    report = made.report(session, people, row, by="liaison.setda.babel")
    assert report.reported_for_id == people.organization("19/hukum")
    with pytest.raises(NotIndependent) as caught:
        made.decide(session, people, report, by="monitor.babel")  # acts for Setda, which contains the biro
    assert caught.value.law
    made.decide(session, people, report, by="coordinator.babel")  # the sibling biro


def test_the_leads_liaison_decides_for_another_unit_but_not_for_its_own(session, people) -> None:
    mandate_id = made.mandate(session, people)
    others = made.promise(session, people, mandate_id)
    own = made.promise(session, people, mandate_id, owner="19/kopukm")
    made.decide(session, people, made.report(session, people, others), by="liaison.kopukm.babel")
    report = made.report(session, people, own, by="liaison.kopukm.babel")
    with pytest.raises(NotIndependent):
        made.decide(session, people, report, by="liaison.kopukm.babel")
    for name in ("liaison.budpar.babel", "legal.babel", "auditor.babel", "admin.babel", "monitor.kalteng"):
        with pytest.raises(Forbidden):
            made.decide(session, people, report, by=name)


def test_no_change_is_attested_once_and_directly_after_a_verified_report(session, people, row) -> None:
    actor = people.identity(session, made.LIAISON)

    def attest() -> None:
        with session.begin_nested():
            reports.attest(session, row, actor=actor)

    with pytest.raises(AttestationRefused):
        attest()
    report = made.report(session, people, row, status=ReportStatus.IN_PROGRESS, on=-9)
    with pytest.raises(AttestationRefused):
        attest()
    made.decide(session, people, report, on=-8)
    assert made.signal(session, row).fresh_until == day(-9 + 92)
    attest()
    session.commit()
    assert (made.signal(session, row, -1).fresh_until, made.signal(session, row).fresh_until) == (
        day(-9 + 92),
        day(92),
    )
    with pytest.raises(AttestationRefused):
        attest()
    with pytest.raises(Forbidden):
        reports.attest(session, row, actor=people.identity(session, "monitor.babel"))
