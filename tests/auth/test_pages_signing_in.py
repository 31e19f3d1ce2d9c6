"""Signing in and out as a browser does it: nothing is told, nothing is lost, nobody is locked out."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
import webtest
from sqlalchemy import select

from collab.audit.models import JournalEntry
from collab.auth import services
from collab.auth.models import LoginSession, RoleAssignment, SignInAttempt, User
from collab.core import clock
from collab.core.identity import Role
from tests.support.world import PASSWORD, World


def attempt(browser: webtest.TestApp, name: str, password: str, **expected: int) -> webtest.TestResponse:
    form = browser.get("/login").form
    form["name"], form["password"] = name, password
    return form.submit(**expected)


def tags(world: World) -> list[str]:
    with world.registry["collab.reading_sessions"]() as session:
        return list(session.scalars(select(JournalEntry.tag).order_by(JournalEntry.id)))


def test_a_page_sends_a_visitor_to_sign_in_and_back(world: World) -> None:
    browser = world.client()
    answer = browser.get("/account?x=1", status=303)
    assert parse_qs(urlsplit(answer.location).query)["next"] == ["/account?x=1"]
    form = answer.follow().form
    form["name"], form["password"] = "monitor.babel", PASSWORD
    assert form.submit(status=303).location.endswith("/account?x=1")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "/login"])
def test_signing_in_never_leads_off_this_site(world: World, target: str) -> None:
    browser = world.client()
    form = browser.get("/login", {"next": target}).form
    form["name"], form["password"] = "monitor.babel", PASSWORD
    assert urlsplit(form.submit(status=303).location).path == "/"


@pytest.mark.parametrize(
    "name", ["monitor.babel", "nobody.at.all", "x" * 300, "\x00", "closed.account", "tokens.only"]
)
def test_wrong_passwords_and_unknown_names_are_answered_alike(world: World, name: str) -> None:
    with world.session() as session:
        for word, active in (("closed.account", False), ("tokens.only", True)):
            row = User(name=word, display_name=word, is_active=active, changed_at=clock.now())
            row.password_hash = None if active else services.hash_password(PASSWORD, strength="cheap")
            session.add(row)
    browser = world.client()
    pages = []
    for typed in (name, "entirely.unknown"):
        answer = attempt(
            browser, typed, PASSWORD if name == "closed.account" else "not the password", status=422
        )
        text = answer.text.replace(answer.form["csrf_token"].value, "").replace(answer.form["name"].value, "")
        pages.append(text)
        assert PASSWORD not in answer.text
    assert pages[0] == pages[1]
    assert tags(world) == ["auth:session:refused"] * 2


def test_a_name_is_found_in_whatever_case_it_is_typed(world: World) -> None:
    attempt(world.client(), " MONITOR.Babel ", PASSWORD, status=303)


def test_what_was_typed_as_a_name_is_not_kept(world: World) -> None:
    attempt(world.client(), "my-secret-pass-phrase", "x", status=422)
    with world.registry["collab.reading_sessions"]() as session:
        assert "my-secret" not in session.scalars(select(JournalEntry.payload)).one()
        assert "my-secret" not in session.scalars(select(SignInAttempt.name)).one()


def test_the_sixth_try_must_wait_also_after_a_restart_and_with_the_right_password(world: World) -> None:
    with time_machine.travel(datetime(2026, 3, 30, 1, tzinfo=clock.UTC), tick=False) as traveller:
        browser = world.client()
        for _try in range(5):
            attempt(browser, "monitor.babel", "wrong", status=422)
        answer = attempt(browser, "monitor.babel", PASSWORD, status=429)
        assert 0 < int(answer.headers["Retry-After"]) <= 16
        world.restart()
        browser = world.client()
        attempt(browser, "monitor.babel", PASSWORD, status=429)
        attempt(browser, "legal.babel", PASSWORD, status=303)
        traveller.shift(timedelta(seconds=17))
        attempt(world.client(), "monitor.babel", PASSWORD, status=303)
        attempt(world.client(), "monitor.babel", "wrong", status=422)
        attempt(world.client(), "monitor.babel", PASSWORD, status=303)


def test_tries_made_while_waiting_do_not_lengthen_the_wait(world: World) -> None:
    with time_machine.travel(datetime(2026, 3, 30, 1, tzinfo=clock.UTC), tick=False) as traveller:
        for _try in range(5):
            attempt(world.client(), "monitor.babel", "wrong", status=422)
        for _try in range(20):
            attempt(world.client(), "monitor.babel", "wrong", status=429)
        traveller.shift(timedelta(seconds=17))
        attempt(world.client(), "monitor.babel", PASSWORD, status=303)


def test_unknown_names_wait_like_known_ones(world: World) -> None:
    for _try in range(5):
        attempt(world.client(), "nobody", "wrong", status=422)
    attempt(world.client(), "nobody", "wrong", status=429)


def test_an_address_waits_after_thirty_failures_whatever_the_names_and_a_success_of_ones_own(
    world: World,
) -> None:
    with time_machine.travel(datetime(2026, 3, 30, 1, tzinfo=clock.UTC), tick=False):
        for number in range(30):
            attempt(world.client(), f"nobody{number}", "wrong", status=422)
            if number == 20:
                attempt(world.client(), "legal.babel", PASSWORD, status=303)
        attempt(world.client(), "monitor.babel", PASSWORD, status=429)
        elsewhere = webtest.TestApp(world.app, extra_environ={"REMOTE_ADDR": "10.0.0.7"})
        attempt(elsewhere, "monitor.babel", PASSWORD, status=303)


def test_a_made_up_forwarding_header_is_no_way_around_the_wait(world: World) -> None:
    for number in range(31):
        browser = webtest.TestApp(
            world.app, extra_environ={"REMOTE_ADDR": "10.0.0.8", "HTTP_X_FORWARDED_FOR": f"1.2.3.{number}"}
        )
        attempt(browser, f"nobody{number}", "wrong", status=422 if number < 30 else 429)


def test_signing_in_gives_a_new_cookie_and_a_new_form_token(world: World) -> None:
    browser = world.client()
    form = browser.get("/login").form
    before, token = browser.cookies["collab"], form["csrf_token"].value
    form["name"], form["password"] = "monitor.babel", PASSWORD
    form.submit(status=303)
    assert browser.cookies["collab"] != before
    assert world.csrf(browser) != token
    planted = world.client()
    planted.set_cookie("collab", before.strip('"'))
    assert "/login" in planted.get("/account", status=303).location


def test_the_cookie_is_hidden_from_scripts_and_other_sites(world: World) -> None:
    browser = world.client()
    answer = attempt(browser, "monitor.babel", PASSWORD, status=303)
    cookie = next(
        value for name, value in answer.headerlist if name == "Set-Cookie" and value.startswith("collab=")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_secret_of_a_session_is_kept_only_as_a_hash(world: World) -> None:
    signed_in = services.sign_in(
        world.registry["collab.sessions"], strength="cheap", name="monitor.babel", password=PASSWORD
    )
    with world.session() as session:
        row = session.scalars(select(LoginSession)).one()
        assert row.token_hash != signed_in.token
        assert row.expires_at - row.created_at == timedelta(hours=12)


def test_a_session_ends_after_twelve_hours(world: World) -> None:
    start = datetime(2026, 3, 30, 1, tzinfo=clock.UTC)
    with time_machine.travel(start, tick=False) as traveller:
        browser = world.client("monitor.babel")
        traveller.shift(timedelta(hours=12) - timedelta(seconds=1))
        browser.get("/account", status=200)
        traveller.shift(timedelta(seconds=1))
        assert "/login" in browser.get("/account", status=303).location


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(world: World) -> None:
    browser = world.client("monitor.babel")
    copied = world.client()
    copied.set_cookie("collab", browser.cookies["collab"].strip('"'))
    assert copied.get("/account", status=200)
    page = browser.get("/account")
    next(f for f in page.forms.values() if f.action.endswith("/logout")).submit(status=303)
    assert "/login" in browser.get("/account", status=303).location
    assert "/login" in copied.get("/account", status=303).location
    assert tags(world)[-1] == "auth:session:ended"


def test_signing_out_needs_the_form_token(world: World) -> None:
    browser = world.client("monitor.babel")
    browser.post("/logout", status=400)
    browser.get("/account", status=200)


def test_an_outdated_hash_is_renewed_at_the_next_sign_in(world: World) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with world.session() as session:
        session.get_one(User, world.user("monitor.babel")).password_hash = old
    world.client("monitor.babel")
    with world.session() as session:
        assert session.get_one(User, world.user("monitor.babel")).password_hash != old
    world.client("monitor.babel")


def test_a_role_that_ends_is_gone_the_next_local_day(world: World) -> None:
    last = datetime(2026, 3, 30, 16, 0, tzinfo=clock.UTC)  # 23:00 in Jakarta
    with time_machine.travel(last, tick=False) as traveller:
        with world.session() as session:
            role = session.scalars(
                select(RoleAssignment).where(RoleAssignment.user_id == world.user("admin.babel"))
            ).one()
            assert role.role is Role.ADMIN
            role.valid_until = clock.today("Asia/Jakarta")
        browser = world.client("admin.babel")
        browser.get("/users", status=200)
        traveller.shift(timedelta(minutes=59, seconds=59))
        browser.get("/users", status=200)
        traveller.shift(timedelta(seconds=1))
        browser.get("/users", status=403)


def test_what_was_typed_when_the_sign_in_had_ended_is_sent_after_signing_in(world: World) -> None:
    browser = world.client("admin.babel")
    form = browser.get("/users/new").forms["form"]
    form["name"], form["display_name"] = "siti.rahma", 'Siti & Rahma "x"'
    key = form["idempotency_key"].value
    with world.session() as session:
        for row in session.scalars(select(LoginSession)):
            row.ended_at = clock.now()
    again = form.submit(status=401)
    assert "Siti &amp; Rahma" in again.text
    form = again.form
    form["name"], form["password"] = "admin.babel", "wrong"
    form = form.submit(status=422).form
    form["password"] = PASSWORD
    ready = form.submit(status=200)
    assert ready.form.action == "/users/new"
    assert ready.form["idempotency_key"].value == key
    ready.form.submit(status=200)
    with world.session() as session:
        assert (
            session.scalars(select(User.display_name).where(User.name == "siti.rahma")).one()
            == 'Siti & Rahma "x"'
        )


@pytest.mark.parametrize("kept", ["nonsense", "[1,2]", '[["a"]]', '{"a": 1}', "[" * 2000, '[["a", 1]]'])
def test_misshapen_kept_fields_are_nothing(world: World, kept: str) -> None:
    browser = world.client()
    token = browser.get("/login").form["csrf_token"].value
    fields = {
        "csrf_token": token,
        "name": "monitor.babel",
        "password": PASSWORD,
        "kept": kept,
        "next": "/account",
    }
    assert browser.post("/login", fields, status=303).location.endswith("/account")


def test_a_bearer_header_never_falls_back_to_the_cookie(world: World) -> None:
    browser = world.client("admin.babel")
    headers = {"Authorization": "Bearer wrong"}
    browser.get("/api/v1/users", headers=headers, status=401)
    browser.post_json("/api/v1/users", {"name": "eve", "display_name": "Eve"}, headers=headers, status=401)
    browser.post_json("/api/v1/users", {"name": "eve", "display_name": "Eve"}, status=400)
