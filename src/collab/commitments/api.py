"""Commitments, checkpoints, progress reports and deadline changes as JSON, over the services of the pages."""

from typing import Any

from pyramid.request import Request

from collab.commitments import forms
from collab.commitments.queries import detail, scope, waiting
from collab.commitments.routes import Place, place
from collab.commitments.services import commitments, deadlines, obstacles, reports
from collab.commitments.views.listings import CHECKPOINTS, COMMITMENTS, TO_DECIDE
from collab.commitments.vocabulary import DeadlineOutcome, Decision, ObstacleMove, Permission
from collab.core.errors import Forbidden
from collab.core.text import _
from collab.web.api import check_match, collection, created, operation
from collab.web.api import detail as answer_detail


def commitment_item(row: Any) -> dict[str, Any]:
    """Give a commitment as a list shows it."""
    return {
        "id": row.id,
        "statement": row.statement,
        "mandate_id": row.mandate_id,
        "government_id": row.government_id,
        "accountable_id": row.organization_id,
        "accountable": row.organization,
        "indicator": row.indicator,
        "target": row.target,
        "target_max": row.target_max,
        "unit": row.unit,
        "signal": row.signal,
        "next_due_on": row.next_due_on,
        "last_verified_on": row.last_verified_on,
        "fresh_until": row.fresh_until,
        "open_obstacles": row.open_obstacles,
        "is_illustrative": row.is_illustrative,
    }


def checkpoint_item(row: Any) -> dict[str, Any]:
    """Give a checkpoint as it stands on the day asked for."""
    return {
        "id": row.id,
        "commitment_id": row.commitment_id,
        "code": row.code,
        "original_due_on": row.original_due_on,
        "due_on": row.due_on,
        "scoring_due_on": row.scoring_due_on,
        "target": row.target,
        "target_max": row.target_max,
        "state": row.state,
        "signal": row.signal,
        "outcome": row.outcome,
        "accountable_id": row.organization_id,
        "is_rescheduled": row.rescheduled,
        "is_late_waiting": row.late_waiting,
        "is_stale_return": row.stale_return,
    }


def report_item(row: Any, evidence: Any = ()) -> dict[str, Any]:
    """Give a report with its decision and its evidence."""
    return {
        "id": row.id,
        "checkpoint_id": row.checkpoint_id,
        "status": row.status,
        "narrative": row.narrative,
        "actual": row.actual,
        "achieved_on": row.achieved_on,
        "supersedes_id": row.supersedes_id,
        "reported_for_id": row.reported_for_id,
        "recorded_at": row.recorded_at,
        "decision": row.decision,
        "note": row.note,
        "decided_at": row.decided_at,
        "evidence": [{"id": one.id, "title": one.title} for one in evidence],
    }


def _file(request: Request, context: Place) -> detail.CommitmentFile:
    return detail.file_of(request.db, context.commitment, day=request.as_of, assignments=context.assignments)


def _commitment(request: Request, context: Place) -> dict[str, Any]:
    file, row = _file(request, context), context.commitment
    supporting = [one for one in context.assignments if one.role == "supporting" and one.valid_until is None]
    return {
        "id": row.id,
        "statement": row.statement,
        "mandate_id": row.mandate_id,
        "government_id": row.government_id,
        "accountable_id": context.accountable_id,
        "supporting_ids": [one.organization_id for one in supporting],
        "indicator": row.indicator,
        "direction": row.direction,
        "baseline": row.baseline,
        "target": row.target,
        "target_max": row.target_max,
        "unit": row.unit,
        "report_cycle": row.report_cycle,
        "start_on": row.start_on,
        "due_precision": row.due_precision,
        "recorded_at": row.recorded_at,
        "version": row.version,
        "signal": file.span.signal if file.span else None,
        "next_due_on": file.span.next_due_on if file.span else None,
        "last_verified_on": file.span.last_verified_on if file.span else None,
        "fresh_until": file.span.fresh_until if file.span else None,
        "checkpoints": [_checkpoint_of_file(one, row.id) for one in file.checkpoints],
        "reports": [report_item(one, file.evidence.get(one.id, ())) for one in file.reports],
        "obstacles": [_obstacle(one) for one in file.obstacles],
    }


