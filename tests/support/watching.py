"""Watch whether a database changed at all, and put it back as it was."""

import hashlib
import shutil
import sqlite3
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import Engine, make_url, text

from tests.support.databases import Databases
from tests.support.world import World

#: What the house writes beside the act itself: spent keys, sign-in attempts, sign-ins, the journal of events.
BESIDE = frozenset({"idempotency_key", "sign_in_attempt", "login_session", "journal_entry", "journal_head"})


def digest(engine: Engine, *, without: frozenset[str] = BESIDE) -> dict[str, str]:
    """Digest each table's rows, whatever their order."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            rows = connection.execute(
                text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
            )
        else:
            rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        names = sorted(row[0] for row in rows if row[0] not in without)
        return {name: _digest(connection, name) for name in names}


def _digest(connection: Any, table: str) -> str:
    rows = sorted(repr(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{table}"')))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


class Watch(Protocol):
    """Tells whether the database of a world changed since it was kept, and puts it back."""

    restored: int

    def keep(self) -> None:
        """Remember the database as it is now."""

    def changed(self) -> bool:
        """Tell, at little cost, whether anything may have been written since the last look."""

    def differs(self) -> bool:
        """Tell whether any table but those written beside an act has other rows than what was kept."""

    def restore(self) -> None:
        """Put the database back."""

    def count(self, table: str) -> int:
        """Count a table's rows."""

    def close(self) -> None:
        """Let the database go."""


class PostgresWatch:
    """The same on PostgreSQL: a copy of the database is kept, and the server's transaction counter is watched.

    The counter moves with every transaction that takes a lock on a row too; `differs` tells what it meant.
    """

    def __init__(self, world: World, databases: Databases) -> None:
        self.world, self.databases = world, databases
        self.name = str(make_url(world.url).database).removeprefix(databases.prefix).partition("_")[2]
        assert databases.admin_url is not None
        admin = make_url(databases.admin_url).set(drivername="postgresql")
        self.admin = psycopg.connect(admin.render_as_string(hide_password=False), autocommit=True)
        self.restored = 0
        self.kept_url = ""
        self.keep()

    def keep(self) -> None:
        """Remember the database as it is now."""
        self.before = digest(self.engine)
        self.engine.dispose()
        self.kept_url = self.databases.copy(self.world.url, f"{self.name}_kept")
        self.counter = self._counter()

    @property
    def engine(self) -> Engine:
        """Give the world's engine, which may be composed anew."""
        engine: Engine = self.world.registry["collab.engine"]
        return engine

    def changed(self) -> bool:
        """Tell whether any transaction took a number since the last look."""
        now = self._counter()
        if now == self.counter:
            return False
        self.counter = now
        return True

    def differs(self) -> bool:
        """Tell whether any table but those written beside an act has other rows than what was kept."""
        return digest(self.engine) != self.before

    def restore(self) -> None:
        """Put the database back."""
        self.engine.dispose()
        url = self.databases.copy(self.kept_url, self.name)
        assert url == self.world.url
        self.restored += 1
        self.counter = self._counter()

    def count(self, table: str) -> int:
        """Count a table's rows."""
        with self.engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())

    def close(self) -> None:
        """Let both databases go."""
        self.admin.close()
        self.engine.dispose()
        self.databases.drop(self.kept_url)

    def _counter(self) -> int:
        row = self.admin.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
        assert row is not None
        return int(row[0])


class SqliteWatch:
    """Tells for one SQLite file, without reading it, whether anybody committed a change since the last look.

    `PRAGMA data_version` of a connection changes with every commit of another connection, and with nothing else.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.path = Path(str(make_url(world.url).database))
        self.kept = self.path.with_suffix(".kept")
        self.restored = 0
        self.connection: sqlite3.Connection | None = None
        self._look()
        self.keep()

    def keep(self) -> None:
        """Remember the database as it is now."""
        self.close()
        self.world.registry["collab.engine"].dispose()
        shutil.copyfile(self.path, self.kept)
        self._look()

    def changed(self) -> bool:
        """Tell whether a commit changed the database since `keep`, `restore` or the last change seen."""
        now = self._version()
        if now == self.version:
            return False
        self.version = now
        return True

    def differs(self) -> bool:
        """Tell whether any table but those written beside an act has other rows than what was kept."""
        names = self._names()
        assert self.connection is not None
        self.connection.execute("ATTACH DATABASE ? AS kept", (str(self.kept),))
        try:
            return any(self._rows("main", name) != self._rows("kept", name) for name in names)
        finally:
            self.connection.execute("DETACH DATABASE kept")

    def _names(self) -> list[str]:
        assert self.connection is not None
        rows = self.connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        )
        return [row[0] for row in rows if row[0] not in BESIDE]

    def _rows(self, schema: str, table: str) -> list[str]:
        assert self.connection is not None
        return sorted(repr(row) for row in self.connection.execute(f'SELECT * FROM {schema}."{table}"'))

    def restore(self) -> None:
        """Put the database back."""
        self.close()
        self.world.registry["collab.engine"].dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.kept, self.path)
        self.restored += 1
        self._look()

    def count(self, table: str) -> int:
        """Count a table's rows."""
        assert self.connection is not None
        return int(self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def close(self) -> None:
        """Let the file go."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _look(self) -> None:
        self.connection = sqlite3.connect(self.path, isolation_level=None)
        self.version = self._version()

    def _version(self) -> int:
        assert self.connection is not None
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])
