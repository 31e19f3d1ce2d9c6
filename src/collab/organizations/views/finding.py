"""What the search boxes of forms ask: `find.json?q=` answers `{"items": [{"id", "text"}]}`."""

from typing import Any

import colander
from pyramid.request import Request

from collab.core.errors import Invalid
from collab.core.text import _
from collab.organizations import fields
from collab.organizations.forms import FindFilters
from collab.organizations.vocabulary import OrganizationClass, Permission
from collab.web.references import as_items
from collab.web.routing import page


def _asked(request: Request) -> dict[str, Any]:
    """Read what the box sent; raise `Invalid` at what is wrong."""
    try:
        return dict(FindFilters().deserialize({name: value for name, value in request.GET.items() if value}))
    except colander.Invalid as error:
        raise Invalid({name: [said] for name, said in error.asdict(translate=None).items()}) from error


@page("organizations.find", permission=Permission.READ, renderer="collab_json")
def organizations(request: Request) -> dict[str, Any]:
    """Find organizations; `government` keeps that one's bodies and, but for `partners=false`, the partners.

    `classes` is a list of classes with commas.
    """
    asked = _asked(request)
    choices = fields.organization_choices(
        request,
        asked["q"] or "",
        government_id=asked["government"],
        with_partners=asked["partners"],
        classes=_classes(asked["classes"]),
    )
    return as_items(choices)


def _classes(text: str | None) -> list[OrganizationClass] | None:
    if not text:
        return None
    try:
        return [OrganizationClass(word) for word in text.split(",")]
    except ValueError as error:
        raise Invalid({"classes": [_("Choose one of the values offered.")]}) from error


@page("governments.find", permission=Permission.READ, renderer="collab_json")
def governments(request: Request) -> dict[str, Any]:
    """Find governments."""
    return as_items(fields.GOVERNMENT.find(request, _asked(request)["q"] or ""))


@page("regions.find", permission=Permission.READ, renderer="collab_json")
def regions(request: Request) -> dict[str, Any]:
    """Find regions by name or code."""
    return as_items(fields.region_choices(request, _asked(request)["q"] or ""))


@page("persons.find", permission=Permission.READ, renderer="collab_json")
def persons(request: Request) -> dict[str, Any]:
    """Find persons."""
    return as_items(fields.person_choices(request, _asked(request)["q"] or ""))


@page("positions.find", permission=Permission.READ, renderer="collab_json")
def positions(request: Request) -> dict[str, Any]:
    """Find posts."""
    return as_items(fields.position_choices(request, _asked(request)["q"] or ""))
