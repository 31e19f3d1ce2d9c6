"""Signing in and out as a browser does it."""

import pytest

from tests.support.world import PASSWORD, World


def test_a_page_sends_a_visitor_to_sign_in_and_back(world: World) -> None:
    browser = world.client()
    answer = browser.get("/login?next=/account")
    form = answer.form
    form["name"], form["password"] = "monitor.babel", PASSWORD
    assert form.submit(status=303).location.endswith("/account")


@pytest.mark.parametrize("name", ["monitor.babel", "nobody.at.all", "x" * 300, "\x00", "MONITOR.BABEL "])
def test_wrong_passwords_and_unknown_names_are_answered_alike(world: World, name: str) -> None:
    browser = world.client()
    form = browser.get("/login").form
    form["name"], form["password"] = name, "not the password"
    answer = form.submit(status=422)
    assert "tidak cocok" in answer.text or "do not fit" in answer.text
