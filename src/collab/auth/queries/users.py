"""Accounts as an administrator sees them, and one's own sessions and tokens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    String,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from collab.auth.models import ApiToken, LoginSession, RoleAssignment, User
from collab.auth.queries.roles import yesterday
from collab.core import clock
from collab.core.db import AnyRow, AnySelect
from collab.core.errors import NotFound
from collab.core.identity import SYSTEM, Identity, Role
from collab.core.page import Key
from collab.core.text import _
from collab.organizations.models import Government, Organization, Person, PositionHolding


@dataclass(frozen=True)
class Account:
    """One account as an administrator may see it; `is_manageable` says whether it may be changed."""

    id: int
    name: str
    display_name: str
    person_id: int | None
    person_name: str | None
    locale: str
    is_active: bool
    must_change_password: bool
    has_password: bool
    version: int
    is_manageable: bool


def _held() -> CompoundSelect[Any]:
    """Give (user, assignment, government, from, until) for own roles and those of held positions."""
    scope = aliased(Organization)
    government = func.coalesce(RoleAssignment.government_id, scope.government_id).label("government_id")
    own = (
        select(RoleAssignment.user_id.label("user_id"), RoleAssignment.id.label("assignment_id"), government)
        .add_columns(RoleAssignment.valid_from, RoleAssignment.valid_until)
        .outerjoin(scope, scope.id == RoleAssignment.organization_id)
        .where(RoleAssignment.user_id.is_not(None))
    )
    by_position = (
        select(User.id, RoleAssignment.id, government)
        .add_columns(
            case(
                (PositionHolding.valid_from > RoleAssignment.valid_from, PositionHolding.valid_from),
                else_=RoleAssignment.valid_from,
            ),
            func.coalesce(
                case(
                    (PositionHolding.valid_until < RoleAssignment.valid_until, PositionHolding.valid_until),
                    else_=RoleAssignment.valid_until,
                ),
                PositionHolding.valid_until,
            ),
        )
        .join(PositionHolding, PositionHolding.person_id == User.person_id)
        .join(RoleAssignment, RoleAssignment.position_id == PositionHolding.position_id)
        .outerjoin(scope, scope.id == RoleAssignment.organization_id)
    )
    return union_all(own, by_position)


def visible(identity: Identity) -> ColumnElement[bool]:
    """Say that an administrator may see an account: a role in their governments, a partner's, or no role at all."""
    if identity == SYSTEM or identity.is_national(Role.ADMIN):
        return true()
    held = _held().subquery("held")
    mine = select(held.c.user_id).where(held.c.user_id == User.id)
    governments = identity.governments(Role.ADMIN)
    return or_(
        mine.where(or_(held.c.government_id.in_(governments), held.c.government_id.is_(None))).exists(),
        ~mine.exists(),
    )


def manageable(identity: Identity) -> ColumnElement[bool]:
    """Say that an administrator may change an account: no present or coming role lies outside their governments."""
    if identity == SYSTEM or identity.is_national(Role.ADMIN):
        return true()
    held = _held().subquery("held_elsewhere")
    elsewhere = select(held.c.user_id).where(
        held.c.user_id == User.id,
        held.c.government_id.not_in(identity.governments(Role.ADMIN)),
        or_(held.c.valid_until.is_(None), held.c.valid_until >= yesterday()),
    )
    return ~elsewhere.exists()


def _roles_text() -> ColumnElement[str]:
    """Give an account's present roles as text, ``liaison 19/kopukm, monitor 62``."""
    held = _held().subquery("held_now")
    role, scope, government = aliased(RoleAssignment), aliased(Organization), aliased(Government)
    place = case(
        (role.government_id.is_not(None), government.code),
        (scope.government_id.is_(None), literal("partner/") + scope.code),
        else_=government.code + "/" + scope.code,
    )
    today = clock.now().date()
    return (
        select(func.aggregate_strings(cast(role.role, String) + " " + place, ", "))
        .select_from(held)
        .join(role, role.id == held.c.assignment_id)
        .outerjoin(scope, scope.id == role.organization_id)
        .outerjoin(government, government.id == held.c.government_id)
        .where(
            held.c.user_id == User.id,
            held.c.valid_from <= today,
            or_(held.c.valid_until.is_(None), held.c.valid_until >= today),
        )
        .scalar_subquery()
    )


