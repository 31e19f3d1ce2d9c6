"""What every write of commitments needs: the local day, who acts for which unit, the journal's subject."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from collab.audit.services import instant, record
from collab.commitments.models import Commitment
from collab.commitments.queries.scope import REPORTING, path_of
from collab.commitments.services.spans import renew
from collab.core.clock import local_day
from collab.core.db import touch
from collab.core.errors import Forbidden
from collab.core.identity import Identity, Role
from collab.core.text import _
from collab.organizations.models import Government

#: Who decides in a mandate's government.
DECIDING = (Role.COORDINATOR, Role.MONITOR)


def zone_of(session: Session, government_id: int) -> str:
    """Give the zone of a government's local days."""
    return session.get_one(Government, government_id).timezone


def day_of(session: Session, government_id: int) -> date:
    """Give the local day of this transaction's instant."""
    return local_day(instant(session), zone_of(session, government_id))


def begin(session: Session, commitment: Commitment) -> date:
    """Take the journal's lock and read the commitment's version anew; give the local day.

    What is checked after this is what stands when it is written: two reports of one moment cannot both be the first.
    """
    instant(session)
    session.refresh(commitment, ["version"])
    return day_of(session, commitment.government_id)


def finish(
    session: Session,
    commitment: Commitment,
    *,
    actor: Identity,
    tag: str,
    acting_organization_id: int | None,
    changes: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Flush the facts, renew the spans kept of them from today on, raise the version, and journal the act."""
    moment = instant(session)
    if commitment.changed_at != moment:
        touch(commitment, moment)
    session.flush()  # the spans are computed from what the database holds
    renew(session, commitment.id, day=day_of(session, commitment.government_id))
    record(
        session,
        actor=actor,
        tag=tag,
        subject_kind="commitment",
        subject_id=commitment.id,
        subject_name=commitment.statement,
        government_id=commitment.government_id,
        acting_organization_id=acting_organization_id,
        changes=changes,
        detail=detail,
    )


def acting_in_government(actor: Identity, government_id: int, *roles: Role) -> int | None:
    """Give the unit an actor acts for with a government role; raise `Forbidden` without the role there."""
    for grant in actor.grants:
        if grant.role in roles and grant.government_id == government_id:
            return grant.acting_organization_id
    raise Forbidden(_("Your role does not include this for this government."))


def acting_for_unit(actor: Identity, unit_id: int, *roles: Role) -> int:
    """Give the unit an actor acts for where it covers `unit_id`; raise `Forbidden` where none does."""
    for grant in actor.grants:
        if grant.role in (roles or REPORTING) and unit_id in grant.organization_ids:
            return grant.acting_organization_id or unit_id
    raise Forbidden(_("You do not act for this organization."))


def speaking_for(session: Session, actor: Identity, organization_id: int) -> int:
    """Give the unit an actor speaks for towards an organization's duty: the own unit if it lies inside, else that one."""
    acting = acting_for_unit(actor, organization_id)
    return acting if organization_id in path_of(session, acting) else organization_id
