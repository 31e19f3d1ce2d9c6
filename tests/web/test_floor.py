"""The floor of the bench: for signed-in users, with few statements, and not there in production."""

from tests.support.world import World


def test_the_floor_asks_for_a_sign_in(world: World) -> None:
    assert world.client().get("/bench/floor", status=303).location.endswith("/login?next=%2Fbench%2Ffloor")


def test_the_floor_is_a_page_with_the_frame_and_one_statement_of_its_own(world: World) -> None:
    client = world.client("monitor.babel")
    with world.counting() as statements:
        page = client.get("/bench/floor")
    assert page.html.find("h1").text == "Floor"
    own = [one for one in statements if "idempotency_key" in one]
    assert len(own) == 1