def users(
    identity: Identity, *, text: str | None = None, role: Role | None = None, is_active: bool | None = None
) -> AnySelect:
    """List the accounts an administrator may see: id, name, display_name, is_active, roles, last_seen_at, version."""
    roles = _roles_text()
    seen = select(func.max(LoginSession.created_at)).where(LoginSession.user_id == User.id).scalar_subquery()
    statement = select(
        User.id,
        User.name,
        User.display_name,
        User.is_active,
        User.locale,
        func.coalesce(roles, "").label("roles"),
        seen.label("last_seen_at"),
        User.version,
    ).where(visible(identity))
    if text:
        statement = statement.where(
            or_(
                User.name.icontains(text, autoescape=True), User.display_name.icontains(text, autoescape=True)
            )
        )
    if role is not None:
        held = _held().subquery("held_role")
        among = select(held.c.user_id).join(RoleAssignment, RoleAssignment.id == held.c.assignment_id)
        among = among.where(
            RoleAssignment.role == role,
            or_(held.c.valid_until.is_(None), held.c.valid_until >= clock.now().date()),
        )
        statement = statement.where(User.id.in_(among))
    if is_active is not None:
        statement = statement.where(User.is_active.is_(is_active))
    return statement


def account(session: Session, user_id: int, *, identity: Identity) -> Account:
    """Give one account; raise `NotFound` for one that does not exist or is kept by another government."""
    row = session.execute(
        select(User, Person.name, manageable(identity))
        .outerjoin(Person, Person.id == User.person_id)
        .where(User.id == user_id, visible(identity))
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such account, or another government keeps it."))
    user, person_name, may_manage = row
    return Account(
        id=user.id,
        name=user.name,
        display_name=user.display_name,
        person_id=user.person_id,
        person_name=person_name,
        locale=user.locale,
        is_active=user.is_active,
        must_change_password=user.must_change_password,
        has_password=user.password_hash is not None,
        version=user.version,
        is_manageable=bool(may_manage),
    )


def user(session: Session, user_id: int) -> User:
    """Give the row of an account, to be changed."""
    found = session.get(User, user_id)
    if found is None:
        raise NotFound(_("There is no such account."))
    return found


def by_name(session: Session, name: str) -> User | None:
    """Give the account of a name, for commands."""
    return session.scalar(select(User).where(User.name == name.strip().casefold()))


def home_government(session: Session, user_id: int) -> int | None:
    """Give the government whose journal an account's own acts belong to: that of its first role."""
    held = _held().subquery("held_first")
    statement = select(held.c.government_id).where(
        held.c.user_id == user_id, held.c.government_id.is_not(None)
    )
    found: int | None = session.scalar(statement.order_by(held.c.assignment_id).limit(1))
    return found


def own_sessions(session: Session, user_id: int, *, now: datetime) -> list[AnyRow]:
    """List the open sessions of an account, newest first."""
    return list(
        session.execute(
            select(
                LoginSession.id,
                LoginSession.created_at,
                LoginSession.expires_at,
                LoginSession.address,
                LoginSession.agent,
            )
            .where(
                LoginSession.user_id == user_id,
                LoginSession.ended_at.is_(None),
                LoginSession.expires_at > now,
            )
            .order_by(LoginSession.created_at.desc(), LoginSession.id.desc())
            .limit(100)
        )
    )


def tokens(identity: Identity) -> AnySelect:
    """List the tokens of one's own account: id, title, created_at, expires_at, revoked_at."""
    return select(
        ApiToken.id, ApiToken.title, ApiToken.created_at, ApiToken.expires_at, ApiToken.revoked_at
    ).where(ApiToken.user_id == identity.user_id)


def own_tokens(session: Session, identity: Identity) -> list[AnyRow]:
    """List one's own tokens, newest first."""
    return list(session.execute(tokens(identity).order_by(ApiToken.id.desc()).limit(100)))


def persons(session: Session, text: str | None = None) -> list[tuple[str, str]]:
    """Offer persons as [(id, name)] for a choice, at most two hundred."""
    statement = select(Person.id, Person.name).order_by(Person.name, Person.id).limit(200)
    if text:
        statement = statement.where(Person.name.icontains(text, autoescape=True))
    return [(str(row.id), row.name) for row in session.execute(statement)]


#: Orders of the list of accounts, and of one's own tokens.
USER_ORDERS = {
    "name": [Key("name", User.name)],
    "-name": [Key("name", User.name, descending=True)],
    "display_name": [Key("display_name", User.display_name), Key("id", User.id)],
    "-display_name": [Key("display_name", User.display_name, descending=True), Key("id", User.id)],
}
TOKEN_ORDERS = {"-created": [Key("id", ApiToken.id, descending=True)]}
