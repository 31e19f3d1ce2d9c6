"""The fixtures give migrated databases of both engines, and a test leaves nothing in the shared one."""

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from collab.audit.models import JournalHead
from collab.core import triggers
from collab.core.db import make_engine
from tests.support.databases import Databases


def rows(session: Session) -> int | None:
    return session.scalar(select(func.count()).select_from(JournalHead))


def test_what_one_test_flushes_another_does_not_see(session: Session) -> None:
    assert rows(session) == 0
    session.connection().exec_driver_sql("CREATE TABLE left_behind (id INTEGER)")
    session.commit()


def test_and_the_order_does_not_matter(session: Session) -> None:
    assert rows(session) == 0
    session.connection().exec_driver_sql("CREATE TABLE left_behind (id INTEGER)")
    session.commit()


def test_a_fresh_database_has_every_trigger(fresh_database_url: str, engine: Engine) -> None:
    fresh = make_engine(fresh_database_url)
    with fresh.connect() as connection:
        assert triggers.present(connection) == {trigger.name for trigger in triggers.registered()}
    assert fresh.url != engine.url
    fresh.dispose()


def test_two_databases_are_two(databases: Databases, database_kind: str) -> None:
    first, second = databases.fresh(database_kind), databases.empty(database_kind)
    assert first != second
    databases.drop(first)
    databases.drop(second)
