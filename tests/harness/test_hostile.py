"""Hostile input over every form, body and query string: never a 5xx, never half a write, never a live script.

The inputs are always the same. A failure names the door and the input; a new page is tried as soon as it exists.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from pyramid.response import Response

from collab.web.security import PUBLIC
from tests.support import hostile
from tests.support.attack import Attacker, every_door, field_paths
from tests.support.house import House

pytestmark = pytest.mark.timeout(900)
#: Fewer inputs than this means that something was left out.
LEAST = 5_000
LARGE = "x" * 10_000_000


def test_no_input_breaks_a_door(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Attacker(house).attack(every_door(house))
    with capsys.disabled():
        print(
            f"\nhostile: {sum(outcome.tried.values())} inputs, {dict(outcome.statuses)}, wrong {len(outcome.wrong)}"
        )
    assert not outcome.wrong, outcome.report()
    assert sum(outcome.tried.values()) > LEAST


def test_no_input_breaks_a_door_on_postgresql(
    house_on_postgresql: House, capsys: pytest.CaptureFixture[str]
) -> None:
    """A few of the inputs, another one for each door: what SQLite swallows, PostgreSQL may refuse."""
    outcome = Attacker(house_on_postgresql, every=14).attack(every_door(house_on_postgresql))
    with capsys.disabled():
        print(f"\nhostile, PostgreSQL: {sum(outcome.tried.values())} inputs, wrong {len(outcome.wrong)}")
    assert not outcome.wrong, outcome.report()
    assert sum(outcome.tried.values()) > LEAST // 14


@pytest.mark.parametrize("route", ["regulation.new", "organization.new", "login"])
def test_ten_megabytes_in_a_field_are_refused(house: House, route: str) -> None:
    door = next(d for d in every_door(house) if (d.route, d.method) == (route, "POST"))
    caller, path = Attacker(house).way_in(door) if route != "login" else (house.caller(""), "/login")
    name = next(
        n for n, _value in hostile.field_names(caller.send("GET", path).text) if n in ("title", "name")
    )
    answer = caller.send("POST", path, form=[(name, LARGE)])
    assert answer.status_int in (400, 413, 422), answer.status
    assert not house.watch.changed()


@pytest.mark.parametrize("route", ["api.regulations", "api.organizations"])
def test_ten_megabytes_in_a_body_are_refused(house: House, route: str) -> None:
    door = next(d for d in every_door(house) if (d.route, d.method) == (route, "POST"))
    caller, path = Attacker(house).way_in(door)
    for content in ({"title": LARGE}, {LARGE: 1}, {"aliases": ["x"] * 2_000_000}):
        answer = caller.send_json("POST", path, content)
        assert answer.status_int in (400, 413, 422), answer.status
        assert answer.content_type == "application/problem+json"
        assert len(answer.body) < 1_000_000
    assert not house.watch.changed()


# -- a harness that bites ---------------------------------------------------------------------------------------


def careless_number(request: Any) -> Response:
    """Read a number as nobody should."""
    return Response(str(int(request.GET.get("limit", "1"))))


def careless_echo(request: Any) -> Response:
    """Give back what came."""
    return Response(f"<p>{request.GET.get('q', '')}</p>")


def careless_write(request: Any) -> Response:
    """Write first and refuse afterwards."""
    from collab.organizations.models import Government

    with request.registry["collab.sessions"]() as session:
        session.query(Government).filter_by(code="19").update({"short_name": "x"})
        session.commit()
    return Response("no", status=422)


@pytest.fixture
def planted_house(house: House) -> Iterator[House]:
    """The house composed for this test alone, so that something may be planted."""
    with house.composed_anew():
        yield house


@pytest.mark.parametrize(
    ("view", "method", "named"),
    [
        (careless_number, "GET", "answered 500"),
        (careless_echo, "GET", "gives back"),
        (careless_write, "POST", "answered 422 and yet wrote"),
    ],
)
def test_a_careless_view_is_found(planted_house: House, view: Any, method: str, named: str) -> None:
    config = planted_house.world.config
    config.add_route("planted", "/planted")
    config.add_view(
        view,
        route_name="planted",
        permission=PUBLIC,
        request_method=method,
        collab_methods=(method,),
        require_csrf=False,
    )
    config.commit()
    outcome = Attacker(planted_house).attack(d for d in every_door(planted_house) if d.route == "planted")
    assert any(named in line for line in outcome.wrong), outcome.report()


def test_the_inputs_are_always_the_same(house: House) -> None:
    door = next(d for d in every_door(house) if d.route == "api.regulations" and d.method == "POST")

    def listed() -> list[tuple[str, str]]:
        attacker = Attacker(house)
        caller, path = attacker.way_in(door)
        return [(one.kind, one.name) for one in attacker.attempts(door, caller, path)]

    assert listed() == listed()
    assert len(listed()) > 40


def test_every_field_of_a_body_is_tried(house: House) -> None:
    described = next(
        o
        for o in house.world.registry["collab.operations"]
        if (o.route, o.method) == ("api.commitments", "POST")
    )
    paths = field_paths(described.body())
    assert ("statement",) in paths
    assert ("checkpoints", "0", "due_on") in paths
