"""Addresses of agreements; the factories answer 404 for what one may not know of."""

from dataclasses import dataclass
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from collab.agreements import queries
from collab.web.transactions import SAFE_METHODS

ONE = r"/agreements/{id:\d{1,9}}"


@dataclass(frozen=True)
class Nothing:
    """The context of somebody who has not signed in: the policies deny, the answer is the sign-in."""


def agreement(request: Request) -> Any:
    """Give the agreement of the address, or `NotFound`."""
    if request.identity is None:
        return Nothing()
    if request.method not in SAFE_METHODS:
        # The version compared with the asker's must be the one that is written: two writers come one by one.
        queries.hold(request.db, int(request.matchdict["id"]))
    return queries.get(request.db, int(request.matchdict["id"]), identity=request.identity)


def includeme(config: Configurator) -> None:
    """Add the addresses."""
    for name, path in (
        ("agreements", "/agreements"),
        ("agreements.csv", "/agreements.csv"),
        ("agreements.xlsx", "/agreements.xlsx"),
        ("agreements.below", "/agreements/below"),
        ("agreement.new", "/agreements/new"),
        ("agreements.find", "/agreements/find.json"),
        ("api.agreements", "/api/v1/agreements"),
        ("api.mandates", "/api/v1/mandates"),
    ):
        config.add_route(name, path)
    config.add_route("agreement", ONE, factory=agreement)
    for verb in ("edit", "advance", "return", "sign", "attach", "note"):
        config.add_route(f"agreement.{verb}", f"{ONE}/{verb}", factory=agreement)
    config.add_route("api.agreement", f"/api/v1{ONE}", factory=agreement)
    for verb in ("advance", "return", "sign", "documents"):
        config.add_route(f"api.agreement.{verb}", f"/api/v1{ONE}/{verb}", factory=agreement)
