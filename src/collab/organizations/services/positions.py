"""Keep posts and who holds them: rights follow the position held on the day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.audit.services import changes_of, created_values, instant, record
from collab.core.db import touch
from collab.core.errors import Invalid, Refused
from collab.core.identity import Identity
from collab.core.text import Sentence, _
from collab.organizations import queries, rules
from collab.organizations.models import Organization, Person, Position, PositionHolding
from collab.organizations.services.rights import require_admin
from collab.organizations.vocabulary import HoldingKind

EDITABLE = ("title", "is_head")


def create_position(
    session: Session, *, actor: Identity, organization_id: int, title: str, is_head: bool = False
) -> Position:
    """Make a post in an organization; at most one post heads it.

    Raise `Forbidden` unless an administrator of its government (of any, for a partner) asks; `Invalid` at the fields.
    """
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise Invalid({"organization_id": [_("There is no such organization.")]})
    require_admin(actor, organization.government_id)
    _judge(session, organization.id, title, is_head)
    position = Position(
        organization_id=organization.id, title=title, is_head=is_head, changed_at=instant(session)
    )
    position.organization = organization
    session.add(position)
    session.flush()  # the journal needs the id
    changes = created_values({"organization_id": organization.id, "title": title, "is_head": is_head})
    _record(session, actor, "organizations:position:create", position, changes)
    return position


def edit_position(session: Session, position: Position, *, actor: Identity, **values: Any) -> Position:
    """Change a post's `title` and `is_head`; what is absent stays. Raise as `create_position` does."""
    organization = _organization(session, position)
    require_admin(actor, organization.government_id)
    wanted = {name: values.get(name, getattr(position, name)) for name in EDITABLE}
    wanted["is_head"] = bool(wanted["is_head"])
    _judge(session, organization.id, wanted["title"], wanted["is_head"], own=position)
    changes = changes_of(position, wanted)
    if not changes:
        return position
    for name, value in wanted.items():
        setattr(position, name, value)
    position.changed_at = instant(session)
    session.flush()  # refusals of the database belong to this act
    _record(session, actor, "organizations:position:edit", position, changes)
    return position


def _judge(
    session: Session, organization_id: int, title: str | None, is_head: bool, *, own: Position | None = None
) -> None:
    faults: dict[str, list[Sentence]] = {}
    others = [
        row for row in queries.positions_of(session, organization_id) if own is None or row.id != own.id
    ]
    if not title:
        faults["title"] = [_("Please fill this in.")]
    elif any(row.title.casefold() == title.casefold() for row in others):
        faults["title"] = [_("The organization already has a position of this title.")]
    if is_head and any(row.is_head for row in others):
        faults["is_head"] = [_("Another position already heads this organization.")]
    if faults:
        raise Invalid(faults)


def hold_position(
    session: Session,
    *,
    actor: Identity,
    person_id: int,
    position_id: int,
    holding_kind: HoldingKind,
    valid_from: date,
    valid_until: date | None = None,
    decree: str | None = None,
) -> PositionHolding:
    """Let a person hold a post from a day on. A Plt., Plh. or Pj. without decree or end is only warned of
    (`rules.holding_warnings`, R50).

    Raise `Forbidden` unless an administrator of its government asks; `Invalid` at the fields; `Refused` when on some
    day two would hold the post in the same capacity.
    """
    position = session.get(Position, position_id)
    if position is None:
        raise Invalid({"position_id": [_("There is no such position.")]})
    require_admin(actor, _organization(session, position).government_id)
    person = session.get(Person, person_id)
    if person is None:
        raise Invalid({"person_id": [_("There is no such person.")]})
    if valid_until is not None and valid_until < valid_from:
        raise Invalid({"valid_until": [_("The end lies before the beginning.")]})
    _refuse_second(session, position, holding_kind, (valid_from, valid_until))
    values = {
        "person_id": person_id,
        "position_id": position_id,
        "holding_kind": holding_kind,
        "valid_from": valid_from,
        "valid_until": valid_until,
        "decree": decree,
    }
    holding = PositionHolding(**values, changed_at=instant(session))
    holding.person, holding.position = person, position
    session.add(holding)
    touch(position, instant(session))  # the post's version stands for its holders too
    session.flush()  # the form's key remembers the id
    detail = {
        "person": person.name,
        "office": rules.acting_title(holding_kind, position.title),
        "day": valid_from,
    }
    _record(session, actor, "organizations:holding:create", position, created_values(values), detail=detail)
    return holding


def end_holding(
    session: Session,
    holding: PositionHolding,
    *,
    actor: Identity,
    valid_until: date,
    decree: str | None = None,
) -> PositionHolding:
    """Set the last day on which a person holds a post (also to correct it); a decree is kept if given.

    Raise `Forbidden` unless an administrator of its government asks; `Invalid` at the fields; `Refused` as
    `hold_position` does.
    """
    position = queries.get_position(session, holding.position_id, identity=actor)
    require_admin(actor, _organization(session, position).government_id)
    if valid_until < holding.valid_from:
        raise Invalid({"valid_until": [_("The end lies before the beginning.")]})
    _refuse_second(session, position, holding.holding_kind, (holding.valid_from, valid_until), own=holding)
    wanted = {"valid_until": valid_until, "decree": decree or holding.decree}
    changes = changes_of(holding, wanted)
    if not changes:
        return holding
    for name, value in wanted.items():
        setattr(holding, name, value)
    holding.changed_at = instant(session)
    touch(position, instant(session))
    session.flush()  # refusals of the database belong to this act
    person = queries.get_person(session, holding.person_id, identity=actor)
    detail = {"person": person.name, "day": valid_until}
    _record(session, actor, "organizations:holding:end", position, changes, detail=detail)
    return holding


def _refuse_second(
    session: Session,
    position: Position,
    kind: HoldingKind,
    span: tuple[date, date | None],
    *,
    own: PositionHolding | None = None,
) -> None:
    """Hold that a post has one holder at a time, and beside them at most one who acts (UU 30/2014 art. 14)."""
    session.scalar(select(Position.id).where(Position.id == position.id).with_for_update())
    for row in queries.holdings_of_position(session, position.id):
        same = (row.holding_kind is HoldingKind.DEFINITIVE) == (kind is HoldingKind.DEFINITIVE)
        is_other = own is None or row.id != own.id
        if same and is_other and rules.overlap(span, (row.valid_from, row.valid_until)):
            raise Refused(
                _(
                    "${person} already holds this position on some of these days. End that term first.",
                    mapping={"person": row.person_name},
                ),
                law=rules.ACTING_LAW,
            )


def _organization(session: Session, position: Position) -> Organization:
    return session.get_one(Organization, position.organization_id)


def _record(
    session: Session,
    actor: Identity,
    tag: str,
    position: Position,
    changes: Mapping[str, Any],
    *,
    detail: Mapping[str, Any] | None = None,
) -> None:
    organization = _organization(session, position)
    record(
        session,
        actor=actor,
        tag=tag,
        subject_kind="position",
        subject_id=position.id,
        subject_name=f"{position.title}, {organization.name}",
        government_id=organization.government_id,
        changes=changes,
        detail=detail,
    )
