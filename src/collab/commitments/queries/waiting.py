"""What waits for a decision, and for whose: reports, and wishes for another day."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from collab.commitments.models import (
    Checkpoint,
    Commitment,
    DeadlineDecision,
    DeadlineRequest,
    ProgressReport,
    ReportDecision,
    ReportEvidence,
)
from collab.commitments.queries.lists import OWNER, units_of
from collab.commitments.queries.scope import REPORTING, reporting_units, visible
from collab.core.db import AnySelect
from collab.core.identity import Identity, Role
from collab.core.page import Key
from collab.mandates.models import Mandate, MandateLead
from collab.organizations.models import Organization

DECIDING = (Role.COORDINATOR, Role.MONITOR)
REPORTER = aliased(Organization, name="reporter")


def waiting(identity: Identity) -> AnySelect:
    """Select undecided, not replaced reports on visible commitments, with what a verifier wants to see at once."""
    later = aliased(ProgressReport)
    return (
        select(
            ProgressReport.id,
            ProgressReport.checkpoint_id,
            ProgressReport.status,
            ProgressReport.narrative,
            ProgressReport.actual,
            ProgressReport.achieved_on,
            ProgressReport.recorded_at,
            ProgressReport.reported_for_id,
            ProgressReport.submitted_by,
            REPORTER.name.label("reporter"),
            Checkpoint.code,
            Checkpoint.target,
            Commitment.id.label("commitment_id"),
            Commitment.statement,
            Commitment.unit,
            Commitment.government_id,
            Commitment.mandate_id,
            Mandate.title.label("mandate"),
        )
        .join(Checkpoint, Checkpoint.id == ProgressReport.checkpoint_id)
        .join(Commitment, Commitment.id == Checkpoint.commitment_id)
        .join(Mandate, Mandate.id == Commitment.mandate_id)
        .join(REPORTER, REPORTER.id == ProgressReport.reported_for_id)
        .outerjoin(ReportDecision, ReportDecision.report_id == ProgressReport.id)
        .outerjoin(later, later.supersedes_id == ProgressReport.id)
        .where(ReportDecision.id.is_(None), later.id.is_(None), visible(identity))
    )


WAITING_ORDERS = {
    "oldest": (Key("id", ProgressReport.id),),
    "newest": (Key("id", ProgressReport.id, descending=True),),
}


def to_decide(identity: Identity) -> AnySelect:
    """Select the waiting reports that this identity may decide: its role there, and another unit's report."""
    return waiting(identity).where(
        or_(false(), *_ways_to_judge(identity)),
        *(_out_of_line(unit) for unit in reporting_units(identity)),
        or_(ProgressReport.submitted_by.is_(None), ProgressReport.submitted_by != identity.user_id),
    )


def decidable(session: Session, report_ids: list[int], *, identity: Identity) -> frozenset[int]:
    """Give those of some reports that wait and that this identity may decide."""
    return frozenset(
        row.id for row in session.execute(to_decide(identity).where(ProgressReport.id.in_(report_ids)))
    )


def _ways_to_judge(identity: Identity) -> list[ColumnElement[bool]]:
    """List by which grants a report may be judged: a government's role out of its line (R45), or the accountable lead."""
    ways: list[ColumnElement[bool]] = []
    for grant in identity.grants:
        acting = grant.acting_organization_id or grant.organization_id
        if acting is None:
            continue
        if grant.role in DECIDING and grant.government_id is not None:
            ways.append(and_(Commitment.government_id == grant.government_id, _out_of_line(acting)))
        elif grant.role is Role.LIAISON:
            led = select(MandateLead.mandate_id).where(
                MandateLead.organization_id.in_(grant.organization_ids),
                MandateLead.accountable,
                MandateLead.valid_until.is_(None),
            )
            ways.append(Commitment.mandate_id.in_(led))
    return ways


def _out_of_line(unit_id: int) -> ColumnElement[bool]:
    """Say "the report is not of this unit, of one above it, or of one inside it"."""
    return and_(
        ProgressReport.reported_for_id.not_in(units_of(unit_id)),
        ProgressReport.reported_for_id.not_in(line_above(unit_id)),
    )


def line_above(organization_id: int) -> Any:
    """Give a subquery of a unit and all units above it."""
    line = (
        select(Organization.id, Organization.parent_id)
        .where(Organization.id == organization_id)
        .cte(recursive=True)
    )
    above = aliased(Organization)
    line = line.union_all(select(above.id, above.parent_id).join(line, above.id == line.c.parent_id))
    return select(line.c.id)


def open_deadline_requests(identity: Identity) -> AnySelect:
    """Select the wishes for another day that wait for a decision on visible commitments."""
    return (
        select(
            DeadlineRequest.id,
            DeadlineRequest.checkpoint_id,
            DeadlineRequest.old_due_on,
            DeadlineRequest.new_due_on,
            DeadlineRequest.reason,
            DeadlineRequest.recorded_at,
            DeadlineRequest.asked_for_id,
            DeadlineRequest.asked_by,
            OWNER.name.label("organization"),
            Checkpoint.code,
            Commitment.id.label("commitment_id"),
            Commitment.statement,
            Commitment.government_id,
            Mandate.title.label("mandate"),
        )
        .join(Checkpoint, Checkpoint.id == DeadlineRequest.checkpoint_id)
        .join(Commitment, Commitment.id == Checkpoint.commitment_id)
        .join(Mandate, Mandate.id == Commitment.mandate_id)
        .outerjoin(OWNER, OWNER.id == DeadlineRequest.asked_for_id)
        .outerjoin(DeadlineDecision, DeadlineDecision.request_id == DeadlineRequest.id)
        .where(DeadlineDecision.id.is_(None), visible(identity))
        .order_by(DeadlineRequest.id)
    )


def requests_to_decide(session: Session, *, identity: Identity, limit: int = 50) -> list[Any]:
    """Give the wishes for another day that this identity's role decides about, oldest first; never its own unit's."""
    ways = [
        and_(Commitment.government_id == grant.government_id, _asked_by_others(grant.acting_organization_id))
        for grant in identity.grants
        if grant.role in DECIDING and grant.government_id is not None
    ]
    statement = open_deadline_requests(identity).where(
        or_(false(), *ways),
        *(_asked_by_others(unit) for unit in reporting_units(identity)),
        or_(DeadlineRequest.asked_by.is_(None), DeadlineRequest.asked_by != identity.user_id),
    )
    return list(session.execute(statement.limit(limit)))


def _asked_by_others(unit_id: int | None) -> ColumnElement[bool]:
    """Say "the wish is not of this unit or of one that it belongs to"."""
    asker = DeadlineRequest.asked_for_id
    return or_(asker.is_(None), asker.not_in(line_above(unit_id or 0)))


def waiting_of(session: Session, *, identity: Identity, limit: int = 50) -> list[Any]:
    """Give the identity's own units' reports that wait for a decision, newest first."""
    units = identity.organizations(*REPORTING)
    if not units:
        return []
    statement = waiting(identity).where(ProgressReport.reported_for_id.in_(units))
    return list(session.execute(statement.order_by(ProgressReport.id.desc()).limit(limit)))


def evidence_count(session: Session, report_ids: list[int]) -> dict[int, int]:
    """Give {report: number of documents} for some reports."""
    if not report_ids:
        return {}
    rows = session.execute(
        select(ReportEvidence.report_id, func.count())
        .where(ReportEvidence.report_id.in_(report_ids))
        .group_by(ReportEvidence.report_id)
    )
    return {row[0]: row[1] for row in rows}
