"""The list of agreements, one query for page, files and programs."""

from typing import Any

from pyramid.request import Request

from collab.agreements import queries, rules
from collab.agreements.forms import AgreementFilters
from collab.agreements.vocabulary import AgreementDocumentKind, AgreementState, Stage
from collab.core import clock
from collab.core.db import AnySelect
from collab.core.text import _
from collab.web.filters import distance
from collab.web.listing import Column, Listing


def _select(request: Request, filters: dict[str, Any]) -> AnySelect:
    return queries.listed(request.identity, request.as_of, filters=filters)


def _select_below(request: Request, filters: dict[str, Any]) -> AnySelect:
    return queries.listed(request.identity, request.as_of, filters=filters, below=True)


def _since(row: Any) -> Any:
    return clock.local_day(row.stage_since, row.zone)


_COLUMNS = (
    Column("id", _("Number in collab")),
    Column("title", _("Title")),
    Column("scheme", _("Kind of cooperation")),
    Column("document_kind", _("Kind of document")),
    Column("government", _("Government"), lambda row: row.government_name),
    Column("parties", _("Parties")),
    Column("accountable", _("Accountable")),
    Column("stage", _("Stage")),
    Column("stage_since", _("In this stage since"), _since),
    Column("state", _("State")),
    Column("signed_on", _("Signed on")),
    Column("valid_from", _("First day")),
    Column("valid_until", _("Last day")),
    Column("parent_id", _("Carries out")),
)

agreements = Listing(
    name="agreements", select=_select, filters=AgreementFilters, orders=queries.ORDERS, columns=_COLUMNS
)
below = Listing(
    name="agreements-below",
    select=_select_below,
    filters=AgreementFilters,
    orders=queries.ORDERS,
    columns=_COLUMNS,
)

#: Chip of each state: signal of the house and icon.
STATE_MARKS = {
    AgreementState.IN_PROCESS: ("grey", "pencil"),
    AgreementState.SIGNED_NOT_YET_VALID: ("grey", "pen"),
    AgreementState.IN_FORCE: ("green", "check-lg"),
    AgreementState.EXPIRING: ("yellow", "clock"),
    AgreementState.ENDED: ("none", "slash-circle"),
}


def as_drawn(row: Any, request: Request) -> dict[str, Any]:
    """Give what the list's template draws of a row: words, chip, age of the stage."""
    kind, state = AgreementDocumentKind(row.document_kind), AgreementState(row.state)
    signal, icon = STATE_MARKS[state]
    days = rules.days_in_stage(row.stage_since, request.as_of, row.zone)
    return {
        "row": row,
        "kind": kind.title,
        "stage": rules.stage_title(kind, Stage(row.stage)),
        "days": days,
        "is_old": days > rules.DEFAULTS.stage_alarm_days and state is AgreementState.IN_PROCESS,
        "state": state.title,
        "signal": signal,
        "icon": icon,
        "is_ending": state is AgreementState.EXPIRING,
        "ends_in": distance((row.valid_until - request.as_of).days, request.localizer.locale_name)
        if row.valid_until
        else None,
    }