def _checkpoint_of_file(row: Any, commitment_id: int) -> dict[str, Any]:
    return {
        **{
            name: row._mapping.get(name)
            for name in ("id", "code", "original_due_on", "due_on", "scoring_due_on")
        },
        "commitment_id": commitment_id,
        "target": row.target,
        "target_max": row.target_max,
        "description": row.description,
        "state": row.state,
        "signal": row.signal,
        "outcome": row.outcome,
    }


def _obstacle(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "description": row.description,
        "needs_organization_id": row.needs_organization_id,
        "recorded_at": row.recorded_at,
        "resolved_at": row.resolved_at,
    }


@operation(
    "api.commitments",
    "GET",
    permission=Permission.COMMITMENT_READ,
    summary="List commitments as of a day",
    listing=COMMITMENTS,
    answers="commitment",
)
def list_commitments(context: Any, request: Request) -> Any:
    """List the visible commitments."""
    return collection(request, COMMITMENTS, commitment_item)


@operation(
    "api.commitments",
    "POST",
    permission=Permission.COMMITMENT_WRITE,
    summary="Record a commitment",
    body=forms.CommitmentBody,
    answers="commitment",
    status=201,
)
def create_commitment(context: Any, request: Request, values: dict[str, Any]) -> Any:
    """Record a commitment."""
    row = commitments.create(request.db, actor=request.identity, **values)
    request.db.flush()  # the answer shows what the database holds
    created(request, request.route_path("api.commitment", id=row.id))
    return _commitment(request, place(request, row))


@operation(
    "api.commitment",
    "GET",
    permission=Permission.COMMITMENT_READ,
    summary="Read a commitment as of a day",
    answers="commitment",
)
def read_commitment(context: Place, request: Request) -> Any:
    """Read a commitment with checkpoints, reports and obstacles."""
    return answer_detail(request, _commitment(request, context), version=context.version)


@operation(
    "api.commitment",
    "PATCH",
    permission=Permission.COMMITMENT_WRITE,
    summary="Change a commitment's words or supporters",
    body=forms.EditBody,
    answers="commitment",
)
def change_commitment(context: Place, request: Request, values: dict[str, Any]) -> Any:
    """Change a commitment."""
    check_match(request, context.version, needed=True)
    supporting = values.pop("supporting_ids", None)
    row = context.commitment
    if supporting is not None:
        commitments.support(request.db, row, actor=request.identity, supporting_ids=supporting)
    if values:
        commitments.edit(request.db, row, actor=request.identity, **values)
    request.db.flush()  # the version in the answer is the one stored
    return answer_detail(request, _commitment(request, place(request, row)), version=row.version)


@operation(
    "api.commitment.cancel",
    "POST",
    permission=Permission.COMMITMENT_CANCEL,
    summary="Cancel what is not met of a commitment",
    body=forms.Cancel,
    answers="commitment",
)
def cancel_commitment(context: Place, request: Request, values: dict[str, Any]) -> Any:
    """Cancel a commitment."""
    check_match(request, context.version)
    deadlines.cancel(request.db, context.commitment, actor=request.identity, **values)
    return _commitment(request, context)


@operation(
    "api.commitment.attest",
    "POST",
    permission=Permission.COMMITMENT_ATTEST,
    summary="Attest that nothing has changed",
    answers="commitment",
)
def attest_commitment(context: Place, request: Request) -> Any:
    """Attest that nothing has changed."""
    reports.attest(request.db, context.commitment, actor=request.identity)
    return _commitment(request, context)


@operation(
    "api.commitment.obstacles",
    "POST",
    permission=Permission.OBSTACLE_WRITE,
    summary="Raise an obstacle",
    body=forms.ObstacleBody,
    answers="obstacle",
    status=201,
)
def raise_obstacle(context: Place, request: Request, values: dict[str, Any]) -> Any:
    """Raise an obstacle."""
    row = obstacles.raise_obstacle(request.db, context.commitment, actor=request.identity, **values)
    created(request, request.route_path("api.commitment", id=context.id))
    return {"id": row.id, "commitment_id": context.id, "description": row.description}


