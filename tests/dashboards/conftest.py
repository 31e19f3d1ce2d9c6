"""One year of Babel with figures computed by hand, up to 15 September 2026."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collab.commitments.services import deadlines
from collab.commitments.vocabulary import ReportStatus
from tests.support import commitments as made

#: The day of the figures.
TODAY = date(2026, 9, 15)


def tell(session: Session, people: Any) -> SimpleNamespace:
    """Let a year happen; give the commitments by their letters.

    pertanian: K missed on 31 December 2025 and L met for 1 January (both edges of the scorecard), A met for 31 March,
    B missed on 30 April, C due on the very day of the figures. budpar: D missed the day before it, E stale and still
    to come. Biro Hukum (of Setda): F met on its last day. OK OCE: G met late. kopukm: H under way and fresh.
    perindag: I cancelled in time.
    """
    start, first = date(2025, 12, 1), date(2026, 1, 2)
    mandate_id = made.mandate(session, people, on=start)

    def promise(letter: str, due: date, owner: str = "19/pertanian", on: date = first) -> Any:
        return made.promise(session, people, mandate_id, on=on, owner=owner, due_on=due, statement=letter)

    rows = {"K": promise("K", date(2025, 12, 31), on=start), "L": promise("L", date(2026, 1, 1), on=start)}
    made.settle(session, people, rows["L"], on=date(2025, 12, 20))
    plan = {
        "A": (date(2026, 3, 31), "19/pertanian"),
        "B": (date(2026, 4, 30), "19/pertanian"),
        "C": (TODAY, "19/pertanian"),
        "D": (date(2026, 9, 14), "19/budpar"),
        "E": (date(2026, 12, 20), "19/budpar"),
        "F": (date(2026, 6, 30), "19/hukum"),
        "G": (date(2026, 2, 28), "okeoce"),
        "H": (date(2027, 1, 10), "19/kopukm"),
        "I": (date(2026, 5, 31), "19/perindag"),
    }
    rows |= {letter: promise(letter, due, owner) for letter, (due, owner) in plan.items()}
    with made.at(date(2026, 2, 1)):
        deadlines.cancel(
            session, rows["I"], actor=people.identity(session, made.COORDINATOR), reason="Digabung."
        )
        session.commit()
    made.settle(session, people, rows["G"], by="partner.okeoce", on=date(2026, 3, 5))
    made.settle(session, people, rows["A"], on=date(2026, 3, 20))
    report = made.report(session, people, rows["F"], by="liaison.setda.babel", on=date(2026, 6, 30))
    made.decide(session, people, report, by="coordinator.babel", on=date(2026, 6, 30))
    report = made.report(
        session,
        people,
        rows["H"],
        by="liaison.kopukm.babel",
        status=ReportStatus.IN_PROGRESS,
        on=date(2026, 9, 1),
    )
    made.decide(session, people, report, on=date(2026, 9, 1))
    return SimpleNamespace(mandate_id=mandate_id, **rows)


@pytest.fixture
def year(session: Session, people: Any) -> SimpleNamespace:
    """The year, inside the rolled-back session."""
    return tell(session, people)
