"""Names of organizations through time, how they are labelled, and what came before and after them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from collab.core.db import AnyRow, AnySelect
from collab.organizations.models import Government, Organization, OrganizationName, Region, Succession
from collab.organizations.rules import DatedName
from collab.organizations.rules import name_on as rule_name_on
from collab.organizations.vocabulary import NameKind


@dataclass(frozen=True)
class Named:
    """The printed forms of one organization: official ones oldest first, then the aliases as they came."""

    official: Sequence[DatedName]
    aliases: Sequence[DatedName]


def names_of(session: Session, organization_id: int) -> Named:
    """Give all printed forms of an organization."""
    names = _dated(session, [organization_id]).get(organization_id, [])
    official = [name for name in names if name.kind is NameKind.OFFICIAL]
    official.sort(key=lambda name: (name.valid_from or date.min, name.id))
    return Named(official, [name for name in names if name.kind is NameKind.ALIAS])


def names_on(
    session: Session, organization_ids: Collection[int], day: date, *, known_before: datetime | None = None
) -> dict[int, str]:
    """Give {id: official name in force on a day}; with `known_before` as written by that instant."""
    dated = _dated(session, organization_ids, known_before=known_before)
    found = {key: rule_name_on(names, day) for key, names in dated.items()}
    return {key: name.name for key, name in found.items() if name is not None}


def name_on(
    session: Session, organization: Organization, day: date, *, known_before: datetime | None = None
) -> str:
    """Give the official name that an organization had on a day; its present one when none is known."""
    return names_on(session, [organization.id], day, known_before=known_before).get(
        organization.id, organization.name
    )


def _dated(
    session: Session, organization_ids: Collection[int], *, known_before: datetime | None = None
) -> dict[int, list[DatedName]]:
    columns = (
        OrganizationName.id,
        OrganizationName.kind,
        OrganizationName.name,
        OrganizationName.short_name,
        OrganizationName.valid_from,
    )
    statement = select(OrganizationName.organization_id, *columns).where(
        OrganizationName.organization_id.in_(organization_ids)
    )
    if known_before is not None:
        statement = statement.where(OrganizationName.recorded_at < known_before)
    found: dict[int, list[DatedName]] = {}
    for row in session.execute(statement.order_by(OrganizationName.id)):
        dated = DatedName(row.id, row.kind, row.name, row.short_name, row.valid_from)
        found.setdefault(row.organization_id, []).append(dated)
    return found


def labels(session: Session, organization_ids: Collection[int]) -> dict[int, str]:
    """Give {id: name with its government or region}, by which homonyms can be told apart in forms."""
    if not organization_ids:
        return {}
    statement = (
        select(
            Organization.id,
            Organization.name,
            Organization.org_class,
            Government.short_name.label("government_name"),
            Region.name.label("region_name"),
            Organization.region_code,
        )
        .outerjoin(Government, Government.id == Organization.government_id)
        .outerjoin(Region, Region.code == Organization.region_code)
        .where(Organization.id.in_(organization_ids))
    )
    return {row.id: label(row) for row in session.execute(statement)}


def label(row: AnyRow) -> str:
    """Write an organization's row as a choice: Dinas Pertanian · Pemprov Babel; Perangkat Desa Gohong · Gohong (62...)."""
    region = f"{row.region_name} ({row.region_code})" if row.region_name else None
    parts = [row.name, row.government_name, region]
    return " · ".join(part for part in parts if part)


def successions_of(session: Session, organization_id: int) -> Sequence[AnyRow]:
    """Give what an organization came from and what became of it, oldest first.

    Rows: (kind, effective_on, predecessor_id, predecessor_name, successor_id, successor_name).
    """
    before, after = aliased(Organization), aliased(Organization)
    statement: AnySelect = (
        select(
            Succession.kind,
            Succession.effective_on,
            Succession.predecessor_id,
            before.name.label("predecessor_name"),
            Succession.successor_id,
            after.name.label("successor_name"),
        )
        .join(before, before.id == Succession.predecessor_id)
        .join(after, after.id == Succession.successor_id)
        .where(or_(Succession.predecessor_id == organization_id, Succession.successor_id == organization_id))
        .order_by(Succession.effective_on, Succession.id)
    )
    return session.execute(statement).all()
