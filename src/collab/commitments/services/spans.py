"""The one writer of the spans kept of facts (ADR 0003), and the recount that proves them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from collab.commitments.models import CheckpointSpan, Commitment, CommitmentAssignment, CommitmentSpan
from collab.commitments.queries.facts import facts_of, facts_of_many
from collab.commitments.rules import CommitmentFacts, Parameters, Timeline, timeline
from collab.commitments.vocabulary import AssignmentRole
from collab.core.db import LAST_DAY

#: What stands for "goes on" in `until_on`.
FOREVER = LAST_DAY
PARAMETERS = Parameters()

Assignments = Sequence[tuple[int, date, date | None]]


def renew(session: Session, commitment_id: int, *, day: date) -> None:
    """Write the spans from `day` on anew; what lies before it is never touched, so past reports never change."""
    facts = facts_of(session, commitment_id)
    since = max(day, facts.created_on)
    spans = timeline(facts, since=since, parameters=PARAMETERS)
    rows = _rows(commitment_id, spans, *_owners(session, [commitment_id])[commitment_id])
    for table, kind in ((CheckpointSpan, "checkpoints"), (CommitmentSpan, "commitment")):
        session.execute(delete(table).where(table.commitment_id == commitment_id, table.from_on >= since))
        session.execute(
            update(table)
            .where(table.commitment_id == commitment_id, table.until_on > since)
            .values(until_on=since)
            .execution_options(synchronize_session=False)
        )
        if rows[kind]:
            session.execute(insert(table), rows[kind])


def keep_new(session: Session, commitment_ids: Sequence[int]) -> None:
    """Write the spans of many commitments that have none yet, all days since their creation (`collab generate`)."""
    facts, owners = facts_of_many(session, commitment_ids), _owners(session, commitment_ids)
    rows: dict[str, list[dict[str, Any]]] = {"checkpoints": [], "commitment": []}
    for commitment_id in commitment_ids:
        own = facts[commitment_id]
        spans = timeline(own, since=own.created_on, parameters=PARAMETERS)
        for kind, made in _rows(commitment_id, spans, *owners[commitment_id]).items():
            rows[kind] += made
    for table, kind in ((CheckpointSpan, "checkpoints"), (CommitmentSpan, "commitment")):
        if rows[kind]:
            session.execute(insert(table), rows[kind])


def recount(session: Session, *, batch: int = 200) -> Iterator[str]:
    """Compare every span with one computed from the facts alone; give one line for each difference."""
    ids = list(session.scalars(select(Commitment.id).order_by(Commitment.id)))
    for start in range(0, len(ids), batch):
        chosen = ids[start : start + batch]
        facts = facts_of_many(session, chosen)
        owners = _owners(session, chosen)
        for commitment_id in chosen:
            yield from _differences(session, commitment_id, facts[commitment_id], *owners[commitment_id])


def _differences(
    session: Session, commitment_id: int, facts: CommitmentFacts, government_id: int, held: Assignments
) -> Iterator[str]:
    spans = timeline(facts, since=facts.created_on, parameters=PARAMETERS)
    computed = _rows(commitment_id, spans, government_id, held)
    for table, kind in ((CheckpointSpan, "checkpoints"), (CommitmentSpan, "commitment")):
        columns = [column for column in table.__table__.columns if column.name != "id"]
        stored = session.execute(select(*columns).where(table.commitment_id == commitment_id)).all()
        have = _unfolded([dict(row._mapping) for row in stored])
        want = _unfolded(computed[kind])
        if have != want:
            yield f"commitment {commitment_id}: {kind} kept differ from the facts"


def _unfolded(rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Merge equal neighbours, so that only what holds on each day is compared."""
    merged: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: (row.get("checkpoint_id") or 0, row["from_on"])):
        last = merged[-1] if merged else None
        if last is not None and last["until_on"] == row["from_on"] and _same(last, row):
            last["until_on"] = row["until_on"]
        else:
            merged.append(dict(row))
    return [tuple(sorted((name, str(value)) for name, value in row.items())) for row in merged]


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one[name] == other[name] for name in one if name not in ("from_on", "until_on"))


def _owners(session: Session, commitment_ids: Sequence[int]) -> Mapping[int, tuple[int, Assignments]]:
    """Give {commitment: (its government, who was accountable from when until when)}."""
    owners: dict[int, tuple[int, list[tuple[int, date, date | None]]]] = {}
    rows = session.execute(
        select(
            CommitmentAssignment.commitment_id,
            Commitment.government_id,
            CommitmentAssignment.organization_id,
            CommitmentAssignment.valid_from,
            CommitmentAssignment.valid_until,
        )
        .join(Commitment, Commitment.id == CommitmentAssignment.commitment_id)
        .where(
            CommitmentAssignment.commitment_id.in_(commitment_ids),
            CommitmentAssignment.role == AssignmentRole.ACCOUNTABLE,
        )
        .order_by(CommitmentAssignment.valid_from)
    )
    for row in rows:
        _government_id, held = owners.setdefault(row.commitment_id, (row.government_id, []))
        held.append((row.organization_id, row.valid_from, row.valid_until))
    return owners


def accountable_on(held: Assignments, day: date) -> int:
    """Give the organization accountable on a day: the assignment in force, else the first one."""
    for organization_id, valid_from, valid_until in reversed(held):
        if valid_from <= day and (valid_until is None or day <= valid_until):
            return organization_id
    return held[0][0]


def _rows(
    commitment_id: int, spans: Timeline, government_id: int, held: Assignments
) -> dict[str, list[dict[str, Any]]]:
    """Turn a timeline into rows, cut where the accountable organization changes."""
    changes = sorted({valid_from for _organization, valid_from, _until in held[1:]})
    checkpoints = [
        {
            "checkpoint_id": checkpoint_id,
            "commitment_id": commitment_id,
            "government_id": government_id,
            "organization_id": accountable_on(held, _scored_on(span.standing.scoring_due_on, begin)),
            "from_on": begin,
            "until_on": end,
            "state": span.standing.state,
            "signal": span.standing.signal,
            "due_on": span.standing.due_on,
            "scoring_due_on": span.standing.scoring_due_on,
            "outcome": span.standing.outcome,
            "rescheduled": span.standing.rescheduled,
            "late_waiting": span.standing.late_waiting,
            "stale_return": span.standing.stale_return,
        }
        for checkpoint_id, own in spans.checkpoints.items()
        for span in own
        for begin, end in _cut(span.from_on, span.until_on, changes)
    ]
    commitment = [
        {
            "commitment_id": commitment_id,
            "government_id": government_id,
            "organization_id": accountable_on(held, begin),
            "from_on": begin,
            "until_on": end,
            "signal": span.standing.signal,
            "next_checkpoint_id": span.standing.next_checkpoint_id,
            "next_due_on": span.standing.next_due_on,
            "last_verified_on": span.standing.last_verified_on,
            "fresh_until": span.standing.fresh_until,
            "open_obstacles": span.standing.open_obstacles,
        }
        for span in spans.commitment
        for begin, end in _cut(span.from_on, span.until_on, changes)
    ]
    return {"checkpoints": checkpoints, "commitment": commitment}


def _scored_on(scoring_due_on: date | None, begin: date) -> date:
    """Choose the day whose accountable organization counts: the day it fell due, once that has passed."""
    return scoring_due_on if scoring_due_on is not None and scoring_due_on < begin else begin


def _cut(begin: date, end: date | None, changes: Sequence[date]) -> Iterator[tuple[date, date]]:
    last = end or FOREVER
    for day in changes:
        if begin < day < last:
            yield begin, day
            begin = day
    if begin < last:
        yield begin, last
