"""Commitments and their obstacles as JSON."""

from typing import Any

from pyramid.request import Request

from collab.commitments import forms
from collab.commitments.api.answers import commitment_body, commitment_item
from collab.commitments.routes import Place, place
from collab.commitments.services import commitments, deadlines, obstacles, reports
from collab.commitments.views.listings import COMMITMENTS
from collab.commitments.vocabulary import ObstacleMove, Permission
from collab.web.api import check_match, collection, created, operation
from collab.web.api import detail as answer_detail


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
    return commitment_body(request, place(request, row))


@operation(
    "api.commitment",
    "GET",
    permission=Permission.COMMITMENT_READ,
    summary="Read a commitment as of a day",
    answers="commitment",
)
def read_commitment(context: Place, request: Request) -> Any:
    """Read a commitment with checkpoints, reports and obstacles."""
    return answer_detail(request, commitment_body(request, context), version=context.version)


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
    return answer_detail(request, commitment_body(request, place(request, row)), version=row.version)


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
    return commitment_body(request, context)


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
    return commitment_body(request, context)


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
