"""The page of hits."""

from typing import Any

from pyramid.request import Request

from collab.core.errors import Invalid
from collab.core.text import _
from collab.search.queries import Hit, find
from collab.search.vocabulary import Permission
from collab.web.i18n import translate
from collab.web.routing import page

LONGEST = 200


def hits(request: Request) -> tuple[str, str, list[Hit]]:
    """Answer the question of an address: (question, kind, hits)."""
    question, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    if len(question) > LONGEST:
        raise Invalid({"q": [_("Search with fewer words.")]})
    kinds = request.registry["collab.search_kinds"]
    if kind and kind not in kinds:
        raise Invalid({"kind": [_("Choose one of the values offered.")]})
    found = find(request.db, question, identity=request.identity, kinds=kinds, only=kind or None)
    return question, kind, found


def subject(request: Request, hit: Hit) -> tuple[str, str | None]:
    """Give the words for a hit's kind, and its address."""
    title, route = request.registry["collab.subjects"].get(hit.kind, (hit.kind, None))
    return translate(request, title), request.route_path(route, id=hit.subject_id) if route else None


@page("search", permission=Permission.SEARCH, renderer="collab.search:templates/search.jinja2")
def search(context: Any, request: Request) -> dict[str, Any]:
    """Show what was found, best first."""
    question, kind, found = hits(request)
    names = request.registry["collab.subjects"]
    return {
        "question": question,
        "kind": kind,
        "found": [(hit, *subject(request, hit)) for hit in found],
        "kinds": [(one, names[one][0]) for one in request.registry["collab.search_kinds"] if one in names],
    }
