"""The closed words of commitments and how people read them."""

from enum import StrEnum

from collab.core.text import Sentence, _


class ReportStatus(StrEnum):
    """What a progress report says of its checkpoint."""

    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    DONE = "done"

    @property
    def title(self) -> Sentence:
        """Name the status for people."""
        return REPORT_STATUS_TITLES[self]


class Direction(StrEnum):
    """Which way an indicator has to go (UMKM up, stunting down)."""

    UP = "up"
    DOWN = "down"

    @property
    def title(self) -> Sentence:
        """Name the direction for people."""
        return DIRECTION_TITLES[self]


class ReportCycle(StrEnum):
    """How often a commitment has to be reported on."""

    MONTH = "month"
    QUARTER = "quarter"
    SEMESTER = "semester"
    YEAR = "year"

    @property
    def title(self) -> Sentence:
        """Name the cycle for people."""
        return REPORT_CYCLE_TITLES[self]


class DuePrecision(StrEnum):
    """How exactly the source names a due day; the last day of the month or year is due."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"

    @property
    def title(self) -> Sentence:
        """Name the precision for people."""
        return DUE_PRECISION_TITLES[self]


class CheckpointState(StrEnum):
    """The state of a checkpoint on a day, in the order in which the rules are tried."""

    CANCELLED = "cancelled"
    MET = "met"
    MET_LATE = "met_late"
    AWAITING_VERIFICATION = "awaiting_verification"
    RETURNED = "returned"
    OVERDUE = "overdue"
    UNDATED = "undated"
    DUE_SOON = "due_soon"
    OPEN = "open"

    @property
    def title(self) -> Sentence:
        """Name the state for people."""
        return CHECKPOINT_STATE_TITLES[self]


class Signal(StrEnum):
    """The colour of a checkpoint or commitment; always shown with its word and icon."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"

    @property
    def title(self) -> Sentence:
        """Name the signal for people."""
        return SIGNAL_TITLES[self]


class Decision(StrEnum):
    """What another unit decides about a report."""

    VERIFIED = "verified"
    RETURNED = "returned"

    @property
    def title(self) -> Sentence:
        """Name the decision for people."""
        return DECISION_TITLES[self]


class DeadlineOutcome(StrEnum):
    """What is decided about a wish for another due day."""

    APPROVED = "approved"
    REJECTED = "rejected"

    @property
    def title(self) -> Sentence:
        """Name the outcome for people."""
        return DEADLINE_OUTCOME_TITLES[self]


class ObstacleMove(StrEnum):
    """What happens to an obstacle after it was opened."""

    NOTED = "noted"
    RESOLVED = "resolved"

    @property
    def title(self) -> Sentence:
        """Name the move for people."""
        return OBSTACLE_MOVE_TITLES[self]


class AssignmentRole(StrEnum):
    """How an organization is bound to a commitment."""

    ACCOUNTABLE = "accountable"
    SUPPORTING = "supporting"

    @property
    def title(self) -> Sentence:
        """Name the role for people."""
        return ASSIGNMENT_ROLE_TITLES[self]


class Outcome(StrEnum):
    """What the scorecard says of a checkpoint on a day; only met and missed are counted."""

    PENDING = "pending"
    MET = "met"
    MISSED = "missed"
    EXCUSED = "excused"
    VOID = "void"

    @property
    def title(self) -> Sentence:
        """Name the outcome for people."""
        return OUTCOME_TITLES[self]


class Permission(StrEnum):
    """What one may be allowed to do with commitments."""

    COMMITMENT_READ = "commitments:commitment:read"
    COMMITMENT_WRITE = "commitments:commitment:write"
    COMMITMENT_CANCEL = "commitments:commitment:cancel"
    COMMITMENT_ATTEST = "commitments:commitment:attest"
    REPORT_WRITE = "commitments:report:write"
    REPORT_DECIDE = "commitments:report:decide"
    DEADLINE_ASK = "commitments:deadline:ask"
    DEADLINE_DECIDE = "commitments:deadline:decide"
    OBSTACLE_WRITE = "commitments:obstacle:write"
    WORK_READ = "commitments:work:read"
    QUEUE_READ = "commitments:queue:read"

    @property
    def title(self) -> Sentence:
        """Name the permission for people."""
        return PERMISSION_TITLES[self]


