"""The search behind the field by which a mandate is chosen."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request

from collab.mandates import queries
from collab.mandates.vocabulary import MandateKind, Permission
from collab.web.routing import page

#: Longest text that is sought.
SOUGHT_MOST = 200


@page("mandate", permission=Permission.READ)
def show(request: Request) -> Any:
    """Go to the page of the mandate's own kind; that page says whether it may be seen."""
    number = int(request.matchdict["id"])
    kinds = request.registry["collab.mandate_kinds"]
    route = kinds.get(queries.kind_of(request.db, number)) or kinds[MandateKind.AGREEMENT]
    return HTTPSeeOther(request.route_path(route, id=number, _query=request.GET.items()))


@page("mandates.find", permission=Permission.CHOOSE, renderer="json")
def find(request: Request) -> dict[str, Any]:
    """Answer the mandates that one may write under and whose title holds the text."""
    text = request.GET.get("q", "").strip()[:SOUGHT_MOST].replace("\x00", "")
    rows = queries.find_writable(request.db, text, identity=request.identity)
    return {"items": [{"id": number, "text": title} for number, title in rows]}
