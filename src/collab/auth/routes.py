"""Addresses of sign-in, the own account and the accounts an administrator keeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from sqlalchemy.orm import Session

from collab.auth import queries
from collab.core.errors import Forbidden
from collab.core.identity import Identity, Role
from collab.core.text import _
from collab.web.transactions import SAFE_METHODS


@contextmanager
def reading(request: Request) -> Iterator[Session]:
    """Give a session to look the context up with: unsafe requests get one of its own, closed before the view.

    Passwords are hashed in some of these views, and no transaction may be open then.
    """
    if request.method in SAFE_METHODS:
        yield request.db
        return
    with request.registry["collab.reading_sessions"]() as session:
        yield session


def asker(request: Request) -> Identity:
    """Give who asks; raise `Forbidden` for nobody, who then signs in first."""
    identity: Identity | None = request.identity
    if identity is None:
        raise Forbidden(_("Sign in to continue."))
    return identity


def keeper(request: Request) -> Identity:
    """Give the administrator who asks; others are refused before any row is looked for, so that none is told of."""
    identity = asker(request)
    if not identity.has(Role.ADMIN):
        raise Forbidden("")
    return identity


def account(request: Request) -> queries.Account:
    """Give the account of an address as its administrator may see it."""
    identity = keeper(request)
    with reading(request) as session:
        return queries.account(session, int(request.matchdict["id"]), identity=identity)


def assignment(request: Request) -> Any:
    """Give the role assignment of an address."""
    identity = keeper(request)
    with reading(request) as session:
        return queries.assignment(session, int(request.matchdict["id"]), identity=identity)


PAGES = (
    ("login", "/login", None),
    ("logout", "/logout", None),
    ("account", "/account", None),
    ("account.language", "/account/language", None),
    ("account.password", "/account/password", None),
    ("account.sessions.end", "/account/sessions/end", None),
    ("account.session.end", r"/account/sessions/{id:\d{1,9}}/end", None),
    ("account.tokens.new", "/account/tokens/new", None),
    ("account.token.revoke", r"/account/tokens/{id:\d{1,9}}/revoke", None),
    ("users", "/users", None),
    ("users.csv", "/users.csv", None),
    ("users.xlsx", "/users.xlsx", None),
    ("users.new", "/users/new", None),
    ("users.positions", "/users/positions", None),
    ("users.positions.new", "/users/positions/new", None),
    ("role.end", r"/users/roles/{id:\d{1,9}}/end", assignment),
    ("user", r"/users/{id:\d{1,9}}", account),
    ("user.edit", r"/users/{id:\d{1,9}}/edit", account),
    ("user.close", r"/users/{id:\d{1,9}}/close", account),
    ("user.reopen", r"/users/{id:\d{1,9}}/reopen", account),
    ("user.reset", r"/users/{id:\d{1,9}}/reset", account),
    ("user.role", r"/users/{id:\d{1,9}}/roles/new", account),
)
API = (
    ("api.users", "/api/v1/users", None),
    ("api.user", r"/api/v1/users/{id:\d{1,9}}", account),
    ("api.user.roles", r"/api/v1/users/{id:\d{1,9}}/roles", account),
    ("api.user.deactivate", r"/api/v1/users/{id:\d{1,9}}/deactivate", account),
    ("api.user.reactivate", r"/api/v1/users/{id:\d{1,9}}/reactivate", account),
    ("api.role.end", r"/api/v1/roles/{id:\d{1,9}}/end", assignment),
    ("api.tokens", "/api/v1/tokens", None),
    ("api.token", r"/api/v1/tokens/{id:\d{1,9}}", None),
    ("api.token.revoke", r"/api/v1/tokens/{id:\d{1,9}}/revoke", None),
)


def includeme(config: Configurator) -> None:
    """Add the routes."""
    for name, pattern, factory in (*PAGES, *API):
        config.add_route(name, pattern, factory=factory)
