"""Recording and changing commitments: every field, each refusal at its field, who may, what supporters become."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.commitments.models import Checkpoint, CommitmentAssignment
from collab.commitments.services import commitments
from collab.commitments.services.spans import recount
from collab.commitments.vocabulary import Direction, DuePrecision, ReportCycle
from collab.core.errors import Forbidden, Invalid
from collab.organizations.models import Organization
from collab.organizations.vocabulary import OrganizationClass
from tests.support import commitments as made
from tests.support.commitments import day


def errors_of(session: Session, people: Any, **values: Any) -> dict[str, Any]:
    """Give the errors with which a commitment is refused."""
    mandate_id = values.pop("mandate_id", None) or made.mandate(session, people)
    with pytest.raises(Invalid) as caught, session.begin_nested():
        made.promise(session, people, mandate_id, **values)
    return caught.value.errors


def supporters(session: Session, commitment: Any) -> set[int]:
    return set(
        session.scalars(
            select(CommitmentAssignment.organization_id).where(
                CommitmentAssignment.commitment_id == commitment.id,
                CommitmentAssignment.role == "supporting",
                CommitmentAssignment.valid_until.is_(None),
            )
        )
    )


def test_every_field_of_a_commitment_is_kept(session, people) -> None:
    row = made.promise(
        session,
        people,
        made.mandate(session, people),
        support=("19/kopukm", "okeoce"),
        indicator="UMKM terlatih",
        direction=Direction.UP,
        baseline=Decimal("3.5"),
        target=Decimal(40),
        target_max=Decimal(60),
        unit="UMKM",
        due_on=date(2027, 6, 30),
        report_cycle=ReportCycle.MONTH,
        start_on=date(2026, 1, 15),
        is_illustrative=True,
        checkpoints=[
            {"code": "B03", "due_on": date(2027, 3, 31), "target": Decimal(10), "description": "Sepuluh"},
            {"code": "B06", "due_on": date(2027, 6, 30)},
        ],
    )
    session.refresh(row)
    assert (row.indicator, row.direction, row.baseline, row.target) == (
        "UMKM terlatih",
        Direction.UP,
        Decimal("3.5"),
        40,
    )
    assert (row.target_max, row.unit, row.report_cycle) == (60, "UMKM", ReportCycle.MONTH)
    assert (row.start_on, row.is_illustrative, row.recorded_by) == (
        date(2026, 1, 15),
        True,
        people.user("coordinator.babel"),
    )
    points = session.scalars(select(Checkpoint).where(Checkpoint.commitment_id == row.id)).all()
    assert [(p.code, p.target, p.target_max, p.description) for p in points] == [
        ("B03", 10, None, "Sepuluh"),
        ("B06", 40, 60, None),
    ]
    assert supporters(session, row) == {people.organization("19/kopukm"), people.organization("okeoce")}
    assert list(recount(session)) == []


def test_without_checkpoints_there_is_a_final_one_on_the_due_day_or_without_a_day(session, people) -> None:
    mandate_id = made.mandate(session, people)
    dated = made.promise(session, people, mandate_id, due=30)
    undated = made.promise(session, people, mandate_id)
    assert made.checkpoint(session, dated).original_due_on == day(30)
    assert (made.standing(session, dated).state, made.standing(session, dated).signal) == ("open", "green")
    assert (made.standing(session, undated).state, made.signal(session, undated).signal) == (
        "undated",
        "grey",
    )


@pytest.mark.parametrize(
    ("precision", "due"),
    [
        (DuePrecision.DAY, date(2028, 2, 10)),
        (DuePrecision.MONTH, date(2028, 2, 29)),
        (DuePrecision.YEAR, date(2028, 12, 31)),
    ],
)
def test_a_month_or_a_year_is_due_on_its_last_day(session, people, precision, due) -> None:
    row = (
        made.promise(
            session,
            people,
            made.mandate(session, people),
            due_on=date(2028, 2, 10),
            due_precision=precision,
            checkpoints=[{"code": "B02", "due_on": date(2028, 2, 1)}],
        )
        if precision is not DuePrecision.DAY
        else made.promise(session, people, made.mandate(session, people), due_on=date(2028, 2, 10))
    )
    code = "FINAL" if precision is DuePrecision.DAY else "B02"
    assert made.checkpoint(session, row, code).original_due_on == due


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"statement": "  "}, "statement"),
        ({"accountable_id": 999_999}, "accountable_id"),
        ({"supporting_ids": [999_999]}, "supporting_ids"),
        ({"target": Decimal(2)}, "indicator"),
        ({"indicator": "UMKM", "target_max": Decimal(2)}, "target_max"),
        ({"indicator": "UMKM", "target": Decimal(3), "target_max": Decimal(2)}, "target_max"),
        ({"indicator": "UMKM", "checkpoints": [{"code": "B1", "target": Decimal(2)}]}, "target"),
        ({"due": 30, "checkpoints": [{"code": "B1", "due_on": day(29)}]}, "due_on"),
        ({"due": 30, "checkpoints": [{"code": "B1"}]}, "due_on"),
        ({"checkpoints": [{"code": "B1"}, {"code": "b1"}]}, "checkpoints"),
        (
            {"checkpoints": [{"code": "B1", "due_on": day(9)}, {"code": "B2", "due_on": day(8)}]},
            "checkpoints",
        ),
        ({"checkpoints": [{"code": " "}]}, "checkpoints"),
    ],
)
def test_what_is_wrong_is_named_at_its_field(session, people, values, field) -> None:
    assert list(errors_of(session, people, **values)) == [field]


def test_the_owner_does_not_support_itself_and_nobody_twice(session, people) -> None:
    assert list(errors_of(session, people, support=("19/pertanian",))) == ["supporting_ids"]
    assert list(errors_of(session, people, support=("okeoce", "okeoce"))) == ["supporting_ids"]


def test_a_group_owes_nothing(session, people) -> None:
    group = Organization(
        government_id=people.government("19"),
        org_class=OrganizationClass.GROUP,
        code="tani",
        name="Kelompok Tani Makmur",
        changed_at=made.noon(0),
    )
    session.add(group)
    session.flush()
    assert list(errors_of(session, people, accountable_id=group.id)) == ["accountable_id"]
    partner = made.promise(session, people, made.mandate(session, people), owner="okeoce")
    assert made.signal(session, partner).organization_id == people.organization("okeoce")


def test_a_mandate_of_another_government_is_as_unknown_as_none(session, people) -> None:
    theirs = made.mandate(
        session,
        people,
        by="coordinator.kalteng",
        government_id=people.government("62"),
        parties=[{"organization_id": people.organization("62/pemerintah")}],
        leads=[{"organization_id": people.organization("62/kopukm"), "role": "lead", "accountable": True}],
    )
    assert list(errors_of(session, people, mandate_id=theirs)) == ["mandate_id"]
    assert list(errors_of(session, people, mandate_id=999_999)) == ["mandate_id"]


@pytest.mark.parametrize("name", ["monitor", "legal", "auditor", "admin"])
def test_only_coordinators_record_commitments(session, people, name) -> None:
    mandate_id = made.mandate(session, people)
    with pytest.raises(Invalid) as caught:
        made.promise(session, people, mandate_id, by=f"{name}.babel")
    assert list(caught.value.errors) == ["mandate_id"]


def test_the_words_change_and_the_version_with_them(session, people) -> None:
    row = made.promise(session, people, made.mandate(session, people), indicator="UMKM", target=Decimal(4))
    actor, version = people.identity(session, "coordinator.babel"), row.version
    commitments.edit(session, row, actor=actor, statement="Melatih 4 UMKM", unit="UMKM", baseline=Decimal(1))
    session.commit()
    assert (row.statement, row.unit, row.baseline, row.version) == ("Melatih 4 UMKM", "UMKM", 1, version + 1)
    commitments.edit(session, row, actor=actor, statement="Melatih 4 UMKM")
    session.commit()
    assert row.version == version + 1
    for values, field in (({"indicator": None}, "indicator"), ({"statement": " "}, "statement")):
        with pytest.raises(Invalid) as caught:
            commitments.edit(session, row, actor=actor, **values)
        assert list(caught.value.errors) == [field]
    with pytest.raises(Forbidden):
        commitments.edit(session, row, actor=people.identity(session, "monitor.babel"), unit="x")


def test_another_report_cycle_moves_freshness_from_today_on(session, people) -> None:
    row = made.promise(session, people, made.mandate(session, people, on=-50), on=-50, due=200)
    assert made.signal(session, row, 0).fresh_until == day(-50 + 92)
    commitments.edit(
        session,
        row,
        actor=people.identity(session, "coordinator.babel"),
        report_cycle=ReportCycle.MONTH,
    )
    session.commit()
    assert made.signal(session, row, 0).fresh_until == day(-50 + 31)
    assert (made.signal(session, row, 0).signal, made.signal(session, row, -1).signal) == ("grey", "green")


def test_supporters_are_exchanged_from_today_on(session, people) -> None:
    row = made.promise(session, people, made.mandate(session, people, on=-9), on=-9, support=("19/kopukm",))
    actor, version = people.identity(session, "coordinator.babel"), row.version
    commitments.support(
        session,
        row,
        actor=actor,
        supporting_ids=[people.organization("19/budpar"), people.organization("okeoce")],
    )
    session.commit()
    assert supporters(session, row) == {people.organization("19/budpar"), people.organization("okeoce")}
    ended = session.scalars(
        select(CommitmentAssignment).where(CommitmentAssignment.valid_until.is_not(None))
    ).one()
    assert (ended.organization_id, ended.valid_until) == (people.organization("19/kopukm"), day(0))
    assert row.version == version + 1
    commitments.support(
        session,
        row,
        actor=actor,
        supporting_ids=[people.organization("okeoce"), people.organization("19/budpar")],
    )
    session.commit()
    assert row.version == version + 1
    with pytest.raises(Invalid) as caught:
        commitments.support(session, row, actor=actor, supporting_ids=[people.organization("19/pertanian")])
    assert list(caught.value.errors) == ["supporting_ids"]
    with pytest.raises(Forbidden):
        commitments.support(
            session, row, actor=people.identity(session, "coordinator.kalteng"), supporting_ids=[]
        )
