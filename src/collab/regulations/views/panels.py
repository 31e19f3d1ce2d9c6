"""What regulations add to the pages of lower features."""

from typing import Any

from pyramid.request import Request

from collab.regulations import queries
from collab.regulations.rules import citation


def document_owners(document: Any, request: Request) -> dict[str, Any] | None:
    """Show on a document's page the regulations it belongs to; nothing when there is none to show."""
    rows = queries.owners_of(request.db, document.id, identity=request.identity)
    if not rows:
        return None
    owners = [
        (citation(row.kind, row.number, row.year, row.title), row.government, row.role.title, row.id)
        for row in rows
    ]
    return {"owners": owners}
