"""The register: one regulation, the list, the search of the form field."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from collab.core.db import AnyRow, AnySelect
from collab.core.errors import NotFound
from collab.core.identity import Identity, Role
from collab.core.page import Key
from collab.core.text import _
from collab.organizations.models import Government
from collab.organizations.vocabulary import GovernmentKind
from collab.regulations import rules
from collab.regulations.models import Regulation
from collab.regulations.queries.state import recorded_by, state_expression
from collab.regulations.rules import Dates
from collab.regulations.vocabulary import Lifecycle, RegulationKind, RegulationState

#: Who reads what is not enacted, in its own government.
DRAFT_READERS = (Role.LEGAL, Role.COORDINATOR)


@dataclass(frozen=True)
class SeenRegulation:
    """A regulation that its reader may know of."""

    id: int
    government_id: int
    government: str
    zone: str
    kind: RegulationKind
    number: str | None
    year: int | None
    title: str
    lifecycle: Lifecycle
    enacted_on: date | None
    promulgated_on: date | None
    effective_on: date | None
    recorded_at: datetime
    version: int

    @property
    def citation(self) -> str:
        """Cite it with its title."""
        return rules.citation(self.kind, self.number, self.year, self.title)

    @property
    def short_citation(self) -> str:
        """Cite it by its number where it has one."""
        return rules.citation(self.kind, self.number, self.year, self.title, short=True)

    @property
    def dates(self) -> Dates:
        """Give its dates."""
        return Dates(self.enacted_on, self.promulgated_on, self.effective_on, year=self.year)


def visible(identity: Identity, regulation: Any = Regulation) -> ColumnElement[bool]:
    """Say which regulations a reader may know of.

    Enacted ones of every government; drafts and withdrawn drafts only as legal staff or coordinator of that
    government.
    """
    return or_(
        regulation.lifecycle == Lifecycle.ENACTED,
        regulation.government_id.in_(identity.governments(*DRAFT_READERS)),
    )


def absent() -> NotFound:
    """Give the refusal for what is not there or not for this reader: both sound the same."""
    return NotFound(_("There is no such regulation, or it is not visible to you."))


def hold(session: Session, regulation_id: int) -> None:
    """Let writers of a regulation come one by one: whoever asks later reads what the earlier one wrote."""
    session.execute(select(Regulation.id).where(Regulation.id == regulation_id).with_for_update())


def get(session: Session, regulation_id: int, *, identity: Identity) -> SeenRegulation:
    """Give a regulation; raise `NotFound` when it is absent or this reader may not know of it."""
    row = session.execute(
        select(
            Regulation.id,
            Regulation.government_id,
            Government.name.label("government"),
            Government.timezone.label("zone"),
            Regulation.kind,
            Regulation.number,
            Regulation.year,
            Regulation.title,
            Regulation.lifecycle,
            Regulation.enacted_on,
            Regulation.promulgated_on,
            Regulation.effective_on,
            Regulation.recorded_at,
            Regulation.version,
        )
        .join(Government, Government.id == Regulation.government_id)
        .where(Regulation.id == regulation_id, visible(identity))
    ).one_or_none()
    if row is None:
        raise absent()
    return SeenRegulation(**row._mapping)


# -- the list -------------------------------------------------------------------------------------------------

#: Drafts have no year and stand before the newest.
_YEAR = func.coalesce(Regulation.year, 9999)
ORDERS = {
    "newest": (Key("sort_year", _YEAR, descending=True), Key("id", Regulation.id, descending=True)),
    "oldest": (Key("sort_year", _YEAR), Key("id", Regulation.id)),
    "title": (Key("title", Regulation.title), Key("id", Regulation.id)),
}


def listing(
    *,
    identity: Identity,
    day: date,
    text: str | None = None,
    kind: RegulationKind | None = None,
    year: int | None = None,
    government_id: int | None = None,
    state: RegulationState | None = None,
) -> AnySelect:
    """Select the visible regulations known on a day, each with its state on that day.

    Columns: id, government_id, government, kind, number, year, title, lifecycle, the three dates, state, version,
    sort_year.
    """
    state_on_day = state_expression(day)
    statement = (
        select(
            Regulation.id,
            Regulation.government_id,
            Government.short_name.label("government"),
            Regulation.kind,
            Regulation.number,
            Regulation.year,
            Regulation.title,
            Regulation.lifecycle,
            Regulation.enacted_on,
            Regulation.promulgated_on,
            Regulation.effective_on,
            state_on_day.label("state"),
            Regulation.version,
            _YEAR.label("sort_year"),
        )
        .join(Government, Government.id == Regulation.government_id)
        .where(visible(identity), recorded_by(day, Regulation, Government))
    )
    conditions = []
    if text:
        conditions.append(matching(text))
    if kind:
        conditions.append(Regulation.kind == kind)
    if year:
        conditions.append(Regulation.year == year)
    if government_id:
        conditions.append(Regulation.government_id == government_id)
    if state:
        conditions.append(state_on_day == state.value)
    return statement.where(*conditions)


def matching(text: str) -> ColumnElement[bool]:
    """Say that a regulation is what somebody typed: a citation, a number, or every word in the title."""
    cited = rules.read_citation(text)
    words = and_(*(Regulation.title.icontains(word, autoescape=True) for word in text.split()[:10]))
    found = or_(words, Regulation.number == text)
    if cited is None:
        return found
    kinds, number, year = cited
    exact = and_(Regulation.kind.in_(kinds), Regulation.number == number, Regulation.year == year)
    return or_(exact, found)


# -- the field ------------------------------------------------------------------------------------------------


def search(
    session: Session, text: str, *, identity: Identity, limit: int = 20, enacted_only: bool = False
) -> list[tuple[int, str]]:
    """Give [(id, citation)] of visible regulations that match a text, one's own government's first, then newest."""
    statement = _for_field(identity, limit)
    if text.strip():
        statement = statement.where(matching(" ".join(text.split())[:200]))
    if enacted_only:
        statement = statement.where(Regulation.lifecycle == Lifecycle.ENACTED)
    return [(row.id, cite(row)) for row in session.execute(statement)]


def choices(session: Session, *, identity: Identity, limit: int = 50) -> list[tuple[int, str]]:
    """Give the choices known beforehand, for browsers without JavaScript."""
    return search(session, "", identity=identity, limit=limit)


def label(session: Session, regulation_id: int, *, identity: Identity) -> str | None:
    """Cite a visible regulation; None for another."""
    statement = _for_field(identity, 1).where(Regulation.id == regulation_id)
    row = session.execute(statement).one_or_none()
    return cite(row) if row is not None else None


def _for_field(identity: Identity, limit: int) -> AnySelect:
    own = (Regulation.government_id == identity.home_government_id).desc()
    return (
        select(
            Regulation.id,
            Regulation.government_id,
            Regulation.kind,
            Regulation.number,
            Regulation.year,
            Regulation.title,
            Government.short_name.label("government"),
        )
        .join(Government, Government.id == Regulation.government_id)
        .where(visible(identity))
        .order_by(own, _YEAR.desc(), Regulation.id.desc())
        .limit(limit)
    )


def cite(row: Any) -> str:
    """Cite a row of this feature with its government, which alone tells two Pergub 48/2018 apart."""
    return f"{rules.citation(row.kind, row.number, row.year, row.title)} ({row.government})"


def governments(session: Session, ids: Iterable[int] | None = None) -> list[AnyRow]:
    """Give (id, name, kind) of governments by name: all, or those of some ids."""
    statement = select(Government.id, Government.name, Government.kind).order_by(
        Government.name, Government.id
    )
    if ids is not None:
        statement = statement.where(Government.id.in_(list(ids)))
    return list(session.execute(statement).all())


def level(session: Session, government_id: int) -> GovernmentKind | None:
    """Give the level of a government."""
    return session.scalar(select(Government.kind).where(Government.id == government_id))


def visible_ids(session: Session, identity: Identity, ids: Collection[int]) -> Sequence[int]:
    """Give those of some regulations that this reader may know of (for the search)."""
    return session.scalars(select(Regulation.id).where(Regulation.id.in_(ids), visible(identity))).all()
