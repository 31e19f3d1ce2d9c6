"""Persons, posts and terms of office."""

from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from collab.core.text import _
from collab.organizations import forms, queries, rules, services
from collab.organizations.routes import Subject
from collab.organizations.views import listings
from collab.organizations.views.organizations import crumb as organization_crumb
from collab.organizations.vocabulary import Permission
from collab.web.forms import submit
from collab.web.i18n import translate
from collab.web.listing import export, show
from collab.web.routing import form, page

TEMPLATES = "collab.organizations:templates"


@page("persons", permission=Permission.READ, renderer=f"{TEMPLATES}/persons.jinja2")
def index(request: Request) -> dict[str, Any]:
    """List persons with what they are today."""
    _crumb(request)
    may_create = request.has_permission(Permission.MANAGE_PEOPLE)
    return {"listed": show(request, listings.persons), "may_create": may_create}


@page("persons.csv", permission=Permission.READ)
@page("persons.xlsx", permission=Permission.READ)
def download(request: Request) -> Response:
    """Give the same list as a file."""
    return export(request, listings.persons)


@page("person", permission=Permission.READ, renderer=f"{TEMPLATES}/person.jinja2")
def person(context: Subject, request: Request) -> dict[str, Any]:
    """Show a person: printed forms of the name, and every post held."""
    _crumb(request, (context.row.name, None))
    return {
        "person": context.row,
        "holdings": queries.holdings_of_person(request.db, context.id),
        "may_edit": request.has_permission(Permission.MANAGE_PEOPLE),
        "office": rules.acting_title,
    }


def _crumb(request: Request, *steps: tuple[str, str | None]) -> None:
    top = translate(request, _("Persons"))
    first = (translate(request, _("Organizations")), request.route_path("organizations"))
    request.breadcrumbs = [first, (top, request.route_path("persons") if steps else None), *steps]


def _at(request: Request, row: Any) -> str:
    return request.route_path("person", id=row.id)


@form("person.new", permission=Permission.MANAGE_PEOPLE)
def new_person(request: Request) -> Any:
    """Enter a person."""
    heading = _("New person")
    _crumb(request, (translate(request, heading), None))
    return submit(
        request,
        forms.PersonBody(),
        heading=heading,
        lead=_("Only the name is kept: it is public on the decree of appointment."),
        save=lambda values: services.create_person(request.db, actor=request.identity, **values),
        done=lambda row: _at(request, row),
        said=_("The person is in the register."),
        button=_("Enter person"),
        cancel_url=request.route_path("persons"),
    )


@form("person.edit", permission=Permission.MANAGE_PEOPLE)
def edit_person(context: Subject, request: Request) -> Any:
    """Change a person's name."""
    row = context.row
    heading = _("Edit person")
    _crumb(request, (row.name, _at(request, row)), (translate(request, heading), None))
    return submit(
        request,
        forms.PersonBody(),
        heading=heading,
        save=lambda values: services.edit_person(request.db, row, actor=request.identity, **values),
        done=lambda saved: _at(request, saved),
        said=_("The change is saved."),
        initial={"name": row.name, "aliases": row.aliases},
        version=row.version,
        cancel_url=_at(request, row),
    )


@page("position", permission=Permission.READ, renderer=f"{TEMPLATES}/position.jinja2")
def position(context: Subject, request: Request) -> dict[str, Any]:
    """Show a post and everyone who held it."""
    row = context.row
    _post_crumb(request, row, (row.title, None))
    return {
        "position": row,
        "organization": row.organization,
        "holdings": queries.holdings_of_position(request.db, row.id),
        "may_edit": request.has_permission(Permission.MANAGE_POSITIONS, context),
        "warnings": rules.holding_warnings,
        "today": request.today,
    }


def _post_crumb(request: Request, row: Any, *steps: tuple[str, str | None]) -> None:
    organization = row.organization
    organization_crumb(
        request, (organization.name, request.route_path("organization", id=organization.id)), *steps
    )


@form("position.new", permission=Permission.MANAGE_POSITIONS)
def new_position(context: Subject, request: Request) -> Any:
    """Make a post in the organization of the address."""
    row = context.row
    home = request.route_path("organization", id=row.id)
    heading = _("New position")
    organization_crumb(request, (row.name, home), (translate(request, heading), None))
    return submit(
        request,
        forms.PositionBody(),
        heading=heading,
        lead=row.name,
        save=lambda values: services.create_position(
            request.db, actor=request.identity, organization_id=row.id, **values
        ),
        done=lambda saved: request.route_path("position", id=saved.id),
        said=_("The position is recorded. Now say who holds it."),
        button=_("Record the position"),
        cancel_url=home,
    )


@form("position.edit", permission=Permission.MANAGE_POSITIONS)
def edit_position(context: Subject, request: Request) -> Any:
    """Change a post."""
    row = context.row
    home = request.route_path("position", id=row.id)
    heading = _("Edit position")
    _post_crumb(request, row, (row.title, home), (translate(request, heading), None))
    return submit(
        request,
        forms.PositionBody(),
        heading=heading,
        lead=row.organization.name,
        save=lambda values: services.edit_position(request.db, row, actor=request.identity, **values),
        done=lambda saved: home,
        said=_("The change is saved."),
        initial={"title": row.title, "is_head": row.is_head},
        version=row.version,
        cancel_url=home,
    )


@form("holding.new", permission=Permission.MANAGE_POSITIONS)
def new_holding(context: Subject, request: Request) -> Any:
    """Say who holds the post of the address."""
    row = context.row
    home = request.route_path("position", id=row.id)
    heading = _("Who holds this position")
    _post_crumb(request, row, (row.title, home), (translate(request, heading), None))

    def save(values: dict[str, Any]) -> Any:
        holding = services.hold_position(request.db, actor=request.identity, position_id=row.id, **values)
        for warning in rules.holding_warnings(holding.holding_kind, holding.valid_until, holding.decree):
            request.session.flash(("warning", translate(request, warning)))
        return holding

    return submit(
        request,
        forms.HoldingBody(),
        heading=heading,
        lead=f"{row.title}, {row.organization.name}",
        save=save,
        done=lambda saved: home,
        said=_("The term of office is recorded; rights follow it from its first day."),
        button=_("Record the term"),
        cancel_url=home,
    )


@form("holding.end", permission=Permission.MANAGE_POSITIONS)
def end_holding(context: Subject, request: Request) -> Any:
    """Set the last day of a term of office."""
    row = context.row
    home = request.route_path("position", id=row.position_id)
    heading = _("End of the term of office")
    _post_crumb(request, row.position, (row.position.title, home), (translate(request, heading), None))
    return submit(
        request,
        forms.EndHoldingBody(),
        heading=heading,
        lead=f"{row.person.name}, {rules.acting_title(row.holding_kind, row.position.title)}",
        save=lambda values: services.end_holding(request.db, row, actor=request.identity, **values),
        done=lambda saved: home,
        said=_("The last day is recorded; rights from this position end with it."),
        initial={"valid_until": row.valid_until or request.today, "decree": row.decree},
        version=row.version,
        button=_("Record the end"),
        cancel_url=home,
    )
