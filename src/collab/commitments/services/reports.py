"""Report progress, verify or return it, keep drafts, attest that nothing changed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from collab.audit.services import instant, record
from collab.commitments.models import (
    Attestation,
    Checkpoint,
    Commitment,
    Obstacle,
    ProgressReport,
    ReportDecision,
    ReportDraft,
    ReportEvidence,
)
from collab.commitments.queries.facts import facts_of
from collab.commitments.queries.scope import REPORTING, accountable_leads, assigned, path_of, reporting_units
from collab.commitments.rules import (
    CheckpointFacts,
    Judge,
    Submission,
    refuse_attestation,
    refuse_decision,
    refuse_own_decision,
    refuse_report,
)
from collab.commitments.services.common import DECIDING, acting_for_unit, begin, finish, speaking_for
from collab.commitments.vocabulary import Decision, ReportStatus
from collab.core.errors import Forbidden, Invalid
from collab.core.identity import Identity, Role
from collab.core.text import _
from collab.documents.queries import NOBODY, Owners
from collab.documents.services import claim
from collab.documents.vocabulary import DocumentKind


def submit(
    session: Session,
    checkpoint: Checkpoint,
    commitment: Commitment,
    *,
    actor: Identity,
    status: ReportStatus,
    narrative: str,
    actual: Decimal | None = None,
    achieved_on: date | None = None,
    evidence_ids: Sequence[Any] = (),
    supersedes_id: int | None = None,
    owners: Owners = NOBODY,
) -> ProgressReport:
    """Record a report for the unit the actor acts for; a blocked one opens an obstacle.

    `evidence_ids` holds ids of documents and files that just arrived; `owners` tells which documents the actor may
    read. Raise `ReportRefused` while another report waits and is not named, `Invalid` at the wrong field, `Forbidden`
    for an actor who acts for none of the organizations that owe or support the commitment.
    """
    reported_for = _reporting_unit(session, commitment, actor)
    today = begin(session, commitment)
    if not narrative.strip():
        raise Invalid({"narrative": [_("Say what was done.")]})
    if achieved_on is not None and achieved_on > today:
        raise Invalid({"achieved_on": [_("This day has not come yet.")]})
    facts = _checkpoint_facts(session, checkpoint)
    refuse_report(facts, status=status, actual=actual, supersedes_id=supersedes_id)
    report = ProgressReport(
        checkpoint_id=checkpoint.id,
        reported_for_id=reported_for,
        submitted_by=actor.user_id,
        status=status,
        narrative=narrative,
        actual=actual,
        achieved_on=achieved_on,
        supersedes_id=supersedes_id,
        recorded_at=instant(session),
    )
    session.add(report)
    session.flush()  # the id, for its evidence
    documents = claim(session, evidence_ids, actor=actor, kind=DocumentKind.EVIDENCE, owners=owners)
    session.add_all(ReportEvidence(report_id=report.id, document_id=document.id) for document in documents)
    if status is ReportStatus.BLOCKED:
        session.add(
            Obstacle(
                commitment_id=commitment.id,
                report_id=report.id,
                description=narrative[:2000],
                raised_by=actor.user_id,
                recorded_at=report.recorded_at,
            )
        )
    session.execute(
        delete(ReportDraft).where(
            ReportDraft.checkpoint_id == checkpoint.id, ReportDraft.user_id == actor.user_id
        )
    )
    finish(
        session,
        commitment,
        actor=actor,
        tag="commitments:report:submit",
        acting_organization_id=reported_for,
        changes={"status": [None, status], "narrative": [None, narrative], "actual": [None, actual]},
        detail={
            "report": report.id,
            "checkpoint": checkpoint.code,
            "achieved_on": achieved_on,
            "evidence": [document.title for document in documents],
            "supersedes": supersedes_id,
        },
    )
    return report


def decide(
    session: Session,
    report: ProgressReport,
    checkpoint: Checkpoint,
    commitment: Commitment,
    *,
    actor: Identity,
    decision: Decision,
    note: str | None = None,
) -> ReportDecision:
    """Verify or return a report as another unit than the reporter's.

    Raise `Forbidden` without the right, `NotIndependent` in one line with the reporter, `DecisionRefused` when it is
    decided, replaced or (verifying) without evidence, `Invalid` for a return without a note.
    """
    acting = _judging_unit(session, commitment, actor)
    begin(session, commitment)
    facts = _checkpoint_facts(session, checkpoint)
    fact = next(one for one in facts.reports if one.id == report.id)
    evidence = session.scalar(select(func.count()).where(ReportEvidence.report_id == report.id)) or 0
    for judge in _judges(session, actor, acting):
        refuse_decision(
            facts,
            fact,
            decision,
            submission=Submission(report.submitted_by or 0, path_of(session, report.reported_for_id)),
            judge=judge,
            evidence_count=evidence,
            note=note or "",
        )
    made = ReportDecision(
        report_id=report.id,
        decision=decision,
        note=note,
        decided_by=actor.user_id,
        acting_organization_id=acting,
        recorded_at=instant(session),
    )
    session.add(made)
    finish(
        session,
        commitment,
        actor=actor,
        tag="commitments:report:verify" if decision is Decision.VERIFIED else "commitments:report:return",
        acting_organization_id=acting,
        changes={"decision": [None, decision]},
        detail={"report": report.id, "checkpoint": checkpoint.code, "note": note},
    )
    return made


def refuse_judge(
    session: Session, report: ProgressReport, commitment: Commitment, *, actor: Identity
) -> None:
    """Raise `Forbidden` or `NotIndependent` for who may not decide about this report at all."""
    acting = _judging_unit(session, commitment, actor)
    submission = Submission(report.submitted_by or 0, path_of(session, report.reported_for_id))
    for judge in _judges(session, actor, acting):
        refuse_own_decision(submission, judge)


def _judges(session: Session, actor: Identity, acting: int) -> list[Judge]:
    """Give the judge as each unit the actor stands for: the one acted for, and those reported for."""
    units = dict.fromkeys((acting, *reporting_units(actor)))
    return [Judge(actor.user_id or -1, path_of(session, unit)) for unit in units]


def attest(session: Session, commitment: Commitment, *, actor: Identity) -> Attestation:
    """Attest that nothing has changed since the last verified report; raise `AttestationRefused` if it may not."""
    unit = _reporting_unit(session, commitment, actor)
    begin(session, commitment)
    refuse_attestation(facts_of(session, commitment.id))
    attestation = Attestation(
        commitment_id=commitment.id,
        attested_by=actor.user_id,
        attested_for_id=unit,
        recorded_at=instant(session),
    )
    session.add(attestation)
    finish(session, commitment, actor=actor, tag="commitments:commitment:attest", acting_organization_id=unit)
    return attestation


def save_draft(session: Session, checkpoint: Checkpoint, *, actor: Identity, **values: Any) -> ReportDraft:
    """Keep an unfinished report of this user for this checkpoint; it counts nowhere."""
    commitment = session.get_one(Commitment, checkpoint.commitment_id)
    unit = _reporting_unit(session, commitment, actor)
    draft = draft_of(session, checkpoint.id, actor=actor)
    if draft is None:
        draft = ReportDraft(checkpoint_id=checkpoint.id, user_id=actor.user_id, changed_at=instant(session))
        session.add(draft)
    for name in ("status", "narrative", "actual", "achieved_on"):
        setattr(draft, name, values.get(name))
    draft.changed_at = instant(session)
    session.flush()  # refusals of the database are answered here
    record(
        session,
        actor=actor,
        tag="commitments:draft:save",
        subject_kind="commitment",
        subject_id=commitment.id,
        subject_name=commitment.statement,
        government_id=commitment.government_id,
        acting_organization_id=unit,
        detail={"checkpoint": checkpoint.code},
    )
    return draft


def draft_of(session: Session, checkpoint_id: int, *, actor: Identity) -> ReportDraft | None:
    """Give this user's draft for a checkpoint."""
    return session.scalar(
        select(ReportDraft).where(
            ReportDraft.checkpoint_id == checkpoint_id, ReportDraft.user_id == actor.user_id
        )
    )


