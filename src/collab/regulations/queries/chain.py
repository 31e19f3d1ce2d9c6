"""What regulations do to each other: relations both ways, standings on a day, and what rests on one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session, aliased

from collab.auth.models import User
from collab.core.clock import local_day
from collab.core.db import AnyRow, AnySelect
from collab.core.identity import Identity
from collab.organizations.models import Government
from collab.regulations import rules
from collab.regulations.models import Regulation, RegulationRelation
from collab.regulations.queries.register import visible
from collab.regulations.rules import Acting, Dates, Standing
from collab.regulations.vocabulary import Lifecycle, RelationKind

#: The other regulation of a relation; made once, for making it costs more than the query.
_OTHER = aliased(Regulation)
#: Relations through which a change is felt by the acting regulation: it carries out, rests on, or rewrites another.
RESTING = (RelationKind.IMPLEMENTS, RelationKind.LEGAL_BASIS, RelationKind.AMENDS)


def relations(session: Session, regulation_id: int, *, identity: Identity) -> list[AnyRow]:
    """Give a regulation's relations both ways whose other side is visible, in the order recorded.

    Rows: id, kind, source_id, target_id, is_acting (this one acts), effective_on, articles, recorded_at, recorder,
    and the other regulation: other_id, other_government, zone, other_kind, number, year, title, lifecycle,
    enacted_on, promulgated_on, other_effective_on, other_recorded_at.
    """
    other = aliased(Regulation)
    is_acting = RegulationRelation.source_id == regulation_id
    other_id = case((is_acting, RegulationRelation.target_id), else_=RegulationRelation.source_id)
    statement = (
        select(
            RegulationRelation.id,
            RegulationRelation.kind,
            RegulationRelation.source_id,
            RegulationRelation.target_id,
            is_acting.label("is_acting"),
            RegulationRelation.effective_on,
            RegulationRelation.articles,
            RegulationRelation.recorded_at,
            User.display_name.label("recorder"),
            *_other_columns(other),
        )
        .join(other, other.id == other_id)
        .join(Government, Government.id == other.government_id)
        .outerjoin(User, User.id == RegulationRelation.recorded_by)
        .where(
            or_(RegulationRelation.source_id == regulation_id, RegulationRelation.target_id == regulation_id),
            visible(identity, other),
        )
        .order_by(RegulationRelation.id)
    )
    return list(session.execute(statement).all())


def _other_columns(other: Any) -> list[Any]:
    return [
        other.id.label("other_id"),
        Government.short_name.label("other_government"),
        Government.timezone.label("zone"),
        other.kind.label("other_kind"),
        other.number,
        other.year,
        other.title,
        other.lifecycle,
        other.enacted_on,
        other.promulgated_on,
        other.effective_on.label("other_effective_on"),
        other.recorded_at.label("other_recorded_at"),
    ]


def acting_of(row: AnyRow) -> Acting:
    """Read a relation's row (its other side acts) as the rules take it; recorded days are those of its government."""
    dates = Dates(
        row.enacted_on,
        row.promulgated_on,
        row.other_effective_on,
        local_day(row.other_recorded_at, row.zone),
        row.year,
    )
    return Acting(
        kind=row.kind,
        acting_id=row.other_id,
        acting_kind=row.other_kind,
        acting_lifecycle=row.lifecycle,
        acting_dates=dates,
        effective_on=row.effective_on,
        recorded_on=local_day(row.recorded_at, row.zone),
    )


def standing(regulation: Any, rows: Iterable[AnyRow], day: date) -> Standing:
    """Give a regulation's state on a day with its reason; `rows` are its `relations`."""
    acting = [acting_of(row) for row in rows if not row.is_acting]
    dates = Dates(
        regulation.enacted_on, regulation.promulgated_on, regulation.effective_on, year=regulation.year
    )
    return rules.standing_on(regulation.kind, regulation.lifecycle, dates, acting, day)


def standings(session: Session, regulation_ids: Iterable[int], *, day: date) -> dict[int, Standing]:
    """Give {regulation id: standing on a day} in two queries, for whatever rests on these regulations."""
    wanted = list(dict.fromkeys(regulation_ids))
    if not wanted:
        return {}
    statement = (
        select(
            RegulationRelation.target_id,
            RegulationRelation.kind,
            RegulationRelation.effective_on,
            RegulationRelation.recorded_at,
            *_other_columns(_OTHER),
        )
        .join(_OTHER, _OTHER.id == RegulationRelation.source_id)
        .join(Government, Government.id == _OTHER.government_id)
        .where(RegulationRelation.target_id.in_(wanted), _OTHER.lifecycle == Lifecycle.ENACTED)
    )
    acting: dict[int, list[Acting]] = {}
    for row in session.execute(statement):
        acting.setdefault(row.target_id, []).append(acting_of(row))
    rows = session.execute(
        select(
            Regulation.id,
            Regulation.kind,
            Regulation.lifecycle,
            Regulation.year,
            Regulation.enacted_on,
            Regulation.promulgated_on,
            Regulation.effective_on,
        ).where(Regulation.id.in_(wanted))
    )
    return {
        row.id: rules.standing_on(
            row.kind,
            row.lifecycle,
            Dates(row.enacted_on, row.promulgated_on, row.effective_on, year=row.year),
            acting.get(row.id, ()),
            day,
        )
        for row in rows
    }


# -- impact ---------------------------------------------------------------------------------------------------


def closure(session: Session, regulation_id: int, *, identity: Identity) -> frozenset[int]:
    """Give the ids of all visible regulations that rest on one, directly or through others; not itself."""
    found = frozenset(session.scalars(_resting(regulation_id, identity)))
    return found - {regulation_id}


def _resting(regulation_id: int, identity: Identity) -> AnySelect:
    """Walk from a regulation to those that act on it; UNION ends the walk when a circle closes."""
    direct = _step(RegulationRelation.target_id == regulation_id, identity)
    walk = direct.cte("resting", recursive=True)
    further = _step(RegulationRelation.target_id == walk.c.id, identity)
    walk = walk.union(further)
    return select(walk.c.id)


def _step(condition: Any, identity: Identity) -> AnySelect:
    acting = aliased(Regulation)
    return (
        select(RegulationRelation.source_id.label("id"))
        .join(acting, acting.id == RegulationRelation.source_id)
        .where(condition, RegulationRelation.kind.in_(RESTING), visible(identity, acting))
    )


def dependants(session: Session, regulation_id: int, *, identity: Identity, limit: int = 200) -> list[AnyRow]:
    """Give the visible regulations that rest on one, direct ones first.

    Rows: id, government, kind, number, year, title, lifecycle, is_direct.
    """
    ids = closure(session, regulation_id, identity=identity)
    if not ids:
        return []
    is_direct = (
        select(RegulationRelation.id)
        .where(
            RegulationRelation.source_id == Regulation.id,
            RegulationRelation.target_id == regulation_id,
            RegulationRelation.kind.in_(RESTING),
        )
        .exists()
    )
    statement = (
        select(
            Regulation.id,
            Government.short_name.label("government"),
            Regulation.kind,
            Regulation.number,
            Regulation.year,
            Regulation.title,
            Regulation.lifecycle,
            is_direct.label("is_direct"),
        )
        .join(Government, Government.id == Regulation.government_id)
        .where(Regulation.id.in_(sorted(ids)))
        .order_by(is_direct.desc(), Regulation.year, Regulation.id)
        .limit(limit)
    )
    return list(session.execute(statement).all())
