"""Commitments inside other features' pages."""

from typing import Any

from pyramid.request import Request

from collab.commitments.queries import lists
from collab.commitments.vocabulary import Permission

MOST = 100


def of_mandate(subject: Any, request: Request) -> dict[str, Any] | None:
    """Fill the panel of a mandate's page: what is owed under it, worst first."""
    rows = lists.under_mandate(
        request.db, subject.id, identity=request.identity, day=request.as_of, limit=MOST
    )
    may_add = request.has_permission(Permission.COMMITMENT_WRITE, subject)
    if not rows and not may_add:
        return None
    return {"rows": rows, "mandate_id": subject.id, "may_add": may_add, "day": request.as_of, "most": MOST}
