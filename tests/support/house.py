"""The furnished house: the world, a row of each kind for each owner, and everybody signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from collab.audit.models import JournalEntry
from collab.auth.models import ApiToken, LoginSession, RoleAssignment
from tests.support.callers import Caller
from tests.support.databases import Databases
from tests.support.oracle import Who
from tests.support.rights import all_callers
from tests.support.subjects import SETTINGS, Subject, Subjects, build
from tests.support.watching import PostgresWatch, SqliteWatch, Watch
from tests.support.world import People, World
from tests.support.world import build as build_world


@dataclass
class House:
    """A composed application on a furnished database that is put back after every change."""

    world: World
    subjects: Subjects
    callers: list[tuple[Who, Caller]]
    watch: Watch

    def caller(self, name: str, *, by_token: bool = False) -> Caller:
        """Give a user's browser, or their program; nobody for an empty name."""
        return next(c for _who, c in self.callers if c.name == name and bool(c.bearer) == by_token)

    def close(self) -> None:
        """Let everything go."""
        self.watch.close()
        self.world.close()

    @contextmanager
    def composed_anew(self) -> Iterator[None]:
        """Compose the application afresh for something to be planted in, and afresh again afterwards."""
        self.watch.restore()
        self.world.restart()
        try:
            yield
        finally:
            self.watch.restore()
            self.world.restart()


def open_house(url: str, folder: Path, databases: Databases | None = None) -> House:
    """Furnish a migrated, empty database; one of PostgreSQL has been copied under a name of its own."""
    world, subjects = furnish(url, folder)
    callers = all_callers(world)
    own_things(world, subjects)
    watch: Watch = SqliteWatch(world) if databases is None else PostgresWatch(world, databases)
    return House(world, subjects, callers, watch)


def furnish(url: str, folder: Path) -> tuple[World, Subjects]:
    """Compose the application on a database with the world and a row of each kind for each owner."""
    world = World(url, folder, People())
    with world.session() as session:
        world.people = build_world(session)
    with world.session() as session:
        subjects = build(session, world.people, world.registry["collab.store"])
    return world, subjects


def own_things(world: World, subjects: Subjects) -> None:
    """Add the sign-ins, tokens and role assignments, which exist once everybody has signed in."""
    with world.session() as session:
        for owner, at in SETTINGS.items():
            user_id = world.user(at.reporter)
            for kind, model in (("session", LoginSession), ("token", ApiToken)):
                row = session.scalars(select(model.id).where(model.user_id == user_id).limit(1)).first()
                if row is not None:
                    subjects.add(Subject(kind, at.reporter, row, "", at.government))
            assignment = session.scalars(
                select(RoleAssignment.id).where(RoleAssignment.user_id == user_id)
            ).one()
            government = "" if owner == "okeoce" else at.government
            subjects.add(Subject("assignment", owner, assignment, "", government))
        for owner in ("kopukm", "kalteng", "pulpis"):
            code = SETTINGS[owner].government
            entry = session.scalars(
                select(JournalEntry.id).where(JournalEntry.government_id == world.government(code)).limit(1)
            ).one()
            subjects.add(Subject("entry", owner, entry, "", code))
