"""`collab audit verify` and `collab verify`: that nothing was changed behind the house's back."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from collab.audit.models import JournalHead
from collab.audit.queries import first_break, length
from collab.audit.rules import GENESIS, Break
from collab.cli.house import House
from collab.cli.program import Command, Group
from collab.commitments.services import spans
from collab.core import grants, triggers
from collab.core.storage import FileStore
from collab.documents.models import StoredFile


@click.group(cls=Group)
def audit() -> None:
    """Check the journal's hash chain."""


@audit.command("verify")
@click.pass_obj
def audit_verify(house: House) -> None:
    """Walk the journal's hash chain; name the first broken entry (exit code 1)."""
    with house.reading() as session:
        count, head, broken = walk(session)
    if broken is not None:
        house.say(
            f"Broken at entry {broken.entry_id}: {broken.reason}.",
            ok=False,
            entry=broken.entry_id,
            reason=broken.reason,
        )
        raise click.exceptions.Exit(1)
    house.say(f"The chain is whole: {count} entries, head {head}.", ok=True, entries=count, head=head)


def walk(session: Session) -> tuple[int, str, Break | None]:
    """Check the whole chain: (number of entries, hash of its head, the first break or None)."""
    broken = first_break(session)
    return length(session), session.scalar(select(JournalHead.hash)) or GENESIS, broken


@click.command(cls=Command)
@click.option(
    "--only", type=click.Choice(["recount", "files", "guards"]), multiple=True, help="Check only this."
)
@click.pass_obj
def verify(house: House, only: tuple[str, ...]) -> None:
    """Recount what is kept of facts, read every stored file, compare triggers and rights; exit code 1 if any differs."""
    chosen = only or ("recount", "files", "guards")
    with house.reading() as session:
        checks: dict[str, Callable[[], Iterator[str]]] = {
            "recount": lambda: spans.recount(session),
            "files": lambda: damaged_files(session, house.store),
            "guards": lambda: missing_guards(house.engine),
        }
        found = {name: list(check()) for name, check in checks.items() if name in chosen}
    _report(house, found)


def _report(house: House, found: dict[str, list[str]]) -> None:
    differences = [line for lines in found.values() for line in lines]
    words = [f"{name}: {'sound' if not lines else f'{len(lines)} differ'}" for name, lines in found.items()]
    house.say("\n".join([*differences, ", ".join(words) + "."]), ok=not differences, **found)
    if differences:
        raise click.exceptions.Exit(1)


def damaged_files(session: Session, store: FileStore) -> Iterator[str]:
    """Name each file that some document refers to and that is missing or has other content."""
    for digest in session.scalars(kept_files()):
        if not store.verify(digest):
            state = "has other content than it was stored with" if store.exists(digest) else "is missing"
            yield f"file {digest} {state}"


def kept_files() -> Any:
    """Give the statement of all digests whose bytes must be there, in order."""
    from collab.documents.models import Document, DocumentVersion

    return (
        select(StoredFile.sha256)
        .join(DocumentVersion, DocumentVersion.sha256 == StoredFile.sha256)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(Document.swept_at.is_(None))
        .distinct()
        .order_by(StoredFile.sha256)
    )


def missing_guards(engine: Engine) -> Iterator[str]:
    """Name each trigger that the database lacks, and on PostgreSQL each right that differs."""
    with engine.connect() as connection:
        wanted = {trigger.name for trigger in triggers.registered()}
        for name in sorted(wanted - triggers.present(connection)):
            yield f"trigger {name} is missing"
        yield from _rights(connection)


def _rights(connection: Connection) -> Sequence[str]:
    if connection.dialect.name != "postgresql" or not grants.present(connection):
        return ()
    return tuple(grants.differences(connection))
