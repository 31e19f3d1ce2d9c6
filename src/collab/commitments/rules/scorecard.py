"""Compliance: what is due in a window, which share was met on time, and who ranks where."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from collab.commitments.rules.deadlines import days_after
from collab.commitments.rules.standing import CheckpointStanding
from collab.commitments.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `from_on` to `to_on`, both included; empty when `to_on` lies before `from_on`."""

    from_on: date
    to_on: date

    def holds(self, day: date | None) -> bool:
        """Tell whether a day lies in the window."""
        return day is not None and self.from_on <= day <= self.to_on


def compliance_window(day: date, from_on: date | None = None) -> Window:
    """Give the window of the scorecard of `day`: from 1 January of its year (or `from_on`) to the day before."""
    return Window(from_on or date(day.year, 1, 1), days_after(day, -1))


def month_windows(day: date, count: int = 12) -> tuple[Window, ...]:
    """Give one window per calendar month, oldest first, the last being the month of `day` up to the day before."""
    last = day.year * 12 + day.month - 1
    firsts = [date(month // 12, month % 12 + 1, 1) for month in range(last - count + 1, last + 1)]
    past = [Window(first, days_after(following, -1)) for first, following in pairwise(firsts)]
    return (*past, Window(firsts[-1], days_after(day, -1)))


def counts_as_due(standing: CheckpointStanding, window: Window) -> bool:
    """Tell whether the scorecard counts the checkpoint in the window: it fell due there and is met or missed."""
    return window.holds(standing.scoring_due_on) and standing.outcome in (Outcome.MET, Outcome.MISSED)


def compliance_percent(due: int, met: int) -> Decimal | None:
    """Give the share met on time (0-100, one decimal); None when nothing was due: shown as "-", never 100.

    Rounding never turns an incomplete share into 100, nor a share above nothing into 0.
    """
    if due <= 0:
        return None
    percent = (Decimal(met) * 100 / due).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if 0 < met < due:
        percent = min(max(percent, Decimal("0.1")), Decimal("99.9"))
    return percent


def rank_key(percent: Decimal | None, red_count: int, name: str) -> tuple[bool, Decimal, int, str]:
    """Give the sort key of an agency: worst percent first, "-" last, then most red ones, then by name."""
    return (percent is None, percent or Decimal(0), -red_count, name.casefold())
