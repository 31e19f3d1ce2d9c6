"""Checkpoints and the wishes for another due day as JSON."""

from typing import Any

from pyramid.request import Request

from collab.commitments import forms
from collab.commitments.api.answers import checkpoint_item, checkpoint_of_file, file_of, report_item
from collab.commitments.queries import waiting
from collab.commitments.routes import Place
from collab.commitments.services import deadlines
from collab.commitments.views.listings import CHECKPOINTS
from collab.commitments.vocabulary import DeadlineOutcome, Permission
from collab.web.api import collection, created, operation
from collab.web.api import detail as answer_detail


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
    checkpoint, file = context.checkpoint, file_of(request, context)
    assert checkpoint is not None
    row = next((one for one in file.checkpoints if one.id == checkpoint.id), None)
    body: dict[str, Any] = (
        checkpoint_of_file(row, context.id) if row else {"id": checkpoint.id, "code": checkpoint.code}
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
