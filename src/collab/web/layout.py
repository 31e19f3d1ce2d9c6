"""What every page's frame shows: menu, person, government, day, breadcrumbs, messages; plus names for templates."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import colander
from pyramid.config import Configurator
from pyramid.csrf import get_csrf_token
from pyramid.events import BeforeRender
from pyramid.request import Request

from collab.core import clock
from collab.core.errors import Invalid
from collab.core.identity import Identity, Role
from collab.core.text import Sentence, _
from collab.web import idempotency
from collab.web.i18n import translate
from collab.web.schema import Day
from collab.web.security import known_identity

#: Roles whose holders report; they get the bottom bar.
_REPORTING = (Role.LIAISON, Role.PARTNER)


@dataclass(frozen=True)
class MenuItem:
    """One entry of the rail: where it leads, who sees it (`permission` over the root context), its place."""

    label: Sentence
    route: str
    icon: str
    permission: str
    order: int
    section: str


@dataclass(frozen=True)
class ShownItem:
    """A menu entry as drawn for one request."""

    label: str
    url: str
    icon: str
    active: bool


def add_menu_item(
    config: Configurator,
    label: Sentence,
    route: str,
    *,
    icon: str,
    permission: str,
    order: int,
    section: str | None = None,
) -> None:
    """Add an entry to the rail; the same place twice stops the start. `section`: path prefix that marks it active."""
    item = MenuItem(label, route, icon, str(permission), order, section or route)
    config.action(("collab menu", order), lambda: config.registry["collab.menu"].append(item), order=1)


def add_bottom_item(config: Configurator, label: Sentence, route: str, *, icon: str, order: int) -> None:
    """Add a target to the bottom bar that liaisons have on phones."""
    item = MenuItem(label, route, icon, "", order, route)
    config.action(("collab bottom", order), lambda: config.registry["collab.bottom"].append(item), order=1)


def today(request: Request) -> date:
    """Give today in the zone of the signed-in user's government."""
    identity = known_identity(request)
    return clock.today(identity.home_zone if identity else "Asia/Jakarta")


def as_of(request: Request) -> date:
    """Give the day of the figures: `?as_of=`, today when absent; raise `Invalid` for the future or nonsense."""
    text = request.GET.get("as_of", "")
    present = today(request)
    if not text:
        return present
    asked = _read_day(text)
    if asked is None:
        raise Invalid({"as_of": [_("Write the day as year-month-day, for example 2026-12-31.")]})
    if asked > present:
        raise Invalid({"as_of": [_("This day has not come yet. Choose today or a day before.")]})
    return asked


def _read_day(text: str) -> date | None:
    try:
        found = colander.SchemaNode(Day(), missing=None).deserialize(text)
    except colander.Invalid:
        return None
    return found if isinstance(found, date) else None


class Layout:
    """The frame's own facts, asked only when a template does."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.breadcrumbs: list[tuple[str, str | None]] = getattr(request, "breadcrumbs", [])

    @property
    def identity(self) -> Identity | None:
        """Give the signed-in identity, if one is loaded; error pages ask nothing new."""
        return known_identity(self.request)

    @cached_property
    def menu(self) -> list[ShownItem]:
        """List the entries this role may open."""
        if self.identity is None:
            return []
        items = sorted(self.request.registry["collab.menu"], key=lambda item: item.order)
        return [self._shown(item) for item in items if self.request.has_permission(item.permission, None)]

    @cached_property
    def bottom_menu(self) -> list[ShownItem]:
        """List the four targets of a liaison's phone."""
        identity = self.identity
        if identity is None or not identity.organizations(*_REPORTING):
            return []
        return [
            self._shown(item)
            for item in sorted(self.request.registry["collab.bottom"], key=lambda i: i.order)
        ]

    def _shown(self, item: MenuItem) -> ShownItem:
        url = self.request.route_path(item.route)
        path = self.request.path
        active = path == url or (url != "/" and path.startswith(url + "/"))
        return ShownItem(translate(self.request, item.label), url, item.icon, active)

    @property
    def government(self) -> str | None:
        """Name the user's government."""
        return self.identity.home_government_name if self.identity else None

    @property
    def locale(self) -> str:
        """Give the language shown."""
        return str(self.request.localizer.locale_name)

    @property
    def as_of(self) -> date | None:
        """Give the day of the figures on pages that show figures."""
        return getattr(self.request, "figures_as_of", None)

    @property
    def today(self) -> date:
        """Give today in the user's zone."""
        return today(self.request)

    @property
    def is_today(self) -> bool:
        """Tell whether the figures are of today."""
        return self.as_of is None or self.as_of == self.today

    @property
    def is_final(self) -> bool:
        """Tell whether the figures can no longer change."""
        zone = self.identity.home_zone if self.identity else "Asia/Jakarta"
        return self.as_of is not None and clock.is_final(self.as_of, zone)

    @property
    def csrf_token(self) -> str:
        """Give the token for the frame's own forms."""
        return str(get_csrf_token(self.request))

    @property
    def new_key(self) -> str:
        """Give a fresh idempotency key for a button's form."""
        return idempotency.new_key()

    @property
    def flashes(self) -> list[tuple[str, str]]:
        """Give the messages left by the last act, once."""
        return [tuple(message) for message in self.request.session.pop_flash()]

    @property
    def environment(self) -> str:
        """Name the environment (a demo says so)."""
        return str(self.request.registry["collab.settings"].environment)


def add_globals(event: BeforeRender) -> None:
    """Give templates the layout and the ways to name addresses."""
    request = event.get("request")
    if request is None:
        return
    layout = request.environ.get("collab.layout")
    if layout is None or layout.request is not request:
        layout = request.environ["collab.layout"] = Layout(request)
    event.setdefault("layout", layout)
    event.setdefault("url", request.route_path)


def includeme(config: Configurator) -> None:
    """Add the menu directives and the template names."""
    config.registry["collab.menu"] = []
    config.registry["collab.bottom"] = []
    config.add_directive("add_menu_item", add_menu_item)
    config.add_directive("add_bottom_item", add_bottom_item)
    config.add_request_method(as_of, reify=True)
    config.add_request_method(today, reify=True)
    config.add_subscriber(add_globals, BeforeRender)
