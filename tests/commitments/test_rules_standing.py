"""The state and signal of a checkpoint on a day: line by line, with both edges."""

from dataclasses import replace

import pytest

from collab.commitments.rules import ObstacleFact, Parameters, checkpoint_standing
from collab.commitments.vocabulary import CheckpointState, Outcome, Signal
from tests.commitments.facts import (
    BLOCKED,
    IN_PROGRESS,
    checkpoint,
    commitment,
    moved,
    on,
    report,
    standing,
)

CANCELLED = CheckpointState.CANCELLED
MET, MET_LATE = CheckpointState.MET, CheckpointState.MET_LATE
AWAITING, RETURNED = CheckpointState.AWAITING_VERIFICATION, CheckpointState.RETURNED
OVERDUE, UNDATED = CheckpointState.OVERDUE, CheckpointState.UNDATED
DUE_SOON, OPEN = CheckpointState.DUE_SOON, CheckpointState.OPEN
GREEN, YELLOW, RED, GREY = Signal.GREEN, Signal.YELLOW, Signal.RED, Signal.GREY


def seen(subject, day, **others):
    found = standing(commitment(subject, **others), day)
    return found.state, found.signal


@pytest.mark.parametrize(
    ("subject", "day", "expected"),
    [
        # 1 cancelled
        (checkpoint(40, cancelled=5), 4, (OPEN, GREEN)),
        (checkpoint(40, cancelled=5), 5, (CANCELLED, None)),
        (checkpoint(10, cancelled=15), 14, (OVERDUE, RED)),
        (checkpoint(10, cancelled=15), 15, (CANCELLED, None)),
        (checkpoint(10, report(5, verified=6), cancelled=15), 15, (CANCELLED, None)),
        # 2 met, met late
        (checkpoint(10, report(10, verified=10)), 10, (MET, GREEN)),
        (checkpoint(10, report(10, verified=15)), 15, (MET, GREEN)),
        (checkpoint(10, report(11, verified=11)), 11, (MET_LATE, GREEN)),
        (checkpoint(None, report(11, verified=11)), 11, (MET, GREEN)),
        (checkpoint(40, report(5, IN_PROGRESS, verified=6)), 6, (OPEN, GREEN)),
        (checkpoint(10, report(5, verified=6), report(8, BLOCKED, id=2, verified=9)), 12, (MET, GREEN)),
        # 3 awaiting verification
        (checkpoint(10, report(10)), 9, (DUE_SOON, YELLOW)),
        (checkpoint(10, report(10)), 10, (AWAITING, GREY)),
        (checkpoint(10, report(10)), 99, (AWAITING, GREY)),
        (checkpoint(10, report(10, verified=20)), 19, (AWAITING, GREY)),
        (checkpoint(10, report(11)), 11, (OVERDUE, RED)),
        (checkpoint(None, report(11)), 11, (AWAITING, GREY)),
        (checkpoint(10, report(10, IN_PROGRESS)), 10, (DUE_SOON, YELLOW)),
        (checkpoint(10, report(10, IN_PROGRESS)), 11, (OVERDUE, RED)),
        # 4 returned
        (checkpoint(40, report(2, returned=3)), 2, (AWAITING, GREY)),
        (checkpoint(40, report(2, returned=3)), 3, (RETURNED, YELLOW)),
        (checkpoint(40, report(2, returned=3)), 40, (RETURNED, YELLOW)),
        (checkpoint(40, report(2, returned=3)), 41, (OVERDUE, RED)),
        (checkpoint(40, report(2, IN_PROGRESS, returned=3)), 40, (RETURNED, YELLOW)),
        (checkpoint(10, report(10, returned=12)), 19, (RETURNED, YELLOW)),
        (checkpoint(10, report(10, returned=12)), 20, (OVERDUE, RED)),
        (checkpoint(10, report(10, returned=3)), 10, (RETURNED, YELLOW)),
        # no grace for what was late, nor for what claimed nothing
        (checkpoint(10, report(11, returned=12)), 12, (OVERDUE, RED)),
        (checkpoint(10, report(10, IN_PROGRESS, returned=12)), 12, (OVERDUE, RED)),
        # a repair inside the grace, and the day after it
        (checkpoint(10, report(10, returned=12), report(19, id=2)), 19, (AWAITING, GREY)),
        (checkpoint(10, report(10, returned=12), report(20, id=2)), 20, (OVERDUE, RED)),
        (checkpoint(10, report(10, returned=12), report(19, id=2, verified=30)), 30, (MET, GREEN)),
        (checkpoint(10, report(10, returned=12), report(20, id=2, verified=30)), 30, (MET_LATE, GREEN)),
        # only the first return earns grace
        (checkpoint(10, report(9, returned=9), report(10, id=2, returned=10)), 10, (RETURNED, YELLOW)),
        (checkpoint(10, report(9, returned=9), report(10, id=2, returned=10)), 11, (OVERDUE, RED)),
        (checkpoint(None, report(9, returned=12)), 19, (RETURNED, YELLOW)),
        (checkpoint(None, report(9, returned=12)), 20, (UNDATED, GREY)),
        # 5 overdue
        (checkpoint(10), 10, (DUE_SOON, YELLOW)),
        (checkpoint(10), 11, (OVERDUE, RED)),
        # 6 undated
        (checkpoint(None), 50, (UNDATED, GREY)),
        (checkpoint(None, report(5, IN_PROGRESS, verified=5)), 50, (UNDATED, GREY)),
        # 7 due soon
        (checkpoint(40), 25, (OPEN, GREEN)),
        (checkpoint(40), 26, (DUE_SOON, YELLOW)),
        (checkpoint(40), 40, (DUE_SOON, YELLOW)),
        # 8 open, fresh for 92 days from the start
        (checkpoint(200), 0, (OPEN, GREEN)),
        (checkpoint(200), 92, (OPEN, GREEN)),
        (checkpoint(200), 93, (OPEN, GREY)),
    ],
)
def test_the_first_line_that_applies_decides(subject, day, expected):
    assert seen(subject, day) == expected


