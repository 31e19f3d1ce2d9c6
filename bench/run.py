"""Measure collab against its own floor: one run, one machine, ratios of medians.

    python -m bench.run --scale 0.2
    python -m bench.run --scale 1 --postgresql

Generates the provinces (or takes `--data DIR`, filled by an earlier run), serves them in a process of its own, sends a
bounded number of requests, prints, and stops by itself. Absolute times are worth nothing elsewhere; ratios are.
"""

import argparse
import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bench import measures
from bench.measures import Page
from bench.serving import Client, Served, collab, server
from bench.weighing import weight
from collab import compose
from collab.auth.models import RoleAssignment, User
from collab.cli.generation import PASSWORD
from collab.commitments.models import CheckpointSpan, CommitmentSpan, ProgressReport, ReportDecision
from collab.commitments.vocabulary import CheckpointState
from collab.core import clock, settings
from collab.core.db import make_engine
from collab.core.identity import Role

ZONE = "Asia/Jakarta"
FLOOR, HEALTH = "floor", "/healthz"
ROUNDS, TAIL, REPORTS = 30, 1_500, 40
#: Days back of the past day.
PAST = 200


@dataclass(frozen=True)
class Known:
    """What the run needs to know of the data."""

    agency_id: int
    liaison: str
    past: date
    checkpoints: list[int]


def main(arguments: list[str] | None = None) -> int:
    """Run the bench; give 0, also when figures are missed: it measures, it judges nobody."""
    options = read(arguments)
    with database(options) as url, folder(options.data) as data:
        prepare(options, data, url)
        engine = make_engine(url or f"sqlite:///{data / 'collab.sqlite'}")
        known = look(engine)
        with server(data, url) as served:
            found = measure(served, engine, data, url, known, options)
        engine.dispose()
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


def read(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", default="0.2", help="1: one province (default 0.2)")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--data", type=Path, help="keep the data here, or use what an earlier run left")
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL server of our own")
    parser.add_argument(
        "--database-url", help="a PostgreSQL database that is there, empty or filled by a run"
    )
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"rounds over all pages (default {ROUNDS})"
    )
    parser.add_argument("--tail", type=int, default=TAIL, help=f"requests for the 99th percentile ({TAIL})")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser.parse_args(arguments)


@contextlib.contextmanager
def database(options: argparse.Namespace) -> Iterator[str | None]:
    """Give the address of a database: none for SQLite, one that is there, or a server that ends with the run."""
    if options.database_url or not options.postgresql:
        yield options.database_url
        return
    from tests.support.postgres import Server

    place = Path(tempfile.mkdtemp(prefix="collab-bench-pg-"))
    place.chmod(0o755)
    own = Server(place / "server")
    own.start()
    try:
        yield own.url
    finally:
        own.stop()
        shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def folder(chosen: Path | None) -> Iterator[Path]:
    """Give the data folder: the chosen one, else one that goes with the run."""
    if chosen is not None:
        chosen.mkdir(parents=True, exist_ok=True)
        yield chosen.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="collab-bench-") as made:
        yield Path(made)


