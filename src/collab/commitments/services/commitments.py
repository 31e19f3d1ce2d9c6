"""Create and edit commitments: the promise, who owes it, its checkpoints."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.audit.services import changes_of, created_values, instant, record
from collab.commitments.models import Checkpoint, Commitment, CommitmentAssignment
from collab.commitments.queries.scope import accountable_id as current_accountable
from collab.commitments.rules import PlannedCheckpoint, check_plan, last_due_day
from collab.commitments.services.common import acting_in_government, day_of, finish
from collab.commitments.vocabulary import AssignmentRole, Direction, DuePrecision, ReportCycle
from collab.core.db import touch
from collab.core.errors import Invalid
from collab.core.identity import Identity, Role
from collab.core.text import _
from collab.mandates.models import Mandate
from collab.organizations.models import Organization
from collab.organizations.vocabulary import OrganizationClass
from collab.search.services import index

EDITABLE = ("statement", "indicator", "unit", "baseline", "report_cycle")


def create(
    session: Session,
    *,
    actor: Identity,
    mandate_id: int,
    statement: str,
    accountable_id: int,
    supporting_ids: Sequence[int] = (),
    indicator: str | None = None,
    direction: Direction | None = None,
    baseline: Decimal | None = None,
    target: Decimal | None = None,
    target_max: Decimal | None = None,
    unit: str | None = None,
    due_on: date | None = None,
    due_precision: DuePrecision | None = None,
    report_cycle: ReportCycle | None = None,
    start_on: date | None = None,
    checkpoints: Sequence[dict[str, Any]] = (),
    is_illustrative: bool = False,
) -> Commitment:
    """Record a commitment with its checkpoints; the actor coordinates the mandate's government.

    Without `checkpoints` there is one, FINAL, due on `due_on` or undated. Raise `Invalid` at the field that is
    wrong, at `mandate_id` too for a mandate that is none of the actor's.
    """
    mandate = session.get(Mandate, mandate_id)
    if mandate is None or mandate.government_id not in actor.governments(Role.COORDINATOR):
        raise Invalid({"mandate_id": [_("Choose a mandate of your government.")]})
    acting = acting_in_government(actor, mandate.government_id, Role.COORDINATOR)
    _check_words(statement)
    _check_owners(session, accountable_id, supporting_ids)
    _check_target(target, target_max, indicator)
    precision = due_precision or DuePrecision.DAY
    plan = _plan(due_on, precision, checkpoints, target, target_max)
    moment, today = instant(session), day_of(session, mandate.government_id)
    commitment = Commitment(
        mandate_id=mandate.id,
        government_id=mandate.government_id,
        statement=statement,
        indicator=indicator,
        direction=direction or (Direction.UP if target is not None or indicator else None),
        baseline=baseline,
        target=target,
        target_max=target_max,
        unit=unit,
        report_cycle=report_cycle or ReportCycle.QUARTER,
        start_on=start_on or today,
        due_precision=precision,
        is_illustrative=is_illustrative,
        recorded_by=actor.user_id,
        recorded_at=moment,
        changed_at=moment,
    )
    session.add(commitment)
    session.flush()  # the id, for the rows that hang on it
    session.add_all(_assignments(commitment.id, accountable_id, supporting_ids, today, moment))
    session.add_all(_checkpoints(commitment.id, plan, checkpoints, moment))
    _index(session, commitment)
    finish(
        session,
        commitment,
        actor=actor,
        tag="commitments:commitment:create",
        acting_organization_id=acting,
        changes=created_values(
            {
                "statement": statement,
                "mandate": mandate.title,
                "accountable": session.get_one(Organization, accountable_id).name,
                "indicator": indicator,
                "target": target,
                "target_max": target_max,
                "unit": unit,
                "due_on": plan[-1].due_on,
                "checkpoints": [f"{item.code} {item.due_on or '-'}" for item in plan],
            }
        ),
        detail={"mandate": mandate.title},
    )
    return commitment


def edit(session: Session, commitment: Commitment, *, actor: Identity, **values: Any) -> Commitment:
    """Change the words of a commitment; due days, targets and owners have their own verbs."""
    acting = acting_in_government(actor, commitment.government_id, Role.COORDINATOR)
    instant(
        session
    )  # the lock alone: what somebody else changed since the asker read it must stay in the way
    chosen = {name: values[name] for name in EDITABLE if name in values}
    if "report_cycle" in chosen and chosen["report_cycle"] is None:
        chosen["report_cycle"] = ReportCycle.QUARTER
    _check_words(chosen.get("statement", commitment.statement))
    if chosen.get("indicator", commitment.indicator) is None and commitment.target is not None:
        raise Invalid({"indicator": [_("A target needs the indicator it is measured by.")]})
    changes = changes_of(commitment, chosen)
    if not changes:
        return commitment
    for name, (_before, after) in changes.items():
        setattr(commitment, name, after)
    commitment.changed_at = instant(session)
    _index(session, commitment)
    finish(
        session,
        commitment,
        actor=actor,
        tag="commitments:commitment:edit",
        acting_organization_id=acting,
        changes=changes,
    )
    return commitment


def support(
    session: Session, commitment: Commitment, *, actor: Identity, supporting_ids: Sequence[int]
) -> None:
    """Say which organizations support a commitment from today on; the others' support ends."""
    acting = acting_in_government(actor, commitment.government_id, Role.COORDINATOR)
    today, moment = day_of(session, commitment.government_id), instant(session)
    _check_owners(session, current_accountable(session, commitment.id), supporting_ids)
    standing = session.scalars(
        select(CommitmentAssignment).where(
            CommitmentAssignment.commitment_id == commitment.id,
            CommitmentAssignment.role == AssignmentRole.SUPPORTING,
            CommitmentAssignment.valid_until.is_(None),
        )
    ).all()
    before = {row.organization_id for row in standing}
    if before == set(supporting_ids):
        return
    for row in standing:
        if row.organization_id not in supporting_ids:
            row.valid_until = today
    for organization_id in supporting_ids:
        if organization_id not in before:
            session.add(_assignment(commitment.id, organization_id, AssignmentRole.SUPPORTING, today, moment))
    touch(commitment, moment)
    session.flush()  # refusals of the database are answered here
    record(
        session,
        actor=actor,
        tag="commitments:commitment:support",
        subject_kind="commitment",
        subject_id=commitment.id,
        subject_name=commitment.statement,
        government_id=commitment.government_id,
        acting_organization_id=acting,
        changes={"supporting": [_names(session, before), _names(session, supporting_ids)]},
    )


