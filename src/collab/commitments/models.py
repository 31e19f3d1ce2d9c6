"""What is owed: commitments, checkpoints and the append-only facts of their progress, with the spans kept of them.

Facts are inserted only. `CheckpointSpan` and `CommitmentSpan` are the one cache: for each day the standing that
the facts known by the end of that day give (ADR 0003); one function writes them, `collab verify` recounts them.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from collab.commitments.vocabulary import (
    AssignmentRole,
    CheckpointState,
    DeadlineOutcome,
    Decision,
    Direction,
    DuePrecision,
    ObstacleMove,
    Outcome,
    ReportCycle,
    ReportStatus,
    Signal,
)
from collab.core import triggers
from collab.core.db import Amount, Base, UtcDateTime, words


class Commitment(Base):
    """What one accountable organization owes under exactly one mandate."""

    __tablename__ = "commitment"
    __table_args__ = (
        CheckConstraint("direction IS NOT NULL OR target IS NULL", name="target_has_direction"),
        CheckConstraint(
            "target_max IS NULL OR (target IS NOT NULL AND target_max >= target)", name="target_order"
        ),
        CheckConstraint("target IS NULL OR indicator IS NOT NULL", name="target_has_indicator"),
        Index("ix_commitment_list", "government_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), index=True)
    #: The mandate's government, kept beside for scope and lists; never changes.
    government_id: Mapped[int] = mapped_column(ForeignKey("government.id"))
    statement: Mapped[str] = mapped_column(String(2000))
    indicator: Mapped[str | None] = mapped_column(String(300))
    direction: Mapped[Direction | None] = mapped_column(words(Direction))
    baseline: Mapped[Decimal | None] = mapped_column(Amount)
    target: Mapped[Decimal | None] = mapped_column(Amount)
    target_max: Mapped[Decimal | None] = mapped_column(Amount)
    unit: Mapped[str | None] = mapped_column(String(60))
    report_cycle: Mapped[ReportCycle] = mapped_column(words(ReportCycle), default=ReportCycle.QUARTER)
    #: Freshness counts from here until the first verified report.
    start_on: Mapped[date]
    due_precision: Mapped[DuePrecision] = mapped_column(words(DuePrecision), default=DuePrecision.DAY)
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class CommitmentAssignment(Base):
    """Who owes or supports a commitment for a time; of those in force exactly one is accountable (R48)."""

    __tablename__ = "commitment_assignment"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="valid_order"),
        Index("ix_commitment_assignment_organization", "organization_id", "role", "commitment_id"),
        Index("ix_commitment_assignment_commitment", "commitment_id", "role"),
        Index(
            "uq_commitment_assignment_accountable",
            "commitment_id",
            unique=True,
            sqlite_where=text("role = 'accountable' AND valid_until IS NULL"),
            postgresql_where=text("role = 'accountable' AND valid_until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    role: Mapped[AssignmentRole] = mapped_column(words(AssignmentRole, name="role"))
    valid_from: Mapped[date]
    #: Last day; none while it stands.
    valid_until: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Checkpoint(Base):
    """A deadline of a commitment with what must be reached by then; its day moves only through decisions."""

    __tablename__ = "checkpoint"
    __table_args__ = (UniqueConstraint("commitment_id", "code", name="uq_checkpoint_commitment_id_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    #: ``FINAL``, ``B03`` ... ``B12``, or the owner's own.
    code: Mapped[str] = mapped_column(String(20))
    #: Local day first agreed, whole day included; none: undated.
    original_due_on: Mapped[date | None]
    target: Mapped[Decimal | None] = mapped_column(Amount)
    target_max: Mapped[Decimal | None] = mapped_column(Amount)
    description: Mapped[str | None] = mapped_column(String(500))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProgressReport(Base):
    """What a unit reported against a checkpoint, as submitted; a correction names the report it supersedes."""

    __tablename__ = "progress_report"
    __table_args__ = (Index("ix_progress_report_checkpoint_id_id", "checkpoint_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"))
    #: The unit on whose behalf it is reported.
    reported_for_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    status: Mapped[ReportStatus] = mapped_column(words(ReportStatus, name="status"))
    narrative: Mapped[str] = mapped_column(String(4000))
    actual: Mapped[Decimal | None] = mapped_column(Amount)
    #: Claimed day: shown, never judged.
    achieved_on: Mapped[date | None]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("progress_report.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReportEvidence(Base):
    """A document claimed as evidence of a report."""

    __tablename__ = "report_evidence"
    __table_args__ = (UniqueConstraint("report_id", "document_id", name="uq_report_evidence_pair"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("progress_report.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)


class ReportDecision(Base):
    """A report verified, or returned with a reason, by another unit than the reporter's (R45)."""

    __tablename__ = "report_decision"
    __table_args__ = (
        CheckConstraint("decision <> 'returned' OR note IS NOT NULL", name="return_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("progress_report.id"), unique=True)
    decision: Mapped[Decision] = mapped_column(words(Decision))
    note: Mapped[str | None] = mapped_column(String(2000))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    acting_organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReportDraft(Base):
    """An unfinished report of one user for one checkpoint: mutable, never counted."""

    __tablename__ = "report_draft"
    __table_args__ = (
        UniqueConstraint("checkpoint_id", "user_id", name="uq_report_draft_checkpoint_id_user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    status: Mapped[ReportStatus | None] = mapped_column(words(ReportStatus, name="status"))
    narrative: Mapped[str | None] = mapped_column(String(4000))
    actual: Mapped[Decimal | None] = mapped_column(Amount)
    achieved_on: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class DeadlineRequest(Base):
    """A wish for another day, with its reason."""

    __tablename__ = "deadline_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"), index=True)
    old_due_on: Mapped[date | None]
    new_due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(2000))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    asked_for_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeadlineDecision(Base):
    """A wish for another day granted or refused."""

    __tablename__ = "deadline_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("deadline_request.id"), unique=True)
    outcome: Mapped[DeadlineOutcome] = mapped_column(words(DeadlineOutcome, name="outcome"))
    note: Mapped[str | None] = mapped_column(String(2000))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    acting_organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Cancellation(Base):
    """A checkpoint given up, with its reason, by another unit than the one that owes it."""

    __tablename__ = "cancellation"

    id: Mapped[int] = mapped_column(primary_key=True)
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(2000))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    acting_organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attestation(Base):
    """A word that nothing has changed: renews freshness for one cycle."""

    __tablename__ = "attestation"

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    attested_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    attested_for_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Obstacle(Base):
    """Something in the way of a commitment, and who is asked to clear it."""

    __tablename__ = "obstacle"

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    #: The blocked report that opened it, if any.
    report_id: Mapped[int | None] = mapped_column(ForeignKey("progress_report.id"), index=True)
    description: Mapped[str] = mapped_column(String(2000))
    needs_organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ObstacleEvent(Base):
    """A remark on an obstacle, or its resolution."""

    __tablename__ = "obstacle_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    obstacle_id: Mapped[int] = mapped_column(ForeignKey("obstacle.id"), index=True)
    move: Mapped[ObstacleMove] = mapped_column(words(ObstacleMove, name="move"))
    note: Mapped[str | None] = mapped_column(String(2000))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CheckpointSpan(Base):
    """The standing of a checkpoint on each day of a span, as the facts known by the end of that day give it."""

    __tablename__ = "checkpoint_span"
    __table_args__ = (
        Index("ix_checkpoint_span_day", "checkpoint_id", "from_on", unique=True),
        Index("ix_checkpoint_span_commitment", "commitment_id", "from_on"),
        Index("ix_checkpoint_span_open", "organization_id", "until_on", "from_on", "state", "due_on"),
        Index(
            "ix_checkpoint_span_scoring",
            "organization_id",
            "scoring_due_on",
            "from_on",
            "until_on",
            "outcome",
        ),
        # The two questions of a whole government, answered from the index alone.
        Index(
            "ix_checkpoint_span_state",
            "government_id",
            "state",
            "until_on",
            "from_on",
            "organization_id",
            "due_on",
            "checkpoint_id",
        ),
        Index(
            "ix_checkpoint_span_scored",
            "government_id",
            "outcome",
            "scoring_due_on",
            "until_on",
            "from_on",
            "organization_id",
        ),
        CheckConstraint("from_on < until_on", name="span_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"))
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    #: The commitment's government, kept beside for figures and lists; never changes.
    government_id: Mapped[int] = mapped_column(ForeignKey("government.id"))
    #: Accountable organization: on the scoring due day where it has passed, else on the span's first day.
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    from_on: Mapped[date]
    #: First day after the span; 2100-12-31 while it goes on.
    until_on: Mapped[date]
    state: Mapped[CheckpointState] = mapped_column(words(CheckpointState, name="state"))
    signal: Mapped[Signal | None] = mapped_column(words(Signal))
    due_on: Mapped[date | None]
    #: The day the scorecard counts, whatever was granted later.
    scoring_due_on: Mapped[date | None]
    outcome: Mapped[Outcome] = mapped_column(words(Outcome))
    rescheduled: Mapped[bool] = mapped_column(default=False)
    #: A late submission waits for verification (second chip).
    late_waiting: Mapped[bool] = mapped_column(default=False)
    #: A return was not repaired within its grace (second chip).
    stale_return: Mapped[bool] = mapped_column(default=False)


