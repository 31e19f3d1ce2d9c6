"""Lists of commitments and checkpoints as they stand on a day: what is visible, filtered, in labelled columns."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from collab.commitments.models import (
    Checkpoint,
    CheckpointSpan,
    Commitment,
    CommitmentAssignment,
    CommitmentSpan,
    DeadlineDecision,
    DeadlineRequest,
    ProgressReport,
    ReportDecision,
    ReportDraft,
    ReportEvidence,
)
from collab.commitments.queries.scope import REPORTING, visible
from collab.commitments.vocabulary import AssignmentRole, CheckpointState, Decision, Signal
from collab.core.db import LAST_DAY, AnySelect
from collab.core.identity import Identity, Role
from collab.core.page import Key, ordered
from collab.mandates.models import Mandate, MandateLead
from collab.organizations.models import Organization

#: Order of signals, worst first; 4 for none.
SEVERITY = case(
    (CommitmentSpan.signal == Signal.RED, 0),
    (CommitmentSpan.signal == Signal.YELLOW, 1),
    (CommitmentSpan.signal == Signal.GREY, 2),
    (CommitmentSpan.signal == Signal.GREEN, 3),
    else_=4,
)
NEXT_DUE = func.coalesce(CommitmentSpan.next_due_on, LAST_DAY)
OWNER = aliased(Organization, name="owner")

COMMITMENT_ORDERS = {
    "signal": (Key("severity", SEVERITY), Key("next_due", NEXT_DUE), Key("id", Commitment.id)),
    "due": (Key("next_due", NEXT_DUE), Key("id", Commitment.id)),
    "agency": (Key("organization", OWNER.name), Key("severity", SEVERITY), Key("id", Commitment.id)),
    "newest": (Key("id", Commitment.id, descending=True),),
}


def on_day(table: Any, day: date) -> ColumnElement[bool]:
    """Choose the span that holds a day."""
    condition: ColumnElement[bool] = and_(table.from_on <= day, table.until_on > day)
    return condition


def commitments(identity: Identity, day: date, filters: dict[str, Any]) -> AnySelect:
    """Select visible commitments as they stood on a day, with owner, mandate, signal, next due day and freshness."""
    statement = (
        select(
            Commitment.id,
            Commitment.statement,
            Commitment.mandate_id,
            Mandate.title.label("mandate"),
            Commitment.government_id,
            Commitment.indicator,
            Commitment.target,
            Commitment.target_max,
            Commitment.unit,
            Commitment.is_illustrative,
            CommitmentSpan.organization_id,
            OWNER.name.label("organization"),
            OWNER.short_name.label("organization_short"),
            CommitmentSpan.signal,
            CommitmentSpan.next_due_on,
            CommitmentSpan.last_verified_on,
            CommitmentSpan.fresh_until,
            CommitmentSpan.open_obstacles,
            SEVERITY.label("severity"),
            NEXT_DUE.label("next_due"),
        )
        .join(
            CommitmentSpan, and_(CommitmentSpan.commitment_id == Commitment.id, on_day(CommitmentSpan, day))
        )
        .join(Mandate, Mandate.id == Commitment.mandate_id)
        .join(OWNER, OWNER.id == CommitmentSpan.organization_id)
        .where(visible(identity))
    )
    return _filtered(statement, filters)


def _filtered(statement: AnySelect, filters: dict[str, Any]) -> AnySelect:
    if filters.get("signal"):
        statement = statement.where(CommitmentSpan.signal == filters["signal"])
    if filters.get("mandate"):
        statement = statement.where(Commitment.mandate_id == filters["mandate"])
    if filters.get("agency"):
        statement = statement.where(CommitmentSpan.organization_id.in_(units_of(filters["agency"])))
    if filters.get("government"):
        statement = statement.where(Commitment.government_id == filters["government"])
    if filters.get("q"):
        statement = statement.where(
            or_(contains(Commitment.statement, filters["q"]), contains(Mandate.title, filters["q"]))
        )
    return statement


def contains(column: Any, text: str) -> ColumnElement[bool]:
    """Say that a column contains a text, whatever its case; the text's own wildcards mean themselves."""
    found: ColumnElement[bool] = func.lower(column).contains(text.lower(), autoescape=True)
    return found


def units_of(organization_id: int) -> Any:
    """Give a subquery of a unit and all its descendants."""
    tree = select(Organization.id).where(Organization.id == organization_id).cte("units", recursive=True)
    below = aliased(Organization)
    tree = tree.union_all(select(below.id).join(tree, below.parent_id == tree.c.id))
    return select(tree.c.id)


