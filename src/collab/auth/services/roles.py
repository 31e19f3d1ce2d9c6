"""Give and end dated roles, of accounts and of positions."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from collab.audit.services import created_values, instant, record
from collab.auth import queries
from collab.auth.models import RoleAssignment, User
from collab.auth.queries import Scope
from collab.auth.rules import scope_problem
from collab.core import clock
from collab.core.errors import Forbidden, Invalid, NotFound, Refused
from collab.core.identity import SYSTEM, Identity, Role
from collab.core.text import _
from collab.organizations.models import Government, Organization, Position
from collab.organizations.vocabulary import OrganizationClass


def assign_role(
    session: Session,
    *,
    role: Role,
    scope: str,
    actor: Identity,
    user_id: int | None = None,
    position_id: int | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    acting_organization_id: int | None = None,
) -> RoleAssignment:
    """Give a role to an account or to whoever holds a position, for a scope such as ``19`` or ``19/pertanian``.

    From today of the scope's zone on if no first day is given. Raise `Invalid` at the wrong field, `Forbidden`
    for a government that the actor does not administer, `Refused` if the role is held already.
    """
    found = queries.scope_by_code(session, scope)
    if found is None:
        raise Invalid({"scope": [_("There is no such government or organization.")]})
    problem = scope_problem(
        role,
        is_government=found.organization_id is None,
        is_partner=found.org_class is OrganizationClass.PARTNER,
    )
    if problem:
        raise Invalid({"scope": [problem]})
    if not queries.is_administered(found.government_id, identity=actor):
        raise Forbidden(_("You give roles only in the governments that you administer."))
    name = _holder(session, user_id, position_id, actor)
    today = clock.today(found.zone)
    first = valid_from or today
    if valid_until is not None and valid_until < first:
        raise Invalid({"valid_until": [_("The end lies before the beginning.")]})
    if first < today and actor != SYSTEM and not clock.travelled():
        raise Invalid({"valid_from": [_("A role begins today or later: nobody gains rights in the past.")]})
    _check_acting(session, acting_organization_id, found)
    _refuse_twice(session, role, found, user_id, position_id, first, valid_until)
    values = {
        "user_id": user_id,
        "position_id": position_id,
        "role": role,
        "government_id": found.government_id if found.organization_id is None else None,
        "organization_id": found.organization_id,
        "acting_organization_id": acting_organization_id,
        "valid_from": first,
        "valid_until": valid_until,
    }
    assignment = RoleAssignment(**values, changed_at=instant(session))
    session.add(assignment)
    session.flush()  # its id is part of the journal
    _record(session, assignment, "given", name, found.government_id, actor, created_values(values))
    return assignment


def end_role(session: Session, assignment: RoleAssignment, *, on: date, actor: Identity) -> RoleAssignment:
    """Let a role end with a last day: yesterday at the earliest, so that it is gone at once.

    Raise `Invalid` at `on` for a day before the first one or further back; `Refused` if it ends before that anyway.
    """
    government_id, zone, name = _place(session, assignment)
    if not queries.is_administered(government_id, identity=actor):
        raise Forbidden(_("You end roles only in the governments that you administer."))
    if on < clock.today(zone) - timedelta(days=1):
        raise Invalid({"on": [_("The last day is yesterday or later: what was allowed stays recorded.")]})
    if on < assignment.valid_from:
        raise Invalid({"on": [_("The role begins later. Choose its first day or a day after it.")]})
    if assignment.valid_until is not None and assignment.valid_until <= on:
        raise Refused(_("This role already ends on or before that day."))
    changes = {"valid_until": [assignment.valid_until, on]}
    assignment.valid_until, assignment.changed_at = on, instant(session)
    session.flush()  # the version speaks before the journal does
    _record(session, assignment, "ended", name, government_id, actor, changes)
    return assignment


def assignment_row(session: Session, assignment_id: int) -> RoleAssignment:
    """Give the row of an assignment, to be changed."""
    found = session.get(RoleAssignment, assignment_id)
    if found is None:
        raise NotFound(_("There is no such role."))
    return found


def _holder(session: Session, user_id: int | None, position_id: int | None, actor: Identity) -> str:
    """Name who gets the role; exactly one of an account and a position."""
    if (user_id is None) == (position_id is None):
        raise Invalid({"": [_("Choose either an account or a position.")]})
    if user_id is not None:
        user = queries.user(session, user_id)
        if actor != SYSTEM:
            queries.account(session, user_id, identity=actor)  # one may give roles to whom one may see
        return user.display_name
    position = session.get(Position, position_id)
    if position is None:
        raise Invalid({"position_id": [_("There is no such position.")]})
    unit = session.get_one(Organization, position.organization_id)
    if not queries.is_administered(unit.government_id, identity=actor):
        raise Forbidden(_("You give roles only to positions of the governments that you administer."))
    return position.title


def _check_acting(session: Session, organization_id: int | None, scope: Scope) -> None:
    """Raise `Invalid` unless the unit acted for is of the scope's government; for a partner it is the partner itself.

    Who decides for which unit is what keeps reporter and verifier apart (R45).
    """
    if organization_id is None:
        return
    unit = session.get(Organization, organization_id)
    if unit is None:
        raise Invalid({"acting_organization_id": [_("There is no such organization.")]})
    strange = unit.government_id != scope.government_id
    if strange or (unit.government_id is None and unit.id != scope.organization_id):
        raise Invalid(
            {"acting_organization_id": [_("A unit belongs to an organization of the same government.")]}
        )


def _refuse_twice(
    session: Session,
    role: Role,
    scope: Scope,
    user_id: int | None,
    position_id: int | None,
    first: date,
    last: date | None,
) -> None:
    same = select(RoleAssignment.id).where(
        RoleAssignment.role == role,
        RoleAssignment.user_id == user_id
        if user_id is not None
        else RoleAssignment.position_id == position_id,
        RoleAssignment.organization_id == scope.organization_id
        if scope.organization_id is not None
        else RoleAssignment.government_id == scope.government_id,
        or_(RoleAssignment.valid_until.is_(None), RoleAssignment.valid_until >= first),
    )
    if last is not None:
        same = same.where(RoleAssignment.valid_from <= last)
    if session.scalar(same.limit(1)) is not None:
        raise Refused(_("This role is already held for this scope on some of these days."))


def _place(session: Session, assignment: RoleAssignment) -> tuple[int | None, str, str]:
    """Give (government, zone, holder's name) of an assignment."""
    government_id = assignment.government_id
    if assignment.organization_id is not None:
        government_id = session.get_one(Organization, assignment.organization_id).government_id
    zone = (
        session.get_one(Government, government_id).timezone if government_id is not None else "Asia/Jakarta"
    )
    if assignment.user_id is not None:
        return government_id, zone, session.get_one(User, assignment.user_id).display_name
    return government_id, zone, session.get_one(Position, assignment.position_id).title


def _record(
    session: Session,
    assignment: RoleAssignment,
    act: str,
    name: str,
    government_id: int | None,
    actor: Identity,
    changes: Mapping[str, Any],
) -> None:
    record(
        session,
        actor=actor,
        tag=f"auth:role:{act}",
        subject_kind="user" if assignment.user_id is not None else "position",
        subject_id=assignment.user_id or assignment.position_id,
        subject_name=name,
        government_id=government_id,
        changes=changes,
        detail={"assignment_id": assignment.id, "role": str(assignment.role)},
    )
