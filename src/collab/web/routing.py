"""The three kinds of HTML views (page, form, action) and the API's; each names its permission and methods."""

from collections.abc import Callable
from typing import Any, TypeVar

import venusian

View = TypeVar("View", bound=Callable[..., Any])


def page(route_name: str, *, permission: str, renderer: str | None = None) -> Callable[[View], View]:
    """Register a page: GET only, never writes."""
    return _view(route_name, permission=permission, renderer=renderer, methods=("GET",))


def form(
    route_name: str, *, permission: str, renderer: str = "collab.web:templates/form_page.jinja2"
) -> Callable[[View], View]:
    """Register a form: GET shows it, POST submits it; both need the writing permission."""
    return _view(route_name, permission=permission, renderer=renderer, methods=("GET", "POST"))


def action(route_name: str, *, permission: str, renderer: str | None = None) -> Callable[[View], View]:
    """Register an act behind a button: POST only."""
    return _view(route_name, permission=permission, renderer=renderer, methods=("POST",))


def _view(
    route_name: str, *, permission: str, renderer: str | None, methods: tuple[str, ...]
) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        def register(scanner: Any, name: str, wrapped: Any) -> None:
            # Looked up by dotted package, so that a view registers with the configuration that scans it.
            scanner.config.with_package(info.module).add_view(
                wrapped,
                route_name=route_name,
                permission=str(permission),
                renderer=renderer,
                request_method=methods if len(methods) > 1 else methods[0],
                collab_methods=methods,
            )

        info = venusian.attach(view, register, category="pyramid")
        return view

    return wrap
