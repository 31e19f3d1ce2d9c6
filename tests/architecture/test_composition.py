"""What the composed house declares: permissions, methods, policies; and what stops its start."""

import itertools
from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationConflictError, ConfigurationError
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from sqlalchemy import event

from collab import FEATURES, check_views, compose
from collab.core import errors as refusals
from collab.core.policy import anyone, signed_in
from collab.web.errors import SENTENCES, TITLES
from collab.web.security import READING
from tests.support.doors import Door, doors
from tests.support.world import World, settings_for

#: Doors for visitors without an account, each for a reason.
PUBLIC = {
    ("GET", "home"),  # a visitor is sent on to the public pages or to the sign-in
    ("GET", "login"),
    ("POST", "login"),
    ("POST", "logout"),  # ending a sign-in that is already over is no refusal
    ("GET", "language"),
    ("POST", "language"),
    ("GET", "healthz"),
    ("GET", "readyz"),
    ("GET", "metrics"),  # answers only the machine itself and those that carry its token
    ("GET", "style"),  # outside production only
    ("GET", "style.agencies"),
    ("GET", "bench.floor"),  # outside production only
    ("GET", "api.openapi"),
    ("GET", "api.docs"),
}
#: Acts that every signed-in user may do to what is their own.
OWN = {"auth:account:own"}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Configurator]:
    """The composed house; no request is made, so that its database need not exist."""
    folder = tmp_path_factory.mktemp("composed")
    yield (built := compose(settings_for(f"sqlite:///{folder}/none.sqlite", folder)))
    built.registry["collab.engine"].dispose()


# -- what is declared ----------------------------------------------------------------------------------------


def test_every_door_names_its_permission(config: Configurator) -> None:
    assert not [str(door) for door in doors(config) if door.permission is None]


def test_every_permission_asked_for_has_a_policy(config: Configurator) -> None:
    policies = config.registry["collab.policies"]
    assert not {
        f"{door} asks for {door.permission}"
        for door in doors(config)
        if not door.is_public and door.permission not in policies
    }


def permissions() -> Iterator[tuple[str, StrEnum]]:
    """Walk over every permission of every feature."""
    for feature in FEATURES:
        try:
            words = import_module(f"collab.{feature}.vocabulary")
        except ModuleNotFoundError:
            continue
        yield from ((feature, permission) for permission in getattr(words, "Permission", ()))


def test_every_permission_of_every_feature_has_a_policy(config: Configurator) -> None:
    missing = {str(word) for _feature, word in permissions()} - set(config.registry["collab.policies"])
    assert not missing


def test_permissions_are_named_feature_subject_action() -> None:
    for feature, word in permissions():
        assert str(word).split(":")[0] == feature, f"{word} belongs to {feature}"
        assert len(str(word).split(":")) == 3, f"{word} is not feature:subject:action"


def test_no_policy_lets_visitors_in(config: Configurator) -> None:
    policies = config.registry["collab.policies"]
    open_ones = {
        name for name, predicate in policies.items() if predicate is anyone or predicate(None, object())
    }
    assert not open_ones


def test_what_is_public_is_public_for_a_reason(config: Configurator) -> None:
    public = {(door.method, door.route) for door in doors(config) if door.is_public}
    assert not {entry for entry in public - PUBLIC if not entry[1].startswith("public")}


def reading_alone(door: Door, policies: dict[str, Any]) -> bool:
    """Tell whether an act asks for nothing more than the right to look."""
    if door.is_safe or door.is_public or door.permission in OWN:
        return False
    is_reading = str(door.permission).rsplit(":", 1)[-1] in READING
    return is_reading or policies.get(str(door.permission)) is signed_in


def test_no_act_asks_for_a_reading_permission_alone(config: Configurator) -> None:
    policies = config.registry["collab.policies"]
    assert not [
        f"{door} asks only for {door.permission}" for door in doors(config) if reading_alone(door, policies)
    ]


def test_a_planted_act_under_a_reading_permission_is_named() -> None:
    door = Door("x", "/x", "POST", "agreements:agreement:read", None)
    assert reading_alone(door, {})
    assert reading_alone(Door("x", "/x", "POST", "a:b:change", None), {"a:b:change": signed_in})


# -- what stops the start -------------------------------------------------------------------------------------


def view(request: Any) -> Response:
    """Answer anything."""
    return Response("x")


def plant(folder: Path, add: Callable[[Configurator], None]) -> None:
    """Compose the house with something added, as a feature would add it."""
    built = compose(settings_for(f"sqlite:///{folder}/none.sqlite", folder))
    try:
        built.add_route("planted", "/planted")
        add(built)
        built.commit()
        check_views(built)
    finally:
        built.registry["collab.engine"].dispose()


