"""Figures of agencies as of a day, counted from the rows that the asker may see, and from nothing else.

Standings lie ready as spans for every day, past ones included, so a past day costs what today costs (ADR 0003).
Units count for the agency they belong to.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, case, extract, func, select
from sqlalchemy.orm import Session

from collab.agreements import queries as agreements
from collab.commitments.models import CheckpointSpan, Commitment, CommitmentSpan
from collab.commitments.queries import lists
from collab.commitments.queries.scope import visible
from collab.commitments.rules import compliance_percent, compliance_window, rank_key
from collab.commitments.vocabulary import CheckpointState, Outcome, Signal
from collab.core.clock import local_day
from collab.core.db import AnyRow
from collab.core.errors import NotFound
from collab.core.identity import GOVERNMENT_ROLES, Identity, Role
from collab.core.page import ordered
from collab.core.period import months_back
from collab.core.text import _
from collab.organizations import queries as organizations
from collab.organizations.models import Organization
from collab.organizations.vocabulary import AGENCY_CLASSES, OrganizationClass

SOON = (7, 30, 90)


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
    day: date
    agencies: Sequence[RankedAgency]
    others: Sequence[RankedAgency]
    total: Figures
    overdue: Sequence[AnyRow]
    trend: Sequence[tuple[date, int, int]]


def overview(session: Session, government_id: int, day: date, *, identity: Identity) -> Overview:
    """Rank a government's agencies as of a day (six statements).

    Percent ascending, "-" last, then most red ones, then by name. `others` are partners and bodies that are no
    agencies but owe something under the government's mandates.
    """
    limit = and_(Commitment.government_id == government_id, visible(identity))
    window = compliance_window(day)
    by_unit = _signals(session, limit, day)
    _add_scores(session, limit, day, window.from_on, window.to_on, by_unit)
    _add_overdue(session, limit, day, by_unit)
    units = _units(session, government_id, by_unit)
    agencies, others = _ranked(units, by_unit, day)
    total = Figures()
    for ranked in (*agencies, *others):
        total.add(ranked.figures)
    return Overview(
        government_id=government_id,
        day=day,
        agencies=agencies,
        others=others,
        total=total,
        overdue=overdue(session, day, identity=identity, government_id=government_id),
        trend=trend(session, limit, day),
    )


def figures_of(session: Session, unit_ids: Collection[int], day: date, *, identity: Identity) -> Figures:
    """Count what some units owe as of a day (three statements)."""
    limit = visible(identity)
    window = compliance_window(day)
    by_unit = _signals(session, limit, day, unit_ids)
    _add_scores(session, limit, day, window.from_on, window.to_on, by_unit, unit_ids)
    _add_overdue(session, limit, day, by_unit, unit_ids)
    total = Figures()
    for figures in by_unit.values():
        total.add(figures)
    return total


def _signals(
    session: Session, limit: ColumnElement[bool], day: date, unit_ids: Collection[int] | None = None
) -> defaultdict[int, Figures]:
    """Count commitments by accountable unit and signal."""
    stale = case((CommitmentSpan.fresh_until < day, 1), else_=0)
    silent = case(
        (and_(CommitmentSpan.last_verified_on.is_(None), CommitmentSpan.fresh_until < day), 1), else_=0
    )
    statement = (
        select(
            CommitmentSpan.organization_id,
            CommitmentSpan.signal,
            func.count().label("number"),
            func.max(CommitmentSpan.last_verified_on).label("newest"),
            func.sum(stale).label("stale"),
            func.sum(silent).label("silent"),
        )
        .join(Commitment, Commitment.id == CommitmentSpan.commitment_id)
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


def _add_scores(
    session: Session,
    limit: ColumnElement[bool],
    day: date,
    first: date,
    last: date,
    by_unit: defaultdict[int, Figures],
    unit_ids: Collection[int] | None = None,
) -> None:
    """Count the checkpoints that fell due in a window, and those of them met on time."""
    statement = (
        select(CheckpointSpan.organization_id, CheckpointSpan.outcome, func.count().label("number"))
        .join(Commitment, Commitment.id == CheckpointSpan.commitment_id)
        .where(
            CheckpointSpan.scoring_due_on.between(first, last),
            CheckpointSpan.outcome.in_((Outcome.MET, Outcome.MISSED)),
            lists.on_day(CheckpointSpan, day),
            limit,
        )
        .group_by(CheckpointSpan.organization_id, CheckpointSpan.outcome)
    )
    if unit_ids is not None:
        statement = statement.where(CheckpointSpan.organization_id.in_(unit_ids))
    for row in session.execute(statement):
        by_unit[row.organization_id].due += row.number
        if row.outcome is Outcome.MET:
            by_unit[row.organization_id].met += row.number


def _add_overdue(
    session: Session,
    limit: ColumnElement[bool],
    day: date,
    by_unit: defaultdict[int, Figures],
    unit_ids: Collection[int] | None = None,
) -> None:
    statement = (
        select(
            CheckpointSpan.organization_id,
            func.count().label("number"),
            func.min(CheckpointSpan.due_on).label("oldest"),
        )
        .join(Commitment, Commitment.id == CheckpointSpan.commitment_id)
        .where(CheckpointSpan.state == CheckpointState.OVERDUE, lists.on_day(CheckpointSpan, day), limit)
        .group_by(CheckpointSpan.organization_id)
    )
    if unit_ids is not None:
        statement = statement.where(CheckpointSpan.organization_id.in_(unit_ids))
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
    session: Session,
    day: date,
    *,
    identity: Identity,
    government_id: int | None = None,
    unit_ids: Collection[int] | None = None,
    limit: int = 20,
) -> Sequence[AnyRow]:
    """Give the overdue checkpoints, longest overdue first."""
    statement = lists.checkpoints(identity, day, {"state": CheckpointState.OVERDUE})
    if government_id is not None:
        statement = statement.where(Commitment.government_id == government_id)
    if unit_ids is not None:
        statement = statement.where(CheckpointSpan.organization_id.in_(unit_ids))
    return session.execute(ordered(statement, lists.CHECKPOINT_ORDERS["due"]).limit(limit)).all()


#: What is still to come, by state.
COMING = (
    CheckpointState.OPEN,
    CheckpointState.DUE_SOON,
    CheckpointState.RETURNED,
    CheckpointState.AWAITING_VERIFICATION,
)


def coming(
    session: Session, unit_ids: Collection[int], day: date, *, identity: Identity, limit: int = 60
) -> Sequence[AnyRow]:
    """Give the checkpoints of some units that fall due within ninety days, nearest first."""
    statement = lists.checkpoints(
        identity, day, {"due_after": day, "due_before": day + timedelta(days=SOON[-1])}
    ).where(CheckpointSpan.organization_id.in_(unit_ids), CheckpointSpan.state.in_(COMING))
    return session.execute(ordered(statement, lists.CHECKPOINT_ORDERS["due"]).limit(limit)).all()


def trend(
    session: Session, limit: ColumnElement[bool], day: date, unit_ids: Collection[int] | None = None
) -> list[tuple[date, int, int]]:
    """Give [(first of month, met on time, due)] for twelve calendar months, oldest first (one statement)."""
    months = months_back(day, 12)
    year, month = (
        extract("year", CheckpointSpan.scoring_due_on),
        extract("month", CheckpointSpan.scoring_due_on),
    )
    statement = (
        select(year.label("year"), month.label("month"), CheckpointSpan.outcome, func.count().label("number"))
        .join(Commitment, Commitment.id == CheckpointSpan.commitment_id)
        .where(
            CheckpointSpan.scoring_due_on.between(months[0].first, day - timedelta(days=1)),
            CheckpointSpan.outcome.in_((Outcome.MET, Outcome.MISSED)),
            lists.on_day(CheckpointSpan, day),
            limit,
        )
        .group_by(year, month, CheckpointSpan.outcome)
    )
    if unit_ids is not None:
        statement = statement.where(CheckpointSpan.organization_id.in_(unit_ids))
    counts: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for row in session.execute(statement):
        cell = counts[int(row.year), int(row.month)]
        cell[1] += row.number
        if row.outcome is Outcome.MET:
            cell[0] += row.number
    return [
        (one.first, counts[one.first.year, one.first.month][0], counts[one.first.year, one.first.month][1])
        for one in months
    ]


@dataclass(frozen=True)
class SeenAgency:
    """An agency whose figures the asker may see, with its units."""

    id: int
    name: str
    short_name: str | None
    government_id: int | None
    org_class: OrganizationClass
    unit_ids: frozenset[int]

    @property
    def organization_id(self) -> int:
        """Give the id under the name that policies ask for."""
        return self.id


def get_agency(session: Session, organization_id: int, *, identity: Identity) -> SeenAgency:
    """Give an agency inside the asker's scope; raise `NotFound` outside it."""
    row = session.execute(
        select(
            Organization.id,
            Organization.name,
            Organization.short_name,
            Organization.government_id,
            Organization.org_class,
        ).where(Organization.id == organization_id)
    ).one_or_none()
    if row is None or not _in_scope(session, row, identity):
        raise NotFound(_("There is no such agency, or its figures are not yours to see."))
    units = organizations.descendants(session, organization_id)
    return SeenAgency(*row, unit_ids=frozenset({organization_id, *units}))


