"""Governments: list, page with the tree of units, and forms for the national administrator."""

from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from collab.core.text import _
from collab.organizations import forms, queries, services
from collab.organizations.routes import Subject
from collab.organizations.views import listings
from collab.organizations.vocabulary import ZONES, GovernmentKind, Permission
from collab.web.forms import submit
from collab.web.i18n import translate
from collab.web.listing import export, show
from collab.web.routing import form, page

TEMPLATES = "collab.organizations:templates"


@page("governments", permission=Permission.READ, renderer=f"{TEMPLATES}/governments.jinja2")
def index(request: Request) -> dict[str, Any]:
    """List governments."""
    crumb(request)
    return {
        "listed": show(request, listings.governments),
        "kinds": [(word.value, translate(request, word.title)) for word in GovernmentKind],
        "zones": ZONES,
        "may_create": may_manage(request),
    }


@page("governments.csv", permission=Permission.READ)
@page("governments.xlsx", permission=Permission.READ)
def download(request: Request) -> Response:
    """Give the same list as a file."""
    return export(request, listings.governments)


@page("government", permission=Permission.READ, renderer=f"{TEMPLATES}/government.jinja2")
def detail(context: Subject, request: Request) -> dict[str, Any]:
    """Show a government and the tree of its units."""
    row = context.row
    crumb(request, (row.short_name, None))
    return {
        "government": row,
        "parent": queries.get_government(request.db, row.parent_id, identity=request.identity)
        if row.parent_id
        else None,
        "tree": queries.tree(request.db, row.id),
        "zone": ZONES.get(row.timezone, row.timezone),
        "may_edit": may_manage(request),
    }


def may_manage(request: Request) -> bool:
    """Tell whether to offer the forms: the asker is an administrator, and of the national government."""
    if not request.has_permission(Permission.MANAGE_GOVERNMENTS):
        return False
    return services.may_manage_governments(request.db, request.identity)


def crumb(request: Request, *steps: tuple[str, str | None]) -> None:
    """Say where the page stands."""
    top = translate(request, _("Governments"))
    first = (translate(request, _("Organizations")), request.route_path("organizations"))
    request.breadcrumbs = [first, (top, request.route_path("governments") if steps else None), *steps]


def _at(request: Request, row: Any) -> str:
    return request.route_path("government", id=row.id)


@form("government.new", permission=Permission.MANAGE_GOVERNMENTS)
def new(request: Request) -> Any:
    """Make a government."""
    heading = _("New government")
    crumb(request, (translate(request, heading), None))
    return submit(
        request,
        forms.GovernmentBody(),
        heading=heading,
        save=lambda values: services.create_government(request.db, actor=request.identity, **values),
        done=lambda row: _at(request, row),
        said=_("The government is in the register."),
        button=_("Enter government"),
        cancel_url=request.route_path("governments"),
    )


@form("government.edit", permission=Permission.MANAGE_GOVERNMENTS)
def edit(context: Subject, request: Request) -> Any:
    """Change a government."""
    row = context.row
    heading = _("Edit government")
    crumb(request, (row.short_name, _at(request, row)), (translate(request, heading), None))
    return submit(
        request,
        forms.GovernmentEdit(),
        heading=heading,
        save=lambda values: services.edit_government(request.db, row, actor=request.identity, **values),
        done=lambda saved: _at(request, saved),
        said=_("The change is saved."),
        initial={name: getattr(row, name) for name in services.GOVERNMENT_EDITABLE},
        version=row.version,
        cancel_url=_at(request, row),
    )
