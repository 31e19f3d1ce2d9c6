"""Freshness, the signal of a whole commitment, and when "no change" may be attested."""

import pytest

from collab.commitments.errors import AttestationRefused
from collab.commitments.rules import ObstacleFact, commitment_standing, fresh_until, refuse_attestation
from collab.commitments.vocabulary import ReportCycle, Signal
from tests.commitments.facts import (
    IN_PROGRESS,
    PARAMETERS,
    checkpoint,
    commitment,
    moved,
    on,
    report,
    standing,
)

GREEN, YELLOW, RED, GREY = Signal.GREEN, Signal.YELLOW, Signal.RED, Signal.GREY


def whole_standing(whole, day):
    return commitment_standing(whole, on(day), PARAMETERS)


@pytest.mark.parametrize(
    ("cycle", "days"),
    [
        (ReportCycle.MONTH, 31),
        (ReportCycle.QUARTER, 92),
        (ReportCycle.SEMESTER, 184),
        (ReportCycle.YEAR, 366),
    ],
)
def test_a_commitment_is_fresh_for_one_cycle(cycle, days):
    whole = commitment(checkpoint(900), report_cycle=cycle)
    assert fresh_until(whole, on(0)) == on(days)
    assert standing(whole, days).signal is GREEN
    assert standing(whole, days + 1).signal is GREY


def test_the_cycle_is_a_quarter_unless_said_otherwise():
    assert commitment().report_cycle is ReportCycle.QUARTER


@pytest.mark.parametrize(
    ("day", "until"),
    [(19, 31), (20, 10 + 31), (40, 10 + 31), (41, 10 + 31)],
)
def test_a_verified_report_renews_from_its_submission_once_verified(day, until):
    subject = checkpoint(900, report(10, IN_PROGRESS, verified=20))
    assert fresh_until(commitment(subject, report_cycle=ReportCycle.MONTH), on(day)) == on(until)


def test_returned_and_waiting_reports_renew_nothing():
    subject = checkpoint(900, report(10, IN_PROGRESS, returned=11), report(12, IN_PROGRESS, id=2))
    assert fresh_until(commitment(subject), on(20)) == on(92)


def test_a_verified_report_of_any_checkpoint_renews_the_commitment():
    whole = commitment(checkpoint(900, id=1), checkpoint(950, report(50, IN_PROGRESS, verified=50), id=2))
    assert standing(whole, 50 + 92).signal is GREEN
    assert standing(whole, 50 + 93).signal is GREY


@pytest.mark.parametrize(("day", "until"), [(79, 10 + 92), (80, 80 + 92)])
def test_an_attestation_renews_from_its_own_day(day, until):
    whole = commitment(checkpoint(900, report(10, IN_PROGRESS, verified=12)), attested_on=(on(80),))
    assert fresh_until(whole, on(day)) == on(until)


def test_an_attestation_before_any_verified_report_renews_nothing():
    whole = commitment(checkpoint(900, report(10, IN_PROGRESS, verified=12)), attested_on=(on(11),))
    assert fresh_until(whole, on(20)) == on(10 + 92)


def test_the_age_of_the_newest_evidence_is_that_of_the_last_verified_report():
    whole = commitment(checkpoint(900, report(10, IN_PROGRESS, verified=20), report(30, IN_PROGRESS, id=2)))
    assert whole_standing(whole, 19).last_verified_on is None
    assert whole_standing(whole, 40).last_verified_on == on(10)