REPORT_STATUS_TITLES = {
    ReportStatus.IN_PROGRESS: _("In progress"),
    ReportStatus.BLOCKED: _("Blocked"),
    ReportStatus.DONE: _("Done"),
}

DIRECTION_TITLES = {
    Direction.UP: _("Higher is better"),
    Direction.DOWN: _("Lower is better"),
}

REPORT_CYCLE_TITLES = {
    ReportCycle.MONTH: _("Every month"),
    ReportCycle.QUARTER: _("Every quarter"),
    ReportCycle.SEMESTER: _("Every semester"),
    ReportCycle.YEAR: _("Every year"),
}

DUE_PRECISION_TITLES = {
    DuePrecision.DAY: _("On this day"),
    DuePrecision.MONTH: _("In this month"),
    DuePrecision.YEAR: _("In this year"),
}

CHECKPOINT_STATE_TITLES = {
    CheckpointState.CANCELLED: _("Cancelled"),
    CheckpointState.MET: _("Met"),
    CheckpointState.MET_LATE: _("Met late"),
    CheckpointState.AWAITING_VERIFICATION: _("Awaiting verification"),
    CheckpointState.RETURNED: _("Returned"),
    CheckpointState.OVERDUE: _("Overdue"),
    CheckpointState.UNDATED: _("Without a date"),
    CheckpointState.DUE_SOON: _("Due soon"),
    CheckpointState.OPEN: _("Running"),
}

SIGNAL_TITLES = {
    Signal.GREEN: _("On track"),
    Signal.YELLOW: _("Soon"),
    Signal.RED: _("Overdue"),
    Signal.GREY: _("Unclear"),
}

DECISION_TITLES = {
    Decision.VERIFIED: _("Verified"),
    Decision.RETURNED: _("Returned"),
}

DEADLINE_OUTCOME_TITLES = {
    DeadlineOutcome.APPROVED: _("Approved"),
    DeadlineOutcome.REJECTED: _("Rejected"),
}

OBSTACLE_MOVE_TITLES = {
    ObstacleMove.NOTED: _("Noted"),
    ObstacleMove.RESOLVED: _("Resolved"),
}

ASSIGNMENT_ROLE_TITLES = {
    AssignmentRole.ACCOUNTABLE: _("Accountable"),
    AssignmentRole.SUPPORTING: _("Supporting"),
}

OUTCOME_TITLES = {
    Outcome.PENDING: _("Not due yet"),
    Outcome.MET: _("Met on time"),
    Outcome.MISSED: _("Missed"),
    Outcome.EXCUSED: _("Not counted while it is being verified or repaired"),
    Outcome.VOID: _("Not counted: cancelled in time"),
}

PERMISSION_TITLES = {
    Permission.COMMITMENT_READ: _("Read commitments"),
    Permission.COMMITMENT_WRITE: _("Record and change commitments"),
    Permission.COMMITMENT_CANCEL: _("Cancel commitments"),
    Permission.COMMITMENT_ATTEST: _("Attest that nothing has changed"),
    Permission.REPORT_WRITE: _("Report progress"),
    Permission.REPORT_DECIDE: _("Verify and return reports"),
    Permission.DEADLINE_ASK: _("Ask for another due day"),
    Permission.DEADLINE_DECIDE: _("Decide about due days"),
    Permission.OBSTACLE_WRITE: _("Raise and clear obstacles"),
    Permission.WORK_READ: _("See one's own work"),
    Permission.QUEUE_READ: _("See the verification queue"),
}
