"""Store files by their content: what is acknowledged survives a power cut, what is damaged is never served.

A file's address is the SHA-256 of its bytes, so writing is idempotent and needs no two-phase commit: the file
first, the row that names it afterwards, orphans swept after a grace that must exceed the backup window.
"""

import errno
import fcntl
import hashlib
import io
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from collab.core import clock
from collab.core.errors import CollabError, NotFound, StorageFull, TooLarge
from collab.core.text import _

#: Default bound of one file, in bytes.
MAX_BYTES = 25 * 1024 * 1024
#: Files up to this size are checked as a whole before the first byte is handed out.
SMALL = 1024 * 1024
BLOCK = 256 * 1024

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class Damaged(CollabError):
    """A stored file no longer has the content it was stored with; it is not served (500)."""

    status = 500


class NotStored(NotFound):
    """No file with this digest is in the store."""


@dataclass(frozen=True)
class Stored:
    """What the store answers: the address and the size in bytes."""

    sha256: str
    size: int


class FileStore(Protocol):
    """The door to stored files. Every digest is 64 lower-case hexadecimal characters, else `NotStored`."""

    def put(self, stream: IO[bytes]) -> Stored:
        """Store the rest of a stream durably; raise `TooLarge`, or `StorageFull`, and then keep nothing."""

    def open(self, sha256: str) -> BinaryIO:
        """Open a file for reading, verified while read; raise `NotStored` or `Damaged`."""

    def exists(self, sha256: str) -> bool:
        """Tell whether a file is there (not whether it is sound)."""

    def verify(self, sha256: str) -> bool:
        """Tell whether a file is there and has the content of its digest."""

    def iter_digests(self) -> Iterator[str]:
        """Give the digests of all stored files."""

    def sweep(self, keep: Callable[[str], bool], older_than: datetime) -> tuple[str, ...]:
        """Remove what `keep` does not claim and was last stored before an instant; give what was removed."""


