"""Due days: which is in force, which the scorecard counts, how plans hold together."""

from datetime import date
from decimal import Decimal

import pytest

from collab.commitments.errors import PlanInvalid
from collab.commitments.rules import (
    FINAL,
    PlannedCheckpoint,
    check_plan,
    days_left,
    due_on,
    last_due_day,
    scoring_due_on,
)
from collab.commitments.vocabulary import DuePrecision
from tests.commitments.facts import checkpoint, moved, on


def number(day):
    return None if day is None else (day - on(0)).days


@pytest.mark.parametrize(
    ("original", "moves", "day", "due", "scoring"),
    [
        (10, (), 0, 10, 10),
        (None, (), 0, None, None),
        # asked for on or before the old day: both move, from the day of the decision
        (10, (moved(9, 9, 20),), 8, 10, 10),
        (10, (moved(9, 9, 20),), 9, 20, 20),
        (10, (moved(10, 12, 20),), 11, 10, 10),
        (10, (moved(10, 12, 20),), 12, 20, 20),
        # asked for later: only the due day moves
        (10, (moved(11, 12, 20),), 11, 10, 10),
        (10, (moved(11, 12, 20),), 12, 20, 10),
        # once fallen due it stays so, whatever comes after
        (10, (moved(11, 12, 20), moved(15, 16, 30)), 16, 30, 10),
        (10, (moved(11, 12, 20), moved(25, 26, 40)), 26, 40, 10),
        # a chain of timely changes, the second judged against the first new day
        (10, (moved(5, 6, 20), moved(20, 21, 30)), 21, 30, 30),
        (10, (moved(5, 6, 20), moved(21, 22, 30)), 22, 30, 20),
        # order of decision, not of writing down
        (10, (moved(20, 21, 30), moved(5, 6, 20)), 21, 30, 30),
        # an earlier day, and a first day for an undated checkpoint
        (10, (moved(2, 3, 7),), 3, 7, 7),
        (None, (moved(5, 6, 20),), 5, None, None),
        (None, (moved(5, 6, 20),), 6, 20, 20),
        (None, (moved(5, 6, 20), moved(21, 22, 30)), 22, 30, 20),
    ],
)
def test_due_days_follow_the_approvals_known_on_the_day(original, moves, day, due, scoring):
    subject = checkpoint(original, moves=moves)
    assert number(due_on(subject, on(day))) == due
    assert number(scoring_due_on(subject, on(day))) == scoring


@pytest.mark.parametrize(
    ("given", "precision", "due"),
    [
        (date(2026, 2, 3), DuePrecision.DAY, date(2026, 2, 3)),
        (date(2026, 2, 1), DuePrecision.MONTH, date(2026, 2, 28)),
        (date(2028, 2, 29), DuePrecision.MONTH, date(2028, 2, 29)),
        (date(2026, 12, 31), DuePrecision.MONTH, date(2026, 12, 31)),
        (date(2026, 1, 1), DuePrecision.YEAR, date(2026, 12, 31)),
    ],
)
def test_a_month_or_year_is_due_on_its_last_day(given, precision, due):
    assert last_due_day(given, precision) == due


@pytest.mark.parametrize(("day", "left"), [(9, 1), (10, 0), (11, -1)])
def test_days_left_are_counted_to_the_due_day(day, left):
    assert days_left(on(10), on(day)) == left


def planned(code, due=None, target=None, target_max=None):
    return PlannedCheckpoint(
        code,
        None if due is None else on(due),
        None if target is None else Decimal(target),
        None if target_max is None else Decimal(target_max),
    )


@pytest.mark.parametrize("due", [None, 10])
def test_a_commitment_without_checkpoints_gets_a_final_one(due):
    day = None if due is None else on(due)
    assert check_plan(day, ()) == (PlannedCheckpoint(FINAL, day),)


@pytest.mark.parametrize(
    ("due", "plan"),
    [
        (None, [planned("B03", 10), planned("B06", 20)]),
        (20, [planned("B03", 10), planned("B06", 20)]),
        (20, [planned("B03", 20), planned("B06", 20)]),
        (None, [planned("B03", 10), planned("B06")]),
        (None, [planned("B03", 10, 2, 2)]),
    ],
)
def test_a_plan_that_holds_together_is_taken(due, plan):
    assert check_plan(None if due is None else on(due), plan) == tuple(plan)


@pytest.mark.parametrize(
    ("due", "plan", "fields"),
    [
        (21, [planned("B03", 10), planned("B06", 20)], {"due_on"}),
        (19, [planned("B03", 10), planned("B06", 20)], {"due_on"}),
        (20, [planned("B03", 20), planned("B06")], {"due_on"}),
        (None, [planned("B03", 10), planned("b03 ", 20)], {"checkpoints"}),
        (None, [planned(" ", 10)], {"checkpoints"}),
        (None, [planned("B03", 21), planned("B06", 20)], {"checkpoints"}),
        (None, [planned("B03"), planned("B06", 20)], {"checkpoints"}),
        (None, [planned("B03", 10, 3, 2)], {"checkpoints"}),
        (None, [planned("B03", 10, None, 2)], {"checkpoints"}),
        (21, [planned("B03", 21), planned("B03", 20)], {"checkpoints", "due_on"}),
    ],
)
def test_a_plan_that_does_not_hold_together_is_refused_at_its_fields(due, plan, fields):
    with pytest.raises(PlanInvalid) as refusal:
        check_plan(None if due is None else on(due), plan)
    assert set(refusal.value.errors) == fields
    assert refusal.value.status == 422
