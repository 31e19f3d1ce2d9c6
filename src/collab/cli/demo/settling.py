"""Who there is: governments, organizations, persons, positions and the demo's accounts.

What no article states is marked "contoh" in its name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from collab.auth import services as accounts
from collab.cli.demo.play import HOUSE, Play
from collab.core.identity import Identity, Role
from collab.organizations import services
from collab.organizations.queries import find_regions, root_of
from collab.organizations.vocabulary import (
    GovernmentKind,
    HoldingKind,
    OrganizationClass,
    PartnerKind,
    RegionLevel,
)

#: The house is opened before the first fact happens.
FIRST_DAY = date(2021, 3, 1)
PASSWORD = "Sinergi-Daerah-2026"
ADMIN = "admin"
ADMINISTERED = ("id", "19", "62", "64", "62.11")
ROOT = "pemerintah"

#: Organizations that no article names but that the accounts and the comparison need: (scope, class, name, parent).
EXAMPLES: tuple[tuple[str, str, str, str | None], ...] = (
    ("19/setda", "secretariat", "Sekretariat Daerah Provinsi Kepulauan Bangka Belitung", None),
    ("19/adpim", "unit", "Biro Administrasi Pimpinan (contoh)", "19/setda"),
    ("19/kerjasama", "unit", "Biro Pemerintahan dan Kerja Sama (contoh)", "19/setda"),
    ("19/hukum", "unit", "Biro Hukum (contoh)", "19/setda"),
    ("19/inspektorat", "inspectorate", "Inspektorat Daerah (contoh)", None),
    ("19/bappeda", "badan", "Badan Perencanaan Pembangunan Daerah (contoh)", None),
    ("19/budpar", "dinas", "Dinas Kebudayaan dan Pariwisata (contoh)", None),
    ("19/dkp", "dinas", "Dinas Kelautan dan Perikanan (contoh)", None),
    ("19/pendidikan", "dinas", "Dinas Pendidikan (contoh)", None),
    ("19/kesehatan", "dinas", "Dinas Kesehatan (contoh)", None),
    ("19/naker", "dinas", "Dinas Tenaga Kerja (contoh)", None),
    ("19/dpmptsp", "dinas", "Dinas Penanaman Modal dan PTSP (contoh)", None),
    ("19/dpmd", "dinas", "Dinas Pemberdayaan Masyarakat dan Desa (contoh)", None),
    ("62/kerjasama", "unit", "Biro Pemerintahan dan Kerja Sama (contoh)", "62/setda"),
    ("62/hukum", "unit", "Biro Hukum (contoh)", "62/setda"),
    ("62/inspektorat", "inspectorate", "Inspektorat Daerah (contoh)", None),
    ("64/adpim", "unit", "Biro Administrasi Pimpinan (contoh)", "64/setda"),
    ("64/kerjasama", "unit", "Biro Pemerintahan dan Kerja Sama (contoh)", "64/setda"),
    ("64/hukum", "unit", "Biro Hukum (contoh)", "64/setda"),
    ("64/inspektorat", "inspectorate", "Inspektorat Daerah (contoh)", None),
    ("64/bappeda", "badan", "Badan Perencanaan Pembangunan Daerah (contoh)", None),
)
EXAMPLE_PARTNER = ("partner/kampus", "Universitas Mitra Daerah (contoh)", PartnerKind.ORGANIZATION)

PLACES = {"19": "babel", "62": "kalteng", "64": "kaltim"}
#: Who holds a role for a whole government: (role, unit, title).
STAFF = (
    (Role.MONITOR, "adpim", "Pemantau kinerja"),
    (Role.COORDINATOR, "kerjasama", "Sekretaris TKKSD"),
    (Role.LEGAL, "hukum", "Perancang peraturan"),
    (Role.AUDITOR, "inspektorat", "Auditor"),
)
#: Organizations whose liaisons have an account. The first of each province are those of the manual.
LIAISONS = {
    "19": (
        "kopukm",
        "perindag",
        "pertanian",
        "kominfo",
        "bappeda",
        "budpar",
        "dkp",
        "pendidikan",
        "kesehatan",
        "naker",
        "dpmptsp",
        "dpmd",
    ),
    "62": ("kopukm", "budpar", "kominfo"),
}

#: How units that are known by initials write themselves.
SHOWN = {"dkp": "DKP", "dpmd": "DPMD", "dpmptsp": "DPMPTSP", "kopukm": "KopUKM"}


@dataclass(frozen=True)
class Account:
    """One account of the demo and what it may do."""

    name: str
    role: Role
    #: Scope of the role.
    scope: str
    #: Organization of its position.
    unit: str
    title: str
    shown: str


def all_accounts() -> list[Account]:
    """List the accounts beside the administrator's."""
    found = []
    for code, place in PLACES.items():
        for role, unit, title in STAFF:
            shown = f"{title} {place.capitalize()} (contoh)"
            found.append(Account(f"{role}.{place}", role, code, f"{code}/{unit}", title, shown))
        for unit in LIAISONS.get(code, ()):
            shown = f"Narahubung {SHOWN.get(unit, unit.capitalize())} {place.capitalize()} (contoh)"
            scope = f"{code}/{unit}"
            found.append(Account(f"liaison.{unit}.{place}", Role.LIAISON, scope, scope, "Narahubung", shown))
    partner = "partner/okeoce"
    found.append(
        Account("partner.okeoce", Role.PARTNER, partner, partner, "Narahubung", "Narahubung OKE OCE (contoh)")
    )
    return found


