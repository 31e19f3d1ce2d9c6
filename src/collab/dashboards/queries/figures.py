"""Figures of all agencies of a government as of a day, counted from the rows that the asker may see alone.

Standings lie ready as spans for every day, past ones included, so a past day costs what today costs (ADR 0003).
Units count for the agency they belong to.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, select
from sqlalchemy.orm import Session

from collab.commitments.models import CheckpointSpan, CommitmentSpan
from collab.commitments.queries import lists
from collab.commitments.queries.scope import visible
from collab.commitments.rules import Window, compliance_percent, compliance_window, rank_key
from collab.commitments.vocabulary import CheckpointState, Outcome, Signal
from collab.core.db import AnyRow
from collab.core.identity import GOVERNMENT_ROLES, Identity
from collab.core.page import first_rows
from collab.core.period import months_back
from collab.organizations.models import Organization
from collab.organizations.vocabulary import AGENCY_CLASSES, OrganizationClass

#: {(year, month): (met on time, due)}
Months = dict[tuple[int, int], tuple[int, int]]
#: How many of the longest overdue a dashboard lists.
MOST_OVERDUE = 20


@dataclass
class Figures:
    """Counts of one agency. Signals count commitments; due and met count checkpoints; days are local."""

    signals: dict[Signal, int] = field(default_factory=lambda: dict.fromkeys(Signal, 0))
    without_signal: int = 0
    due: int = 0
    met: int = 0
    overdue: int = 0
    stale: int = 0
    silent: int = 0
    newest_evidence_on: date | None = None
    oldest_overdue_on: date | None = None

    @property
    def commitments(self) -> int:
        """Count the commitments that carry a signal."""
        return sum(self.signals.values())

    @property
    def percent(self) -> Decimal | None:
        """Give the share met on time; None when nothing was due."""
        return compliance_percent(self.due, self.met)

    def add(self, other: "Figures") -> None:
        """Add a unit's figures to its agency's."""
        for signal, count in other.signals.items():
            self.signals[signal] += count
        for name in ("without_signal", "due", "met", "overdue", "stale", "silent"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.newest_evidence_on = max(
            filter(None, (self.newest_evidence_on, other.newest_evidence_on)), default=None
        )
        self.oldest_overdue_on = min(
            filter(None, (self.oldest_overdue_on, other.oldest_overdue_on)), default=None
        )


@dataclass(frozen=True)
class RankedAgency:
    """One line of the ranking."""

    id: int
    name: str
    short_name: str | None
    org_class: OrganizationClass
    figures: Figures


@dataclass(frozen=True)
class Overview:
    """A government's agencies, worst first, and the sum of what they owe."""

    government_id: int
    window: Window
    day: date
    agencies: Sequence[RankedAgency]
    others: Sequence[RankedAgency]
    total: Figures
    overdue: Sequence[AnyRow]
    trend: Sequence[tuple[date, int, int]]


def overview(
    session: Session, government_id: int, day: date, *, identity: Identity, from_on: date | None = None
) -> Overview:
    """Rank a government's agencies as of a day (five statements).

    Scores count from `from_on`, by default from 1 January of the day's year, to the day before. Percent ascending, "-" last, then most red ones, then by name. `others` are partners and bodies that are no
    agencies but owe something under the government's mandates.
    """
    window = compliance_window(day, from_on)
    by_unit = signals_of(session, _within(CommitmentSpan, government_id, identity), day)
    owed = _within(CheckpointSpan, government_id, identity)
    months = _add_scores(session, owed, day, window, by_unit)
    _add_overdue(session, owed, day, by_unit)
    units = _units(session, government_id, by_unit)
    agencies, others = _ranked(units, by_unit, day)
    total = Figures()
    for ranked in (*agencies, *others):
        total.add(ranked.figures)
    return Overview(
        government_id=government_id,
        window=window,
        day=day,
        agencies=agencies,
        others=others,
        total=total,
        overdue=overdue(session, day, identity=identity, government_id=government_id),
        trend=monthly(months, day),
    )


def _within(spans: Any, government_id: int, identity: Identity) -> ColumnElement[bool]:
    return and_(spans.government_id == government_id, visible(identity, spans=spans))


def signals_of(
    session: Session, limit: ColumnElement[bool], day: date, unit_ids: Collection[int] | None = None
) -> defaultdict[int, Figures]:
    """Count commitments by accountable unit and signal; stale is what news is still expected of and none is fresh."""
    is_stale = and_(CommitmentSpan.next_checkpoint_id.is_not(None), CommitmentSpan.fresh_until < day)
    stale = case((is_stale, 1), else_=0)
    silent = case((and_(is_stale, CommitmentSpan.last_verified_on.is_(None)), 1), else_=0)
    statement = (
        select(
            CommitmentSpan.organization_id,
            CommitmentSpan.signal,
            func.count().label("number"),
            func.max(CommitmentSpan.last_verified_on).label("newest"),
            func.sum(stale).label("stale"),
            func.sum(silent).label("silent"),
        )
        .where(lists.on_day(CommitmentSpan, day), limit)
        .group_by(CommitmentSpan.organization_id, CommitmentSpan.signal)
    )
    if unit_ids is not None:
        statement = statement.where(CommitmentSpan.organization_id.in_(unit_ids))
    by_unit: defaultdict[int, Figures] = defaultdict(Figures)
    for row in session.execute(statement):
        figures = by_unit[row.organization_id]
        if row.signal is None:
            figures.without_signal += row.number
        else:
            figures.signals[row.signal] += row.number
            figures.stale += row.stale or 0
            figures.silent += row.silent or 0
        figures.newest_evidence_on = max(filter(None, (figures.newest_evidence_on, row.newest)), default=None)
    return by_unit


