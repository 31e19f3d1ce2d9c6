"""Spans say for each day what the rules say of it, and later facts never change a day gone by (G11)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collab.commitments.rules import (
    CheckpointFacts,
    CommitmentFacts,
    DeadlineFact,
    DecisionFact,
    ObstacleFact,
    Parameters,
    ReportFact,
    breakpoints,
    checkpoint_standing,
    commitment_standing,
    due_on,
    fresh_until,
    scoring_due_on,
    span_on,
    timeline,
)
from collab.commitments.vocabulary import (
    CheckpointState,
    Decision,
    Direction,
    Outcome,
    ReportCycle,
    ReportStatus,
    Signal,
)
from tests.commitments.facts import PARAMETERS, checkpoint, commitment, moved, on, report

#: Facts fall on these days; the days looked at reach past every due day, grace and quarter.
LAST_FACT, LAST_DAY = 70, 190

few = settings(max_examples=200, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


def days(first=0, last=LAST_FACT):
    return st.integers(first, last)


@st.composite
def reports(draw, first_id, created):
    """Draw up to five reports of a checkpoint; also such as the services would refuse."""
    found = []
    for place in range(draw(st.integers(0, 5))):
        recorded = draw(days(created))
        decision = draw(st.sampled_from([None, Decision.VERIFIED, Decision.RETURNED]))
        found.append(
            ReportFact(
                id=first_id + place,
                recorded_on=on(recorded),
                status=draw(
                    st.sampled_from([ReportStatus.DONE, ReportStatus.DONE, ReportStatus.IN_PROGRESS])
                ),
                actual=draw(st.sampled_from([None, Decimal(5), Decimal(10), Decimal(20)])),
                supersedes_id=draw(st.sampled_from([None, None, *range(first_id, first_id + 5)])),
                decision=None
                if decision is None
                else DecisionFact(decision, on(min(LAST_FACT, recorded + draw(st.integers(0, 12))))),
            )
        )
    return tuple(found)


@st.composite
def checkpoints(draw, number):
    created = draw(st.sampled_from([0, 0, draw(days())]))
    changes = [
        DeadlineFact(on(max(0, decided - draw(st.integers(0, 15)))), on(decided), on(draw(days(0, 100))))
        for decided in draw(st.lists(days(), max_size=2))
    ]
    return CheckpointFacts(
        id=number,
        code=f"B{number}",
        created_on=on(created),
        original_due_on=draw(st.one_of(st.none(), days(0, 180).map(on), days(0, 40).map(on))),
        target=draw(st.sampled_from([None, Decimal(10), Decimal(20)])),
        target_max=draw(st.sampled_from([None, Decimal(20)])),
        reports=draw(reports(number * 10, created)),
        deadline_changes=tuple(changes),
        cancelled_on=draw(st.sampled_from([None, None, on(draw(days()))])),
    )


@st.composite
def commitments(draw):
    opened = draw(st.lists(days(), max_size=2))
    return CommitmentFacts(
        created_on=on(0),
        start_on=on(draw(st.integers(-40, 20))),
        direction=draw(st.sampled_from([None, *Direction])),
        has_indicator=draw(st.booleans()),
        report_cycle=draw(st.sampled_from([ReportCycle.MONTH, ReportCycle.QUARTER, ReportCycle.SEMESTER])),
        checkpoints=tuple(draw(checkpoints(number)) for number in range(1, 1 + draw(st.integers(0, 3)))),
        attested_on=tuple(on(day) for day in draw(st.lists(days(), max_size=2))),
        obstacles=tuple(
            ObstacleFact(on(day), draw(st.sampled_from([None, on(day + draw(st.integers(0, 20)))])))
            for day in opened
        ),
    )


parameter_sets = st.builds(Parameters, st.integers(0, 9), st.integers(0, 20))


def recorded_by(whole: CommitmentFacts, day: date) -> CommitmentFacts:
    """Take away all that was recorded after a day (written apart from the rules on purpose)."""

    def cut_report(fact: ReportFact) -> ReportFact:
        late = fact.decision is not None and fact.decision.decided_on > day
        return replace(fact, decision=None) if late else fact

    def cut(subject: CheckpointFacts) -> CheckpointFacts:
        gone = subject.cancelled_on is not None and subject.cancelled_on > day
        return replace(
            subject,
            reports=tuple(cut_report(fact) for fact in subject.reports if fact.recorded_on <= day),
            deadline_changes=tuple(c for c in subject.deadline_changes if c.decided_on <= day),
            cancelled_on=None if gone else subject.cancelled_on,
        )

    def cut_obstacle(fact: ObstacleFact) -> ObstacleFact:
        late = fact.resolved_on is not None and fact.resolved_on > day
        return replace(fact, resolved_on=None) if late else fact

    return replace(
        whole,
        checkpoints=tuple(cut(subject) for subject in whole.checkpoints if subject.created_on <= day),
        attested_on=tuple(attested for attested in whole.attested_on if attested <= day),
        obstacles=tuple(cut_obstacle(fact) for fact in whole.obstacles if fact.opened_on <= day),
    )


@few
@given(whole=commitments(), since=days(-5, 60), parameters=parameter_sets)
def test_the_span_of_each_day_says_what_the_rules_say_of_it(whole, since, parameters):
    found = timeline(whole, since=on(since), parameters=parameters)
    for number in range(max(since, 0), LAST_DAY):
        day = on(number)
        span = span_on(found.commitment, day)
        assert span is not None
        assert span.standing == commitment_standing(whole, day, parameters)
        for subject in whole.checkpoints:
            part = span_on(found.checkpoints[subject.id], day)
            if subject.created_on > day:
                assert part is None
            else:
                assert part is not None
                assert part.standing == checkpoint_standing(whole, subject, day, parameters)


@few
@given(whole=commitments(), since=days(-5, 60), parameters=parameter_sets)
def test_spans_have_no_gap_and_no_equal_neighbours(whole, since, parameters):
    found = timeline(whole, since=on(since), parameters=parameters)
    start = on(max(since, 0))
    rows = [(start, found.commitment)]
    rows += [(max(start, c.created_on), found.checkpoints[c.id]) for c in whole.checkpoints]
    for first_day, spans in rows:
        assert spans[0].from_on == first_day
        assert spans[-1].until_on is None
        for before, after in pairwise(spans):
            assert before.until_on == after.from_on > before.from_on
            assert before.standing != after.standing


@few
@given(whole=commitments(), cut=days(), parameters=parameter_sets)
def test_facts_recorded_later_never_change_a_day_gone_by(whole, cut, parameters):
    then = timeline(recorded_by(whole, on(cut)), since=on(0), parameters=parameters)
    now = timeline(whole, since=on(0), parameters=parameters)
    for day in (on(number) for number in range(cut + 1)):
        assert span_on(then.commitment, day).standing == span_on(now.commitment, day).standing
        for key, spans in then.checkpoints.items():
            before, after = span_on(spans, day), span_on(now.checkpoints[key], day)
            assert (before and before.standing) == (after and after.standing)


@few
@given(whole=commitments(), day=days(), parameters=parameter_sets)
def test_every_rule_looks_only_at_what_was_recorded_by_the_day(whole, day, parameters):
    then = recorded_by(whole, on(day))
    assert commitment_standing(whole, on(day), parameters) == commitment_standing(then, on(day), parameters)
    assert fresh_until(whole, on(day)) == fresh_until(then, on(day))
    for subject in then.checkpoints:
        full = next(c for c in whole.checkpoints if c.id == subject.id)
        assert due_on(full, on(day)) == due_on(subject, on(day))
        assert scoring_due_on(full, on(day)) == scoring_due_on(subject, on(day))
        assert checkpoint_standing(whole, full, on(day), parameters) == checkpoint_standing(
            then, subject, on(day), parameters
        )


@few
@given(whole=commitments(), day=days(0, LAST_DAY), parameters=parameter_sets)
def test_state_signal_and_outcome_never_contradict_each_other(whole, day, parameters):
    for subject in whole.checkpoints:
        if subject.created_on > on(day):
            continue
        found = checkpoint_standing(whole, subject, on(day), parameters)
        cancelled = found.state is CheckpointState.CANCELLED
        assert (found.signal is None) == cancelled
        if not cancelled:
            assert (found.state is CheckpointState.MET) == (found.outcome is Outcome.MET)
            assert (found.settled_on is not None) == (
                found.state in (CheckpointState.MET, CheckpointState.MET_LATE)
            )
            assert found.outcome is not Outcome.VOID
        if found.state is CheckpointState.OVERDUE:
            assert found.due_on < on(day)
            assert found.signal is Signal.RED
        if found.outcome in (Outcome.MISSED, Outcome.EXCUSED):
            assert found.scoring_due_on < on(day)
        if found.late_waiting or found.stale_return:
            assert found.state in (CheckpointState.OVERDUE, CheckpointState.UNDATED)


# -- what the calendar alone brings --------------------------------------------------------------------------


def steps(whole, since=0):
    found = timeline(whole, since=on(since), parameters=PARAMETERS)
    return [((span.from_on - on(0)).days, span.standing.state) for span in found.checkpoints[1]]


def test_an_untouched_checkpoint_becomes_soon_and_overdue_by_itself():
    assert steps(commitment(checkpoint(40))) == [
        (0, CheckpointState.OPEN),
        (26, CheckpointState.DUE_SOON),
        (41, CheckpointState.OVERDUE),
    ]


def test_staleness_is_a_step_of_its_own():
    found = timeline(commitment(checkpoint(200)), since=on(0), parameters=PARAMETERS)
    assert [(span.from_on, span.standing.signal) for span in found.checkpoints[1]][:3] == [
        (on(0), Signal.GREEN),
        (on(93), Signal.GREY),
        (on(186), Signal.YELLOW),
    ]


@pytest.mark.parametrize(
    ("attested", "fresh_steps"), [((), [0, 50, 50 + 93]), ((on(90),), [0, 50, 90, 90 + 93])]
)
def test_renewed_freshness_ends_after_its_last_day(attested, fresh_steps):
    subject = checkpoint(900, report(50, ReportStatus.IN_PROGRESS, verified=50))
    whole = commitment(subject, attested_on=attested)
    found = timeline(whole, since=on(0), parameters=PARAMETERS)
    assert [span.from_on for span in found.commitment][: len(fresh_steps)] == [on(day) for day in fresh_steps]
    assert span_on(found.commitment, on(fresh_steps[-1] - 1)).standing.signal is Signal.GREEN
    assert span_on(found.commitment, on(fresh_steps[-1])).standing.signal is Signal.GREY


def test_a_year_of_freshness_ends_after_its_last_day():
    whole = commitment(checkpoint(900), report_cycle=ReportCycle.YEAR)
    found = timeline(whole, since=on(0), parameters=PARAMETERS)
    assert [span.from_on for span in found.commitment][:2] == [on(0), on(367)]


def test_grace_ends_by_itself():
    whole = commitment(checkpoint(10, report(10, returned=12)))
    assert steps(whole, since=12) == [(12, CheckpointState.RETURNED), (20, CheckpointState.OVERDUE)]


def test_a_late_change_shows_both_days():
    assert steps(commitment(checkpoint(10, moves=(moved(11, 12, 60),))), since=11) == [
        (11, CheckpointState.OVERDUE),
        (12, CheckpointState.OPEN),
        (46, CheckpointState.DUE_SOON),
        (61, CheckpointState.OVERDUE),
    ]


def test_a_timeline_begins_where_it_is_asked_to():
    whole = commitment(checkpoint(40))
    assert breakpoints(whole, on(30), PARAMETERS)[0] == on(30)
    assert breakpoints(whole, on(-30), PARAMETERS)[0] == on(0)
    assert steps(whole, since=30)[0] == (30, CheckpointState.DUE_SOON)


def test_there_is_no_span_before_the_first_day():
    found = timeline(commitment(checkpoint(40)), since=on(5), parameters=PARAMETERS)
    assert span_on(found.commitment, on(4)) is None
    assert span_on(found.commitment, on(5)) is not None
    assert span_on(found.commitment, on(100_000)) is not None


@pytest.mark.parametrize("due", [date.max, date.max - timedelta(days=1), date.min])
def test_the_ends_of_the_calendar_are_no_obstacle(due):
    subject = replace(checkpoint(10), original_due_on=due)
    whole = replace(commitment(subject), start_on=due)
    found = timeline(whole, since=on(0), parameters=PARAMETERS)
    for day in (on(0), date.max):
        span = span_on(found.checkpoints[1], day)
        assert span.standing == checkpoint_standing(whole, subject, day, PARAMETERS)
