"""`collab demo`: load the reference data into an empty database."""

import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from collab.cli import demo as told
from collab.cli.demo.settling import ADMIN, PASSWORD, all_accounts
from collab.cli.house import House, Refusal
from collab.cli.program import Command
from collab.core import db


@click.command(cls=Command)
@click.pass_obj
def demo(house: House) -> None:
    """Load the demo: three provinces, their agencies, regulations, agreements and commitments.

    Refuses on a production system and on a database that holds anything already. On SQLite all of it arrives at
    once or nothing does.
    """
    if house.settings.is_production:
        raise Refusal("the demo is never loaded into a production system")
    with house.reading() as session:
        if not told.is_empty(session):
            raise Refusal("this database holds data already; the demo is loaded into an empty one")
    owners = house.config.registry["collab.document_owners"]
    with stage(house) as sessions:
        acts = told.load(sessions, house.store, owners, strength=house.settings.argon2, progress=bar(house))
    names = [ADMIN, *(account.name for account in all_accounts())]
    house.say(
        f"The demo is loaded: {acts} acts, {len(names)} accounts (password {PASSWORD}).",
        acts=acts,
        accounts=names,
    )


@contextmanager
def stage(house: House) -> Iterator[sessionmaker[Session]]:
    """Give where the demo is written: on SQLite a copy beside, which takes the database's place when it is whole."""
    path = house.sqlite_path
    if path is None:
        yield house.sessions
        return
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="demo-") as folder:
        copy = Path(folder) / "collab.sqlite"
        pour(path, copy)
        engine = db.make_engine(f"sqlite:///{copy}")
        event.listen(engine, "connect", _hurry)
        try:
            yield db.session_factory(engine)
        finally:
            engine.dispose()
        pour(copy, path)


def pour(source: Path, target: Path) -> None:
    """Copy a database into another through SQLite's own backup: whole, or not at all."""
    origin, goal = sqlite3.connect(source), sqlite3.connect(target, timeout=10)
    try:
        goal.execute("PRAGMA synchronous=FULL")
        origin.backup(goal)
    finally:
        origin.close()
        goal.close()


def _hurry(connection: sqlite3.Connection, record: object) -> None:
    """Leave durability out: this copy is thrown away unless it becomes whole."""
    connection.execute("PRAGMA synchronous=OFF")


def bar(house: House) -> Callable[[int, int], None] | None:
    """Give what shows the progress to a person at a terminal; nothing for machines."""
    if house.as_json or not sys.stderr.isatty():
        return None

    def show(done: int, whole: int) -> None:
        if done % 25 == 0 or done == whole:
            click.echo(f"\r{done} of {whole} acts", err=True, nl=done == whole)

    return show
