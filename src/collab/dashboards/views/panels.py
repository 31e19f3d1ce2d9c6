"""Figures inside other features' pages."""

from typing import Any

from pyramid.request import Request

from collab.core.errors import NotFound
from collab.dashboards import queries
from collab.organizations.vocabulary import AGENCY_CLASSES, OrganizationClass


def of_organization(subject: Any, request: Request) -> dict[str, Any] | None:
    """Lead from an organization's page to its dashboard, where the reader may see it."""
    if subject.org_class not in AGENCY_CLASSES | {OrganizationClass.PARTNER, OrganizationClass.UNIT}:
        return None
    try:
        seen = queries.get_agency(request.db, subject.id, identity=request.identity)
    except NotFound:
        return None
    return {"agency": seen}
