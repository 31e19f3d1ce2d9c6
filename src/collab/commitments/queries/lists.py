"""Lists of commitments and checkpoints as they stand on a day: what is visible, filtered, in labelled columns."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from collab.commitments.models import Checkpoint, CheckpointSpan, Commitment, CommitmentSpan
from collab.commitments.queries.scope import visible
from collab.commitments.vocabulary import Signal
from collab.core.db import LAST_DAY, AnySelect
from collab.core.identity import Identity
from collab.core.page import Key, first_rows
from collab.mandates.models import Mandate
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
_BELOW = aliased(Organization, name="below")

COMMITMENT_ORDERS = {
    "signal": (Key("severity", SEVERITY), Key("next_due", NEXT_DUE), Key("id", CommitmentSpan.commitment_id)),
    "due": (Key("next_due", NEXT_DUE), Key("id", CommitmentSpan.commitment_id)),
    "agency": (
        Key("organization", OWNER.name),
        Key("severity", SEVERITY),
        Key("id", CommitmentSpan.commitment_id),
    ),
    "newest": (Key("id", CommitmentSpan.commitment_id, descending=True),),
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
            Commitment.direction,
            Commitment.baseline,
            Commitment.target,
            Commitment.target_max,
            Commitment.unit,
            Commitment.report_cycle,
            Commitment.start_on,
            Commitment.is_illustrative,
            CommitmentSpan.organization_id,
            OWNER.name.label("organization"),
            OWNER.short_name.label("organization_short"),
            CommitmentSpan.signal,
            CommitmentSpan.next_checkpoint_id,
            CommitmentSpan.next_due_on,
            CommitmentSpan.last_verified_on,
            CommitmentSpan.fresh_until,
            CommitmentSpan.open_obstacles,
            SEVERITY.label("severity"),
            NEXT_DUE.label("next_due"),
        )
        .select_from(CommitmentSpan)
        # Outer joins: there is always such a row, and where it only shows something the database leaves it out.
        .outerjoin(Commitment, Commitment.id == CommitmentSpan.commitment_id)
        .outerjoin(Mandate, Mandate.id == Commitment.mandate_id)
        .outerjoin(OWNER, OWNER.id == CommitmentSpan.organization_id)
        .where(on_day(CommitmentSpan, day), visible(identity, spans=CommitmentSpan))
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
        statement = statement.where(CommitmentSpan.government_id == filters["government"])
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
    tree = select(Organization.id).where(Organization.id == organization_id).cte(recursive=True)
    tree = tree.union_all(select(_BELOW.id).join(tree, _BELOW.parent_id == tree.c.id))
    return select(tree.c.id)


CHECKPOINT_DUE = func.coalesce(CheckpointSpan.due_on, LAST_DAY)
CHECKPOINT_ORDERS = {
    "due": (Key("due", CHECKPOINT_DUE), Key("id", CheckpointSpan.checkpoint_id)),
    "latest": (
        Key("due", CHECKPOINT_DUE, descending=True),
        Key("id", CheckpointSpan.checkpoint_id, descending=True),
    ),
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
        .select_from(CheckpointSpan)
        .outerjoin(Checkpoint, Checkpoint.id == CheckpointSpan.checkpoint_id)
        .outerjoin(Commitment, Commitment.id == CheckpointSpan.commitment_id)
        .outerjoin(Mandate, Mandate.id == Commitment.mandate_id)
        .outerjoin(OWNER, OWNER.id == CheckpointSpan.organization_id)
        .where(on_day(CheckpointSpan, day), visible(identity, spans=CheckpointSpan))
    )
    wanted = {
        "signal": lambda value: CheckpointSpan.signal == value,
        "state": lambda value: CheckpointSpan.state == value,
        "due_before": lambda value: CheckpointSpan.due_on <= value,
        "due_after": lambda value: CheckpointSpan.due_on >= value,
        "agency": lambda value: CheckpointSpan.organization_id.in_(units_of(value)),
        "commitment": lambda value: CheckpointSpan.commitment_id == value,
        "mandate": lambda value: Commitment.mandate_id == value,
    }
    for name, condition in wanted.items():
        if filters.get(name) is not None:
            statement = statement.where(condition(filters[name]))
    return statement


def under_mandate(
    session: Session, mandate_id: int, *, identity: Identity, day: date, limit: int
) -> list[Any]:
    """Give the visible commitments under a mandate as of a day, worst first."""
    statement = commitments(identity, day, {"mandate": mandate_id})
    return list(session.execute(first_rows(statement, COMMITMENT_ORDERS["signal"], limit)))
