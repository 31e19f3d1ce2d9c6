"""Panels: upper features put content into lower features' pages without the lower ones naming them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request


@dataclass(frozen=True)
class Panel:
    """One panel: where it stands, the template it draws and the function `(subject, request)` that fills it.

    The function answers None when there is nothing this reader may see.
    """

    place: str
    order: int
    template: str
    fill: Callable[[Any, Request], dict[str, Any] | None]


def add_panel(
    config: Configurator,
    place: str,
    *,
    order: int,
    template: str,
    fill: Callable[[Any, Request], dict[str, Any] | None],
) -> None:
    """Put a panel into a page's place; the same order twice in one place stops the start."""
    panel = Panel(place, order, template, fill)
    config.action(
        ("collab panel", place, order), lambda: config.registry["collab.panels"].append(panel), order=1
    )


def panels(request: Request, place: str, subject: Any) -> list[tuple[str, dict[str, Any]]]:
    """Give [(template, values)] of a place for a subject, in order."""
    chosen = sorted((p for p in request.registry["collab.panels"] if p.place == place), key=lambda p: p.order)
    filled = [(panel.template, panel.fill(subject, request)) for panel in chosen]
    return [(template, values) for template, values in filled if values is not None]


def includeme(config: Configurator) -> None:
    """Add the directive and `request.panels(place, subject)`."""
    config.registry["collab.panels"] = []
    config.add_directive("add_panel", add_panel)
    config.add_request_method(panels)
