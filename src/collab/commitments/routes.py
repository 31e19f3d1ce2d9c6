"""Addresses of commitments, checkpoints, reports and their decisions; factories answer 404 before a view runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from collab.commitments.models import Checkpoint, Commitment, DeadlineRequest, Obstacle, ProgressReport
from collab.commitments.queries import scope

ID = r"{id:\d{1,9}}"


@dataclass(frozen=True)
class Place:
    """A visible commitment, with what the policies look at, and the row below it that the address names."""

    id: int
    version: int
    government_id: int
    commitment: Commitment
    assignments: list[Any]
    accountable_id: int
    assigned_ids: frozenset[int]
    lead_ids: frozenset[int]
    checkpoint: Checkpoint | None = None
    report: ProgressReport | None = None
    deadline_request: DeadlineRequest | None = None
    obstacle: Obstacle | None = None


def place(request: Request, commitment: Commitment, **below: Any) -> Place:
    """Gather what the policies need about a commitment."""
    assignments = scope.assigned(request.db, commitment.id)
    standing = [row for row in assignments if row.valid_until is None]
    accountable = next((row.organization_id for row in standing if row.role == "accountable"), 0)
    return Place(
        id=commitment.id,
        version=commitment.version,
        government_id=commitment.government_id,
        commitment=commitment,
        assignments=assignments,
        accountable_id=accountable,
        assigned_ids=frozenset(row.organization_id for row in standing),
        lead_ids=frozenset(scope.accountable_leads(request.db, commitment.mandate_id)),
        **below,
    )


def _by(find: Callable[[Request, int], Place]) -> Callable[[Request], Any]:
    def factory(request: Request) -> Any:
        if request.identity is None:
            return Nowhere()
        return find(request, int(request.matchdict["id"]))

    return factory


class Nowhere:
    """The context of a visitor: every permission of this feature is denied, so that sign-in comes first."""


def _commitment(request: Request, number: int) -> Place:
    return place(request, scope.get(request.db, number, identity=request.identity))


def _checkpoint(request: Request, number: int) -> Place:
    checkpoint, commitment = scope.checkpoint(request.db, number, identity=request.identity)
    return place(request, commitment, checkpoint=checkpoint)


def _report(request: Request, number: int) -> Place:
    report, checkpoint, commitment = scope.report(request.db, number, identity=request.identity)
    return place(request, commitment, checkpoint=checkpoint, report=report)


def _deadline_request(request: Request, number: int) -> Place:
    wish, checkpoint, commitment = scope.deadline_request(request.db, number, identity=request.identity)
    return place(request, commitment, checkpoint=checkpoint, deadline_request=wish)


def _obstacle(request: Request, number: int) -> Place:
    obstacle, commitment = scope.obstacle(request.db, number, identity=request.identity)
    return place(request, commitment, obstacle=obstacle)


commitment, checkpoint, report = _by(_commitment), _by(_checkpoint), _by(_report)
deadline_request, obstacle = _by(_deadline_request), _by(_obstacle)

PAGES: tuple[tuple[str, str, Any], ...] = (
    ("work", "/work", None),
    ("verify", "/verify", None),
    ("commitments", "/commitments", None),
    ("commitments.csv", "/commitments.csv", None),
    ("commitments.xlsx", "/commitments.xlsx", None),
    ("commitment.new", "/commitments/new", None),
    ("commitment", f"/commitments/{ID}", commitment),
    ("commitment.edit", f"/commitments/{ID}/edit", commitment),
    ("commitment.support", f"/commitments/{ID}/support", commitment),
    ("commitment.cancel", f"/commitments/{ID}/cancel", commitment),
    ("commitment.attest", f"/commitments/{ID}/attest", commitment),
    ("commitment.obstacle", f"/commitments/{ID}/obstacle", commitment),
    ("checkpoint.report", f"/checkpoints/{ID}/report", checkpoint),
    ("checkpoint.deadline", f"/checkpoints/{ID}/deadline", checkpoint),
    ("report.decide", f"/reports/{ID}/decide", report),
    ("deadline_request.decide", f"/deadline-requests/{ID}/decide", deadline_request),
    ("obstacle.follow_up", f"/obstacles/{ID}", obstacle),
)

API = "/api/v1"
OPERATIONS: tuple[tuple[str, str, Any], ...] = (
    ("api.commitments", "/commitments", None),
    ("api.commitment", f"/commitments/{ID}", commitment),
    ("api.commitment.cancel", f"/commitments/{ID}/cancel", commitment),
    ("api.commitment.attest", f"/commitments/{ID}/attest", commitment),
    ("api.commitment.obstacles", f"/commitments/{ID}/obstacles", commitment),
    ("api.obstacle.resolve", f"/obstacles/{ID}/resolve", obstacle),
    ("api.checkpoints", "/checkpoints", None),
    ("api.checkpoint", f"/checkpoints/{ID}", checkpoint),
    ("api.checkpoint.deadline_changes", f"/checkpoints/{ID}/deadline-changes", checkpoint),
    ("api.deadline_changes", "/deadline-changes", None),
    ("api.deadline_change.approve", f"/deadline-changes/{ID}/approve", deadline_request),
    ("api.deadline_change.reject", f"/deadline-changes/{ID}/reject", deadline_request),
    ("api.progress_reports", "/progress-reports", None),
    ("api.progress_report", f"/progress-reports/{ID}", report),
    ("api.progress_report.verify", f"/progress-reports/{ID}/verify", report),
    ("api.progress_report.return", f"/progress-reports/{ID}/return", report),
)


def includeme(config: Configurator) -> None:
    """Add the addresses; the fixed ones stand before those with an id."""
    for name, pattern, factory in PAGES:
        config.add_route(name, pattern, factory=factory)
    for name, pattern, factory in OPERATIONS:
        config.add_route(name, f"{API}{pattern}", factory=factory)
