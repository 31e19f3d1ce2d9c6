"""Reorganisations (SOTK): bodies merge and split; what went before is kept and traced."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.audit.services import instant
from collab.core.db import touch
from collab.core.errors import Invalid, Refused
from collab.core.identity import Identity
from collab.core.text import _
from collab.organizations.models import Organization, Succession
from collab.organizations.services.organizations import record_organization
from collab.organizations.services.rights import require_admin
from collab.organizations.vocabulary import OrganizationClass, SuccessionKind

#: Agencies are made, joined and divided by regional regulation.
LAW = "PP 18/2016 Pasal 3"


def merge(
    session: Session,
    successor: Organization,
    *,
    actor: Identity,
    predecessor_ids: Sequence[int],
    effective_on: date,
) -> Organization:
    """Let organizations go over into `successor` on a day; each ends on the day before.

    Raise `Forbidden` unless an administrator of their government asks; `Invalid` at the fields; `Refused` for a body
    that had already ended.
    """
    require_admin(actor, successor.government_id)
    predecessors = _others(session, successor, predecessor_ids, "predecessor_ids")
    for predecessor in predecessors:
        _succeed(session, predecessor, successor, SuccessionKind.MERGE, effective_on)
        _end(session, predecessor, effective_on)
    names = ", ".join(row.name for row in predecessors)
    for row in (successor, *predecessors):
        record_organization(
            session,
            actor,
            "organizations:organization:merge",
            row,
            {
                "predecessor_ids": [None, [row.id for row in predecessors]],
                "effective_on": [None, effective_on],
            },
            detail={"predecessors": names, "successor": successor.name, "day": effective_on},
        )
    touch(successor, instant(session))
    session.flush()  # constraints on pairs and validity speak within this act
    return successor


def split(
    session: Session,
    predecessor: Organization,
    *,
    actor: Identity,
    successor_ids: Sequence[int],
    effective_on: date,
    ends: bool = True,
) -> Organization:
    """Let an organization divide into others on a day; it ends on the day before, unless a part goes on under its name.

    Raise `Forbidden`, `Invalid` and `Refused` as `merge` does.
    """
    require_admin(actor, predecessor.government_id)
    successors = _others(session, predecessor, successor_ids, "successor_ids")
    for successor in successors:
        _succeed(session, predecessor, successor, SuccessionKind.SPLIT, effective_on)
        touch(successor, instant(session))
    if ends:
        _end(session, predecessor, effective_on)
    touch(predecessor, instant(session))
    names = ", ".join(row.name for row in successors)
    for row in (predecessor, *successors):
        record_organization(
            session,
            actor,
            "organizations:organization:split",
            row,
            {"successor_ids": [None, [row.id for row in successors]], "effective_on": [None, effective_on]},
            detail={"predecessor": predecessor.name, "successors": names, "day": effective_on},
        )
    session.flush()  # constraints on pairs and validity speak within this act
    return predecessor


def _others(session: Session, own: Organization, ids: Sequence[int], field: str) -> list[Organization]:
    """Read the other organizations of a reorganisation; raise `Invalid` at their field."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise Invalid({field: [_("Choose at least one organization.")]})
    if own.id in wanted:
        raise Invalid({field: [_("An organization cannot follow itself.")]})
    statement = select(Organization).where(Organization.id.in_(wanted)).with_for_update()
    found = {row.id: row for row in session.scalars(statement)}
    if len(found) != len(wanted):
        raise Invalid({field: [_("There is no such organization.")]})
    rows = [found[key] for key in wanted]
    if any(row.government_id != own.government_id for row in rows):
        raise Invalid({field: [_("Only organizations of the same government merge or split.")]})
    if any(row.org_class is OrganizationClass.GOVERNMENT for row in (own, *rows)):
        raise Invalid({field: [_("A government itself neither merges nor splits here.")]})
    return rows


def _succeed(
    session: Session, predecessor: Organization, successor: Organization, kind: SuccessionKind, day: date
) -> None:
    pair = select(Succession.id).where(
        Succession.predecessor_id == predecessor.id, Succession.successor_id == successor.id
    )
    if session.scalar(pair) is not None:
        raise Refused(
            _(
                "${successor} already follows ${predecessor}.",
                mapping={"successor": successor.name, "predecessor": predecessor.name},
            ),
            law=LAW,
        )
    if successor.valid_until is not None and successor.valid_until < day:
        raise Refused(_("${name} has already ended.", mapping={"name": successor.name}), law=LAW)
    session.add(
        Succession(
            predecessor_id=predecessor.id,
            successor_id=successor.id,
            kind=kind,
            effective_on=day,
            recorded_at=instant(session),
        )
    )


def _end(session: Session, organization: Organization, effective_on: date) -> None:
    """End an organization on the day before; raise `Refused` if it had ended, `Invalid` if it had not begun."""
    last_day = effective_on - timedelta(days=1)
    if organization.valid_until is not None and organization.valid_until < last_day:
        raise Refused(_("${name} has already ended.", mapping={"name": organization.name}), law=LAW)
    if organization.valid_from is not None and organization.valid_from > last_day:
        raise Invalid({"effective_on": [_("The organization had not yet begun on this day.")]})
    organization.valid_until = last_day
    organization.changed_at = instant(session)
