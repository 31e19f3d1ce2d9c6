"""The lists: one query each for page, count, CSV, XLSX and JSON."""

from typing import Any

from pyramid.request import Request

from collab.commitments.forms import CheckpointFilters, CommitmentFilters, NoFilters
from collab.commitments.queries import lists, waiting
from collab.core.text import _
from collab.web.i18n import translate
from collab.web.listing import Column, Listing


def _commitments(request: Request, filters: dict[str, Any]) -> Any:
    return lists.commitments(request.identity, request.as_of, filters)


def _checkpoints(request: Request, filters: dict[str, Any]) -> Any:
    return lists.checkpoints(request.identity, request.as_of, filters)


def _to_decide(request: Request, filters: dict[str, Any]) -> Any:
    return waiting.to_decide(request.identity)


COMMITMENTS = Listing(
    name="commitments",
    select=_commitments,
    filters=CommitmentFilters,
    orders=lists.COMMITMENT_ORDERS,
    columns=(
        Column("id", _("No.")),
        Column("statement", _("Commitment")),
        Column("organization_id", _("Number of who owes it")),
        Column("organization", _("Owed by")),
        Column("mandate_id", _("Number of what it is owed under")),
        Column("mandate", _("Owed under")),
        Column("signal", _("Signal")),
        Column("next_due_on", _("Next due day")),
        Column("last_verified_on", _("Newest evidence")),
        Column("fresh_until", _("Fresh until")),
        Column("indicator", _("Indicator")),
        Column("direction", _("Better when")),
        Column("baseline", _("Where it stood at the start")),
        Column("target", _("Target")),
        Column("target_max", _("Upper end of the target")),
        Column("unit", _("Unit of measure")),
        Column("report_cycle", _("How often news is expected")),
        Column("start_on", _("Counts from")),
        Column("open_obstacles", _("Open obstacles")),
    ),
)
CHECKPOINTS = Listing(
    name="checkpoints",
    select=_checkpoints,
    filters=CheckpointFilters,
    orders=lists.CHECKPOINT_ORDERS,
    columns=(
        Column("id", _("No.")),
        Column("code", _("Code")),
        Column("statement", _("Commitment")),
        Column("organization", _("Owed by")),
        Column("state", _("State")),
        Column("due_on", _("Due on")),
    ),
)
TO_DECIDE = Listing(
    name="reports",
    select=_to_decide,
    filters=NoFilters,
    orders=waiting.WAITING_ORDERS,
    columns=(Column("id", _("No.")),),
)


def checkpoint_name(request: Request, code: str) -> str:
    """Name a checkpoint: the single one is the due day itself."""
    return translate(request, _("Final checkpoint")) if code == "FINAL" else code
