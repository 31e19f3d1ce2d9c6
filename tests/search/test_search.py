"""What is found, by whom: every word form, nothing that is not the asker's to see."""

import pytest

from tests.support.agreements import oke_oce
from tests.support.world import World


@pytest.fixture
def indexed(world: World) -> World:
    """The world with one agreement of Babel."""
    from collab.agreements import services

    with world.session() as session:
        services.create(session, actor=world.identity(session, "coordinator.babel"), **oke_oce(world))
    return world


def found(world: World, name: str, question: str) -> list[str]:
    """Give the titles that a user finds."""
    answer = world.program(name).get("/api/v1/search", {"q": question}).json
    return [item["title"] for item in answer["items"]]


def test_an_agreement_is_found_by_other_forms_of_its_words(indexed: World) -> None:
    for question in ("kewirausahaan", "wirausaha", "OK OCE", "mou oke", "KESEPAKATAN terpad"):
        assert any("OKE OCE" in title for title in found(indexed, "monitor.babel", question)), question


def test_what_one_may_not_see_is_not_found_and_not_counted(indexed: World) -> None:
    assert found(indexed, "liaison.pertanian.kalteng", "kewirausahaan") == []
    assert found(indexed, "monitor.kalteng", "kewirausahaan") == []
    page = indexed.client("monitor.kalteng").get("/search", {"q": "kewirausahaan"})
    assert "OKE OCE" not in page.text
    assert found(indexed, "liaison.kopukm.babel", "kewirausahaan")


@pytest.mark.parametrize(
    "question", ['"', "*", "a OR", "' ; --", "(", "\u202e", "x" * 200, "NEAR(", "-", "%"]
)
def test_odd_questions_find_nothing_and_break_nothing(indexed: World, question: str) -> None:
    indexed.client("monitor.babel").get("/search", {"q": question})


def test_a_question_that_is_too_long_is_refused_at_its_field(indexed: World) -> None:
    answer = indexed.program("monitor.babel").get("/api/v1/search", {"q": "x" * 201}, status=422)
    assert "q" in answer.json["errors"]


def test_visitors_sign_in_first(indexed: World) -> None:
    assert "/login?next=" in indexed.client().get("/search?q=oke").location
