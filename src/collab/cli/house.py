"""What a command works with: settings, engine, sessions and the composed house, each made when first asked for."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import click
from pyramid.config import Configurator
from pyramid.paster import get_appsettings
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

import collab.tables  # noqa: F401 (completes metadata and triggers)
from collab.core import db, migrate, settings
from collab.core.errors import Invalid
from collab.core.storage import FileStore, LocalFileStore

DEFAULT_INI = "development.ini"


class Refusal(click.ClickException):
    """A command refuses: one line, exit code 1."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))
        context = click.get_current_context(silent=True)  # gone by the time it is shown
        house = context.find_object(House) if context else None
        self.as_json = house is not None and house.as_json

    def show(self, file: Any = None) -> None:
        """Print the line, or the JSON object that says the same."""
        click.echo(
            json.dumps({"error": self.message}) if self.as_json else f"collab: {self.message}", err=True
        )


@dataclass
class House:
    """One command's view of the system that an .ini file and the environment describe."""

    ini: Path
    as_json: bool = False

    @cached_property
    def values(self) -> dict[str, str]:
        """Give the application's values of the .ini file; refuse when there is none."""
        path = self.ini
        if not path.is_file() and self.ini == Path(DEFAULT_INI):
            path = migrate.ROOT / DEFAULT_INI
        if not path.is_file():
            raise Refusal(f"there is no settings file {self.ini}")
        try:
            return dict(get_appsettings(str(path.resolve()), name="main"))
        except (LookupError, ValueError) as error:
            raise Refusal(f"{self.ini} cannot be read: {error}") from error

    @cached_property
    def settings(self) -> settings.Settings:
        """Give the typed settings; refuse unusable ones."""
        try:
            return settings.load(self.values)
        except settings.BadSettings as error:
            raise Refusal(str(error)) from error

    @cached_property
    def config(self) -> Configurator:
        """Compose every feature, as the server does."""
        from collab import compose

        return compose(self.settings, self.values)

    @cached_property
    def engine(self) -> Engine:
        """Open the database."""
        return db.make_engine(self.settings.database_url)

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        """Give the factory of writing sessions."""
        return db.session_factory(self.engine)

    @cached_property
    def store(self) -> FileStore:
        """Open the file store."""
        return LocalFileStore(self.settings.files_dir)

    def close(self) -> None:
        """Let go of what was opened."""
        self.__dict__.pop("sessions", None)
        for name in ("engine", "config"):
            opened = self.__dict__.pop(name, None)
            engine = opened.registry["collab.engine"] if isinstance(opened, Configurator) else opened
            if engine is not None:
                engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a unit of work: committed at the end, undone on any error."""
        self.require_database()
        with db.unit_of_work(self.sessions) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that only reads, on one snapshot."""
        self.require_database()
        is_postgresql = self.engine.dialect.name == "postgresql"
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if is_postgresql else {}
        with Session(self.engine.execution_options(**options)) as session:
            if is_postgresql:  # a command may read for as long as it takes
                for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                    session.execute(text(f"SET LOCAL {limit} = 0"))
            yield session

    def require_database(self) -> None:
        """Refuse when the database was never made or is behind its migrations."""
        path = self.sqlite_path
        if path is not None and not path.exists():
            raise Refusal(f"there is no database in {path.parent}: run collab init first")
        found, wanted = migrate.head_of(self.engine), migrate.newest()
        if found is None:
            raise Refusal("the database is empty: run collab init first")
        if found != wanted:
            raise Refusal(
                f"the database is at revision {found}, this version needs {wanted}: run collab init first"
            )

    @property
    def sqlite_path(self) -> Path | None:
        """Give the file of an SQLite database; None for other engines."""
        url = db.make_url(self.settings.database_url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    def say(self, text: str, **facts: Any) -> None:
        """Answer a person with a text, a machine with one JSON object on a line."""
        click.echo(json.dumps(facts, default=str, ensure_ascii=False) if self.as_json else text)

    def note(self, text: str) -> None:
        """Tell a person at the terminal what happens now; machines are not told."""
        if not self.as_json:
            click.echo(text, err=True)


def in_words(error: Exception) -> str:
    """Put a refusal of the house into one line: its sentence, the fields it names, its law."""
    if isinstance(error, Invalid):
        parts = [
            f"{name}: {plain(said)}" if name else plain(said)
            for name, all_said in error.errors.items()
            for said in all_said
        ]
        return "; ".join(parts) or plain(str(error))
    law = getattr(error, "law", None)
    return plain(getattr(error, "sentence", str(error))) + (f" ({law})" if law else "")


def plain(sentence: Any) -> str:
    """Give a sentence with its values filled in, in English."""
    return str(sentence.interpolate()) if hasattr(sentence, "interpolate") else str(sentence)
