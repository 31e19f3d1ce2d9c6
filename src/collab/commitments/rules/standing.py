"""How a checkpoint and a commitment stand on a day: state, signal, freshness, outcome (R46, R47)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from collab.commitments.rules.deadlines import Deadlines, days_after, deadlines_of, soon_from
from collab.commitments.rules.facts import (
    CheckpointFacts,
    CommitmentFacts,
    Parameters,
    ReportFact,
    known_on,
)
from collab.commitments.rules.reports import History, Reaches, reaches_target, settled_on
from collab.commitments.vocabulary import CheckpointState, Outcome, ReportCycle, Signal

#: Days for which a verified report or an attestation keeps a commitment fresh.
CYCLE_DAYS = {
    ReportCycle.MONTH: 31,
    ReportCycle.QUARTER: 92,
    ReportCycle.SEMESTER: 184,
    ReportCycle.YEAR: 366,
}

#: The signals, worst first.
WORST_FIRST = (Signal.RED, Signal.YELLOW, Signal.GREY, Signal.GREEN)

SETTLED = frozenset({CheckpointState.MET, CheckpointState.MET_LATE})

#: Signals that follow from the state alone; `open` looks at freshness, obstacles and late changes too.
_STATE_SIGNALS = {
    CheckpointState.CANCELLED: None,
    CheckpointState.MET: Signal.GREEN,
    CheckpointState.MET_LATE: Signal.GREEN,
    CheckpointState.AWAITING_VERIFICATION: Signal.GREY,
    CheckpointState.RETURNED: Signal.YELLOW,
    CheckpointState.OVERDUE: Signal.RED,
    CheckpointState.UNDATED: Signal.GREY,
    CheckpointState.DUE_SOON: Signal.YELLOW,
}


@dataclass(frozen=True, slots=True)
class CheckpointStanding:
    """How a checkpoint stands on a day.

    `scoring_due_on` is the day it falls or fell due for the scorecard, `outcome` what the scorecard says.
    `rescheduled`: the due day in force was asked for after the one before had passed. `late_waiting` and
    `stale_return` are the second chips of what stays overdue or undated. `settled_on` is the counted day of
    submission of what met the target.
    """

    state: CheckpointState
    signal: Signal | None
    due_on: date | None
    scoring_due_on: date | None
    outcome: Outcome
    rescheduled: bool
    late_waiting: bool
    stale_return: bool
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class CommitmentStanding:
    """How a commitment stands on a day.

    `next_checkpoint_id` is the unsettled checkpoint with the earliest due day, overdue ones included,
    undated ones last, and `next_due_on` that day. `last_verified_on` is the day on which the newest verified report was submitted: the
    age of the newest evidence. `fresh_until` is the last fresh day.
    """

    signal: Signal | None
    next_checkpoint_id: int | None
    next_due_on: date | None
    fresh_until: date
    last_verified_on: date | None
    open_obstacles: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known on a day, and what follows from it whatever the calendar says."""

    facts: CommitmentFacts
    histories: Mapping[int, History]
    fresh_until: date
    last_verified_on: date | None
    open_obstacles: int


def know(commitment: CommitmentFacts, day: date, parameters: Parameters) -> Known:
    """Gather what is known on `day`; it holds until the next day on which something is recorded."""
    facts = known_on(commitment, day)
    return Known(
        facts=facts,
        histories={c.id: History(c.reports, parameters.repair_days) for c in facts.checkpoints},
        fresh_until=_fresh_until(facts),
        last_verified_on=max((report.recorded_on for report in _verified(facts)), default=None),
        open_obstacles=sum(1 for obstacle in facts.obstacles if obstacle.resolved_on is None),
    )


def checkpoint_standing(
    commitment: CommitmentFacts, checkpoint: CheckpointFacts, day: date, parameters: Parameters
) -> CheckpointStanding:
    """Say how a checkpoint of the commitment stands on `day`; raise ValueError if it did not exist yet."""
    if checkpoint.created_on > day:
        raise ValueError("the checkpoint was created after this day")
    known = know(commitment, day, parameters)
    subject = next(c for c in known.facts.checkpoints if c.id == checkpoint.id)
    return _checkpoint_standing(known, subject, day, parameters)


def commitment_standing(commitment: CommitmentFacts, day: date, parameters: Parameters) -> CommitmentStanding:
    """Say how a commitment stands on `day`."""
    known = know(commitment, day, parameters)
    return commitment_from(known, checkpoints_from(known, day, parameters))


def fresh_until(commitment: CommitmentFacts, day: date) -> date:
    """Give the last day (included) on which the commitment is fresh, as known on `day`.

    One cycle from the submission of the newest verified report (a slow decision makes no news newer), else
    from the start. An attestation renews it for one cycle from its own day; one with no verified report
    before it renews nothing. That none follows another is the matter of `refuse_attestation`.
    """
    return _fresh_until(known_on(commitment, day))


def checkpoints_from(known: Known, day: date, parameters: Parameters) -> dict[int, CheckpointStanding]:
    """Say how each checkpoint stands on a day, from what is known on it."""
    return {
        checkpoint.id: _checkpoint_standing(known, checkpoint, day, parameters)
        for checkpoint in known.facts.checkpoints
    }


def commitment_from(known: Known, standings: Mapping[int, CheckpointStanding]) -> CommitmentStanding:
    """Say how a commitment stands, from what is known on a day and the standings of its checkpoints."""
    unsettled = [
        key
        for key, standing in standings.items()
        if standing.state is not CheckpointState.CANCELLED and standing.state not in SETTLED
    ]
    unsettled.sort(key=lambda key: (standings[key].due_on or date.max, key))
    return CommitmentStanding(
        signal=_worst(standings, unsettled),
        next_checkpoint_id=unsettled[0] if unsettled else None,
        next_due_on=standings[unsettled[0]].due_on if unsettled else None,
        fresh_until=known.fresh_until,
        last_verified_on=known.last_verified_on,
        open_obstacles=known.open_obstacles,
    )


