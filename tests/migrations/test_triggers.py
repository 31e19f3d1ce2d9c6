"""What is recorded stays: by plain SQL on both engines, whatever the application would allow."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from collab.core import triggers
from collab.tables import metadata
from tests.support.rows import add_row

ALWAYS = [trigger for trigger in triggers.registered() if trigger.condition is None]
SOMETIMES = [trigger for trigger in triggers.registered() if trigger.condition is not None]
SIGNED = {"signed_on": dt.date(2026, 1, 1)}

#: For each trigger with a condition: a row it guards, a row it leaves alone, and the change that is tried.
CASES: dict[str, tuple[Mapping[str, Any], Mapping[str, Any], str]] = {
    "tr_agreement_party_signed_is_immutable": ({"is_signed": True}, {}, "own_number = '1/PKS/2026'"),
    "tr_agreement_party_no_delete": ({"is_signed": True}, {}, ""),
    "tr_agreement_signed_is_immutable": (SIGNED, {}, "scope = 'something else'"),
}
#: Each thing that a signature closes.
CLOSED_BY_SIGNATURE = (
    "signed_on = NULL",
    "signed_on = '2026-01-02'",
    "scheme = 'internal', document_kind = 'internal_plan'",
    "document_kind = 'work_plan'",
    "scope = 'other'",
    "valid_from = '2026-02-01'",
    "valid_until = '2030-02-01'",
)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A writing connection whose rows are undone."""
    with engine.execution_options(collab_writes=True).connect() as open_one:
        transaction = open_one.begin()
        yield open_one
        transaction.rollback()


def condition_on(table: str, values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Give the WHERE of a row by its key."""
    keys = [column.name for column in metadata.tables[table].primary_key.columns]
    return " AND ".join(f"{key} = :{key}" for key in keys), {key: values[key] for key in keys}


def attempt(
    connection: Connection, trigger: triggers.Trigger, row: Mapping[str, Any], change: str = ""
) -> int:
    """Try what a trigger is about by plain SQL; give the number of rows reached."""
    where, keys = condition_on(trigger.table, row)
    first = next(iter(keys))
    change = change or f"{first} = {first}"
    statement = (
        f"DELETE FROM {trigger.table} WHERE {where}"
        if trigger.event == "DELETE"
        else f"UPDATE {trigger.table} SET {change} WHERE {where}"
    )
    with connection.begin_nested():
        return connection.execute(text(statement), keys).rowcount


@pytest.mark.parametrize("trigger", ALWAYS, ids=lambda trigger: trigger.name)
def test_the_database_itself_refuses(connection: Connection, trigger: triggers.Trigger) -> None:
    row = add_row(connection, trigger.table)
    with pytest.raises(DBAPIError, match="append-only"):
        attempt(connection, trigger, row)
    where, keys = condition_on(trigger.table, row)
    assert connection.execute(text(f"SELECT count(*) FROM {trigger.table} WHERE {where}"), keys).scalar() == 1


def test_every_trigger_with_a_condition_has_a_case() -> None:
    assert {trigger.name for trigger in SOMETIMES} == set(CASES)


@pytest.mark.parametrize("trigger", SOMETIMES, ids=lambda trigger: trigger.name)
def test_a_condition_is_met_or_not(connection: Connection, trigger: triggers.Trigger) -> None:
    guarded, free, change = CASES[trigger.name]
    with pytest.raises(DBAPIError, match="append-only"):
        attempt(connection, trigger, add_row(connection, trigger.table, **guarded), change)
    assert attempt(connection, trigger, add_row(connection, trigger.table, **free), change) == 1


@pytest.mark.parametrize("change", CLOSED_BY_SIGNATURE)
def test_a_signature_closes_the_text_of_an_agreement(connection: Connection, change: str) -> None:
    trigger = next(t for t in SOMETIMES if t.name == "tr_agreement_signed_is_immutable")
    row = add_row(connection, "agreement", **SIGNED)
    with pytest.raises(DBAPIError, match="append-only"):
        attempt(connection, trigger, row, change)


def test_a_row_that_no_trigger_guards_can_be_changed_and_removed(connection: Connection) -> None:
    """The rows of this test are real ones: the refusals above are the triggers' own."""
    row = add_row(connection, "report_draft")
    for event in ("UPDATE", "DELETE"):
        assert attempt(connection, triggers.Trigger("report_draft", "none", event), row) == 1


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_table_takes_a_plain_row(connection: Connection, table: str) -> None:
    add_row(connection, table)
