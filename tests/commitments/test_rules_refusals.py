"""What may not be recorded, and what may."""

from decimal import Decimal

import pytest

from collab.commitments.errors import (
    CancellationRefused,
    DeadlineRefused,
    DecisionRefused,
    NotIndependent,
    ReportRefused,
)
from collab.commitments.rules import (
    Judge,
    Submission,
    in_one_line,
    is_part_of,
    refuse_cancellation,
    refuse_deadline_decision,
    refuse_deadline_request,
    refuse_decision,
    refuse_report,
)
from collab.commitments.vocabulary import Decision
from collab.core.errors import Invalid
from tests.commitments.facts import (
    BLOCKED,
    DONE,
    IN_PROGRESS,
    checkpoint,
    commitment,
    on,
    report,
    standing,
)

ROOT, AGENCY, UNIT, SUBUNIT, SIBLING, OTHER = 1, 2, 3, 4, 5, 6
PATHS = {
    ROOT: (ROOT,),
    AGENCY: (ROOT, AGENCY),
    UNIT: (ROOT, AGENCY, UNIT),
    SUBUNIT: (ROOT, AGENCY, UNIT, SUBUNIT),
    SIBLING: (ROOT, AGENCY, SIBLING),
    OTHER: (ROOT, OTHER),
}
LIAISON = Submission(user_id=10, organization_path=PATHS[UNIT])
MONITOR = Judge(user_id=20, organization_path=PATHS[OTHER])


# -- reports -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "report_words"),
    [
        (checkpoint(10), {"status": DONE}),
        (checkpoint(10, report(5, verified=6)), {"status": DONE}),
        (checkpoint(10, report(5, returned=6)), {"status": DONE}),
        (checkpoint(10, report(5)), {"status": DONE, "supersedes_id": 1}),
        (checkpoint(10, report(5, verified=6)), {"status": DONE, "supersedes_id": 1}),
        (checkpoint(10, report(5), report(6, id=2, supersedes=1)), {"status": DONE, "supersedes_id": 2}),
        (checkpoint(10, report(5), report(6, id=2, supersedes=1, returned=7)), {"status": DONE}),
        (checkpoint(10, target=5), {"status": DONE, "actual": Decimal(0)}),
        (checkpoint(10, target=5), {"status": IN_PROGRESS}),
        (checkpoint(10, target=5), {"status": BLOCKED}),
    ],
)
def test_a_report_is_taken(subject, report_words):
    refuse_report(subject, **report_words)


@pytest.mark.parametrize(
    ("subject", "supersedes"),
    [
        (checkpoint(10, cancelled=5), None),
        (checkpoint(10, report(5)), None),
        (checkpoint(10, report(4, verified=4), report(5, id=2)), 1),
        (checkpoint(10, report(4, verified=4), report(5, id=2, supersedes=1)), None),
        (checkpoint(10, report(5), report(6, id=2, supersedes=1)), 1),
        (checkpoint(10, report(4, verified=4), report(5, id=2, supersedes=1, verified=6)), 1),
        (checkpoint(10, report(4, verified=4), report(5, id=2, supersedes=1, returned=6)), 1),
    ],
)
def test_a_report_that_contradicts_the_state_is_refused(subject, supersedes):
    with pytest.raises(ReportRefused) as refusal:
        refuse_report(subject, status=DONE, supersedes_id=supersedes)
    assert refusal.value.status == 409


def test_a_report_to_replace_must_be_one_of_the_checkpoint():
    with pytest.raises(Invalid) as refusal:
        refuse_report(checkpoint(10, report(5, verified=6)), status=DONE, supersedes_id=99)
    assert set(refusal.value.errors) == {"supersedes_id"}


def test_done_needs_the_number_where_there_is_one():
    with pytest.raises(Invalid) as refusal:
        refuse_report(checkpoint(10, target=5), status=DONE)
    assert set(refusal.value.errors) == {"actual"}


# -- decisions about reports ---------------------------------------------------------------------------------


def decide(subject, outcome=Decision.VERIFIED, *, judge=MONITOR, evidence=1, note="", which=0):
    fact = subject.reports[which]
    refuse_decision(
        subject, fact, outcome, submission=LIAISON, judge=judge, evidence_count=evidence, note=note
    )


def test_another_unit_verifies_with_evidence_and_returns_with_a_note():
    decide(checkpoint(10, report(5)))
    decide(checkpoint(10, report(5)), Decision.RETURNED, evidence=0, note="Sign the list.")
    decide(checkpoint(10, report(5), cancelled=7))


@pytest.mark.parametrize("decided", [{"verified": 6}, {"returned": 6}])
@pytest.mark.parametrize("outcome", list(Decision))
def test_a_report_is_decided_once(decided, outcome):
    with pytest.raises(DecisionRefused, match="decided already"):
        decide(checkpoint(10, report(5, **decided)), outcome, note="Once more.")


def test_a_replaced_report_is_not_decided():
    with pytest.raises(DecisionRefused, match="replaced"):
        decide(checkpoint(10, report(5), report(6, id=2, supersedes=1)))
    decide(checkpoint(10, report(5), report(6, id=2, supersedes=1)), which=1)


def test_a_report_without_evidence_is_not_verified():
    with pytest.raises(DecisionRefused, match="evidence"):
        decide(checkpoint(10, report(5)), evidence=0)


def test_returning_needs_a_note():
    with pytest.raises(Invalid) as refusal:
        decide(checkpoint(10, report(5)), Decision.RETURNED, note="  ")
    assert set(refusal.value.errors) == {"note"}


