"""The security policy: a frozen Identity per request, permissions looked up as data, nothing allowed by default."""

from collections.abc import Callable, Mapping
from typing import Any

from pyramid.config import Configurator
from pyramid.exceptions import BadCSRFOrigin, ConfigurationError
from pyramid.request import Request, RequestLocalCache
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED, Allowed, Denied
from pyramid.session import SignedCookieSessionFactory
from pyramid.static import static_view

from collab.core.identity import Identity
from collab.core.policy import Predicate
from collab.web.transactions import SAFE_METHODS

PUBLIC = NO_PERMISSION_REQUIRED
#: Words in permissions that only look; no POST view may ask for one of them alone.
READING = ("read",)


class SecurityPolicy:
    """Answers who asks and what they may do. The identity is loaded once a request, through the registered loader."""

    def __init__(self) -> None:
        self._cache: RequestLocalCache = RequestLocalCache(self._load)

    def _load(self, request: Request) -> Identity | None:
        loader: Callable[[Request], Identity | None] | None = request.registry.get("collab.identity_loader")
        identity = loader(request) if loader else None
        request.environ["collab.identity"] = identity
        return identity

    def identity(self, request: Request) -> Identity | None:
        """Give the signed-in identity, or None."""
        return self._cache.get_or_create(request)

    def authenticated_userid(self, request: Request) -> int | None:
        """Give the signed-in user's id, or None."""
        identity = self.identity(request)
        return identity.user_id if identity else None

    def permits(self, request: Request, context: Any, permission: str) -> Allowed | Denied:
        """Look the permission's predicate up and ask it; an unknown permission is denied."""
        predicate = request.registry["collab.policies"].get(str(permission))
        if predicate is None:
            return Denied(f"no policy for {permission}")
        if predicate(self.identity(request), context):
            return Allowed(f"{permission} holds")
        return Denied(f"{permission} does not hold")

    def remember(self, request: Request, userid: int, **kw: Any) -> list[tuple[str, str]]:
        """Do nothing: the session cookie carries the sign-in."""
        return []

    def forget(self, request: Request, **kw: Any) -> list[tuple[str, str]]:
        """Do nothing: the session cookie carries the sign-in."""
        return []


def known_identity(request: Request) -> Identity | None:
    """Give the identity if it is already loaded, without a query (error pages, headers)."""
    return request.environ.get("collab.identity")


def add_policies(config: Configurator, policies: Mapping[str, Predicate]) -> None:
    """Map permissions to predicates; the same permission twice stops the start."""
    for permission, predicate in policies.items():

        def register(permission: str = permission, predicate: Predicate = predicate) -> None:
            config.registry["collab.policies"][str(permission)] = predicate

        config.action(("collab policy", str(permission)), register)


def set_identity_loader(config: Configurator, loader: Callable[[Request], Identity | None]) -> None:
    """Name the function that loads the identity of a request."""
    config.action(
        "collab identity loader", lambda: config.registry.__setitem__("collab.identity_loader", loader)
    )


def explicit_view(view: Any, info: Any) -> Any:
    """Stop the start at a view without a permission or without its methods."""
    is_static = isinstance(info.original_view, static_view)
    if is_static or info.exception_only or info.original_view is None:
        return view
    name = getattr(info.original_view, "__qualname__", repr(info.original_view))
    if not info.options.get("permission"):
        raise ConfigurationError(f"view {name} names no permission")
    if not info.options.get("collab_methods"):
        raise ConfigurationError(f"view {name} does not declare its methods")
    return view


def session_factory(config: Configurator) -> Any:
    """Give the signed cookie session: the sign-in's secret, the CSRF token, flash messages."""
    settings = config.registry["collab.settings"]
    return SignedCookieSessionFactory(
        settings.secret,
        cookie_name=settings.cookie_name,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
        timeout=None,
        reissue_time=None,
        max_age=None,
    )


def includeme(config: Configurator) -> None:
    """Compose policy, session and CSRF protection."""
    config.registry["collab.policies"] = {}
    config.add_directive("add_policies", add_policies)
    config.add_directive("set_identity_loader", set_identity_loader)
    config.add_view_deriver(explicit_view, under="secured_view")
    config.set_security_policy(SecurityPolicy())
    config.set_session_factory(session_factory(config))
    config.set_default_csrf_options(require_csrf=True, check_origin=True, callback=needs_csrf)
    config.add_tween(
        "collab.web.security.own_site_tween_factory",
        over="collab.web.sizes.sizes_tween_factory",
        under="collab.web.transactions.guard_tween_factory",
    )


def needs_csrf(request: Request) -> bool:
    """Ask for a CSRF token of every unsafe request but those that carry a bearer token."""
    return not request.headers.get("Authorization", "").startswith("Bearer ")


def is_foreign(request: Request) -> bool:
    """Tell whether a browser says that another site sent a request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.host


def own_site_tween_factory(
    handler: Callable[[Request], Response], registry: Any
) -> Callable[[Request], Response]:
    """Refuse what another site lets a browser send, before anything of it is read, kept or answered with a cookie.

    The form token refuses it too, but later: by then a visitor has a new session, and a person whose sign-in the
    browser left out (SameSite) would be shown the foreign text as their own, to sign in and send it.
    """

    def own_site(request: Request) -> Response:
        if request.method not in SAFE_METHODS and needs_csrf(request) and is_foreign(request):
            raise BadCSRFOrigin("sent by another site")
        return handler(request)

    return own_site


explicit_view.options = ("collab_methods",)  # type: ignore[attr-defined]