CHECKPOINT_DUE = func.coalesce(CheckpointSpan.due_on, LAST_DAY)
CHECKPOINT_ORDERS = {
    "due": (Key("due", CHECKPOINT_DUE), Key("id", Checkpoint.id)),
    "latest": (Key("due", CHECKPOINT_DUE, descending=True), Key("id", Checkpoint.id, descending=True)),
}


def checkpoints(identity: Identity, day: date, filters: dict[str, Any]) -> AnySelect:
    """Select checkpoints of visible commitments as they stood on a day, by agency, signal, state and due day."""
    statement = (
        select(
            Checkpoint.id,
            Checkpoint.code,
            Checkpoint.commitment_id,
            Checkpoint.target,
            Checkpoint.target_max,
            Checkpoint.original_due_on,
            Commitment.statement,
            Commitment.unit,
            Commitment.indicator,
            Commitment.mandate_id,
            Mandate.title.label("mandate"),
            Commitment.government_id,
            CheckpointSpan.organization_id,
            OWNER.name.label("organization"),
            CheckpointSpan.state,
            CheckpointSpan.signal,
            CheckpointSpan.due_on,
            CheckpointSpan.scoring_due_on,
            CheckpointSpan.outcome,
            CheckpointSpan.rescheduled,
            CheckpointSpan.late_waiting,
            CheckpointSpan.stale_return,
            CHECKPOINT_DUE.label("due"),
        )
        .join(
            CheckpointSpan, and_(CheckpointSpan.checkpoint_id == Checkpoint.id, on_day(CheckpointSpan, day))
        )
        .join(Commitment, Commitment.id == Checkpoint.commitment_id)
        .join(Mandate, Mandate.id == Commitment.mandate_id)
        .join(OWNER, OWNER.id == CheckpointSpan.organization_id)
        .where(visible(identity))
    )
    wanted = {
        "signal": lambda value: CheckpointSpan.signal == value,
        "state": lambda value: CheckpointSpan.state == value,
        "due_before": lambda value: CheckpointSpan.due_on <= value,
        "due_after": lambda value: CheckpointSpan.due_on >= value,
        "agency": lambda value: CheckpointSpan.organization_id.in_(units_of(value)),
        "commitment": lambda value: Checkpoint.commitment_id == value,
        "mandate": lambda value: Commitment.mandate_id == value,
    }
    for name, condition in wanted.items():
        if filters.get(name) is not None:
            statement = statement.where(condition(filters[name]))
    return statement


#: What a liaison still has to do something about.
ACTIONABLE = (
    CheckpointState.OVERDUE,
    CheckpointState.RETURNED,
    CheckpointState.DUE_SOON,
    CheckpointState.OPEN,
    CheckpointState.UNDATED,
)


