"""The file store: nothing acknowledged is lost, nothing damaged is served, nothing half-written stays."""

import errno
import hashlib
import io
import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collab.core import clock, storage
from collab.core.errors import StorageFull, TooLarge
from collab.core.storage import Damaged, FileStore, LocalFileStore, NotStored, NullFileStore

CONTENT = b"Perjanjian Kerja Sama\n" * 100
DIGEST = hashlib.sha256(CONTENT).hexdigest()
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture(name="root")
def _root(tmp_path):
    return tmp_path / "files"


@pytest.fixture(name="store", params=["local", "null"])
def _store(request, root) -> FileStore:
    return (
        LocalFileStore(root, max_bytes=3_000_000)
        if request.param == "local"
        else NullFileStore(max_bytes=3_000_000)
    )


class Recorder:
    """Stand between the store and the system: write down the order, shorten writes, run out of room."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, *, longest: int = 1 << 30, fail_at: int | None = None
    ) -> None:
        self.calls: list[tuple[str, str]] = []
        self.longest = longest
        self.fail_at = fail_at
        self._real = {name: getattr(os, name) for name in ("write", "fsync", "rename")}
        for name in self._real:
            monkeypatch.setattr(os, name, getattr(self, name))

    def _note(self, call: str, path: str) -> None:
        if len(self.calls) == self.fail_at:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.calls.append((call, path))

    def write(self, descriptor: int, content: memoryview) -> int:
        self._note("write", os.readlink(f"/proc/self/fd/{descriptor}"))
        return self._real["write"](descriptor, content[: self.longest])

    def fsync(self, descriptor: int) -> None:
        self._note("fsync", os.readlink(f"/proc/self/fd/{descriptor}"))
        self._real["fsync"](descriptor)

    def rename(self, source: str, target: os.PathLike[str]) -> None:
        self._note("rename", os.fspath(target))
        self._real["rename"](source, target)


def leftovers(root) -> list[str]:
    return [str(path) for path in root.rglob("*") if path.is_file() and path.name != ".lock"]


def test_what_is_put_can_be_read_again(store):
    stored = store.put(io.BytesIO(CONTENT))
    assert (stored.sha256, stored.size) == (DIGEST, len(CONTENT))
    assert store.exists(DIGEST)
    assert store.verify(DIGEST)
    with store.open(DIGEST) as file:
        assert file.read() == CONTENT


def test_the_same_content_is_stored_once(store):
    assert store.put(io.BytesIO(CONTENT)) == store.put(io.BytesIO(CONTENT))
    assert list(store.iter_digests()) == [DIGEST]


def test_an_empty_file_has_an_address_too(store):
    stored = store.put(io.BytesIO(b""))
    assert stored.size == 0
    assert store.open(stored.sha256).read() == b""


def test_a_file_above_the_bound_is_refused_and_not_kept(store, root):
    with pytest.raises(TooLarge):
        store.put(io.BytesIO(b"x" * 3_000_001))
    assert list(store.iter_digests()) == []
    if isinstance(store, LocalFileStore):
        assert leftovers(root) == []


def test_a_file_at_the_bound_is_accepted(store):
    assert store.put(io.BytesIO(b"x" * 3_000_000)).size == 3_000_000


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../etc/passwd",
        "a" * 63,
        "A" * 64,
        "a" * 64 + "\n",
        "/" + "a" * 63,
        "0" * 64,
        "a" * 65,
        "g" * 64,
        "\x00" * 64,
    ],
)
def test_nothing_but_a_stored_digest_opens_anything(store, name):
    assert not store.exists(name)
    assert not store.verify(name)
    with pytest.raises(NotStored):
        store.open(name)


def test_a_link_in_the_place_of_a_file_is_not_followed(root):
    store = LocalFileStore(root)
    store.put(io.BytesIO(CONTENT))
    path = root / DIGEST[:2] / DIGEST[2:4] / DIGEST
    path.rename(root / "elsewhere")
    path.symlink_to(root / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        store.open(DIGEST)


def test_a_write_is_acknowledged_only_after_file_name_and_folders_are_durable(root, monkeypatch):
    store = LocalFileStore(root)
    recorder = Recorder(monkeypatch)
    store.put(io.BytesIO(CONTENT))
    final = root / DIGEST[:2] / DIGEST[2:4] / DIGEST
    assert [call for call, _path in recorder.calls] == ["write", "fsync", "rename", "fsync", "fsync", "fsync"]
    assert recorder.calls[0][1] == recorder.calls[1][1]
    assert recorder.calls[2][1] == str(final)
    assert [path for _call, path in recorder.calls[3:]] == [
        str(final.parent),
        str(final.parent.parent),
        str(root),
    ]


def test_the_temporary_file_lies_on_the_same_file_system_and_never_under_an_address(root, monkeypatch):
    store = LocalFileStore(root)
    recorder = Recorder(monkeypatch)
    store.put(io.BytesIO(CONTENT))
    assert os.path.dirname(recorder.calls[0][1]) == str(root / "incoming")


def test_short_writes_are_continued(root, monkeypatch):
    store = LocalFileStore(root)
    recorder = Recorder(monkeypatch, longest=7)
    store.put(io.BytesIO(CONTENT))
    assert sum(call == "write" for call, _path in recorder.calls) == -(-len(CONTENT) // 7)
    assert store.verify(DIGEST)


@pytest.mark.parametrize("step", range(6))
def test_a_disk_that_fills_at_any_step_leaves_no_part_behind(root, monkeypatch, step):
    store = LocalFileStore(root)
    Recorder(monkeypatch, fail_at=step)
    with pytest.raises(StorageFull):
        store.put(io.BytesIO(CONTENT))
    monkeypatch.undo()
    assert list((root / "incoming").iterdir()) == []
    assert all(store.verify(digest) for digest in store.iter_digests())
    assert list(store.iter_digests()) == ([] if step < 3 else [DIGEST])


def test_a_disk_without_room_for_a_name_is_full_too(root, monkeypatch):
    store = LocalFileStore(root)

    def full(**_kw):
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(storage.tempfile, "mkstemp", full)
    with pytest.raises(StorageFull):
        store.put(io.BytesIO(CONTENT))


def test_another_failure_of_the_disk_is_not_called_full(root, monkeypatch):
    store = LocalFileStore(root)

    def broken(_descriptor):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        store.put(io.BytesIO(CONTENT))
    assert leftovers(root) == []


def test_a_sender_who_breaks_off_leaves_nothing(root):
    class Broken(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            raise ConnectionResetError("gone")

    store = LocalFileStore(root)
    with pytest.raises(ConnectionResetError):
        store.put(Broken())
    assert leftovers(root) == []


@pytest.mark.parametrize("size", [2, storage.SMALL, storage.SMALL + 1, 3 * storage.SMALL + 5])
@pytest.mark.parametrize("damage", ["flip", "cut", "longer"])
def test_a_damaged_file_is_never_handed_out_whole(root, size, damage):
    store = LocalFileStore(root)
    content = os.urandom(size)
    digest = store.put(io.BytesIO(content)).sha256
    path = root / digest[:2] / digest[2:4] / digest
    changed = {
        "flip": content[:-1] + bytes([content[-1] ^ 1]),
        "cut": content[:-1],
        "longer": content + b"!",
    }[damage]
    path.write_bytes(changed)
    assert not store.verify(digest)
    got = b""

    def read_all() -> None:
        nonlocal got
        with store.open(digest) as file:
            while block := file.read(100_000):
                got += block

    with pytest.raises(Damaged):
        read_all()
    assert len(got) < len(changed)
    if size <= storage.SMALL and damage != "longer":
        assert got == b""


def test_storing_it_again_heals_a_damaged_file(root):
    store = LocalFileStore(root)
    store.put(io.BytesIO(CONTENT))
    (root / DIGEST[:2] / DIGEST[2:4] / DIGEST).write_bytes(b"rotten")
    store.put(io.BytesIO(CONTENT))
    assert store.verify(DIGEST)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=3000), scale=st.integers(1, 700), step=st.integers(1, 500_000))
def test_any_content_is_read_back_in_any_steps(root, content, scale, step):
    store = LocalFileStore(root)
    stored = store.put(io.BytesIO(content * scale))
    read = b""
    with store.open(stored.sha256) as file:
        while block := file.read(step):
            read += block
    assert read == content * scale


def test_a_sweep_removes_only_what_nobody_claims_and_is_old(store):
    kept = store.put(io.BytesIO(b"kept")).sha256
    orphan = store.put(io.BytesIO(b"orphan")).sha256
    assert store.sweep(lambda digest: digest == kept, clock.now() - timedelta(days=7)) == ()
    assert store.sweep(lambda digest: digest == kept, LATER) == (orphan,)
    assert list(store.iter_digests()) == [kept]


def test_a_sweep_removes_abandoned_parts(root):
    store = LocalFileStore(root)
    (root / "incoming" / "abandoned.part").write_bytes(b"half")
    assert store.sweep(lambda _digest: True, clock.now() - timedelta(days=7)) == ()
    assert leftovers(root) != []
    store.sweep(lambda _digest: True, LATER)
    assert leftovers(root) == []


def test_a_file_sent_again_while_the_sweep_runs_is_not_removed(root):
    store = LocalFileStore(root)
    store.put(io.BytesIO(CONTENT))
    path = root / DIGEST[:2] / DIGEST[2:4] / DIGEST
    os.utime(path, (0, 0))

    def somebody_sends_it_now(_digest: str) -> bool:
        store.put(io.BytesIO(CONTENT))
        return False

    assert store.sweep(somebody_sends_it_now, clock.now() - timedelta(days=7)) == ()
    assert store.verify(DIGEST)


def test_an_orphan_is_gone_after_the_grace(root):
    store = LocalFileStore(root)
    store.put(io.BytesIO(CONTENT))
    os.utime(root / DIGEST[:2] / DIGEST[2:4] / DIGEST, (0, 0))
    assert store.sweep(lambda _digest: False, clock.now() - timedelta(days=7)) == (DIGEST,)
    assert not store.exists(DIGEST)
