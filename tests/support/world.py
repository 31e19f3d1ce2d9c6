"""One small world for every test: governments, agencies, a partner, and a user of each role in each government.

Fixtures (tests/conftest.py), all on both databases:

- ``world``: the composed application on a fresh database that holds the world, committed. ``world.client("monitor.babel")``
  is a WebTest browser signed in through the sign-in page (``world.client()``: nobody); ``world.program("legal.babel")``
  calls the API with a bearer token; ``world.token_for(name)`` is such a token; ``world.sign_in(testapp, name)`` signs an
  existing browser in; ``world.session()`` is a writing session committed at the end of its block;
  ``world.counting()`` collects the statements sent meanwhile; ``world.restart()`` composes the application anew.
- ``people``: the same rows inside the rolled-back ``session``, for tests of services and queries.

Both give ids and identities by name: ``.government("19")``, ``.organization("19/kopukm")``, ``.organization("okeoce")``,
``.user("admin")``, ``.identity(session, "liaison.kopukm.babel")``.

Governments: ``id`` (nation), ``19`` (Asia/Jakarta), ``62`` (Asia/Pontianak), ``62.11`` (regency). Organizations of 19 and
62: kopukm, perindag, pertanian, budpar, kominfo, setda with the biro hukum and kerjasama below it; each government's
root has the code ``pemerintah``. Users: ``admin`` (nation); ``admin. monitor. coordinator. legal. auditor.`` with ``babel``,
``kalteng`` and ``pulpis`` (62.11); ``liaison.{kopukm,perindag,pertanian,budpar,kominfo,setda}.{babel,kalteng}``; ``partner.okeoce``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import webtest
from sqlalchemy import event
from sqlalchemy.orm import Session

from collab import compose
from collab.auth import queries, services
from collab.auth.models import ApiToken, RoleAssignment, User
from collab.auth.rules import digest
from collab.core import clock, settings
from collab.core.identity import GOVERNMENT_ROLES, Identity, Role
from collab.core.storage import LocalFileStore
from collab.organizations.models import Government, Organization, Region
from collab.organizations.vocabulary import GovernmentKind, OrganizationClass, PartnerKind, RegionLevel

PASSWORD = "Sinergi-Daerah-2026"
#: Desks that the roles of a government act for: who acts for the whole government judges nobody inside it.
DESKS = {Role.COORDINATOR: "kerjasama", Role.LEGAL: "hukum"}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FIRST_DAY = date(2020, 1, 1)

GOVERNMENTS = (
    ("id", GovernmentKind.NATIONAL, "Republik Indonesia", "Indonesia", "Asia/Jakarta", None, "pusat"),
    (
        "19",
        GovernmentKind.PROVINCE,
        "Provinsi Kepulauan Bangka Belitung",
        "Babel",
        "Asia/Jakarta",
        "id",
        "babel",
    ),
    (
        "62",
        GovernmentKind.PROVINCE,
        "Provinsi Kalimantan Tengah",
        "Kalteng",
        "Asia/Pontianak",
        "id",
        "kalteng",
    ),
    (
        "62.11",
        GovernmentKind.REGENCY,
        "Kabupaten Pulang Pisau",
        "Pulang Pisau",
        "Asia/Pontianak",
        "62",
        "pulpis",
    ),
)
AGENCIES = (
    ("kopukm", "Dinas Koperasi dan Usaha Kecil Menengah", "DKUKM"),
    ("perindag", "Dinas Perindustrian dan Perdagangan", "Disperindag"),
    ("pertanian", "Dinas Pertanian dan Ketahanan Pangan", "Distan"),
    ("budpar", "Dinas Kebudayaan dan Pariwisata", "Disbudpar"),
    ("kominfo", "Dinas Komunikasi dan Informatika", "Diskominfo"),
)
BIRO = (("hukum", "Biro Hukum"), ("kerjasama", "Biro Pemerintahan dan Kerja Sama"))


@lru_cache
def password_hash() -> str:
    """Hash the one password of this world, once."""
    return services.hash_password(PASSWORD, strength="cheap")


@dataclass
class People:
    """The ids of a world's rows, by code and name."""

    governments: dict[str, int] = field(default_factory=dict)
    organizations: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)

    def government(self, code: str) -> int:
        """Give a government's id, e.g. of ``19``."""
        return self.governments[code]

    def organization(self, scope: str) -> int:
        """Give an organization's id, e.g. of ``19/kopukm`` or of the partner ``okeoce``."""
        return self.organizations[scope]

    def user(self, name: str) -> int:
        """Give a user's id."""
        return self.users[name]

    def identity(self, session: Session, name: str, *, channel: str = "web") -> Identity:
        """Load a user's identity as services and queries take it."""
        found = queries.identity_for_user(session, self.users[name], channel=channel)
        assert found is not None, name
        return found


