"""Addresses of documents; the factories answer 404 for what one may not know of."""

from dataclasses import dataclass
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from collab.documents import queries


@dataclass(frozen=True)
class Nothing:
    """The context of somebody who has not signed in: the policies deny, the answer is the sign-in."""


def document(request: Request) -> Any:
    """Give the document of the address, or `NotFound`."""
    if request.identity is None:
        return Nothing()
    registry = request.registry
    return queries.get(
        request.db,
        int(request.matchdict["id"]),
        identity=request.identity,
        owners=registry["collab.document_owners"],
        editors=registry["collab.document_editors"],
    )


def includeme(config: Configurator) -> None:
    """Add the addresses."""
    for prefix, name in (("", "document"), ("/api/v1", "api.document")):
        path = prefix + r"/documents/{id:\d{1,9}}"
        config.add_route(name, path, factory=document)
        config.add_route(f"{name}.content", path + "/content", factory=document)
        config.add_route(f"{name}.version", path + r"/versions/{number:\d{1,9}}/content", factory=document)
    config.add_route("document.revise", r"/documents/{id:\d{1,9}}/versions/new", factory=document)
    config.add_route("api.documents", "/api/v1/documents")
    config.add_route("api.document.versions", r"/api/v1/documents/{id:\d{1,9}}/versions", factory=document)
