"""Every page there is, with the demo's richest row on it: found by following links as people of each role would.

A page is a route of the table that answers GET with HTML. The tour starts at the menu of each person below and walks
the links it meets; of several rows under one route the longest page is taken.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import webtest
from bs4 import BeautifulSoup

from tests.support.doors import Door, doors
from tests.support.site import PASSWORD, Site

#: Who walks, in this order: a page is shown as the first of them who reaches it sees it.
WALKERS = (
    "monitor.babel",
    "coordinator.babel",
    "legal.babel",
    "liaison.pertanian.babel",
    "auditor.babel",
    "admin",
)
#: Lists where some of them start besides the first page: what only a few rows lead to.
STARTS = {"coordinator.babel": ("/agreements?stage=cooperation_signing", "/agreements?stage=joint_signing")}
#: Pages that are looked at as another person than the first who reaches them.
SEEN_BY = {"home": "monitor.babel", "work": "liaison.pertanian.babel"}
#: Not pages for people: programs and machines read them, or they send on to a page.
NO_PAGES = {
    "healthz": "for the machine that watches",
    "readyz": "for the machine that watches",
    "metrics": "for the machine that watches",
    "mandate": "sends on to the page of its kind",
    "document.content": "a file",
    "document.version": "a file",
    "style.agencies": "choices of a box",
    "bench.floor": "a floor that speed is measured against",
}
#: Pages that no link of the demo leads to: (who, address).
WITHOUT_LINK: dict[str, tuple[str, str]] = {
    "login": ("", "/login"),
    "api.docs": ("auditor.babel", "/api/v1/docs"),
    "style": ("monitor.babel", "/style"),
}
#: How many rows under one route each walker looks at, from each kind of page that leads there.
ROWS = 2
_FILE = re.compile(r"\.(csv|xlsx|json)$")


@dataclass(frozen=True)
class Stop:
    """One page of the tour: its route, who looks at it (empty: nobody signed in) and where it is."""

    route: str
    who: str
    path: str


def page_routes(site: Site) -> dict[str, str]:
    """Name the routes that show pages, with their patterns."""
    return {
        door.route: door.pattern for door in doors(site.config) if door.method == "GET" and _is_page(door)
    }


def _is_page(door: Door) -> bool:
    is_data = door.is_api or _FILE.search(door.pattern) or door.route in NO_PAGES
    return door.route in WITHOUT_LINK or not is_data


def tour(site: Site) -> list[Stop]:
    """Walk the site; give one stop for each page that is reached, by route."""
    sizes: dict[str, int] = {}
    stops = {route: Stop(route, who, path) for route, (who, path) in WITHOUT_LINK.items()}
    for name in WALKERS:
        for route, size, path in _Walk(site, name).walk():
            known = stops.get(route)
            richer = known is not None and known.who == name and size > sizes.get(route, 0)
            if known is None or richer or SEEN_BY.get(route) == name != known.who:
                stops[route], sizes[route] = Stop(route, name, path), size
    return sorted(stops.values(), key=lambda stop: stop.route)


class _Walk:
    """One person's walk through the links."""

    def __init__(self, site: Site, name: str) -> None:
        self.name, self.browser = name, signed_in(site, name)
        found = {door.route: door for door in doors(site.config) if door.route in page_routes(site)}
        # fixed addresses before those with an id
        self.doors = sorted(found.values(), key=lambda door: len(door.fields))

    def walk(self) -> Iterator[tuple[str, int, str]]:
        """Give each page reached: (route, length, address); raise `AssertionError` for one that breaks."""
        waiting = [(start, start) for start in ("/", *STARTS.get(self.name, ()))]
        visits: Counter[tuple[str, str]] = Counter()
        seen = {path for path, _came_from in waiting}
        while waiting:
            path, came_from = waiting.pop(0)
            route = self.route_of(urlsplit(path).path)
            if not route or visits[came_from, route] >= ROWS:
                continue
            visits[came_from, route] += 1
            answer = self.browser.get(path, status="*")
            assert answer.status_int < 500, f"{path} answers {self.name} with {answer.status}"
            links = list(_links(answer.text, path)) if answer.content_type == "text/html" else []
            if answer.status_int == 200 and links:
                yield route, len(answer.body), path
            elif answer.location:
                links = [urlsplit(answer.location).path]
            leads_from = path if path in STARTS.get(self.name, ()) else route
            waiting += [(link, leads_from) for link in dict.fromkeys(links) if link not in seen]
            seen.update(links)

    def route_of(self, path: str) -> str | None:
        """Name the route of an address, if it is a page's."""
        return next((door.route for door in self.doors if _expression(door).fullmatch(path)), None)


@lru_cache
def _expression(door: Door) -> re.Pattern[str]:
    return re.compile(door.path(**dict.fromkeys(door.fields, r"[\d.]+")))


def _links(html: str, base: str) -> Iterator[str]:
    page = BeautifulSoup(html, "html.parser")
    for link in page.find_all("a", href=True):
        target = urlsplit(urljoin(base, str(link["href"])))
        if not target.netloc:
            yield target.path


def signed_in(site: Site, name: str) -> webtest.TestApp:
    """Give a browser without a window, signed in."""
    browser = webtest.TestApp(site.app, extra_environ={"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1"})
    form: Any = browser.get("/login").form
    form["name"], form["password"] = name, PASSWORD
    form.submit(status=303)
    return browser