def prepare(options: argparse.Namespace, data: Path, url: str | None) -> None:
    """Bring the database to the newest revision, and fill it unless an earlier run did."""
    collab(data, url, "init")
    engine = make_engine(url or f"sqlite:///{data / 'collab.sqlite'}")
    with Session(engine) as session:
        is_filled = session.scalar(select(func.count()).select_from(User)) or 0
    if not is_filled:
        print(f"Generating scale {options.scale} ...", file=sys.stderr, flush=True)
        collab(data, url, "generate", "--scale", options.scale, "--seed", options.seed)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def look(engine: Engine) -> Known:
    """Find the busiest agency, who reports for it, and checkpoints that take a report."""
    with Session(engine) as session:
        today = clock.today(ZONE)
        agency_id = session.execute(
            select(CommitmentSpan.organization_id)
            .where(CommitmentSpan.until_on > today, CommitmentSpan.from_on <= today)
            .group_by(CommitmentSpan.organization_id)
            .order_by(func.count().desc())
            .limit(1)
        ).scalar_one()
        liaison = session.execute(
            select(User.name)
            .join(RoleAssignment, RoleAssignment.user_id == User.id)
            .where(RoleAssignment.organization_id == agency_id, RoleAssignment.role == Role.LIAISON)
        ).scalar_one()
        waiting = (
            select(ProgressReport.checkpoint_id)
            .outerjoin(ReportDecision, ReportDecision.report_id == ProgressReport.id)
            .where(ReportDecision.id.is_(None))
        )
        checkpoints = session.scalars(
            select(CheckpointSpan.checkpoint_id)
            .where(
                CheckpointSpan.organization_id == agency_id,
                CheckpointSpan.from_on <= today,
                CheckpointSpan.until_on > today,
                CheckpointSpan.state.in_((CheckpointState.OPEN, CheckpointState.OVERDUE)),
                CheckpointSpan.checkpoint_id.not_in(waiting),
            )
            .order_by(CheckpointSpan.checkpoint_id.desc())
            .limit(REPORTS)
        ).all()
    return Known(agency_id, liaison, today - timedelta(days=PAST), list(checkpoints))


def pages_of(known: Known, monitor: Client, liaison: Client) -> list[Page]:
    """List the pages, each beside the figure that it has to reach."""
    past = f"as_of={known.past}"
    agency = f"/agencies/{known.agency_id}"
    lists = [
        Page("P1", f"{name}, page {where}", address, 2.5)
        for name in ("commitments", "agreements", "regulations")
        for where, address in (
            ("1", f"/{name}"),
            ("21", measures.deep(monitor, f"/{name}?limit=25", 20)),
        )
    ]
    pages = [
        Page("", FLOOR, "/bench/floor"),
        Page("", HEALTH, "/healthz"),
        *lists,
        Page("P1", "commitments, filtered, past day", f"/commitments?signal=red&{past}", 2.5),
        Page("P2", "overview", "/", 5),
        Page("P2", "agency, the largest", agency, 5),
        Page("P3", "overview, past day", f"/?{past}", 3, against="overview"),
        Page("P3", "agency, past day", f"{agency}?{past}", 3, against="agency, the largest"),
        Page("P5", "search, two words", measures.sought("wirausaha mitra"), 4),
        Page("P5", "search, one rare word", measures.sought("nomor 17"), 4),
    ]
    for page in pages:
        page.client = monitor
    work = Page("", "work of a liaison", "/work")
    work.client = liaison
    return [*pages, work]


def measure(
    served: Served, engine: Engine, data: Path, url: str | None, known: Known, options: argparse.Namespace
) -> dict[str, Any]:
    """Measure everything and print it."""
    monitor = Client(served.port).sign_in("monitor.19", PASSWORD)
    liaison = Client(served.port).sign_in(known.liaison, PASSWORD)
    pages = pages_of(known, monitor, liaison)
    measures.in_turn(pages, options.rounds, served.cpu)
    by_name = {page.name: page for page in pages}
    floor, health = by_name[FLOOR], by_name[HEALTH]
    statements(pages, data, url, [monitor, liaison])
    day, kind = clock.today(ZONE), engine.dialect.name
    print(f"\ncollab bench, {day}, scale {options.scale}, {kind}, {options.rounds} rounds")
    print("Of the clock and of the server's own processor time (the database's not included on PostgreSQL):")
    print(
        f"{'':4} {'page':34} {'ms':>8} {'/floor':>7} {'/health':>8} {'cpu ms':>7} {'/floor':>7} {'SQL':>4}  figure"
    )
    found: dict[str, Any] = {"scale": options.scale, "engine": kind, "pages": {}}
    for page in pages:
        base = by_name[page.against] if page.against else floor
        ratios = page.median / floor.median, page.median / health.median, over(page.work, floor.work)
        print(
            f"{page.figure:4} {page.name:34} {page.median:8.2f} {ratios[0]:7.2f} {ratios[1]:8.1f} {page.work:7.2f} "
            f"{ratios[2]:7.2f} {page.statements:4}  "
            f"{verdict(page.median / base.median, page.most, page.against)}"
        )
        found["pages"][page.name] = [page.median, *ratios, page.statements]
    found |= the_rest(served, by_name, monitor, liaison, known, options)
    return found


