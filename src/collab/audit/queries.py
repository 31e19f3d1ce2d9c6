"""Read the journal: the rows of one's governments, one row, an extract that can be verified, and the whole chain."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, select, true
from sqlalchemy.orm import Session

from collab.audit.models import JournalEntry, JournalHead
from collab.audit.rules import Break, Link
from collab.audit.rules import first_break as _first_break
from collab.core.db import AnyRow, AnySelect
from collab.core.errors import NotFound
from collab.core.identity import Identity, Role
from collab.core.page import Key
from collab.core.text import _

#: Newest first, unless asked otherwise; the extract runs as the chain does.
ORDERS = {"-id": [Key("id", JournalEntry.id, descending=True)], "id": [Key("id", JournalEntry.id)]}
CHAIN_ORDERS = {"id": [Key("id", JournalEntry.id)]}
_COPIES = (
    "recorded_at",
    "tag",
    "user_id",
    "actor_name",
    "acting_position",
    "acting_organization_id",
    "government_id",
    "subject_kind",
    "subject_id",
    "subject_name",
)


@dataclass(frozen=True)
class JournalFilter:
    """Which rows: acts of a feature, by an actor, on a kind of subject or one subject, between instants."""

    feature: str | None = None
    actor: str | None = None
    subject_kind: str | None = None
    subject_id: int | None = None
    government_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None


def visible(identity: Identity) -> ColumnElement[bool]:
    """Say that an auditor may read a row: it belongs to a government they audit, or they audit the nation."""
    if identity.is_national(Role.AUDITOR):
        return true()
    return JournalEntry.government_id.in_(identity.governments(Role.AUDITOR))


def entries(identity: Identity, wanted: JournalFilter) -> AnySelect:
    """List the rows an auditor may read, every column and the hashed text."""
    statement = select(*JournalEntry.__table__.columns).where(visible(identity))
    return statement.where(*_conditions(wanted))


def _conditions(wanted: JournalFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.feature:
        yield JournalEntry.tag.startswith(f"{wanted.feature}:", autoescape=True)
    if wanted.actor:
        yield JournalEntry.actor_name.icontains(wanted.actor, autoescape=True)
    if wanted.subject_kind:
        yield JournalEntry.subject_kind == wanted.subject_kind
    if wanted.subject_id is not None:
        yield JournalEntry.subject_id == wanted.subject_id
    if wanted.government_id is not None:
        yield JournalEntry.government_id == wanted.government_id
    if wanted.since is not None:
        yield JournalEntry.recorded_at >= wanted.since
    if wanted.before is not None:
        yield JournalEntry.recorded_at < wanted.before


def extract(identity: Identity, government_id: int | None = None) -> AnySelect:
    """List the whole chain, oldest first; rows that the asker may not read, or did not ask for, have only their hash.

    Whoever holds the extract can recompute the hash of each row shown from the hash of the row before it.
    """
    shown = visible(identity)
    if government_id is not None:
        shown = and_(shown, JournalEntry.government_id == government_id)
    return select(JournalEntry.id, JournalEntry.hash, case((shown, JournalEntry.payload)).label("payload"))


def entry(session: Session, entry_id: int, *, identity: Identity) -> AnyRow:
    """Give one row; raise `NotFound` when it does not exist or belongs to a government not audited."""
    statement = select(*JournalEntry.__table__.columns).where(JournalEntry.id == entry_id, visible(identity))
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound(_("There is no such entry, or it belongs to another government."))
    return row


def content(row: Any) -> dict[str, Any]:
    """Read the hashed text of a row; empty when somebody broke it."""
    try:
        found = json.loads(row.payload)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def neighbours(session: Session, entry_id: int, *, identity: Identity) -> tuple[int | None, int | None]:
    """Give the ids of the readable rows directly before and after one."""
    before = select(JournalEntry.id).where(JournalEntry.id < entry_id, visible(identity))
    after = select(JournalEntry.id).where(JournalEntry.id > entry_id, visible(identity))
    return (
        session.scalar(before.order_by(JournalEntry.id.desc()).limit(1)),
        session.scalar(after.order_by(JournalEntry.id).limit(1)),
    )


def first_break(session: Session) -> Break | None:
    """Walk the whole chain, a thousand rows at a time, and name the first row that does not fit; None if all do.

    The head must name the row it was written with, and none may come after it: rows cut off or added at the end
    are found too. Acts recorded during the walk are no break.
    """
    begun = _head(session)
    seen: dict[int, str] = {}
    broken = _first_break(_links(session, seen, begun.entry_id if begun else 0))
    if broken is not None:
        return broken
    ended = _head(session)
    if begun is None or ended is None:
        return Break(max(seen), "the chain's head is missing") if seen and ended is None else None
    if seen.get(begun.entry_id) != begun.hash:
        return Break(begun.entry_id, "the chain's head names another last entry")
    return (
        Break(ended.entry_id + 1, "it comes after the chain's head") if max(seen) > ended.entry_id else None
    )


def _head(session: Session) -> AnyRow | None:
    return session.execute(select(JournalHead.entry_id, JournalHead.hash)).one_or_none()


def length(session: Session) -> int:
    """Give how many rows the chain's head counts."""
    return session.scalar(select(JournalHead.entry_id)) or 0


def _links(session: Session, seen: dict[int, str], head_id: int) -> Iterator[Link]:
    """Read the chain in pieces; `seen` holds the hashes of the head's row and of the newest one."""
    statement = select(*JournalEntry.__table__.columns).order_by(JournalEntry.id).limit(1000)
    last = 0
    while rows := session.execute(statement.where(JournalEntry.id > last)).all():
        for row in rows:
            copies = {"id": row.id} | {name: row._mapping[name] for name in _COPIES}
            if last != head_id:
                seen.pop(last, None)
            seen[row.id] = row.hash
            last = row.id
            yield Link(row.id, row.payload, row.previous_hash, row.hash, copies)
