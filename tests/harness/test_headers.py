"""Headers, cookies and pages as they are answered: every door in every class of status, and what production adds."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyramid.response import Response as PyramidResponse
from webob import Response

from collab import compose
from collab.web.csp import HEADERS
from collab.web.security import PUBLIC
from tests.support.attack import Attacker
from tests.support.callers import Caller, nobody
from tests.support.doors import Door, doors
from tests.support.house import House
from tests.support.pages import inline_in_page
from tests.support.rights import FIELDS
from tests.support.subjects import MISSING
from tests.support.world import settings_for

pytestmark = pytest.mark.timeout(600)
#: What a policy may never allow.
LOOSE = ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "*", "http:", "https:", "blob:")


def faults(path: str, answer: Response) -> Iterator[str]:
    """Name what is missing in an answer, or too much."""
    for name, value in HEADERS.items():
        sent = answer.headers.getall(name)
        if len(sent) != 1:
            yield f"{name} was sent {len(sent)} times"
        elif name == "Content-Security-Policy":
            yield from policy_faults(sent[0])
        elif sent[0] != value:
            yield f"{name} is {sent[0]}"
    if not re.fullmatch(r"[0-9a-f]{12}", answer.headers.get("X-Request-Id", "")):
        yield "no number of the request"
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        yield "it says what it is made of"
    yield from cache_faults(path, answer)
    yield from cookie_faults(answer)
    if answer.content_type == "text/html":
        yield from inline_in_page(answer.text)
    if answer.content_type and answer.content_type.startswith("text/") and not answer.charset:
        yield "text without a charset"
    if (
        answer.status_int >= 400
        and path.startswith("/api/")
        and answer.content_type != "application/problem+json"
    ):
        yield f"a refusal of the API came as {answer.content_type}"


def policy_faults(policy: str) -> Iterator[str]:
    """Name what a Content-Security-Policy leaves open."""
    rules = dict(part.strip().partition(" ")[::2] for part in policy.split(";") if part.strip())
    if "sandbox" in rules and "allow-scripts" not in rules["sandbox"]:
        # A stored file: nothing in it runs, sends or leads anywhere; a viewer may bring its own style.
        yield from ("a stored file may fetch" for name in rules if name in ("script-src", "connect-src"))
        if rules.get("default-src") != "'none'" or rules.get("frame-ancestors") != "'none'":
            yield f"a stored file's policy is {policy}"
        return
    if rules.get("default-src") != "'none'":
        yield "the policy begins with something"
    for name in ("base-uri", "frame-ancestors"):
        if rules.get(name) != "'none'":
            yield f"the policy leaves {name} open"
    if "form-action" not in rules and "sandbox" not in rules:
        yield "the policy lets forms go anywhere"
    for name, sources in rules.items():
        loose = [source for source in sources.split() if source.strip("'") in LOOSE]
        if loose:
            yield f"the policy allows {loose} for {name}"


def cache_faults(path: str, answer: Response) -> Iterator[str]:
    """Nothing but static files may be kept by anyone else."""
    control = answer.headers.get("Cache-Control", "")
    if path.startswith("/static/"):
        return
    if "private" not in control and "no-store" not in control:
        yield f"Cache-Control is {control!r}"
    if "public" in control:
        yield "it may be kept by strangers"


def cookie_faults(answer: Response, *, is_production: bool = False) -> Iterator[str]:
    """Cookies: for this site only, out of scripts' reach, short-lived unless they say nothing."""
    for cookie in answer.headers.getall("Set-Cookie"):
        parts = [part.strip().lower() for part in cookie.split(";")]
        if "httponly" not in parts:
            yield f"a cookie scripts can read: {parts[0].split('=')[0]}"
        if not {"samesite=lax", "samesite=strict"} & set(parts):
            yield "a cookie without SameSite"
        if any(part.startswith("domain=") for part in parts):
            yield "a cookie for other hosts"
        if is_production and (
            "secure" not in parts or not cookie.startswith("__Host-") or "path=/" not in parts
        ):
            yield f"a cookie not bound to this host and TLS: {cookie.split('=')[0]}"


# -- every door ------------------------------------------------------------------------------------------------


def answers(house: House, attacker: Attacker, door: Door) -> Iterator[tuple[str, Response]]:
    """Ask at a door in the ways that give each class of status."""
    caller, path = attacker.way_in(door)
    missing = door.path(**(FIELDS | {"id": str(MISSING)})) if "id" in door.fields else path
    for somebody in (caller, house.caller(""), house.caller("nothing.at.all")):
        yield path, ask(somebody, door, path)
    yield missing, ask(caller, door, missing)
    yield path, caller.send("DELETE", path)
    yield path, caller.send(door.method, path + "?as_of=2999-01-01&limit=0&sort=nothing&strange=1")
    if not door.is_safe:
        yield path, replace(caller, csrf="").send(door.method, path, form=[])


def ask(caller: Caller, door: Door, path: str) -> Response:
    if door.is_safe:
        return caller.send(door.method, path)
    if door.is_api:
        return caller.send_json(door.method, path, {}, **{"If-Match": "*"})
    return caller.send(door.method, path, form=[])


