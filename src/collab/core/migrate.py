"""Migrations in process: to head, back, and the check that models and migrations agree."""

from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

ROOT = Path(__file__).resolve().parents[3]


def config_for(connection: Connection | None = None) -> Config:
    """Give alembic's configuration of this checkout, on a given connection."""
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "alembic"))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring a database to a revision (default: the newest); safe to run twice."""
    with engine.connect() as connection:
        command.upgrade(config_for(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take a database back to a revision."""
    with engine.connect() as connection:
        command.downgrade(config_for(connection), revision)


def check(engine: Engine) -> None:
    """Raise alembic's error if the models hold what the migrations do not."""
    with engine.connect() as connection:
        command.check(config_for(connection))


def head_of(engine: Engine) -> str | None:
    """Give the revision a database is at."""
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@lru_cache
def newest() -> str | None:
    """Give the newest revision that this version knows."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(config_for()).get_current_head()