def the_rest(
    served: Served,
    by_name: dict[str, Page],
    monitor: Client,
    liaison: Client,
    known: Known,
    options: argparse.Namespace,
) -> dict[str, Any]:
    """Measure and print what is no page: writing, export, start, weight, tail, memory."""
    floor = by_name[FLOOR]
    wrote, worked = measures.log_progress(liaison, known.checkpoints, served.cpu)
    ratio, by_cpu = wrote * 1000 / floor.median, over(worked * 1000, floor.work)
    print(
        line(
            "P6", "log progress, form to answer", f"{ratio:.2f} ({by_cpu:.2f} cpu) x floor", verdict(ratio, 4)
        )
    )
    before = served.cpu() or 0.0
    files = [measures.export(monitor, "/commitments.csv") for _number in range(5)]
    work = ((served.cpu() or 0.0) - before) / len(files)
    rows, seconds = files[0][0], min(seconds for _rows, seconds in files)
    said = f"{rows / seconds:,.0f} ({over(rows, work):,.0f} cpu) rows/s"
    print(line("P7", f"CSV of {rows:,} commitments, with its query", said, at_least(rows / seconds, 40_000)))
    print(line("P12", "cold start to first page", f"{served.cold:.2f} s", verdict(served.cold, 3)))
    first, after, _parts = weight(liaison, "/work")
    print(line("P13", "/work, first visit, gz", f"{first / 1000:.1f} kB", verdict(first / 1000, 150)))
    print(line("P13", "/work, next visit, gz", f"{after / 1000:.1f} kB", verdict(after / 1000, 15)))
    tail, tail_by_cpu = measures.tail(by_name["commitments, page 1"], options.tail, served.cpu)
    said = f"{tail:.2f} ({tail_by_cpu:.2f} cpu)"
    print(line("P15", f"p99 / p50 over {options.tail} requests", said, verdict(tail, 3)))
    memory = served.memory() or 0.0
    print(line("P11", "memory of the server after all this", f"{memory:.0f} MB", verdict(memory, 160)))
    return {
        "log_progress": [ratio, by_cpu],
        "csv_rows_per_second": [rows / seconds, over(rows, work)],
        "cold": served.cold,
        "work": [first, after],
        "p99/p50": [tail, tail_by_cpu],
        "memory": memory,
    }


def over(value: float, base: float) -> float:
    """Divide; 0 where there is nothing to divide by."""
    return value / base if base else 0.0


def statements(pages: list[Page], data: Path, url: str | None, clients: list[Client]) -> None:
    """Count the statements of each page on the same data, in this process."""
    values = {"collab.environment": "development", "collab.data_dir": str(data)}
    chosen = settings.load(values | ({"collab.database_url": url} if url else {}), {})
    config = compose(chosen)
    engine = config.registry["collab.engine"]
    cookies = {id(client): client.cookies for client in clients}
    measures.count_statements(config.make_wsgi_app(), engine, pages, cookies)
    engine.dispose()


def line(figure: str, name: str, value: str, judged: str) -> str:
    """Write one line of the second part."""
    return f"{figure:4} {name:42} {value:>34}  {judged}"


def verdict(value: float, most: float | None, against: str = "") -> str:
    """Say whether a value stays within its figure."""
    if most is None:
        return ""
    unit = f" of {against}" if against else ""
    return f"<= {most:g}{unit}: {'reached' if value <= most else 'MISSED'} ({value:.2f})"


def at_least(value: float, least: float) -> str:
    """Say whether a value comes up to its figure."""
    return f">= {least:,.0f}: {'reached' if value >= least else 'MISSED'}"


if __name__ == "__main__":
    sys.exit(main())
