"""What the API answers with: commitments, checkpoints, reports and obstacles as JSON."""

from typing import Any

from pyramid.request import Request

from collab.commitments.queries import detail
from collab.commitments.routes import Place


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


def file_of(request: Request, context: Place) -> detail.CommitmentFile:
    """Give a commitment with everything recorded by the end of the day asked for."""
    return detail.file_of(request.db, context.commitment, day=request.as_of, assignments=context.assignments)


def commitment_body(request: Request, context: Place) -> dict[str, Any]:
    """Give a commitment with its checkpoints, reports and obstacles."""
    file, row = file_of(request, context), context.commitment
    return {
        "id": row.id,
        "statement": row.statement,
        "mandate_id": row.mandate_id,
        "government_id": row.government_id,
        "accountable_id": file.owner.organization_id if file.owner else context.accountable_id,
        "supporting_ids": [one.organization_id for one in file.supporters],
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
        "checkpoints": [checkpoint_of_file(one, row.id) for one in file.checkpoints],
        "reports": [report_item(one, file.evidence.get(one.id, ())) for one in file.reports],
        "obstacles": [obstacle_item(one) for one in file.obstacles],
    }


def checkpoint_of_file(row: Any, commitment_id: int) -> dict[str, Any]:
    """Give a checkpoint of a commitment as it stands on the day."""
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


def obstacle_item(row: Any) -> dict[str, Any]:
    """Give an obstacle."""
    return {
        "id": row.id,
        "description": row.description,
        "needs_organization_id": row.needs_organization_id,
        "recorded_at": row.recorded_at,
        "resolved_at": row.resolved_at,
    }
