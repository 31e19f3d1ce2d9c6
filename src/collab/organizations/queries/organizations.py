"""Reads of organizations: one by id or code, the tree of units, agencies, lists and search."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from collab.core.db import AnyRow, AnySelect
from collab.core.errors import NotFound
from collab.core.identity import Identity
from collab.core.page import Key
from collab.core.text import _
from collab.organizations.models import Government, Organization, OrganizationName, Region
from collab.organizations.queries.governments import government_by_code
from collab.organizations.queries.words import begins_words, closeness
from collab.organizations.vocabulary import AGENCY_CLASSES, PARTNER_SCOPE, NameKind, OrganizationClass

SEARCH_LIMIT = 20
#: Orders of the list: by name, or by government and name.
BY_NAME = (Key("name", Organization.name), Key("id", Organization.id))
BY_GOVERNMENT = (Key("government_sort", func.coalesce(Government.short_name, "")), *BY_NAME)


@dataclass(frozen=True)
class Tree:
    """One unit in a government's tree: its row and how deep it stands (0: at the top)."""

    row: AnyRow
    depth: int


def get(session: Session, organization_id: int, *, identity: Identity | None) -> Organization:
    """Give an organization; raise `NotFound` when there is none."""
    found = session.get(Organization, organization_id)
    if found is None:
        raise NotFound(_("There is no such organization."))
    return found


def exists(
    session: Session, organization_id: int, *, classes: Collection[OrganizationClass] | None = None
) -> bool:
    """Tell whether an organization (of one of the classes) exists."""
    statement = select(Organization.id).where(Organization.id == organization_id)
    if classes is not None:
        statement = statement.where(Organization.org_class.in_(classes))
    return session.scalar(statement) is not None


def by_code(session: Session, code: str) -> Organization:
    """Give the organization of a scope code, `19/pertanian` or `partner/okeoce`; raise `NotFound`."""
    government_code, _slash, own = code.partition("/")
    statement = select(Organization).where(Organization.code == own)
    if government_code == PARTNER_SCOPE:
        statement = statement.where(Organization.government_id.is_(None))
    else:
        statement = statement.join(Government, Government.id == Organization.government_id).where(
            Government.code == government_code
        )
    found = session.scalar(statement)
    if found is None:
        raise NotFound(_("No organization has the code ${code}.", mapping={"code": code[:80]}))
    return found


def by_scope(session: Session, code: str) -> Government | Organization:
    """Give the government (`19`) or the organization (`19/pertanian`) of a scope code; raise `NotFound`."""
    return by_code(session, code) if "/" in code else government_by_code(session, code)


def root_of(session: Session, government_id: int) -> Organization:
    """Give a government's own root organization, the legal party (PP 28/2018 art. 2)."""
    return session.scalars(
        select(Organization).where(
            Organization.government_id == government_id,
            Organization.org_class == OrganizationClass.GOVERNMENT,
        )
    ).one()


def codes_taken(session: Session, government_id: int | None) -> set[str]:
    """List the codes used in a government, or among the partners."""
    return set(session.scalars(select(Organization.code).where(_of_government(government_id))))


def _of_government(government_id: int | None) -> ColumnElement[bool]:
    return (
        Organization.government_id.is_(None)
        if government_id is None
        else Organization.government_id == government_id
    )


def descendants(session: Session, organization_id: int) -> frozenset[int]:
    """Give the ids of a unit and of all units below it."""
    below = select(Organization.id).where(Organization.id == organization_id).cte(recursive=True)
    # UNION, not UNION ALL: a circle, if one ever came to be, ends.
    below = below.union(select(Organization.id).join(below, Organization.parent_id == below.c.id))
    return frozenset(session.scalars(select(below.c.id)))


def ancestors(session: Session, organization_id: int) -> list[AnyRow]:
    """Give [(id, name, short_name, org_class)] of the units above one, the nearest first."""
    above = (
        select(Organization.id, Organization.parent_id)
        .where(Organization.id == organization_id)
        .cte(recursive=True)
    )
    above = above.union(
        select(Organization.id, Organization.parent_id).join(above, Organization.id == above.c.parent_id)
    )
    rows = session.execute(
        select(
            Organization.id,
            Organization.name,
            Organization.short_name,
            Organization.org_class,
            Organization.parent_id,
        ).where(Organization.id.in_(select(above.c.id)))
    ).all()
    by_id = {row.id: row for row in rows}
    chain: list[AnyRow] = []
    current = by_id.get(organization_id)
    while current is not None and current.parent_id in by_id and by_id[current.parent_id] not in chain:
        current = by_id[current.parent_id]
        chain.append(current)
    return chain


def agency_of(session: Session, organization_id: int) -> int | None:
    """Give the id of the agency (Perangkat Daerah) that a unit is or belongs to; None outside any."""
    own = session.scalar(select(Organization.org_class).where(Organization.id == organization_id))
    if own in AGENCY_CLASSES:
        return organization_id
    return next(
        (row.id for row in ancestors(session, organization_id) if row.org_class in AGENCY_CLASSES), None
    )


def agencies_of(session: Session, government_id: int, *, day: date | None = None) -> Sequence[AnyRow]:
    """Give [(id, code, name, short_name, org_class, valid_from, valid_until)] of a government's agencies, by name.

    With `day` only those that exist on it (both ends of their validity included).
    """
    statement = (
        select(
            Organization.id,
            Organization.code,
            Organization.name,
            Organization.short_name,
            Organization.org_class,
            Organization.valid_from,
            Organization.valid_until,
        )
        .where(Organization.government_id == government_id, Organization.org_class.in_(AGENCY_CLASSES))
        .order_by(Organization.name, Organization.id)
    )
    return session.execute(statement.where(existing_on(day)) if day else statement).all()


