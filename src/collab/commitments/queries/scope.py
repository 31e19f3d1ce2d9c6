"""Who may see which commitments (the same limit for list, detail, count, export and search), and units' paths."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from collab.commitments.models import (
    Checkpoint,
    Commitment,
    CommitmentAssignment,
    DeadlineRequest,
    Obstacle,
    ProgressReport,
    ReportEvidence,
)
from collab.commitments.vocabulary import AssignmentRole
from collab.core.errors import NotFound
from collab.core.identity import GOVERNMENT_ROLES, Identity, Role
from collab.core.text import _
from collab.mandates.models import MandateLead
from collab.mandates.vocabulary import LeadRole
from collab.organizations.models import Organization

REPORTING = (Role.LIAISON, Role.PARTNER)
#: The commitments of mandates that somebody leads.
_LED = aliased(Commitment, name="led")


def reporting_units(identity: Identity) -> tuple[int, ...]:
    """Give the units for which an identity reports: who also decides is independent of none of them (R45)."""
    found = (
        grant.acting_organization_id or grant.organization_id
        for grant in identity.grants
        if grant.role in REPORTING
    )
    return tuple(dict.fromkeys(unit for unit in found if unit is not None))


def visible(identity: Identity, *, spans: Any = None) -> ColumnElement[bool]:
    """Limit a statement over `Commitment` to what an identity may see.

    A government's roles see the commitments of its mandates; an organization's roles see those their unit (or one
    below it) owes or supports, and every one of a mandate that it leads. `spans` names a table of spans to be limited
    instead: they keep commitment and government beside, so that `Commitment` need not be read.
    """
    government_id, commitment_id = (
        (Commitment.government_id, Commitment.id)
        if spans is None
        else (spans.government_id, spans.commitment_id)
    )
    alternatives: list[ColumnElement[bool]] = []
    governments = identity.governments(*GOVERNMENT_ROLES)
    if governments:
        alternatives.append(government_id.in_(governments))
    units = identity.organizations(*REPORTING)
    if units:
        alternatives.append(commitment_id.in_(_taken_part_in(units)))
        alternatives.append(commitment_id.in_(_led_by(units)))
    return or_(*alternatives) if alternatives else false()


def _taken_part_in(units: frozenset[int]) -> Any:
    return select(CommitmentAssignment.commitment_id).where(
        CommitmentAssignment.organization_id.in_(units), CommitmentAssignment.valid_until.is_(None)
    )


def _led_by(units: frozenset[int]) -> Any:
    return (
        select(_LED.id)
        .join(MandateLead, MandateLead.mandate_id == _LED.mandate_id)
        .where(
            MandateLead.organization_id.in_(units),
            MandateLead.role == LeadRole.LEAD,
            MandateLead.valid_until.is_(None),
        )
    )


def get(session: Session, commitment_id: int, *, identity: Identity) -> Commitment:
    """Give a visible commitment; raise `NotFound` when there is none."""
    found = session.scalar(select(Commitment).where(Commitment.id == commitment_id, visible(identity)))
    if found is None:
        raise NotFound(_("There is no such commitment, or it is not visible to you."))
    return found


def checkpoint(session: Session, checkpoint_id: int, *, identity: Identity) -> tuple[Checkpoint, Commitment]:
    """Give a checkpoint of a visible commitment; raise `NotFound` when there is none."""
    row = session.execute(
        select(Checkpoint, Commitment)
        .join(Commitment, Commitment.id == Checkpoint.commitment_id)
        .where(Checkpoint.id == checkpoint_id, visible(identity))
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such checkpoint, or it is not visible to you."))
    return row[0], row[1]


def report(
    session: Session, report_id: int, *, identity: Identity
) -> tuple[ProgressReport, Checkpoint, Commitment]:
    """Give a report on a visible commitment; raise `NotFound` when there is none."""
    row = session.execute(
        select(ProgressReport, Checkpoint, Commitment)
        .join(Checkpoint, Checkpoint.id == ProgressReport.checkpoint_id)
        .join(Commitment, Commitment.id == Checkpoint.commitment_id)
        .where(ProgressReport.id == report_id, visible(identity))
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such report, or it is not visible to you."))
    return row[0], row[1], row[2]


def assigned(session: Session, commitment_id: int, *, role: AssignmentRole | None = None) -> list[Any]:
    """Give [(organization_id, role, name, valid_from, valid_until)] of a commitment, accountable first, newest first."""
    statement = (
        select(
            CommitmentAssignment.organization_id,
            CommitmentAssignment.role,
            Organization.name,
            CommitmentAssignment.valid_from,
            CommitmentAssignment.valid_until,
        )
        .join(Organization, Organization.id == CommitmentAssignment.organization_id)
        .where(CommitmentAssignment.commitment_id == commitment_id)
        .order_by(CommitmentAssignment.role, CommitmentAssignment.valid_from.desc(), Organization.name)
    )
    if role is not None:
        statement = statement.where(CommitmentAssignment.role == role)
    return list(session.execute(statement))


def accountable_id(session: Session, commitment_id: int, *, day: date | None = None) -> int:
    """Give the organization accountable today, or on a day."""
    statement = select(CommitmentAssignment.organization_id).where(
        CommitmentAssignment.commitment_id == commitment_id,
        CommitmentAssignment.role == AssignmentRole.ACCOUNTABLE,
    )
    if day is None:
        return session.scalars(statement.where(CommitmentAssignment.valid_until.is_(None))).one()
    in_force = and_(
        CommitmentAssignment.valid_from <= day,
        or_(CommitmentAssignment.valid_until.is_(None), CommitmentAssignment.valid_until >= day),
    )
    return session.scalars(
        statement.where(in_force).order_by(CommitmentAssignment.valid_from.desc())
    ).first() or (session.scalars(statement.order_by(CommitmentAssignment.valid_from)).one())


def path_of(session: Session, organization_id: int) -> tuple[int, ...]:
    """Give the ids from the root unit down to this one (one statement)."""
    upward = (
        select(Organization.id, Organization.parent_id)
        .where(Organization.id == organization_id)
        .cte("upward", recursive=True)
    )
    above = aliased(Organization)
    upward = upward.union_all(select(above.id, above.parent_id).join(upward, above.id == upward.c.parent_id))
    parents = {row.id: row.parent_id for row in session.execute(select(upward.c.id, upward.c.parent_id))}
    path = [organization_id]
    while (parent := parents.get(path[-1])) is not None and parent not in path:
        path.append(parent)
    return tuple(reversed(path))


def accountable_leads(session: Session, mandate_id: int) -> Sequence[int]:
    """Give the accountable lead of a mandate (none or one)."""
    return session.scalars(
        select(MandateLead.organization_id).where(
            MandateLead.mandate_id == mandate_id, MandateLead.accountable, MandateLead.valid_until.is_(None)
        )
    ).all()


def has_reports(session: Session, commitment_id: int) -> bool:
    """Tell whether anything was reported on a commitment."""
    return bool(
        session.scalar(
            select(
                exists()
                .where(ProgressReport.checkpoint_id == Checkpoint.id)
                .where(Checkpoint.commitment_id == commitment_id)
            )
        )
    )


def deadline_request(
    session: Session, request_id: int, *, identity: Identity
) -> tuple[DeadlineRequest, Checkpoint, Commitment]:
    """Give a wish for another day on a visible commitment; raise `NotFound` when there is none."""
    row = session.execute(
        select(DeadlineRequest, Checkpoint, Commitment)
        .join(Checkpoint, Checkpoint.id == DeadlineRequest.checkpoint_id)
        .join(Commitment, Commitment.id == Checkpoint.commitment_id)
        .where(DeadlineRequest.id == request_id, visible(identity))
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such request, or it is not visible to you."))
    return row[0], row[1], row[2]


def obstacle(session: Session, obstacle_id: int, *, identity: Identity) -> tuple[Obstacle, Commitment]:
    """Give an obstacle of a visible commitment; raise `NotFound` when there is none."""
    row = session.execute(
        select(Obstacle, Commitment)
        .join(Commitment, Commitment.id == Obstacle.commitment_id)
        .where(Obstacle.id == obstacle_id, visible(identity))
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such obstacle, or it is not visible to you."))
    return row[0], row[1]


def sees_evidence(session: Session, identity: Identity, document_id: int) -> bool:
    """Tell whether a document is evidence of a report that this identity may see."""
    if not identity.grants:
        return False  # whoever has no role sees no report
    return bool(
        session.scalar(
            select(
                exists()
                .where(ReportEvidence.document_id == document_id)
                .where(ProgressReport.id == ReportEvidence.report_id)
                .where(Checkpoint.id == ProgressReport.checkpoint_id)
                .where(Commitment.id == Checkpoint.commitment_id)
                .where(visible(identity))
            )
        )
    )


def edits_evidence(session: Session, identity: Identity, document_id: int) -> bool | None:
    """Refuse new versions of evidence to everybody: what was reported and verified stays; None if it is no evidence."""
    claimed = session.scalar(select(exists().where(ReportEvidence.document_id == document_id)))
    return False if claimed else None


def visible_ids(session: Session, identity: Identity, ids: Collection[int]) -> Sequence[int]:
    """Give those of some commitments that an identity may see (for the search)."""
    return session.scalars(select(Commitment.id).where(Commitment.id.in_(ids), visible(identity))).all()