def _index(session: Session, commitment: Commitment) -> None:
    body = " · ".join(filter(None, (commitment.indicator, commitment.unit)))
    index(session, "commitment", commitment.id, title=commitment.statement[:500], body=body)


def _names(session: Session, ids: Any) -> list[str]:
    return sorted(session.scalars(select(Organization.name).where(Organization.id.in_(list(ids)))))


def _plan(
    due_on: date | None,
    precision: DuePrecision,
    checkpoints: Sequence[dict[str, Any]],
    target: Decimal | None,
    target_max: Decimal | None,
) -> tuple[PlannedCheckpoint, ...]:
    due = last_due_day(due_on, precision) if due_on else None
    planned = [
        PlannedCheckpoint(
            code=item["code"],
            due_on=last_due_day(item["due_on"], precision) if item.get("due_on") else None,
            target=item.get("target"),
            target_max=item.get("target_max"),
        )
        for item in checkpoints
    ]
    if target is None and any(item.target is not None for item in planned):
        raise Invalid(
            {"target": [_("Checkpoints have numbers to reach: give the commitment its target too.")]}
        )
    plan = check_plan(due, planned)
    last = plan[-1]
    if last.target is None and target is not None:
        last = PlannedCheckpoint(code=last.code, due_on=last.due_on, target=target, target_max=target_max)
    return (*plan[:-1], last)


def _check_owners(session: Session, accountable_id: int, supporting_ids: Sequence[int]) -> None:
    """Raise `Invalid` unless all are organizations, none is a group or given twice."""
    classes = {
        row.id: row.org_class
        for row in session.execute(
            select(Organization.id, Organization.org_class).where(
                Organization.id.in_([accountable_id, *supporting_ids])
            )
        )
    }
    errors: dict[str, list[Any]] = {}
    if accountable_id not in classes:
        errors["accountable_id"] = [_("There is no such organization.")]
    elif classes[accountable_id] is OrganizationClass.GROUP:
        errors["accountable_id"] = [_("A group owes nothing: choose one of its members.")]
    if any(organization_id not in classes for organization_id in supporting_ids):
        errors["supporting_ids"] = [_("There is no such organization.")]
    elif accountable_id in supporting_ids or len(set(supporting_ids)) < len(supporting_ids):
        errors["supporting_ids"] = [
            _("Name each organization once; the accountable one does not support itself.")
        ]
    if errors:
        raise Invalid(errors)


def _check_words(statement: str) -> None:
    if not statement.strip():
        raise Invalid({"statement": [_("Say what is promised.")]})


def _check_target(target: Decimal | None, target_max: Decimal | None, indicator: str | None) -> None:
    errors: dict[str, list[Any]] = {}
    if target is not None and not indicator:
        errors["indicator"] = [_("A target needs the indicator it is measured by.")]
    if target_max is not None and (target is None or target_max < target):
        errors["target_max"] = [_("The upper end of a target needs a lower end, and is not below it.")]
    if errors:
        raise Invalid(errors)


def _assignment(
    commitment_id: int, organization_id: int, role: AssignmentRole, day: date, moment: Any
) -> CommitmentAssignment:
    return CommitmentAssignment(
        commitment_id=commitment_id,
        organization_id=organization_id,
        role=role,
        valid_from=day,
        recorded_at=moment,
    )


def _assignments(
    commitment_id: int, accountable_id: int, supporting_ids: Sequence[int], day: date, moment: Any
) -> list[CommitmentAssignment]:
    accountable = _assignment(commitment_id, accountable_id, AssignmentRole.ACCOUNTABLE, day, moment)
    return [
        accountable,
        *(_assignment(commitment_id, one, AssignmentRole.SUPPORTING, day, moment) for one in supporting_ids),
    ]


def _checkpoints(
    commitment_id: int, plan: Sequence[PlannedCheckpoint], given: Sequence[dict[str, Any]], moment: Any
) -> list[Checkpoint]:
    described = {item["code"]: item.get("description") for item in given}
    return [
        Checkpoint(
            commitment_id=commitment_id,
            code=item.code.strip(),
            original_due_on=item.due_on,
            target=item.target,
            target_max=item.target_max,
            description=described.get(item.code),
            recorded_at=moment,
        )
        for item in plan
    ]