def work(session: Session, *, identity: Identity, day: date, limit: int = 100) -> list[Any]:
    """Give what the identity's own units owe and have not settled, most pressing first, one row a checkpoint.

    Each row tells the last return's note, whether a report waits, and whether a draft is kept.
    """
    units = identity.organizations(*REPORTING)
    if not units:
        return []
    statement = checkpoints(identity, day, {}).where(
        Commitment.id.in_(
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
    return list(session.execute(statement.order_by(pressing, CHECKPOINT_DUE, Checkpoint.id).limit(limit)))


def _last_return() -> Any:
    return (
        select(ReportDecision.note)
        .join(ProgressReport, ProgressReport.id == ReportDecision.report_id)
        .where(ProgressReport.checkpoint_id == Checkpoint.id, ReportDecision.decision == Decision.RETURNED)
        .order_by(ReportDecision.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def waiting_of(session: Session, *, identity: Identity, limit: int = 50) -> list[Any]:
    """Give the identity's own units' reports that wait for a decision, newest first."""
    units = identity.organizations(*REPORTING)
    if not units:
        return []
    statement = waiting(identity).where(ProgressReport.reported_for_id.in_(units))
    return list(session.execute(statement.order_by(ProgressReport.id.desc()).limit(limit)))


REPORTER = aliased(Organization, name="reporter")


def waiting(identity: Identity) -> AnySelect:
    """Select undecided, not replaced reports on visible commitments, with what a verifier wants to see at once."""
    later = aliased(ProgressReport)
    return (
        select(
            ProgressReport.id,
            ProgressReport.checkpoint_id,
            ProgressReport.status,
            ProgressReport.narrative,
            ProgressReport.actual,
            ProgressReport.achieved_on,
            ProgressReport.recorded_at,
            ProgressReport.reported_for_id,
            ProgressReport.submitted_by,
            REPORTER.name.label("reporter"),
            Checkpoint.code,
            Checkpoint.target,
            Commitment.id.label("commitment_id"),
            Commitment.statement,
            Commitment.unit,
            Commitment.government_id,
            Commitment.mandate_id,
            Mandate.title.label("mandate"),
        )
        .join(Checkpoint, Checkpoint.id == ProgressReport.checkpoint_id)
        .join(Commitment, Commitment.id == Checkpoint.commitment_id)
        .join(Mandate, Mandate.id == Commitment.mandate_id)
        .join(REPORTER, REPORTER.id == ProgressReport.reported_for_id)
        .outerjoin(ReportDecision, ReportDecision.report_id == ProgressReport.id)
        .outerjoin(later, later.supersedes_id == ProgressReport.id)
        .where(ReportDecision.id.is_(None), later.id.is_(None), visible(identity))
    )


WAITING_ORDERS = {
    "oldest": (Key("id", ProgressReport.id),),
    "newest": (Key("id", ProgressReport.id, descending=True),),
}


def to_decide(identity: Identity) -> AnySelect:
    """Select the waiting reports that this identity may decide: its role there, and another unit's report."""
    governments = identity.governments(Role.COORDINATOR, Role.MONITOR)
    units = identity.organizations(Role.LIAISON)
    led = select(MandateLead.mandate_id).where(
        MandateLead.organization_id.in_(units), MandateLead.accountable, MandateLead.valid_until.is_(None)
    )
    own = identity.organizations(*REPORTING)
    may = or_(
        Commitment.government_id.in_(governments),
        and_(Commitment.mandate_id.in_(led), ProgressReport.reported_for_id.not_in(own)),
    )
    return waiting(identity).where(
        may, or_(ProgressReport.submitted_by.is_(None), ProgressReport.submitted_by != identity.user_id)
    )


def open_deadline_requests(identity: Identity) -> AnySelect:
    """Select the wishes for another day that wait for a decision on visible commitments."""
    return (
        select(
            DeadlineRequest.id,
            DeadlineRequest.checkpoint_id,
            DeadlineRequest.old_due_on,
            DeadlineRequest.new_due_on,
            DeadlineRequest.reason,
            DeadlineRequest.recorded_at,
            DeadlineRequest.asked_for_id,
            DeadlineRequest.asked_by,
            OWNER.name.label("organization"),
            Checkpoint.code,
            Commitment.id.label("commitment_id"),
            Commitment.statement,
            Commitment.government_id,
            Mandate.title.label("mandate"),
        )
        .join(Checkpoint, Checkpoint.id == DeadlineRequest.checkpoint_id)
        .join(Commitment, Commitment.id == Checkpoint.commitment_id)
        .join(Mandate, Mandate.id == Commitment.mandate_id)
        .outerjoin(OWNER, OWNER.id == DeadlineRequest.asked_for_id)
        .outerjoin(DeadlineDecision, DeadlineDecision.request_id == DeadlineRequest.id)
        .where(DeadlineDecision.id.is_(None), visible(identity))
        .order_by(DeadlineRequest.id)
    )


def is_fresh(fresh_until: date | None, day: date) -> bool:
    """Tell whether a commitment's newest evidence is young enough on a day."""
    return fresh_until is not None and day <= fresh_until


def days_since(day: date | None, today: date) -> int | None:
    """Give the days from a day to today; None without a day."""
    return (today - day) // timedelta(days=1) if day else None


def requests_to_decide(session: Session, *, identity: Identity, limit: int = 50) -> list[Any]:
    """Give the wishes for another day that this identity's role decides about, oldest first."""
    governments = identity.governments(Role.COORDINATOR, Role.MONITOR)
    statement = open_deadline_requests(identity).where(Commitment.government_id.in_(governments))
    return list(session.execute(statement.limit(limit)))


def evidence_count(session: Session, report_ids: list[int]) -> dict[int, int]:
    """Give {report: number of documents} for some reports."""
    if not report_ids:
        return {}
    rows = session.execute(
        select(ReportEvidence.report_id, func.count())
        .where(ReportEvidence.report_id.in_(report_ids))
        .group_by(ReportEvidence.report_id)
    )
    return {row[0]: row[1] for row in rows}


def attestable(session: Session, *, identity: Identity, day: date, limit: int = 20) -> list[Any]:
    """Give the own units' commitments whose news grows old after a verified report: "nothing has changed" may do.

    [(id, statement, last_verified_on, fresh_until)], stalest first; the rule itself is checked when it is attested.
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
            CommitmentSpan.fresh_until <= day + timedelta(days=14),
        )
        .order_by(CommitmentSpan.fresh_until, Commitment.id)
        .limit(limit)
    )
    return list(session.execute(statement))


def under_mandate(
    session: Session, mandate_id: int, *, identity: Identity, day: date, limit: int
) -> list[Any]:
    """Give the visible commitments under a mandate as of a day, worst first."""
    statement = commitments(identity, day, {"mandate": mandate_id})
    return list(session.execute(ordered(statement, COMMITMENT_ORDERS["signal"]).limit(limit)))
