"""Commitments for tests, made by calling services as users of the world, each act in a transaction of its own."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.commitments.models import (
    Checkpoint,
    CheckpointSpan,
    Commitment,
    CommitmentSpan,
    DeadlineRequest,
    ProgressReport,
)
from collab.commitments.queries.lists import on_day
from collab.commitments.services import commitments, deadlines, obstacles, reports
from collab.commitments.vocabulary import DeadlineOutcome, Decision, ReportStatus
from collab.core import clock
from collab.core.db import AnyRow
from tests.support import agreements

TODAY = clock.today("Asia/Jakarta")
#: The agency that owes and the one that leads, unless a test says otherwise.
OWNER, LEAD = "19/pertanian", "19/kopukm"
LIAISON, COORDINATOR, MONITOR = "liaison.pertanian.babel", "coordinator.babel", "monitor.babel"


def day(offset: int) -> date:
    """Give the day so many days from today."""
    return TODAY + timedelta(days=offset)


def noon(on: date | int, hour: int = 5) -> datetime:
    """Give noon in Jakarta on a day, or so many days from today."""
    when = day(on) if isinstance(on, int) else on
    return datetime(when.year, when.month, when.day, hour, tzinfo=UTC)


def at(on: date | int | None) -> Any:
    """Travel to noon of a day; None stays in the present."""
    return nullcontext() if on is None else clock.travel(noon(on))


def mandate(
    session: Session, people: Any, *, on: int | None = None, by: str = COORDINATOR, **changes: Any
) -> int:
    """Make a directive of Babel under which an agency leads; give its id."""
    values: dict[str, Any] = {
        "scheme": "internal",
        "document_kind": "internal_plan",
        "title": "Arahan Gubernur: UMKM terpadu (contoh)",
        "parties": [{"organization_id": people.organization("19/pemerintah")}],
        "leads": [{"organization_id": people.organization(LEAD), "role": "lead", "accountable": True}],
    }
    with at(on):
        row = agreements.create(session, people, by=by, **_words(values | changes))
        session.commit()
    return int(row.id)


def _words(values: dict[str, Any]) -> dict[str, Any]:
    from collab.agreements.vocabulary import AgreementDocumentKind, Scheme

    return values | {
        "scheme": Scheme(values["scheme"]),
        "document_kind": AgreementDocumentKind(values["document_kind"]),
    }


def promise(
    session: Session,
    people: Any,
    mandate_id: int,
    *,
    owner: str = OWNER,
    support: tuple[str, ...] = (),
    on: int | None = None,
    by: str = COORDINATOR,
    due: int | None = None,
    **values: Any,
) -> Commitment:
    """Record what an agency owes, due so many days from today if a number is given."""
    with at(on):
        row = commitments.create(
            session,
            actor=people.identity(session, by),
            mandate_id=mandate_id,
            **{
                "statement": "Melatih kelompok tani Jahe Merah",
                "accountable_id": people.organization(owner),
                "supporting_ids": [people.organization(one) for one in support],
                "due_on": None if due is None else day(due),
                **values,
            },
        )
        session.commit()
    return row


def checkpoint(session: Session, commitment: Commitment, code: str = "FINAL") -> Checkpoint:
    """Give a commitment's checkpoint by its code."""
    return session.scalars(
        select(Checkpoint).where(Checkpoint.commitment_id == commitment.id, Checkpoint.code == code)
    ).one()


def report(
    session: Session,
    people: Any,
    commitment: Commitment,
    *,
    code: str = "FINAL",
    by: str = LIAISON,
    on: int | None = None,
    proof: bool = True,
    **values: Any,
) -> ProgressReport:
    """Report on a checkpoint, done and with a document unless told otherwise."""
    with at(on):
        actor = people.identity(session, by)
        evidence = [agreements.document(session, actor, "Foto kegiatan")] if proof else []
        given = {"status": ReportStatus.DONE, "narrative": "Dua kelompok sudah dilatih."} | values
        row = reports.submit(
            session,
            checkpoint(session, commitment, code),
            commitment,
            actor=actor,
            evidence_ids=evidence,
            **given,
        )
        session.commit()
    return row


def decide(
    session: Session,
    people: Any,
    row: ProgressReport,
    decision: Decision = Decision.VERIFIED,
    *,
    by: str = MONITOR,
    on: int | None = None,
    note: str | None = None,
) -> Any:
    """Verify a report (or return it) as the governor's office."""
    with at(on):
        point = session.get_one(Checkpoint, row.checkpoint_id)
        made = reports.decide(
            session,
            row,
            point,
            session.get_one(Commitment, point.commitment_id),
            actor=people.identity(session, by),
            decision=decision,
            note=note or ("Lampirkan foto." if decision is Decision.RETURNED else None),
        )
        session.commit()
    return made


def settle(
    session: Session, people: Any, commitment: Commitment, *, on: int | None = None, **values: Any
) -> ProgressReport:
    """Report a checkpoint as done and have it verified on the same day."""
    row = report(session, people, commitment, on=on, **values)
    decide(session, people, row, on=on)
    return row


def ask(
    session: Session,
    people: Any,
    commitment: Commitment,
    new_due_on: date,
    *,
    code: str = "FINAL",
    by: str = LIAISON,
    on: int | None = None,
    reason: str = "Panen mundur karena banjir.",
) -> DeadlineRequest:
    """Ask for another due day."""
    with at(on):
        row = deadlines.ask(
            session,
            checkpoint(session, commitment, code),
            commitment,
            actor=people.identity(session, by),
            new_due_on=new_due_on,
            reason=reason,
        )
        session.commit()
    return row


def answer(
    session: Session,
    people: Any,
    wish: DeadlineRequest,
    outcome: DeadlineOutcome = DeadlineOutcome.APPROVED,
    *,
    by: str = COORDINATOR,
    on: int | None = None,
    note: str | None = None,
) -> Any:
    """Grant another due day, or refuse it."""
    with at(on):
        point = session.get_one(Checkpoint, wish.checkpoint_id)
        made = deadlines.decide(
            session,
            wish,
            point,
            session.get_one(Commitment, point.commitment_id),
            actor=people.identity(session, by),
            outcome=outcome,
            note=note,
        )
        session.commit()
    return made


def hinder(
    session: Session,
    people: Any,
    commitment: Commitment,
    *,
    by: str = LIAISON,
    on: int | None = None,
    description: str = "Bibit belum datang.",
    needs: str | None = None,
) -> Any:
    """Raise an obstacle."""
    with at(on):
        row = obstacles.raise_obstacle(
            session,
            commitment,
            actor=people.identity(session, by),
            description=description,
            needs_organization_id=people.organization(needs) if needs else None,
        )
        session.commit()
    return row


def standing(session: Session, commitment: Commitment, on: date | int = 0, code: str = "FINAL") -> AnyRow:
    """Give the span kept of a checkpoint for a day."""
    when = day(on) if isinstance(on, int) else on
    point = checkpoint(session, commitment, code)
    return session.execute(
        select(CheckpointSpan.__table__).where(
            CheckpointSpan.checkpoint_id == point.id, on_day(CheckpointSpan, when)
        )
    ).one()


def signal(session: Session, commitment: Commitment, on: date | int = 0) -> AnyRow:
    """Give the span kept of a commitment for a day."""
    when = day(on) if isinstance(on, int) else on
    return session.execute(
        select(CommitmentSpan.__table__).where(
            CommitmentSpan.commitment_id == commitment.id, on_day(CommitmentSpan, when)
        )
    ).one()
