"""Addresses of figures."""

from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from collab.dashboards import queries


class Nowhere:
    """The context of a visitor: sign-in comes first."""


def agency(request: Request) -> Any:
    """Give the agency of the address; raise `NotFound` outside the asker's scope."""
    if request.identity is None:
        return Nowhere()
    return queries.get_agency(request.db, int(request.matchdict["id"]), identity=request.identity)


def includeme(config: Configurator) -> None:
    """Add the addresses."""
    config.add_route("home", "/")
    for ending in ("", ".csv", ".xlsx"):
        config.add_route(f"agencies{ending}", f"/agencies{ending}")
    config.add_route("agency", r"/agencies/{id:\d{1,9}}", factory=agency)
    config.add_route("api.dashboards.overview", "/api/v1/dashboards/overview")
    config.add_route("api.dashboards.agency", r"/api/v1/dashboards/agencies/{id:\d{1,9}}", factory=agency)
