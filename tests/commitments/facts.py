"""Short ways to write down facts: days are counted from day 0, 1 January 2026."""

from datetime import date, timedelta
from decimal import Decimal

from collab.commitments.rules import (
    CheckpointFacts,
    CheckpointStanding,
    CommitmentFacts,
    DeadlineFact,
    DecisionFact,
    Parameters,
    ReportFact,
    checkpoint_standing,
)
from collab.commitments.vocabulary import Decision, ReportStatus

PARAMETERS = Parameters()
DONE, IN_PROGRESS, BLOCKED = ReportStatus.DONE, ReportStatus.IN_PROGRESS, ReportStatus.BLOCKED


def on(day: int) -> date:
    """Give day number `day`."""
    return date(2026, 1, 1) + timedelta(days=day)


def report(
    day: int,
    status: ReportStatus = DONE,
    *,
    id: int = 1,
    verified: int | None = None,
    returned: int | None = None,
    actual: int | None = None,
    supersedes: int | None = None,
) -> ReportFact:
    """Write down a report of a day, and the day on which it was verified or returned."""
    decision = None
    if verified is not None:
        decision = DecisionFact(Decision.VERIFIED, on(verified))
    if returned is not None:
        decision = DecisionFact(Decision.RETURNED, on(returned))
    number = None if actual is None else Decimal(actual)
    return ReportFact(id, on(day), status, number, supersedes, decision)


def moved(asked: int, decided: int, new_due: int) -> DeadlineFact:
    """Write down an approved deadline change."""
    return DeadlineFact(on(asked), on(decided), on(new_due))


def checkpoint(
    due: int | None,
    *reports: ReportFact,
    id: int = 1,
    created: int = 0,
    target: int | None = None,
    target_max: int | None = None,
    moves: tuple[DeadlineFact, ...] = (),
    cancelled: int | None = None,
) -> CheckpointFacts:
    """Write down a checkpoint with its due day and reports."""
    return CheckpointFacts(
        id=id,
        code=f"B{id:02}",
        created_on=on(created),
        original_due_on=None if due is None else on(due),
        target=None if target is None else Decimal(target),
        target_max=None if target_max is None else Decimal(target_max),
        reports=reports,
        deadline_changes=moves,
        cancelled_on=None if cancelled is None else on(cancelled),
    )


def commitment(*checkpoints: CheckpointFacts, **others: object) -> CommitmentFacts:
    """Write down a commitment that was recorded and started on day 0."""
    return CommitmentFacts(created_on=on(0), start_on=on(0), checkpoints=checkpoints, **others)  # type: ignore[arg-type]


def standing(whole: CommitmentFacts, day: int, id: int = 1) -> CheckpointStanding:
    """Say how one checkpoint of a commitment stands on a day."""
    subject = next(c for c in whole.checkpoints if c.id == id)
    return checkpoint_standing(whole, subject, on(day), PARAMETERS)
