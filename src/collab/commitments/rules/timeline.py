"""The standings of a commitment as spans of days: what holds from which day, until which.

Standings are constant between a few days: the days of facts and the days the calendar brings (soon, overdue,
end of grace, end of freshness). So the spans are computed once, when a fact is recorded, and reach into the
future: a question about any day is answered by looking, and nothing has to run at midnight.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from collab.commitments.rules.deadlines import days_after, soon_from
from collab.commitments.rules.facts import CommitmentFacts, Parameters
from collab.commitments.rules.standing import (
    CYCLE_DAYS,
    CheckpointStanding,
    CommitmentStanding,
    checkpoints_from,
    commitment_from,
    know,
)


@dataclass(frozen=True, slots=True)
class CheckpointSpan:
    """A checkpoint stands like this from `from_on` until the day before `until_on` (None: for ever)."""

    from_on: date
    until_on: date | None
    standing: CheckpointStanding


@dataclass(frozen=True, slots=True)
class CommitmentSpan:
    """A commitment stands like this from `from_on` until the day before `until_on` (None: for ever)."""

    from_on: date
    until_on: date | None
    standing: CommitmentStanding


@dataclass(frozen=True, slots=True)
class Timeline:
    """All spans from a day on, oldest first, without gaps; neighbours differ.

    `checkpoints`: ``{checkpoint_id: (span, ...)}``, each from the later of that day and its creation.
    """

    checkpoints: dict[int, tuple[CheckpointSpan, ...]]
    commitment: tuple[CommitmentSpan, ...]


def timeline(commitment: CommitmentFacts, *, since: date, parameters: Parameters) -> Timeline:
    """Give the spans that cover every day from `since` (or the creation) on, from all facts given."""
    checkpoints: dict[int, list[tuple[date, CheckpointStanding]]] = {c.id: [] for c in commitment.checkpoints}
    whole: list[tuple[date, CommitmentStanding]] = []
    first, *later = breakpoints(commitment, since, parameters)
    recorded = set(_recorded_days(commitment))
    known = know(commitment, first, parameters)
    for day in (first, *later):
        if day in recorded:
            known = know(commitment, day, parameters)
        standings = checkpoints_from(known, day, parameters)
        for checkpoint_id, standing in standings.items():
            _append(checkpoints[checkpoint_id], day, standing)
        _append(whole, day, commitment_from(known, standings))
    return Timeline(
        checkpoints={
            key: tuple(CheckpointSpan(*span) for span in _spans(steps)) for key, steps in checkpoints.items()
        },
        commitment=tuple(CommitmentSpan(*span) for span in _spans(whole)),
    )


def breakpoints(commitment: CommitmentFacts, since: date, parameters: Parameters) -> tuple[date, ...]:
    """Give the days, ascending, on which a standing may change: the first day covered and those after it."""
    start = max(since, commitment.created_on)
    days = {*_recorded_days(commitment), *_calendar_days(commitment, parameters)}
    return (start, *sorted(day for day in days if day > start))


def _recorded_days(commitment: CommitmentFacts) -> Iterator[date]:
    """Walk over the days on which something was recorded."""
    yield from commitment.attested_on
    for obstacle in commitment.obstacles:
        yield obstacle.opened_on
        if obstacle.resolved_on is not None:
            yield obstacle.resolved_on
    for checkpoint in commitment.checkpoints:
        yield checkpoint.created_on
        if checkpoint.cancelled_on is not None:
            yield checkpoint.cancelled_on
        yield from (change.decided_on for change in checkpoint.deadline_changes)
        for report in checkpoint.reports:
            yield report.recorded_on
            if report.decision is not None:
                yield report.decision.decided_on


def _calendar_days(commitment: CommitmentFacts, parameters: Parameters) -> Iterator[date]:
    """Walk over the days that the calendar makes of the facts: soon, overdue, end of grace and of freshness."""
    fresh_days = CYCLE_DAYS[commitment.report_cycle] + 1
    for start in (commitment.start_on, *commitment.attested_on):
        yield days_after(start, fresh_days)
    for checkpoint in commitment.checkpoints:
        for report in checkpoint.reports:
            yield days_after(report.recorded_on, fresh_days)
            if report.returned_on is not None:
                yield days_after(report.returned_on, parameters.repair_days + 1)
        dues = [checkpoint.original_due_on, *(change.new_due_on for change in checkpoint.deadline_changes)]
        for due in (day for day in dues if day is not None):
            yield from (soon_from(due, parameters.soon_days), days_after(due, 1))


S = TypeVar("S")


def _append(steps: list[tuple[date, S]], day: date, standing: S) -> None:
    """Add a step unless nothing changed."""
    if not steps or steps[-1][1] != standing:
        steps.append((day, standing))


def _spans(steps: Sequence[tuple[date, S]]) -> Iterator[tuple[date, date | None, S]]:
    ends: Iterable[date | None] = [*(day for day, _standing in steps[1:]), None]
    for (day, standing), until_on in zip(steps, ends, strict=False):
        yield day, until_on, standing


class Span(Protocol):
    """Anything that holds from a day until the day before another."""

    @property
    def from_on(self) -> date:
        """The first day."""

    @property
    def until_on(self) -> date | None:
        """The day after the last one; None: for ever."""


SpanT = TypeVar("SpanT", bound=Span)


def span_on(spans: Iterable[SpanT], day: date) -> SpanT | None:
    """Give the span that holds on `day`, or None before the first."""
    for span in spans:
        if span.from_on <= day and (span.until_on is None or day < span.until_on):
            return span
    return None
