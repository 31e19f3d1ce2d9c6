"""Dated role assignments with the names of their scopes, and the scopes an administrator may give."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, func, literal, or_, select, true
from sqlalchemy.orm import Session, aliased

from collab.auth.models import RoleAssignment
from collab.core import clock
from collab.core.db import AnyRow, AnySelect
from collab.core.errors import NotFound
from collab.core.identity import SYSTEM, Identity, Role
from collab.core.text import _
from collab.organizations.models import Government, Organization, Position, PositionHolding
from collab.organizations.vocabulary import OrganizationClass

PARTNERS = "partner"


@dataclass(frozen=True)
class Scope:
    """Where a role holds: a whole government, or one organization with its units; partners have no government."""

    code: str
    name: str
    government_id: int | None
    organization_id: int | None
    org_class: OrganizationClass | None
    zone: str


@dataclass(frozen=True)
class AssignmentContext:
    """One assignment as a page's context."""

    id: int
    user_id: int | None
    position_id: int | None
    is_manageable: bool
    version: int


def administered(identity: Identity) -> ColumnElement[bool]:
    """Say that an administrator keeps a government: their own, or every one for an administrator of the nation."""
    if identity == SYSTEM or identity.is_national(Role.ADMIN):
        return true()
    return Government.id.in_(identity.governments(Role.ADMIN))


def scope_by_code(session: Session, code: str) -> Scope | None:
    """Read a scope code: ``19``, ``19/pertanian`` or, for a partner, ``partner/okeoce``; None if there is none."""
    first, _slash, rest = code.strip().partition("/")
    if not rest:
        government = session.execute(select(Government).where(Government.code == first)).scalar_one_or_none()
        return (
            Scope(first, government.name, government.id, None, None, government.timezone)
            if government
            else None
        )
    statement = select(Organization, Government.timezone).outerjoin(
        Government, Government.id == Organization.government_id
    )
    statement = statement.where(Organization.code == rest)
    if first == PARTNERS:
        statement = statement.where(Organization.government_id.is_(None))
    else:
        statement = statement.where(Government.code == first)
    row = session.execute(statement.order_by(Organization.id).limit(1)).one_or_none()
    if row is None:
        return None
    unit, zone = row
    return Scope(code.strip(), unit.name, unit.government_id, unit.id, unit.org_class, zone or "Asia/Jakarta")


def is_administered(government_id: int | None, *, identity: Identity) -> bool:
    """Tell whether an administrator keeps a government; what has none (partners) every administrator keeps."""
    if identity == SYSTEM or identity.is_national(Role.ADMIN):
        return True
    return (
        identity.has(Role.ADMIN)
        if government_id is None
        else government_id in identity.governments(Role.ADMIN)
    )


def holds_office_elsewhere(session: Session, person_id: int, *, identity: Identity) -> bool:
    """Tell whether a person holds, or will hold, a post of a government that this administrator does not keep."""
    if identity == SYSTEM or identity.is_national(Role.ADMIN):
        return False
    statement = (
        select(PositionHolding.id)
        .join(Position, Position.id == PositionHolding.position_id)
        .join(Organization, Organization.id == Position.organization_id)
        .where(
            PositionHolding.person_id == person_id,
            Organization.government_id.not_in(identity.governments(Role.ADMIN)),
            or_(PositionHolding.valid_until.is_(None), PositionHolding.valid_until >= yesterday()),
        )
    )
    return session.scalar(statement.limit(1)) is not None


def yesterday() -> date:
    """Give a day that is over in no zone's view of a right ending yesterday."""
    return clock.now().date() - timedelta(days=1)


def scope_choices(session: Session, *, identity: Identity) -> list[tuple[str, str]]:
    """Offer the scopes an administrator may give, as [(code, name)]: governments, then organizations, then partners."""
    governments = session.execute(
        select(Government.code, Government.name).where(administered(identity)).order_by(Government.code)
    ).all()
    code = case(
        (Organization.government_id.is_(None), literal(f"{PARTNERS}/") + Organization.code),
        else_=Government.code + "/" + Organization.code,
    )
    units = session.execute(
        select(code, Organization.name, Government.short_name)
        .outerjoin(Government, Government.id == Organization.government_id)
        .where(
            Organization.valid_until.is_(None),
            Organization.org_class != OrganizationClass.GOVERNMENT,
            or_(Organization.government_id.is_(None), administered(identity)),
        )
        .order_by(Government.code, Organization.name, Organization.id)
        .limit(2000)
    ).all()
    return [(c, n) for c, n in governments] + [(c, f"{n} · {g}" if g else n) for c, n, g in units]