def test_every_door_answers_with_every_header_and_no_inline_part(house: House) -> None:
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    attacker = Attacker(house)
    for door in doors(house.world.config):
        for path, answer in answers(house, attacker, door):
            seen[f"{answer.status_int // 100}xx"] += 1
            wrong += [
                f"{door.method} {path} ({answer.status_int}): {fault}" for fault in faults(path, answer)
            ]
            if house.watch.changed():
                house.watch.restore()
    assert not wrong, "\n".join(dict.fromkeys(wrong[:60]))
    assert {"2xx", "3xx", "4xx"} <= set(seen), seen


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/api/v1/nowhere",
        "/static/css/collab.css",
        "/static/nowhere.css",
        "/%00",
        "//evil.example/x",
        "/login/",
    ],
)
def test_addresses_without_a_door_have_the_headers_too(house: House, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "OPTIONS", "PUT", "TRACE"):
        answer = nobody(house.world).send(method, path)
        assert not list(faults(path, answer)), (method, path)
        assert answer.status_int < 500
        assert not (answer.location or "").startswith("//")


@pytest.fixture
def failing(house: House) -> Iterator[House]:
    """The house with a page and an operation that fail as nobody foresaw."""

    def fail(request: Any) -> PyramidResponse:
        raise ZeroDivisionError

    with house.composed_anew():
        config = house.world.config
        for path in ("/failing", "/api/v1/failing"):
            config.add_route(path, path)
            config.add_view(
                fail, route_name=path, permission=PUBLIC, request_method="GET", collab_methods=("GET",)
            )
        config.commit()
        yield house


@pytest.mark.parametrize("path", ["/failing", "/api/v1/failing"])
@pytest.mark.parametrize("name", ["", "monitor.babel"])
def test_a_failure_has_the_headers_too_and_tells_nothing(failing: House, path: str, name: str) -> None:
    answer = failing.caller(name).send("GET", path)
    assert answer.status_int == 500
    assert not list(faults(path, answer))
    assert "ZeroDivisionError" not in answer.text
    assert "Traceback" not in answer.text


# -- a harness that bites ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda r: r.headers.pop("X-Content-Type-Options"), "X-Content-Type-Options was sent 0 times"),
        (lambda r: r.headers.add("X-Frame-Options", "DENY"), "X-Frame-Options was sent 2 times"),
        (lambda r: setattr(r, "cache_control", "public, max-age=60"), "Cache-Control"),
        (lambda r: r.headers.add("Set-Cookie", "a=b; Path=/"), "a cookie scripts can read"),
        (lambda r: setattr(r, "text", "<p style='x'>"), "<p style>"),
        (lambda r: setattr(r, "text", "<svg><a href=' JavaScript:x'>"), "<a href="),
        (lambda r: setattr(r, "text", "<script>x</script>"), "<script>"),
        (
            lambda r: r.headers.update(
                {"Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'"}
            ),
            "unsafe-inline",
        ),
    ],
)
def test_a_planted_fault_is_named(house: House, change: Any, named: str) -> None:
    answer = nobody(house.world).send("GET", "/login")
    assert not list(faults("/login", answer))
    change(answer)
    assert any(named in fault for fault in faults("/login", answer)), list(faults("/login", answer))


# -- production -------------------------------------------------------------------------------------------------


@pytest.fixture
def production(house: House, tmp_path: Path) -> Iterator[Any]:
    """The same house under the settings of a serving machine."""
    strict = replace(
        settings_for(house.world.url, tmp_path),
        environment="production",
        hosts=("collab.example.go.id",),
        secret="x" * 40,
        argon2="standard",
    )
    config = compose(strict)
    yield config.make_wsgi_app()
    config.registry["collab.engine"].dispose()


@pytest.fixture
def visitor(house: House, production: Any) -> Caller:
    """A visitor of the production house, over TLS."""

    class There:
        app = production

    environ = {"HTTP_HOST": "collab.example.go.id", "wsgi.url_scheme": "https"}
    return Caller(There(), environ=environ)  # type: ignore[arg-type]


def test_production_binds_cookies_to_this_host_and_tls(visitor: Caller) -> None:
    answer = visitor.send("GET", "/login")
    assert answer.status_int == 200
    assert answer.headers.getall("Set-Cookie")
    assert not list(cookie_faults(answer, is_production=True))
    assert not list(faults("/login", answer))
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "collab.example.go.id.evil.example",
        "127.0.0.1",
        "collab.example.go.id@evil",
        "",
        "[::1]",
    ],
)
def test_production_answers_to_its_own_names_only(visitor: Caller, host: str) -> None:
    answer = replace(visitor, environ={**visitor.environ, "HTTP_HOST": host}).send("GET", "/login")
    assert answer.status_int == 400
    assert not list(faults("/login", answer))


def test_production_has_no_development_pages(visitor: Caller) -> None:
    for path in ("/style", "/style/agencies.json", "/bench/floor"):
        assert visitor.send("GET", path).status_int == 404, path


def test_a_forged_address_or_scheme_is_not_believed(visitor: Caller) -> None:
    """Only the server in front may say who calls and over what; the application reads none of it."""
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-For": "10.0.0.1"}
    answer = visitor.send("GET", "/nowhere", headers=forged)
    assert "evil.example" not in answer.text
    assert answer.headers["Strict-Transport-Security"]
