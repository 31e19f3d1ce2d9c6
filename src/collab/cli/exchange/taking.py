"""Take a file's rows in through the services: all of them or none, every wrong one named by its line and field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import colander
from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.cli.exchange.files import Row
from collab.cli.exchange.kinds import KINDS, whole_house
from collab.cli.house import in_words, plain
from collab.core import clock
from collab.core.errors import CollabError
from collab.core.identity import SYSTEM, Identity
from collab.organizations import services as organizations
from collab.organizations.models import Government, Organization
from collab.organizations.rules import CODE_LIMIT
from collab.organizations.vocabulary import GovernmentKind, OrganizationClass, PartnerKind
from collab.regulations import services as regulations
from collab.regulations.models import Regulation
from collab.regulations.vocabulary import Lifecycle, RegulationKind, RelationKind
from collab.web.schema import Day, Integer, Line, MappingSchema, Word
from collab.web.schema import field as column

#: More wrong rows than this are only counted.
MOST_FAULTS = 50


@dataclass
class Outcome:
    """What a file would change or changed: how many rows are new, how many were there already, which are wrong."""

    made: int = 0
    known: int = 0
    faults: list[str] = field(default_factory=list)


class GovernmentRow(MappingSchema):
    """A government in a file."""

    code = column(Line(13))
    kind = column(Word(GovernmentKind))
    name = column(Line(200))
    short_name = column(Line(60))
    timezone = column(Line(40))
    parent_code = column(Line(13), required=False)
    region_code = column(Line(13), required=False)


class OrganizationRow(MappingSchema):
    """An organization in a file; without a government it is a partner."""

    government_code = column(Line(13), required=False)
    code = column(Line(CODE_LIMIT))
    name = column(Line(300))
    short_name = column(Line(120), required=False)
    org_class = column(Word(OrganizationClass))
    partner_kind = column(Word(PartnerKind), required=False)
    parent_code = column(Line(CODE_LIMIT), required=False)
    region_code = column(Line(13), required=False)
    valid_from = column(Day(), required=False)
    valid_until = column(Day(), required=False)
    aliases = column(Line(8000), required=False)


class RegulationRow(MappingSchema):
    """A regulation in a file; what it does to others stands in one cell, separated by semicolons."""

    government_code = column(Line(13))
    kind = column(Word(RegulationKind))
    number = column(Line(60), required=False)
    year = column(Integer(1945, 2100), required=False)
    title = column(Line(500))
    lifecycle = column(Word(Lifecycle))
    enacted_on = column(Day(), required=False)
    promulgated_on = column(Day(), required=False)
    effective_on = column(Day(), required=False)
    relations = column(Line(4000), required=False)


#: Takes one row in; gives whether it was new, or None to be asked again when the others are in.
Taker = Callable[[Session, Identity, Mapping[str, Any]], bool | None]


def take(
    session: Session, kind: str, rows: Sequence[tuple[int, Row]], *, actor: Identity | None = None
) -> Outcome:
    """Take rows in; the caller commits when there are no faults, and undoes everything otherwise."""
    schema, taker = TAKERS[kind]
    outcome = Outcome()
    waiting = [
        (line, values) for line, row in rows if (values := _checked(schema, line, row, outcome)) is not None
    ]
    present = {
        _key(kind, row): row
        for row in KINDS[kind].rows(session, whole_house(session), clock.today("Asia/Jakarta"))
    }
    who = actor or (whole_house(session) if kind == "regulations" else SYSTEM)
    while waiting:
        later = [
            (line, values)
            for line, values in waiting
            if not _taken(session, kind, taker, who, line, values, present, outcome)
        ]
        if len(later) == len(waiting):
            _fault(outcome, *[f"line {line}: what it refers to is not there" for line, _values in later])
            break
        waiting = later
    return outcome


def _checked(schema: type[MappingSchema], line: int, row: Row, outcome: Outcome) -> dict[str, Any] | None:
    flat = {
        name: "; ".join(map(str, value)) if isinstance(value, list) else value for name, value in row.items()
    }
    try:
        return dict(schema().deserialize({name: value for name, value in flat.items() if value != ""}))
    except colander.Invalid as error:
        for path in error.paths():
            for problem in path[1:]:
                if problem.msg is not None:
                    _fault(outcome, f"line {line}, {problem.node.name}: {plain(problem.msg)}")
        return None


def _taken(
    session: Session,
    kind: str,
    taker: Taker,
    actor: Identity,
    line: int,
    values: dict[str, Any],
    present: Mapping[Any, Row],
    outcome: Outcome,
) -> bool:
    """Take one row in or find that it is there; False: ask again later."""
    there = present.get(_key(kind, values))
    if there is not None:
        differing = [name for name, value in values.items() if _text(value) != _text(there[name])]
        if differing:
            _fault(outcome, f"line {line}: it is there already, with another {', '.join(differing)}")
        else:
            outcome.known += 1
        return True
    try:
        with session.begin_nested():  # a refused row leaves the others alone
            done = taker(session, actor, values)
    except CollabError as error:
        _fault(outcome, f"line {line}, {in_words(error)}")
        return True
    outcome.made += done is not None
    return done is not None


def _fault(outcome: Outcome, *said: str) -> None:
    outcome.faults.extend(said)


def _text(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _key(kind: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Tell by what a row is known again."""
    names = {"governments": ("code",), "organizations": ("government_code", "code")}.get(kind)
    if names is None:
        names = (
            ("government_code", "kind", "number", "year")
            if row["number"]
            else ("government_code", "kind", "title")
        )
    return tuple(_text(row[name]) for name in names)


