"""One commitment with everything recorded on it by the end of a day, for its page and its file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from collab.auth.models import User
from collab.commitments.models import (
    Attestation,
    Cancellation,
    Checkpoint,
    CheckpointSpan,
    Commitment,
    CommitmentSpan,
    DeadlineDecision,
    DeadlineRequest,
    Obstacle,
    ObstacleEvent,
    ProgressReport,
    ReportDecision,
    ReportEvidence,
)
from collab.commitments.queries.lists import on_day
from collab.commitments.rules import CheckpointFacts, CommitmentFacts, DecisionFact, ReportFact
from collab.commitments.vocabulary import AssignmentRole, Decision, ObstacleMove
from collab.core.clock import end_of, local_day
from collab.core.db import AnyRow
from collab.documents.models import Document, DocumentVersion
from collab.mandates.models import Mandate
from collab.organizations.models import Government, Organization

SUBMITTER, DECIDER = aliased(User, name="submitter"), aliased(User, name="decider")
UNIT, JUDGE = aliased(Organization, name="unit"), aliased(Organization, name="judge")


@dataclass(frozen=True)
class CommitmentFile:
    """A commitment as of a day. Lists are oldest first; instants are UTC, days local to its government."""

    commitment: Commitment
    mandate: AnyRow
    zone: str
    day: date
    span: AnyRow | None
    assignments: Sequence[AnyRow]
    checkpoints: Sequence[AnyRow]
    reports: Sequence[AnyRow]
    evidence: dict[int, list[AnyRow]] = field(default_factory=dict)
    requests: Sequence[AnyRow] = ()
    obstacles: Sequence[AnyRow] = ()
    remarks: dict[int, list[AnyRow]] = field(default_factory=dict)
    attestations: Sequence[AnyRow] = ()
    cancellations: Sequence[AnyRow] = ()

    @property
    def owner(self) -> AnyRow | None:
        """Give who was accountable on the day: (organization_id, role, name, valid_from, valid_until)."""
        return next((row for row in self.assignments if row.role == AssignmentRole.ACCOUNTABLE), None)

    @property
    def supporters(self) -> list[AnyRow]:
        """List who supported at the end of the day, by name."""
        return [row for row in self.assignments if row.role == AssignmentRole.SUPPORTING]

    @property
    def waiting(self) -> list[AnyRow]:
        """List the reports that wait for a decision."""
        replaced = {report.supersedes_id for report in self.reports}
        return [report for report in self.reports if report.decision is None and report.id not in replaced]

    @property
    def correctable(self) -> dict[int, int]:
        """Give {checkpoint: its newest verified report that nothing replaces}: what a correction names."""
        replaced = {report.supersedes_id for report in self.reports}
        return {
            report.checkpoint_id: report.id
            for report in self.reports
            if report.decision == Decision.VERIFIED and report.id not in replaced
        }

    def facts(self) -> CommitmentFacts:
        """Give what the rules about reports and attestations look at, without asking the database again."""
        reports: dict[int, list[ReportFact]] = {row.id: [] for row in self.checkpoints}
        for row in self.reports:
            decided = row.decision and DecisionFact(row.decision, local_day(row.decided_at, self.zone))
            reports[row.checkpoint_id].append(
                ReportFact(
                    id=row.id,
                    recorded_on=local_day(row.recorded_at, self.zone),
                    status=row.status,
                    actual=row.actual,
                    supersedes_id=row.supersedes_id,
                    decision=decided or None,
                )
            )
        return CommitmentFacts(
            created_on=local_day(self.commitment.recorded_at, self.zone),
            start_on=self.commitment.start_on,
            checkpoints=tuple(
                CheckpointFacts(row.id, row.code, row.from_on, reports=tuple(reports[row.id]))
                for row in self.checkpoints
            ),
            attested_on=tuple(local_day(row.recorded_at, self.zone) for row in self.attestations),
        )


def file_of(
    session: Session, commitment: Commitment, *, day: date, assignments: Sequence[AnyRow]
) -> CommitmentFile:
    """Gather one visible commitment's file as of the end of a day (ten statements)."""
    mandate = session.execute(
        select(
            Mandate.id,
            Mandate.title,
            Mandate.kind,
            Government.name.label("government"),
            Government.timezone,
            select(User.display_name)
            .where(User.id == commitment.recorded_by)
            .scalar_subquery()
            .label("recorder"),
        )
        .join(Government, Government.id == Mandate.government_id)
        .where(Mandate.id == commitment.mandate_id)
    ).one()
    before = end_of(day, mandate.timezone)
    checkpoints = _checkpoints(session, commitment.id, day)
    ids = [row.id for row in checkpoints]
    reports = _reports(session, ids, before)
    return CommitmentFile(
        commitment=commitment,
        mandate=mandate,
        zone=mandate.timezone,
        day=day,
        span=session.execute(
            select(CommitmentSpan.__table__).where(
                CommitmentSpan.commitment_id == commitment.id, on_day(CommitmentSpan, day)
            )
        ).one_or_none(),
        assignments=[row for row in assignments if _held_at_the_end_of(day, row)],
        checkpoints=checkpoints,
        reports=reports,
        evidence=_evidence(session, [row.id for row in reports]),
        requests=_requests(session, ids, before),
        obstacles=_obstacles(session, commitment.id, before),
        remarks=_remarks(session, commitment.id, before),
        attestations=_attestations(session, commitment.id, before),
        cancellations=_cancellations(session, ids, before),
    )


