"""The tables: everything named, every closed word guarded, the models and the migrations one and the same."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Column, Engine, Enum, ForeignKeyConstraint, Index, Table, inspect

from collab.core import grants, migrate, triggers
from collab.core.db import Amount, UtcDateTime
from collab.tables import metadata
from tests.support.schema import checks_of, words_of

TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)
#: Indexes of a kind that only one engine has: made by a migration, described by no model.
ENGINES_OWN = {("postgresql", "search_document"): {"ix_search_document_stems"}}
#: Longest name that PostgreSQL keeps whole.
LONGEST_NAME = 63


def enum_columns() -> Iterator[tuple[Table, Column[Any], Enum]]:
    for table in TABLES:
        for column in table.columns:
            if isinstance(column.type, Enum):
                yield table, column, column.type


def test_every_constraint_and_index_is_named() -> None:
    nameless = [f"{t.name}: {type(c).__name__}" for t in TABLES for c in t.constraints if not c.name]
    nameless += [f"{t.name}: index" for t in TABLES for i in t.indexes if not i.name]
    assert not nameless


def test_no_name_is_too_long_for_postgresql_and_none_is_used_twice() -> None:
    names = [str(i.name) for t in TABLES for i in t.indexes]
    for table in TABLES:
        names += [str(c.name) for c in table.constraints]
    assert not [name for name in names if len(name) > LONGEST_NAME]
    assert len(names) == len(set(names)), sorted({name for name in names if names.count(name) > 1})


def test_the_database_names_what_the_models_name(engine: Engine) -> None:
    inspector = inspect(engine)
    for table in TABLES:
        wanted = {str(i.name) for i in table.indexes} | ENGINES_OWN.get(
            (engine.dialect.name, table.name), set()
        )
        assert {
            i["name"] for i in inspector.get_indexes(table.name) if not i.get("duplicates_constraint")
        } == wanted
        checks = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
        assert set(checks_of(engine, table.name)) == checks, table.name
        keys = {str(c.name) for c in table.constraints if isinstance(c, ForeignKeyConstraint)}
        assert {k["name"] for k in inspector.get_foreign_keys(table.name)} == keys, table.name


def test_the_models_hold_nothing_that_the_migrations_do_not(engine: Engine) -> None:
    migrate.check(engine)


def test_the_check_of_every_closed_word_knows_exactly_its_words(engine: Engine) -> None:
    """A word added to a vocabulary needs a migration: autogeneration does not see it."""
    seen = 0
    for table, column, kind in enum_columns():
        constraint = next(
            c for c in table.constraints if isinstance(c, CheckConstraint) and getattr(c, "_type_bound", False)
            and column.name in {x.name for x in c.columns}
        )  # fmt: skip
        text = checks_of(engine, table.name)[str(constraint.name)]
        assert words_of(text) == set(kind.enums), f"{table.name}.{column.name}"
        seen += 1
    assert seen > 25


def test_a_word_missing_in_the_database_would_be_noticed(engine: Engine) -> None:
    text = next(text for name, text in checks_of(engine, "role_assignment").items() if name.endswith("_role"))
    assert words_of(text.replace("'auditor'", "'auditer'")) != words_of(text)


def test_closed_words_are_string_enums_stored_by_value() -> None:
    for table, column, kind in enum_columns():
        assert kind.enum_class is not None, f"{table.name}.{column.name}"
        assert issubclass(kind.enum_class, StrEnum), f"{table.name}.{column.name}"
        assert kind.enums == [word.value for word in kind.enum_class]
        assert not kind.native_enum


def test_instants_and_amounts_have_our_own_types() -> None:
    for table in TABLES:
        for column in table.columns:
            if column.name.endswith("_at"):
                assert isinstance(column.type, UtcDateTime), f"{table.name}.{column.name}"
            if column.type.__class__.__name__ in ("Numeric", "Float", "DateTime"):
                pytest.fail(f"{table.name}.{column.name} has a type that the two engines read differently")
    assert any(isinstance(column.type, Amount) for table in TABLES for column in table.columns)


def indexed(table: Table) -> set[str]:
    """Name the columns that begin an index, a key or a unique constraint."""
    first = {next(iter(index.columns)).name for index in table.indexes if len(index.columns)}
    for constraint in table.constraints:
        if constraint.__visit_name__ in ("unique_constraint", "primary_key_constraint"):
            first.add(next(iter(constraint.columns)).name)
    return first


def test_every_foreign_key_is_indexed() -> None:
    bare = {
        f"{table.name}.{column.name}"
        for table in TABLES
        for column in table.columns
        if column.foreign_keys and column.name not in indexed(table)
    }
    #: Keys that are never searched by: caches, single rows and tables read whole.
    allowed = {"journal_head.entry_id", "commitment_span.next_checkpoint_id"}
    assert not bare - allowed


def test_every_table_is_classified_for_the_database_roles() -> None:
    assert set(grants.TABLES) == set(metadata.tables) | {"alembic_version"}


def test_what_is_granted_and_what_the_triggers_refuse_agree() -> None:
    """A table of facts has both triggers; what may never be deleted is granted to nobody."""
    guarded: dict[str, set[str]] = {}
    for trigger in triggers.registered():
        if trigger.condition is None:
            guarded.setdefault(trigger.table, set()).add(trigger.event)
    for table, kind in grants.TABLES.items():
        refused = guarded.get(table, set())
        if "UPDATE" in refused or kind is grants.Kind.FACTS:
            assert (kind is grants.Kind.FACTS) == (refused == {"UPDATE", "DELETE"}), table
        if "DELETE" in refused:
            assert "DELETE" not in kind.value, table


def test_every_index_is_called_ix_or_uq() -> None:
    assert all(
        isinstance(index, Index) and index.name.startswith(("ix_", "uq_"))
        for t in TABLES
        for index in t.indexes
    )
