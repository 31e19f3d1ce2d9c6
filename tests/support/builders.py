"""Rows for tests, made by the services themselves: small functions, each with sensible values for what is not said.

Add yours below; a builder calls one service, acts as the house unless told otherwise, and returns the row.
"""

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from collab.core.identity import SYSTEM, Grant, Identity, Role
from collab.organizations import services as organizations
from collab.organizations.models import Government, Organization, Person, Position, PositionHolding
from collab.organizations.vocabulary import GovernmentKind, HoldingKind, OrganizationClass

_numbers = count(1)


# -- who acts ------------------------------------------------------------------------------------------------


def acting(role: Role, government: Government | int | None = None, **kw: Any) -> Identity:
    """Give an identity that holds one role for a government (without a user: services only)."""
    government_id = government.id if isinstance(government, Government) else government
    grant = Grant(role, government_id=government_id, **kw)
    return Identity(user_id=None, name=str(role), display_name=str(role).title(), grants=(grant,))


def acting_in(role: Role, organization: Organization, *below: Organization) -> Identity:
    """Give an identity that holds one role for an organization and what lies below it."""
    units = frozenset({organization.id, *(unit.id for unit in below)})
    grant = Grant(
        role,
        organization_id=organization.id,
        organization_ids=units,
        acting_organization_id=organization.id,
    )
    return Identity(user_id=None, name=str(role), display_name=str(role).title(), grants=(grant,))


# -- organizations -------------------------------------------------------------------------------------------


def government(session: Session, code: str = "19", **values: Any) -> Government:
    """Make a government; a nation for `id`, a province for two digits, else a regency."""
    kinds = {0: GovernmentKind.PROVINCE, 1: GovernmentKind.REGENCY}
    kind = GovernmentKind.NATIONAL if code == "id" else kinds[code.count(".")]
    defaults = {"kind": kind, "name": f"Pemerintah {code}", "short_name": code, "timezone": "Asia/Jakarta"}
    return organizations.create_government(session, actor=SYSTEM, code=code, **{**defaults, **values})


def organization(session: Session, owner: Government | None = None, **values: Any) -> Organization:
    """Make an organization: a dinas of `owner`, a partner without one."""
    defaults = {
        "name": f"Dinas Contoh {next(_numbers)}",
        "org_class": OrganizationClass.PARTNER if owner is None else OrganizationClass.DINAS,
        "government_id": owner.id if owner else None,
    }
    return organizations.create_organization(session, actor=SYSTEM, **{**defaults, **values})


def person(session: Session, name: str = "Elfiyena", **values: Any) -> Person:
    """Enter a person."""
    return organizations.create_person(session, actor=SYSTEM, name=name, **values)


def position(session: Session, owner: Organization, title: str = "Kepala Dinas", **values: Any) -> Position:
    """Make a post, the head unless told otherwise."""
    return organizations.create_position(
        session, actor=SYSTEM, organization_id=owner.id, title=title, **{"is_head": True, **values}
    )


def holding(
    session: Session, who: Person, post: Position, kind: HoldingKind = HoldingKind.DEFINITIVE, **values: Any
) -> PositionHolding:
    """Let a person hold a post, since 2024 unless told otherwise."""
    return organizations.hold_position(
        session,
        actor=SYSTEM,
        person_id=who.id,
        position_id=post.id,
        holding_kind=kind,
        **{"valid_from": date(2024, 1, 1), **values},
    )