class CommitmentSpan(Base):
    """The signal and freshness of a commitment on each day of a span."""

    __tablename__ = "commitment_span"
    __table_args__ = (
        Index("ix_commitment_span_day", "commitment_id", "from_on", unique=True),
        Index("ix_commitment_span_organization", "organization_id", "until_on", "from_on", "signal"),
        # Lists and figures of a whole government, answered from the index alone.
        Index(
            "ix_commitment_span_government",
            "government_id",
            "until_on",
            "from_on",
            "organization_id",
            "signal",
            "next_due_on",
            "commitment_id",
            "fresh_until",
            "last_verified_on",
            "next_checkpoint_id",
        ),
        CheckConstraint("from_on < until_on", name="span_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    #: The commitment's government, kept beside for figures and lists; never changes.
    government_id: Mapped[int] = mapped_column(ForeignKey("government.id"))
    #: Accountable organization in the span.
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    from_on: Mapped[date]
    #: First day after the span; 2100-12-31 while it goes on.
    until_on: Mapped[date]
    #: Worst signal that counts; none when nothing counts.
    signal: Mapped[Signal | None] = mapped_column(words(Signal))
    next_checkpoint_id: Mapped[int | None] = mapped_column(ForeignKey("checkpoint.id"))
    #: Due day of the next checkpoint that is not settled.
    next_due_on: Mapped[date | None]
    last_verified_on: Mapped[date | None]
    #: Last day on which it counts as fresh.
    fresh_until: Mapped[date | None]
    open_obstacles: Mapped[int] = mapped_column(default=0)


for _table in (
    "checkpoint",
    "progress_report",
    "report_evidence",
    "report_decision",
    "deadline_request",
    "deadline_decision",
    "cancellation",
    "attestation",
    "obstacle",
    "obstacle_event",
):
    triggers.append_only(_table)
triggers.refuse_delete("commitment")
triggers.refuse_delete("commitment_assignment")
