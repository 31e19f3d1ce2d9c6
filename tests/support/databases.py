"""Databases for tests: one migrated template for each engine and run, copied as often as a test wishes."""

import contextlib
import fcntl
import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import make_url

ROOT = Path(__file__).resolve().parents[2]
SQLITE, POSTGRESQL = "sqlite", "postgresql"


def migrate(url: str, revision: str = "head") -> None:
    """Bring a database to a revision as `collab init` does, with its triggers."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = url
    command.upgrade(config, revision)


class Databases:
    """Makes and drops the databases of one test process.

    `folder` is shared by all processes of the run; `admin_url` names a PostgreSQL whose user may create databases
    (none: SQLite only); `run` sets our databases apart from those of another run on the same server.
    """

    def __init__(self, folder: Path, admin_url: str | None, run: str) -> None:
        self.folder = folder
        self.admin_url = admin_url
        self.prefix = f"collab_test_{run}_"
        self.numbers = itertools.count(1)

    def fresh(self, kind: str) -> str:
        """Return the URL of a new database, migrated to head, without rows of our own."""
        with self._template_lock(kind):
            made = self.folder / f"{kind}-template-made"
            if not made.exists():
                self.drop(self._url(kind, "template"))
                migrate(self.empty(kind, "template"))
                made.touch()
        name = self._next_name()
        if kind == SQLITE:
            shutil.copyfile(
                self.folder / f"{self.prefix}template.sqlite", self.folder / f"{self.prefix}{name}.sqlite"
            )
        else:
            self._execute(f'CREATE DATABASE "{self.prefix}{name}" TEMPLATE "{self.prefix}template"')
        return self._url(kind, name)

    def copy(self, url: str, name: str | None = None) -> str:
        """Return the URL of a copy of a database that nobody is connected to; a named one replaces its last copy."""
        parsed = make_url(url)
        kind = parsed.get_backend_name()
        if name is None:
            name = self._next_name()
        else:
            name = f"{os.getpid()}_{name}"
            self.drop(self._url(kind, name))
        if kind == SQLITE:
            shutil.copyfile(str(parsed.database), self.folder / f"{self.prefix}{name}.sqlite")
        else:
            self._execute(f'CREATE DATABASE "{self.prefix}{name}" TEMPLATE "{parsed.database}"')
        return self._url(kind, name)

    def empty(self, kind: str, name: str | None = None) -> str:
        """Return the URL of a new database without any table."""
        name = name or self._next_name()
        if kind == POSTGRESQL:
            self._execute(f"CREATE DATABASE \"{self.prefix}{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        return self._url(kind, name)

    def drop(self, url: str) -> None:
        """Remove a database, also while something is still connected to it."""
        parsed = make_url(url)
        if parsed.get_backend_name() == POSTGRESQL:
            self._execute(f'DROP DATABASE IF EXISTS "{parsed.database}" WITH (FORCE)')
            return
        for suffix in ("", "-wal", "-shm"):
            Path(f"{parsed.database}{suffix}").unlink(missing_ok=True)

    def drop_all(self) -> None:
        """Remove every database of this run from the PostgreSQL server."""
        if self.admin_url is None:
            return
        with self._admin() as admin:
            rows = admin.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self.prefix]
            )
            for (name,) in rows.fetchall():
                admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _next_name(self) -> str:
        return f"{os.getpid()}_{next(self.numbers)}"

    def _url(self, kind: str, name: str) -> str:
        if kind == SQLITE:
            return f"sqlite:///{self.folder / (self.prefix + name)}.sqlite"
        assert self.admin_url is not None, "PostgreSQL was left out of this run"
        url = make_url(self.admin_url).set(drivername="postgresql+psycopg", database=self.prefix + name)
        return url.render_as_string(hide_password=False)

    @contextlib.contextmanager
    def _template_lock(self, kind: str) -> Iterator[None]:
        with (self.folder / f"{kind}-template-lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _admin(self) -> psycopg.Connection:
        assert self.admin_url is not None, "PostgreSQL was left out of this run"
        url = make_url(self.admin_url).set(drivername="postgresql")
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)

    def _execute(self, statement: str) -> None:
        with self._admin() as admin:
            admin.execute(statement)
