"""The register of organizations: list, page, and the forms that change it."""

from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from collab.core.text import _
from collab.organizations import forms, queries, services
from collab.organizations.routes import Subject
from collab.organizations.views import listings
from collab.organizations.vocabulary import OrganizationClass, Permission
from collab.web.forms import submit
from collab.web.i18n import translate
from collab.web.listing import export, show
from collab.web.routing import form, page
from collab.web.widgets import SectionedForm

TEMPLATES = "collab.organizations:templates"


@page("organizations", permission=Permission.READ, renderer=f"{TEMPLATES}/organizations.jinja2")
def index(request: Request) -> dict[str, Any]:
    """List organizations of every class."""
    return {
        "listed": show(request, listings.organizations),
        "governments": [(row.id, row.short_name) for row in queries.governments(request.db)],
        "classes": [(word.value, translate(request, word.title)) for word in OrganizationClass],
        "may_create": request.has_permission(Permission.CREATE),
    }


@page("organizations.csv", permission=Permission.READ)
@page("organizations.xlsx", permission=Permission.READ)
def download(request: Request) -> Response:
    """Give the same list as a file."""
    return export(request, listings.organizations)


@page("organization", permission=Permission.READ, renderer=f"{TEMPLATES}/organization.jinja2")
def detail(context: Subject, request: Request) -> dict[str, Any]:
    """Show an organization: names through time, what it belongs to, what it came from, who holds its posts."""
    row = context.row
    government = _government(request, context)
    above = queries.ancestors(request.db, row.id)
    crumb(request, (row.name, None))
    return {
        "organization": row,
        "government": government,
        "region": queries.region_row(request.db, row.region_code) if row.region_code else None,
        "above": above,
        "children": queries.children_of(request.db, row.id),
        "names": queries.names_of(request.db, row.id),
        "successions": queries.successions_of(request.db, row.id),
        "positions": _positions(request, row.id),
        "panels": request.panels("organization", row),
        "permissions": Permission,
        "context": context,
    }


def _government(request: Request, context: Subject) -> Any:
    if context.government_id is None:
        return None
    return queries.get_government(request.db, context.government_id, identity=request.identity)


def _positions(request: Request, organization_id: int) -> list[dict[str, Any]]:
    """Give each post with who holds it today: [{id, title, is_head, holders}]."""
    holders: dict[int, list[Any]] = {}
    for row in queries.holders_on(request.db, organization_id, request.today):
        holders.setdefault(row.position_id, []).append(row)
    return [
        {**post._mapping, "holders": holders.get(post.id, [])}
        for post in queries.positions_of(request.db, organization_id)
    ]


def crumb(request: Request, *steps: tuple[str, str | None]) -> None:
    """Say where the page stands below the register."""
    request.breadcrumbs = [
        (translate(request, _("Organizations")), request.route_path("organizations")),
        *steps,
    ]


def _at(request: Request, row: Any) -> str:
    return request.route_path("organization", id=row.id)


def _below(request: Request, context: Subject, title: Any) -> None:
    crumb(request, (context.row.name, _at(request, context.row)), (translate(request, title), None))


@form("organization.new", permission=Permission.CREATE)
def new(request: Request) -> Any:
    """Enter an organization."""
    heading = _("New organization")
    crumb(request, (translate(request, heading), None))
    return submit(
        request,
        forms.OrganizationBody(widget=SectionedForm(sections=forms.ORGANIZATION_SECTIONS)),
        heading=heading,
        save=lambda values: services.create_organization(request.db, actor=request.identity, **values),
        done=lambda row: _at(request, row),
        said=_("The organization is in the register."),
        initial={"government_id": request.identity.home_government_id},
        button=_("Enter organization"),
        cancel_url=request.route_path("organizations"),
    )


@form("organization.edit", permission=Permission.EDIT)
def edit(context: Subject, request: Request) -> Any:
    """Change an organization besides its names."""
    row = context.row
    heading = _("Edit organization")
    _below(request, context, heading)
    return submit(
        request,
        forms.OrganizationEdit(),
        heading=heading,
        lead=row.name,
        save=lambda values: services.edit_organization(request.db, row, actor=request.identity, **values),
        done=lambda saved: _at(request, saved),
        said=_("The change is saved."),
        initial={name: getattr(row, name) for name in services.ORGANIZATION_EDITABLE},
        version=row.version,
        cancel_url=_at(request, row),
    )


@form("organization.rename", permission=Permission.EDIT)
def rename(context: Subject, request: Request) -> Any:
    """Give an organization a new official name from a day on."""
    row = context.row
    heading = _("New official name")
    _below(request, context, heading)
    return submit(
        request,
        forms.RenameBody(),
        heading=heading,
        lead=_(
            "Now: ${name}. The old name stays in the history and is still found.", mapping={"name": row.name}
        ),
        save=lambda values: services.rename(request.db, row, actor=request.identity, **values),
        done=lambda saved: _at(request, saved),
        said=_("The new name is recorded."),
        initial={"name": row.name, "short_name": row.short_name, "valid_from": request.today},
        version=row.version,
        button=_("Record the name"),
        cancel_url=_at(request, row),
    )


@form("organization.alias", permission=Permission.ADD_ALIAS)
def alias(context: Subject, request: Request) -> Any:
    """Add another printed form of the name."""
    row = context.row
    heading = _("Another name")
    _below(request, context, heading)
    return submit(
        request,
        forms.AliasBody(),
        heading=heading,
        lead=row.name,
        save=lambda values: services.add_alias(request.db, row, actor=request.identity, **values),
        done=lambda saved: _at(request, saved),
        said=_("The organization is now found by this name too."),
        button=_("Add name"),
        cancel_url=_at(request, row),
    )


@form("organization.merge", permission=Permission.EDIT)
def merge(context: Subject, request: Request) -> Any:
    """Let other organizations go over into this one."""
    row = context.row
    heading = _("Merge into this organization")
    _below(request, context, heading)
    return submit(
        request,
        forms.MergeBody(),
        heading=heading,
        lead=row.name,
        save=lambda values: services.merge(request.db, row, actor=request.identity, **values),
        done=lambda saved: _at(request, saved),
        said=_("The merger is recorded."),
        version=row.version,
        button=_("Record the merger"),
        outcome=_("The organizations chosen end on the day before; their history stays."),
        cancel_url=_at(request, row),
    )


@form("organization.split", permission=Permission.EDIT)
def split(context: Subject, request: Request) -> Any:
    """Let this organization divide into others."""
    row = context.row
    heading = _("Split this organization")
    _below(request, context, heading)
    return submit(
        request,
        forms.SplitBody(),
        heading=heading,
        lead=row.name,
        save=lambda values: services.split(request.db, row, actor=request.identity, **values),
        done=lambda saved: _at(request, saved),
        said=_("The split is recorded."),
        initial={"ends": True},
        version=row.version,
        button=_("Record the split"),
        cancel_url=_at(request, row),
    )
