"""The chain on a real database: whatever a hand with the right to write does to it is found."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from collab.audit import queries
from collab.audit.models import JournalEntry
from collab.audit.rules import GENESIS, canonical, link_hash
from collab.audit.services import NOBODY, instant, record
from collab.core import triggers
from collab.core.identity import SYSTEM

LENGTH = 12
TRIES = 40


def write(session: Session, count: int, *, first: int = 1) -> None:
    for number in range(first, first + count):
        record(
            session,
            actor=SYSTEM if number % 2 else NOBODY,
            tag="test:thing:done",
            subject_kind="thing",
            subject_id=number,
            subject_name=f"Thing {number} “é”",
            government_id=number % 3 or None,
            changes={"value": [None, number]},
        )
        session.commit()


@pytest.fixture
def chain(session: Session) -> Iterator[Session]:
    write(session, LENGTH)
    assert queries.first_break(session) is None
    triggers.drop_all(session.connection())
    yield session
    session.rollback()


def rows(connection: Connection) -> list[Any]:
    return list(connection.execute(text("SELECT * FROM journal_entry ORDER BY id")).mappings())


def change(connection: Connection, entry_id: int, **values: Any) -> None:
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    connection.execute(
        text(f"UPDATE journal_entry SET {assignments} WHERE id = :which"), values | {"which": entry_id}
    )


def edit_payload(connection: Connection, chance: random.Random) -> None:
    row = chance.choice(rows(connection))
    content = json.loads(row["payload"]) | {"actor_name": f"someone else {chance.random()}"}
    change(connection, row["id"], payload=canonical(content))


def edit_column(connection: Connection, chance: random.Random) -> None:
    row = chance.choice(rows(connection))
    name = chance.choice(
        ["tag", "actor_name", "subject_name", "subject_kind", "subject_id", "government_id", "user_id"]
    )
    change(connection, row["id"], **{name: 7777 if name.endswith("_id") else "forged"})


def edit_time(connection: Connection, chance: random.Random) -> None:
    row = chance.choice(rows(connection))
    other = chance.choice([r for r in rows(connection) if r["recorded_at"] != row["recorded_at"]])
    change(connection, row["id"], recorded_at=other["recorded_at"])


def delete_row(connection: Connection, chance: random.Random) -> None:
    which = chance.choice(rows(connection)[:-1])["id"]
    connection.execute(text("DELETE FROM journal_entry WHERE id = :which"), {"which": which})


def cut_the_end(connection: Connection, chance: random.Random) -> None:
    first = chance.randint(2, LENGTH)
    kept = rows(connection)[first - 2]
    connection.execute(text("UPDATE journal_head SET entry_id = :id"), {"id": kept["id"]})
    connection.execute(text("DELETE FROM journal_entry WHERE id >= :first"), {"first": first})


def reorder(connection: Connection, chance: random.Random) -> None:
    one, other = chance.sample(rows(connection), 2)
    change(connection, one["id"], hash="x")  # hashes are unique
    names = ("payload", "hash", "previous_hash")
    change(connection, other["id"], **{name: one[name] for name in names})
    change(connection, one["id"], **{name: other[name] for name in names})


def insert_row(connection: Connection, chance: random.Random) -> None:
    present = rows(connection)
    place = chance.randint(1, len(present))
    connection.execute(text("UPDATE journal_head SET entry_id = 1"))
    for row in reversed(present[place:]):
        change(connection, row["id"], id=row["id"] + 1)
    forged = dict(present[place - 1]) | {"id": place + 1, "previous_hash": present[place - 1]["hash"]}
    forged["payload"] = canonical(json.loads(forged["payload"]) | {"id": place + 1})
    forged["hash"] = link_hash(forged["previous_hash"], forged["payload"])
    names = ", ".join(forged)
    connection.execute(
        text(f"INSERT INTO journal_entry ({names}) VALUES ({', '.join(':' + name for name in forged)})"),
        forged,
    )
    connection.execute(text("UPDATE journal_head SET entry_id = :last"), {"last": len(present) + 1})


def rehash(connection: Connection, chance: random.Random) -> None:
    """Change a row and hash it anew, with or without all that follow."""
    present = rows(connection)
    place = chance.randint(0, len(present) - 1)
    previous = present[place - 1]["hash"] if place else GENESIS
    through = len(present) if chance.random() < 0.5 else place + 1
    for number, row in enumerate(present[place:through], start=place):
        content = json.loads(row["payload"])
        if number == place:
            content["actor_name"] = "someone else"
            change(connection, row["id"], actor_name="someone else")
        payload = canonical(content)
        digest = link_hash(previous, payload)
        change(connection, row["id"], payload=payload, previous_hash=previous, hash=digest)
        previous = digest


KINDS: tuple[Callable[[Connection, random.Random], None], ...] = (
    edit_payload,
    edit_column,
    edit_time,
    delete_row,
    cut_the_end,
    reorder,
    insert_row,
    rehash,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_try_to_tamper_is_found(
    chain: Session, kind: Callable[[Connection, random.Random], None]
) -> None:
    """Of 320 tries none is missed, although the triggers are gone (G8). A whole chain written anew, head and all,
    is found only by comparing its last hash with one that was kept elsewhere.
    """
    missed = []
    for number in range(TRIES):
        with chain.begin_nested() as savepoint:
            kind(chain.connection(), random.Random(f"{kind.__name__} {number}"))
            if queries.first_break(chain) is None:
                missed.append(number)
            savepoint.rollback()
    assert not missed
    assert queries.first_break(chain) is None


def test_the_break_names_the_first_row_that_does_not_fit(chain: Session) -> None:
    change(chain.connection(), 5, subject_name="forged")
    change(chain.connection(), 9, subject_name="forged")
    broken = queries.first_break(chain)
    assert broken is not None
    assert broken.entry_id == 5
    assert "subject_name" in broken.reason


def test_a_text_that_is_no_act_is_found_and_stops_nothing(chain: Session) -> None:
    present = rows(chain.connection())
    change(chain.connection(), 12, payload="nonsense", hash=link_hash(present[10]["hash"], "nonsense"))
    broken = queries.first_break(chain)
    assert broken is not None
    assert broken.entry_id == 12


def test_an_empty_journal_is_whole(session: Session) -> None:
    assert queries.first_break(session) is None
    assert queries.length(session) == 0


def test_acts_of_one_transaction_and_of_many_form_one_chain(session: Session) -> None:
    write(session, 3)
    record(
        session,
        actor=SYSTEM,
        tag="a:b:c",
        subject_kind="x",
        subject_id=None,
        subject_name="x",
        government_id=None,
    )
    record(
        session,
        actor=SYSTEM,
        tag="a:b:d",
        subject_kind="x",
        subject_id=None,
        subject_name="x",
        government_id=None,
    )
    session.commit()
    assert queries.length(session) == 5
    assert queries.first_break(session) is None


def test_an_act_of_a_transaction_rolled_back_leaves_no_trace(session: Session) -> None:
    instant(session)
    record(
        session,
        actor=SYSTEM,
        tag="a:b:c",
        subject_kind="x",
        subject_id=None,
        subject_name="x",
        government_id=None,
    )
    session.rollback()
    write(session, 1)
    assert [entry.tag for entry in session.query(JournalEntry)] == ["test:thing:done"]


def test_the_hash_is_what_the_extract_says_it_is(session: Session) -> None:
    write(session, 2)
    first, second = session.query(JournalEntry).order_by(JournalEntry.id)
    assert first.hash == hashlib.sha256(f"{'0' * 64}\n{first.payload}".encode()).hexdigest()
    assert second.hash == hashlib.sha256(f"{first.hash}\n{second.payload}".encode()).hexdigest()
