"""`collab worker` and `collab documents process`: what has to be done without anybody asking."""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import click
from sqlalchemy.orm import Session

from collab.auth.services.signing_in import sweep_tries
from collab.cli.house import House
from collab.cli.program import Command, Group
from collab.documents import tasks
from collab.web import idempotency

#: Seconds between two rounds.
PAUSE = 300


@dataclass(frozen=True)
class Round:
    """What one round did: a count for each task."""

    counts: dict[str, int] = field(default_factory=dict)

    def text(self) -> str:
        """Write it for people."""
        return ", ".join(f"{name}: {count}" for name, count in self.counts.items())


@click.command(cls=Command)
@click.option("--once", is_flag=True, help="Do one round and end.")
@click.option(
    "--pause", type=click.IntRange(1, 86400), default=PAUSE, show_default=True, help="Seconds between rounds."
)
@click.pass_obj
def worker(house: House, once: bool, pause: int) -> None:
    """Do the recurring work, round after round; safe to run twice, late or in parallel.

    Gives up documents that nobody claimed, forgets spent idempotency keys and old sign-in tries. Ends after the
    round at hand when it is asked to (SIGTERM, Ctrl+C).
    """
    asked = threading.Event()
    if not once:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked.set())
    while True:
        done = one_round(house)
        house.say(done.text(), **done.counts)
        if once or asked.wait(pause):
            return


def one_round(house: House) -> Round:
    """Do each task once, each in a transaction of its own."""
    counts: dict[str, int] = {}
    for name, task in TASKS.items():
        with house.writing() as session:
            counts[name] = task(session, house)
    return Round(counts)


def sweep_documents(session: Session, house: House) -> int:
    """Give up unclaimed documents and orphaned files; give how many documents."""
    return tasks.sweep(session, house.store).documents


def forget_keys(session: Session, house: House) -> int:
    """Forget idempotency keys past their time; give how many."""
    return int(cast(Any, session.execute(idempotency.expired())).rowcount)


def forget_tries(session: Session, house: House) -> int:
    """Forget sign-in tries that no longer count; give how many."""
    return sweep_tries(session)


TASKS: dict[str, Callable[[Session, House], int]] = {
    "documents given up": sweep_documents,
    "keys forgotten": forget_keys,
    "tries forgotten": forget_tries,
}


@click.group(cls=Group)
def documents() -> None:
    """Look after stored documents."""


@documents.command("process")
@click.pass_obj
def process(house: House) -> None:
    """Give up what nobody claimed within seven days, and later its bytes."""
    with house.writing() as session:
        swept = tasks.sweep(session, house.store)
    house.say(
        f"Given up: {swept.documents} documents; removed: {len(swept.files)} files.",
        documents=swept.documents,
        files=len(swept.files),
    )
