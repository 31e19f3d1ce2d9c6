"""What may not be recorded, checked before it is: each check raises, or lets pass in silence.

Facts are those known at the moment of writing. Organizations are given as paths: ids from the root down to the
unit itself, as they stand that day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collab.commitments.errors import (
    AttestationRefused,
    CancellationRefused,
    DeadlineRefused,
    DecisionRefused,
    NotIndependent,
    ReportRefused,
)
from collab.commitments.rules.facts import CheckpointFacts, CommitmentFacts, ReportFact
from collab.commitments.rules.reports import History
from collab.commitments.rules.standing import SETTLED, CheckpointStanding
from collab.commitments.vocabulary import CheckpointState, Decision, ReportStatus
from collab.core.errors import Invalid
from collab.core.text import Sentence, _

#: The line of answering inside a regional government: the ground for a second pair of eyes (R45).
LINE_LAW = "PP 18/2016 Pasal 13 ayat (2), Pasal 24 ayat (2)"

Path = Sequence[int]


@dataclass(frozen=True, slots=True)
class Submission:
    """Who stands behind a report or a request: the user, and the path of the unit it is made for."""

    user_id: int
    organization_path: Path


@dataclass(frozen=True, slots=True)
class Judge:
    """Who decides: the user, and the path of the unit acted for."""

    user_id: int
    organization_path: Path


def in_one_line(path: Path, other: Path) -> bool:
    """Tell whether one unit equals, contains or lies inside the other; siblings do not."""
    return bool(path) and bool(other) and (path[-1] in other or other[-1] in path)


def is_part_of(path: Path, whole: Path) -> bool:
    """Tell whether a unit is the other or lies inside it."""
    return bool(path) and bool(whole) and whole[-1] in path


def refuse_report(
    checkpoint: CheckpointFacts,
    *,
    status: ReportStatus,
    actual: Decimal | None = None,
    supersedes_id: int | None = None,
) -> None:
    """Raise if a report may not be submitted now.

    `ReportRefused`: the checkpoint is cancelled; a report waits and is not the one named; the report named is
    replaced already (then the one that replaced it is to be named). `Invalid`: the report named is not one
    of this checkpoint; `done` without the number.
    A settled checkpoint may be reported on: the report corrects, or tells what came after.
    """
    history = History(checkpoint.reports, repair_days=0)
    if checkpoint.cancelled_on is not None:
        raise ReportRefused(_("This checkpoint is cancelled: nothing can be reported on it any more."))
    if supersedes_id is not None and supersedes_id not in {report.id for report in checkpoint.reports}:
        raise Invalid({"supersedes_id": [_("The report to replace is not one of this checkpoint.")]})
    if any(report.id != supersedes_id for report in history.waiting):
        raise ReportRefused(
            _("A report is still waiting for verification: wait for the decision, or replace that report.")
        )
    if supersedes_id is not None and supersedes_id in {report.supersedes_id for report in checkpoint.reports}:
        raise ReportRefused(_("That report is replaced already: correct the one that replaced it."))
    if status is ReportStatus.DONE and checkpoint.target is not None and actual is None:
        raise Invalid({"actual": [_("This checkpoint has a number to reach: say which was reached.")]})


def refuse_decision(
    checkpoint: CheckpointFacts,
    report: ReportFact,
    outcome: Decision,
    *,
    submission: Submission,
    judge: Judge,
    evidence_count: int,
    note: str = "",
) -> None:
    """Raise if a report may not be verified or returned now by this judge.

    `NotIndependent`: the submitter decides, or a unit that equals, contains or lies inside the one reported
    for (R45); a sibling may. `DecisionRefused`: decided or replaced already, or verified without evidence
    (R46). `Invalid`: returned without a note. A report on a checkpoint since cancelled may still be decided.
    """
    refuse_own_decision(submission, judge)
    if report.decision is not None:
        raise DecisionRefused(_("This report is decided already; a decision is never changed."))
    if any(later.supersedes_id == report.id for later in checkpoint.reports):
        raise DecisionRefused(_("This report was replaced by a newer one: decide about that one."))
    if outcome is Decision.VERIFIED and evidence_count < 1:
        raise DecisionRefused(
            _("A report without evidence cannot be verified: return it and ask for evidence.")
        )
    if outcome is Decision.RETURNED and not note.strip():
        raise Invalid({"note": [_("Say what has to be repaired.")]})


def refuse_own_decision(submission: Submission, judge: Judge) -> None:
    """Raise `NotIndependent` if the judge submitted the report or stands in one line with its unit (R45)."""
    if submission.user_id == judge.user_id:
        raise NotIndependent(_("Who submitted a report does not decide about it."), law=LINE_LAW)
    if in_one_line(submission.organization_path, judge.organization_path):
        raise NotIndependent(
            _(
                "A report is decided by another unit: not by the one reported for, one above it or one inside it."
            ),
            law=LINE_LAW,
        )


def refuse_deadline_request(
    standing: CheckpointStanding, day: date, *, new_due_on: date, reason: str, is_pending: bool
) -> None:
    """Raise if another due day may not be asked for on `day`.

    `DeadlineRefused`: the checkpoint is cancelled or met, or a request is still undecided. `Invalid`: the new
    day is past or the one in force, or the reason is missing. An earlier day than the one in force is allowed.
    """
    _refuse_move(standing)
    if is_pending:
        raise DeadlineRefused(_("Another due day was asked for already and is not decided yet."))
    errors: dict[str, list[Sentence]] = {}
    if new_due_on < day:
        errors["new_due_on"] = [_("The new due day must not be past.")]
    elif new_due_on == standing.due_on:
        errors["new_due_on"] = [_("This is the due day already.")]
    if not reason.strip():
        errors["reason"] = [_("Say why the due day has to move.")]
    if errors:
        raise Invalid(errors)


def refuse_deadline_decision(
    standing: CheckpointStanding, *, approve: bool, is_decided: bool, submission: Submission, judge: Judge
) -> None:
    """Raise if a request for another due day may not be decided now by this judge.

    `NotIndependent`: the asker, the asking organization or a unit of it decides. `DeadlineRefused`: decided
    already, or approved for a checkpoint that is cancelled or met by now (rejecting is allowed).
    """
    if submission.user_id == judge.user_id or is_part_of(
        judge.organization_path, submission.organization_path
    ):
        raise NotIndependent(_("Who asks for another due day does not decide about it."), law=LINE_LAW)
    if is_decided:
        raise DeadlineRefused(_("This request is decided already; a decision is never changed."))
    if approve:
        _refuse_move(standing)


def _refuse_move(standing: CheckpointStanding) -> None:
    if standing.state is CheckpointState.CANCELLED:
        raise DeadlineRefused(_("This checkpoint is cancelled: its due day cannot move."))
    if standing.state in SETTLED:
        raise DeadlineRefused(_("This checkpoint is met: its due day cannot move."))


def refuse_cancellation(
    standings: Sequence[CheckpointStanding], *, reason: str, accountable_path: Path, acting_path: Path
) -> None:
    """Raise if a commitment (or some of its checkpoints) may not be cancelled now.

    `NotIndependent`: the accountable organization or a unit of it cancels. `CancellationRefused`: nothing is
    left, for each checkpoint is met or cancelled. `Invalid`: no reason. Only those left are to be cancelled:
    what is met stays met.
    """
    if is_part_of(acting_path, accountable_path):
        raise NotIndependent(_("Who owes a commitment does not cancel it: another unit does."), law=LINE_LAW)
    if not any(is_cancellable(standing) for standing in standings):
        raise CancellationRefused(_("Nothing is left to cancel: each checkpoint is met or cancelled."))
    if not reason.strip():
        raise Invalid({"reason": [_("Say why this is cancelled.")]})


def is_cancellable(standing: CheckpointStanding) -> bool:
    """Tell whether a checkpoint is neither met nor cancelled."""
    return standing.state is not CheckpointState.CANCELLED and standing.state not in SETTLED


def refuse_attestation(commitment: CommitmentFacts) -> None:
    """Raise `AttestationRefused` unless the last thing recorded is a verified report.

    Looks at the reports of all checkpoints: the newest must be verified, none may wait, and no attestation
    may have been made since that decision (on its day or later).
    """
    reports = [report for checkpoint in commitment.checkpoints for report in checkpoint.reports]
    if any(History(checkpoint.reports, repair_days=0).waiting for checkpoint in commitment.checkpoints):
        raise AttestationRefused(
            _("A report is still waiting for verification: nothing can be attested until then.")
        )
    newest = max(reports, key=lambda report: (report.recorded_on, report.id), default=None)
    if newest is None or newest.decision is None or not newest.verified:
        raise AttestationRefused(_("“No change” can be attested only directly after a verified report."))
    decided_on = newest.decision.decided_on
    if any(attested >= decided_on for attested in commitment.attested_on):
        raise AttestationRefused(_("“No change” was attested already: the next word has to be a report."))
