"""What another site sends is never handed to a person of ours as their own text, and changes nothing they have."""

import pytest
from webtest import TestRequest

from tests.support.world import PASSWORD, World

PLANTED = {"title": "PLANTED-BY-ANOTHER-SITE", "role": "admin"}
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("path", ["/agreements/new", "/users/1/roles/new", "/login", "/logout"])
def test_a_form_of_another_site_is_never_kept_for_a_visitor(world: World, path: str, headers: dict) -> None:
    answer = world.client().post(path, PLANTED, headers=headers, expect_errors=True)
    assert answer.status_int in (400, 401)
    assert "PLANTED" not in answer.text
    assert "Set-Cookie" not in answer.headers, "the sign-in of a browser must not be replaced"


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_form_of_another_site_is_never_offered_to_be_sent_again(world: World, headers: dict) -> None:
    browser = world.client("coordinator.babel")
    answer = browser.post("/agreements/new", PLANTED, headers=headers, status=400)
    assert "PLANTED" not in answer.text


def test_an_own_form_is_kept_when_its_sign_in_has_ended(world: World) -> None:
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    answer = world.client().post("/agreements/new", {"title": "Ditulis sendiri"}, headers=own, status=401)
    assert "Ditulis sendiri" in answer.text
    form = answer.form
    form["name"], form["password"] = "coordinator.babel", PASSWORD
    assert "Ditulis sendiri" in form.submit(status=200).text


@pytest.mark.parametrize("path", ["//evil.example/x", "/agreements/new"])
def test_an_error_page_leads_and_sends_nowhere_but_here(world: World, path: str) -> None:
    request = TestRequest.blank("/", base_url="http://localhost")
    request.environ.update(PATH_INFO=path, REMOTE_ADDR="127.0.0.1")
    request.headers["Referer"] = "http://localhost//evil.example/y"
    page = world.client().request(request, expect_errors=True).text
    assert '"//evil' not in page