# -- the signal of the whole ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subjects", "day", "signal"),
    [
        ((), 5, None),
        ((checkpoint(10, cancelled=3),), 5, None),
        ((checkpoint(10, created=6),), 5, None),
        ((checkpoint(10, report(2, verified=2)),), 5, GREEN),
        ((checkpoint(100),), 5, GREEN),
        ((checkpoint(None),), 5, GREY),
        ((checkpoint(10),), 5, YELLOW),
        ((checkpoint(10),), 11, RED),
        # red > yellow > grey > green
        ((checkpoint(10, id=1), checkpoint(20, id=2)), 11, RED),
        ((checkpoint(None, id=1), checkpoint(20, id=2)), 11, YELLOW),
        ((checkpoint(None, id=1), checkpoint(100, id=2)), 11, GREY),
        ((checkpoint(10, report(2, verified=2), id=1), checkpoint(100, id=2)), 11, GREEN),
        # cancelled ones and those not created yet do not count
        ((checkpoint(10, id=1, cancelled=11), checkpoint(100, id=2)), 11, GREEN),
        ((checkpoint(10, id=1, created=12), checkpoint(100, id=2)), 11, GREEN),
    ],
)
def test_the_worst_signal_of_what_counts_is_that_of_the_commitment(subjects, day, signal):
    assert whole_standing(commitment(*subjects), day).signal is signal


def test_of_the_open_checkpoints_only_the_next_counts():
    late_moved = checkpoint(10, id=1, moves=(moved(11, 12, 200),))
    whole = commitment(late_moved, checkpoint(100, id=2))
    assert standing(whole, 12, id=1).signal is YELLOW
    assert whole_standing(whole, 12).signal is GREEN
    alone = commitment(late_moved)
    assert whole_standing(alone, 12).signal is YELLOW


@pytest.mark.parametrize(
    ("day", "next_id", "next_due"),
    [(4, 1, 10), (5, 2, 30), (35, 2, 30), (40, 3, None), (50, None, None)],
)
def test_the_next_checkpoint_is_the_earliest_one_unsettled(day, next_id, next_due):
    whole = commitment(
        checkpoint(10, report(5, id=1, verified=5), id=1),
        checkpoint(30, report(36, id=2, verified=40), id=2),
        checkpoint(None, id=3, cancelled=50),
    )
    found = whole_standing(whole, day)
    assert found.next_checkpoint_id == next_id
    assert found.next_due_on == (None if next_due is None else on(next_due))


@pytest.mark.parametrize(("day", "count"), [(4, 0), (5, 1), (6, 2), (8, 2), (9, 1)])
def test_open_obstacles_are_counted(day, count):
    whole = commitment(checkpoint(60), obstacles=(ObstacleFact(on(5), on(9)), ObstacleFact(on(6))))
    assert whole_standing(whole, day).open_obstacles == count


# -- attestation ---------------------------------------------------------------------------------------------

VERIFIED = report(10, IN_PROGRESS, id=1, verified=12)


@pytest.mark.parametrize(
    "whole",
    [
        commitment(checkpoint(90, VERIFIED)),
        commitment(checkpoint(90, report(5, id=1, returned=6), report(10, id=2, verified=12))),
        commitment(
            checkpoint(90, VERIFIED, report(40, IN_PROGRESS, id=2, verified=41)), attested_on=(on(30),)
        ),
        commitment(checkpoint(90, report(5, id=1), report(10, id=2, supersedes=1, verified=12))),
    ],
)
def test_no_change_may_be_attested_directly_after_a_verified_report(whole):
    refuse_attestation(whole)


@pytest.mark.parametrize(
    "whole",
    [
        commitment(checkpoint(90)),
        commitment(checkpoint(90, report(10))),
        commitment(checkpoint(90, report(10, returned=11))),
        commitment(checkpoint(90, VERIFIED, report(20, id=2))),
        commitment(checkpoint(90, VERIFIED, report(20, id=2, returned=21))),
        commitment(checkpoint(90, VERIFIED), checkpoint(120, report(5, id=2), id=2)),
        commitment(checkpoint(90, VERIFIED), attested_on=(on(30),)),
        commitment(checkpoint(90, VERIFIED), attested_on=(on(12),)),
    ],
)
def test_no_change_may_not_be_attested_otherwise(whole):
    with pytest.raises(AttestationRefused):
        refuse_attestation(whole)