def month_of(day: Any) -> ColumnElement[str]:
    """Give the month of a column of days as text, such as 2026-08: one cheap expression for both engines."""
    return func.substr(cast(day, String), 1, 7)


def _add_scores(
    session: Session,
    limit: ColumnElement[bool],
    day: date,
    window: Window,
    by_unit: defaultdict[int, Figures],
) -> Months:
    """Count the checkpoints that fell due in a window, and those of them met on time; give twelve months of them."""
    scoring = CheckpointSpan.scoring_due_on
    earliest = min(window.from_on, months_back(day, 12)[0].first)
    keys = (
        CheckpointSpan.organization_id,
        CheckpointSpan.outcome,
        month_of(scoring).label("month"),
        case((scoring.between(window.from_on, window.to_on), 1), else_=0).label("in_window"),
    )
    statement = (
        select(*keys, func.count().label("number"))
        .where(
            scoring.between(earliest, window.to_on),
            CheckpointSpan.outcome.in_((Outcome.MET, Outcome.MISSED)),
            lists.on_day(CheckpointSpan, day),
            limit,
        )
        .group_by(*keys)
    )
    months: Months = {}
    for row in session.execute(statement):
        met = row.number if row.outcome is Outcome.MET else 0
        add_month(months, row.month, met, row.number)
        if row.in_window:
            by_unit[row.organization_id].due += row.number
            by_unit[row.organization_id].met += met
    return months


def add_month(months: Months, month: str, met: int, due: int) -> None:
    """Add counts to the month of a text such as 2026-08."""
    key = (int(month[:4]), int(month[5:]))
    before = months.get(key, (0, 0))
    months[key] = (before[0] + met, before[1] + due)


def _add_overdue(
    session: Session,
    limit: ColumnElement[bool],
    day: date,
    by_unit: defaultdict[int, Figures],
) -> None:
    statement = (
        select(
            CheckpointSpan.organization_id,
            func.count().label("number"),
            func.min(CheckpointSpan.due_on).label("oldest"),
        )
        .where(CheckpointSpan.state == CheckpointState.OVERDUE, lists.on_day(CheckpointSpan, day), limit)
        .group_by(CheckpointSpan.organization_id)
    )
    for row in session.execute(statement):
        by_unit[row.organization_id].overdue += row.number
        by_unit[row.organization_id].oldest_overdue_on = row.oldest


def _units(session: Session, government_id: int, owing: Iterable[int]) -> dict[int, AnyRow]:
    """Give {id: row} of a government's bodies and of whoever else owes something there."""
    statement = select(
        Organization.id,
        Organization.parent_id,
        Organization.name,
        Organization.short_name,
        Organization.org_class,
        Organization.government_id,
        Organization.valid_from,
        Organization.valid_until,
    ).where((Organization.government_id == government_id) | Organization.id.in_(list(owing)))
    return {row.id: row for row in session.execute(statement)}


def _ranked(
    units: Mapping[int, AnyRow], by_unit: Mapping[int, Figures], day: date
) -> tuple[list[RankedAgency], list[RankedAgency]]:
    """Roll units up to their agencies and rank both the agencies and the rest."""
    rolled: dict[int, Figures] = {
        row.id: Figures() for row in units.values() if row.org_class in AGENCY_CLASSES and _exists(row, day)
    }
    rest: dict[int, Figures] = {}
    for unit_id, figures in by_unit.items():
        agency_id = _agency_of(units, unit_id)
        target = rolled if agency_id in rolled else rest
        target.setdefault(agency_id, Figures()).add(figures)
    return _in_order(units, rolled), _in_order(units, rest)


def _exists(row: AnyRow, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (
        row.valid_until is None or day <= row.valid_until
    )


def _agency_of(units: Mapping[int, AnyRow], unit_id: int) -> int:
    seen, current = {unit_id}, units.get(unit_id)
    while current is not None and current.org_class not in AGENCY_CLASSES and current.parent_id in units:
        if current.parent_id in seen:
            break
        seen.add(current.parent_id)
        current = units[current.parent_id]
    return current.id if current is not None and current.org_class in AGENCY_CLASSES else unit_id


def _in_order(units: Mapping[int, AnyRow], figures: Mapping[int, Figures]) -> list[RankedAgency]:
    ranked = [
        RankedAgency(unit_id, units[unit_id].name, units[unit_id].short_name, units[unit_id].org_class, own)
        for unit_id, own in figures.items()
        if unit_id in units
    ]
    return sorted(
        ranked, key=lambda one: rank_key(one.figures.percent, one.figures.signals[Signal.RED], one.name)
    )


def overdue(
    session: Session, day: date, *, identity: Identity, government_id: int, limit: int = MOST_OVERDUE
) -> Sequence[AnyRow]:
    """Give a government's overdue checkpoints, longest overdue first."""
    statement = lists.checkpoints(identity, day, {"state": CheckpointState.OVERDUE}).where(
        CheckpointSpan.government_id == government_id
    )
    return session.execute(first_rows(statement, lists.CHECKPOINT_ORDERS["due"], limit)).all()


def monthly(counts: Mapping[tuple[int, int], Sequence[int]], day: date) -> list[tuple[date, int, int]]:
    """Put {(year, month): [met, due]} into twelve months up to a day, oldest first; none means nothing fell due."""
    cells = [
        (one.first, counts.get((one.first.year, one.first.month), (0, 0))) for one in months_back(day, 12)
    ]
    return [(first, met, due) for first, (met, due) in cells]


def government_of(identity: Identity) -> int:
    """Choose the government whose overview an identity sees: its home, else any that it has a role for."""
    governments = identity.governments(*GOVERNMENT_ROLES)
    if identity.home_government_id in governments:
        return int(identity.home_government_id or 0)
    return min(governments)
