"""A reporter's own work: what is owed, what may be attested with one tap."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from collab.commitments.models import (
    Attestation,
    Checkpoint,
    CheckpointSpan,
    Commitment,
    CommitmentAssignment,
    CommitmentSpan,
    ProgressReport,
    ReportDecision,
    ReportDraft,
)
from collab.commitments.queries.lists import CHECKPOINT_ORDERS, checkpoints, on_day
from collab.commitments.queries.scope import REPORTING
from collab.commitments.vocabulary import AssignmentRole, CheckpointState, Decision
from collab.core.identity import Identity
from collab.core.page import Key, first_rows

#: What a liaison still has to do something about.
ACTIONABLE = (
    CheckpointState.OVERDUE,
    CheckpointState.RETURNED,
    CheckpointState.DUE_SOON,
    CheckpointState.OPEN,
    CheckpointState.UNDATED,
)


def owed(session: Session, *, identity: Identity, day: date, limit: int = 100) -> list[Any]:
    """Give what the identity's own units owe and have not settled, most pressing first, one row a checkpoint.

    Each row tells the last return's note, whether a report waits, and whether a draft is kept.
    """
    units = identity.organizations(*REPORTING)
    if not units:
        return []
    statement = checkpoints(identity, day, {}).where(
        CheckpointSpan.commitment_id.in_(
            select(CommitmentAssignment.commitment_id).where(
                CommitmentAssignment.organization_id.in_(units),
                CommitmentAssignment.role == AssignmentRole.ACCOUNTABLE,
                CommitmentAssignment.valid_until.is_(None),
            )
        ),
        CheckpointSpan.state.in_(ACTIONABLE),
    )
    pressing = case(
        (CheckpointSpan.state == CheckpointState.RETURNED, 0),
        (CheckpointSpan.state == CheckpointState.OVERDUE, 1),
        else_=2,
    )
    draft = (
        select(literal(True))
        .where(ReportDraft.checkpoint_id == Checkpoint.id, ReportDraft.user_id == identity.user_id)
        .exists()
    )
    statement = statement.add_columns(draft.label("has_draft"), _last_return().label("return_note"))
    keys = (Key("pressing", pressing), *CHECKPOINT_ORDERS["due"])
    return list(session.execute(first_rows(statement, keys, limit)))


def _last_return() -> Any:
    return (
        select(ReportDecision.note)
        .join(ProgressReport, ProgressReport.id == ReportDecision.report_id)
        .where(ProgressReport.checkpoint_id == Checkpoint.id, ReportDecision.decision == Decision.RETURNED)
        .order_by(ReportDecision.id.desc())
        .limit(1)
        .scalar_subquery()
    )


#: Days before the end of freshness from which "nothing has changed" is offered.
AGEING_DAYS = 14


def attestable(session: Session, *, identity: Identity, day: date, limit: int = 20) -> list[Any]:
    """Give the own units' commitments whose news grows old after a verified report: "nothing has changed" may do.

    [(id, statement, last_verified_on, fresh_until)], stalest first. Left out is what the rule would refuse: where a
    report waits, the newest one is not verified, or "no change" was attested since.
    """
    units = identity.organizations(*REPORTING)
    if not units:
        return []
    statement = (
        select(
            Commitment.id, Commitment.statement, CommitmentSpan.last_verified_on, CommitmentSpan.fresh_until
        )
        .join(
            CommitmentSpan, and_(CommitmentSpan.commitment_id == Commitment.id, on_day(CommitmentSpan, day))
        )
        .where(
            CommitmentSpan.organization_id.in_(units),
            CommitmentSpan.last_verified_on.is_not(None),
            CommitmentSpan.next_checkpoint_id.is_not(None),
            CommitmentSpan.fresh_until <= day + timedelta(days=AGEING_DAYS),
            ~_waits(),
            _newest_verified(),
        )
        .order_by(CommitmentSpan.fresh_until, Commitment.id)
        .limit(limit)
    )
    return list(session.execute(statement))


def _waits() -> Any:
    """Say "some report on this commitment is undecided and not replaced"."""
    own, later = aliased(Checkpoint), aliased(ProgressReport)
    undecided = ~exists().where(ReportDecision.report_id == ProgressReport.id)
    return (
        select(literal(True))
        .select_from(ProgressReport)
        .join(own, own.id == ProgressReport.checkpoint_id)
        .where(
            own.commitment_id == Commitment.id,
            undecided,
            ~exists().where(later.supersedes_id == ProgressReport.id),
        )
        .correlate(Commitment)
        .exists()
    )


def _newest_verified() -> Any:
    """Say "the newest report is verified, and nothing was attested since"."""
    own, other = aliased(Checkpoint), aliased(Checkpoint)
    report = aliased(ProgressReport)
    newest = (
        select(func.max(ProgressReport.id))
        .join(other, other.id == ProgressReport.checkpoint_id)
        .where(other.commitment_id == Commitment.id)
        .correlate(Commitment)
        .scalar_subquery()
    )
    attested = (
        select(literal(True))
        .select_from(Attestation)
        .where(
            Attestation.commitment_id == Commitment.id, Attestation.recorded_at >= ReportDecision.recorded_at
        )
        .correlate(Commitment, ReportDecision)
        .exists()
    )
    return (
        select(literal(True))
        .select_from(report)
        .join(own, own.id == report.checkpoint_id)
        .join(ReportDecision, ReportDecision.report_id == report.id)
        .where(report.id == newest, ReportDecision.decision == Decision.VERIFIED, ~attested)
        .correlate(Commitment)
        .exists()
    )
