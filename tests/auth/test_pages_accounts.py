"""The own account and the accounts an administrator keeps, as a browser sees them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from collab.auth.models import ApiToken, LoginSession, RoleAssignment, User
from collab.core import clock
from collab.core.identity import Role
from tests.support.world import PASSWORD, World

NEW = "kuda putih berlari pelan"


def test_every_page_of_accounts_opens(world: World) -> None:
    browser = world.client("admin.babel")
    user = world.user("legal.babel")
    for path in (
        "/account",
        "/account/password",
        "/account/tokens/new",
        "/users",
        "/users/new",
        "/users/positions",
    ):
        assert browser.get(path, status=200)
    for path in (f"/users/{user}", f"/users/{user}/edit", f"/users/{user}/roles/new", "/users/positions/new"):
        assert browser.get(path, status=200)
    assert "legal.babel" in browser.get("/users.csv").text
    assert browser.get("/users.xlsx").content_type.endswith("sheet")
    assert "monitor.babel" in browser.get("/users?q=monitor&role=monitor&state=open")


def test_a_list_of_accounts_asks_at_most_six_statements(world: World) -> None:
    browser = world.client("admin.babel")
    with world.counting() as statements:
        browser.get("/users")
    assert len(statements) <= 6, statements


def test_an_administrator_sees_only_accounts_of_the_own_government(world: World) -> None:
    browser = world.client("admin.babel")
    listed = browser.get("/users.csv").text
    assert "liaison.kopukm.babel" in listed
    assert "partner.okeoce" in listed
    assert "kalteng" not in listed
    browser.get(f"/users/{world.user('legal.kalteng')}", status=404)
    assert "legal.kalteng" in world.client("admin").get("/users.csv").text


@pytest.mark.parametrize("name", ["monitor.babel", "auditor.babel", "liaison.kopukm.babel", "partner.okeoce"])
def test_only_administrators_open_accounts(world: World, name: str) -> None:
    browser = world.client(name)
    for path in ("/users", "/users.csv", "/users/new"):
        browser.get(path, status=403)


def test_a_new_account_gets_a_password_shown_once_that_must_be_changed(world: World) -> None:
    browser = world.client("admin.babel")
    form = browser.get("/users/new").forms["form"]
    form["name"], form["display_name"] = "siti.rahma", "Siti Rahma"
    shown = form.submit(status=200)
    secret = shown.html.select_one(".secret code").text if hasattr(shown, "html") else ""
    again = form.submit()
    assert secret not in again.text
    newcomer = world.client()
    world.sign_in(newcomer, "siti.rahma", secret)
    assert newcomer.get("/account", status=303).location.endswith("/account/password")
    form = newcomer.get("/account/password").forms["form"]
    form["present_password"], form["new_password"], form["repeated_password"] = secret, NEW, NEW
    assert form.submit(status=303).location.endswith("/account")
    assert newcomer.get("/account", status=200)


def test_a_changed_password_ends_the_other_sign_ins_but_not_this_one(world: World) -> None:
    here, elsewhere = world.client("legal.babel"), world.client("legal.babel")
    form = here.get("/account/password").forms["form"]
    form["present_password"], form["new_password"], form["repeated_password"] = PASSWORD, NEW, NEW
    form.submit(status=303)
    assert here.get("/account", status=200)
    assert "/login" in elsewhere.get("/account", status=303).location
    world.sign_in(world.client(), "legal.babel", NEW)


@pytest.mark.parametrize(
    "present, new, repeated",
    [
        ("wrong password", NEW, NEW),
        (PASSWORD, "short", "short"),
        (PASSWORD, "password1234", "password1234"),
        (PASSWORD, "legal.babel.legal", "legal.babel.legal"),
        (PASSWORD, NEW, NEW + "!"),
        (PASSWORD, PASSWORD, PASSWORD),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa"),
        (PASSWORD, "", ""),
    ],
)
def test_a_password_that_will_not_do_is_refused_at_its_field(
    world: World, present: str, new: str, repeated: str
) -> None:
    browser = world.client("legal.babel")
    form = browser.get("/account/password").forms["form"]
    form["present_password"], form["new_password"], form["repeated_password"] = present, new, repeated
    answer = form.submit(status=422)
    assert "field-error" in answer.text
    for secret in {present, new, repeated} - {""}:
        assert f'value="{secret}"' not in answer.text
    world.sign_in(world.client(), "legal.babel", PASSWORD)


def test_a_password_is_never_hashed_while_a_connection_is_taken(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collab.auth.services import passwords

    taken: list[int] = []
    real_hasher = passwords.hasher

    def watched(strength: str) -> object:
        taken.append(world.registry["collab.engine"].pool.checkedout())
        return real_hasher(strength)

    monkeypatch.setattr(passwords, "hasher", watched)
    browser = world.client("admin.babel")
    form = browser.get("/account/password").forms["form"]
    form["present_password"], form["new_password"], form["repeated_password"] = PASSWORD, NEW, NEW
    form.submit(status=303)
    page = browser.get(f"/users/{world.user('legal.babel')}")
    next(f for f in page.forms.values() if f.action.endswith("/reset")).submit(status=200)
    form = browser.get("/users/new").forms["form"]
    form["name"], form["display_name"] = "siti.rahma", "Siti"
    form.submit(status=200)
    assert len(taken) >= 5
    assert set(taken) == {0}


def test_a_role_is_given_and_taken_away_at_once(world: World) -> None:
    admin = world.client("admin.babel")
    page = admin.get(f"/users/{world.user('legal.babel')}/roles/new")
    form = page.forms["form"]
    form["role"] = "monitor"
    form["scope"] = "19"
    form.submit(status=303)
    with world.session() as session:
        role = session.scalar(select(RoleAssignment).where(
            RoleAssignment.user_id == world.user("legal.babel"), RoleAssignment.role == Role.MONITOR))  # fmt: skip
        assert role is not None
        role_id = role.id
    assert world.identity_of("legal.babel").has(Role.MONITOR)
    form = admin.get(f"/users/roles/{role_id}/end").forms["form"]
    form["on"] = (clock.today("Asia/Jakarta") - timedelta(days=1)).isoformat()
    form.submit(status=422)
    form = admin.get(f"/users/roles/{role_id}/end").forms["form"]
    form["on"] = clock.today("Asia/Jakarta").isoformat()
    form.submit(status=303)


def test_a_closed_account_is_out_at_its_next_request_with_its_tokens(world: World) -> None:
    browser, program = world.client("legal.babel"), world.program("legal.babel")
    assert program.get("/api/v1/tokens", status=200)
    admin = world.client("admin.babel")
    page = admin.get(f"/users/{world.user('legal.babel')}")
    next(f for f in page.forms.values() if f.action.endswith("/close")).submit(status=303)
    assert "/login" in browser.get("/account", status=303).location
    program.get("/api/v1/tokens", status=401)
    form = world.client().get("/login").form
    form["name"], form["password"] = "legal.babel", PASSWORD
    form.submit(status=422)


def test_an_account_with_a_role_elsewhere_is_read_but_not_changed(world: World) -> None:
    with world.session() as session:
        session.add(
            RoleAssignment(
                user_id=world.user("legal.babel"),
                role=Role.LEGAL,
                government_id=world.government("62"),
                valid_from=clock.now().date(),
                changed_at=clock.now(),
            )
        )
    browser = world.client("admin.babel")
    user = world.user("legal.babel")
    assert "/reset" not in browser.get(f"/users/{user}", status=200).text
    browser.get(f"/users/{user}/edit", status=403)
    token = world.csrf(browser)
    for act in ("reset", "close", "reopen"):
        browser.post(f"/users/{user}/{act}", {"csrf_token": token}, status=403)


def test_tokens_are_shown_once_kept_hashed_and_revocable(world: World) -> None:
    browser = world.client("monitor.babel")
    form = browser.get("/account/tokens/new").forms["form"]
    form["title"] = "nightly export"
    shown = form.submit(status=200)
    secret = shown.text.split("<code>")[1].split("</code>")[0]
    assert shown.headers["Cache-Control"] == "no-store"
    with world.session() as session:
        token = session.scalars(select(ApiToken)).one()
        assert secret not in (token.token_hash, token.title)
    page = browser.get("/account")
    assert secret not in page.text
    headers = {"Authorization": f"Bearer {secret}"}
    assert world.client().get("/api/v1/tokens", headers=headers).json["items"][0]["title"] == "nightly export"
    next(f for f in page.forms.values() if f.action.endswith("/revoke")).submit(status=303)
    world.client().get("/api/v1/tokens", headers=headers, status=401)


def test_a_session_ended_elsewhere_is_refused_at_the_next_request(world: World) -> None:
    here, elsewhere = world.client("monitor.babel"), world.client("monitor.babel")
    assert elsewhere.get("/account", status=200)
    page = here.get("/account")
    next(
        f
        for f in page.forms.values()
        if "/account/sessions/" in f.action and f.action != "/account/sessions/end"
    ).submit(status=303)
    assert "/login" in elsewhere.get("/account", status=303).location
    assert here.get("/account", status=200)


def test_one_cannot_end_anothers_session(world: World) -> None:
    world.client("legal.babel")
    with world.session() as session:
        other = session.scalars(select(LoginSession).join(User, User.id == LoginSession.user_id).where(
            User.name == "legal.babel")).one().id  # fmt: skip
    browser = world.client("monitor.babel")
    token = world.csrf(browser)
    browser.post(f"/account/sessions/{other}/end", {"csrf_token": token}, status=404)


def test_a_chosen_language_speaks_at_once(world: World) -> None:
    browser = world.client("monitor.babel")
    form = next(f for f in browser.get("/account").forms.values() if f.action.endswith("/account/language"))
    form["locale"] = "en"
    assert "My account" in form.submit(status=303).follow().text
