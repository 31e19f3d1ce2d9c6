"""The list of regulations, its downloads, the search of the form field, and the form of a new one."""

from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from collab.core.errors import Invalid
from collab.core.identity import Role
from collab.core.text import _
from collab.regulations import queries, services
from collab.regulations.forms import RegulationFilters, new_form, words_of
from collab.regulations.rules import Dates, citation, in_force_from
from collab.regulations.vocabulary import Permission, RegulationKind, RegulationState
from collab.web.forms import submit
from collab.web.i18n import translate
from collab.web.listing import Column, Listing, export, show
from collab.web.routing import form, page

listing = Listing(
    name="regulations",
    select=lambda request, filters: queries.listing(
        identity=request.identity,
        day=request.as_of,
        text=filters["q"],
        kind=filters["kind"],
        year=filters["year"],
        government_id=filters["government"],
        state=filters["state"],
    ),
    filters=RegulationFilters,
    orders=queries.ORDERS,
    columns=[
        Column("id", _("Number in the register")),
        Column("government", _("Government")),
        Column("kind", _("Kind"), lambda row: row.kind.title),
        Column("number", _("Number")),
        Column("year", _("Year")),
        Column("title", _("Title")),
        Column("state", _("State")),
        Column("enacted_on", _("Enacted")),
        Column("promulgated_on", _("Promulgated")),
        Column("effective_on", _("In force from")),
    ],
)


@page("regulations", permission=Permission.READ, renderer="collab.regulations:templates/regulations.jinja2")
def index(context: Any, request: Request) -> dict[str, Any]:
    """List the regulations that the reader may know of, as of a day."""
    listed = show(request, listing)
    request.figures_as_of = request.as_of
    governments = queries.governments(request.db)
    return {
        "listed": listed,
        "kinds": [(word, translate(request, title)) for word, title in words_of(RegulationKind)],
        "states": [(word, translate(request, title)) for word, title in words_of(RegulationState)],
        "governments": [(row.id, row.name) for row in governments],
        "cite": lambda row: citation(row.kind, row.number, row.year, row.title, short=True),
        "first_day": lambda row: in_force_from(
            Dates(row.enacted_on, row.promulgated_on, row.effective_on, year=row.year), row.kind
        ),
        "chips": chips(request, listed.filters, {row.id: row.name for row in governments}),
        "state_title": lambda word: RegulationState(word).title,
        "may_create": request.has_permission(Permission.CREATE, context),
    }


def chips(request: Request, filters: dict[str, Any], governments: dict[int, str]) -> list[tuple[str, str]]:
    """Give [(what is filtered, address without it)] of the filters in force."""
    shown = []
    for name, value in filters.items():
        if value is None:
            continue
        plain = governments.get(value, str(value)) if name == "government" else str(value)
        text = (
            translate(request, value.title) if isinstance(value, RegulationKind | RegulationState) else plain
        )
        kept = {key: other for key, other in request.GET.items() if key not in (name, "cursor")}
        shown.append((text, request.route_path("regulations", _query=kept)))
    return shown


@page("regulations.csv", permission=Permission.READ)
def csv(context: Any, request: Request) -> Response:
    """Give the list as CSV."""
    return export(request, listing)


@page("regulations.xlsx", permission=Permission.READ)
def xlsx(context: Any, request: Request) -> Response:
    """Give the list as XLSX."""
    return export(request, listing)


@page("regulations.find", permission=Permission.READ, renderer="collab_json")
def find(context: Any, request: Request) -> dict[str, Any]:
    """Answer the search of the form field."""
    text = request.GET.get("q", "")
    if len(text) > 200 or "\x00" in text:
        raise Invalid({"q": [_("Write at most ${limit} characters.", mapping={"limit": 200})]})
    found = queries.search(request.db, text, identity=request.identity)
    return {"items": [{"id": number, "text": cited} for number, cited in found]}


@form("regulation.new", permission=Permission.CREATE)
def new(context: Any, request: Request) -> Any:
    """Register a regulation with its text."""
    place = request.route_path("regulations")
    request.breadcrumbs = [(_("Regulations"), place), (_("New"), None)]
    identity = request.identity
    own = identity.governments(Role.LEGAL)
    home = (
        identity.home_government_id if identity.home_government_id in own else next(iter(sorted(own)), None)
    )
    return submit(
        request,
        new_form(),
        heading=_("Register a regulation"),
        lead=_("With a number it is enacted; without one it is a draft that only your side reads."),
        initial={"government_id": home},
        save=lambda values: services.create(
            request.db, actor=identity, owners=request.registry["collab.document_owners"], **values
        ),
        done=lambda row: request.route_path("regulation", id=row.id),
        said=_("The regulation is registered."),
        button=_("Register"),
        cancel_url=place,
    )
