"""`collab export` and `collab import`: whole registers as files."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import click
from sqlalchemy.orm import Session

from collab.auth import queries
from collab.cli.exchange import KINDS, Outcome, take
from collab.cli.exchange.files import Format, read, write
from collab.cli.exchange.kinds import whole_house
from collab.cli.exchange.taking import MOST_FAULTS
from collab.cli.house import House, Refusal
from collab.cli.program import Command
from collab.core import clock
from collab.core.identity import Identity

ZONE = "Asia/Jakarta"
IMPORTED = sorted(name for name, kind in KINDS.items() if kind.imports)


@click.command("export", cls=Command)
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.option(
    "--format",
    "file_format",
    type=click.Choice([item.value for item in Format]),
    default="csv",
    show_default=True,
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Figures of this day; today when absent.")
@click.option(
    "--as", "user_name", metavar="USER", help="Export what this user may read; everything when absent."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; standard output when absent.",
)
@click.pass_obj
def export(
    house: House,
    kind: str,
    file_format: str,
    as_of: datetime | None,
    user_name: str | None,
    output: Path | None,
) -> None:
    """Write a register, complete, with the stable names of its columns."""
    day = as_of.date() if as_of else clock.today(ZONE)
    if day > clock.today(ZONE):
        raise Refusal("this day has not come yet")
    house.config  # noqa: B018 (composes the features, whose words the columns use)
    with house.reading() as session:
        identity = identity_of(session, user_name)
        if output is None:
            _write(session, identity, kind, day, Format(file_format), sys.stdout.buffer)
            return
        with output.open("wb") as file:
            count = _write(session, identity, kind, day, Format(file_format), file)
    house.say(f"Written: {count} {kind} to {output}.", count=count, kind=kind, file=str(output))


def _write(
    session: Session, identity: Identity, kind: str, day: date, file_format: Format, out: BinaryIO
) -> int:
    return write(KINDS[kind].rows(session, identity, day), KINDS[kind].columns, file_format, out)


def identity_of(session: Session, user_name: str | None) -> Identity:
    """Give whose rights count; refuse an unknown name."""
    if user_name is None:
        return whole_house(session)
    account = queries.by_name(session, user_name)
    identity = queries.identity_for_user(session, account.id) if account else None
    if identity is None:
        raise Refusal(f"there is no active account {user_name}")
    return identity


@click.command("import", cls=Command)
@click.argument("kind", type=click.Choice(IMPORTED))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Check everything, keep nothing.")
@click.option(
    "--as",
    "user_name",
    metavar="USER",
    help="Import as this user, with their rights; as the house when absent.",
)
@click.pass_obj
def import_(house: House, kind: str, file: Path, dry_run: bool, user_name: str | None) -> None:
    """Take a register in from a CSV or JSON FILE: all rows or none; what is there already stays as it is."""
    rows = read(file, KINDS[kind].columns)
    house.require_database()
    with house.sessions() as session:
        outcome = take(session, kind, rows, actor=identity_of(session, user_name) if user_name else None)
        if outcome.faults or dry_run:
            session.rollback()
        else:
            session.commit()
    _say(house, kind, outcome, dry_run)


def _say(house: House, kind: str, outcome: Outcome, dry_run: bool) -> None:
    facts = {
        "kind": kind,
        "new": outcome.made,
        "known": outcome.known,
        "dry_run": dry_run,
        "faults": outcome.faults,
    }
    if outcome.faults:
        more = len(outcome.faults) - MOST_FAULTS
        lines = outcome.faults[:MOST_FAULTS] + ([f"... and {more} more"] if more > 0 else [])
        house.say("\n".join([*lines, f"Nothing was imported: {len(outcome.faults)} faults."]), **facts)
        raise click.exceptions.Exit(1)
    would = "would be " if dry_run else ""
    house.say(f"{kind}: {outcome.made} {would}new, {outcome.known} there already.", **facts)
