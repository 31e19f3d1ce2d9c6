"""Who may write here: checked again by every service, since the government may stand in the values."""

from sqlalchemy.orm import Session

from collab.core.errors import Forbidden
from collab.core.identity import SYSTEM, Identity, Role
from collab.core.text import _
from collab.organizations import queries
from collab.organizations.models import Organization


def is_house(actor: Identity) -> bool:
    """Tell whether the house itself acts (setting up, before there is any administrator)."""
    return actor == SYSTEM


def may_manage_governments(session: Session, actor: Identity) -> bool:
    """Tell whether the actor administers the national government (or is the house)."""
    return is_house(actor) or queries.is_national(session, actor.governments(Role.ADMIN))


def require_national_admin(session: Session, actor: Identity) -> None:
    """Let only an administrator of the national government make and edit governments; raise `Forbidden`."""
    if not may_manage_governments(session, actor):
        raise Forbidden(_("Only an administrator of the national government changes governments."))


def require_admin(actor: Identity, government_id: int | None) -> None:
    """Let administrators edit the bodies of their government, any of them the partners; raise `Forbidden`."""
    if is_house(actor):
        return
    allowed = (
        actor.has(Role.ADMIN) if government_id is None else government_id in actor.governments(Role.ADMIN)
    )
    if not allowed:
        raise Forbidden(_("Only an administrator of this government changes its organizations."))


def require_alias_right(actor: Identity, organization: Organization) -> None:
    """Let administrators and coordinators of that government (of any, for a partner) add aliases; raise `Forbidden`."""
    government_id = organization.government_id
    if is_house(actor):
        return
    roles = (Role.ADMIN, Role.COORDINATOR)
    allowed = actor.has(*roles) if government_id is None else government_id in actor.governments(*roles)
    if not allowed:
        raise Forbidden(_("Only an administrator or a coordinator of this government adds aliases."))


def require_any_admin(actor: Identity) -> None:
    """Let any administrator keep persons, who belong to no government; raise `Forbidden`."""
    if not is_house(actor) and not actor.has(Role.ADMIN):
        raise Forbidden(_("Only an administrator keeps the register of persons."))
