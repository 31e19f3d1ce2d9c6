"""The registers that can be exchanged: their columns and their rows, under somebody's rights and as of a day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from collab.agreements.views.listings import agreements as AGREEMENTS
from collab.cli.exchange.files import Row
from collab.commitments.views.listings import CHECKPOINTS, COMMITMENTS
from collab.core.identity import Grant, Identity, Role
from collab.core.page import ordered
from collab.organizations import queries as organizations
from collab.organizations.models import Government
from collab.regulations import queries as regulations
from collab.regulations.models import Regulation, RegulationRelation
from collab.web.listing import Listing

Reader = Callable[[Session, Identity, date], Iterator[Row]]


@dataclass(frozen=True)
class Kind:
    """One register: its columns, and how its rows are read; `imports` tells whether files can be taken in."""

    columns: Sequence[str]
    rows: Reader
    imports: bool = False


def whole_house(session: Session) -> Identity:
    """Give the identity of a command that reads everything: auditor, legal staff and coordinator everywhere."""
    governments = session.scalars(select(Government.id)).all()
    roles = (Role.AUDITOR, Role.LEGAL, Role.COORDINATOR)
    grants = tuple(Grant(role, government_id=number) for number in governments for role in roles)
    return Identity(user_id=None, name="system", display_name="collab", grants=grants, channel="cli")


GOVERNMENT_COLUMNS = ("code", "kind", "name", "short_name", "timezone", "parent_code", "region_code")
ORGANIZATION_COLUMNS = (
    "government_code",
    "code",
    "name",
    "short_name",
    "org_class",
    "partner_kind",
    "parent_code",
    "region_code",
    "valid_from",
    "valid_until",
    "aliases",
)
REGULATION_COLUMNS = (
    "government_code",
    "kind",
    "number",
    "year",
    "title",
    "lifecycle",
    "enacted_on",
    "promulgated_on",
    "effective_on",
    "relations",
)


def _governments(session: Session, identity: Identity, day: date) -> Iterator[Row]:
    statement = ordered(
        organizations.governments_listed(identity=identity), organizations.GOVERNMENTS_BY_CODE
    )
    for row in session.execute(statement):
        yield {name: row._mapping[name] for name in GOVERNMENT_COLUMNS}


def _organizations(session: Session, identity: Identity, day: date) -> Iterator[Row]:
    statement = ordered(organizations.listed(identity=identity), organizations.BY_GOVERNMENT)
    for row in session.execute(statement):
        values = {name: row._mapping[name] for name in ORGANIZATION_COLUMNS if name != "aliases"}
        yield values | {"aliases": sorted(row.alias_lines.split("\n")) if row.alias_lines else []}


def _regulations(session: Session, identity: Identity, day: date) -> Iterator[Row]:
    governments = session.execute(select(Government.id, Government.code))
    codes: dict[int, str] = {row.id: row.code for row in governments}
    relations = relations_by_source(session)
    statement = ordered(regulations.listing(identity=identity, day=day), regulations.ORDERS["oldest"])
    for row in session.execute(statement):
        values = {
            name: row._mapping[name]
            for name in REGULATION_COLUMNS
            if name not in ("government_code", "relations")
        }
        yield {"government_code": codes[row.government_id], **values, "relations": relations.get(row.id, [])}


def relations_by_source(session: Session) -> dict[int, list[str]]:
    """Give {regulation id: [what it does, as text]} such as ``implements 19 perda_prov 13/2017``."""
    target = aliased(Regulation)
    rows = session.execute(
        select(
            RegulationRelation.source_id,
            RegulationRelation.kind,
            RegulationRelation.effective_on,
            Government.code,
            target.kind.label("target_kind"),
            target.number,
            target.year,
        )
        .join(target, target.id == RegulationRelation.target_id)
        .join(Government, Government.id == target.government_id)
        .where(target.number.is_not(None))
        .order_by(RegulationRelation.source_id, RegulationRelation.id)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        words = [row.kind, row.code, row.target_kind, f"{row.number}/{row.year}", row.effective_on]
        found.setdefault(row.source_id, []).append(" ".join(str(word) for word in words if word))
    return found


def _listed(listing: Listing) -> Kind:
    """Export what a page lists, with all filters open."""
    columns = [column.name for column in listing.columns]

    def rows(session: Session, identity: Identity, day: date) -> Iterator[Row]:
        request: Any = SimpleNamespace(identity=identity, as_of=day, db=session, GET={}, context=None)
        open_filters = {node.name: None for node in listing.filters().children}
        keys = next(iter(listing.orders.values()))
        for row in session.execute(ordered(listing.select(request, open_filters), keys)):
            yield {column.name: column.value(row) for column in listing.columns}

    return Kind(columns, rows)


KINDS: dict[str, Kind] = {
    "governments": Kind(GOVERNMENT_COLUMNS, _governments, imports=True),
    "organizations": Kind(ORGANIZATION_COLUMNS, _organizations, imports=True),
    "regulations": Kind(REGULATION_COLUMNS, _regulations, imports=True),
    "agreements": _listed(AGREEMENTS),
    "commitments": _listed(COMMITMENTS),
    "checkpoints": _listed(CHECKPOINTS),
}
