"""Reads of governments and of the regions they govern."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from collab.core.db import AnyRow, AnySelect
from collab.core.errors import NotFound
from collab.core.identity import Identity
from collab.core.page import Key
from collab.core.text import _
from collab.organizations import rules
from collab.organizations.models import Government, Region
from collab.organizations.queries.words import begins_words, closeness
from collab.organizations.vocabulary import LEVEL_WORDS, GovernmentKind, RegionLevel

SEARCH_LIMIT = 20
GOVERNMENTS_BY_CODE = (Key("code", Government.code),)
GOVERNMENTS_BY_NAME = (Key("name", Government.name), Key("id", Government.id))
REGIONS_BY_CODE = (Key("code", Region.code),)


def get_government(session: Session, government_id: int, *, identity: Identity | None) -> Government:
    """Give a government; raise `NotFound` when there is none."""
    found = session.get(Government, government_id)
    if found is None:
        raise NotFound(_("There is no such government."))
    return found


def government_by_code(session: Session, code: str) -> Government:
    """Give the government of a scope code (`19`, `62.11`, `id`); raise `NotFound`."""
    found = session.scalar(select(Government).where(Government.code == code))
    if found is None:
        raise NotFound(_("No government has the code ${code}.", mapping={"code": code[:80]}))
    return found


def is_national(session: Session, government_ids: Collection[int]) -> bool:
    """Tell whether one of the governments is the national one."""
    if not government_ids:
        return False
    statement = select(Government.id).where(
        Government.id.in_(government_ids), Government.kind == GovernmentKind.NATIONAL
    )
    return session.scalar(statement.limit(1)) is not None


def governments(session: Session, *, kinds: Collection[GovernmentKind] | None = None) -> Sequence[AnyRow]:
    """Give [(id, code, kind, name, short_name, timezone, parent_id)] of all governments, by code."""
    statement = select(
        Government.id,
        Government.code,
        Government.kind,
        Government.name,
        Government.short_name,
        Government.timezone,
        Government.parent_id,
    ).order_by(Government.code)
    return session.execute(statement.where(Government.kind.in_(kinds)) if kinds else statement).all()


def governments_listed(
    *, identity: Identity | None, text: str | None = None, kind: GovernmentKind | None = None
) -> AnySelect:
    """Select governments for the list, its exports and the API."""
    parent = aliased(Government)
    statement = select(
        Government.id,
        Government.code,
        Government.kind,
        Government.name,
        Government.short_name,
        Government.timezone,
        Government.parent_id,
        parent.short_name.label("parent_name"),
        parent.code.label("parent_code"),
        Government.region_code,
        Government.version,
    ).outerjoin(parent, parent.id == Government.parent_id)
    if kind is not None:
        statement = statement.where(Government.kind == kind)
    return statement.where(begins_words(text, Government.name, Government.short_name)) if text else statement


def find_governments(session: Session, text: str, *, identity: Identity | None) -> Sequence[AnyRow]:
    """Find governments by name: [(id, name, short_name, code)], the closest first."""
    return session.execute(
        select(Government.id, Government.name, Government.short_name, Government.code)
        .where(begins_words(text, Government.name, Government.short_name))
        .order_by(closeness(text, Government.name), Government.code)
        .limit(SEARCH_LIMIT)
    ).all()


def get_region(session: Session, code: str, *, identity: Identity | None) -> Region:
    """Give the region of a code; raise `NotFound` when there is none."""
    found = session.get(Region, code)
    if found is None:
        raise NotFound(_("There is no such region."))
    return found


def _region_rows() -> AnySelect:
    above, top = aliased(Region), aliased(Region)
    return (
        select(
            Region.code,
            Region.level,
            Region.name,
            Region.parent_code,
            above.level.label("parent_level"),
            above.name.label("parent_name"),
            top.name.label("grandparent_name"),
            Region.valid_until,
        )
        .outerjoin(above, above.code == Region.parent_code)
        .outerjoin(top, top.code == above.parent_code)
    )


def region_row(session: Session, code: str) -> AnyRow:
    """Give a region with the names of those it lies in; raise `NotFound` when there is none."""
    found = session.execute(_region_rows().where(Region.code == code)).one_or_none()
    if found is None:
        raise NotFound(_("There is no such region."))
    return found


def _full_name() -> Any:
    """Write a region's name with its class word, as people search for it: Desa Gohong."""
    words = [(Region.level == level, word) for level, word in LEVEL_WORDS.items()]
    return case(*words, else_="")


def regions_listed(
    *,
    identity: Identity | None,
    text: str | None = None,
    level: RegionLevel | None = None,
    parent_code: str | None = None,
) -> AnySelect:
    """Select regions for the API."""
    statement = _region_rows()
    if level is not None:
        statement = statement.where(Region.level == level)
    if parent_code is not None:
        statement = statement.where(Region.parent_code == parent_code)
    return statement.where(begins_words(text, _full_name(), Region.name)) if text else statement


def find_regions(session: Session, text: str, *, identity: Identity | None) -> Sequence[AnyRow]:
    """Find regions by name with or without the class word, or by code; villages of one name come all (D8)."""
    by_code = Region.code.like(f"{text}%") if text[:2].isdigit() and rules.is_region_prefix(text) else None
    wanted = by_code if by_code is not None else begins_words(text, _full_name(), Region.name)
    statement = _region_rows().where(wanted)
    return session.execute(
        statement.order_by(closeness(text, Region.name), func.length(Region.code), Region.code).limit(
            SEARCH_LIMIT
        )
    ).all()


def region_label(row: AnyRow) -> str:
    """Write a region as a choice that can be told from its homonyms: Desa Gohong, Kahayan Hilir, ... (62.11.05.2006)."""
    places = [rules.region_label(row.level, row.name)]
    if row.parent_name:
        places.append(rules.region_label(row.parent_level, row.parent_name))
    if row.grandparent_name and row.level not in (
        RegionLevel.DISTRICT,
        RegionLevel.REGENCY,
        RegionLevel.CITY,
    ):
        places.append(row.grandparent_name)
    return f"{', '.join(places)} ({row.code})"
