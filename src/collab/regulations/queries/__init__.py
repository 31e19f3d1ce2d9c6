"""Reads of regulations: only what this reader may know of."""

from collab.regulations.queries.chain import acting_of, closure, dependants, relations, standing, standings
from collab.regulations.queries.documents import documents, edits_document, owners_of, sees_document
from collab.regulations.queries.register import (
    ORDERS,
    SeenRegulation,
    choices,
    get,
    governments,
    hold,
    label,
    listing,
    search,
    visible,
)

__all__ = [
    "ORDERS",
    "SeenRegulation",
    "acting_of",
    "choices",
    "closure",
    "dependants",
    "documents",
    "edits_document",
    "get",
    "governments",
    "hold",
    "label",
    "listing",
    "owners_of",
    "relations",
    "search",
    "sees_document",
    "standing",
    "standings",
    "visible",
]
