"""Progress reports and their decisions as JSON."""

from typing import Any

from pyramid.request import Request

from collab.commitments import forms
from collab.commitments.api.answers import report_item
from collab.commitments.queries import detail, scope
from collab.commitments.routes import Place, place
from collab.commitments.services import reports
from collab.commitments.views.listings import TO_DECIDE
from collab.commitments.vocabulary import Decision, Permission
from collab.core.errors import Forbidden
from collab.core.text import _
from collab.web.api import collection, created, operation
from collab.web.api import detail as answer_detail


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
    permission=Permission.REPORT_WRITE,
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
