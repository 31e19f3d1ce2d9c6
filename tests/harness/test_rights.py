"""Rights, by brute force: every door, every role, every owner's row, by page, by session and by token.

Each answer is judged by the oracle (tests/support/oracle.py), which is written from the decisions and not from the
policies. Every answer is searched for words that its reader may not see, and the database is watched: what is refused
changes not a byte, a GET never does, and what is changed is journaled.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from pyramid.response import Response
from sqlalchemy import select

from collab.commitments.models import Commitment
from collab.core.policy import signed_in
from collab.web.security import PUBLIC
from tests.support.doors import Door, doors
from tests.support.house import House
from tests.support.oracle import RULES, SEES, NoRule
from tests.support.rights import Examiner, Findings, kinds_of

pytestmark = pytest.mark.timeout(1800)
#: Fewer requests than this means that something was left out.
LEAST = 5_000


def examiner(house: House) -> Examiner:
    """Give an examiner without findings."""
    return Examiner(house.world, house.subjects, house.watch, house.callers)


def test_every_door_answers_everybody_as_decided(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    found = examiner(house).examine(doors(house.world.config))
    with capsys.disabled():
        print(
            f"\nrights: {sum(found.tried.values())} requests, {dict(found.tried)}, wrong {len(found.wrong)}"
        )
    assert not found.unknown, found.report()
    assert not found.wrong, found.report()
    assert sum(found.tried.values()) > LEAST


#: Who walks through the house on PostgreSQL too: a government's staff, an agency, a partner.
ON_POSTGRESQL = frozenset({"coordinator.babel", "liaison.kopukm.babel", "partner.okeoce", "auditor.kalteng"})


def test_the_same_on_postgresql(house_on_postgresql: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Queries may narrow differently there: four of the callers, every door, every row."""
    house = house_on_postgresql
    callers = [pair for pair in house.callers if pair[0].name in ON_POSTGRESQL]
    found = Examiner(house.world, house.subjects, house.watch, callers).examine(doors(house.world.config))
    with capsys.disabled():
        print(f"\nrights, PostgreSQL: {sum(found.tried.values())} requests, wrong {len(found.wrong)}")
    assert not found.unknown, found.report()
    assert not found.wrong, found.report()
    assert sum(found.tried.values()) > LEAST // 5


def test_the_oracle_has_a_rule_for_every_permission_and_every_row(house: House) -> None:
    asked = {str(door.permission) for door in doors(house.world.config) if not door.is_public}
    assert asked <= set(RULES), f"no rule for {sorted(asked - set(RULES))}"
    assert house.subjects.kinds <= set(SEES)


# -- faults that must be found -------------------------------------------------------------------------------


@pytest.fixture
def planted_house(house: House) -> Iterator[House]:
    """The house composed for this test alone, so that something may be planted."""
    with house.composed_anew():
        yield house


def door_named(house: House, route: str, method: str = "GET") -> Door:
    return next(d for d in doors(house.world.config) if (d.route, d.method) == (route, method))


@pytest.mark.parametrize(
    ("route", "method"),
    [
        ("commitment.cancel", "POST"),
        ("regulation.edit", "POST"),
        ("organization.edit", "GET"),
        ("users", "GET"),
        ("api.commitments", "POST"),
    ],
)
def test_a_permission_replaced_by_signed_in_is_found(
    planted_house: House, route: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = door_named(planted_house, route, method)
    monkeypatch.setitem(planted_house.world.registry["collab.policies"], str(door.permission), signed_in)
    found = examiner(planted_house).examine([door])
    assert any("not theirs to do" in line for line in found.wrong), found.report()


def plant_view(house: House, view: Any, **options: Any) -> Door:
    """Put one more view into the composed application."""
    config = house.world.config
    route = options["route_name"]
    config.add_route(route, options.pop("pattern"), factory=options.pop("factory", None))
    config.add_view(view, request_method="GET", collab_methods=("GET",), **options)
    config.commit()
    return door_named(house, route)


def test_a_query_without_scope_is_found(planted_house: House) -> None:
    def everything(request: Any) -> Response:
        return Response(" ".join(request.db.scalars(select(Commitment.statement))))

    door = plant_view(
        planted_house,
        everything,
        route_name="planted.everything",
        pattern="/planted/everything",
        permission="commitments:commitment:read",
    )
    found = examiner(planted_house).examine([door])
    assert any("gives away KanariCommitment" in line for line in found.wrong), found.report()


def test_a_row_without_scope_is_found(planted_house: House) -> None:
    def one(request: Any) -> Response:
        return Response(request.db.get_one(Commitment, int(request.matchdict["id"])).statement)

    door = plant_view(
        planted_house,
        one,
        route_name="planted.commitment",
        pattern="/planted/commitments/{id}",
        permission="commitments:commitment:read",
    )
    found = examiner(planted_house).examine([door])
    assert any("not theirs to know answered 200" in line for line in found.wrong), found.report()


def test_a_get_that_writes_is_found(planted_house: House) -> None:
    def counting(request: Any) -> Response:
        with request.registry["collab.sessions"]() as session:
            session.get_one(Commitment, planted_house.subjects.of("commitment")[0].id).statement += "!"
            session.commit()
        return Response("seen")

    door = plant_view(
        planted_house,
        counting,
        route_name="planted.counter",
        pattern="/planted/counter",
        permission="commitments:commitment:read",
    )
    found = examiner(planted_house).examine([door])
    assert any("a GET changed the database" in line for line in found.wrong), found.report()


def test_a_view_open_to_visitors_is_found(planted_house: House) -> None:
    """A door without a sign-in gives away what stands behind it."""

    def leaking(request: Any) -> Response:
        return Response(request.db.scalars(select(Commitment.statement)).first() or "")

    door = plant_view(
        planted_house, leaking, route_name="planted.open", pattern="/planted/open", permission=PUBLIC
    )
    found = examiner(planted_house).examine([door])
    assert any(line.startswith("nobody: ") for line in found.wrong), found.report()


def test_a_new_kind_of_door_needs_a_rule(planted_house: House) -> None:
    strange = Door("strange", "/strange/{id}", "GET", "strange:thing:read", None)
    with pytest.raises(NoRule, match="does not know what /strange"):
        kinds_of(strange)
    found: Findings = examiner(planted_house).examine(
        [strange, Door("s", "/commitments/s", "GET", "strange:thing:read", None)]
    )
    assert len(found.unknown) == 2
    assert "no rule for the permission strange:thing:read" in found.report()
