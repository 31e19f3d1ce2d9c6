"""Every page there is, on a desk and on a phone: accessible, within its width, whole, and without a fault in the console."""

import pytest

from tests.functional.conftest import Visit
from tests.support.site import Site
from tests.support.tour import NO_PAGES, Stop, page_routes
from tests.support.visitor import HEIGHTS, Visitor

pytestmark = pytest.mark.timeout(900)
#: Pages that are looked at in the dark too: a dashboard, a list, a record, a form, a person's own tasks.
IN_THE_DARK = ("home", "commitments", "agreement", "checkpoint.report", "work")


class People:
    """One window for each person, opened when first needed."""

    def __init__(self, visit: Visit, site: Site, **options: object) -> None:
        self.visit, self.site, self.options = visit, site, options
        self.windows: dict[str, Visitor] = {}

    def at(self, stop: Stop) -> Visitor:
        """Give the window of who sees a stop, with its page open."""
        if stop.who not in self.windows:
            self.windows[stop.who] = self.visit(self.site, stop.who or None, **self.options)
        self.windows[stop.who].open(stop.path)
        return self.windows[stop.who]


def test_the_tour_reaches_every_page(site: Site, stops: list[Stop]) -> None:
    reached = {stop.route for stop in stops}
    pages = set(page_routes(site))
    assert not pages - reached, "no link leads there, or the demo has no such row"
    routes = site.config.introspector.get_category("routes") or []
    assert set(NO_PAGES) <= {entry["introspectable"]["name"] for entry in routes}, (
        "an excuse for what is gone"
    )


def test_every_page_is_sound_at_both_widths(visit: Visit, site: Site, stops: list[Stop]) -> None:
    people, wrong = People(visit, site), []
    for stop in stops:
        visitor = people.at(stop)
        for width in sorted(HEIGHTS, reverse=True):
            visitor.resize(width)
            wrong += [f"{stop.route} {stop.path} at {width}: {problem}" for problem in visitor.problems()]
    assert not wrong, "\n".join(wrong)


def test_five_main_pages_are_sound_in_the_dark(visit: Visit, site: Site, stops: list[Stop]) -> None:
    people, wrong = People(visit, site, color_scheme="dark", reduced_motion="reduce"), []
    for stop in stops:
        if stop.route in IN_THE_DARK:
            visitor = people.at(stop)
            paper = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert paper == "rgb(18, 22, 27)", "the dark tokens do not apply"
            wrong += [f"{stop.route} in the dark: {problem}" for problem in visitor.problems()]
    assert not wrong, "\n".join(wrong)