def build(session: Session) -> People:
    """Add the whole world to a writing session."""
    people = People()
    for code, level, name, parent in (
        ("19", RegionLevel.PROVINCE, "Kepulauan Bangka Belitung", None),
        ("62", RegionLevel.PROVINCE, "Kalimantan Tengah", None),
        ("62.11", RegionLevel.REGENCY, "Kabupaten Pulang Pisau", "62"),
    ):
        session.merge(Region(code=code, level=level, name=name, parent_code=parent))
        session.flush()
    for code, kind, name, short, zone, parent, word in GOVERNMENTS:
        _add_government(session, people, code, kind, name, short, zone, parent)
        _add_staff(session, people, code, word)
    partner = Organization(
        org_class=OrganizationClass.PARTNER,
        partner_kind=PartnerKind.ORGANIZATION,
        code="okeoce",
        name="OK OCE Indonesia",
        short_name="OK OCE",
        changed_at=LONG_AGO,
    )
    session.add(partner)
    session.flush()
    people.organizations["okeoce"] = partner.id
    add_user(session, people, "partner.okeoce", Role.PARTNER, organization="okeoce")
    return people


def _add_government(
    session: Session,
    people: People,
    code: str,
    kind: GovernmentKind,
    name: str,
    short: str,
    zone: str,
    parent: str | None,
) -> None:
    row = Government(
        code=code,
        kind=kind,
        name=name,
        short_name=short,
        timezone=zone,
        parent_id=people.governments.get(parent or ""),
        region_code=None if code == "id" else code,
        changed_at=LONG_AGO,
    )
    session.add(row)
    session.flush()
    people.governments[code] = row.id
    root = _add_organization(
        session, people, code, "pemerintah", OrganizationClass.GOVERNMENT, f"Pemerintah {name}", short
    )
    if kind is not GovernmentKind.PROVINCE:
        return
    for slug, title, brief in AGENCIES:
        _add_organization(
            session, people, code, slug, OrganizationClass.DINAS, f"{title} {name}", brief, root
        )
    setda = _add_organization(
        session,
        people,
        code,
        "setda",
        OrganizationClass.SECRETARIAT,
        f"Sekretariat Daerah {name}",
        "Setda",
        root,
    )
    for slug, title in BIRO:
        _add_organization(session, people, code, slug, OrganizationClass.UNIT, title, title, setda)


def _add_organization(
    session: Session,
    people: People,
    government: str,
    code: str,
    kind: OrganizationClass,
    name: str,
    short: str,
    parent_id: int | None = None,
) -> int:
    row = Organization(
        government_id=people.governments[government],
        parent_id=parent_id,
        org_class=kind,
        code=code,
        name=name,
        short_name=short,
        changed_at=LONG_AGO,
    )
    session.add(row)
    session.flush()
    people.organizations[f"{government}/{code}"] = row.id
    return row.id


def _add_staff(session: Session, people: People, code: str, word: str) -> None:
    if code == "id":
        add_user(session, people, "admin", Role.ADMIN, government="id")
        add_user(session, people, "auditor.pusat", Role.AUDITOR, government="id")
        return
    for role in (Role.ADMIN, Role.MONITOR, Role.COORDINATOR, Role.LEGAL, Role.AUDITOR):
        unit = f"{code}/{DESKS.get(role, 'setda')}"
        acting = unit if unit in people.organizations else None
        add_user(session, people, f"{role}.{word}", role, government=code, acting=acting)
    for scope in [s for s in people.organizations if s.startswith(f"{code}/")]:
        slug = scope.split("/")[1]
        if slug in {agency[0] for agency in AGENCIES} | {"setda"}:
            add_user(session, people, f"liaison.{slug}.{word}", Role.LIAISON, organization=scope)


