"""Backup and restore: on both databases, nothing that a row needs is missing, and nothing is overwritten."""

import hashlib
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import make_url

from collab.cli.house import House
from collab.core.identity import SYSTEM
from collab.documents.services import store
from collab.documents.vocabulary import DocumentKind
from collab.web.uploads import Arrived
from tests.cli.conftest import Collab, answer, runner
from tests.support.databases import SQLITE, Databases

CONTENT = b"plain text, " * 1000


def keep_a_document(content: bytes = CONTENT) -> str:
    """Store a document as the application does; return the digest of its bytes."""
    house = House(Path("development.ini"))
    stored = house.store.put(io.BytesIO(content))
    with house.writing() as session:
        arrived = Arrived("catatan.txt", stored.sha256, stored.size, "text/plain")
        store(session, arrived, title="Catatan", kind=DocumentKind.OTHER, actor=SYSTEM)
    house.close()
    return stored.sha256


@pytest.fixture
def here(fresh_database_url: str, data: Path, monkeypatch: pytest.MonkeyPatch) -> Collab:
    """The command on a database of either kind, with one document in it."""
    data.mkdir()
    collab = runner({"COLLAB_DATA": str(data), "COLLAB_DATABASE_URL": fresh_database_url}, monkeypatch)
    keep_a_document()
    return collab


@pytest.fixture
def there(
    here: Collab, databases: Databases, database_kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Collab:
    """Turns the command to another, empty place; call it after the backup."""

    def run(*arguments: object, **options: object) -> object:
        empty = (
            f"sqlite:///{tmp_path / 'other.sqlite'}"
            if database_kind == SQLITE
            else databases.empty(database_kind)
        )
        other = runner({"COLLAB_DATA": str(tmp_path / "other"), "COLLAB_DATABASE_URL": empty}, monkeypatch)
        return other(*arguments, **options)

    return run


def test_what_was_saved_comes_back_with_its_files_and_its_chain(
    here: Collab, there: Collab, tmp_path: Path
) -> None:
    saved = answer(here("backup", tmp_path / "copy", "--json"))
    assert (saved["files"], saved["entries"]) == (1, 1)
    restored = answer(there("restore", tmp_path / "copy", "--json"))
    assert (restored["files"], restored["head"]) == (1, saved["head"])
    house = House(Path("development.ini"))
    assert house.store.open(hashlib.sha256(CONTENT).hexdigest()).read() == CONTENT
    house.close()


def test_a_restored_place_is_sound_and_goes_on(
    here: Collab, there: Collab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here("backup", tmp_path / "copy")
    there("restore", tmp_path / "copy")
    again = runner({}, monkeypatch)
    assert answer(again("verify", "--json"))["ok"] is True
    keep_a_document(b"one more")
    assert answer(again("audit", "verify", "--json"))["entries"] == 2


def test_a_place_that_is_not_empty_is_never_overwritten(here: Collab, tmp_path: Path) -> None:
    here("backup", tmp_path / "copy")
    refused = here("restore", tmp_path / "copy", code=1).stderr
    assert "there is a database already" in refused or "the database is not empty" in refused


def test_a_folder_that_holds_something_is_not_written_into(here: Collab, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "mine").touch()
    assert "is not empty" in here("backup", tmp_path / "copy", code=1).stderr


def test_an_unfinished_or_changed_copy_is_refused(here: Collab, there: Collab, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    here("backup", copy)
    manifest = (copy / "manifest.json").read_text()
    (copy / "manifest.json").write_text(json.dumps({**json.loads(manifest), "database": "0" * 64}))
    assert "not what the manifest describes" in there("restore", copy, code=1).stderr
    (copy / "manifest.json").unlink()
    assert "no finished copy" in there("restore", copy, code=1).stderr


def test_a_damaged_file_is_found_by_verify(here: Collab, data: Path) -> None:
    digest = hashlib.sha256(CONTENT).hexdigest()
    (data / "files" / digest[:2] / digest[2:4] / digest).write_bytes(b"other")
    said = answer(here("verify", "--json", "--only", "files", code=1))
    assert said["files"] == [f"file {digest} has other content than it was stored with"]


def test_a_backup_without_pg_dump_is_refused_clearly(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collab = runner({"COLLAB_DATA": str(tmp_path), "COLLAB_DATABASE_URL": postgresql_url}, monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "pg_dump is not installed" in collab("backup", tmp_path / "copy", code=1).stderr
    assert make_url(postgresql_url).database