PLANTS: dict[str, tuple[Callable[[Configurator], None], type[Exception], str]] = {
    "a view without a permission": (
        lambda c: c.add_view(view, route_name="planted", request_method="GET", collab_methods=("GET",)),
        ConfigurationError,
        "names no permission",
    ),
    "a view that does not say its methods": (
        lambda c: c.add_view(view, route_name="planted", permission="x:y:read", request_method="GET"),
        ConfigurationError,
        "does not declare its methods",
    ),
    "a view that answers every method": (
        lambda c: c.add_view(view, route_name="planted", permission="x:y:read", collab_methods=("GET",)),
        ConfigurationError,
        "does not declare its methods",
    ),
    "a permission with two policies": (
        lambda c: (c.add_policies({"x:y:z": signed_in}), c.add_policies({"x:y:z": anyone})),
        ConfigurationConflictError,
        "x:y:z",
    ),
    "two menu entries in one place": (
        lambda c: [
            c.add_menu_item(word, "planted", icon="x", permission="x:y:z", order=7) for word in ("a", "b")
        ],
        ConfigurationConflictError,
        "menu",
    ),
    "two panels in one place": (
        lambda c: [
            c.add_panel("agency", order=7, template="t", fill=fill)
            for fill in (lambda s, r: {}, lambda s, r: {})
        ],
        ConfigurationConflictError,
        "panel",
    ),
    "a journal tag with two sentences": (
        lambda c: [c.add_journal_sentence("x:y:z", word) for word in ("a", "b")],
        ConfigurationConflictError,
        "x:y:z",
    ),
    "a constraint with two explanations": (
        lambda c: [c.explain_constraint("uq_x", "field", word) for word in ("a", "b")],
        ConfigurationConflictError,
        "uq_x",
    ),
    "a document owner named twice": (
        lambda c: [c.add_document_owner("x", sees) for sees in (lambda *a: True, lambda *a: False)],
        ConfigurationConflictError,
        "owner",
    ),
}


@pytest.mark.parametrize("name", PLANTS)
def test_the_start_is_refused(name: str, tmp_path: Path) -> None:
    add, kind, words = PLANTS[name]
    with pytest.raises(kind, match=words):
        plant(tmp_path, add)


def test_a_house_with_a_proper_view_starts(tmp_path: Path) -> None:
    plant(
        tmp_path,
        lambda c: c.add_view(
            view,
            route_name="planted",
            permission=NO_PERMISSION_REQUIRED,
            request_method="GET",
            collab_methods=("GET",),
        ),
    )


# -- error pages ----------------------------------------------------------------------------------------------


class Failing(Exception):
    """Something nobody foresaw."""


RAISED: tuple[Exception, ...] = (
    refusals.Refused("no", law="UU 23/2014"),
    refusals.Stale("late"),
    refusals.KeyReused("spent"),
    refusals.NotFound("gone"),
    refusals.Forbidden("not yours"),
    refusals.Invalid({"field": ["wrong"]}),
    refusals.TooManyTries("slow", retry_after=5),
    refusals.Unavailable("later"),
    refusals.StorageFull("full"),
    refusals.TooLarge("large"),
    Failing("boom"),
)


def test_error_pages_ask_the_database_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """After a failed COMMIT the transaction is gone: an error page that asks anything would fail itself."""
    engine = world.registry["collab.engine"]
    statements: list[str] = []
    raised: list[Exception] = []

    def failing(request: Any) -> Response:
        request.identity  # noqa: B018 (loads it, as every guarded view does)
        statements.clear()
        raise raised[0]

    # The world's application is planted with a view that fails in every way there is.
    config = compose(settings_for(world.url, world.folder))
    for path in ("/failing", "/api/v1/failing"):
        config.add_route(path, path)
        config.add_view(
            failing,
            route_name=path,
            permission=NO_PERMISSION_REQUIRED,
            request_method="GET",
            collab_methods=("GET",),
        )
    config.commit()
    world.registry["collab.engine"].dispose()
    world.config, world.registry, world.app = config, config.registry, config.make_wsgi_app()
    engine = world.registry["collab.engine"]
    browser = world.client("monitor.babel")
    # What is journaled of a refusal is written after the answer, by a connection of its own.
    world.registry["collab.event_sink"] = None

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    answered = set()
    for path, error in itertools.product(("/failing", "/api/v1/failing"), RAISED):
        raised[:] = [error]
        answer = browser.get(path, status="*")
        answered.add(answer.status_int)
        assert statements == [], f"{type(error).__name__} at {path} asked {statements}"
        assert answer.status_int == getattr(error, "status", 500) or isinstance(error, refusals.Stale)
    assert {403, 404, 409, 413, 422, 429, 500, 503, 507} <= answered


def test_every_error_has_a_title() -> None:
    assert set(SENTENCES) <= set(TITLES)