@operation(
    "api.obstacle.resolve",
    "POST",
    permission=Permission.OBSTACLE_WRITE,
    summary="Record that an obstacle is cleared",
    body=forms.ReturnBody,
    answers="obstacle",
)
def resolve_obstacle(context: Place, request: Request, values: dict[str, Any]) -> Any:
    """Clear an obstacle."""
    obstacle = context.obstacle
    assert obstacle is not None
    obstacles.follow_up(
        request.db,
        obstacle,
        context.commitment,
        actor=request.identity,
        move=ObstacleMove.RESOLVED,
        note=values["note"],
    )
    return {"id": obstacle.id, "commitment_id": context.id, "description": obstacle.description}


@operation(
    "api.checkpoints",
    "GET",
    permission=Permission.COMMITMENT_READ,
    summary="List checkpoints as they stand on a day",
    listing=CHECKPOINTS,
    answers="checkpoint",
)
def list_checkpoints(context: Any, request: Request) -> Any:
    """List the visible checkpoints."""
    return collection(request, CHECKPOINTS, checkpoint_item)


@operation(
    "api.checkpoint",
    "GET",
    permission=Permission.COMMITMENT_READ,
    summary="Read a checkpoint as of a day",
    answers="checkpoint",
)
def read_checkpoint(context: Place, request: Request) -> Any:
    """Read a checkpoint with its reports."""
    checkpoint, file = context.checkpoint, _file(request, context)
    assert checkpoint is not None
    row = next((one for one in file.checkpoints if one.id == checkpoint.id), None)
    body: dict[str, Any] = (
        _checkpoint_of_file(row, context.id) if row else {"id": checkpoint.id, "code": checkpoint.code}
    )
    body["reports"] = [
        report_item(one, file.evidence.get(one.id, ()))
        for one in file.reports
        if one.checkpoint_id == checkpoint.id
    ]
    return answer_detail(request, body, version=context.version)


@operation(
    "api.checkpoint.deadline_changes",
    "POST",
    permission=Permission.DEADLINE_ASK,
    summary="Ask for another due day",
    body=forms.AskDeadline,
    answers="deadline_change",
    status=201,
)
def ask_deadline(context: Place, request: Request, values: dict[str, Any]) -> Any:
    """Ask for another due day."""
    checkpoint = context.checkpoint
    assert checkpoint is not None
    row = deadlines.ask(request.db, checkpoint, context.commitment, actor=request.identity, **values)
    created(request, request.route_path("api.checkpoint", id=checkpoint.id))
    return _deadline_change(row, None)


@operation(
    "api.deadline_changes",
    "GET",
    permission=Permission.QUEUE_READ,
    summary="List the wishes for another day that you decide about",
    answers="deadline_change",
)
def list_deadline_changes(context: Any, request: Request) -> Any:
    """List undecided wishes for another day."""
    rows = waiting.requests_to_decide(request.db, identity=request.identity, limit=200)
    return {"items": [_deadline_change(row, None) for row in rows], "next": None}


def _deadline_change(row: Any, outcome: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "checkpoint_id": row.checkpoint_id,
        "old_due_on": row.old_due_on,
        "new_due_on": row.new_due_on,
        "reason": row.reason,
        "recorded_at": row.recorded_at,
        "outcome": outcome,
    }


def _decide_deadline(
    context: Place, request: Request, values: dict[str, Any], outcome: DeadlineOutcome
) -> Any:
    wish, checkpoint = context.deadline_request, context.checkpoint
    assert wish is not None
    assert checkpoint is not None
    deadlines.decide(
        request.db,
        wish,
        checkpoint,
        context.commitment,
        actor=request.identity,
        outcome=outcome,
        note=values["note"],
    )
    return _deadline_change(wish, outcome)


@operation(
    "api.deadline_change.approve",
    "POST",
    permission=Permission.DEADLINE_DECIDE,
    summary="Grant another due day",
    body=forms.NoteBody,
    answers="deadline_change",
)
def approve_deadline(context: Place, request: Request, values: dict[str, Any]) -> Any:
    """Grant another due day."""
    return _decide_deadline(context, request, values, DeadlineOutcome.APPROVED)