def plan(play: Play, facts: Mapping[str, Any], *, password_hash: str) -> None:
    """Put the settling of the house into the agenda."""
    play.on(FIRST_DAY, HOUSE, lambda session, actor: _governments(play, session, actor, facts), hour=7)
    play.on(FIRST_DAY, HOUSE, lambda session, actor: _administrator(session, actor, password_hash), hour=7)
    play.on(
        FIRST_DAY,
        ADMIN,
        lambda session, actor: _organizations(play, session, actor, facts["organizations"]),
        hour=8,
    )
    play.on(FIRST_DAY, ADMIN, lambda session, actor: _examples(play, session, actor), hour=8)
    for account in all_accounts():
        play.on(FIRST_DAY, ADMIN, _account(play, account, password_hash), hour=10)
    for seen in facts["people"]:
        play.on(date.fromisoformat(seen["seen"][0]), ADMIN, _person(play, seen), hour=7)


def _governments(play: Play, session: Session, actor: Identity, facts: Mapping[str, Any]) -> None:
    services.load_regions(session, actor=actor)
    for values in facts["governments"]:
        _government(play, session, actor, values)
    for code in facts["regencies_of"]:
        zone = next(row["zone"] for row in facts["governments"] if row["code"] == code)
        for region in find_regions(session, f"{code}.", identity=None):
            if region.level in (RegionLevel.REGENCY, RegionLevel.CITY):
                kind = GovernmentKind.CITY if region.level is RegionLevel.CITY else GovernmentKind.REGENCY
                name = {"name": f"Pemerintah {region.name}", "short_name": region.name}
                _government(
                    play,
                    session,
                    actor,
                    {"code": region.code, "kind": kind, "zone": zone, "parent": code, **name},
                )


def _government(play: Play, session: Session, actor: Identity, values: Mapping[str, Any]) -> None:
    code = values["code"]
    made = services.create_government(
        session,
        actor=actor,
        code=code,
        kind=GovernmentKind(values["kind"]),
        name=values["name"],
        short_name=values["short_name"],
        timezone=values["zone"],
        parent_id=play.ids[values["parent"]] if "parent" in values else None,
        region_code=None if code == "id" else code,
    )
    play.ids[code] = made.id
    play.ids[f"{code}/{ROOT}"] = root_of(session, made.id).id


def _administrator(session: Session, actor: Identity, password_hash: str) -> None:
    made = accounts.create_user(
        session, name=ADMIN, display_name="Administrator (contoh)", actor=actor, password_hash=password_hash
    )
    for code in ADMINISTERED:
        accounts.assign_role(session, role=Role.ADMIN, scope=code, actor=actor, user_id=made.id)


def _organizations(play: Play, session: Session, actor: Identity, rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        government, code = row["at"].split("/")
        made = services.create_organization(
            session,
            actor=actor,
            name=row["name"],
            org_class=OrganizationClass(row["class"]),
            short_name=row.get("short_name"),
            government_id=None if government == "partner" else play.ids[government],
            parent_id=play.ids[row["parent"]] if row.get("parent") else None,
            code=code,
            region_code=row.get("region"),
            aliases=row.get("aliases", ()),
        )
        play.ids[row["at"]] = made.id


def _examples(play: Play, session: Session, actor: Identity) -> None:
    rows = [{"at": at, "class": kind, "name": name, "parent": parent} for at, kind, name, parent in EXAMPLES]
    _organizations(play, session, actor, rows)
    at, name, kind = EXAMPLE_PARTNER
    made = services.create_organization(
        session,
        actor=actor,
        name=name,
        org_class=OrganizationClass.PARTNER,
        partner_kind=kind,
        code=at.split("/")[1],
    )
    play.ids[at] = made.id


def _account(play: Play, account: Account, password_hash: str) -> Any:
    def act(session: Session, actor: Identity) -> None:
        person = services.create_person(session, actor=actor, name=account.shown)
        position = services.create_position(
            session, actor=actor, organization_id=play.ids[account.unit], title=f"{account.title} (contoh)"
        )
        services.hold_position(
            session,
            actor=actor,
            person_id=person.id,
            position_id=position.id,
            holding_kind=HoldingKind.DEFINITIVE,
            valid_from=FIRST_DAY,
        )
        accounts.create_user(
            session,
            name=account.name,
            display_name=account.shown,
            actor=actor,
            password_hash=password_hash,
            person_id=person.id,
        )
        accounts.assign_role(
            session, role=account.role, scope=account.scope, actor=actor, position_id=position.id
        )

    return act


def _person(play: Play, seen: Mapping[str, Any]) -> Any:
    """Enter a person in the position of an article, for the days on which the articles show it."""

    def act(session: Session, actor: Identity) -> None:
        key = f"person/{seen['person']}"
        if key not in play.ids:
            made = services.create_person(
                session, actor=actor, name=seen["person"], aliases=seen.get("aliases")
            )
            play.ids[key] = made.id
        position = services.create_position(
            session,
            actor=actor,
            organization_id=play.ids[seen["at"]],
            title=seen["position"],
            is_head=seen.get("head", False),
        )
        first, last = (date.fromisoformat(day) for day in seen["seen"])
        services.hold_position(
            session,
            actor=actor,
            person_id=play.ids[key],
            position_id=position.id,
            holding_kind=HoldingKind.DEFINITIVE,
            valid_from=first,
            valid_until=last,
        )

    return act
