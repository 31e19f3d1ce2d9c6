"""The other language, the keyboard alone, and those whom motion disturbs."""

from typing import Any

import pytest

from tests.functional.conftest import Visit
from tests.support.site import Site
from tests.support.visitor import Visitor

pytestmark = pytest.mark.timeout(600)
#: Main pages and their heading in English.
IN_ENGLISH = {
    "/": "Overview",
    "/agencies": "Agencies",
    "/agreements": "Agreements",
    "/regulations": "Regulations",
    "/commitments": "Commitments",
    "/organizations": "Organizations",
    "/verify": "Verify",
    "/account": "My account",
}


def test_the_main_pages_speak_english_when_asked(visit: Visit, site: Site) -> None:
    monitor = visit(site, "monitor.babel")
    monitor.open("/?lang=en")
    for path, heading in IN_ENGLISH.items():
        page = monitor.open(path)
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("h1").inner_text() == heading
    menu = monitor.page.get_by_role("navigation", name="Main menu").locator("visible=true").first
    assert menu.inner_text().split("\n")[0].strip() == "Overview"
    page = monitor.open("/agencies?lang=id")
    assert page.locator("h1").inner_text() == "Perangkat daerah"


def focused(visitor: Visitor) -> Any:
    """Give the element that has the focus."""
    return visitor.page.locator(":focus")


def test_the_keyboard_alone_reaches_the_content_the_menu_and_a_form(visit: Visit, site: Site) -> None:
    legal = visit(site, "legal.babel")
    page = legal.open("/regulations")
    page.keyboard.press("Tab")
    assert focused(legal).inner_text() == "Langsung ke isi"
    box = focused(legal).bounding_box()
    assert box["y"] >= 0, "the skip link shows when it has the focus"
    page.keyboard.press("Enter")
    assert focused(legal).get_attribute("id") == "main"
    for _step in range(3):
        page.keyboard.press("Tab")
        if "Catat peraturan" in focused(legal).inner_text():
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    legal.sees("Catat peraturan")
    for _step in range(40):
        page.keyboard.press("Tab")
        if focused(legal).get_attribute("name") == "title":
            break
    page.keyboard.type("Ditulis dengan papan ketik")
    assert legal.field("Judul").input_value() == "Ditulis dengan papan ketik"


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(visit: Visit, site: Site) -> None:
    monitor = visit(site, "monitor.babel", width=360)
    page = monitor.open("/")
    opener = page.locator(".top-menu summary")
    opener.focus()
    opener.press("Enter")
    link = page.get_by_role("navigation", name="Menu utama").get_by_role("link", name="Komitmen")
    link.wait_for()
    monitor.require_sound()
    page.keyboard.press("Escape")
    assert not link.is_visible()
    opener.press("Enter")
    with page.expect_navigation():
        link.press("Enter")
    monitor.sees("Komitmen")


def test_nothing_moves_for_those_who_ask_for_it(visit: Visit, site: Site) -> None:
    still = visit(site, "monitor.babel", reduced_motion="reduce")
    moving = still.open("/").evaluate(
        """() => [...document.querySelectorAll("*")].filter((e) => {
          const style = getComputedStyle(e);
          return parseFloat(style.transitionDuration) > 0 || parseFloat(style.animationDuration) > 0;
        }).map((e) => e.className)"""
    )
    assert moving == []
