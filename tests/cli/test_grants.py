"""Rights of the database roles: the database has exactly those of the file, and every table is thought about."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from collab.core import grants, triggers
from collab.core.db import make_engine
from collab.tables import metadata
from tests.cli.conftest import answer, runner


@pytest.fixture
def engine_with_roles(postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    collab = runner({"COLLAB_DATA": str(tmp_path), "COLLAB_DATABASE_URL": postgresql_url}, monkeypatch)
    assert answer(collab("init", "--roles", "--json"))["rights"] is True
    engine = make_engine(postgresql_url)
    yield engine
    engine.dispose()


def test_every_table_is_classified() -> None:
    assert set(grants.TABLES) == set(metadata.tables) | {"alembic_version"}


def test_what_is_append_only_can_neither_be_changed_nor_removed() -> None:
    guarded = {trigger.table: set() for trigger in triggers.registered()}
    for trigger in triggers.registered():
        if trigger.condition is None:
            guarded[trigger.table].add(trigger.event)
    for table, events in guarded.items():
        assert not events & grants.TABLES[table].value, table


def test_secrets_are_not_for_readers() -> None:
    assert {table for role, table in grants.wanted() if role == grants.READER}.isdisjoint(grants.SECRET)


def test_the_database_has_exactly_the_rights_of_the_file(engine_with_roles: Engine) -> None:
    with engine_with_roles.connect() as connection:
        assert grants.found(connection) == grants.wanted()
        assert list(grants.differences(connection)) == []


def test_a_right_given_beside_the_file_is_named(engine_with_roles: Engine) -> None:
    with engine_with_roles.begin() as connection:
        connection.execute(text("GRANT DELETE ON journal_entry TO collab_app"))
    with engine_with_roles.connect() as connection:
        assert list(grants.differences(connection)) == [
            "collab_app on journal_entry: has DELETE, INSERT, SELECT, should have INSERT, SELECT"
        ]
    with engine_with_roles.begin() as connection:
        grants.apply(connection)
    with engine_with_roles.connect() as connection:
        assert list(grants.differences(connection)) == []


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("collab_app", "DELETE FROM journal_entry"),
        ("collab_app", "UPDATE progress_report SET narrative = ''"),
        ("collab_app", "CREATE TABLE mine (id integer)"),
        ("collab_app", "ALTER TABLE journal_entry DISABLE TRIGGER ALL"),
        ("collab_app", "TRUNCATE journal_entry"),
        ("collab_reader", "SELECT * FROM user_account"),
        ("collab_reader", "DELETE FROM commitment_span"),
        ("collab_backup", "UPDATE journal_head SET hash = ''"),
    ],
)
def test_the_database_refuses_a_role_what_the_file_does_not_give(
    engine_with_roles: Engine, role: str, statement: str
) -> None:
    with engine_with_roles.connect() as connection:
        connection.execute(text(f"SET ROLE {role}"))
        with pytest.raises(ProgrammingError):
            connection.execute(text(statement))


def test_a_table_that_nobody_thought_about_stops_the_command(
    engine_with_roles: Engine, postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine_with_roles.begin() as connection:
        connection.execute(text("CREATE TABLE surprise (id integer)"))
    collab = runner({"COLLAB_DATA": str(tmp_path), "COLLAB_DATABASE_URL": postgresql_url}, monkeypatch)
    assert "no rights are decided for surprise" in collab("init", "--roles", code=1).stderr
