"""The demo as a test's starting point: told once a run, copied for each file of tests that asks for it."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from collab.cli import demo
from collab.core.db import make_engine, session_factory
from collab.core.storage import LocalFileStore
from tests.support.databases import SQLITE, Databases


@dataclass(frozen=True)
class Told:
    """A copy of the demo: an SQLite database and the folder that holds its files."""

    url: str
    data: Path


@contextmanager
def told(databases: Databases, folder: Path) -> Iterator[Told]:
    """Give a copy of the demo in a folder of the test's own; the first to ask tells it."""
    template = databases.folder / "demo"
    with (databases.folder / "demo-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            _tell(databases, template)
    shutil.copytree(template, folder, dirs_exist_ok=True)
    yield Told(f"sqlite:///{folder / 'collab.sqlite'}", folder)


def _tell(databases: Databases, template: Path) -> None:
    making = template.with_suffix(f".{os.getpid()}")
    making.mkdir()
    url = databases.fresh(SQLITE)
    engine = make_engine(url)
    demo.load(session_factory(engine), LocalFileStore(making / "files"), {}, strength="cheap")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    shutil.copyfile(url.removeprefix("sqlite:///"), making / "collab.sqlite")
    databases.drop(url)
    making.rename(template)