def test_a_second_return_inside_the_first_grace_ends_it():
    facts = (report(10, id=1, returned=12), report(13, id=2, returned=14), report(15, id=3, verified=20))
    whole = commitment(checkpoint(10, *facts))
    assert standing(whole, 13).state is AWAITING
    assert standing(whole, 14).state is OVERDUE
    assert standing(whole, 14).stale_return
    assert standing(whole, 15).late_waiting
    assert standing(whole, 20).state is MET_LATE


def test_what_replaces_a_waiting_repair_inside_the_grace_is_the_repair():
    facts = (
        report(10, id=1, returned=12),
        report(13, id=2, supersedes=1),
        report(19, id=3, supersedes=2, verified=25),
    )
    whole = commitment(checkpoint(10, *facts))
    assert standing(whole, 19).state is AWAITING
    assert standing(whole, 25).state is MET
    assert standing(whole, 25).settled_on == on(10)


def test_a_repair_does_not_carry_back_a_claim_made_later():
    facts = (report(10, IN_PROGRESS, id=1, returned=12), report(13, id=2, verified=14))
    assert seen(checkpoint(10, *facts), 14) == (MET_LATE, GREEN)


def test_a_correction_of_older_progress_is_no_repair():
    facts = (
        report(2, IN_PROGRESS, id=1, verified=3),
        report(10, id=2, returned=12),
        report(13, id=3, supersedes=1, verified=14),
    )
    assert seen(checkpoint(10, *facts), 14) == (MET_LATE, GREEN)


def test_a_verified_repair_ends_the_repair():
    facts = (
        report(9, id=1, returned=10),
        report(11, IN_PROGRESS, id=2, verified=12),
        report(13, id=3, verified=14),
    )
    assert seen(checkpoint(10, *facts), 14) == (MET_LATE, GREEN)


def test_grace_and_soon_days_are_parameters():
    subject = checkpoint(40, report(40, returned=41))
    whole = commitment(subject)
    parameters = Parameters(repair_days=2, soon_days=3)
    states = {day: checkpoint_standing(whole, subject, on(day), parameters).state for day in (36, 37, 43, 44)}
    assert states == {36: OPEN, 37: DUE_SOON, 43: RETURNED, 44: OVERDUE}