def test_the_submitter_never_decides():
    with pytest.raises(NotIndependent) as refusal:
        decide(checkpoint(10, report(5)), judge=Judge(LIAISON.user_id, PATHS[OTHER]))
    assert refusal.value.status == 403
    assert refusal.value.law


@pytest.mark.parametrize(
    ("unit", "may"),
    [(UNIT, False), (AGENCY, False), (ROOT, False), (SUBUNIT, False), (SIBLING, True), (OTHER, True)],
)
def test_a_unit_in_one_line_with_the_one_reported_for_never_decides(unit, may):
    judge = Judge(20, PATHS[unit])
    if may:
        decide(checkpoint(10, report(5)), judge=judge)
    else:
        with pytest.raises(NotIndependent):
            decide(checkpoint(10, report(5)), judge=judge)


def test_one_line_is_the_same_seen_from_both_ends():
    for path in PATHS.values():
        assert in_one_line(path, path)
        for other in PATHS.values():
            assert in_one_line(path, other) == in_one_line(other, path)
            assert in_one_line(path, other) == (is_part_of(path, other) or is_part_of(other, path))
    assert not in_one_line((), PATHS[ROOT])
    assert not is_part_of(PATHS[ROOT], ())


# -- due days ------------------------------------------------------------------------------------------------


def ask(subject, day=5, *, new=20, reason="The budget came late.", is_pending=False):
    found = standing(commitment(subject), day)
    refuse_deadline_request(found, on(day), new_due_on=on(new), reason=reason, is_pending=is_pending)


@pytest.mark.parametrize(
    ("subject", "day", "new"),
    [
        (checkpoint(10), 5, 20),
        (checkpoint(10), 5, 9),
        (checkpoint(10), 5, 5),
        (checkpoint(10), 15, 20),
        (checkpoint(None), 5, 20),
        (checkpoint(10, report(5)), 5, 20),
    ],
)
def test_another_due_day_may_be_asked_for(subject, day, new):
    ask(subject, day, new=new)


@pytest.mark.parametrize("subject", [checkpoint(10, cancelled=5), checkpoint(10, report(5, verified=5))])
def test_a_due_day_of_what_is_over_does_not_move(subject):
    with pytest.raises(DeadlineRefused):
        ask(subject)
    found = standing(commitment(subject), 5)
    with pytest.raises(DeadlineRefused):
        refuse_deadline_decision(found, approve=True, is_decided=False, submission=LIAISON, judge=MONITOR)
    refuse_deadline_decision(found, approve=False, is_decided=False, submission=LIAISON, judge=MONITOR)


def test_one_request_waits_at_a_time():
    with pytest.raises(DeadlineRefused):
        ask(checkpoint(10), is_pending=True)


@pytest.mark.parametrize(
    ("day", "words", "fields"),
    [
        (5, {"new": 4}, {"new_due_on"}),
        (5, {"new": 10}, {"new_due_on"}),
        (5, {"reason": " "}, {"reason"}),
        (5, {"new": 4, "reason": ""}, {"new_due_on", "reason"}),
    ],
)
def test_a_request_needs_another_day_ahead_and_a_reason(day, words, fields):
    with pytest.raises(Invalid) as refusal:
        ask(checkpoint(10), day, **words)
    assert set(refusal.value.errors) == fields


def decide_deadline(judge, *, is_decided=False):
    found = standing(commitment(checkpoint(10)), 5)
    refuse_deadline_decision(found, approve=True, is_decided=is_decided, submission=LIAISON, judge=judge)


@pytest.mark.parametrize(
    ("judge", "may"),
    [
        (MONITOR, True),
        (Judge(LIAISON.user_id, PATHS[OTHER]), False),
        (Judge(20, PATHS[UNIT]), False),
        (Judge(20, PATHS[SUBUNIT]), False),
        (Judge(20, PATHS[SIBLING]), True),
        (Judge(20, PATHS[ROOT]), True),
    ],
)
def test_the_asking_organization_never_decides_about_its_due_day(judge, may):
    if may:
        decide_deadline(judge)
    else:
        with pytest.raises(NotIndependent):
            decide_deadline(judge)


def test_a_request_is_decided_once():
    with pytest.raises(DeadlineRefused):
        decide_deadline(MONITOR, is_decided=True)


# -- cancelling ----------------------------------------------------------------------------------------------


def cancel(*subjects, unit=OTHER, reason="The programme was dropped."):
    whole = commitment(*subjects)
    found = [standing(whole, 20, subject.id) for subject in subjects]
    refuse_cancellation(found, reason=reason, accountable_path=PATHS[UNIT], acting_path=PATHS[unit])


MET = checkpoint(10, report(5, verified=5))


def test_what_is_left_may_be_cancelled_by_another_unit():
    cancel(checkpoint(10))
    cancel(checkpoint(40))
    cancel(MET, checkpoint(40, id=2))
    cancel(checkpoint(40), unit=ROOT)


@pytest.mark.parametrize("unit", [UNIT, SUBUNIT])
def test_who_owes_does_not_cancel(unit):
    with pytest.raises(NotIndependent):
        cancel(checkpoint(40), unit=unit)


@pytest.mark.parametrize("subjects", [(), (MET,), (checkpoint(40, cancelled=5),)])
def test_nothing_left_is_not_cancelled(subjects):
    with pytest.raises(CancellationRefused):
        cancel(*subjects)


def test_cancelling_needs_a_reason():
    with pytest.raises(Invalid) as refusal:
        cancel(checkpoint(40), reason="\n")
    assert set(refusal.value.errors) == {"reason"}