def existing_on(day: date) -> ColumnElement[bool]:
    """Say that an organization exists on a day, both ends included."""
    return (func.coalesce(Organization.valid_from, day) <= day) & (
        func.coalesce(Organization.valid_until, day) >= day
    )


def tree(session: Session, government_id: int) -> list[Tree]:
    """Give all units of a government, each under the one it belongs to, by name; its root organization first."""
    rows = session.execute(
        select(
            Organization.id,
            Organization.parent_id,
            Organization.name,
            Organization.short_name,
            Organization.org_class,
            Organization.valid_until,
        )
        .where(Organization.government_id == government_id)
        .order_by(Organization.org_class != OrganizationClass.GOVERNMENT, Organization.name, Organization.id)
    ).all()
    known = {row.id for row in rows}
    below: dict[int | None, list[AnyRow]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    laid: list[Tree] = []
    pending = [Tree(row, 0) for row in reversed(below.get(None, []))]
    while pending:
        current = pending.pop()
        laid.append(current)
        pending += [Tree(row, current.depth + 1) for row in reversed(below.get(current.row.id, []))]
    return laid


def children_of(session: Session, organization_id: int) -> Sequence[AnyRow]:
    """Give [(id, name, short_name, org_class, valid_until)] of the units directly below one, by name."""
    return session.execute(
        select(
            Organization.id,
            Organization.name,
            Organization.short_name,
            Organization.org_class,
            Organization.valid_until,
        )
        .where(Organization.parent_id == organization_id)
        .order_by(Organization.name, Organization.id)
    ).all()


def named(text: str) -> ColumnElement[bool]:
    """Say that an organization has, or had, a name with words that begin like the words of `text`."""
    return or_(begins_words(text, Organization.name, Organization.short_name), _other_name(text).exists())


def _other_name(text: str) -> AnySelect:
    return (
        select(func.min(OrganizationName.name))
        .where(
            OrganizationName.organization_id == Organization.id,
            begins_words(text, OrganizationName.name, OrganizationName.short_name),
        )
        .group_by(OrganizationName.organization_id)
        .correlate(Organization)
    )


def listed(
    *,
    identity: Identity | None,
    government_id: int | None = None,
    org_class: OrganizationClass | None = None,
    text: str | None = None,
) -> AnySelect:
    """Select organizations of every class for the list, its exports and the API.

    `alias_lines` holds the other printed forms, one a line.
    """
    parent = aliased(Organization)
    aliases = (
        select(func.aggregate_strings(OrganizationName.name, "\n"))
        .where(OrganizationName.organization_id == Organization.id, OrganizationName.kind == NameKind.ALIAS)
        .correlate(Organization)
        .scalar_subquery()
    )
    statement = (
        select(
            Organization.id,
            Organization.code,
            Organization.name,
            Organization.short_name,
            Organization.org_class,
            Organization.partner_kind,
            Organization.government_id,
            Government.code.label("government_code"),
            Government.short_name.label("government_name"),
            func.coalesce(Government.short_name, "").label("government_sort"),
            Organization.parent_id,
            parent.name.label("parent_name"),
            parent.code.label("parent_code"),
            Organization.region_code,
            Region.name.label("region_name"),
            Region.level.label("region_level"),
            Organization.valid_from,
            Organization.valid_until,
            Organization.version,
            aliases.label("alias_lines"),
        )
        .outerjoin(Government, Government.id == Organization.government_id)
        .outerjoin(parent, parent.id == Organization.parent_id)
        .outerjoin(Region, Region.code == Organization.region_code)
    )
    if government_id is not None:
        statement = statement.where(Organization.government_id == government_id)
    if org_class is not None:
        statement = statement.where(Organization.org_class == org_class)
    return statement.where(named(text)) if text else statement


def search(
    session: Session,
    text: str,
    *,
    identity: Identity | None,
    government_id: int | None = None,
    with_partners: bool = True,
    classes: Collection[OrganizationClass] | None = None,
    limit: int = SEARCH_LIMIT,
) -> Sequence[AnyRow]:
    """Find organizations by official names, old names, aliases and short names; each once, the closest first.

    Rows carry government and region, so that homonyms can be told apart; `matched` is the other printed form that
    fits where the present name does not. With `government_id`: its bodies, and the partners unless told otherwise.
    """
    statement = (
        select(
            Organization.id,
            Organization.name,
            Organization.short_name,
            Organization.org_class,
            Organization.valid_until,
            Government.short_name.label("government_name"),
            Region.name.label("region_name"),
            Organization.region_code,
            case(
                (begins_words(text, Organization.name, Organization.short_name), None),
                else_=_other_name(text).scalar_subquery(),
            ).label("matched"),
        )
        .outerjoin(Government, Government.id == Organization.government_id)
        .outerjoin(Region, Region.code == Organization.region_code)
        .where(named(text))
        .order_by(
            closeness(text, Organization.name),
            Organization.valid_until.is_not(None),
            Organization.name,
            Organization.id,
        )
        .limit(limit)
    )
    if government_id is not None:
        own = Organization.government_id == government_id
        statement = statement.where(or_(own, Organization.government_id.is_(None)) if with_partners else own)
    if classes is not None:
        statement = statement.where(Organization.org_class.in_(classes))
    return session.execute(statement).all()


def visible_ids(session: Session, identity: Identity, ids: Collection[int]) -> Sequence[int]:
    """Give those of some organizations that exist: every signed-in user may read them (for the search)."""
    return session.scalars(select(Organization.id).where(Organization.id.in_(ids))).all()
