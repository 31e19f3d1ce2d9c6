"""Raise obstacles, remark on them, and clear them."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from collab.audit.services import instant
from collab.commitments.models import Commitment, Obstacle, ObstacleEvent
from collab.commitments.queries.scope import accountable_leads, assigned
from collab.commitments.services.common import DECIDING, begin, finish
from collab.commitments.vocabulary import ObstacleMove
from collab.core.errors import Forbidden, Invalid, Refused
from collab.core.identity import Identity, Role
from collab.core.text import _
from collab.organizations.models import Organization


def raise_obstacle(
    session: Session,
    commitment: Commitment,
    *,
    actor: Identity,
    description: str,
    needs_organization_id: int | None = None,
) -> Obstacle:
    """Record what stands in the way and who is asked to clear it."""
    unit = _concerned_unit(session, commitment, actor)
    begin(session, commitment)
    if needs_organization_id is not None and session.get(Organization, needs_organization_id) is None:
        raise Invalid({"needs_organization_id": [_("There is no such organization.")]})
    obstacle = Obstacle(
        commitment_id=commitment.id,
        description=description,
        needs_organization_id=needs_organization_id,
        raised_by=actor.user_id,
        recorded_at=instant(session),
    )
    session.add(obstacle)
    finish(
        session,
        commitment,
        actor=actor,
        tag="commitments:obstacle:raise",
        acting_organization_id=unit,
        changes={"description": [None, description]},
    )
    return obstacle


def follow_up(
    session: Session,
    obstacle: Obstacle,
    commitment: Commitment,
    *,
    actor: Identity,
    move: ObstacleMove,
    note: str,
) -> ObstacleEvent:
    """Remark on an obstacle or record that it is cleared; raise `Refused` when it was cleared before."""
    unit = _concerned_unit(session, commitment, actor, obstacle.needs_organization_id)
    begin(session, commitment)
    resolved = session.scalar(
        select(
            exists().where(
                ObstacleEvent.obstacle_id == obstacle.id, ObstacleEvent.move == ObstacleMove.RESOLVED
            )
        )
    )
    if resolved:
        raise Refused(_("This obstacle was cleared already."))
    event = ObstacleEvent(
        obstacle_id=obstacle.id, move=move, note=note, recorded_by=actor.user_id, recorded_at=instant(session)
    )
    session.add(event)
    cleared = move is ObstacleMove.RESOLVED
    finish(
        session,
        commitment,
        actor=actor,
        tag="commitments:obstacle:resolve" if cleared else "commitments:obstacle:note",
        acting_organization_id=unit,
        detail={"obstacle": obstacle.id, "note": note},
    )
    return event


def _concerned_unit(
    session: Session, commitment: Commitment, actor: Identity, needed_id: int | None = None
) -> int | None:
    """Give the unit an actor acts for here: owner, supporter, leader, the one asked, or a deciding role."""
    concerned = [row.organization_id for row in assigned(session, commitment.id) if row.valid_until is None]
    concerned += [*accountable_leads(session, commitment.mandate_id), *([needed_id] if needed_id else [])]
    for grant in actor.grants:
        if grant.role in (Role.LIAISON, Role.PARTNER) and not grant.organization_ids.isdisjoint(concerned):
            return grant.acting_organization_id
        if grant.role in DECIDING and grant.government_id == commitment.government_id:
            return grant.acting_organization_id
    raise Forbidden(_("Only those who owe, support, lead or decide on this commitment do that."))
