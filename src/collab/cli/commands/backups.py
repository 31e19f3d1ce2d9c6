"""`collab backup` and `collab restore`: database and files together, the database's snapshot always first.

Files are never removed while a row needs them, so a file that the snapshot names is still there afterwards; the
other order loses files that arrived in between.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.orm import Session

from collab.cli.commands.databases import renew_rights
from collab.cli.commands.proof import kept_files, walk
from collab.cli.house import House, Refusal
from collab.cli.program import Command
from collab.core import clock, migrate
from collab.core.storage import FileStore

MANIFEST, SQLITE, DUMP, FILES = "manifest.json", "collab.sqlite", "collab.dump", "files"


@click.command(cls=Command)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def backup(house: House, folder: Path) -> None:
    """Write database and files into a new FOLDER, while others go on working."""
    house.require_database()
    if folder.exists() and any(folder.iterdir()):
        raise Refusal(f"{folder} is not empty")
    (folder / FILES).mkdir(mode=0o750, parents=True, exist_ok=True)
    kind = "sqlite" if house.sqlite_path else "postgresql"
    digests, chain = copy_sqlite(house, folder) if kind == "sqlite" else dump_postgresql(house, folder)
    copied = sum(
        copy_out(house.store, digest, folder / FILES) for digest in progress(house, digests, "Copying files")
    )
    database = folder / (SQLITE if kind == "sqlite" else DUMP)
    manifest = {
        "kind": kind,
        "made_at": clock.now().isoformat(),
        "revision": migrate.newest(),
        "database": sha256_of(database),
        "files": len(digests),
        "entries": chain[0],
        "head": chain[1],
    }
    write_durably(folder / MANIFEST, json.dumps(manifest, indent=1).encode() + b"\n")
    house.say(
        f"Saved to {folder}: {len(digests)} files ({copied} bytes), journal of {chain[0]} entries, head {chain[1]}.",
        folder=folder,
        **manifest,
    )


def copy_sqlite(house: House, folder: Path) -> tuple[list[str], tuple[int, str]]:
    """Copy the database through SQLite's own backup; read what it names from the copy."""
    source, target = sqlite3.connect(str(house.sqlite_path)), sqlite3.connect(folder / SQLITE)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    finally:
        source.close()
        target.close()
    _fsync(folder / SQLITE)
    return named_by(f"sqlite:///{folder / SQLITE}")


