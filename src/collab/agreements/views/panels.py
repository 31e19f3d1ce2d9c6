"""Agreements inside other features' pages: of an organization, resting on a regulation, owning a document."""

from collections.abc import Sequence
from typing import Any

from pyramid.request import Request

from collab.agreements import queries
from collab.agreements.views.listings import as_drawn
from collab.agreements.vocabulary import Permission
from collab.core.identity import Identity

#: Most rows in a panel; the list has the rest.
MOST = 20


def of_organization(subject: Any, request: Request) -> dict[str, Any] | None:
    """Fill the panel of an organization's page: agreements in which it is party or leads."""
    return _panel(request, "organization", subject.id)


def on_regulation(subject: Any, request: Request) -> dict[str, Any] | None:
    """Fill the panel of a regulation's page: agreements that rest on it."""
    return _panel(request, "regulation", subject.id)


def _panel(request: Request, name: str, value: int) -> dict[str, Any] | None:
    if not request.has_permission(Permission.READ):
        return None
    rows = queries.newest(request.db, request.identity, request.today, filters={name: value}, limit=MOST + 1)
    if not rows:
        return None
    more = request.route_path("agreements", _query={name: value}) if len(rows) > MOST else None
    return {"rows": [as_drawn(row, request) for row in rows[:MOST]], "more_url": more, "name": name}


def owning_document(subject: Any, request: Request) -> dict[str, Any] | None:
    """Fill the panel of a document's page: the agreements it belongs to."""
    rows = queries.owners_of(request.db, subject.id, identity=request.identity)
    return {"rows": rows} if rows else None


# -- what rests on a regulation ---------------------------------------------------------------------------------


def count_resting(session: Any, identity: Identity, regulation_ids: Sequence[int]) -> int:
    """Count the visible agreements that rest on any of the regulations."""
    return queries.count_resting(session, identity, regulation_ids)


def first_resting(session: Any, identity: Identity, regulation_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Give the first of them as ``[{"id", "title", "regulation_id"}]``, newest first."""
    rows = queries.first_resting(session, identity, regulation_ids)
    return [{"id": row.id, "title": row.title, "regulation_id": row.regulation_id} for row in rows]