def position_choices(session: Session, *, identity: Identity) -> list[tuple[str, str]]:
    """Offer the positions of the governments an administrator keeps, as [(id, title and unit)]."""
    rows = session.execute(
        select(Position.id, Position.title, Organization.name)
        .join(Organization, Organization.id == Position.organization_id)
        .outerjoin(Government, Government.id == Organization.government_id)
        .where(or_(Organization.government_id.is_(None), administered(identity)))
        .order_by(Organization.name, Position.title, Position.id)
        .limit(2000)
    )
    return [(str(row.id), f"{row.title} · {row.name}") for row in rows]


def _assignments() -> AnySelect:
    scope, acting, unit = aliased(Organization), aliased(Organization), aliased(Organization)
    place = case(
        (RoleAssignment.government_id.is_not(None), Government.code),
        (scope.government_id.is_(None), literal(f"{PARTNERS}/") + scope.code),
        else_=Government.code + "/" + scope.code,
    )
    return (
        select(
            RoleAssignment.id,
            RoleAssignment.user_id,
            RoleAssignment.position_id,
            RoleAssignment.role,
            place.label("scope_code"),
            func.coalesce(scope.name, Government.name).label("scope_name"),
            Government.id.label("government_id"),
            Government.timezone.label("zone"),
            acting.name.label("acting_name"),
            Position.title.label("position_title"),
            unit.name.label("unit_name"),
            RoleAssignment.valid_from,
            RoleAssignment.valid_until,
            RoleAssignment.version,
        )
        .outerjoin(scope, scope.id == RoleAssignment.organization_id)
        .outerjoin(
            Government, Government.id == func.coalesce(RoleAssignment.government_id, scope.government_id)
        )
        .outerjoin(acting, acting.id == RoleAssignment.acting_organization_id)
        .outerjoin(Position, Position.id == RoleAssignment.position_id)
        .outerjoin(unit, unit.id == Position.organization_id)
    )


def assignments_of(session: Session, user_id: int) -> list[AnyRow]:
    """List the roles given to an account itself, the newest first."""
    statement = _assignments().where(RoleAssignment.user_id == user_id)
    return list(
        session.execute(statement.order_by(RoleAssignment.valid_from.desc(), RoleAssignment.id.desc()))
    )


def assignments_by_position(session: Session, person_id: int | None) -> list[AnyRow]:
    """List the roles that come with positions a person holds or held, with `held_from` and `held_until`."""
    if person_id is None:
        return []
    statement = (
        _assignments()
        .add_columns(
            PositionHolding.holding_kind,
            PositionHolding.valid_from.label("held_from"),
            PositionHolding.valid_until.label("held_until"),
        )
        .join(PositionHolding, PositionHolding.position_id == RoleAssignment.position_id)
        .where(PositionHolding.person_id == person_id)
        .order_by(PositionHolding.valid_from.desc(), RoleAssignment.id)
    )
    return list(session.execute(statement))


def position_assignments(session: Session, *, identity: Identity) -> list[AnyRow]:
    """List the roles given to positions in the governments an administrator keeps."""
    statement = _assignments().where(
        RoleAssignment.position_id.is_not(None), or_(Government.id.is_(None), administered(identity))
    )
    return list(
        session.execute(
            statement.order_by(Position.organization_id, Position.title, RoleAssignment.id).limit(500)
        )
    )


def assignment(session: Session, assignment_id: int, *, identity: Identity) -> AssignmentContext:
    """Give an assignment as a context; raise `NotFound` for one in a government the administrator does not keep."""
    statement = _assignments().add_columns(administered(identity).label("is_mine"))
    row = session.execute(statement.where(RoleAssignment.id == assignment_id)).one_or_none()
    if row is None or not identity.has(Role.ADMIN) or not (row.is_mine or row.government_id is None):
        raise NotFound(_("There is no such role, or another government keeps it."))
    return AssignmentContext(row.id, row.user_id, row.position_id, True, row.version)
