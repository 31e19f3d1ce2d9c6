"""How a regulation stands on a day: its own dates, and what others do to it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from collab.organizations.vocabulary import GovernmentKind
from collab.regulations.vocabulary import (
    Lifecycle,
    RegulationKind,
    RegulationState,
    RelationKind,
)

FORCE_LAW = "UU 12/2011 Pasal 87"
TITLE_LAW = "UU 12/2011 Lampiran II"
#: Decisions and policy that are signed, not promulgated: in force from the day they are enacted.
UNPUBLISHED = frozenset(
    {
        RegulationKind.KEPPRES,
        RegulationKind.INPRES,
        RegulationKind.KEPGUB,
        RegulationKind.INGUB,
        RegulationKind.SE,
    }
)


_NATIONAL = frozenset(
    {
        RegulationKind.UU,
        RegulationKind.PERPPU,
        RegulationKind.PP,
        RegulationKind.PERPRES,
        RegulationKind.KEPPRES,
        RegulationKind.INPRES,
        RegulationKind.PERMEN,
        RegulationKind.SE,
    }
)
_REGIONAL = {
    GovernmentKind.REGENCY: frozenset(
        {RegulationKind.PERDA_KAB, RegulationKind.PERBUP, RegulationKind.QANUN, RegulationKind.SE}
    ),
    GovernmentKind.CITY: frozenset(
        {RegulationKind.PERDA_KAB, RegulationKind.PERWALI, RegulationKind.QANUN, RegulationKind.SE}
    ),
    GovernmentKind.PROVINCE: frozenset(
        {
            RegulationKind.PERDA_PROV,
            RegulationKind.PERGUB,
            RegulationKind.KEPGUB,
            RegulationKind.INGUB,
            RegulationKind.QANUN,
            RegulationKind.PERDASUS,
            RegulationKind.PERDASI,
            RegulationKind.PERDAIS,
            RegulationKind.SE,
        }
    ),
}


def kinds_of(level: GovernmentKind) -> tuple[RegulationKind, ...]:
    """Give the kinds that a level of government makes, in the order of the vocabulary (UU 12/2011 art. 7-8)."""
    allowed = _REGIONAL.get(level, _NATIONAL)
    return tuple(kind for kind in RegulationKind if kind in allowed)


@dataclass(frozen=True)
class Dates:
    """The three dates that are kept apart (R60), and the days on which we learnt of things.

    `recorded_on`: local day on which the register first knew of the regulation. `year`: that of its number.
    """

    enacted_on: date | None = None
    promulgated_on: date | None = None
    effective_on: date | None = None
    recorded_on: date | None = None
    year: int | None = None


@dataclass(frozen=True)
class Acting:
    """A relation as it bears on the regulation acted on, with what is known of the acting one.

    `effective_on`: first day of the effect, None: the acting regulation's own first day. `recorded_on`: local day
    on which the register learnt of the relation.
    """

    kind: RelationKind
    acting_id: int
    acting_kind: RegulationKind
    acting_lifecycle: Lifecycle
    acting_dates: Dates
    effective_on: date | None = None
    recorded_on: date | None = None


@dataclass(frozen=True)
class Standing:
    """The state on a day, since when, and by which regulations (ids of the acting ones, none for its own dates)."""

    state: RegulationState
    since: date | None = None
    by: tuple[int, ...] = ()


def in_force_from(dates: Dates, kind: RegulationKind | None = None) -> date | None:
    """Give the first day of force: as stated, else the promulgation (UU 12/2011 art. 87).

    What is never promulgated (decisions, instructions, circulars) is in force when enacted. Where no such date is
    recorded, the last day of the year of its number is presumed: the number is given when it is promulgated.
    """
    if dates.effective_on is not None or dates.promulgated_on is not None:
        return dates.effective_on or dates.promulgated_on
    if kind in UNPUBLISHED and dates.enacted_on is not None:
        return dates.enacted_on
    return date(dates.year, 12, 31) if dates.year else None


def is_presumed(dates: Dates, kind: RegulationKind | None = None) -> bool:
    """Tell whether the first day of force is only presumed from the year (see `in_force_from`)."""
    return in_force_from(dates, kind) is not None and in_force_from(replace(dates, year=None), kind) is None


def is_in_force(kind: RegulationKind, lifecycle: Lifecycle, dates: Dates, day: date) -> bool:
    """Tell whether a regulation has force on a day, whatever others did to it (UU 12/2011 art. 87)."""
    first = in_force_from(dates, kind)
    known = dates.recorded_on is None or dates.recorded_on <= day
    return known and lifecycle is Lifecycle.ENACTED and first is not None and first <= day


def first_day(relation: Acting) -> date | None:
    """Give the first day on which a relation bears: never before the acting regulation is itself in force."""
    own = in_force_from(relation.acting_dates, relation.acting_kind)
    if own is None:
        return None
    return max(own, relation.effective_on) if relation.effective_on else own


def bears(relation: Acting, day: date) -> bool:
    """Tell whether a relation counts on a day: recorded by then, begun, and its regulation in force (R53, R59)."""
    first = first_day(relation)
    if first is None or first > day or (relation.recorded_on is not None and relation.recorded_on > day):
        return False
    return is_in_force(relation.acting_kind, relation.acting_lifecycle, relation.acting_dates, day)


#: What is done to a regulation, the gravest first, and what it makes of it (domain 2.3).
EFFECTS = (
    (RelationKind.REVOKES, RegulationState.REVOKED),
    (RelationKind.PARTLY_REVOKES, RegulationState.PARTLY_REVOKED),
    (RelationKind.AMENDS, RegulationState.AMENDED),
)


def standing_on(
    kind: RegulationKind, lifecycle: Lifecycle, dates: Dates, relations: Iterable[Acting], day: date
) -> Standing:
    """Give the state on a day with its reason; `relations` are those in which others act on this one.

    The first line that applies decides: draft, withdrawn, not yet effective (or not enacted by then), revoked,
    partly revoked, amended, in force (UU 12/2011 art. 87 and annex II no. 146; domain 2.3).
    """
    if lifecycle is not Lifecycle.ENACTED:
        return Standing(RegulationState.DRAFT if lifecycle is Lifecycle.DRAFT else RegulationState.WITHDRAWN)
    first = in_force_from(dates, kind)
    if first is None or first > day:
        return Standing(RegulationState.NOT_YET_EFFECTIVE, first)
    counting = [relation for relation in relations if bears(relation, day)]
    for relation_kind, state in EFFECTS:
        acting = sorted(
            ((first_day(r) or day, r.acting_id) for r in counting if r.kind is relation_kind),
        )
        if acting:
            since = acting[0][0] if state is RegulationState.REVOKED else acting[-1][0]
            return Standing(state, since, tuple(number for _day, number in acting))
    return Standing(RegulationState.IN_FORCE, first)


def state_on(
    kind: RegulationKind, lifecycle: Lifecycle, dates: Dates, relations: Iterable[Acting], day: date
) -> RegulationState:
    """Give the state on a day (domain 2.3; see `standing_on`)."""
    return standing_on(kind, lifecycle, dates, relations, day).state