def _government_id(session: Session, code: str | None) -> int | None:
    return session.scalar(select(Government.id).where(Government.code == code)) if code else None


def _take_government(session: Session, actor: Identity, values: Mapping[str, Any]) -> bool | None:
    organizations.load_regions(session, actor=SYSTEM)
    parent_id = _government_id(session, values["parent_code"])
    if values["parent_code"] and parent_id is None:
        return None
    kept = {name: values[name] for name in ("code", "kind", "name", "short_name", "timezone", "region_code")}
    organizations.create_government(session, actor=actor, parent_id=parent_id, **kept)
    return True


def _take_organization(session: Session, actor: Identity, values: Mapping[str, Any]) -> bool | None:
    government_id = _government_id(session, values["government_code"])
    if values["government_code"] and government_id is None:
        return None
    parent_id = None
    if values["parent_code"]:
        same_place = (
            Organization.government_id == government_id
            if government_id
            else Organization.government_id.is_(None)
        )
        parent_id = session.scalar(
            select(Organization.id).where(Organization.code == values["parent_code"], same_place)
        )
        if parent_id is None:
            return None
    kept = {
        name: values[name]
        for name in ("code", "name", "short_name", "org_class", "partner_kind", "region_code")
    }
    organizations.create_organization(
        session,
        actor=actor,
        government_id=government_id,
        parent_id=parent_id,
        valid_from=values["valid_from"],
        valid_until=values["valid_until"],
        aliases=_split(values["aliases"]),
        **kept,
    )
    return True


def _take_regulation(session: Session, actor: Identity, values: Mapping[str, Any]) -> bool | None:
    government_id = _government_id(session, values["government_code"])
    if government_id is None:
        return None
    targets = [_target(session, text) for text in _split(values["relations"])]
    if any(target is None for target in targets):
        return None
    kept = {
        name: values[name]
        for name in ("kind", "title", "number", "year", "enacted_on", "promulgated_on", "effective_on")
    }
    fact = values["lifecycle"]
    first = Lifecycle.DRAFT if fact is Lifecycle.WITHDRAWN else fact
    made = regulations.create(session, actor=actor, government_id=government_id, lifecycle=first, **kept)
    for kind, target_id, effective_on in filter(None, targets):
        regulations.relate(
            session, made.id, actor=actor, kind=kind, target_id=target_id, effective_on=effective_on
        )
    if fact is Lifecycle.WITHDRAWN:
        regulations.withdraw(session, made.id, actor=actor)
    return True


def _target(session: Session, text: str) -> tuple[RelationKind, int, Any] | None:
    """Read ``implements 19 perda_prov 13/2017 [2018-01-01]``; None when the regulation is not there (yet)."""
    words = text.split()
    try:
        kind, government, target_kind, cited = (
            RelationKind(words[0]),
            words[1],
            RegulationKind(words[2]),
            words[3],
        )
        number, _slash, year = cited.rpartition("/")
        day = colander.SchemaNode(Day()).deserialize(words[4]) if len(words) > 4 else None
        wanted = (int(year), number)
    except (IndexError, ValueError, colander.Invalid):
        return None
    target_id = session.scalar(
        select(Regulation.id)
        .join(Government, Government.id == Regulation.government_id)
        .where(Government.code == government, Regulation.kind == target_kind)
        .where(Regulation.year == wanted[0], Regulation.number == wanted[1])
    )
    return None if target_id is None else (kind, target_id, day)


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(";") if part.strip()]


TAKERS: dict[str, tuple[type[MappingSchema], Taker]] = {
    "governments": (GovernmentRow, _take_government),
    "organizations": (OrganizationRow, _take_organization),
    "regulations": (RegulationRow, _take_regulation),
}
