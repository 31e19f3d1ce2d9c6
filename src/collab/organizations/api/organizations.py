"""Organizations for programs: the same services and queries as the pages."""

from typing import Any

from pyramid.request import Request

from collab.organizations import forms, queries, services
from collab.organizations.routes import Subject
from collab.organizations.views import listings
from collab.organizations.vocabulary import Permission
from collab.web.api import check_match, collection, created, detail, operation, partial, sent_only


def item(row: Any) -> dict[str, Any]:
    """Write one row of the list."""
    names = ("id", "code", "name", "short_name", "org_class", "partner_kind", "government_id", "parent_id")
    more = ("region_code", "valid_from", "valid_until", "version")
    return {name: row._mapping[name] for name in (*names, *more)} | {"aliases": listings.alias_list(row)}


def body(request: Request, organization_id: int) -> dict[str, Any]:
    """Write one organization with its names through time and what it came from and became."""
    row = queries.get(request.db, organization_id, identity=request.identity)
    names = queries.names_of(request.db, row.id)
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "short_name": row.short_name,
        "org_class": row.org_class,
        "partner_kind": row.partner_kind,
        "government_id": row.government_id,
        "parent_id": row.parent_id,
        "region_code": row.region_code,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "aliases": [name.name for name in names.aliases],
        "names": [
            {"name": name.name, "short_name": name.short_name, "valid_from": name.valid_from}
            for name in names.official
        ],
        "successions": [dict(found._mapping) for found in queries.successions_of(request.db, row.id)],
        "version": row.version,
    }


@operation(
    "api.organizations",
    "GET",
    permission=Permission.READ,
    summary="List organizations of every class",
    listing=listings.organizations,
    answers="organizations",
)
def index(context: Any, request: Request) -> dict[str, Any]:
    """List organizations."""
    return collection(request, listings.organizations, item)


@operation(
    "api.organizations",
    "POST",
    permission=Permission.CREATE,
    summary="Enter an organization",
    body=forms.OrganizationBody,
    answers="organization",
    status=201,
)
def create(context: Any, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Enter an organization."""
    row = services.create_organization(request.db, actor=request.identity, **values)
    created(request, request.route_path("api.organization", id=row.id))
    return body(request, row.id)


@operation(
    "api.organization",
    "GET",
    permission=Permission.READ,
    summary="Read one organization",
    answers="organization",
)
def show(context: Subject, request: Request) -> dict[str, Any]:
    """Answer one organization."""
    return detail(request, body(request, context.id), version=context.version)


@operation(
    "api.organization",
    "PATCH",
    permission=Permission.EDIT,
    summary="Change an organization besides its names",
    body=partial(forms.OrganizationEdit),
    answers="organization",
)
def edit(context: Subject, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Change an organization."""
    check_match(request, context.version, needed=True)
    services.edit_organization(request.db, context.row, actor=request.identity, **sent_only(request, values))
    return _changed(context, request)


def _changed(context: Subject, request: Request) -> dict[str, Any]:
    return detail(request, body(request, context.id), version=context.version)


@operation(
    "api.organization.rename",
    "POST",
    permission=Permission.EDIT,
    summary="Give an organization a new official name from a day on",
    body=forms.RenameBody,
    answers="organization",
)
def rename(context: Subject, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Record a dated official name."""
    check_match(request, context.version)
    services.rename(request.db, context.row, actor=request.identity, **values)
    return _changed(context, request)


@operation(
    "api.organization.aliases",
    "POST",
    permission=Permission.ADD_ALIAS,
    summary="Add another printed form of the name",
    body=forms.AliasBody,
    answers="organization",
)
def add_alias(context: Subject, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Add an alias."""
    check_match(request, context.version)
    services.add_alias(request.db, context.row, actor=request.identity, **values)
    return _changed(context, request)


@operation(
    "api.organization.merge",
    "POST",
    permission=Permission.EDIT,
    summary="Let other organizations go over into this one on a day",
    body=forms.MergeBody,
    answers="organization",
)
def merge(context: Subject, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Record a merger."""
    check_match(request, context.version)
    services.merge(request.db, context.row, actor=request.identity, **values)
    return _changed(context, request)


@operation(
    "api.organization.split",
    "POST",
    permission=Permission.EDIT,
    summary="Let this organization divide into others on a day",
    body=forms.SplitApiBody,
    answers="organization",
)
def split(context: Subject, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Record a split; unless `ends` is false the organization ends on the day before."""
    check_match(request, context.version)
    services.split(request.db, context.row, actor=request.identity, **values)
    return _changed(context, request)
