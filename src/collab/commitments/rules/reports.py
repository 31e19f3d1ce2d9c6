"""What reports say: which reach the target, which count, with which day, and what is being repaired."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from collab.commitments.rules.deadlines import days_after
from collab.commitments.rules.facts import CheckpointFacts, CommitmentFacts, ReportFact
from collab.commitments.vocabulary import Direction, ReportStatus

#: Answers whether a report reaches the target in question.
Reaches = Callable[[ReportFact], bool]


def actual_reaches(report: ReportFact, checkpoint: CheckpointFacts, direction: Direction | None) -> bool:
    """Tell whether the actual reaches the checkpoint's number; no direction means up.

    A range (`target` to `target_max`) is reached at the end met first: its lower end going up, its upper
    end going down.
    """
    if report.actual is None or checkpoint.target is None:
        return False
    if direction is Direction.DOWN:
        upper = checkpoint.target if checkpoint.target_max is None else checkpoint.target_max
        return report.actual <= upper
    return report.actual >= checkpoint.target


def reaches_target(report: ReportFact, checkpoint: CheckpointFacts, commitment: CommitmentFacts) -> bool:
    """Tell whether a report says `done` and, where the checkpoint has a number, its actual reaches it."""
    if report.status is not ReportStatus.DONE:
        return False
    return checkpoint.target is None or actual_reaches(report, checkpoint, commitment.direction)


@dataclass(frozen=True)
class History:
    """The reports of one checkpoint that are known on one day, oldest first, and the days of repair grace."""

    reports: tuple[ReportFact, ...]
    repair_days: int

    @cached_property
    def _places(self) -> dict[int, int]:
        return {report.id: place for place, report in enumerate(self.reports)}

    def _superseded_by(self, report: ReportFact) -> Iterator[ReportFact]:
        """Walk from a report to those it replaces, newest first."""
        place = self._places[report.id]
        while report.supersedes_id is not None:
            earlier = self._places.get(report.supersedes_id, place)
            if earlier >= place:
                return
            place, report = earlier, self.reports[earlier]
            yield report

    def corrected(self, report: ReportFact) -> ReportFact | None:
        """Give the verified report that this one corrects, directly or through replaced ones, or None."""
        return next((earlier for earlier in self._superseded_by(report) if earlier.verified), None)

    @cached_property
    def superseded(self) -> frozenset[int]:
        """The ids of the reports that a verified report replaces."""
        return frozenset(
            earlier.id
            for report in self.reports
            if report.verified
            for earlier in self._superseded_by(report)
        )

    @cached_property
    def in_force(self) -> tuple[ReportFact, ...]:
        """The verified reports that no verified report replaces."""
        return tuple(
            report for report in self.reports if report.verified and report.id not in self.superseded
        )

    @cached_property
    def counting(self) -> tuple[ReportFact, ...]:
        """The reports that make the state.

        A correction of a verified report is not among them until it is verified, so that it leaves the state
        as it was while it waits and when it is returned.
        """
        return tuple(report for report in self.reports if report.verified or self.corrected(report) is None)

    @property
    def last(self) -> ReportFact | None:
        """The last report that makes the state."""
        return self.counting[-1] if self.counting else None

    @property
    def waiting(self) -> tuple[ReportFact, ...]:
        """The undecided reports that no other report replaces, corrections included."""
        replaced = {report.supersedes_id for report in self.reports}
        return tuple(r for r in self.reports if r.decision is None and r.id not in replaced)

    @cached_property
    def first_returned(self) -> ReportFact | None:
        """The checkpoint's first returned report: the only one whose return earns grace."""
        return next((report for report in self.counting if report.returned_on is not None), None)

    @property
    def grace_until(self) -> date | None:
        """The last day of the repair grace (included), or None."""
        first = self.first_returned
        if first is None or first.returned_on is None:
            return None
        return days_after(first.returned_on, self.repair_days)

    @cached_property
    def repairs(self) -> frozenset[int]:
        """The ids of the reports that repair the first returned one inside its grace.

        The repair is the next report, or what replaces it while it waits; once it is decided, what follows
        is a new report with its own day.
        """
        first, until = self.first_returned, self.grace_until
        found: set[int] = set()
        if first is None or first.returned_on is None or until is None:
            return frozenset()
        for report in self.counting[self.counting.index(first) + 1 :]:
            if first.returned_on <= report.recorded_on <= until and self.corrected(report) is None:
                found.add(report.id)
            if report.decision is not None:
                break
        return frozenset(found)

    def counted_on(self, report: ReportFact, reaches: Reaches) -> date:
        """Give the day with which a report counts: that of its submission, but for two cases.

        A repair inside the grace counts with the day of the first submission, and a correction of a verified
        report with the day of that report - each only if that earlier report already reached the target: a
        claim first made later is never carried back.
        """
        corrected = self.corrected(report)
        if corrected is not None and reaches(corrected):
            return self.counted_on(corrected, reaches)
        first = self.first_returned
        if first is not None and report.id in self.repairs and reaches(first):
            return first.recorded_on
        return report.recorded_on

    def claims_on(self, reaches: Reaches) -> date | None:
        """Give the counted day of the last report if it reaches the target and is undecided, else None."""
        last = self.last
        if last is None or last.decision is not None or not reaches(last):
            return None
        return self.counted_on(last, reaches)

    def in_grace(self, day: date, due: date | None, reaches: Reaches) -> bool:
        """Tell whether the last report is the first returned one and may still be repaired on `day`.

        Only a report that was submitted by `due` (or there is none) and reached the target earns grace: a
        return never makes better what was late or claimed nothing.
        """
        last, until = self.last, self.grace_until
        if last is None or until is None or last is not self.first_returned or day > until:
            return False
        return reaches(last) and (due is None or last.recorded_on <= due)

    def settled_on(self, reaches: Reaches) -> date | None:
        """Give the earliest counted day of the reports in force that reach the target, or None."""
        return min((self.counted_on(r, reaches) for r in self.in_force if reaches(r)), default=None)


def plan_order(checkpoint: CheckpointFacts) -> tuple[date, int]:
    """Order checkpoints as planned: by original due day, undated ones last; moved due days change nothing."""
    return (checkpoint.original_due_on or date.max, checkpoint.id)


def settled_on(
    commitment: CommitmentFacts, checkpoint: CheckpointFacts, histories: Mapping[int, History]
) -> date | None:
    """Give the day with which the checkpoint is settled, from what is known, or None.

    With an indicator checkpoints are cumulative: a verified actual reported for a later checkpoint that
    reaches this one's number settles it too, whatever its status word says.
    """

    def reaches(report: ReportFact) -> bool:
        return reaches_target(report, checkpoint, commitment)

    def reaches_number(report: ReportFact) -> bool:
        return actual_reaches(report, checkpoint, commitment.direction)

    days = [histories[checkpoint.id].settled_on(reaches)]
    if commitment.has_indicator and checkpoint.target is not None:
        days += [
            histories[later.id].settled_on(reaches_number)
            for later in commitment.checkpoints
            if plan_order(later) > plan_order(checkpoint)
        ]
    return min((day for day in days if day is not None), default=None)
