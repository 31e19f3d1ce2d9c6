"""Reads of persons, posts and who holds them on a day."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session, joinedload

from collab.core.db import AnyRow, AnySelect
from collab.core.errors import NotFound
from collab.core.identity import Identity
from collab.core.page import Key
from collab.core.text import _
from collab.organizations import rules
from collab.organizations.models import Government, Organization, Person, Position, PositionHolding
from collab.organizations.queries.words import begins_words, closeness

SEARCH_LIMIT = 20
PERSONS_BY_NAME = (Key("name", Person.name), Key("id", Person.id))
POSITIONS_BY_TITLE = (Key("title", Position.title), Key("id", Position.id))
HOLDINGS_NEWEST = (
    Key("valid_from", PositionHolding.valid_from, descending=True),
    Key("id", PositionHolding.id, descending=True),
)


def get_person(session: Session, person_id: int, *, identity: Identity | None) -> Person:
    """Give a person; raise `NotFound` when there is none."""
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound(_("There is no such person."))
    return found


def get_position(session: Session, position_id: int, *, identity: Identity | None) -> Position:
    """Give a position with its organization loaded; raise `NotFound` when there is none."""
    found = session.get(Position, position_id, options=[joinedload(Position.organization)])
    if found is None:
        raise NotFound(_("There is no such position."))
    return found


def get_holding(session: Session, holding_id: int, *, identity: Identity | None) -> PositionHolding:
    """Give a holding with its person, position and organization loaded; raise `NotFound` when there is none."""
    options = [
        joinedload(PositionHolding.person),
        joinedload(PositionHolding.position).joinedload(Position.organization),
    ]
    found = session.get(PositionHolding, holding_id, options=options)
    if found is None:
        raise NotFound(_("There is no such term of office."))
    return found


def held_on(day: date) -> ColumnElement[bool]:
    """Say that a holding covers a day, both ends included."""
    return (PositionHolding.valid_from <= day) & (func.coalesce(PositionHolding.valid_until, day) >= day)


def _holdings() -> AnySelect:
    return (
        select(
            PositionHolding.id,
            PositionHolding.position_id,
            Position.title,
            Position.is_head,
            Position.organization_id,
            Organization.name.label("organization_name"),
            Organization.government_id,
            PositionHolding.person_id,
            Person.name.label("person_name"),
            PositionHolding.holding_kind,
            PositionHolding.valid_from,
            PositionHolding.valid_until,
            PositionHolding.decree,
            PositionHolding.version,
        )
        .join(Position, Position.id == PositionHolding.position_id)
        .join(Organization, Organization.id == Position.organization_id)
        .join(Person, Person.id == PositionHolding.person_id)
    )


def holdings_listed(
    *,
    identity: Identity | None,
    organization_id: int | None = None,
    position_id: int | None = None,
    person_id: int | None = None,
    day: date | None = None,
) -> AnySelect:
    """Select terms of office; with `day` those that cover it."""
    wanted: list[ColumnElement[bool]] = []
    if organization_id is not None:
        wanted.append(Position.organization_id == organization_id)
    if position_id is not None:
        wanted.append(PositionHolding.position_id == position_id)
    if person_id is not None:
        wanted.append(PositionHolding.person_id == person_id)
    if day is not None:
        wanted.append(held_on(day))
    return _holdings().where(*wanted)


def holders_on(session: Session, organization_id: int, day: date) -> Sequence[AnyRow]:
    """Give who holds which post of an organization on a day: heads first, who acts before who holds for good."""
    rows = session.execute(holdings_listed(identity=None, organization_id=organization_id, day=day)).all()
    return sorted(rows, key=_standing)


def _standing(row: AnyRow) -> tuple[bool, str, int, int]:
    return (not row.is_head, row.title, rules.precedence(row.holding_kind), -row.id)


def heads_on(session: Session, organization_ids: Collection[int], day: date) -> dict[int, AnyRow]:
    """Give {organization id: the holding by which it is headed on a day}; absent where the post is vacant."""
    rows = session.execute(
        _holdings().where(Position.organization_id.in_(organization_ids), Position.is_head, held_on(day))
    ).all()
    return {row.organization_id: row for row in sorted(rows, key=_standing, reverse=True)}


def head_on(session: Session, organization_id: int, day: date) -> AnyRow | None:
    """Give the holding by which an organization is headed on a day; None when nobody does."""
    return heads_on(session, [organization_id], day).get(organization_id)


def vacant_positions(
    session: Session,
    day: date,
    *,
    government_id: int | None = None,
    organization_ids: Collection[int] | None = None,
    heads_only: bool = False,
) -> Sequence[AnyRow]:
    """Give [(id, title, is_head, organization_id, organization_name)] of posts that nobody holds on a day."""
    holding = select(PositionHolding.id).where(PositionHolding.position_id == Position.id, held_on(day))
    statement = (
        select(
            Position.id,
            Position.title,
            Position.is_head,
            Position.organization_id,
            Organization.name.label("organization_name"),
        )
        .join(Organization, Organization.id == Position.organization_id)
        .where(not_(holding.exists()), func.coalesce(Organization.valid_until, day) >= day)
        .order_by(Organization.name, Position.is_head.desc(), Position.title)
    )
    if government_id is not None:
        statement = statement.where(Organization.government_id == government_id)
    if organization_ids is not None:
        statement = statement.where(Position.organization_id.in_(organization_ids))
    return session.execute(statement.where(Position.is_head) if heads_only else statement).all()


def positions_of(session: Session, organization_id: int) -> Sequence[AnyRow]:
    """Give [(id, title, is_head)] of an organization's posts, the head first."""
    return session.execute(
        select(Position.id, Position.title, Position.is_head)
        .where(Position.organization_id == organization_id)
        .order_by(Position.is_head.desc(), Position.title)
    ).all()


