"""The state of a regulation on a day as an SQL expression: the very rule of `rules.standing_on`, for lists."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, String, and_, case, cast, exists, func, literal, or_
from sqlalchemy.orm import aliased

from collab.core.clock import end_of
from collab.core.db import UtcDateTime
from collab.organizations.models import Government
from collab.regulations.models import Regulation, RegulationRelation
from collab.regulations.rules import EFFECTS, UNPUBLISHED
from collab.regulations.vocabulary import Lifecycle, RegulationState, RelationKind

#: The zones of local days here; a government's own decides when a fact counts.
ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")


def over(day: date, government: Any) -> ColumnElement[Any]:
    """Give the instant at which a local day is over in a government's zone."""
    ends = {zone: literal(end_of(day, zone), UtcDateTime()) for zone in ZONES}
    return case(ends, value=government.timezone, else_=ends["Asia/Jakarta"])


def recorded_by(day: date, row: Any, government: Any) -> ColumnElement[bool]:
    """Say that a row was recorded by the end of a local day of its government."""
    return row.recorded_at < over(day, government)


def first_day(regulation: Any) -> ColumnElement[Any]:
    """Give the first day of force, as `rules.in_force_from`."""
    own = case((regulation.kind.in_(sorted(UNPUBLISHED)), regulation.enacted_on))
    presumed = func.date(cast(regulation.year, String) + "-12-31", type_=Date)
    return func.coalesce(regulation.effective_on, regulation.promulgated_on, own, presumed)


def state_expression(day: date) -> ColumnElement[str]:
    """Give the state of `Regulation` on a day as a word of `RegulationState`."""
    first = first_day(Regulation)
    waiting = or_(first.is_(None), first > day)
    return case(
        (Regulation.lifecycle == Lifecycle.DRAFT, RegulationState.DRAFT.value),
        (Regulation.lifecycle == Lifecycle.WITHDRAWN, RegulationState.WITHDRAWN.value),
        (waiting, RegulationState.NOT_YET_EFFECTIVE.value),
        *((_acted_on(kind, day), state.value) for kind, state in EFFECTS),
        else_=RegulationState.IN_FORCE.value,
    )


#: The acting regulation, its government, the relation: made once, for making them costs more than the whole query.
_ACTING = aliased(Regulation), aliased(Government), aliased(RegulationRelation)


def _acted_on(kind: RelationKind, day: date) -> ColumnElement[bool]:
    acting, its, relation = _ACTING
    return exists().where(
        relation.target_id == Regulation.id,
        relation.kind == kind,
        acting.id == relation.source_id,
        its.id == acting.government_id,
        acting.lifecycle == Lifecycle.ENACTED,
        and_(first_day(acting) <= day, or_(relation.effective_on.is_(None), relation.effective_on <= day)),
        recorded_by(day, acting, its),
        recorded_by(day, relation, its),
    )
