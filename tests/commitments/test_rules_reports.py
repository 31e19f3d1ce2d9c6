"""What a report must say to reach a target, and which reports count."""

from dataclasses import replace
from decimal import Decimal

import pytest

from collab.commitments.rules import reaches_target
from collab.commitments.vocabulary import CheckpointState, Direction, Outcome
from tests.commitments.facts import (
    BLOCKED,
    DONE,
    IN_PROGRESS,
    checkpoint,
    commitment,
    moved,
    on,
    report,
    standing,
)

UP, DOWN = Direction.UP, Direction.DOWN


@pytest.mark.parametrize(
    ("status", "actual", "target", "target_max", "direction", "reached"),
    [
        (DONE, None, None, None, None, True),
        (IN_PROGRESS, None, None, None, None, False),
        (BLOCKED, None, None, None, None, False),
        (DONE, None, 100, None, UP, False),
        (DONE, 99, 100, None, UP, False),
        (DONE, 100, 100, None, UP, True),
        (DONE, 101, 100, None, UP, True),
        (IN_PROGRESS, 100, 100, None, UP, False),
        (DONE, 99, 100, None, None, False),
        (DONE, 100, 100, None, None, True),
        (DONE, 15, 14, None, DOWN, False),
        (DONE, 14, 14, None, DOWN, True),
        (DONE, 13, 14, None, DOWN, True),
        (DONE, 1, 2, 3, UP, False),
        (DONE, 2, 2, 3, UP, True),
        (DONE, 4, 2, 3, UP, True),
        (DONE, 17, 14, 16, DOWN, False),
        (DONE, 16, 14, 16, DOWN, True),
        (DONE, 5, None, None, UP, True),
    ],
)
def test_a_report_reaches_the_target_when_done_and_the_number_is_reached(
    status, actual, target, target_max, direction, reached
):
    subject = checkpoint(10, target=target, target_max=target_max)
    whole = commitment(subject, direction=direction)
    assert reaches_target(report(1, status, actual=actual), subject, whole) is reached


def test_a_fraction_short_of_the_number_does_not_reach_it():
    subject = checkpoint(10, target=14)
    fact = replace(report(1), actual=Decimal("14.01"))
    assert not reaches_target(fact, subject, commitment(subject, direction=DOWN))


def test_a_correction_of_a_verified_report_leaves_the_state_until_it_is_verified():
    first = report(3, id=1, verified=4, actual=100)
    waiting = report(6, id=2, actual=90, supersedes=1)
    returned = report(6, id=2, actual=90, supersedes=1, returned=8)
    verified = report(6, id=2, actual=90, supersedes=1, verified=8)
    for correction in (waiting, returned):
        whole = commitment(checkpoint(10, first, correction, target=100))
        assert {standing(whole, day).state for day in (6, 8, 10, 11, 30)} == {CheckpointState.MET}
    whole = commitment(checkpoint(10, first, verified, target=100))
    assert standing(whole, 7).state is CheckpointState.MET
    assert standing(whole, 8).state is CheckpointState.DUE_SOON
    assert standing(whole, 11).state is CheckpointState.OVERDUE


def test_a_waiting_correction_of_verified_progress_claims_nothing_yet():
    first = report(3, IN_PROGRESS, id=1, verified=4)
    correction = report(6, id=2, supersedes=1, verified=12)
    whole = commitment(checkpoint(10, first, correction))
    assert standing(whole, 6).state is CheckpointState.DUE_SOON
    assert standing(whole, 11).state is CheckpointState.OVERDUE
    assert standing(whole, 11).outcome is Outcome.MISSED
    assert standing(whole, 12).state is CheckpointState.MET
    assert standing(whole, 12).settled_on == on(6)


def test_a_correction_that_still_reaches_the_target_keeps_the_day():
    first = report(3, id=1, verified=4, actual=100)
    correction = report(20, id=2, actual=105, supersedes=1, verified=21)
    whole = commitment(checkpoint(10, first, correction, target=100))
    assert standing(whole, 21).state is CheckpointState.MET
    assert standing(whole, 21).settled_on == on(3)


