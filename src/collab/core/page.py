"""Keyset paging: one page of rows, and a cursor that survives inserts and costs the same at any depth."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from collab.core.db import AnyRow, AnySelect
from collab.core.errors import Invalid
from collab.core.text import _

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200
COUNT_CAP = 1000


@dataclass(frozen=True)
class Key:
    """One sort key: the label under which the statement selects it, its (never NULL) expression, its direction."""

    label: str
    expression: Any
    descending: bool = False


@dataclass(frozen=True)
class Page:
    """One page: the rows, and the cursor of the next one (None at the end)."""

    items: Sequence[AnyRow]
    next: str | None


def paginate(
    session: Session,
    statement: AnySelect,
    keys: Sequence[Key],
    *,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Page:
    """Give the page after `cursor`, at most `limit` rows, ordered by `keys` (the last one unique).

    Raise `Invalid` at `cursor` or `limit` for values that this order never produced.
    """
    if not 1 <= limit <= LARGEST_LIMIT:
        raise Invalid(
            {"limit": [_("Choose a number from 1 to ${largest}.", mapping={"largest": LARGEST_LIMIT})]}
        )
    if cursor:
        statement = statement.where(_after(keys, _decode(cursor, keys)))
    rows = session.execute(first_rows(statement, keys, limit + 1)).all()
    items = rows[:limit]
    more = len(rows) > limit
    return Page(items, _encode(items[-1], keys) if more else None)


def ordered(statement: AnySelect, keys: Sequence[Key]) -> AnySelect:
    """Order a statement by its keys."""
    return statement.order_by(*(key.expression.desc() if key.descending else key.expression for key in keys))


def first_rows(statement: AnySelect, keys: Sequence[Key], limit: int) -> AnySelect:
    """Give the statement of the first rows in the order of the keys, the last of which is unique.

    Which rows these are is found from the keys alone; what is shown is read for the chosen rows only. Outer joins
    that only show something fall away where rows are chosen. The statement begins (`select_from`) with what the last
    key is a column of.
    """
    unique = keys[-1].expression
    chosen = ordered(statement, keys).with_only_columns(unique)
    return ordered(statement.where(unique.in_(chosen.limit(limit).correlate(None))), keys)


def count_capped(session: Session, statement: AnySelect, keys: Sequence[Key], *, cap: int = COUNT_CAP) -> int:
    """Count the rows of a statement by its last key, but stop looking at `cap + 1` (shown as "1.000+")."""
    looked = statement.order_by(None).with_only_columns(keys[-1].expression.label("counted"))
    return session.scalar(select(func.count()).select_from(looked.limit(cap + 1).subquery())) or 0


def _after(keys: Sequence[Key], values: Sequence[Any]) -> ColumnElement[bool]:
    """Say "comes later in this order" for mixed directions."""
    alternatives = []
    for position, key in enumerate(keys):
        equal = [before.expression == value for before, value in zip(keys[:position], values, strict=False)]
        beyond = key.expression < values[position] if key.descending else key.expression > values[position]
        alternatives.append(and_(*equal, beyond))
    return or_(*alternatives)


def _encode(row: AnyRow, keys: Sequence[Key]) -> str:
    values = [_plain(row._mapping[key.label]) for key in keys]
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _decode(cursor: str, keys: Sequence[Key]) -> list[Any]:
    try:
        values = json.loads(
            base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        )
        if not isinstance(values, list) or len(values) != len(keys):
            raise ValueError("another order's cursor")
        return [_typed(value, key) for value, key in zip(values, keys, strict=True)]
    except (ValueError, TypeError, InvalidOperation, binascii.Error, RecursionError) as error:
        raise Invalid(
            {"cursor": [_("This page address is no longer valid. Start again from the first page.")]}
        ) from error


def _typed(value: Any, key: Key) -> Any:
    kind = key.expression.type.python_type
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    if kind is Decimal:
        return Decimal(value)
    if kind is int and (isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**31):
        raise ValueError("not a bounded integer")
    if not isinstance(value, kind) or (kind is str and ("\x00" in value or len(value) > 1000)):
        raise ValueError("another order's cursor")
    return value
