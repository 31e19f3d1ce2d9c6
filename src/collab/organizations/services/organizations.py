"""Make, edit and name organizations."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collab.audit.services import changes_of, created_values, instant, record
from collab.core import clock
from collab.core.db import touch
from collab.core.errors import Invalid
from collab.core.identity import Identity
from collab.core.text import Sentence, _
from collab.organizations import queries, rules
from collab.organizations.models import Government, Organization, OrganizationName, Region
from collab.organizations.services.rights import require_admin, require_alias_right
from collab.organizations.vocabulary import NameKind, OrganizationClass, PartnerKind
from collab.search.services import index

#: What `edit_organization` may change. The name changes by `rename`, since it is dated; the government never.
EDITABLE = ("code", "org_class", "partner_kind", "parent_id", "region_code", "valid_from", "valid_until")

#: Where local days are counted for bodies without a government.
PARTNER_ZONE = "Asia/Jakarta"


def create_organization(
    session: Session,
    *,
    actor: Identity,
    name: str,
    org_class: OrganizationClass,
    short_name: str | None = None,
    government_id: int | None = None,
    parent_id: int | None = None,
    code: str | None = None,
    partner_kind: PartnerKind | None = None,
    region_code: str | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    aliases: Sequence[str] = (),
) -> Organization:
    """Make an organization with its first official name and its aliases; without `code` one is made of the name.

    Raise `Forbidden` unless an administrator of that government (of any, for a partner) asks; `Invalid` at the fields.
    """
    require_admin(actor, government_id)
    if government_id is not None and session.get(Government, government_id) is None:
        raise Invalid({"government_id": [_("There is no such government.")]})
    if not code:
        code = rules.free_code(rules.slug(short_name or name), queries.codes_taken(session, government_id))
    values = {
        "government_id": government_id,
        "org_class": org_class,
        "code": code,
        "name": name,
        "short_name": short_name,
        "partner_kind": partner_kind,
        "parent_id": parent_id,
        "region_code": region_code,
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    faults = _faults(session, values)
    if org_class is OrganizationClass.GOVERNMENT:
        faults["org_class"] = [_("A government's own body is made together with the government.")]
    if faults:
        raise Invalid(faults)
    return new_organization(session, actor=actor, values=values, aliases=aliases)


def new_organization(
    session: Session, *, actor: Identity, values: Mapping[str, Any], aliases: Sequence[str] = ()
) -> Organization:
    """Write an organization whose values are already judged, with its names and its line in the journal."""
    moment = instant(session)
    organization = Organization(**values, changed_at=moment)
    session.add(organization)
    session.flush()  # the names and the journal need the id
    first_day = organization.valid_from
    session.add(
        _name_row(
            organization, NameKind.OFFICIAL, organization.name, organization.short_name, first_day, moment
        )
    )
    kept = [
        alias for alias in rules.clean_aliases(aliases) if alias.casefold() != organization.name.casefold()
    ]
    for alias in kept:
        session.add(_name_row(organization, NameKind.ALIAS, alias, None, None, moment))
    changes = created_values(values) | ({"aliases": [None, kept]} if kept else {})
    record_organization(session, actor, "organizations:organization:create", organization, changes)
    session.flush()  # searches in the same transaction find the names
    return organization


def edit_organization(
    session: Session, organization: Organization, *, actor: Identity, **values: Any
) -> Organization:
    """Change `code, org_class, partner_kind, parent_id, region_code, valid_from, valid_until`; what is absent stays.

    Raise `Forbidden` unless an administrator of its government asks; `Invalid` at the fields.
    """
    require_admin(actor, organization.government_id)
    unknown = values.keys() - set(EDITABLE)
    if unknown:
        raise TypeError(f"cannot edit {sorted(unknown)}")
    wanted = {name: values.get(name, getattr(organization, name)) for name in EDITABLE}
    faults = _faults(session, {**wanted, "government_id": organization.government_id}, own=organization)
    if faults:
        raise Invalid(faults)
    changes = changes_of(organization, wanted)
    if not changes:
        return organization
    for name, value in wanted.items():
        setattr(organization, name, value)
    organization.changed_at = instant(session)
    session.flush()  # refusals of the database belong to this act
    record_organization(session, actor, "organizations:organization:edit", organization, changes)
    return organization


def rename(
    session: Session,
    organization: Organization,
    *,
    actor: Identity,
    name: str,
    valid_from: date,
    short_name: str | None = None,
) -> Organization:
    """Give an organization a new official name from a day on; the old ones stay and are still found.

    The same first day again corrects a name. Raise `Forbidden` unless an administrator of its government asks;
    `Invalid` for a day that has not come, since the name kept beside must be the one in force.
    """
    require_admin(actor, organization.government_id)
    if valid_from > local_today(session, organization):
        raise Invalid({"valid_from": [_("This day has not come yet. Choose today or a day before.")]})
    write_name(session, organization, actor=actor, name=name, short_name=short_name, valid_from=valid_from)
    return organization


def write_name(
    session: Session,
    organization: Organization,
    *,
    actor: Identity,
    name: str,
    short_name: str | None,
    valid_from: date,
) -> None:
    """Write an official name that is already judged, and keep the name in force beside the organization."""
    moment = instant(session)
    session.add(_name_row(organization, NameKind.OFFICIAL, name, short_name, valid_from, moment))
    session.flush()  # the name in force is read back from the rows
    present = rules.name_on(
        queries.names_of(session, organization.id).official, local_today(session, organization)
    )
    before = organization.name
    if present is not None:
        organization.name, organization.short_name = present.name, present.short_name
    touch(organization, moment)
    record_organization(
        session,
        actor,
        "organizations:organization:rename",
        organization,
        {"name": [before, name], "short_name": [None, short_name], "valid_from": [None, valid_from]},
        detail={"before": before, "name": name, "day": valid_from},
    )
    session.flush()  # the version counts up within this act


def add_alias(session: Session, organization: Organization, *, actor: Identity, name: str) -> Organization:
    """Add another printed form by which an organization is found (D5, D9).

    Raise `Forbidden` unless an administrator or coordinator of its government (of any, for a partner) asks; `Invalid`
    when the organization already has this name.
    """
    require_alias_right(actor, organization)
    same = select(OrganizationName.id).where(
        OrganizationName.organization_id == organization.id, func.lower(OrganizationName.name) == name.lower()
    )
    if session.scalar(same.limit(1)) is not None:
        raise Invalid({"name": [_("The organization already has this name.")]})
    moment = instant(session)
    session.add(_name_row(organization, NameKind.ALIAS, name, None, None, moment))
    touch(organization, moment)
    session.flush()  # searches in the same transaction find the name
    record_organization(
        session,
        actor,
        "organizations:alias:add",
        organization,
        {"alias": [None, name]},
        detail={"alias": name},
    )
    return organization


def local_today(session: Session, organization: Organization) -> date:
    """Give today in the zone of the organization's government."""
    if organization.government_id is None:
        return clock.today(PARTNER_ZONE)
    government = session.get(Government, organization.government_id)
    return clock.today(government.timezone if government else PARTNER_ZONE)


