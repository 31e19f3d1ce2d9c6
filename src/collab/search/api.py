"""The search as JSON."""

from typing import Any

from pyramid.request import Request

from collab.search.views import hits
from collab.search.vocabulary import Permission
from collab.web.api import operation


@operation(
    "api.search", "GET", permission=Permission.SEARCH, summary="Find subjects by words", answers="search_hit"
)
def search(context: Any, request: Request) -> Any:
    """Answer the visible hits, best first."""
    _question, _kind, found = hits(request)
    items = [
        {"kind": hit.kind, "id": hit.subject_id, "title": hit.title, "excerpt": hit.excerpt} for hit in found
    ]
    return {"items": items, "next": None}
