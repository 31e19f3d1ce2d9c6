"""Gather the facts that the rules compute standings from, for one commitment or many at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.commitments.models import (
    Attestation,
    Cancellation,
    Checkpoint,
    Commitment,
    DeadlineDecision,
    DeadlineRequest,
    Obstacle,
    ObstacleEvent,
    ProgressReport,
    ReportDecision,
)
from collab.commitments.rules import (
    CheckpointFacts,
    CommitmentFacts,
    DeadlineFact,
    DecisionFact,
    ObstacleFact,
    ReportFact,
)
from collab.commitments.vocabulary import DeadlineOutcome, ObstacleMove
from collab.core.clock import local_day
from collab.organizations.models import Government


def facts_of(session: Session, commitment_id: int) -> CommitmentFacts:
    """Give the facts of one commitment, all days local to its government."""
    return facts_of_many(session, [commitment_id])[commitment_id]


def facts_of_many(session: Session, commitment_ids: Sequence[int]) -> dict[int, CommitmentFacts]:
    """Give the facts of many commitments in nine statements, whatever their number."""
    heads = session.execute(
        select(Commitment, Government.timezone)
        .join(Government, Government.id == Commitment.government_id)
        .where(Commitment.id.in_(commitment_ids))
    ).all()
    zones = {commitment.id: zone for commitment, zone in heads}
    checkpoints = session.execute(
        select(Checkpoint.__table__)
        .where(Checkpoint.commitment_id.in_(commitment_ids))
        .order_by(Checkpoint.id)
    ).all()
    owners = {row.id: row.commitment_id for row in checkpoints}
    zone_of = {row.id: zones[row.commitment_id] for row in checkpoints}
    reports = _reports(session, zone_of)
    changes = _deadline_changes(session, zone_of)
    cancelled = _cancellations(session, zone_of)
    planned: dict[int, list[CheckpointFacts]] = defaultdict(list)
    for row in checkpoints:
        planned[owners[row.id]].append(
            CheckpointFacts(
                id=row.id,
                code=row.code,
                created_on=local_day(row.recorded_at, zone_of[row.id]),
                original_due_on=row.original_due_on,
                target=row.target,
                target_max=row.target_max,
                reports=tuple(reports.get(row.id, ())),
                deadline_changes=tuple(changes.get(row.id, ())),
                cancelled_on=cancelled.get(row.id),
            )
        )
    attested = _attestations(session, zones)
    obstacles = _obstacles(session, zones)
    return {
        commitment.id: CommitmentFacts(
            created_on=local_day(commitment.recorded_at, zone),
            start_on=commitment.start_on,
            direction=commitment.direction,
            has_indicator=commitment.indicator is not None,
            report_cycle=commitment.report_cycle,
            checkpoints=tuple(planned[commitment.id]),
            attested_on=tuple(attested.get(commitment.id, ())),
            obstacles=tuple(obstacles.get(commitment.id, ())),
        )
        for commitment, zone in heads
    }


def _grouped(rows: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for key, value in rows:
        groups[key].append(value)
    return groups


def _reports(session: Session, zone_of: dict[int, str]) -> dict[int, list[ReportFact]]:
    rows = session.execute(
        select(
            ProgressReport.id,
            ProgressReport.checkpoint_id,
            ProgressReport.recorded_at,
            ProgressReport.status,
            ProgressReport.actual,
            ProgressReport.supersedes_id,
            ReportDecision.decision,
            ReportDecision.recorded_at.label("decided_at"),
        )
        .outerjoin(ReportDecision, ReportDecision.report_id == ProgressReport.id)
        .where(ProgressReport.checkpoint_id.in_(zone_of))
        .order_by(ProgressReport.id)
    )
    return _grouped((row.checkpoint_id, _report(row, zone_of[row.checkpoint_id])) for row in rows)


def _report(row: Any, zone: str) -> ReportFact:
    decision = DecisionFact(row.decision, local_day(row.decided_at, zone)) if row.decision else None
    return ReportFact(
        id=row.id,
        recorded_on=local_day(row.recorded_at, zone),
        status=row.status,
        actual=row.actual,
        supersedes_id=row.supersedes_id,
        decision=decision,
    )


def _deadline_changes(session: Session, zone_of: dict[int, str]) -> dict[int, list[DeadlineFact]]:
    rows = session.execute(
        select(
            DeadlineRequest.checkpoint_id,
            DeadlineRequest.recorded_at,
            DeadlineRequest.new_due_on,
            DeadlineDecision.recorded_at.label("decided_at"),
        )
        .join(DeadlineDecision, DeadlineDecision.request_id == DeadlineRequest.id)
        .where(
            DeadlineRequest.checkpoint_id.in_(zone_of), DeadlineDecision.outcome == DeadlineOutcome.APPROVED
        )
        .order_by(DeadlineDecision.id)
    )
    return _grouped(
        (
            row.checkpoint_id,
            DeadlineFact(
                requested_on=local_day(row.recorded_at, zone_of[row.checkpoint_id]),
                decided_on=local_day(row.decided_at, zone_of[row.checkpoint_id]),
                new_due_on=row.new_due_on,
            ),
        )
        for row in rows
    )


def _cancellations(session: Session, zone_of: dict[int, str]) -> dict[int, date]:
    rows = session.execute(
        select(Cancellation.checkpoint_id, Cancellation.recorded_at).where(
            Cancellation.checkpoint_id.in_(zone_of)
        )
    )
    return {row.checkpoint_id: local_day(row.recorded_at, zone_of[row.checkpoint_id]) for row in rows}


def _attestations(session: Session, zones: dict[int, str]) -> dict[int, list[date]]:
    rows = session.execute(
        select(Attestation.commitment_id, Attestation.recorded_at)
        .where(Attestation.commitment_id.in_(zones))
        .order_by(Attestation.id)
    )
    return _grouped((row.commitment_id, local_day(row.recorded_at, zones[row.commitment_id])) for row in rows)


def _obstacles(session: Session, zones: dict[int, str]) -> dict[int, list[ObstacleFact]]:
    rows = session.execute(
        select(Obstacle.commitment_id, Obstacle.recorded_at, ObstacleEvent.recorded_at.label("resolved_at"))
        .outerjoin(
            ObstacleEvent,
            (ObstacleEvent.obstacle_id == Obstacle.id) & (ObstacleEvent.move == ObstacleMove.RESOLVED),
        )
        .where(Obstacle.commitment_id.in_(zones))
        .order_by(Obstacle.id)
    )
    return _grouped(
        (
            row.commitment_id,
            ObstacleFact(
                opened_on=local_day(row.recorded_at, zones[row.commitment_id]),
                resolved_on=_day(row.resolved_at, zones[row.commitment_id]),
            ),
        )
        for row in rows
    )


def _day(instant: datetime | None, zone: str) -> date | None:
    return local_day(instant, zone) if instant else None
