"""Which day is due, which day the scorecard counts, and which plans of checkpoints hold together."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from collab.commitments.errors import PlanInvalid
from collab.commitments.rules.facts import CheckpointFacts, checkpoint_known_on
from collab.commitments.vocabulary import DuePrecision
from collab.core.text import Sentence, _

#: The code of the only checkpoint of a commitment given without checkpoints.
FINAL = "FINAL"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The due day in force, the day the scorecard counts, and whether a change was asked for too late."""

    due_on: date | None
    scoring_due_on: date | None
    rescheduled: bool


@dataclass(frozen=True, slots=True)
class PlannedCheckpoint:
    """A checkpoint as somebody proposes it."""

    code: str
    due_on: date | None = None
    target: Decimal | None = None
    target_max: Decimal | None = None


def days_after(day: date, days: int) -> date:
    """Give the day `days` later (earlier if negative), kept within the calendar's first and last day."""
    ordinal = day.toordinal() + days
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))


def last_due_day(day: date, precision: DuePrecision) -> date:
    """Turn a day given as a day, a month or a year into the day that is due: the last one of it."""
    if precision is DuePrecision.YEAR:
        return date(day.year, 12, 31)
    if precision is DuePrecision.MONTH:
        return date(day.year, day.month, monthrange(day.year, day.month)[1])
    return day


def deadlines_of(checkpoint: CheckpointFacts) -> Deadlines:
    """Read the due days off a checkpoint that holds only what is known.

    A change asked for on or before the day it replaces moves both days. One asked for later moves the due day
    only: the checkpoint fell due once, and no later change counts it a second time. The day replaced is the one
    in force just before the approval; giving a first due day to an undated checkpoint is never late.
    """
    due = scoring = checkpoint.original_due_on
    late = False
    for change in checkpoint.deadline_changes:
        late = late or (due is not None and change.requested_on > due)
        due = change.new_due_on
        if not late:
            scoring = due
    return Deadlines(due_on=due, scoring_due_on=scoring, rescheduled=late)


def due_on(checkpoint: CheckpointFacts, day: date) -> date | None:
    """Give the due day in force on `day`: that of the last approval recorded by then, else the original."""
    return deadlines_of(checkpoint_known_on(checkpoint, day)).due_on


def scoring_due_on(checkpoint: CheckpointFacts, day: date) -> date | None:
    """Give the day on which the checkpoint falls or fell due for the scorecard, as known on `day`."""
    return deadlines_of(checkpoint_known_on(checkpoint, day)).scoring_due_on


def check_plan(
    due_on: date | None, checkpoints: Sequence[PlannedCheckpoint]
) -> tuple[PlannedCheckpoint, ...]:
    """Give the checkpoints to record; raise `PlanInvalid` if they do not fit together.

    None given: one, `FINAL`, due on `due_on` or undated. Both given: the last checkpoint's due day must be
    `due_on`. Codes are there and unique (case does not distinguish). Due days ascend, two may be equal,
    undated ones come last. `target_max` needs a `target` and is not below it.
    """
    if not checkpoints:
        return (PlannedCheckpoint(code=FINAL, due_on=due_on),)
    sentences = [*_code_faults(checkpoints), *_order_faults(checkpoints), *_target_faults(checkpoints)]
    errors: dict[str, list[Sentence]] = {"checkpoints": sentences} if sentences else {}
    if due_on is not None and checkpoints[-1].due_on != due_on:
        errors["due_on"] = [_("The last checkpoint must be due on the commitment's due day.")]
    if errors:
        raise PlanInvalid(errors)
    return tuple(checkpoints)


def _code_faults(checkpoints: Sequence[PlannedCheckpoint]) -> Iterable[Sentence]:
    codes = [checkpoint.code.strip().casefold() for checkpoint in checkpoints]
    if not all(codes):
        yield _("Each checkpoint needs a code.")
    if len(set(codes)) < len(codes):
        yield _("Each checkpoint needs a code of its own.")


def _order_faults(checkpoints: Sequence[PlannedCheckpoint]) -> Iterable[Sentence]:
    days = [checkpoint.due_on or date.max for checkpoint in checkpoints]
    if days != sorted(days):
        yield _("Checkpoints stand in the order of their due days, those without a due day last.")


def _target_faults(checkpoints: Sequence[PlannedCheckpoint]) -> Iterable[Sentence]:
    for checkpoint in checkpoints:
        if checkpoint.target_max is None:
            continue
        if checkpoint.target is None or checkpoint.target_max < checkpoint.target:
            yield _("The upper end of a target needs a lower end, and is not below it.")
            return


def soon_from(due: date, soon_days: int) -> date:
    """Give the first day on which a due day is "soon"."""
    return days_after(due, -soon_days)


def days_left(due: date, day: date) -> int:
    """Count the days from `day` to the due day; negative when it is past."""
    return (due - day) // timedelta(days=1)
