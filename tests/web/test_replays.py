"""A key answers its own user alone, under the rights of today."""

from typing import Any

import pytest
from sqlalchemy import func, select

from collab.audit.models import JournalEntry
from collab.auth.models import RoleAssignment
from collab.core import clock
from collab.documents.models import Document
from tests.support.files import pdf
from tests.support.world import World

BASE = "/api/v1/documents"
KEY = {"Idempotency-Key": "kunci-12345678"}


def send(world: World, name: str, **expected: Any) -> Any:
    files = [("file", "a.pdf", pdf())]
    return world.program(name).post(BASE, {"title": "Naskah"}, upload_files=files, headers=KEY, **expected)


def test_the_same_key_of_another_user_is_another_act(world: World) -> None:
    first, other = send(world, "legal.babel", status=201), send(world, "legal.kalteng", status=201)
    assert first.json["id"] != other.json["id"]


def test_what_may_no_longer_be_seen_is_not_answered_again(world: World) -> None:
    number = send(world, "legal.babel", status=201).json["id"]
    assert send(world, "legal.babel", status=201).json["id"] == number
    with world.session() as session:
        session.get_one(Document, number).is_claimed = True
    answer = send(world, "legal.babel", expect_errors=True)
    assert answer.status_int == 404
    assert "Naskah" not in answer.text


def test_a_key_is_worth_nothing_once_the_role_is_gone(world: World) -> None:
    send(world, "legal.babel", status=201)
    with world.session() as session:
        role = session.scalars(
            select(RoleAssignment).where(RoleAssignment.user_id == world.user("legal.babel"))
        ).one()
        role.valid_from = role.valid_until = clock.today("Asia/Jakarta").replace(year=2021)
    assert send(world, "legal.babel", expect_errors=True).status_int == 403


@pytest.mark.parametrize("tag", ["documents:document:stored"])
def test_a_replay_writes_nothing(world: World, tag: str) -> None:
    for _time in range(3):
        send(world, "legal.babel", status=201)
    with world.session() as session:
        assert session.scalar(select(func.count()).where(JournalEntry.tag == tag)) == 1
        assert session.scalar(select(func.count()).select_from(Document)) == 1


def test_a_replay_whose_second_reading_is_refused_is_remembered_without_waiting_for_itself(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The reading has events of its own; the writing transaction around it must not be in their way."""
    from collab.core.policy import Predicate
    from collab.documents.vocabulary import Permission

    send(world, "legal.babel", status=201)
    refuse: Predicate = lambda identity, context: False  # noqa: E731
    monkeypatch.setitem(world.registry["collab.policies"], str(Permission.READ), refuse)
    assert send(world, "legal.babel", expect_errors=True).status_int == 403
    assert "not journaled" not in caplog.text
    with world.session() as session:
        assert session.scalar(select(func.count()).where(JournalEntry.tag == "web:request:denied")) == 1
