"""Writes of regulations: register, edit, relate, attach, enact, withdraw."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.audit.services import changes_of, created_values, instant, record
from collab.core.db import touch
from collab.core.errors import Forbidden, Invalid, Refused
from collab.core.identity import Identity, Role
from collab.core.text import Sentence, _
from collab.documents.queries import NOBODY, Owners
from collab.documents.services import Arrived, claim
from collab.documents.vocabulary import DocumentKind
from collab.regulations import queries, rules
from collab.regulations.models import Regulation, RegulationDocument, RegulationRelation
from collab.regulations.queries.register import level
from collab.regulations.rules import Dates
from collab.regulations.vocabulary import Lifecycle, RegulationKind, RelationKind
from collab.search.services import index

#: Values that a person writes into a regulation.
VALUES = ("kind", "number", "year", "title", "enacted_on", "promulgated_on", "effective_on")


def create(
    session: Session,
    *,
    actor: Identity,
    government_id: int,
    kind: RegulationKind,
    title: str,
    lifecycle: Lifecycle | None = None,
    number: str | None = None,
    year: int | None = None,
    enacted_on: date | None = None,
    promulgated_on: date | None = None,
    effective_on: date | None = None,
    documents: Iterable[Arrived | int] = (),
    role: DocumentKind | None = None,
    owners: Owners = NOBODY,
) -> Regulation:
    """Register a regulation; without a `lifecycle` one with a number is enacted, one without is a draft.

    `documents` (arrived files, ids) are attached in `role`, the draft's or the regulation's text by default. Raise
    `Forbidden` for another government, `Invalid` at the fields that contradict R60 or each other.
    """
    if government_id not in actor.governments(Role.LEGAL):
        raise Forbidden(_("You keep regulations of your own government only."))
    fact = lifecycle or (Lifecycle.ENACTED if number else Lifecycle.DRAFT)
    dates = Dates(enacted_on, promulgated_on, effective_on)
    problems = _problems(fact, number, year, dates)
    if fact is Lifecycle.WITHDRAWN:
        problems["lifecycle"] = _("Register it as a draft first, then withdraw it.")
    at_home = level(session, government_id)
    if at_home is not None and kind not in rules.kinds_of(at_home):
        problems["kind"] = _("This government does not make regulations of this kind.")
    _refuse(problems)
    moment = instant(session)
    row = Regulation(
        government_id=government_id,
        kind=kind,
        number=number,
        year=year,
        title=title,
        lifecycle=fact,
        enacted_on=enacted_on,
        promulgated_on=promulgated_on,
        effective_on=effective_on,
        recorded_at=moment,
        changed_at=moment,
    )
    session.add(row)
    session.flush()  # a number that is taken is found here
    values = created_values({name: getattr(row, name) for name in (*VALUES, "lifecycle")})
    _record(session, row, "regulations:regulation:created", actor, values)
    _attach(session, row, documents, role=role or _text_role(row), actor=actor, owners=owners)
    return row


def edit(session: Session, regulation_id: int, *, actor: Identity, **values: Any) -> Regulation:
    """Change what is written of a regulation; `values` are some of `VALUES`. Raise `Invalid` as `create` does."""
    row = _editable(session, regulation_id, actor)
    wanted = {name: values.get(name, getattr(row, name)) for name in VALUES}
    dates = Dates(wanted["enacted_on"], wanted["promulgated_on"], wanted["effective_on"])
    problems = _problems(row.lifecycle, wanted["number"], wanted["year"], dates)
    at_home = level(session, row.government_id)
    if at_home is not None and wanted["kind"] not in rules.kinds_of(at_home):
        problems["kind"] = _("This government does not make regulations of this kind.")
    _refuse(problems)
    return _change(session, row, wanted, "regulations:regulation:edited", actor)


def enact(
    session: Session,
    regulation_id: int,
    *,
    actor: Identity,
    number: str,
    year: int,
    enacted_on: date,
    promulgated_on: date | None = None,
    effective_on: date | None = None,
) -> Regulation:
    """Make a draft a regulation: it gets number, year and dates (R60). Raise `Refused` unless it is a draft."""
    row = _editable(session, regulation_id, actor)
    _must_be_draft(row, _("Only a draft can be enacted."))
    _refuse(_problems(Lifecycle.ENACTED, number, year, Dates(enacted_on, promulgated_on, effective_on)))
    values = {
        "number": number,
        "year": year,
        "enacted_on": enacted_on,
        "promulgated_on": promulgated_on,
        "effective_on": effective_on,
        "lifecycle": Lifecycle.ENACTED,
    }
    return _change(session, row, values, "regulations:regulation:enacted", actor)


def withdraw(session: Session, regulation_id: int, *, actor: Identity) -> Regulation:
    """Give a draft up; it stays readable to those who read drafts. Raise `Refused` unless it is a draft."""
    row = _editable(session, regulation_id, actor)
    _must_be_draft(row, _("Only a draft can be withdrawn. What is enacted is revoked by another regulation."))
    return _change(
        session, row, {"lifecycle": Lifecycle.WITHDRAWN}, "regulations:regulation:withdrawn", actor
    )


def relate(
    session: Session,
    regulation_id: int,
    *,
    actor: Identity,
    kind: RelationKind,
    target_id: int,
    effective_on: date | None = None,
    articles: str | None = None,
) -> RegulationRelation:
    """Record what a regulation does to another from a day on; `articles` are written as they are cited.

    Raise `Invalid` at the field that is wrong, `NotFound` when the target may not be known.
    """
    row = _editable(session, regulation_id, actor)
    if row.lifecycle is Lifecycle.WITHDRAWN:
        raise Refused(_("A withdrawn draft does nothing to other regulations."))
    target = queries.get(session, target_id, identity=actor)
    _refuse(_relation_problems(session, row, target, kind, effective_on))
    moment = instant(session)
    relation = RegulationRelation(
        source_id=row.id,
        target_id=target.id,
        kind=kind,
        effective_on=effective_on,
        articles=rules.article(articles) if articles else None,
        recorded_by=actor.user_id,
        recorded_at=moment,
    )
    session.add(relation)
    touch(row, moment)
    session.flush()  # the same relation twice is found here
    values = {
        "kind": kind,
        "target_id": target.id,
        "effective_on": effective_on,
        "articles": relation.articles,
    }
    _record(
        session,
        row,
        "regulations:relation:added",
        actor,
        created_values(values),
        detail={"target": target.short_citation},
    )
    return relation


def attach(
    session: Session,
    regulation_id: int,
    *,
    actor: Identity,
    documents: Iterable[Arrived | int],
    role: DocumentKind,
    owners: Owners = NOBODY,
) -> Regulation:
    """Attach documents (arrived files, ids) to a regulation in a role. Raise `Invalid` at `documents` without any."""
    row = _editable(session, regulation_id, actor)
    items = list(documents)
    if not items:
        raise Invalid({"documents": [_("Choose at least one file.")]})
    _attach(session, row, items, role=role, actor=actor, owners=owners)
    touch(row, instant(session))
    session.flush()  # the same document twice is found here
    return row


# -- inside ---------------------------------------------------------------------------------------------------


def _editable(session: Session, regulation_id: int, actor: Identity) -> Regulation:
    """Give the row, locked; raise `NotFound` for what the actor may not know of, `Forbidden` for what is not theirs."""
    queries.get(session, regulation_id, identity=actor)
    row = session.scalars(select(Regulation).where(Regulation.id == regulation_id).with_for_update()).one()
    if row.government_id not in actor.governments(Role.LEGAL):
        raise Forbidden(_("You keep regulations of your own government only."))
    return row


def _must_be_draft(row: Regulation, sentence: Sentence) -> None:
    if row.lifecycle is not Lifecycle.DRAFT:
        raise Refused(sentence)


def _problems(fact: Lifecycle, number: str | None, year: int | None, dates: Dates) -> dict[str, Sentence]:
    """Say, by field, what contradicts the facts a regulation of this lifecycle has (R60; UU 12/2011 art. 86-87)."""
    problems = rules.date_problems(dates)
    if fact is Lifecycle.ENACTED:
        if not number:
            problems["number"] = _("An enacted regulation has a number.")
        if not year:
            problems["year"] = _("An enacted regulation has a year.")
        if wrong := rules.year_problem(year, dates.enacted_on):
            problems["year"] = wrong
    else:
        if number:
            problems["number"] = _("A draft has no number yet.")
        if year:
            problems["year"] = _("A draft has no year yet.")
        for name in ("enacted_on", "promulgated_on", "effective_on"):
            if getattr(dates, name):
                problems[name] = _("A draft has none of the three dates yet.")
    if number and (wrong := rules.number_problem(number)):
        problems["number"] = wrong
    return problems


def _relation_problems(
    session: Session,
    row: Regulation,
    target: queries.SeenRegulation,
    kind: RelationKind,
    effective_on: date | None,
) -> dict[str, Sentence]:
    problems: dict[str, Sentence] = {}
    rewrites = kind in (RelationKind.AMENDS, RelationKind.REVOKES, RelationKind.PARTLY_REVOKES)
    if target.id == row.id:
        problems["target_id"] = _("A regulation does nothing to itself.")
    elif rewrites and target.lifecycle is not Lifecycle.ENACTED:
        problems["target_id"] = _("Only what is enacted can be amended or revoked.")
    elif rewrites and row.enacted_on and target.enacted_on and row.enacted_on < target.enacted_on:
        problems["target_id"] = _("It was enacted before the regulation it would act on.")
    elif _mirrored(session, row.id, target.id, kind):
        problems["target_id"] = _("The other regulation already does the same to this one.")
    own = rules.in_force_from(
        Dates(row.enacted_on, row.promulgated_on, row.effective_on, year=row.year), row.kind
    )
    if effective_on and own and effective_on < own:
        problems["effective_on"] = _("The effect cannot begin before the regulation is itself in force.")
    return problems


def _mirrored(session: Session, source_id: int, target_id: int, kind: RelationKind) -> bool:
    statement = select(RegulationRelation.id).where(
        RegulationRelation.source_id == target_id,
        RegulationRelation.target_id == source_id,
        RegulationRelation.kind == kind,
    )
    return session.scalar(statement) is not None


def _refuse(problems: Mapping[str, Sentence]) -> None:
    if problems:
        raise Invalid({name: [sentence] for name, sentence in problems.items()})


def _change(
    session: Session, row: Regulation, values: Mapping[str, Any], tag: str, actor: Identity
) -> Regulation:
    changes = changes_of(row, values)
    if not changes:
        return row
    for name in changes:
        setattr(row, name, values[name])
    touch(row, instant(session))
    session.flush()  # a number that is taken is found here
    _record(session, row, tag, actor, changes)
    return row


def _text_role(row: Regulation) -> DocumentKind:
    return DocumentKind.DRAFT if row.lifecycle is Lifecycle.DRAFT else DocumentKind.TEXT


def _attach(
    session: Session,
    row: Regulation,
    items: Iterable[Arrived | int],
    *,
    role: DocumentKind,
    actor: Identity,
    owners: Owners,
) -> None:
    for document in claim(session, items, actor=actor, kind=role, owners=owners):
        moment = instant(session)
        session.add(
            RegulationDocument(
                regulation_id=row.id,
                document_id=document.id,
                role=role,
                recorded_by=actor.user_id,
                recorded_at=moment,
            )
        )
        session.flush()  # the same document twice is found here
        values = created_values({"document_id": document.id, "role": role})
        detail = {"document": document.title}
        _record(session, row, "regulations:document:attached", actor, values, detail=detail)


def _record(
    session: Session,
    row: Regulation,
    tag: str,
    actor: Identity,
    changes: Mapping[str, Any],
    detail: Mapping[str, Any] | None = None,
) -> None:
    citation = rules.citation(row.kind, row.number, row.year, row.title)[:500]
    index(session, "regulation", row.id, title=citation, body=str(row.kind.title))
    record(
        session,
        actor=actor,
        tag=tag,
        subject_kind="regulation",
        subject_id=row.id,
        subject_name=citation,
        government_id=row.government_id,
        changes=changes,
        detail=detail,
    )