def add_user(
    session: Session,
    people: People,
    name: str,
    role: Role | None = None,
    *,
    government: str | None = None,
    organization: str | None = None,
    acting: str | None = None,
    valid_from: date = FIRST_DAY,
    valid_until: date | None = None,
    person_id: int | None = None,
) -> int:
    """Add a user, with a role if one is given; give its id."""
    user = User(
        name=name,
        display_name=name.replace(".", " ").title(),
        password_hash=password_hash(),
        person_id=person_id,
        changed_at=LONG_AGO,
    )
    session.add(user)
    session.flush()
    people.users[name] = user.id
    if role is not None:
        assert (role in GOVERNMENT_ROLES) == (government is not None)
        session.add(
            RoleAssignment(
                user_id=user.id,
                role=role,
                government_id=people.governments[government] if government else None,
                organization_id=people.organizations[organization] if organization else None,
                acting_organization_id=people.organizations[acting] if acting else None,
                valid_from=valid_from,
                valid_until=valid_until,
                changed_at=LONG_AGO,
            )
        )
        session.flush()
    return user.id


def settings_for(url: str, folder: Path) -> settings.Settings:
    """Give the settings of a test application: cheap hashes, files in a folder of the test."""
    values = {"collab.environment": "test", "collab.argon2": "cheap"}
    return settings.load(values | {"collab.database_url": url, "collab.data_dir": str(folder)}, {})


class World:
    """The composed application on one database, and the people in it."""

    def __init__(self, url: str, folder: Path, people: People, *, composed: Any = None) -> None:
        self.url, self.folder, self.people = url, folder, people
        self.config: Any = None
        if composed is None:
            self.restart()
        else:
            self._take(composed)

    def _take(self, composed: Any) -> None:
        """Use an application composed before on the same address; only its files folder is new."""
        self.config, self.registry = composed, composed.registry
        self.registry["collab.settings"] = settings_for(self.url, self.folder)
        self.registry["collab.store"] = LocalFileStore(self.registry["collab.settings"].files_dir)
        self.app = composed.make_wsgi_app()

    def restart(self) -> None:
        """Compose the application anew on the same database, as after a restart of the server."""
        if self.config is not None:
            self.registry["collab.engine"].dispose()
        self.config = compose(settings_for(self.url, self.folder))
        self.registry: Any = self.config.registry
        self.app = self.config.make_wsgi_app()

    def close(self) -> None:
        """Let the database go."""
        self.registry["collab.engine"].dispose()

    def government(self, code: str) -> int:
        """Give a government's id."""
        return self.people.government(code)

    def organization(self, scope: str) -> int:
        """Give an organization's id."""
        return self.people.organization(scope)

    def user(self, name: str) -> int:
        """Give a user's id."""
        return self.people.user(name)

    def identity(self, session: Session, name: str) -> Identity:
        """Load a user's identity."""
        return self.people.identity(session, name)

    def identity_of(self, name: str) -> Identity:
        """Load a user's identity as it is now."""
        with self.registry["collab.reading_sessions"]() as session:
            return self.identity(session, name)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a writing session, committed at the end of the block."""
        with self.registry["collab.sessions"]() as session:
            yield session
            session.commit()

    def client(self, name: str | None = None) -> webtest.TestApp:
        """Give a browser; with a name one that has signed in through the page."""
        browser = webtest.TestApp(self.app, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
        return self.sign_in(browser, name) if name else browser

    def sign_in(self, browser: webtest.TestApp, name: str, password: str = PASSWORD) -> webtest.TestApp:
        """Sign a browser in through the sign-in page."""
        form = browser.get("/login").form
        form["name"], form["password"] = name, password
        form.submit(status=303)
        return browser

    def csrf(self, browser: webtest.TestApp) -> str:
        """Give the form token of a signed-in browser, to post without a form."""
        forms = browser.get("/account").forms.values()
        return str(next(form["csrf_token"].value for form in forms if "csrf_token" in form.fields))

    def token_for(self, name: str) -> str:
        """Make an API token of a user; give its secret."""
        secret = f"test-token-of-{name}-{len(name)}"
        with self.session() as session:
            if session.query(ApiToken).filter_by(token_hash=digest(secret)).one_or_none() is None:
                now = clock.now()
                session.add(
                    ApiToken(
                        user_id=self.user(name),
                        title="test",
                        token_hash=digest(secret),
                        created_at=now,
                        expires_at=now + timedelta(days=300),
                    )
                )
        return secret

    def program(self, name: str) -> webtest.TestApp:
        """Give a program that calls the API as a user, with a bearer token."""
        return webtest.TestApp(
            self.app, extra_environ={"HTTP_AUTHORIZATION": f"Bearer {self.token_for(name)}"}
        )

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """Collect the SELECT, INSERT and UPDATE statements sent meanwhile."""
        seen: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE")):
                seen.append(statement)

        engine = self.registry["collab.engine"]
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)


__all__ = ["PASSWORD", "People", "World", "add_user", "build", "settings_for"]
