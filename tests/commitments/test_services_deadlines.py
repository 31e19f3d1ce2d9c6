"""Another due day, giving up, obstacles: in time and late, who decides, what is refused."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from collab.commitments.errors import CancellationRefused, DeadlineRefused, NotIndependent
from collab.commitments.services import deadlines, obstacles
from collab.commitments.vocabulary import DeadlineOutcome, ObstacleMove
from collab.core.errors import Forbidden, Invalid, Refused
from tests.support import commitments as made
from tests.support.commitments import day


@pytest.fixture
def mandate_id(session: Session, people: Any) -> int:
    return made.mandate(session, people, on=-30)


@pytest.fixture
def row(session: Session, people: Any, mandate_id: int) -> Any:
    """A commitment that fell due ten days ago."""
    return made.promise(session, people, mandate_id, on=-30, due=-10)


def cancel(session: Session, people: Any, row: Any, by: str = "coordinator.babel", **values: Any) -> Any:
    with session.begin_nested():
        made_ones = deadlines.cancel(
            session, row, actor=people.identity(session, by), **({"reason": "Program digabung."} | values)
        )
    session.commit()
    return made_ones


def test_a_day_asked_for_in_time_replaces_the_old_one_in_the_scorecard_too(session, people, row) -> None:
    wish = made.ask(session, people, row, day(15), on=-10)
    assert (wish.old_due_on, made.standing(session, row, -9).state) == (day(-10), "overdue")
    made.answer(session, people, wish, on=-8)
    assert (made.standing(session, row, -9).state, made.standing(session, row, -9).outcome) == (
        "overdue",
        "missed",
    )
    span = made.standing(session, row)
    assert (span.state, span.due_on, span.scoring_due_on, span.outcome, span.rescheduled) == (
        "open",
        day(15),
        day(15),
        "pending",
        False,
    )


def test_a_day_asked_for_late_leaves_the_miss_in_the_scorecard(session, people, row) -> None:
    made.answer(session, people, made.ask(session, people, row, day(30), on=-9), on=-8)
    span = made.standing(session, row)
    assert (span.state, span.signal, span.due_on, span.scoring_due_on, span.outcome, span.rescheduled) == (
        "open",
        "yellow",
        day(30),
        day(-10),
        "missed",
        True,
    )
    made.settle(session, people, row)
    span = made.standing(session, row)
    assert (span.state, span.outcome) == ("met_late", "missed")


def test_a_refused_wish_changes_nothing_and_leaves_the_way_to_another(session, people, row) -> None:
    wish = made.ask(session, people, row, day(15))
    with pytest.raises(DeadlineRefused) as caught:
        made.ask(session, people, row, day(16))
    assert caught.value.status == 409
    made.answer(session, people, wish, DeadlineOutcome.REJECTED, note="Tidak perlu.")
    assert made.standing(session, row).due_on == day(-10)
    with pytest.raises(DeadlineRefused):
        made.answer(session, people, wish)
    made.ask(session, people, row, day(16))


@pytest.mark.parametrize(
    ("new_due_on", "reason", "field"),
    [(day(-1), "x", "new_due_on"), (day(10), "x", "new_due_on"), (day(11), "  ", "reason")],
)
def test_what_is_wrong_in_a_wish_is_named_at_its_field(
    session, people, mandate_id, new_due_on, reason, field
) -> None:
    row = made.promise(session, people, mandate_id, due=10)
    with pytest.raises(Invalid) as caught:
        made.ask(session, people, row, new_due_on, reason=reason)
    assert list(caught.value.errors) == [field]


def test_only_the_owner_asks_and_never_decides(session, people, mandate_id) -> None:
    row = made.promise(session, people, mandate_id, owner="19/kerjasama", support=("19/budpar",), due=10)
    for name in ("liaison.budpar.babel", "coordinator.babel", "liaison.kopukm.babel"):
        with pytest.raises(Forbidden):
            made.ask(session, people, row, day(20), by=name)
    wish = made.ask(session, people, row, day(20), by="liaison.setda.babel")
    assert wish.asked_for_id == people.organization("19/kerjasama")
    for name in ("liaison.setda.babel", "legal.babel", "auditor.babel", "coordinator.kalteng"):
        with pytest.raises(Forbidden):
            made.answer(session, people, wish, by=name)
    with pytest.raises(NotIndependent):
        made.answer(session, people, wish, by="coordinator.babel")  # acts for the very biro
    made.answer(session, people, wish, by="monitor.babel")
    assert made.standing(session, row).due_on == day(20)


def test_a_settled_or_cancelled_checkpoint_keeps_its_day(session, people, mandate_id) -> None:
    row = made.promise(session, people, mandate_id, due=10)
    wish = made.ask(session, people, row, day(20))
    made.settle(session, people, row)
    with pytest.raises(DeadlineRefused):
        made.answer(session, people, wish)
    made.answer(session, people, wish, DeadlineOutcome.REJECTED)
    with pytest.raises(DeadlineRefused):
        made.ask(session, people, row, day(20))
    other = made.promise(session, people, mandate_id, due=10)
    cancel(session, people, other)
    with pytest.raises(DeadlineRefused):
        made.ask(session, people, other, day(20))


def test_cancelling_gives_up_what_is_not_met_and_keeps_the_rest(session, people, mandate_id) -> None:
    row = made.promise(
        session,
        people,
        mandate_id,
        on=-30,
        checkpoints=[
            {"code": "B1", "due_on": day(-20)},
            {"code": "B2", "due_on": day(-5)},
            {"code": "B3", "due_on": day(5)},
        ],
    )
    made.settle(session, people, row, code="B1", on=-25)
    assert len(cancel(session, people, row)) == 2
    states = {code: made.standing(session, row, 0, code) for code in ("B1", "B2", "B3")}
    assert {code: (span.state, span.outcome) for code, span in states.items()} == {
        "B1": ("met", "met"),
        "B2": ("cancelled", "missed"),
        "B3": ("cancelled", "void"),
    }
    assert made.signal(session, row).signal == "green"
    with pytest.raises(CancellationRefused):
        cancel(session, people, row)


def test_cancelling_needs_a_reason_and_another_unit(session, people, mandate_id) -> None:
    own = made.promise(session, people, mandate_id, owner="19/kerjasama", due=10)
    with pytest.raises(NotIndependent):
        cancel(session, people, own, by="coordinator.babel")
    with pytest.raises(Invalid) as caught:
        cancel(session, people, own, by="monitor.babel", reason=" ")
    assert list(caught.value.errors) == ["reason"]
    for name in ("liaison.setda.babel", "legal.babel", "auditor.babel", "monitor.kalteng"):
        with pytest.raises(Forbidden):
            cancel(session, people, own, by=name)
    cancel(session, people, own, by="monitor.babel")
    assert made.signal(session, own).signal is None


def test_an_obstacle_is_raised_remarked_on_and_cleared_once(session, people, mandate_id) -> None:
    row = made.promise(session, people, mandate_id, due=40)
    obstacle = made.hinder(session, people, row, needs="19/budpar")
    assert made.signal(session, row).signal == "yellow"
    actor = people.identity(session, "liaison.budpar.babel")  # the one who is asked
    values = {"actor": actor, "note": "Dikirim besok."}
    obstacles.follow_up(session, obstacle, row, move=ObstacleMove.NOTED, **values)
    session.commit()
    assert made.signal(session, row).open_obstacles == 1
    obstacles.follow_up(session, obstacle, row, move=ObstacleMove.RESOLVED, **values)
    session.commit()
    assert (made.signal(session, row).signal, made.signal(session, row).open_obstacles) == ("green", 0)
    with pytest.raises(Refused):
        obstacles.follow_up(session, obstacle, row, move=ObstacleMove.RESOLVED, **values)
    with pytest.raises(Forbidden):
        made.hinder(session, people, row, by="liaison.kominfo.babel")
