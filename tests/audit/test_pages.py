"""The journal as auditors read it, and the events that outlive a refused request."""

import hashlib

import pytest
from sqlalchemy import select

from collab.audit import queries
from collab.audit.models import JournalEntry
from collab.audit.services import record
from collab.core.identity import Role
from tests.support.world import World


def entries(world: World) -> list[JournalEntry]:
    with world.registry["collab.reading_sessions"]() as session:
        return list(session.scalars(select(JournalEntry).order_by(JournalEntry.id)))


def write(world: World, name: str, government: str, *, count: int = 1) -> None:
    with world.session() as session:
        for number in range(count):
            record(
                session,
                actor=world.identity(session, name),
                tag="auth:user:edited",
                subject_kind="user",
                subject_id=world.user(name),
                subject_name=f"<b>{name}</b> {number}",
                government_id=world.government(government),
                changes={"display_name": ["<i>Old</i>", "New"], "is_active": [True, False]},
            )


def test_an_auditor_reads_acts_as_sentences_with_what_changed(world: World) -> None:
    write(world, "admin.babel", "19")
    browser = world.client("auditor.babel")
    page = browser.get("/journal?lang=en", status=200)
    assert "Admin Babel changed the account of" in page
    assert "<b>admin.babel</b>" not in page.text
    entry = page.click(href=r"/journal/1$")
    assert "&lt;i&gt;Old&lt;/i&gt;" in entry.text
    assert entries(world)[0].hash in entry


def test_the_journal_asks_at_most_six_statements(world: World) -> None:
    write(world, "admin.babel", "19", count=60)
    browser = world.client("auditor.babel")
    with world.counting() as statements:
        browser.get("/journal", status=200)
    assert len(statements) <= 6, statements


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.AUDITOR, Role.LIAISON, Role.PARTNER)]
)
def test_others_than_auditors_do_not_read_the_journal(world: World, role: Role) -> None:
    write(world, "admin.babel", "19")
    browser = world.client(f"{role}.babel")
    for path in ("/journal", "/journal.csv", "/journal/1"):
        browser.get(path, status=403)
    world.program(f"{role}.babel").get("/api/v1/journal", status=403)


def test_an_auditor_reads_the_own_government_and_the_nations_auditor_reads_all(world: World) -> None:
    write(world, "admin.babel", "19")
    write(world, "admin.kalteng", "62")
    own = world.client("auditor.babel")
    own.get("/journal/1", status=200)
    own.get("/journal/2", status=404)
    assert "admin.kalteng" not in own.get("/journal.csv").text
    assert "admin.kalteng" in world.client("auditor.pusat").get("/journal.csv").text


def test_filters_narrow_the_journal(world: World) -> None:
    write(world, "admin.babel", "19")
    program = world.program("auditor.babel")

    def found(query: str) -> int:
        return len(program.get(f"/api/v1/journal?{query}", status=200).json["items"])

    assert found("feature=auth&actor=ADMIN&subject_kind=user") == 1
    assert found("feature=agreements") == 0
    assert found("actor=100%25") == 0
    assert found("until=2020-01-01") == 0
    assert found("since=2020-01-01&until=2099-12-31") == 1
    assert found(f"subject_id={world.user('admin.babel')}") == 1
    program.get("/api/v1/journal?since=yesterday", status=422)
    program.get("/api/v1/journal?nonsense=1", status=422)


def test_an_extract_carries_the_hashes_of_what_it_leaves_out_and_can_be_verified(world: World) -> None:
    for number in range(6):
        write(world, *(("admin.babel", "19") if number % 2 else ("admin.kalteng", "62")))
    items = world.program("auditor.babel").get("/api/v1/journal/extract?limit=200", status=200).json["items"]
    assert [item["id"] for item in items] == [1, 2, 3, 4, 5, 6]
    previous, verified = "0" * 64, 0
    for item in items:
        if "payload" in item:
            assert hashlib.sha256(f"{previous}\n{item['payload']}".encode()).hexdigest() == item["hash"]
            verified += 1
        else:
            assert set(item) == {"id", "hash"}
        previous = item["hash"]
    assert verified == 3
    assert "Kalteng" not in str(items)


def test_exports_of_the_journal_are_themselves_journaled(world: World) -> None:
    browser = world.client("auditor.babel")
    browser.get("/journal.xlsx", status=200)
    last = entries(world)[-1]
    assert (last.tag, last.actor_name) == ("web:list:exported", "Auditor Babel")


def test_a_refused_request_leaves_a_trace_although_its_transaction_is_undone(world: World) -> None:
    browser = world.client("liaison.kopukm.babel")
    token = world.csrf(browser)
    browser.get("/users", status=403)
    browser.post("/users/new", {"csrf_token": token, "name": "eve"}, status=403)
    denied = [entry for entry in entries(world) if entry.tag == "web:request:denied"]
    assert [entry.subject_name for entry in denied] == ["/users", "/users/new"]
    assert {entry.user_id for entry in denied} == {world.user("liaison.kopukm.babel")}
    assert {entry.government_id for entry in denied} == {world.government("19")}


def test_a_program_without_a_right_token_is_journaled_as_nobody(world: World) -> None:
    world.client().get("/api/v1/users", headers={"Authorization": "Bearer wrong"}, status=401)
    entry = entries(world)[-1]
    assert (entry.tag, entry.user_id, entry.actor_name) == ("web:request:denied", None, "anonymous")
    page = world.client("auditor.pusat").get("/journal?lang=en")
    assert "Someone not signed in" in page


def test_the_chain_is_whole_after_pages_were_used(world: World) -> None:
    world.client("admin.babel").get("/users.csv")
    world.client().get("/api/v1/users", status=401)
    with world.session() as session:
        assert queries.first_break(session) is None