# -- the second chips ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "day", "late_waiting", "stale_return"),
    [
        (checkpoint(10), 11, False, False),
        (checkpoint(10, report(11)), 10, False, False),
        (checkpoint(10, report(11)), 11, True, False),
        (checkpoint(10, report(11, returned=13)), 12, True, False),
        (checkpoint(10, report(11, returned=13)), 13, False, True),
        (checkpoint(10, report(10)), 11, False, False),
        (checkpoint(10, report(10, returned=12)), 19, False, False),
        (checkpoint(10, report(10, returned=12)), 20, False, True),
        (checkpoint(10, report(11, verified=12)), 12, False, False),
        (checkpoint(10, report(9, IN_PROGRESS)), 11, True, False),
        (checkpoint(None, report(10, returned=12)), 20, False, True),
    ],
)
def test_what_stays_red_says_whether_something_waits_or_came_back(subject, day, late_waiting, stale_return):
    found = standing(commitment(subject), day)
    assert (found.late_waiting, found.stale_return) == (late_waiting, stale_return)


# -- moved due days ------------------------------------------------------------------------------------------


def test_a_change_asked_for_in_time_moves_state_and_scorecard():
    whole = commitment(checkpoint(10, moves=(moved(10, 12, 60),)))
    assert standing(whole, 11).state is OVERDUE
    found = standing(whole, 12)
    assert (found.state, found.signal, found.rescheduled) == (OPEN, GREEN, False)
    assert (found.due_on, found.scoring_due_on, found.outcome) == (on(60), on(60), Outcome.PENDING)


def test_a_change_asked_for_late_leaves_it_missed_and_yellow():
    whole = commitment(checkpoint(10, report(50, verified=55), moves=(moved(11, 12, 60),)))
    assert standing(whole, 11).signal is RED
    found = standing(whole, 12)
    assert (found.state, found.signal, found.rescheduled) == (OPEN, YELLOW, True)
    assert (found.due_on, found.scoring_due_on, found.outcome) == (on(60), on(10), Outcome.MISSED)
    assert standing(whole, 50).state is AWAITING
    assert standing(whole, 50).outcome is Outcome.MISSED
    assert standing(whole, 55).state is MET_LATE


def test_a_late_change_is_judged_by_its_new_day_again():
    whole = commitment(checkpoint(10, moves=(moved(11, 12, 60),)))
    assert standing(whole, 45).state is OPEN
    assert standing(whole, 46).state is DUE_SOON
    assert standing(whole, 61).state is OVERDUE


# -- obstacles -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "signal"), [(4, GREEN), (5, YELLOW), (8, YELLOW), (9, GREEN)])
def test_an_open_obstacle_turns_open_yellow(day, signal):
    whole = commitment(checkpoint(60), obstacles=(ObstacleFact(on(5), on(9)),))
    assert standing(whole, day).state is OPEN
    assert standing(whole, day).signal is signal


def test_an_open_obstacle_turns_a_stale_open_one_yellow_too():
    whole = commitment(checkpoint(200), obstacles=(ObstacleFact(on(5)),))
    assert standing(whole, 100).signal is YELLOW


@pytest.mark.parametrize(
    ("subject", "signal"),
    [
        (checkpoint(10), RED),
        (checkpoint(None), GREY),
        (checkpoint(20, report(8)), GREY),
        (checkpoint(20, report(8, verified=8)), GREEN),
    ],
)
def test_an_obstacle_changes_no_other_signal(subject, signal):
    assert standing(commitment(subject, obstacles=(ObstacleFact(on(5)),)), 11).signal is signal


def test_a_day_before_the_checkpoint_existed_has_no_standing():
    subject = checkpoint(40, created=5)
    with pytest.raises(ValueError, match="created after"):
        standing(commitment(subject), 4)
    assert standing(commitment(subject), 5).state is OPEN


def test_the_order_in_which_facts_are_handed_over_does_not_matter():
    facts = (report(10, id=1, returned=12), report(13, id=2, returned=14), report(15, id=3))
    forward, backward = checkpoint(10, *facts), checkpoint(10, *reversed(facts))
    for day in range(30):
        assert standing(commitment(forward), day) == standing(commitment(backward), day)


def test_reports_of_one_day_stand_in_the_order_of_their_ids():
    subject = checkpoint(40, report(5, id=1, returned=5), report(5, id=2))
    assert standing(commitment(subject), 5).state is AWAITING
    swapped = replace(subject, reports=(report(5, id=2, returned=5), report(5, id=1)))
    assert standing(commitment(swapped), 5).state is RETURNED
