"""Who holds two roles is as dependent as in the nearer one: nobody judges their own agency through another door (R45)."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from collab.auth.models import RoleAssignment
from collab.commitments.errors import NotIndependent
from collab.commitments.queries import waiting
from collab.commitments.services import deadlines
from collab.core import clock
from collab.core.identity import Role
from tests.support import commitments as made
from tests.support.world import FIRST_DAY, add_user

BOTH = "rangkap.babel"


@pytest.fixture
def row(session: Session, people: Any) -> Any:
    """A commitment of the agriculture agency; somebody is monitor for a biro, and liaison of that agency."""
    user_id = add_user(session, people, BOTH, Role.MONITOR, government="19", acting="19/hukum")
    session.add(
        RoleAssignment(
            user_id=user_id,
            role=Role.LIAISON,
            organization_id=people.organization(made.OWNER),
            valid_from=FIRST_DAY,
            changed_at=clock.now(),
        )
    )
    session.flush()
    return made.promise(session, people, made.mandate(session, people, on=-10), on=-10, due=20)


def test_a_colleagues_report_is_not_decided(session, people, row) -> None:
    report = made.report(session, people, row)
    both, monitor = people.identity(session, BOTH), people.identity(session, made.MONITOR)
    assert waiting.decidable(session, [report.id], identity=both) == frozenset()
    assert waiting.decidable(session, [report.id], identity=monitor) == {report.id}
    with pytest.raises(NotIndependent):
        made.decide(session, people, report, by=BOTH)


def test_another_agencys_report_is_decided(session, people) -> None:
    add_user(session, people, BOTH, Role.MONITOR, government="19", acting="19/hukum")
    row = made.promise(session, people, made.mandate(session, people), owner="19/budpar")
    report = made.report(session, people, row, by="liaison.budpar.babel")
    assert waiting.decidable(session, [report.id], identity=people.identity(session, BOTH)) == {report.id}
    made.decide(session, people, report, by=BOTH)


def test_a_colleagues_wish_for_another_day_is_not_decided(session, people, row) -> None:
    wish = made.ask(session, people, row, made.day(60))
    assert waiting.requests_to_decide(session, identity=people.identity(session, BOTH)) == []
    assert len(waiting.requests_to_decide(session, identity=people.identity(session, made.MONITOR))) == 1
    with pytest.raises(NotIndependent):
        made.answer(session, people, wish, by=BOTH)


def test_what_the_own_agency_owes_is_not_cancelled(session, people, row) -> None:
    with pytest.raises(NotIndependent):
        deadlines.cancel(session, row, actor=people.identity(session, BOTH), reason="Tidak jadi.")
