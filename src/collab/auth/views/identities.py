"""Load the identity of a request from its cookie or its token, and hold back whoever must choose a new password."""

from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request

from collab.auth import queries
from collab.core import clock
from collab.core.errors import Forbidden
from collab.core.identity import Identity
from collab.core.text import _
from collab.web.transactions import SAFE_METHODS

#: Pages open to whoever must choose a new password first.
OPEN_BEFORE = frozenset({"account.password", "login", "logout"})
_BEARER = "Bearer "


def secrets_of(request: Request) -> dict[str, str]:
    """Give the secret a request carries; a bearer token wins, since it also frees from the form token."""
    header = request.headers.get("Authorization", "")
    if header.startswith(_BEARER):
        return {"bearer": header.removeprefix(_BEARER).strip()}
    token = request.session.get("token")
    return {"session_token": token} if isinstance(token, str) else {}


def load(request: Request) -> Identity | None:
    """Load the identity, anew for each request, so that a right taken away is gone with the next one.

    Unsafe requests read it in a short session of its own: their writing transaction begins with the view, after
    passwords were hashed and files stored.
    """
    found = secrets_of(request)
    if not found:
        return None
    now = clock.now()
    if request.method in SAFE_METHODS:
        return queries.load_identity(request.db, now=now, address=request.remote_addr, **found)
    with request.registry["collab.reading_sessions"]() as session:
        return queries.load_identity(session, now=now, address=request.remote_addr, **found)


def may_bring_files(request: Request) -> bool:
    """Tell, before any transaction, whether a request may bring files: nobody else fills the disk."""
    identity: Identity | None = request.identity
    if identity is None or identity.must_change_password:
        return False
    return bool(request.has_permission(request.registry["collab.upload_permission"], object()))


def new_password_first(view: Any, info: Any) -> Any:
    """Send whoever signed in with a password handed over to choose one of their own, whatever they asked for."""
    if info.exception_only or info.original_view is None:
        return view

    def held_back(context: Any, request: Request) -> Any:
        identity: Identity | None = request.environ.get("collab.identity")
        route = request.matched_route
        if (
            identity is None
            or not identity.must_change_password
            or route is None
            or route.name in OPEN_BEFORE
        ):
            return view(context, request)
        if request.path_info.startswith("/api/"):
            raise Forbidden(_("Sign in on the site and choose a new password first."))
        return HTTPSeeOther(request.route_path("account.password"))

    derived: Callable[[Any, Request], Any] = held_back
    return derived


def includeme(config: Configurator) -> None:
    """Register loader, intake check and the hold."""
    config.set_identity_loader(load)
    config.registry["collab.may_bring_files"] = may_bring_files
    config.add_view_deriver(new_password_first, under="secured_view")