def record_organization(
    session: Session,
    actor: Identity,
    tag: str,
    organization: Organization,
    changes: Mapping[str, Any],
    *,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write the journal's line of an act on an organization, and keep the search index with all its names."""
    known = session.scalars(
        select(OrganizationName).where(OrganizationName.organization_id == organization.id)
    )
    names = [
        part for row in known for part in (row.name, row.short_name) if part and part != organization.name
    ]
    index(
        session,
        "organization",
        organization.id,
        title=organization.name,
        body=" · ".join(dict.fromkeys(names)),
    )
    record(
        session,
        actor=actor,
        tag=tag,
        subject_kind="organization",
        subject_id=organization.id,
        subject_name=organization.name,
        government_id=organization.government_id,
        changes=changes,
        detail=detail,
    )


def _name_row(
    organization: Organization,
    kind: NameKind,
    name: str,
    short_name: str | None,
    first_day: date | None,
    moment: Any,
) -> OrganizationName:
    return OrganizationName(
        organization_id=organization.id,
        kind=kind,
        name=name,
        short_name=short_name,
        valid_from=first_day,
        recorded_at=moment,
    )


def _faults(
    session: Session, values: Mapping[str, Any], *, own: Organization | None = None
) -> dict[str, list[Sentence]]:
    """Judge an organization's values together: {field: [sentence]}."""
    faults: dict[str, list[Sentence]] = {}
    is_partner = values["org_class"] is OrganizationClass.PARTNER
    if is_partner and values["government_id"] is not None:
        faults["org_class"] = [_("A partner belongs to no government.")]
    if not is_partner and values["government_id"] is None:
        faults["government_id"] = [_("Choose the government it belongs to; only partners have none.")]
    if own is not None and (own.org_class is OrganizationClass.GOVERNMENT) != (
        values["org_class"] is OrganizationClass.GOVERNMENT
    ):
        faults["org_class"] = [_("A government's own body is made together with the government.")]
    if values["partner_kind"] is not None and not is_partner:
        faults["partner_kind"] = [_("Only a partner has a kind of partner.")]
    if values["region_code"] is not None and session.get(Region, values["region_code"]) is None:
        faults["region_code"] = [_("There is no such region.")]
    first, last = values["valid_from"], values["valid_until"]
    if first and last and last < first:
        faults["valid_until"] = [_("The end lies before the beginning.")]
    return faults | _code_faults(session, values, own) | _parent_faults(session, values, own)


def _code_faults(
    session: Session, values: Mapping[str, Any], own: Organization | None
) -> dict[str, list[Sentence]]:
    code = values["code"]
    if not code or not rules.is_code(code):
        return {"code": [_("Use small letters, digits and hyphens, for example kopukm.")]}
    if (own is None or own.code != code) and code in queries.codes_taken(session, values["government_id"]):
        return {"code": [_("Another organization of this government already has this code.")]}
    return {}


def _parent_faults(
    session: Session, values: Mapping[str, Any], own: Organization | None
) -> dict[str, list[Sentence]]:
    parent_id = values["parent_id"]
    if parent_id is None:
        return {}
    parent = session.get(Organization, parent_id)
    if parent is None:
        return {"parent_id": [_("There is no such organization.")]}
    if parent.government_id != values["government_id"]:
        return {"parent_id": [_("A unit belongs to an organization of the same government.")]}
    if own is not None and parent_id in queries.descendants(session, own.id):
        return {"parent_id": [_("An organization cannot stand below itself.")]}
    return {}
