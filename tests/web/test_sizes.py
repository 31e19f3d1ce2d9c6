"""What is too large is refused before anybody reads it, whoever sends it."""

import unicodedata
from typing import Any

import colander
import pytest

from collab.auth import rules
from collab.web import schema, sizes
from tests.support.callers import Caller, browser_of, nobody, program_of
from tests.support.world import World

LONG = "x" * (sizes.MOST_BYTES + 1)


def caller(world: World, name: str | None) -> Caller:
    return browser_of(world, name) if name else nobody(world)


def test_a_form_beyond_all_bounds_is_refused_unread(world: World) -> None:
    answer = nobody(world).send("POST", "/login", form=[("name", LONG), ("password", "x")])
    assert answer.status_int == 413
    assert "Set-Cookie" not in answer.headers


def test_a_body_beyond_all_bounds_is_refused_unread(world: World) -> None:
    answer = program_of(world, "coordinator.babel").send_json("POST", "/api/v1/agreements", {"title": LONG})
    assert answer.status_int == 413
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("who", [None, "legal.babel"])
def test_a_body_of_countless_parts_is_refused_unparsed(world: World, who: str | None) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    body = part * (sizes.MOST_PARTS + 1) + b"--b--\r\n"
    kind = {"Content-Type": 'multipart/form-data; charset=utf-8; boundary="b"'}
    assert caller(world, who).send("POST", "/login", body=body, headers=kind).status_int == 413


@pytest.mark.parametrize("who", [None, "legal.babel"])
def test_text_in_parts_that_are_no_files_has_the_same_bound(world: World, who: str | None) -> None:
    body = f'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n{LONG}\r\n--b--\r\n'.encode()
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    assert caller(world, who).send("POST", "/login", body=body, headers=kind).status_int == 413


def test_countless_fields_are_refused_unparsed(world: World) -> None:
    body = "a&" * (sizes.MOST_PARTS + 1)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert nobody(world).send("POST", "/login", body=body.encode(), headers=kind).status_int == 413


@pytest.fixture
def normalized(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Lengths of the texts that were normalised: the work grows with their square where marks pile up."""
    lengths: list[int] = []
    plain = unicodedata.normalize

    def watched(form: Any, text: str) -> str:
        lengths.append(len(text))
        return plain(form, text[:5000])

    monkeypatch.setattr(unicodedata, "normalize", watched)
    return lengths


PILE = "a" + "\u0301\u0316" * 50_000


def test_text_far_over_its_limit_is_refused_before_it_is_normalised(normalized: list[int]) -> None:
    with pytest.raises(colander.Invalid):
        schema.Line(200).deserialize(colander.SchemaNode(colander.String()), PILE)
    assert max(normalized, default=0) <= 1000


def test_text_that_only_normalising_brings_under_its_limit_is_taken() -> None:
    decomposed = unicodedata.normalize("NFD", "ữ" * 200)
    assert schema.Line(200).deserialize(colander.SchemaNode(colander.String()), decomposed) == "ữ" * 200


def test_a_password_without_end_is_cut_before_it_is_normalised(normalized: list[int]) -> None:
    rules.password_text(PILE)
    assert rules.password_problems(PILE)
    assert max(normalized, default=0) <= 1000


def test_a_list_without_end_is_refused_before_its_rows_are_looked_up(world: World) -> None:
    program = program_of(world, "admin.babel")
    own = world.organization("19/kopukm")
    ids = [world.organization("19/perindag")] * 5000
    with world.counting() as statements:
        answer = program.send_json(
            "POST",
            f"/api/v1/organizations/{own}/merge",
            {"predecessor_ids": ids, "effective_on": "2026-01-01"},
        )
    assert answer.status_int == 422
    assert "predecessor_ids" in answer.json["errors"]
    assert len(statements) < 20
