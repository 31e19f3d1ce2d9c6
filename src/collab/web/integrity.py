"""Constraints of the database in words: by name on PostgreSQL, by columns on SQLite."""

import re
from dataclasses import dataclass
from typing import Any

from pyramid.config import Configurator
from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import DataError, IntegrityError

from collab.core.db import Base
from collab.core.errors import CollabError, Invalid, Refused
from collab.core.text import Sentence, _

_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)$", re.MULTILINE)
_INDEX = re.compile(r"UNIQUE constraint failed: index '(\w+)'")
_CHECK = re.compile(r"CHECK constraint failed: (\w+)")


@dataclass(frozen=True)
class Explanation:
    """What a constraint means: the field it concerns and the sentence."""

    field: str
    sentence: Sentence


_explanations: dict[str, Explanation] = {}


def explain_constraint(config: Configurator, name: str, field: str, sentence: Sentence) -> None:
    """Give a named constraint its field and sentence; the same name twice stops the start."""
    config.action(
        ("collab constraint", name), lambda: _explanations.__setitem__(name, Explanation(field, sentence))
    )


def explain(error: BaseException) -> CollabError | None:
    """Turn a violated constraint into a refusal at its field; None for any other error."""
    if isinstance(error, DataError):
        return Invalid({"": [_("A value is outside what can be stored.")]})
    if not isinstance(error, IntegrityError) or getattr(error, "collab_retryable", False):
        return None
    name = constraint_name(error)
    known = _explanations.get(name or "")
    if known is not None:
        return Invalid({known.field: [known.sentence]})
    if "append-only" in str(error.orig):
        return Refused(_("What was recorded is not changed; add a new entry instead."))
    return Refused(_("This contradicts what is stored (${name}).", mapping={"name": name or "?"}))


def constraint_name(error: IntegrityError) -> str | None:
    """Find the name of the constraint that was violated."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        name: str | None = diagnosis.constraint_name
        return name
    message = str(error.orig)
    for pattern in (_INDEX, _CHECK):
        found = pattern.search(message)
        if found:
            return found.group(1)
    found = _UNIQUE.search(message)
    return _unique_by_columns(found.group(1)) if found else None


def _unique_by_columns(listed: str) -> str | None:
    """Find the unique constraint or index over the columns that SQLite lists."""
    pairs = [part.strip().split(".", 1) for part in listed.split(",")]
    table = Base.metadata.tables.get(pairs[0][0])
    if table is None or any(len(pair) != 2 for pair in pairs):
        return None
    wanted = {pair[1] for pair in pairs}
    unique: list[Any] = [rule for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    for candidate in [*unique, *(index for index in table.indexes if index.unique)]:
        if {column.name for column in candidate.columns} == wanted:
            return str(candidate.name)
    return None


def includeme(config: Configurator) -> None:
    """Add the directive by which features explain their constraints."""
    config.add_directive("explain_constraint", explain_constraint)