@operation(
    "api.deadline_change.reject",
    "POST",
    permission=Permission.DEADLINE_DECIDE,
    summary="Refuse another due day",
    body=forms.NoteBody,
    answers="deadline_change",
)
def reject_deadline(context: Place, request: Request, values: dict[str, Any]) -> Any:
    """Refuse another due day."""
    return _decide_deadline(context, request, values, DeadlineOutcome.REJECTED)


@operation(
    "api.progress_reports",
    "GET",
    permission=Permission.QUEUE_READ,
    summary="List the reports that wait for your decision",
    listing=TO_DECIDE,
    answers="progress_report",
)
def list_reports(context: Any, request: Request) -> Any:
    """List the reports that wait for this reader."""
    return collection(request, TO_DECIDE, _waiting_item)


def _waiting_item(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "checkpoint_id": row.checkpoint_id,
        "commitment_id": row.commitment_id,
        "status": row.status,
        "narrative": row.narrative,
        "actual": row.actual,
        "achieved_on": row.achieved_on,
        "reported_for_id": row.reported_for_id,
        "recorded_at": row.recorded_at,
    }


@operation(
    "api.progress_reports",
    "POST",
    permission=Permission.WORK_READ,
    summary="Submit a progress report",
    body=forms.ReportBody,
    answers="progress_report",
    status=201,
)
def submit_report(context: Any, request: Request, values: dict[str, Any]) -> Any:
    """Submit a report; 404 for a checkpoint that is not visible, 403 for one that others owe."""
    checkpoint, commitment = scope.checkpoint(
        request.db, values.pop("checkpoint_id"), identity=request.identity
    )
    here = place(request, commitment, checkpoint=checkpoint)
    if not request.has_permission(Permission.REPORT_WRITE, here):
        raise Forbidden(_("Only organizations that owe or support this commitment report on it."))
    row = reports.submit(
        request.db,
        checkpoint,
        commitment,
        actor=request.identity,
        owners=request.registry["collab.document_owners"],
        **values,
    )
    created(request, request.route_path("api.progress_report", id=row.id))
    return _report(request, here, row.id)


def _report(request: Request, context: Place, report_id: int) -> dict[str, Any]:
    file = detail.file_of(request.db, context.commitment, day=request.today, assignments=context.assignments)
    row = next(one for one in file.reports if one.id == report_id)
    return {**report_item(row, file.evidence.get(row.id, ())), "commitment_id": context.id}


@operation(
    "api.progress_report",
    "GET",
    permission=Permission.COMMITMENT_READ,
    summary="Read a progress report",
    answers="progress_report",
)
def read_report(context: Place, request: Request) -> Any:
    """Read a report with its decision and evidence."""
    assert context.report is not None
    return answer_detail(request, _report(request, context, context.report.id), version=context.version)


def _decide(context: Place, request: Request, values: dict[str, Any], decision: Decision) -> Any:
    report, checkpoint = context.report, context.checkpoint
    assert report is not None
    assert checkpoint is not None
    reports.decide(
        request.db,
        report,
        checkpoint,
        context.commitment,
        actor=request.identity,
        decision=decision,
        note=values["note"],
    )
    return _report(request, context, report.id)


@operation(
    "api.progress_report.verify",
    "POST",
    permission=Permission.REPORT_DECIDE,
    summary="Verify a report",
    body=forms.NoteBody,
    answers="progress_report",
)
def verify_report(context: Place, request: Request, values: dict[str, Any]) -> Any:
    """Verify a report."""
    return _decide(context, request, values, Decision.VERIFIED)


@operation(
    "api.progress_report.return",
    "POST",
    permission=Permission.REPORT_DECIDE,
    summary="Return a report for repair",
    body=forms.ReturnBody,
    answers="progress_report",
)
def return_report(context: Place, request: Request, values: dict[str, Any]) -> Any:
    """Return a report with a note."""
    return _decide(context, request, values, Decision.RETURNED)