def _in_scope(session: Session, row: AnyRow, identity: Identity) -> bool:
    if row.id in identity.organizations(Role.LIAISON, Role.PARTNER):
        return True
    governments = identity.governments(*GOVERNMENT_ROLES)
    if row.government_id is not None:
        return row.government_id in governments
    owes = select(CommitmentSpan.id).join(Commitment, Commitment.id == CommitmentSpan.commitment_id)
    return bool(
        session.scalar(
            owes.where(
                CommitmentSpan.organization_id == row.id, Commitment.government_id.in_(governments)
            ).limit(1)
        )
    )


def agency_trend(
    session: Session, unit_ids: Collection[int], day: date, *, identity: Identity
) -> list[tuple[date, int, int]]:
    """Give twelve months of some units."""
    return trend(session, visible(identity), day, unit_ids)


def commitments_of(
    session: Session, unit_ids: Collection[int], day: date, *, identity: Identity, limit: int = 100
) -> Sequence[AnyRow]:
    """Give what some units owe as of a day, worst first."""
    statement = lists.commitments(identity, day, {}).where(CommitmentSpan.organization_id.in_(unit_ids))
    return session.execute(ordered(statement, lists.COMMITMENT_ORDERS["signal"]).limit(limit)).all()


def mandates_of(session: Session, unit_ids: Collection[int], day: date, *, identity: Identity) -> list[int]:
    """Give the ids of the mandates under which some units owe something."""
    statement = (
        select(Commitment.mandate_id)
        .join(CommitmentSpan, CommitmentSpan.commitment_id == Commitment.id)
        .where(
            lists.on_day(CommitmentSpan, day), CommitmentSpan.organization_id.in_(unit_ids), visible(identity)
        )
        .distinct()
    )
    return list(session.scalars(statement))


def government_of(identity: Identity) -> int:
    """Choose the government whose overview an identity sees: its home, else any that it has a role for."""
    governments = identity.governments(*GOVERNMENT_ROLES)
    if identity.home_government_id in governments:
        return int(identity.home_government_id or 0)
    return min(governments)


def staged(session: Session, unit_ids: Collection[int], day: date, *, identity: Identity) -> list[AnyRow]:
    """Give the agreements that concern some units, by stage, longest in it first."""
    return agreements.by_stage(session, sorted(unit_ids), identity=identity, day=day)


def days_in_stage(row: AnyRow, day: date) -> int | None:
    """Give the days an agreement of a list has been in its stage on a day."""
    return (day - local_day(row.stage_since, row.zone)).days if row.stage_since else None
