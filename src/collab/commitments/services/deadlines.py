"""Move due days by request and decision, and cancel: never by overwriting."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from collab.audit.services import instant
from collab.commitments.models import Cancellation, Checkpoint, Commitment, DeadlineDecision, DeadlineRequest
from collab.commitments.queries.facts import facts_of
from collab.commitments.queries.scope import accountable_id, path_of, reporting_units
from collab.commitments.rules import (
    CheckpointStanding,
    Judge,
    Submission,
    checkpoint_standing,
    is_cancellable,
    refuse_cancellation,
    refuse_deadline_decision,
    refuse_deadline_request,
)
from collab.commitments.services.common import DECIDING, acting_in_government, begin, finish, speaking_for
from collab.commitments.services.spans import PARAMETERS
from collab.commitments.vocabulary import DeadlineOutcome
from collab.core.identity import Identity


def ask(
    session: Session,
    checkpoint: Checkpoint,
    commitment: Commitment,
    *,
    actor: Identity,
    new_due_on: date,
    reason: str,
) -> DeadlineRequest:
    """Ask for another due day as a liaison of the accountable organization.

    Raise `DeadlineRefused` while another wish waits or the checkpoint is settled, `Invalid` at the wrong field.
    """
    unit = speaking_for(session, actor, accountable_id(session, commitment.id))
    today = begin(session, commitment)
    standing = standing_of(session, checkpoint, commitment, today)
    pending = session.scalar(
        select(
            exists()
            .where(DeadlineRequest.checkpoint_id == checkpoint.id)
            .where(~exists().where(DeadlineDecision.request_id == DeadlineRequest.id))
        )
    )
    refuse_deadline_request(standing, today, new_due_on=new_due_on, reason=reason, is_pending=bool(pending))
    request = DeadlineRequest(
        checkpoint_id=checkpoint.id,
        old_due_on=standing.due_on,
        new_due_on=new_due_on,
        reason=reason,
        asked_by=actor.user_id,
        asked_for_id=unit,
        recorded_at=instant(session),
    )
    session.add(request)
    finish(
        session,
        commitment,
        actor=actor,
        tag="commitments:deadline:ask",
        acting_organization_id=unit,
        changes={"due_on": [standing.due_on, new_due_on]},
        detail={"checkpoint": checkpoint.code, "reason": reason},
    )
    return request


def decide(
    session: Session,
    request: DeadlineRequest,
    checkpoint: Checkpoint,
    commitment: Commitment,
    *,
    actor: Identity,
    outcome: DeadlineOutcome,
    note: str | None = None,
) -> DeadlineDecision:
    """Grant or refuse another due day as coordinator or monitor, never as the asking organization."""
    acting = acting_in_government(actor, commitment.government_id, *DECIDING)
    today = begin(session, commitment)
    decided = session.scalar(select(exists().where(DeadlineDecision.request_id == request.id)))
    asked_for = request.asked_for_id or accountable_id(session, commitment.id)
    standing = standing_of(session, checkpoint, commitment, today)
    for path in _acting_paths(session, actor, acting):
        refuse_deadline_decision(
            standing,
            approve=outcome is DeadlineOutcome.APPROVED,
            is_decided=bool(decided),
            submission=Submission(request.asked_by or 0, path_of(session, asked_for)),
            judge=Judge(actor.user_id or -1, path),
        )
    decision = DeadlineDecision(
        request_id=request.id,
        outcome=outcome,
        note=note,
        decided_by=actor.user_id,
        acting_organization_id=acting,
        recorded_at=instant(session),
    )
    session.add(decision)
    approved = outcome is DeadlineOutcome.APPROVED
    finish(
        session,
        commitment,
        actor=actor,
        tag="commitments:deadline:approve" if approved else "commitments:deadline:reject",
        acting_organization_id=acting,
        changes={"due_on": [request.old_due_on, request.new_due_on]} if approved else None,
        detail={"checkpoint": checkpoint.code, "note": note, "request": request.id},
    )
    return decision


def cancel(
    session: Session,
    commitment: Commitment,
    *,
    actor: Identity,
    reason: str,
    checkpoint_ids: Sequence[int] | None = None,
) -> list[Cancellation]:
    """Give up a commitment's open checkpoints (or the named ones), with a reason, as another unit than the owner's."""
    acting = acting_in_government(actor, commitment.government_id, *DECIDING)
    today = begin(session, commitment)
    chosen = [
        checkpoint
        for checkpoint in session.scalars(select(Checkpoint).where(Checkpoint.commitment_id == commitment.id))
        if checkpoint_ids is None or checkpoint.id in checkpoint_ids
    ]
    standings = {one.id: standing_of(session, one, commitment, today) for one in chosen}
    for path in _acting_paths(session, actor, acting):
        refuse_cancellation(
            list(standings.values()),
            reason=reason,
            accountable_path=path_of(session, accountable_id(session, commitment.id)),
            acting_path=path,
        )
    made = [
        Cancellation(
            checkpoint_id=one.id,
            reason=reason,
            decided_by=actor.user_id,
            acting_organization_id=acting,
            recorded_at=instant(session),
        )
        for one in chosen
        if is_cancellable(standings[one.id])
    ]
    session.add_all(made)
    finish(
        session,
        commitment,
        actor=actor,
        tag="commitments:commitment:cancel",
        acting_organization_id=acting,
        detail={
            "reason": reason,
            "checkpoints": [one.code for one in chosen if is_cancellable(standings[one.id])],
        },
    )
    return made


def _acting_paths(session: Session, actor: Identity, acting: int | None) -> list[tuple[int, ...]]:
    """Give the paths of all units an actor stands for: the one acted for, and those reported for (R45)."""
    others = [path_of(session, unit) for unit in reporting_units(actor) if unit != acting]
    return [path_of(session, acting) if acting else (), *others]


def standing_of(
    session: Session, checkpoint: Checkpoint, commitment: Commitment, day: date
) -> CheckpointStanding:
    """Compute how a checkpoint stands on a day, from the facts."""
    facts = facts_of(session, commitment.id)
    own = next(one for one in facts.checkpoints if one.id == checkpoint.id)
    return checkpoint_standing(facts, own, day, PARAMETERS)