def _held_at_the_end_of(day: date, row: AnyRow) -> bool:
    """Tell whether an assignment stands when the day is over; its last day is the one on which another took its place."""
    return row.valid_from <= day and (row.valid_until is None or row.valid_until > day)


def _checkpoints(session: Session, commitment_id: int, day: date) -> Sequence[AnyRow]:
    span = [
        column
        for column in CheckpointSpan.__table__.columns
        if column.name not in ("id", "commitment_id", "checkpoint_id")
    ]
    return session.execute(
        select(
            Checkpoint.id,
            Checkpoint.code,
            Checkpoint.original_due_on,
            Checkpoint.target,
            Checkpoint.target_max,
            Checkpoint.description,
            *span,
        )
        .join(
            CheckpointSpan, and_(CheckpointSpan.checkpoint_id == Checkpoint.id, on_day(CheckpointSpan, day))
        )
        .where(Checkpoint.commitment_id == commitment_id)
        .order_by(Checkpoint.id)
    ).all()


def _reports(session: Session, checkpoint_ids: list[int], before: datetime) -> Sequence[AnyRow]:
    return session.execute(
        select(
            ProgressReport.id,
            ProgressReport.checkpoint_id,
            ProgressReport.status,
            ProgressReport.narrative,
            ProgressReport.actual,
            ProgressReport.achieved_on,
            ProgressReport.supersedes_id,
            ProgressReport.recorded_at,
            ProgressReport.submitted_by,
            ProgressReport.reported_for_id,
            SUBMITTER.display_name.label("submitter"),
            UNIT.name.label("unit"),
            ReportDecision.decision,
            ReportDecision.note,
            ReportDecision.recorded_at.label("decided_at"),
            DECIDER.display_name.label("decider"),
            JUDGE.name.label("judge"),
        )
        .outerjoin(SUBMITTER, SUBMITTER.id == ProgressReport.submitted_by)
        .join(UNIT, UNIT.id == ProgressReport.reported_for_id)
        .outerjoin(
            ReportDecision,
            and_(ReportDecision.report_id == ProgressReport.id, ReportDecision.recorded_at < before),
        )
        .outerjoin(DECIDER, DECIDER.id == ReportDecision.decided_by)
        .outerjoin(JUDGE, JUDGE.id == ReportDecision.acting_organization_id)
        .where(ProgressReport.checkpoint_id.in_(checkpoint_ids), ProgressReport.recorded_at < before)
        .order_by(ProgressReport.id)
    ).all()


def _evidence(session: Session, report_ids: list[int]) -> dict[int, list[AnyRow]]:
    rows = session.execute(
        select(
            ReportEvidence.report_id,
            Document.id,
            Document.title,
            DocumentVersion.sha256,
            DocumentVersion.filename,
        )
        .join(Document, Document.id == ReportEvidence.document_id)
        .join(DocumentVersion, and_(DocumentVersion.document_id == Document.id, DocumentVersion.number == 1))
        .where(ReportEvidence.report_id.in_(report_ids))
        .order_by(ReportEvidence.id)
    )
    return _grouped(rows, "report_id")


