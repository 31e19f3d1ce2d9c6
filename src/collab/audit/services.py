"""Write the journal: acts are gathered while services work and chained in one step just before COMMIT."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import event, insert, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from collab.audit.models import JournalEntry, JournalHead
from collab.audit.rules import GENESIS, canonical, link_hash
from collab.core import clock
from collab.core.db import unit_of_work
from collab.core.identity import Identity

#: Whoever was not signed in, as the journal names them.
NOBODY = Identity(user_id=None, name="anonymous", display_name="anonymous")

#: Advisory lock of the chain on PostgreSQL; SQLite's BEGIN IMMEDIATE serves there.
CHAIN_LOCK = 1_907_202_611
_PENDING = "collab journal"
_INSTANT = "collab instant"


def instant(session: Session) -> datetime:
    """Give the one instant of this transaction: taken under the chain's lock, never earlier than its head.

    Facts are recorded with it, so that their order in time is the journal's order (ADR 0003).
    """
    moment: datetime | None = session.info.get(_INSTANT)
    if moment is None:
        head = _locked_head(session)
        present = clock.now()
        moment = max(present, head[1]) if head else present
        session.info[_INSTANT] = moment
    return moment


def record(
    session: Session,
    *,
    actor: Identity,
    tag: str,
    subject_kind: str,
    subject_id: int | None,
    subject_name: str,
    government_id: int | None,
    changes: Mapping[str, Any] | None = None,
    acting_organization_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Remember one act of this transaction.

    `tag` is `feature:subject:action`; `changes` maps a field to `[before, after]` (before None for what is new);
    `detail` holds whatever else the sentence needs. Written at COMMIT; without the journal nothing is written.
    """
    grant = next((g for g in actor.grants if g.acting_organization_id == acting_organization_id), None)
    session.info.setdefault(_PENDING, []).append(
        {
            "tag": tag,
            "user_id": actor.user_id,
            "actor_name": actor.display_name[:200],
            "acting_position": grant.position_title if grant else actor.position_title,
            "acting_organization_id": acting_organization_id,
            "government_id": government_id,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "subject_name": subject_name[:500],
            "changes": dict(changes or {}),
            "detail": dict(detail or {}),
            "channel": actor.channel,
            "address": actor.address,
            "travelled": clock.travelled(),
        }
    )


def record_events(sessions: sessionmaker[Session], events: Iterable[Any]) -> None:
    """Write security and access events in a transaction of their own, after the request's is over.

    Each event has tag, identity (None: nobody was signed in), subject_kind, subject_id, subject_name,
    government_id and detail.
    """
    with unit_of_work(sessions) as session:
        for happened in events:
            actor = happened.identity or NOBODY
            record(
                session,
                actor=replace(actor, address=happened.detail.get("address") or actor.address),
                tag=happened.tag,
                subject_kind=happened.subject_kind,
                subject_id=happened.subject_id,
                subject_name=printable(happened.subject_name),
                government_id=happened.government_id or actor.home_government_id,
                detail={name: value for name, value in happened.detail.items() if name != "address"},
            )


def printable(text: str) -> str:
    """Give a text as any database can keep it: what visitors send may hold NUL or half a character."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def changes_of(row: Any, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Give {field: [before, after]} for the values that differ from a row's, without setting them."""
    return {
        name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value
    }


def created_values(values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Give {field: [None, value]} for a new row's values that are not empty."""
    return {name: [None, value] for name, value in values.items() if value is not None}


def _locked_head(session: Session) -> tuple[int, datetime, str] | None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
    row = session.execute(
        select(JournalHead.entry_id, JournalHead.recorded_at, JournalHead.hash)
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def _write(session: Session) -> None:
    """Chain the gathered acts: lock, head, one INSERT, new head."""
    pending: list[dict[str, Any]] = session.info.pop(_PENDING, [])
    if not pending:
        session.info.pop(_INSTANT, None)
        return
    session.flush()  # ids and constraints first: the chain's lock is taken last
    head = _locked_head(session)
    moment = session.info.pop(_INSTANT, None) or clock.now()
    number, previous = (head[0], head[2]) if head else (0, GENESIS)
    moment = max(moment, head[1]) if head else moment
    rows = []
    for act in pending:
        number += 1
        payload = canonical({"id": number, "recorded_at": moment, **act})
        digest = link_hash(previous, payload)
        copies = {name: act[name] for name in _COPIES}
        rows.append(
            {
                "id": number,
                "recorded_at": moment,
                "payload": payload,
                "previous_hash": previous,
                "hash": digest,
                **copies,
            }
        )
        previous = digest
    session.execute(insert(JournalEntry), rows)
    values = {"entry_id": number, "recorded_at": moment, "hash": previous}
    if head is None:
        session.execute(insert(JournalHead).values(id=1, **values))
    else:
        session.execute(update(JournalHead).where(JournalHead.id == 1).values(**values))


_COPIES = (
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


def _forget(session: Session, *_: Any) -> None:
    session.info.pop(_PENDING, None)
    session.info.pop(_INSTANT, None)


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    _write(session)


@event.listens_for(Session, "after_rollback")
def _after_rollback(session: Session) -> None:
    _forget(session)
