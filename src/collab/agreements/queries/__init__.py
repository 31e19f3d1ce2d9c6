"""Reads of agreements: visible rows only (decisions 5)."""

from collab.agreements.queries.details import (
    SeenAgreement,
    absent,
    events,
    facts,
    find,
    get,
    governments_of,
    parties,
    stage_entries,
    titles,
    was_moved,
)
from collab.agreements.queries.listed import (
    ORDERS,
    by_stage,
    children,
    listed,
    newest,
    stages_on,
    state_case,
)
from collab.agreements.queries.scope import (
    concerns,
    edits_document,
    readable,
    reads_document,
    signed_below,
    visible,
)

__all__ = [
    "ORDERS",
    "SeenAgreement",
    "absent",
    "by_stage",
    "children",
    "concerns",
    "edits_document",
    "events",
    "facts",
    "find",
    "get",
    "governments_of",
    "listed",
    "newest",
    "parties",
    "readable",
    "reads_document",
    "signed_below",
    "stage_entries",
    "stages_on",
    "state_case",
    "titles",
    "visible",
    "was_moved",
]
