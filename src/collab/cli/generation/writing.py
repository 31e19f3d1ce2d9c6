"""Write a made-up province in batches beside the services, with the spans kept of its facts and its search index."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from collab.agreements.models import Agreement, AgreementParty, StageEvent
from collab.cli.generation.chance import Chance
from collab.cli.generation.house import NATION, Province, first_day
from collab.cli.generation.mandates import Mandated, Numbers, Row, mandated, regulations
from collab.cli.generation.promises import Promised, Promises
from collab.cli.generation.scale import NATIONAL_REGULATIONS, Scale
from collab.commitments import models as facts
from collab.commitments.services import spans
from collab.mandates.models import LegalBasis, Mandate, MandateLead
from collab.regulations.models import Regulation, RegulationRelation
from collab.regulations.rules import citation
from collab.search.services import index_new

BATCH = 5_000
#: Commitments whose spans are computed at once.
COMPUTED = 200

#: Tells how many of how many commitments have their spans.
Progress = Callable[[int, int], None]


def write_nation(session: Session, numbers: Numbers, nation_id: int, last: date, seed: int) -> list[Row]:
    """Write the regulations of the nation; give them for the provinces to rest on."""
    chance = Chance(f"{seed}/{NATION}", "Asia/Jakarta")
    rows = regulations(chance, numbers, nation_id, NATIONAL_REGULATIONS, first_day(last), last, national=True)
    _insert(session, Regulation, rows)
    index_new(session, "regulation", _cited(rows))
    return rows


def write_province(
    session: Session,
    numbers: Numbers,
    scale: Scale,
    province: Province,
    national: list[Row],
    *,
    last: date,
    seed: int,
    progress: Progress,
) -> dict[str, int]:
    """Write all facts of one province; give how many rows of each kind."""
    chance = Chance(f"{seed}/{province.code}", province.zone)
    law = mandated(chance, numbers, scale, province, national, first_day(last), last)
    owed = Promises(chance, numbers, province, last).make(law)
    tables = (*_law_tables(law), *_owed_tables(owed))
    for model, rows in tables:
        _insert(session, model, rows)
    _keep_spans(session, [row["id"] for row in owed.commitments], progress)
    _index(session, law, owed)
    return {model.__tablename__: len(rows) for model, rows in tables}


def _law_tables(law: Mandated) -> Sequence[tuple[Any, list[Row]]]:
    return (
        (Regulation, law.regulations),
        (RegulationRelation, law.relations),
        (Mandate, law.mandates),
        (Agreement, law.agreements),
        (AgreementParty, law.parties),
        (MandateLead, law.leads),
        (StageEvent, law.stages),
        (LegalBasis, law.bases),
    )


def _owed_tables(owed: Promised) -> Sequence[tuple[Any, list[Row]]]:
    return (
        (facts.Commitment, owed.commitments),
        (facts.CommitmentAssignment, owed.assignments),
        (facts.Checkpoint, owed.checkpoints),
        (facts.ProgressReport, owed.reports),
        (facts.ReportDecision, owed.decisions),
        (facts.DeadlineRequest, owed.requests),
        (facts.DeadlineDecision, owed.rulings),
        (facts.Cancellation, owed.cancellations),
        (facts.Attestation, owed.attestations),
        (facts.Obstacle, owed.obstacles),
        (facts.ObstacleEvent, owed.events),
    )


def _insert(session: Session, model: Any, rows: list[Row]) -> None:
    for start in range(0, len(rows), BATCH):
        session.execute(insert(model.__table__), rows[start : start + BATCH])


def _keep_spans(session: Session, commitment_ids: Sequence[int], progress: Progress) -> None:
    for start in range(0, len(commitment_ids), COMPUTED):
        spans.keep_new(session, commitment_ids[start : start + COMPUTED])
        progress(min(start + COMPUTED, len(commitment_ids)), len(commitment_ids))


def _index(session: Session, law: Mandated, owed: Promised) -> None:
    """Index what the services would have: regulations, agreements, commitments."""
    scopes = {row["id"]: row["scope"] for row in law.agreements}
    index_new(session, "regulation", _cited(law.regulations))
    index_new(session, "agreement", ((row["id"], row["title"], scopes[row["id"]]) for row in law.mandates))
    index_new(
        session,
        "commitment",
        (
            (row["id"], row["statement"], " · ".join(filter(None, (row["indicator"], row["unit"]))))
            for row in owed.commitments
        ),
    )


def _cited(rows: list[Row]) -> Iterator[tuple[int, str, str]]:
    for row in rows:
        title = citation(row["kind"], row["number"], row["year"], row["title"])
        yield row["id"], title, str(row["kind"].title)


def renew_counters(session: Session) -> None:
    """Let PostgreSQL number on after the ids that were chosen here."""
    if session.get_bind().dialect.name != "postgresql":
        return
    tables = [model for model, _rows in (*_law_tables(Mandated()), *_owed_tables(Promised()))]
    for model in tables:
        if model is not Agreement:  # shares its mandate's id
            name = model.__tablename__
            session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), coalesce(max(id), 1)) FROM {name}"
                )
            )


def newest_ids(session: Session) -> Numbers:
    """Start numbering after what is there."""
    numbers = Numbers()
    for model, _rows in (*_law_tables(Mandated()), *_owed_tables(Promised())):
        numbers.next[model.__tablename__] = (
            session.scalar(select(model.__table__.c.id).order_by(model.__table__.c.id.desc()).limit(1)) or 0
        )
    return numbers
