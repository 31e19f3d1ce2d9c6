"""`collab generate`: fill an empty database with synthetic provinces, for benches and trials of load."""

import sys
from datetime import date, timedelta

import click
from sqlalchemy.orm import Session

from collab.audit.services import record
from collab.auth.services import hash_password
from collab.cli import generation
from collab.cli.commands.demonstration import stage
from collab.cli.demo import is_empty
from collab.cli.generation.scale import LEAST, MOST
from collab.cli.generation.writing import newest_ids, renew_counters, write_nation
from collab.cli.house import House, Refusal
from collab.cli.program import Command
from collab.core import clock
from collab.core.db import unit_of_work
from collab.core.identity import SYSTEM


@click.command(cls=Command)
@click.option(
    "--scale",
    "factor",
    type=click.FloatRange(LEAST, MOST),
    default=1.0,
    show_default=True,
    help="1: a province of 50 agencies, 1,500 agreements, 7,500 commitments and some 60,000 reports.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same rows.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Last day on which anything happens; yesterday when absent.",
)
@click.pass_obj
def generate(house: House, factor: float, seed: int, until: object) -> None:
    """Fill an empty database with synthetic provinces; the same scale, seed and last day make the same facts.

    The only writer that bypasses the services: facts are written in batches and one entry of the journal says so.
    Refuses on a production system and on a database that holds anything already. On SQLite all of it arrives at once
    or nothing does.
    """
    if house.settings.is_production:
        raise Refusal("synthetic provinces are never written into a production system")
    yesterday = clock.today("Asia/Jakarta") - timedelta(days=1)
    last = until.date() if hasattr(until, "date") else yesterday
    if last > yesterday:
        raise Refusal(f"{last} has not gone by")
    with house.reading() as session:
        if not is_empty(session):
            raise Refusal(
                "this database holds data already; synthetic provinces are written into an empty one"
            )
    password_hash = hash_password(generation.PASSWORD, strength=house.settings.argon2)
    scale = generation.Scale(factor)
    with stage(house) as sessions:
        house.note(f"Settling {scale.provinces} government(s) ...")
        settled = generation.settle(sessions, scale, last, password_hash=password_hash)
        with unit_of_work(sessions) as session:
            counts = _fill(house, session, scale, seed, last, settled)
    words = ", ".join(f"{number:,} {name}" for name, number in counts.items() if number)
    house.say(f"Generated up to {last}: {words}.", last=last, scale=factor, seed=seed, rows=counts)


def _fill(
    house: House,
    session: Session,
    scale: generation.Scale,
    seed: int,
    last: date,
    settled: tuple[int, list[generation.Province]],
) -> dict[str, int]:
    nation_id, provinces = settled
    numbers = newest_ids(session)
    national = write_nation(session, numbers, nation_id, last, seed)
    counts: dict[str, int] = {}
    for province in provinces:
        made = _one(house, session, numbers, scale, province, national, seed, last)
        for name, number in made.items():
            counts[name] = counts.get(name, 0) + number
    renew_counters(session)
    record(
        session,
        actor=SYSTEM,
        tag="cli:facts:generated",
        subject_kind="house",
        subject_id=None,
        subject_name=f"{len(provinces)} synthetic government(s), facts written in batches without entries of their own",
        government_id=None,
        detail={"scale": scale.factor, "seed": seed, "last": last, "rows": counts},
    )
    return counts


def _one(
    house: House,
    session: Session,
    numbers: generation.Numbers,
    scale: generation.Scale,
    province: generation.Province,
    national: list[generation.Row],
    seed: int,
    last: date,
) -> dict[str, int]:
    """Write one province, with a bar for the person at the terminal while its standings are computed."""
    is_watched = not house.as_json and sys.stderr.isatty()
    with click.progressbar(length=0, label=province.code, file=sys.stderr, hidden=not is_watched) as bar:

        def show(done: int, whole: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos)

        return generation.write_province(
            session, numbers, scale, province, national, last=last, seed=seed, progress=show
        )
