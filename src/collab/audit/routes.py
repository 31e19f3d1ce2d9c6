"""Addresses of the journal."""

from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from collab.audit import queries
from collab.core.errors import Forbidden
from collab.core.identity import Role
from collab.core.text import _


def entry(request: Request) -> Any:
    """Give the entry of an address."""
    identity = request.identity
    if identity is None or not identity.has(Role.AUDITOR):
        raise Forbidden(_("Only auditors read the journal."))
    return queries.entry(request.db, int(request.matchdict["id"]), identity=identity)


ROUTES: tuple[tuple[str, str, Callable[[Request], Any] | None], ...] = (
    ("journal", "/journal", None),
    ("journal.csv", "/journal.csv", None),
    ("journal.xlsx", "/journal.xlsx", None),
    ("journal.entry", r"/journal/{id:\d{1,9}}", entry),
    ("api.journal", "/api/v1/journal", None),
    ("api.journal.extract", "/api/v1/journal/extract", None),
    ("api.journal.entry", r"/api/v1/journal/{id:\d{1,9}}", entry),
)


def includeme(config: Configurator) -> None:
    """Add the routes."""
    for name, pattern, factory in ROUTES:
        config.add_route(name, pattern, factory=factory)
