"""Plain rows for tests of the database itself: any table gets a row that its constraints accept, parents included."""

import datetime as dt
import hashlib
import itertools
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Date, Enum, Integer, String, Table, Text, insert, select

from collab.core.db import LAST_DAY, Amount, UtcDateTime
from collab.tables import metadata

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
_numbers = itertools.count(1)

#: What a table's CHECKs want beyond the types of its columns.
WANTED: dict[str, Mapping[str, Any]] = {
    "organization": {"org_class": "dinas"},
    "agreement": {"scheme": "synergy", "document_kind": "synergy_note"},
    "agreement_party": {"position": 1},
    "regulation": {"lifecycle": "draft", "number": None, "year": None},
    "report_decision": {"decision": "verified"},
    "stage_event": {"move": "opened"},
    "checkpoint_span": {"until_on": LAST_DAY},
    "commitment_span": {"until_on": LAST_DAY},
    "mandate_lead": {"role": "lead"},
    "mandate": {"kind": "agreement"},
    "role_assignment": {},
    "journal_head": {"id": 1},
}
#: Columns that may be empty but are needed by a CHECK: the parent is made all the same.
NEEDED: dict[str, tuple[str, ...]] = {
    "organization": ("government_id",),
    "role_assignment": ("user_id", "government_id"),
}


def add_row(connection: Connection, table: Table | str, **given: Any) -> dict[str, Any]:
    """Insert one row, and whatever it refers to; give its values with the key the database chose."""
    table = metadata.tables[table] if isinstance(table, str) else table
    values = dict(WANTED.get(table.name, {})) | given
    for column in table.columns:
        if column.name not in values and _is_wanted(table, column):
            values[column.name] = _value(connection, table, column)
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    if key is not None:
        values |= dict(zip((c.name for c in table.primary_key.columns), key, strict=True))
    return values


def _is_wanted(table: Table, column: Column[Any]) -> bool:
    if column.name in NEEDED.get(table.name, ()):
        return True
    generated = column.primary_key and column.autoincrement in (True, "auto") and not column.foreign_keys
    return not column.nullable and not (generated and isinstance(column.type, Integer))


def _value(connection: Connection, table: Table, column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        target = key.column
        if target.table is table:
            return None
        if target.table.name == "mandate" and table.name != "agreement":
            return add_row(connection, "agreement")["id"]
        return add_row(connection, target.table)[target.name]
    return plain_value(column)


def plain_value(column: Column[Any]) -> Any:
    """Make a value of a column's type, different each time where that can matter."""
    number = next(_numbers)
    kind = column.type
    if isinstance(kind, Enum):
        return kind.enums[0]
    makers: dict[type, Callable[[], Any]] = {
        UtcDateTime: lambda: NOW,
        Amount: lambda: Decimal(number),
        Date: lambda: dt.date(2026, 1, 1),
        Boolean: lambda: False,
        Text: lambda: f"text {number}",
    }
    for known, make in makers.items():
        if type(kind) is known:
            return make()
    if isinstance(kind, String):
        text = hashlib.sha256(str(number).encode()).hexdigest() if kind.length == 64 else f"x{number}"
        return text[: kind.length]
    return number


def count(connection: Connection, table: Table) -> int:
    """Count a table's rows."""
    return len(connection.execute(select(*table.primary_key.columns)).all())