def holdings_of_position(session: Session, position_id: int) -> Sequence[AnyRow]:
    """Give every term of office of a position, newest first."""
    statement = holdings_listed(identity=None, position_id=position_id)
    return session.execute(
        statement.order_by(PositionHolding.valid_from.desc(), PositionHolding.id.desc())
    ).all()


def holdings_of_person(session: Session, person_id: int) -> Sequence[AnyRow]:
    """Give every term of office of a person, newest first."""
    statement = holdings_listed(identity=None, person_id=person_id)
    return session.execute(
        statement.order_by(PositionHolding.valid_from.desc(), PositionHolding.id.desc())
    ).all()


def persons_listed(*, identity: Identity | None, text: str | None = None, day: date) -> AnySelect:
    """Select persons; `offices` holds what they are on a day, one a line."""
    office = (
        select(func.aggregate_strings(Position.title + ", " + Organization.name, "\n"))
        .join(PositionHolding, PositionHolding.position_id == Position.id)
        .join(Organization, Organization.id == Position.organization_id)
        .where(PositionHolding.person_id == Person.id, held_on(day))
        .correlate(Person)
        .scalar_subquery()
    )
    statement = select(Person.id, Person.name, Person.aliases, Person.version, office.label("offices"))
    return statement.where(begins_words(text, Person.name, Person.aliases)) if text else statement


def positions_listed(
    *, identity: Identity | None, text: str | None = None, organization_id: int | None = None
) -> AnySelect:
    """Select positions with their organization."""
    statement = (
        select(
            Position.id,
            Position.title,
            Position.is_head,
            Position.organization_id,
            Organization.name.label("organization_name"),
            Organization.government_id,
            Government.short_name.label("government_name"),
            Position.version,
        )
        .join(Organization, Organization.id == Position.organization_id)
        .outerjoin(Government, Government.id == Organization.government_id)
    )
    if organization_id is not None:
        statement = statement.where(Position.organization_id == organization_id)
    return statement.where(begins_words(text, Position.title, Organization.name)) if text else statement


def find_persons(session: Session, text: str, *, identity: Identity | None, day: date) -> Sequence[AnyRow]:
    """Find persons by any printed form of their name, the closest first."""
    statement = persons_listed(identity=identity, text=text, day=day)
    return session.execute(
        statement.order_by(closeness(text, Person.name), Person.name, Person.id).limit(SEARCH_LIMIT)
    ).all()


def find_positions(
    session: Session, text: str, *, identity: Identity | None, organization_id: int | None = None
) -> Sequence[AnyRow]:
    """Find positions by words of the title and of the organization's name, the closest first."""
    statement = positions_listed(identity=identity, text=text, organization_id=organization_id)
    return session.execute(
        statement.order_by(closeness(text, Position.title), Position.title, Position.id).limit(SEARCH_LIMIT)
    ).all()


def person_label(row: AnyRow) -> str:
    """Write a person as a choice, with what they are: homonyms are told apart by office."""
    return f"{row.name} · {row.offices.splitlines()[0]}" if row.offices else str(row.name)


def position_label(row: AnyRow) -> str:
    """Write a position as a choice: Kepala Dinas · Dinas Pertanian · Pemprov Babel."""
    return " · ".join(part for part in (row.title, row.organization_name, row.government_name) if part)