def dump_postgresql(house: House, folder: Path) -> tuple[list[str], tuple[int, str]]:
    """Dump the database with pg_dump, from the very snapshot in which we read what it names."""
    program = program_of("pg_dump")
    with house.reading() as session:
        snapshot = session.scalar(text("SELECT pg_export_snapshot()"))
        named = named_in(session)
        run(
            house,
            [program, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"],
            folder / DUMP,
        )
    return named


def named_by(url: str) -> tuple[list[str], tuple[int, str]]:
    """Read from a database which files it needs, and its chain; refuse a broken chain."""
    engine = create_engine(url)
    try:
        with Session(engine) as session:
            return named_in(session)
    finally:
        engine.dispose()


def named_in(session: Session) -> tuple[list[str], tuple[int, str]]:
    """Read which files a database needs, and (entries, head) of its chain; refuse a broken chain."""
    count, head, broken = walk(session)
    if broken is not None:
        raise Refusal(f"the journal is broken at entry {broken.entry_id}: {broken.reason}")
    return list(session.scalars(kept_files())), (count, head)


def copy_out(store: FileStore, digest: str, folder: Path) -> int:
    """Copy one stored file, verified while it is read; give its size in bytes."""
    target = folder / digest[:2] / digest
    target.parent.mkdir(mode=0o750, exist_ok=True)
    with store.open(digest) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
        copy.flush()
        os.fsync(copy.fileno())
    return target.stat().st_size


@click.command(cls=Command)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.pass_obj
def restore(house: House, folder: Path) -> None:
    """Bring database and files back from FOLDER into an empty place; print the head of the journal's chain.

    Compare that head with the one noted outside: an older one means that entries are missing.
    """
    manifest = read_manifest(folder)
    kind = "sqlite" if house.sqlite_path else "postgresql"
    if manifest["kind"] != kind:
        raise Refusal(f"this copy is of {manifest['kind']}, the settings name {kind}")
    database = folder / (SQLITE if kind == "sqlite" else DUMP)
    if sha256_of(database) != manifest["database"]:
        raise Refusal(f"{database} is not what the manifest describes")
    house.settings.data_dir.mkdir(mode=0o750, parents=True, exist_ok=True)
    restore_sqlite(house, database) if kind == "sqlite" else restore_postgresql(house, database)
    restored = sum(
        1
        for path in progress(house, list(stored_copies(folder)), "Restoring files")
        if put_back(house.store, path)
    )
    with Session(house.engine) as session:
        digests, (count, head) = named_in(session)
    missing = [digest for digest in digests if not house.store.exists(digest)]
    if missing or head != manifest["head"]:
        raise Refusal(f"{len(missing)} files are missing; head {head}, the manifest says {manifest['head']}")
    house.engine.dispose()
    house.say(
        f"Restored from {manifest['made_at']}: {restored} files, journal of {count} entries, head {head}.",
        files=restored,
        entries=count,
        head=head,
        made_at=manifest["made_at"],
    )


def restore_sqlite(house: House, database: Path) -> None:
    """Put the file in place, whole or not at all."""
    path = house.sqlite_path
    if path is None or path.exists():
        raise Refusal(f"there is a database already: {path}")
    waiting = path.with_suffix(".restoring")
    shutil.copyfile(database, waiting)
    _fsync(waiting)
    waiting.rename(path)
    _fsync(path.parent)


def restore_postgresql(house: House, database: Path) -> None:
    """Fill an empty database with pg_restore, in one transaction; renew the rights where our roles exist."""
    with house.engine.connect() as connection:
        if inspect(connection).get_table_names():
            raise Refusal("the database is not empty")
    house.engine.dispose()
    run(
        house,
        [
            program_of("pg_restore"),
            "--single-transaction",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
        ],
        database,
    )
    renew_rights(house.engine, make=False)


def run(house: House, command: list[str], file: Path) -> None:
    """Run one of PostgreSQL's programs against our database; the password travels in its environment only."""
    url = make_url(house.settings.database_url)
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    last = (
        [f"--file={file}", f"--dbname={address}"]
        if "pg_dump" in command[0]
        else [f"--dbname={address}", str(file)]
    )
    done = subprocess.run([*command, *last], env=environment, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise Refusal(f"{Path(command[0]).name} failed: {said}")


def program_of(name: str) -> str:
    """Find one of PostgreSQL's programs; refuse when it is not there."""
    found = shutil.which(name)
    if found is None:
        raise Refusal(f"{name} is not installed; it comes with PostgreSQL's client programs")
    return found


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read what a copy says of itself; refuse a folder that is none, or an unfinished one."""
    try:
        return dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise Refusal(f"{folder} holds no finished copy (no readable {MANIFEST})") from error


def stored_copies(folder: Path) -> Iterator[Path]:
    """Give the files of a copy."""
    yield from sorted(path for path in (folder / FILES).glob("*/*") if path.is_file())


def put_back(store: FileStore, path: Path) -> bool:
    """Store one file again; refuse one whose content is not what its name says."""
    with path.open("rb") as file:
        stored = store.put(file)
    if stored.sha256 != path.name:
        raise Refusal(f"{path} is damaged")
    return True


def progress(house: House, items: list[Any], label: str) -> Iterator[Any]:
    """Go through items, with a bar for people at a terminal."""
    if house.as_json or len(items) < 20 or not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, label=label, file=sys.stderr) as bar:
        yield from bar


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_durably(path: Path, content: bytes) -> None:
    """Write a file that survives a power cut once this returns."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _fsync(path.parent)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
