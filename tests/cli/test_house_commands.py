"""init, verify, audit verify, worker: what they do, and how they refuse."""

import sqlite3
from pathlib import Path

import pytest

from collab.audit.services import record
from collab.cli.house import House
from collab.core.identity import SYSTEM
from tests.cli.conftest import Collab, answer


@pytest.fixture
def filled(collab: Collab, data: Path) -> Path:
    """A database whose journal has three entries."""
    collab("init")
    house = House(Path("development.ini"))
    for number in range(3):
        with house.writing() as session:
            record(
                session,
                actor=SYSTEM,
                tag="test:thing:made",
                subject_kind="thing",
                subject_id=number,
                subject_name=f"Thing {number}",
                government_id=None,
            )
    house.close()
    return data / "collab.sqlite"


def tamper(path: Path, statement: str) -> None:
    """Change the database as somebody would who owns the file."""
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER tr_journal_entry_no_update")
        connection.execute("DROP TRIGGER tr_journal_entry_no_delete")
        connection.execute(statement)
    connection.close()


def test_init_makes_the_folder_and_is_safe_to_run_again(collab: Collab, data: Path) -> None:
    assert answer(collab("init", "--json"))["migrated"] is True
    assert (data / "collab.sqlite").exists()
    assert answer(collab("--json", "init"))["migrated"] is False


def test_roles_are_refused_on_sqlite_in_one_line(collab: Collab) -> None:
    refused = collab("init", "--roles", code=1)
    assert refused.stderr.count("\n") == 1
    assert refused.stderr.startswith("collab: database roles exist on PostgreSQL only")


def test_a_missing_settings_file_is_refused(collab: Collab) -> None:
    assert "no settings file nowhere.ini" in collab("-c", "nowhere.ini", "init", code=1).stderr


def test_a_refusal_is_json_when_json_is_asked_for(collab: Collab) -> None:
    assert '{"error": "there is no database' in collab("verify", "--json", code=1).stderr


def test_wrong_usage_has_its_own_exit_code(collab: Collab) -> None:
    collab("init", "--no-such-option", code=2)
    collab("no-such-command", code=2)


def test_commands_refuse_a_database_that_was_never_made(collab: Collab) -> None:
    assert "run collab init first" in collab("verify", code=1).stderr


def test_a_whole_chain_is_counted_and_its_head_named(collab: Collab, filled: Path) -> None:
    said = answer(collab("audit", "verify", "--json"))
    assert (said["ok"], said["entries"], len(said["head"])) == (True, 3, 64)


@pytest.mark.parametrize(
    ("statement", "entry", "reason"),
    [
        (
            "UPDATE journal_entry SET payload = replace(payload, 'Thing 1', 'Thing 9') WHERE id = 2",
            2,
            "its text",
        ),
        ("UPDATE journal_entry SET subject_name = 'Thing 9' WHERE id = 2", 2, "its columns differ"),
        ("DELETE FROM journal_entry WHERE id = 2", 3, "entry 2 is missing"),
        (
            "UPDATE journal_head SET hash = (SELECT hash FROM journal_entry WHERE id = 2)",
            3,
            "names another last entry",
        ),
    ],
)
def test_the_first_broken_entry_is_named(
    collab: Collab, filled: Path, statement: str, entry: int, reason: str
) -> None:
    tamper(filled, statement)
    said = answer(collab("audit", "verify", "--json", code=1))
    assert (said["ok"], said["entry"]) == (False, entry)
    assert reason in said["reason"]


def test_an_entry_cut_off_at_the_end_is_missed(collab: Collab, filled: Path) -> None:
    tamper(filled, "DELETE FROM journal_entry WHERE id = 3")
    assert answer(collab("audit", "verify", "--json", code=1))["entry"] == 3


def test_verify_finds_a_dropped_guard(collab: Collab, filled: Path) -> None:
    assert answer(collab("verify", "--json"))["ok"] is True
    tamper(filled, "SELECT 1")
    said = answer(collab("verify", "--json", code=1))
    assert said["guards"] == [
        "trigger tr_journal_entry_no_delete is missing",
        "trigger tr_journal_entry_no_update is missing",
    ]


def test_one_round_of_work_says_what_it_did(collab: Collab, filled: Path) -> None:
    said = answer(collab("worker", "--once", "--json"))
    assert said == {"documents given up": 0, "keys forgotten": 0, "tries forgotten": 0}
    assert "Given up: 0 documents" in collab("documents", "process").stdout
