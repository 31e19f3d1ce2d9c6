"""Up, down, up again, on both engines: the same tables, CHECKs, indexes and triggers as the models say."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, inspect, text

from collab.core import grants, migrate, triggers
from collab.core.db import make_engine
from collab.tables import metadata
from tests.support.schema import checks_on, plain

#: What the engine and alembic keep for themselves.
OWN = {"alembic_version"}
#: The full-text index, which only its migration knows: SQLite's tables begin so; PostgreSQL's index.
FULL_TEXT = ("search_fts", "ix_search_document_stems")


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    """An engine on a database without tables."""
    engine = make_engine(empty_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def modelled(databases: Any, database_kind: str) -> Iterator[Engine]:
    """A database made straight from the models, without any migration."""
    url = databases.empty(database_kind)
    engine = make_engine(url)
    with engine.execution_options(collab_writes=True).begin() as connection:
        metadata.create_all(connection)
        triggers.create_all(connection)
    yield engine
    engine.dispose()
    databases.drop(url)


def snapshot(connection: Connection) -> dict[str, Any]:
    """Describe a schema so that two of one engine may be compared."""
    inspector = inspect(connection)
    found: dict[str, Any] = {"triggers": trigger_texts(connection)}
    for table in sorted(set(inspector.get_table_names()) - OWN):
        if table.startswith(FULL_TEXT[0]):
            continue
        found[table] = {
            "columns": {c["name"]: (str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)},
            "checks": {name: plain(sql) for name, sql in checks_on(connection, table).items()},
            "indexes": {
                i["name"]: (tuple(i["column_names"]), bool(i["unique"]))
                for i in inspector.get_indexes(table)
                if i["name"] not in FULL_TEXT
            },
            "unique": {u["name"]: tuple(u["column_names"]) for u in inspector.get_unique_constraints(table)},
            "keys": {k["name"]: tuple(k["constrained_columns"]) for k in inspector.get_foreign_keys(table)},
            "key": tuple(inspector.get_pk_constraint(table)["constrained_columns"]),
        }
    return found


def trigger_texts(connection: Connection) -> dict[str, str]:
    """Give the text of every trigger of ours."""
    if connection.dialect.name == "postgresql":
        rows = connection.execute(
            text("SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal")
        )
    else:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return {name: " ".join(sql.split()) for name, sql in rows if name.startswith("tr_")}


def shape_of(engine: Engine) -> dict[str, Any]:
    with engine.connect() as connection:
        return snapshot(connection)


def test_up_down_and_up_again_gives_the_very_same(empty: Engine) -> None:
    migrate.upgrade(empty)
    first = shape_of(empty)
    assert set(first) - {"triggers"} == set(metadata.tables)
    migrate.downgrade(empty, "base")
    assert shape_of(empty) == {"triggers": {}}
    assert migrate.head_of(empty) is None
    migrate.upgrade(empty)
    assert shape_of(empty) == first
    assert migrate.head_of(empty) == migrate.newest()


def test_upgrading_twice_changes_nothing(empty: Engine) -> None:
    migrate.upgrade(empty)
    before = shape_of(empty)
    migrate.upgrade(empty)
    assert shape_of(empty) == before


def test_the_migrations_make_what_the_models_describe(empty: Engine, modelled: Engine) -> None:
    """Columns, CHECK texts, indexes, keys and triggers, one by one."""
    migrate.upgrade(empty)
    migrated, described = shape_of(empty), shape_of(modelled)
    assert set(migrated) == set(described)
    for table, described_shape in described.items():
        assert migrated[table] == described_shape, table


def test_the_triggers_are_those_of_the_registry(engine: Engine) -> None:
    with engine.connect() as connection:
        assert triggers.present(connection) == {trigger.name for trigger in triggers.registered()}


def test_a_trigger_that_is_gone_would_be_noticed(empty: Engine) -> None:
    migrate.upgrade(empty)
    before = shape_of(empty)
    lost = triggers.registered()[0]
    on_table = f" ON {lost.table}" if empty.dialect.name == "postgresql" else ""
    with empty.execution_options(collab_writes=True).begin() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER {lost.name}{on_table}")
    assert shape_of(empty) != before


def test_the_rights_of_the_database_roles_fit_every_table(postgresql_url: str) -> None:
    """After the migrations the grants can be given, and are exactly those of the file."""
    engine = make_engine(postgresql_url)
    try:
        with engine.begin() as connection:
            grants.apply(connection)
        with engine.connect() as connection:
            assert grants.found(connection) == grants.wanted()
    finally:
        engine.dispose()
