"""What is tried again: never a write without a key whose COMMIT may have happened."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from collab.organizations.models import Person
from tests.support.world import World

BODY = {"name": "Siti Rahma"}


@contextmanager
def commits_lost(world: World, *, after: bool) -> Iterator[list[int]]:
    """Lose the connection at the first COMMIT that wrote a person: just after it took place, or just before."""
    dialect = world.registry["collab.engine"].dialect
    plain, lost = dialect.do_commit, []

    def do_commit(connection):  # type: ignore[no-untyped-def]
        if lost or not written:
            return plain(connection)
        lost.append(1)
        if after:
            plain(connection)
        raise dialect.loaded_dbapi.OperationalError("server closed the connection unexpectedly")

    written: list[int] = []

    def note(connection, cursor, statement, *rest):  # type: ignore[no-untyped-def]
        if statement.startswith("INSERT INTO person"):
            written.append(1)

    engine = world.registry["collab.engine"]
    event.listen(engine, "before_cursor_execute", note)
    is_disconnect = dialect.is_disconnect
    dialect.do_commit = do_commit
    dialect.is_disconnect = lambda error, *rest: "closed the connection" in str(error)
    try:
        yield lost
    finally:
        dialect.do_commit, dialect.is_disconnect = plain, is_disconnect
        event.remove(engine, "before_cursor_execute", note)


def persons(world: World) -> int:
    with world.session() as session:
        return (
            session.scalar(select(func.count()).select_from(Person).where(Person.name == BODY["name"])) or 0
        )


@pytest.mark.parametrize("after", [True, False])
def test_a_write_without_a_key_is_not_repeated_when_its_commit_may_have_happened(
    world: World, after: bool
) -> None:
    program = world.program("admin.babel")
    with commits_lost(world, after=after) as lost:
        answer = program.post_json("/api/v1/persons", BODY, status=503)
    assert lost == [1]
    assert answer.headers["Retry-After"]
    assert persons(world) == int(after)


@pytest.mark.parametrize("after", [True, False])
def test_a_write_with_a_key_is_repeated_and_done_once(world: World, after: bool) -> None:
    program = world.program("admin.babel")
    with commits_lost(world, after=after) as lost:
        answer = program.post_json(
            "/api/v1/persons", BODY, headers={"Idempotency-Key": "key-12345678"}, status=201
        )
    assert lost == [1]
    assert answer.json["name"] == BODY["name"]
    assert persons(world) == 1


def test_a_write_without_a_key_is_repeated_when_nothing_can_have_been_committed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collab.organizations.services import people

    plain, tries = people.create_person, []

    def locked_once(*args, **kw):  # type: ignore[no-untyped-def]
        tries.append(1)
        if len(tries) == 1:
            error = OperationalError("INSERT", {}, Exception("database is locked"))
            error.collab_retryable = True
            raise error
        return plain(*args, **kw)

    monkeypatch.setattr("collab.organizations.services.create_person", locked_once)
    world.program("admin.babel").post_json("/api/v1/persons", BODY, status=201)
    assert len(tries) == 2
    assert persons(world) == 1


def test_events_that_cannot_be_written_do_not_turn_an_answer_into_another(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = world.client("auditor.babel")

    def broken(registry, events):  # type: ignore[no-untyped-def]
        raise OSError("no journal")

    monkeypatch.setitem(world.registry, "collab.event_sink", broken)
    browser.get("/users", status=403)
    assert "web:request:denied" in caplog.text
