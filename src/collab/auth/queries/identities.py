"""Load who asks: account, effective roles of the local day and the units they reach, in at most three statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Date, Integer, and_, bindparam, func, select, union_all
from sqlalchemy.orm import Session, aliased

from collab.auth.models import ApiToken, LoginSession, RoleAssignment, User
from collab.auth.rules import days_around, digest, holds_on
from collab.core import clock
from collab.core.db import AnyRow, AnySelect
from collab.core.identity import Grant, Identity
from collab.organizations.models import Government, Organization, Position, PositionHolding
from collab.organizations.vocabulary import GovernmentKind, HoldingKind, OrganizationClass

DEFAULT_ZONE = "Asia/Jakarta"
_PREFIXES = {HoldingKind.PLT: "Plt.", HoldingKind.PLH: "Plh.", HoldingKind.PJ: "Pj."}


@dataclass(frozen=True)
class _Home:
    government_id: int | None = None
    zone: str = DEFAULT_ZONE
    name: str | None = None


def load_identity(
    session: Session,
    *,
    session_token: str | None = None,
    bearer: str | None = None,
    now: datetime,
    address: str | None = None,
) -> Identity | None:
    """Give the identity of a browser's or an API client's secret; None if it is unknown, ended, expired or inactive.

    Roles count that hold on the local day of their own government: the user's, and those of each position that
    the user's person holds on that day, so that a deputy (Plh.) gains them and a leaver loses them unasked.
    """
    if bearer is not None:
        account = session.execute(_by_token(digest(bearer), now)).one_or_none()
        channel = "api"
    elif session_token is not None:
        account = session.execute(_by_session(digest(session_token), now)).one_or_none()
        channel = "web"
    else:
        return None
    return _identity(session, account, channel, now, address) if account else None


def identity_for_user(
    session: Session, user_id: int, *, channel: str = "cli", now: datetime | None = None
) -> Identity | None:
    """Give the identity of an active user for commands and tasks; None if there is no such user."""
    account = session.execute(_account().where(User.id == user_id, User.is_active)).one_or_none()
    return _identity(session, account, channel, now or clock.now(), None) if account else None


def _account(*columns: Any) -> AnySelect:
    return select(
        User.id,
        User.name,
        User.display_name,
        User.person_id,
        User.locale,
        User.must_change_password,
        *columns,
    )


def _by_session(token_hash: str, now: datetime) -> AnySelect:
    return (
        _account(LoginSession.id.label("session_id"))
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(
            LoginSession.token_hash == token_hash,
            LoginSession.ended_at.is_(None),
            LoginSession.expires_at > now,
            User.is_active,
        )
    )


def _by_token(token_hash: str, now: datetime) -> AnySelect:
    return (
        _account(ApiToken.id.label("token_id"))
        .join(ApiToken, ApiToken.user_id == User.id)
        .where(
            ApiToken.token_hash == token_hash,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            User.is_active,
        )
    )


def _identity(
    session: Session, account: AnyRow, channel: str, now: datetime, address: str | None
) -> Identity:
    earliest, latest = days_around(now)
    given = {
        "user_id": account.id,
        "person_id": account.person_id,
        "earliest": earliest,
        "latest": latest,
    }
    rows = _effective(session.execute(_ASSIGNMENTS, given).all(), now)
    units = _descendants(session, {row.organization_id for row in rows if row.organization_id is not None})
    home = next(
        (_Home(row.home_id, row.zone, row.home_name) for row in rows if row.home_id is not None), _Home()
    )
    found = account._mapping
    return Identity(
        user_id=account.id,
        name=account.name,
        display_name=account.display_name,
        grants=tuple(_grant(row, units) for row in rows),
        channel=channel,
        address=address,
        session_id=found.get("session_id"),
        token_id=found.get("token_id"),
        locale=account.locale,
        home_government_id=home.government_id,
        home_zone=home.zone,
        home_government_name=home.name,
        must_change_password=account.must_change_password,
    )


def _every_assignment() -> AnySelect:
    """Write the statement of every assignment that may hold today in some zone, with scope, position and holding.

    Built once: it runs with every request, and writing it costs more than running it.
    """
    scope, unit, root = aliased(Organization), aliased(Organization), aliased(Organization)
    user_id, person_id = bindparam("user_id", type_=Integer), bindparam("person_id", type_=Integer)
    earliest, latest = bindparam("earliest", type_=Date), bindparam("latest", type_=Date)
    held = select(RoleAssignment.id).join(
        PositionHolding, PositionHolding.position_id == RoleAssignment.position_id
    )
    own = union_all(
        select(RoleAssignment.id).where(RoleAssignment.user_id == user_id),
        held.where(PositionHolding.person_id == person_id),
    )
    root_id = (
        select(func.min(root.id))
        .where(
            root.government_id == RoleAssignment.government_id, root.org_class == OrganizationClass.GOVERNMENT
        )
        .scalar_subquery()
    )
    return (
        select(
            RoleAssignment.id,
            RoleAssignment.role,
            RoleAssignment.user_id,
            RoleAssignment.government_id,
            RoleAssignment.organization_id,
            RoleAssignment.valid_from,
            RoleAssignment.valid_until,
            func.coalesce(
                RoleAssignment.acting_organization_id,
                Position.organization_id,
                RoleAssignment.organization_id,
                root_id,
            ).label("acting_id"),
            Position.title.label("position_title"),
            unit.name.label("unit_name"),
            unit.short_name.label("unit_short_name"),
            PositionHolding.holding_kind,
            PositionHolding.valid_from.label("held_from"),
            PositionHolding.valid_until.label("held_until"),
            Government.id.label("home_id"),
            Government.timezone.label("zone"),
            Government.kind.label("home_kind"),
            Government.short_name.label("home_name"),
        )
        .outerjoin(Position, Position.id == RoleAssignment.position_id)
        .outerjoin(unit, unit.id == Position.organization_id)
        .outerjoin(
            PositionHolding,
            and_(
                PositionHolding.position_id == RoleAssignment.position_id,
                PositionHolding.person_id == person_id,
            ),
        )
        .outerjoin(scope, scope.id == RoleAssignment.organization_id)
        .outerjoin(
            Government, Government.id == func.coalesce(RoleAssignment.government_id, scope.government_id)
        )
        .where(
            RoleAssignment.id.in_(own),
            RoleAssignment.valid_from <= latest,
            func.coalesce(RoleAssignment.valid_until, earliest) >= earliest,
        )
        .order_by(RoleAssignment.id, PositionHolding.id)
    )


_ASSIGNMENTS = _every_assignment()


def _effective(rows: Iterable[AnyRow], now: datetime) -> list[AnyRow]:
    """Keep each assignment that holds on the local day of its own government, once."""
    kept: dict[int, AnyRow] = {}
    for row in rows:
        day = clock.local_day(now, row.zone or DEFAULT_ZONE)
        held = row.user_id is not None or (
            row.held_from is not None and holds_on(day, row.held_from, row.held_until)
        )
        if held and holds_on(day, row.valid_from, row.valid_until):
            kept.setdefault(row.id, row)
    return list(kept.values())


def _descendants(session: Session, scopes: set[int]) -> dict[int, frozenset[int]]:
    """Give each scope with all units below it."""
    if not scopes:
        return {}
    tree = (
        select(Organization.id.label("scope_id"), Organization.id.label("unit_id"))
        .where(Organization.id.in_(scopes))
        .cte("tree", recursive=True)
    )
    below = select(tree.c.scope_id, Organization.id).join(
        Organization, Organization.parent_id == tree.c.unit_id
    )
    tree = tree.union(below)  # not ALL: a circle of parents must end
    found: dict[int, set[int]] = {scope: set() for scope in scopes}
    for scope_id, unit_id in session.execute(select(tree.c.scope_id, tree.c.unit_id)):
        found[scope_id].add(unit_id)
    return {scope: frozenset(units) for scope, units in found.items()}


def _grant(row: AnyRow, units: dict[int, frozenset[int]]) -> Grant:
    return Grant(
        role=row.role,
        government_id=row.government_id,
        organization_id=row.organization_id,
        organization_ids=units.get(row.organization_id, frozenset()),
        acting_organization_id=row.acting_id,
        position_title=_title(row),
        is_national=row.government_id is not None and row.home_kind is GovernmentKind.NATIONAL,
    )


def _title(row: AnyRow) -> str | None:
    """Write the position as signed: capacity, title, and the unit where the title does not name it."""
    if row.position_title is None:
        return None
    prefix = _PREFIXES.get(row.holding_kind)
    title = f"{prefix} {row.position_title}" if prefix else str(row.position_title)
    unit = row.unit_short_name or row.unit_name
    named = any(name and name.casefold() in title.casefold() for name in (row.unit_name, row.unit_short_name))
    return (title if named or not unit else f"{title}, {unit}")[:300]