def test_a_correction_of_what_did_not_reach_the_target_counts_with_its_own_day():
    first = report(3, id=1, verified=4, actual=90)
    correction = report(20, id=2, actual=105, supersedes=1, verified=21)
    whole = commitment(checkpoint(10, first, correction, target=100))
    assert standing(whole, 21).state is CheckpointState.MET_LATE
    assert standing(whole, 21).settled_on == on(20)


def test_a_second_correction_replaces_the_first_and_what_it_corrected():
    facts = (
        report(3, id=1, verified=4, actual=100),
        report(5, id=2, supersedes=1, actual=120),
        report(6, id=3, supersedes=2, actual=80, verified=7),
    )
    whole = commitment(checkpoint(10, *facts, target=100))
    assert standing(whole, 6).state is CheckpointState.MET
    assert standing(whole, 7).state is CheckpointState.DUE_SOON


def test_replacing_a_waiting_report_counts_with_the_new_day():
    facts = (report(10, id=1), report(11, id=2, supersedes=1, verified=12))
    whole = commitment(checkpoint(10, *facts))
    assert standing(whole, 10).state is CheckpointState.AWAITING_VERIFICATION
    assert standing(whole, 11).state is CheckpointState.OVERDUE
    assert standing(whole, 12).state is CheckpointState.MET_LATE


# -- cumulative checkpoints ----------------------------------------------------------------------------------


def cumulative(later_report, *, has_indicator=True, direction=UP, targets=(50, 100)):
    return commitment(
        checkpoint(10, id=1, target=targets[0]),
        checkpoint(40, later_report, id=2, target=targets[1]),
        has_indicator=has_indicator,
        direction=direction,
    )


@pytest.mark.parametrize(
    ("day", "actual", "state"),
    [
        (10, 50, CheckpointState.MET),
        (11, 50, CheckpointState.MET_LATE),
        (10, 49, CheckpointState.OVERDUE),
    ],
)
def test_a_verified_actual_of_a_later_checkpoint_settles_an_earlier_one(day, actual, state):
    whole = cumulative(report(day, IN_PROGRESS, actual=actual, verified=12))
    assert standing(whole, 12, id=1).state is state
    assert standing(whole, 12, id=2).state is CheckpointState.OPEN


def test_an_unverified_actual_settles_nothing():
    whole = cumulative(report(9, IN_PROGRESS, actual=60, verified=12))
    assert standing(whole, 11, id=1).state is CheckpointState.OVERDUE


def test_without_an_indicator_checkpoints_are_not_cumulative():
    whole = cumulative(report(9, IN_PROGRESS, actual=60, verified=9), has_indicator=False)
    assert standing(whole, 12, id=1).state is CheckpointState.OVERDUE


def test_cumulative_numbers_go_down_where_the_indicator_does():
    whole = cumulative(report(9, IN_PROGRESS, actual=18, verified=9), direction=DOWN, targets=(18, 14))
    assert standing(whole, 12, id=1).state is CheckpointState.MET


def test_an_actual_of_an_earlier_checkpoint_settles_no_later_one():
    whole = commitment(
        checkpoint(10, report(9, actual=100, verified=9), id=1, target=50),
        checkpoint(40, id=2, target=100),
        has_indicator=True,
    )
    assert standing(whole, 12, id=2).state is CheckpointState.OPEN


def test_moving_an_earlier_checkpoint_behind_a_later_one_keeps_it_the_earlier_one():
    whole = commitment(
        checkpoint(10, id=1, target=50, moves=(moved(5, 6, 60),)),
        checkpoint(40, report(30, IN_PROGRESS, actual=60, verified=31), id=2, target=100),
        has_indicator=True,
    )
    assert standing(whole, 31, id=1).state is CheckpointState.MET
