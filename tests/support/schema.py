"""What a database itself says of its schema: CHECK texts and the words in them, on both engines alike."""

import re
from typing import Any

from sqlalchemy import Connection, Engine, text

_WORD = re.compile(r"'((?:[^']|'')*)'")
_CONSTRAINT = re.compile(r"\bCONSTRAINT (\w+) CHECK \(")


def checks_of(engine: Engine, table: str) -> dict[str, str]:
    """Give {name: text} of a table's CHECK constraints as the database keeps them."""
    with engine.connect() as connection:
        return checks_on(connection, table)


def checks_on(connection: Connection, table: str) -> dict[str, str]:
    """Give {name: text} of a table's CHECK constraints over an open connection."""
    if connection.dialect.name == "postgresql":
        rows = connection.execute(
            text(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE contype = 'c' AND conrelid = CAST(:name AS regclass)"
            ),
            {"name": table},
        )
        return {row[0]: row[1] for row in rows}
    sql = connection.execute(
        text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"), {"name": table}
    ).scalar_one()
    return {found.group(1): _balanced(sql, found.end()) for found in _CONSTRAINT.finditer(sql)}


def _balanced(sql: str, begin: int) -> str:
    """Read up to the parenthesis that closes the one before `begin`."""
    depth, quoted = 1, False
    for place in range(begin, len(sql)):
        letter = sql[place]
        if letter == "'":
            quoted = not quoted
        elif not quoted:
            depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return sql[begin:place]
    raise ValueError("a parenthesis is not closed")


def words_of(check: str) -> set[str]:
    """Give the quoted words of a CHECK."""
    return {word.replace("''", "'") for word in _WORD.findall(check)}


def plain(check: str) -> str:
    """Write a CHECK without what the engines add of their own: spaces, casts, parentheses, capitals."""
    bare = re.sub(r"::[a-z ]+(\(\d+\))?(\[\])?", "", check, flags=re.IGNORECASE)
    return re.sub(r"[\s()]", "", bare).lower()


__all__: list[Any] = ["checks_of", "checks_on", "plain", "words_of"]