def _worst(standings: Mapping[int, CheckpointStanding], unsettled: list[int]) -> Signal | None:
    """Give the worst signal of the checkpoints that count; of the open ones only the next does."""
    later_open = [key for key in unsettled if standings[key].state is CheckpointState.OPEN][1:]
    signals = {standing.signal for key, standing in standings.items() if key not in later_open}
    return next((signal for signal in WORST_FIRST if signal in signals), None)


def _verified(facts: CommitmentFacts) -> list[ReportFact]:
    return [report for checkpoint in facts.checkpoints for report in checkpoint.reports if report.verified]


def _fresh_until(facts: CommitmentFacts) -> date:
    verified = _verified(facts)
    since = max((report.recorded_on for report in verified), default=facts.start_on)
    first_decided_on = min((r.decision.decided_on for r in verified if r.decision), default=date.max)
    attested = [day for day in facts.attested_on if day >= first_decided_on]
    return days_after(max([since, *attested]), CYCLE_DAYS[facts.report_cycle])


def _checkpoint_standing(
    known: Known, checkpoint: CheckpointFacts, day: date, parameters: Parameters
) -> CheckpointStanding:
    """Apply the lines to facts that are known on `day`."""

    def reaches(report: ReportFact) -> bool:
        return reaches_target(report, checkpoint, known.facts)

    history = known.histories[checkpoint.id]
    deadlines = deadlines_of(checkpoint)
    settled = settled_on(known.facts, checkpoint, known.histories)
    cancelled = checkpoint.cancelled_on is not None
    state = (
        CheckpointState.CANCELLED
        if cancelled
        else _settled_state(settled, deadlines.scoring_due_on)
        or _reported_state(history, deadlines.due_on, day, reaches)
        or _calendar_state(deadlines.due_on, day, parameters)
    )
    last = history.last
    chips = state in (CheckpointState.OVERDUE, CheckpointState.UNDATED) and last is not None
    return CheckpointStanding(
        state=state,
        signal=_signal(state, known, day, deadlines),
        due_on=deadlines.due_on,
        scoring_due_on=deadlines.scoring_due_on,
        outcome=_outcome(
            checkpoint, history, settled, day, reaches=reaches, scoring=deadlines.scoring_due_on
        ),
        rescheduled=deadlines.rescheduled,
        late_waiting=chips and last is not None and last.decision is None,
        stale_return=chips and last is not None and last.returned_on is not None,
        settled_on=None if cancelled else settled,
    )


def _settled_state(settled: date | None, scoring: date | None) -> CheckpointState | None:
    """Line 2: a verified report in force reaches the target; late against the day that fell due."""
    if settled is None:
        return None
    return CheckpointState.MET if scoring is None or settled <= scoring else CheckpointState.MET_LATE


def _reported_state(
    history: History, due: date | None, day: date, reaches: Reaches
) -> CheckpointState | None:
    """Lines 3 and 4: what the last report makes of the checkpoint."""
    claimed = history.claims_on(reaches)
    if claimed is not None and (due is None or claimed <= due):
        return CheckpointState.AWAITING_VERIFICATION
    last = history.last
    if last is None or last.returned_on is None:
        return None
    if (due is not None and day <= due) or history.in_grace(day, due, reaches):
        return CheckpointState.RETURNED
    return None


def _calendar_state(due: date | None, day: date, parameters: Parameters) -> CheckpointState:
    """Lines 5 to 8: what the calendar makes of the checkpoint; the due day itself is not overdue."""
    if due is None:
        return CheckpointState.UNDATED
    if due < day:
        return CheckpointState.OVERDUE
    if day >= soon_from(due, parameters.soon_days):
        return CheckpointState.DUE_SOON
    return CheckpointState.OPEN


def _signal(state: CheckpointState, known: Known, day: date, deadlines: Deadlines) -> Signal | None:
    """Give the signal: an open obstacle or a late change turns `open` yellow, staleness grey (R46, R47)."""
    if state is not CheckpointState.OPEN:
        return _STATE_SIGNALS[state]
    if deadlines.rescheduled or known.open_obstacles:
        return Signal.YELLOW
    return Signal.GREEN if day <= known.fresh_until else Signal.GREY


def _outcome(
    checkpoint: CheckpointFacts,
    history: History,
    settled: date | None,
    day: date,
    *,
    reaches: Reaches,
    scoring: date | None,
) -> Outcome:
    """Say what the scorecard says; it counts whole days past, so the due day itself is still pending.

    Cancelled on or before the day it fell due (or without one): void. Cancelled later: met if that was
    verified on time, else missed, for nothing can be repaired any more. Without a due day: pending, or met.
    """
    if checkpoint.cancelled_on is not None and (scoring is None or checkpoint.cancelled_on <= scoring):
        return Outcome.VOID
    if settled is not None and (scoring is None or settled <= scoring):
        return Outcome.MET
    if scoring is None or day <= scoring:
        return Outcome.PENDING
    if checkpoint.cancelled_on is None and _on_its_way(history, scoring, day, reaches):
        return Outcome.EXCUSED
    return Outcome.MISSED


def _on_its_way(history: History, scoring: date, day: date, reaches: Reaches) -> bool:
    """Tell whether an on-time report still waits or may still be repaired."""
    claimed = history.claims_on(reaches)
    if claimed is not None and claimed <= scoring:
        return True
    return history.in_grace(day, scoring, reaches)
