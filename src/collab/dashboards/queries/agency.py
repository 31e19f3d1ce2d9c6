"""One agency's dashboard as of a day: what it owes, what presses, what comes, in few statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, case, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from collab.agreements import queries as agreements
from collab.commitments.models import CheckpointSpan, Commitment, CommitmentSpan
from collab.commitments.queries import lists
from collab.commitments.queries.scope import visible
from collab.commitments.rules import compliance_window
from collab.commitments.vocabulary import CheckpointState, Outcome
from collab.core.clock import local_day
from collab.core.db import AnyRow, AnySelect
from collab.core.errors import NotFound
from collab.core.identity import GOVERNMENT_ROLES, Identity, Role
from collab.core.page import first_rows
from collab.core.period import months_back
from collab.core.text import _
from collab.dashboards.queries.figures import (
    MOST_OVERDUE,
    Figures,
    Months,
    add_month,
    month_of,
    monthly,
    signals_of,
)
from collab.organizations.models import Organization
from collab.organizations.vocabulary import OrganizationClass

#: Days ahead into which coming due days are sorted; both ends included.
SOON = (7, 30, 90)
#: How many coming due days are listed.
MOST_COMING = 60

_BELOW = aliased(Organization, name="below")
#: What is still to come, by state.
COMING = (
    CheckpointState.OPEN,
    CheckpointState.DUE_SOON,
    CheckpointState.RETURNED,
    CheckpointState.AWAITING_VERIFICATION,
)


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
    """Give an agency inside the asker's scope, with its units; raise `NotFound` outside it."""
    tree = select(Organization.id).where(Organization.id == organization_id).cte("units", recursive=True)
    tree = tree.union_all(select(_BELOW.id).join(tree, _BELOW.parent_id == tree.c.id))
    rows = session.execute(
        select(
            Organization.id,
            Organization.name,
            Organization.short_name,
            Organization.government_id,
            Organization.org_class,
        ).join(tree, tree.c.id == Organization.id)
    ).all()
    row = next((one for one in rows if one.id == organization_id), None)
    if row is None or not _in_scope(session, row, identity):
        raise NotFound(_("There is no such agency, or its figures are not yours to see."))
    return SeenAgency(*row, unit_ids=frozenset(one.id for one in rows))


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


@dataclass(frozen=True)
class Scores:
    """An agency's figures, and [(first of month, met on time, due)] of twelve months, oldest first."""

    figures: Figures
    trend: list[tuple[date, int, int]]


def scores(
    session: Session,
    unit_ids: Collection[int],
    day: date,
    *,
    identity: Identity,
    from_on: date | None = None,
) -> Scores:
    """Count what some units owe as of a day, with their twelve months (two statements)."""
    total = Figures()
    for figures in signals_of(session, visible(identity, spans=CommitmentSpan), day, unit_ids).values():
        total.add(figures)
    months: Months = {}
    for row in session.execute(_checkpoint_counts(unit_ids, day, identity, from_on)):
        if row.is_overdue:
            total.overdue += row.number
            total.oldest_overdue_on = min(filter(None, (total.oldest_overdue_on, row.oldest)))
        if row.outcome not in (Outcome.MET, Outcome.MISSED) or row.month is None:
            continue
        met = row.number if row.outcome is Outcome.MET else 0
        if row.in_window:
            total.due, total.met = total.due + row.number, total.met + met
        add_month(months, row.month, met, row.number)
    return Scores(total, monthly(months, day))


def _checkpoint_counts(
    unit_ids: Collection[int], day: date, identity: Identity, from_on: date | None
) -> AnySelect:
    """Count checkpoints by month and outcome, those inside the window and those overdue apart."""
    window = compliance_window(day, from_on)
    earliest = min(window.from_on, months_back(day, 12)[0].first)
    scoring = CheckpointSpan.scoring_due_on
    is_overdue = CheckpointSpan.state == CheckpointState.OVERDUE
    keys = (
        month_of(scoring).label("month"),
        CheckpointSpan.outcome,
        case((scoring.between(window.from_on, window.to_on), 1), else_=0).label("in_window"),
        case((is_overdue, 1), else_=0).label("is_overdue"),
    )
    scored = and_(
        scoring.between(earliest, window.to_on), CheckpointSpan.outcome.in_((Outcome.MET, Outcome.MISSED))
    )
    return (
        select(*keys, func.count().label("number"), func.min(CheckpointSpan.due_on).label("oldest"))
        .where(
            CheckpointSpan.organization_id.in_(unit_ids),
            lists.on_day(CheckpointSpan, day),
            or_(scored, is_overdue),
            visible(identity, spans=CheckpointSpan),
        )
        .group_by(*keys)
    )


def pressing(
    session: Session, unit_ids: Collection[int], day: date, *, identity: Identity
) -> tuple[Sequence[AnyRow], Sequence[AnyRow]]:
    """Give (overdue checkpoints, those due within ninety days), each nearest its day first (one statement)."""
    own = CheckpointSpan.organization_id.in_(unit_ids)
    order = lists.CHECKPOINT_ORDERS["due"]
    late = lists.checkpoints(identity, day, {"state": CheckpointState.OVERDUE}).where(own)
    ahead = lists.checkpoints(
        identity, day, {"due_after": day, "due_before": day + timedelta(days=SOON[-1])}
    ).where(own, CheckpointSpan.state.in_(COMING))
    both = union_all(
        select(first_rows(late, order, MOST_OVERDUE).subquery("late")),
        select(first_rows(ahead, order, MOST_COMING).subquery("ahead")),
    ).subquery("pressing")
    rows = session.execute(select(both).order_by(both.c.due, both.c.id)).all()
    return (
        [row for row in rows if row.state is CheckpointState.OVERDUE],
        [row for row in rows if row.state is not CheckpointState.OVERDUE],
    )


def commitments_of(
    session: Session, unit_ids: Collection[int], day: date, *, identity: Identity, limit: int = 50
) -> Sequence[AnyRow]:
    """Give what some units owe as of a day, worst first."""
    statement = lists.commitments(identity, day, {}).where(CommitmentSpan.organization_id.in_(unit_ids))
    return session.execute(first_rows(statement, lists.COMMITMENT_ORDERS["signal"], limit)).all()


def staged(session: Session, unit_ids: Collection[int], day: date, *, identity: Identity) -> list[AnyRow]:
    """Give the agreements that concern some units, by stage, longest in it first."""
    return agreements.by_stage(session, sorted(unit_ids), identity=identity, day=day)


def days_in_stage(row: AnyRow, day: date) -> int | None:
    """Give the days an agreement of a list has been in its stage on a day."""
    return (day - local_day(row.stage_since, row.zone)).days if row.stage_since else None
