"""Addresses of regulations; the factories answer 404 for what one may not know of."""

from dataclasses import dataclass
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from collab.regulations import queries
from collab.web.transactions import SAFE_METHODS


@dataclass(frozen=True)
class Nothing:
    """The context of somebody who has not signed in: the policies deny, the answer is the sign-in."""


def regulation(request: Request) -> Any:
    """Give the regulation of the address, or `NotFound`."""
    if request.identity is None:
        return Nothing()
    if request.method not in SAFE_METHODS:
        # The version compared with the asker's must be the one that is written: two writers come one by one.
        queries.hold(request.db, int(request.matchdict["id"]))
    return queries.get(request.db, int(request.matchdict["id"]), identity=request.identity)


def includeme(config: Configurator) -> None:
    """Add the addresses."""
    for name, path in (
        ("regulations", "/regulations"),
        ("regulations.csv", "/regulations.csv"),
        ("regulations.xlsx", "/regulations.xlsx"),
        ("regulation.new", "/regulations/new"),
        ("regulations.find", "/regulations/find.json"),
        ("api.regulations", "/api/v1/regulations"),
    ):
        config.add_route(name, path)
    one = r"/regulations/{id:\d{1,9}}"
    config.add_route("regulation", one, factory=regulation)
    for verb in ("edit", "relate", "attach", "enact", "withdraw"):
        config.add_route(f"regulation.{verb}", f"{one}/{verb}", factory=regulation)
    config.add_route("api.regulation", f"/api/v1{one}", factory=regulation)
    for part in ("relations", "impact", "documents", "enact", "withdraw"):
        config.add_route(f"api.regulation.{part}", f"/api/v1{one}/{part}", factory=regulation)