def _requests(session: Session, checkpoint_ids: list[int], before: datetime) -> Sequence[AnyRow]:
    return session.execute(
        select(
            DeadlineRequest.id,
            DeadlineRequest.checkpoint_id,
            DeadlineRequest.old_due_on,
            DeadlineRequest.new_due_on,
            DeadlineRequest.reason,
            DeadlineRequest.recorded_at,
            DeadlineRequest.asked_by,
            DeadlineRequest.asked_for_id,
            SUBMITTER.display_name.label("asker"),
            UNIT.name.label("unit"),
            DeadlineDecision.outcome,
            DeadlineDecision.note,
            DeadlineDecision.recorded_at.label("decided_at"),
            DECIDER.display_name.label("decider"),
        )
        .outerjoin(SUBMITTER, SUBMITTER.id == DeadlineRequest.asked_by)
        .outerjoin(UNIT, UNIT.id == DeadlineRequest.asked_for_id)
        .outerjoin(
            DeadlineDecision,
            and_(DeadlineDecision.request_id == DeadlineRequest.id, DeadlineDecision.recorded_at < before),
        )
        .outerjoin(DECIDER, DECIDER.id == DeadlineDecision.decided_by)
        .where(DeadlineRequest.checkpoint_id.in_(checkpoint_ids), DeadlineRequest.recorded_at < before)
        .order_by(DeadlineRequest.id)
    ).all()


def _obstacles(session: Session, commitment_id: int, before: datetime) -> Sequence[AnyRow]:
    resolved = aliased(ObstacleEvent)
    return session.execute(
        select(
            Obstacle.id,
            Obstacle.description,
            Obstacle.recorded_at,
            Obstacle.needs_organization_id,
            SUBMITTER.display_name.label("raiser"),
            UNIT.name.label("needs"),
            resolved.recorded_at.label("resolved_at"),
        )
        .outerjoin(SUBMITTER, SUBMITTER.id == Obstacle.raised_by)
        .outerjoin(UNIT, UNIT.id == Obstacle.needs_organization_id)
        .outerjoin(
            resolved,
            and_(
                resolved.obstacle_id == Obstacle.id,
                resolved.move == ObstacleMove.RESOLVED,
                resolved.recorded_at < before,
            ),
        )
        .where(Obstacle.commitment_id == commitment_id, Obstacle.recorded_at < before)
        .order_by(Obstacle.id)
    ).all()


def _remarks(session: Session, commitment_id: int, before: datetime) -> dict[int, list[AnyRow]]:
    rows = session.execute(
        select(
            ObstacleEvent.obstacle_id,
            ObstacleEvent.move,
            ObstacleEvent.note,
            ObstacleEvent.recorded_at,
            SUBMITTER.display_name.label("who"),
        )
        .join(Obstacle, Obstacle.id == ObstacleEvent.obstacle_id)
        .outerjoin(SUBMITTER, SUBMITTER.id == ObstacleEvent.recorded_by)
        .where(Obstacle.commitment_id == commitment_id, ObstacleEvent.recorded_at < before)
        .order_by(ObstacleEvent.id)
    )
    return _grouped(rows, "obstacle_id")


def _attestations(session: Session, commitment_id: int, before: datetime) -> Sequence[AnyRow]:
    return session.execute(
        select(Attestation.recorded_at, SUBMITTER.display_name.label("who"), UNIT.name.label("unit"))
        .outerjoin(SUBMITTER, SUBMITTER.id == Attestation.attested_by)
        .join(UNIT, UNIT.id == Attestation.attested_for_id)
        .where(Attestation.commitment_id == commitment_id, Attestation.recorded_at < before)
        .order_by(Attestation.id)
    ).all()


def _cancellations(session: Session, checkpoint_ids: list[int], before: datetime) -> Sequence[AnyRow]:
    return session.execute(
        select(
            Cancellation.checkpoint_id,
            Cancellation.reason,
            Cancellation.recorded_at,
            SUBMITTER.display_name.label("who"),
            UNIT.name.label("unit"),
        )
        .outerjoin(SUBMITTER, SUBMITTER.id == Cancellation.decided_by)
        .outerjoin(UNIT, UNIT.id == Cancellation.acting_organization_id)
        .where(Cancellation.checkpoint_id.in_(checkpoint_ids), Cancellation.recorded_at < before)
        .order_by(Cancellation.id)
    ).all()


def _grouped(rows: Any, key: str) -> dict[int, list[AnyRow]]:
    groups: dict[int, list[AnyRow]] = {}
    for row in rows:
        groups.setdefault(row._mapping[key], []).append(row)
    return groups
