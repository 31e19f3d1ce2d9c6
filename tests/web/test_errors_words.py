"""Refusals speak the reader's language, also in the one sentence of a problem."""

from tests.support.world import World


def test_the_detail_of_a_problem_is_in_the_readers_language(world: World) -> None:
    program = world.program("coordinator.babel")
    answer = program.post_json("/api/v1/commitments", {"statement": 5}, status=422).json
    said = [sentence for sentences in answer["errors"].values() for sentence in sentences]
    assert answer["detail"] in said
    assert "wrong type" not in answer["detail"]
