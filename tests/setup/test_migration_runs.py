"""A migration run is whole or nothing on both engines, and leaves the triggers in place."""

import shutil
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from collab.core import triggers
from collab.core.db import make_engine

ROOT = Path(__file__).resolve().parents[2]

HEAD = '''"""One step."""
import sqlalchemy as sa
from alembic import op
revision = {revision!r}
down_revision = {before!r}
def upgrade():
    {up}
def downgrade():
    {down}
'''
FIRST = "op.create_table('journal_entry', sa.Column('id', sa.Integer, primary_key=True), sa.Column('tag', sa.Text))"
REBUILD = "b = op.batch_alter_table('journal_entry', recreate='auto'); t = b.__enter__(); {change}; b.__exit__(None, None, None)"
WIDEN = REBUILD.format(change="t.alter_column('tag', nullable=False)")
NARROW = REBUILD.format(change="t.alter_column('tag', nullable=True)")


class Steps:
    """A folder of migrations beside the real env.py, and a database to run them on."""

    def __init__(self, folder: Path, url: str) -> None:
        self.versions = folder / "alembic" / "versions"
        self.versions.mkdir(parents=True)
        for name in ("env.py", "script.py.mako"):
            shutil.copy(ROOT / "alembic" / name, folder / "alembic" / name)
        self.config = Config(ROOT / "alembic.ini")
        self.config.set_main_option("script_location", str(folder / "alembic"))
        self.config.attributes["url"] = url
        self.engine = make_engine(url)
        self.last: str | None = None

    def add(self, up: str, down: str = "pass") -> None:
        """Write the next migration."""
        revision = f"r{len(list(self.versions.glob('*.py'))) + 1}"
        text_of_it = HEAD.format(revision=revision, before=self.last, up=up, down=down)
        (self.versions / f"{revision}.py").write_text(text_of_it)
        self.last = revision

    def tables(self) -> set[str]:
        with self.engine.connect() as connection:
            return set(inspect(connection).get_table_names())

    def triggers(self) -> set[str]:
        with self.engine.connect() as connection:
            return triggers.present(connection)

    def revision(self) -> str | None:
        with self.engine.connect() as connection:
            if "alembic_version" not in inspect(connection).get_table_names():
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@pytest.fixture
def steps(tmp_path: Path, empty_database_url: str):
    steps = Steps(tmp_path, empty_database_url)
    yield steps
    steps.engine.dispose()


def test_an_upgrade_leaves_the_registered_triggers(steps: Steps) -> None:
    steps.add(FIRST)
    command.upgrade(steps.config, "head")
    assert steps.triggers() == {"tr_journal_entry_no_delete", "tr_journal_entry_no_update"}


def test_rebuilding_a_table_keeps_its_triggers_up_and_down(steps: Steps) -> None:
    steps.add(FIRST)
    steps.add(WIDEN, NARROW)
    command.upgrade(steps.config, "r1")
    before = steps.triggers()
    command.upgrade(steps.config, "head")
    assert steps.triggers() == before
    command.downgrade(steps.config, "r1")
    assert steps.triggers() == before


def test_a_step_that_fails_undoes_the_steps_before_it(steps: Steps) -> None:
    steps.add(FIRST)
    command.upgrade(steps.config, "head")
    steps.add("op.create_table('second', sa.Column('id', sa.Integer, primary_key=True))")
    steps.add("op.execute('INSERT INTO second (id) VALUES (1)'); raise ValueError('broken off')")
    with pytest.raises(ValueError, match="broken off"):
        command.upgrade(steps.config, "head")
    assert steps.revision() == "r1"
    assert "second" not in steps.tables()
    assert "tr_journal_entry_no_delete" in steps.triggers()


def test_a_step_that_leaves_dangling_rows_is_undone(steps: Steps, database_kind: str) -> None:
    steps.add(FIRST)
    column = "sa.Column('entry_id', sa.Integer, sa.ForeignKey('journal_entry.id'), primary_key=True)"
    steps.add(f"op.create_table('link', {column}); op.execute('INSERT INTO link (entry_id) VALUES (7)')")
    message = (
        "1 rows refer to nothing: link -> journal_entry"
        if database_kind == "sqlite"
        else "violates foreign key"
    )
    with pytest.raises(Exception, match=message):
        command.upgrade(steps.config, "head")
    assert steps.revision() is None
    assert steps.tables() == set()


def test_looking_changes_nothing(steps: Steps) -> None:
    steps.add(FIRST)
    command.current(steps.config)
    assert steps.tables() == set()


def test_a_callers_connection_is_used_and_given_back_unharmed(steps: Steps) -> None:
    steps.add(FIRST)
    with steps.engine.connect() as connection:
        steps.config.attributes["connection"] = connection
        command.upgrade(steps.config, "head")
        assert not connection.in_transaction()
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert "journal_entry" in inspect(connection).get_table_names()


def test_a_connection_inside_a_transaction_is_refused(steps: Steps) -> None:
    steps.add(FIRST)
    with steps.engine.connect() as connection, connection.begin():
        steps.config.attributes["connection"] = connection
        with pytest.raises(RuntimeError, match="not in a transaction"):
            command.upgrade(steps.config, "head")
