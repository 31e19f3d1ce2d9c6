"""Load the reference table of regions."""

import csv
from collections.abc import Iterator
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.audit.services import record
from collab.core.identity import SYSTEM, Identity
from collab.organizations.models import Region
from collab.organizations.vocabulary import RegionLevel


def load_regions(session: Session, *, actor: Identity = SYSTEM) -> int:
    """Bring the regions to the edition that comes with the application; give how many were new or changed.

    Safe to run again. A code that an edition no longer has stays: what was written with it still needs its name.
    """
    known = {region.code: region for region in session.scalars(select(Region))}
    changed = 0
    for code, level, name, parent_code in _edition():
        region = known.get(code)
        if region is None:
            session.add(Region(code=code, level=level, name=name, parent_code=parent_code))
            changed += 1
        elif (region.level, region.name, region.parent_code) != (level, name, parent_code):
            region.level, region.name, region.parent_code = level, name, parent_code
            changed += 1
    if changed:
        session.flush()  # the journal must not tell of regions that the database refuses
        record(
            session,
            actor=actor,
            tag="organizations:region:load",
            subject_kind="region",
            subject_id=None,
            subject_name="regions.csv",
            government_id=None,
            detail={"count": changed},
        )
    return changed


def _edition() -> Iterator[tuple[str, RegionLevel, str, str | None]]:
    text = files("collab.organizations").joinpath("data/regions.csv").read_text(encoding="utf-8")
    rows = sorted(csv.DictReader(text.splitlines()), key=lambda row: row["code"])  # what contains comes first
    for row in rows:
        yield row["code"], RegionLevel(row["level"]), row["name"], row["parent_code"] or None
