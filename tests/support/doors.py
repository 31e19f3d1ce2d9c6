"""The doors of the house: every route and method that a view of ours answers, as the introspector lists them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyramid.config import Configurator
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.static import static_view

#: `{name}` or `{name:expression}` in a route's pattern; expressions hold at most one pair of braces.
_FIELD = re.compile(r"\{(\w+)(?::((?:[^{}]|\{[^{}]*\})*))?\}")
SAFE = ("GET",)


@dataclass(frozen=True)
class Door:
    """One route and method: what it asks for, and who answers."""

    route: str
    pattern: str
    method: str
    permission: str | None
    view: Any

    @property
    def is_public(self) -> bool:
        """Tell whether nobody needs to sign in."""
        return self.permission == NO_PERMISSION_REQUIRED

    @property
    def is_api(self) -> bool:
        """Tell whether programs ask here."""
        return self.pattern.startswith("/api/")

    @property
    def is_safe(self) -> bool:
        """Tell whether the method only looks."""
        return self.method in SAFE

    @property
    def fields(self) -> list[str]:
        """Name the variable parts of the address."""
        return [found.group(1) for found in _FIELD.finditer(self.pattern)]

    def path(self, **values: Any) -> str:
        """Give an address of this route."""
        return _FIELD.sub(lambda found: str(values[found.group(1)]), self.pattern)

    def __str__(self) -> str:
        return f"{self.method} {self.route} ({self.pattern})"


def doors(config: Configurator) -> list[Door]:
    """List the doors by address and method; static files and exception views are none."""
    return sorted(_doors(config), key=lambda door: (door.pattern, door.method))


def _doors(config: Configurator) -> Iterator[Door]:
    patterns = {
        entry["introspectable"]["name"]: entry["introspectable"]["pattern"]
        for entry in config.introspector.get_category("routes") or ()
    }
    for entry in config.introspector.get_category("views") or ():
        view = entry["introspectable"]
        if view["context"] is not None or isinstance(view["callable"], static_view):
            continue
        methods = view["request_methods"]
        for method in (methods,) if isinstance(methods, str) else methods or ("GET",):
            permission = next(
                (p["introspectable"]["value"] for p in _related(config, view, "permissions")), None
            )
            pattern = "/" + patterns[view["route_name"]].lstrip("/")
            yield Door(view["route_name"], pattern, method, permission, view["callable"])


def _related(config: Configurator, introspectable: Any, category: str) -> Iterator[Any]:
    for other in config.introspector.related(introspectable):
        if other.category_name == category:
            yield {"introspectable": other}
