"""Make and edit governments."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.audit.services import changes_of, created_values, instant, record
from collab.core import clock
from collab.core.errors import Invalid
from collab.core.identity import Identity
from collab.core.text import Sentence, _
from collab.organizations import queries, rules
from collab.organizations.models import Government, Region
from collab.organizations.services.organizations import new_organization, write_name
from collab.organizations.services.rights import require_national_admin
from collab.organizations.vocabulary import PARENT_KINDS, ROOT_CODE, ZONES, GovernmentKind, OrganizationClass

#: What `edit_government` may change. Code, kind and zone stay: past local days must not move.
EDITABLE = ("name", "short_name", "parent_id", "region_code")


def create_government(
    session: Session,
    *,
    actor: Identity,
    code: str,
    kind: GovernmentKind,
    name: str,
    short_name: str,
    timezone: str,
    parent_id: int | None = None,
    region_code: str | None = None,
) -> Government:
    """Make a government and its root organization, the legal party (PP 28/2018 art. 2).

    Raise `Forbidden` unless an administrator of the national government (or the house) asks; `Invalid` at the fields.
    """
    require_national_admin(session, actor)
    values = {
        "code": code,
        "kind": kind,
        "name": name,
        "short_name": short_name,
        "timezone": timezone,
        "parent_id": parent_id,
        "region_code": region_code,
    }
    _refuse(_new_faults(session, code, timezone) | _faults(session, kind, parent_id, region_code))
    government = Government(**values, changed_at=instant(session))
    session.add(government)
    session.flush()  # the root organization and the journal need the id
    _record(session, actor, "organizations:government:create", government, created_values(values))
    new_organization(
        session,
        actor=actor,
        values={
            "government_id": government.id,
            "org_class": OrganizationClass.GOVERNMENT,
            "code": ROOT_CODE,
            "name": name,
            "short_name": short_name,
            "region_code": region_code,
        },
    )
    return government


def edit_government(
    session: Session, government: Government, *, actor: Identity, **values: Any
) -> Government:
    """Change a government's `name, short_name, parent_id, region_code`; its root organization takes the name too.

    Raise `Forbidden` unless an administrator of the national government asks; `Invalid` at the fields.
    """
    require_national_admin(session, actor)
    wanted = {name: values.get(name, getattr(government, name)) for name in EDITABLE}
    _refuse(
        {name: [_("Please fill this in.")] for name in ("name", "short_name") if not wanted[name]}
        | _faults(session, government.kind, wanted["parent_id"], wanted["region_code"], own_id=government.id)
    )
    changes = changes_of(government, wanted)
    if not changes:
        return government
    for name, value in wanted.items():
        setattr(government, name, value)
    government.changed_at = instant(session)
    session.flush()  # refusals of the database belong to this act
    _record(session, actor, "organizations:government:edit", government, changes)
    if {"name", "short_name"} & changes.keys():
        write_name(
            session,
            queries.root_of(session, government.id),
            actor=actor,
            name=government.name,
            short_name=government.short_name,
            valid_from=clock.today(government.timezone),
        )
    return government


def _new_faults(session: Session, code: str, timezone: str) -> dict[str, list[Sentence]]:
    faults: dict[str, list[Sentence]] = {}
    if not rules.is_government_code(code):
        faults["code"] = [_("Write a region's code such as 19 or 62.11; the nation is id.")]
    elif session.scalar(select(Government.id).where(Government.code == code)) is not None:
        faults["code"] = [_("Another government already has this code.")]
    if timezone not in ZONES:
        faults["timezone"] = [_("Choose one of the values offered.")]
    return faults


def _faults(
    session: Session,
    kind: GovernmentKind,
    parent_id: int | None,
    region_code: str | None,
    *,
    own_id: int | None = None,
) -> dict[str, list[Sentence]]:
    faults: dict[str, list[Sentence]] = {}
    parent = session.get(Government, parent_id) if parent_id is not None else None
    if parent_id is not None and (
        parent is None or parent.kind is not PARENT_KINDS[kind] or parent.id == own_id
    ):
        faults["parent_id"] = [_("A province belongs to the nation, a regency or city to a province.")]
    if region_code is not None and session.get(Region, region_code) is None:
        faults["region_code"] = [_("There is no such region.")]
    return faults


def _refuse(faults: dict[str, list[Sentence]]) -> None:
    if faults:
        raise Invalid(faults)


def _record(session: Session, actor: Identity, tag: str, government: Government, changes: Any) -> None:
    record(
        session,
        actor=actor,
        tag=tag,
        subject_kind="government",
        subject_id=government.id,
        subject_name=government.name,
        government_id=government.id,
        changes=changes,
    )