def _checkpoint_facts(session: Session, checkpoint: Checkpoint) -> CheckpointFacts:
    facts = facts_of(session, checkpoint.commitment_id)
    return next(one for one in facts.checkpoints if one.id == checkpoint.id)


def _reporting_unit(session: Session, commitment: Commitment, actor: Identity) -> int:
    """Give the unit reported for: the actor's own unit inside an assigned organization, else that organization."""
    units = actor.organizations(*REPORTING)
    for row in assigned(session, commitment.id):
        if row.valid_until is None and row.organization_id in units:
            return speaking_for(session, actor, row.organization_id)
    raise Forbidden(_("Only organizations that owe or support this commitment report on it."))


def _judging_unit(session: Session, commitment: Commitment, actor: Identity) -> int:
    """Give the unit the actor decides for: coordinator or monitor of the government, or the accountable lead's liaison."""
    for grant in actor.grants:
        if (
            grant.role in DECIDING
            and grant.government_id == commitment.government_id
            and grant.acting_organization_id
        ):
            return grant.acting_organization_id
    for lead_id in accountable_leads(session, commitment.mandate_id):
        if lead_id in actor.organizations(Role.LIAISON):
            return acting_for_unit(actor, lead_id, Role.LIAISON)
    raise Forbidden(
        _("Reports are decided by the coordinator, the governor's office or the accountable lead.")
    )
