"""Governments and regions for programs."""

from typing import Any

from pyramid.request import Request

from collab.organizations import forms, queries, services
from collab.organizations.models import Government, Region
from collab.organizations.routes import Subject
from collab.organizations.views import listings
from collab.organizations.vocabulary import Permission
from collab.web.api import check_match, collection, created, detail, operation, partial, sent_only

NAMES = ("id", "code", "kind", "name", "short_name", "timezone", "parent_id", "region_code", "version")
REGION_NAMES = ("code", "level", "name", "parent_code", "valid_until")


def body(row: Government) -> dict[str, Any]:
    """Write one government."""
    return {name: getattr(row, name) for name in NAMES}


@operation(
    "api.governments",
    "GET",
    permission=Permission.READ,
    summary="List governments",
    listing=listings.governments,
    answers="governments",
)
def index(context: Any, request: Request) -> dict[str, Any]:
    """List governments."""
    return collection(request, listings.governments, lambda row: {name: row._mapping[name] for name in NAMES})


@operation(
    "api.governments",
    "POST",
    permission=Permission.MANAGE_GOVERNMENTS,
    summary="Make a government and its root organization",
    body=forms.GovernmentBody,
    answers="government",
    status=201,
)
def create(context: Any, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Make a government."""
    row = services.create_government(request.db, actor=request.identity, **values)
    created(request, request.route_path("api.government", id=row.id))
    return body(row)


@operation(
    "api.government", "GET", permission=Permission.READ, summary="Read one government", answers="government"
)
def show(context: Subject, request: Request) -> dict[str, Any]:
    """Answer one government."""
    return detail(request, body(context.row), version=context.version)


@operation(
    "api.government",
    "PATCH",
    permission=Permission.MANAGE_GOVERNMENTS,
    summary="Change a government; code, level and local time stay",
    body=partial(forms.GovernmentEdit),
    answers="government",
)
def edit(context: Subject, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Change a government."""
    check_match(request, context.version, needed=True)
    services.edit_government(request.db, context.row, actor=request.identity, **sent_only(request, values))
    return detail(request, body(context.row), version=context.version)


@operation(
    "api.regions",
    "GET",
    permission=Permission.READ,
    summary="List regions by code",
    listing=listings.regions,
    answers="regions",
)
def regions(context: Any, request: Request) -> dict[str, Any]:
    """List regions; homonyms differ by code and by what they lie in."""
    return collection(
        request,
        listings.regions,
        lambda row: {
            **{name: row._mapping[name] for name in REGION_NAMES},
            "label": queries.region_label(row),
        },
    )


@operation("api.region", "GET", permission=Permission.READ, summary="Read one region", answers="region")
def region(context: Region, request: Request) -> dict[str, Any]:
    """Answer one region."""
    row = queries.region_row(request.db, context.code)
    found = {name: row._mapping[name] for name in REGION_NAMES}
    return detail(request, {**found, "label": queries.region_label(row)}, version=1)
