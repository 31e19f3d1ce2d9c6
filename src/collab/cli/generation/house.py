"""Settle the house by its services: the nation, its provinces, their agencies and partners, and who works there."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from collab.auth import services as accounts
from collab.cli.generation.scale import Scale
from collab.core import clock
from collab.core.db import unit_of_work
from collab.core.identity import SYSTEM, Role
from collab.organizations import services
from collab.organizations.models import Region
from collab.organizations.queries import root_of
from collab.organizations.vocabulary import (
    GovernmentKind,
    OrganizationClass,
    PartnerKind,
    RegionLevel,
)

PASSWORD = "Sinergi-Daerah-2026"
NATION = "id"
#: Years of facts before the last day.
YEARS = 4
_LEVELS = {
    RegionLevel.PROVINCE: GovernmentKind.PROVINCE,
    RegionLevel.REGENCY: GovernmentKind.REGENCY,
    RegionLevel.CITY: GovernmentKind.CITY,
}
#: Kepulauan Bangka Belitung comes first; the others follow by their code.
_FIRST = "19"
_CLASSES = (OrganizationClass.DINAS, OrganizationClass.DINAS, OrganizationClass.BADAN)
_MATTERS = (
    "Koperasi dan Usaha Kecil Menengah", "Perindustrian dan Perdagangan", "Pertanian dan Ketahanan Pangan",
    "Komunikasi dan Informatika", "Kebudayaan dan Pariwisata", "Kelautan dan Perikanan", "Pendidikan",
    "Kesehatan", "Tenaga Kerja", "Penanaman Modal", "Pemberdayaan Masyarakat", "Perhubungan",
    "Pekerjaan Umum", "Lingkungan Hidup", "Kehutanan", "Energi", "Sosial", "Kepemudaan dan Olahraga",
    "Perpustakaan", "Pengelola Keuangan",
)  # fmt: skip


@dataclass(frozen=True)
class Province:
    """A settled government: the ids that facts refer to."""

    code: str
    zone: str
    government_id: int
    root_id: int
    root_name: str
    #: Agencies, the busiest first, with who reports for each.
    agencies: tuple[tuple[int, str, int], ...]
    partners: tuple[tuple[int, str], ...]
    coordinator_id: int
    coordinator_unit_id: int
    monitor_id: int


def zone_of(code: str) -> str:
    """Give the zone of a region's code: Kalimantan is split, the east follows."""
    if code[:2] in ("61", "62"):
        return "Asia/Pontianak"
    if code[0] in "567":
        return "Asia/Makassar"
    return "Asia/Jayapura" if code[0] in "89" else "Asia/Jakarta"


def first_day(last: date) -> date:
    """Give the day on which the house is settled."""
    return date(last.year - YEARS, 1, 1)


def settle(
    sessions: sessionmaker[Session], scale: Scale, last: date, *, password_hash: str
) -> tuple[int, list[Province]]:
    """Make the governments with all that belongs to them, in the past: (the nation's id, the provinces)."""
    morning = datetime.combine(first_day(last), time(7), ZoneInfo("Asia/Jakarta"))
    with clock.travel(morning), unit_of_work(sessions) as session:
        services.load_regions(session, actor=SYSTEM)
        nation = _government(session, NATION, GovernmentKind.NATIONAL, "Republik Indonesia", None)
        account(session, "admin", Role.ADMIN, NATION, password_hash)
        made: dict[str, int] = {}
        settled = []
        for region in _regions(session, scale.provinces):
            parent = made.get(region.parent_code or "", nation)
            name = f"{'Provinsi ' if region.parent_code is None else ''}{region.name}"
            made[region.code] = _government(session, region.code, _LEVELS[region.level], name, parent)
            settled.append(_province(session, scale, region, made[region.code], password_hash))
    return nation, settled


def _regions(session: Session, count: int) -> list[Region]:
    found = session.scalars(select(Region).where(Region.level.in_(_LEVELS)).order_by(Region.code)).all()
    order = sorted(
        found, key=lambda row: (row.level is not RegionLevel.PROVINCE, row.code[:2] != _FIRST, row.code)
    )
    return order[:count]


def _government(session: Session, code: str, kind: GovernmentKind, name: str, parent_id: int | None) -> int:
    made = services.create_government(
        session,
        actor=SYSTEM,
        code=code,
        kind=kind,
        name=name,
        short_name=name[:60],
        timezone="Asia/Jakarta" if code == NATION else zone_of(code),
        parent_id=parent_id,
        region_code=None if code == NATION else code,
    )
    return made.id


def _province(
    session: Session, scale: Scale, region: Region, government_id: int, password_hash: str
) -> Province:
    code, root = region.code, root_of(session, government_id)

    def organization(slug: str, kind: OrganizationClass, name: str, **more: Any) -> int:
        made = services.create_organization(
            session,
            actor=SYSTEM,
            name=f"{name} (contoh)",
            org_class=kind,
            code=slug,
            government_id=None if kind is OrganizationClass.PARTNER else government_id,
            **more,
        )
        return made.id

    setda = organization("setda", OrganizationClass.SECRETARIAT, f"Sekretariat Daerah {region.name}")
    desk = organization(
        "kerjasama", OrganizationClass.UNIT, f"Biro Kerja Sama {region.name}", parent_id=setda
    )
    users = {
        role: account(session, f"{role}.{code}", role, code, password_hash, acting=desk if role is Role.COORDINATOR else None)
        for role in (Role.MONITOR, Role.COORDINATOR, Role.LEGAL, Role.AUDITOR)
    }  # fmt: skip
    agencies = []
    for number in range(1, scale.agencies + 1):
        kind = _CLASSES[number % len(_CLASSES)]
        name = f"{kind.value.capitalize()} {_MATTERS[number % len(_MATTERS)]} {number} {region.name}"
        unit = organization(f"opd{number}", kind, name)
        reporter = account(
            session, f"liaison.{number}.{code}", Role.LIAISON, f"{code}/opd{number}", password_hash
        )
        agencies.append((unit, name, reporter))
    partners = []
    for number in range(1, scale.partners + 1):
        name = f"Mitra {number} {region.name}"
        slug = f"mitra{number}-{code.replace('.', '-')}"
        partner = organization(slug, OrganizationClass.PARTNER, name, partner_kind=PartnerKind.ORGANIZATION)
        partners.append((partner, name))
    return Province(
        code=code,
        zone=zone_of(code),
        government_id=government_id,
        root_id=root.id,
        root_name=root.name,
        agencies=tuple(agencies),
        partners=tuple(partners),
        coordinator_id=users[Role.COORDINATOR],
        coordinator_unit_id=desk,
        monitor_id=users[Role.MONITOR],
    )


def account(
    session: Session, name: str, role: Role, scope: str, password_hash: str, *, acting: int | None = None
) -> int:
    """Make an account with one role."""
    made = accounts.create_user(
        session, name=name, display_name=f"{name} (contoh)", actor=SYSTEM, password_hash=password_hash
    )
    accounts.assign_role(
        session, role=role, scope=scope, actor=SYSTEM, user_id=made.id, acting_organization_id=acting
    )
    return made.id