class LocalFileStore:
    """Files in one folder, `ab/cd/<sha256>`, with temporary files in `incoming` on the same file system."""

    def __init__(self, root: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self._root = Path(root)
        self._incoming = self._root / "incoming"
        self._max_bytes = max_bytes
        self._incoming.mkdir(mode=0o750, parents=True, exist_ok=True)
        _fsync_folders(self._root, self._root.parent)

    def put(self, stream: IO[bytes]) -> Stored:
        """Write, fsync, rename, fsync the folders: in this order, so that a power cut leaves all or nothing."""
        with refusing_when_full():
            descriptor, temporary = tempfile.mkstemp(dir=self._incoming, suffix=".part")
            try:
                try:
                    stored = _write_stream(descriptor, stream, self._max_bytes)
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
                self._place(temporary, stored.sha256)
            except BaseException:
                with suppress(FileNotFoundError):
                    os.unlink(temporary)
                raise
        return stored

    def open(self, sha256: str) -> BinaryIO:
        """Open for reading; a damaged file raises `Damaged` before its last byte, a small one before its first."""
        file = self._open(sha256)
        if os.fstat(file.fileno()).st_size > SMALL:
            return io.BufferedReader(_CheckedReader(file, sha256), BLOCK)
        with file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise _damaged()
        return io.BytesIO(content)

    def exists(self, sha256: str) -> bool:
        """Tell whether a regular file lies at the address."""
        return _DIGEST.match(sha256) is not None and self._path(sha256).is_file()

    def verify(self, sha256: str) -> bool:
        """Read the whole file and compare its hash with its address."""
        try:
            with self._open(sha256) as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except NotStored:
            return False

    def iter_digests(self) -> Iterator[str]:
        """Give the digests in ascending order."""
        for folder in sorted(self._root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
            yield from sorted(name for name in os.listdir(folder) if _DIGEST.match(name))

    def sweep(self, keep: Callable[[str], bool], older_than: datetime) -> tuple[str, ...]:
        """Remove unclaimed files and abandoned temporary ones.

        Storing a file again renews its time, and both hold the same lock: a file that somebody sends at this
        very moment is either renewed before it is looked at, or stored anew after it was removed.
        """
        removed = []
        for digest in self.iter_digests():
            if not keep(digest) and self._remove_if_older(self._path(digest), older_than):
                removed.append(digest)
        for leftover in sorted(self._incoming.iterdir()):
            self._remove_if_older(leftover, older_than)
        return tuple(removed)

    def _path(self, sha256: str) -> Path:
        if not _DIGEST.match(sha256):
            raise NotStored(_("There is no such file."))
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def _open(self, sha256: str) -> io.BufferedReader:
        path = self._path(sha256)
        try:
            return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
        except FileNotFoundError as error:
            raise NotStored(_("There is no such file.")) from error

    def _place(self, temporary: str, sha256: str) -> None:
        """Rename over whatever is there: same content, and a damaged copy is healed.

        All three folders are synced each time: another upload may have made them a moment ago, not yet durably.
        """
        target = self._path(sha256)
        with self._lock(fcntl.LOCK_SH):
            target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            os.rename(temporary, target)
            _fsync_folders(target.parent, target.parent.parent, self._root)

    def _remove_if_older(self, path: Path, older_than: datetime) -> bool:
        with self._lock(fcntl.LOCK_EX), suppress(FileNotFoundError):
            if path.lstat().st_mtime < older_than.timestamp():
                path.unlink()
                return True
        return False

    @contextmanager
    def _lock(self, kind: int) -> Iterator[None]:
        descriptor = os.open(self._root / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(descriptor, kind)
            yield
        finally:
            os.close(descriptor)


class NullFileStore:
    """Files in memory: for tests and dry runs, with the same promises except durability."""

    def __init__(self, *, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._files: dict[str, tuple[bytes, datetime]] = {}

    def put(self, stream: IO[bytes]) -> Stored:
        """Keep the rest of the stream."""
        content = b"".join(_blocks(stream, self._max_bytes))
        digest = hashlib.sha256(content).hexdigest()
        self._files[digest] = (content, clock.now())
        return Stored(digest, len(content))

    def open(self, sha256: str) -> BinaryIO:
        """Open for reading."""
        if sha256 not in self._files:
            raise NotStored(_("There is no such file."))
        return io.BytesIO(self._files[sha256][0])

    def exists(self, sha256: str) -> bool:
        """Tell whether the file was put."""
        return sha256 in self._files

    def verify(self, sha256: str) -> bool:
        """Tell whether the file was put: memory keeps what it was given."""
        return sha256 in self._files

    def iter_digests(self) -> Iterator[str]:
        """Give the digests in ascending order."""
        yield from sorted(self._files)

    def sweep(self, keep: Callable[[str], bool], older_than: datetime) -> tuple[str, ...]:
        """Forget what is neither kept nor recent."""
        gone = tuple(
            digest
            for digest in sorted(self._files)
            if not keep(digest) and self._files[digest][1] < older_than
        )
        for digest in gone:
            del self._files[digest]
        return gone


class _CheckedReader(io.RawIOBase):
    """Hand out a file one block late: the last block only after the hash of the whole has proved right."""

    def __init__(self, file: BinaryIO, sha256: str) -> None:
        self._file = file
        self._expected = sha256
        self._hash = hashlib.sha256()
        self._block = self._next()
        self._ahead = self._next()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not self._block:
            self._block, self._ahead = self._ahead, self._next()
        count = min(len(buffer), len(self._block))
        buffer[:count] = self._block[:count]
        self._block = self._block[count:]
        return count

    def close(self) -> None:
        self._file.close()
        super().close()

    def _next(self) -> bytes:
        block = self._file.read(BLOCK)
        self._hash.update(block)
        if not block and self._hash.hexdigest() != self._expected:
            raise _damaged()
        return block


@contextmanager
def refusing_when_full() -> Iterator[None]:
    """Turn "no space left" and "quota exceeded" inside the block into `StorageFull`; never retried."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise StorageFull(
            _(
                "There is no room left to store files. Nothing was saved. Tell the administrator and try again later."
            )
        ) from error


def _damaged() -> Damaged:
    return Damaged(_("This file is damaged in the store and is therefore not shown. Tell the administrator."))


def _blocks(stream: IO[bytes], max_bytes: int) -> Iterator[bytes]:
    size = 0
    while block := stream.read(BLOCK):
        size += len(block)
        if size > max_bytes:
            raise TooLarge(
                _("The file is larger than ${limit} MB.", mapping={"limit": max_bytes // (1024 * 1024)})
            )
        yield block


def _write_stream(descriptor: int, stream: IO[bytes], max_bytes: int) -> Stored:
    digest, size = hashlib.sha256(), 0
    for block in _blocks(stream, max_bytes):
        digest.update(block)
        size += len(block)
        rest = memoryview(block)
        while rest:  # a write may be short, and on a nearly full disk it is
            rest = rest[os.write(descriptor, rest) :]
    return Stored(digest.hexdigest(), size)


def _fsync_folders(*folders: Path) -> None:
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
