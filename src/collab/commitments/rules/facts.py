"""The facts that standings are computed from, and which of them count on a day.

All days are local days of the mandate's government; the caller turns instants into days. A fact counts on
day D when it was recorded before the end of D, so whatever is recorded later never changes what was true on D.
Claimed days (achieved on, dated on) are no facts here: being on time is judged by the day of submission.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from collab.commitments.vocabulary import Decision, Direction, ReportCycle, ReportStatus


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """What another unit decided about a report, and when."""

    outcome: Decision
    decided_on: date


@dataclass(frozen=True, slots=True)
class ReportFact:
    """A submitted report; `supersedes_id` names an earlier report of the same checkpoint."""

    id: int
    recorded_on: date
    status: ReportStatus
    actual: Decimal | None = None
    supersedes_id: int | None = None
    decision: DecisionFact | None = None

    @property
    def verified(self) -> bool:
        """Tell whether the report was verified."""
        return self.decision is not None and self.decision.outcome is Decision.VERIFIED

    @property
    def returned_on(self) -> date | None:
        """Give the day on which the report was returned, or None."""
        if self.decision is None or self.decision.outcome is not Decision.RETURNED:
            return None
        return self.decision.decided_on


@dataclass(frozen=True, slots=True)
class DeadlineFact:
    """An approved deadline change; approvals of one day stand in the order in which they were recorded."""

    requested_on: date
    decided_on: date
    new_due_on: date


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """One checkpoint as planned, and all that was recorded about it."""

    id: int
    code: str
    created_on: date
    original_due_on: date | None = None
    target: Decimal | None = None
    target_max: Decimal | None = None
    reports: tuple[ReportFact, ...] = ()
    deadline_changes: tuple[DeadlineFact, ...] = ()
    cancelled_on: date | None = None


@dataclass(frozen=True, slots=True)
class ObstacleFact:
    """An obstacle of the commitment; a `blocked` report opens one (the service records it)."""

    opened_on: date
    resolved_on: date | None = None


@dataclass(frozen=True, slots=True)
class CommitmentFacts:
    """One commitment with its checkpoints, attestations and obstacles."""

    created_on: date
    start_on: date
    direction: Direction | None = None
    has_indicator: bool = False
    report_cycle: ReportCycle = ReportCycle.QUARTER
    checkpoints: tuple[CheckpointFacts, ...] = ()
    attested_on: tuple[date, ...] = ()
    obstacles: tuple[ObstacleFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a government may set: days of grace for a repair, days before the due day that are "soon"."""

    repair_days: int = 7
    soon_days: int = 14


def report_known_on(report: ReportFact, day: date) -> ReportFact:
    """Take away from a report the decision that was not yet made on `day`."""
    if report.decision is not None and report.decision.decided_on > day:
        return replace(report, decision=None)
    return report


def checkpoint_known_on(checkpoint: CheckpointFacts, day: date) -> CheckpointFacts:
    """Give the checkpoint with the facts recorded on or before `day`, reports and changes oldest first."""
    reports = [report_known_on(report, day) for report in checkpoint.reports if report.recorded_on <= day]
    changes = [change for change in checkpoint.deadline_changes if change.decided_on <= day]
    cancelled = checkpoint.cancelled_on is not None and checkpoint.cancelled_on <= day
    return replace(
        checkpoint,
        reports=tuple(sorted(reports, key=lambda report: (report.recorded_on, report.id))),
        deadline_changes=tuple(sorted(changes, key=lambda change: change.decided_on)),
        cancelled_on=checkpoint.cancelled_on if cancelled else None,
    )


def obstacle_known_on(obstacle: ObstacleFact, day: date) -> ObstacleFact:
    """Take away from an obstacle the resolution that was not yet recorded on `day`."""
    if obstacle.resolved_on is not None and obstacle.resolved_on > day:
        return replace(obstacle, resolved_on=None)
    return obstacle


def known_on(commitment: CommitmentFacts, day: date) -> CommitmentFacts:
    """Give the commitment with the facts recorded on or before `day` and the checkpoints created by then."""
    return replace(
        commitment,
        checkpoints=tuple(
            checkpoint_known_on(checkpoint, day)
            for checkpoint in commitment.checkpoints
            if checkpoint.created_on <= day
        ),
        attested_on=tuple(sorted(attested for attested in commitment.attested_on if attested <= day)),
        obstacles=tuple(
            obstacle_known_on(obstacle, day) for obstacle in commitment.obstacles if obstacle.opened_on <= day
        ),
    )
