"""What was published of a past day never changes: random histories through the services, on the real databases.

A machine lets time pass and lets people report, verify, return, ask, decide, cancel, attest and meet obstacles.
After each step every day that is over is read again and must say what it said when it was over; and the spans kept
must be those that the facts alone give.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from collab.agreements import services as agreements
from collab.agreements.vocabulary import AgreementDocumentKind, Scheme
from collab.commitments.models import (
    Checkpoint,
    CheckpointSpan,
    Commitment,
    CommitmentSpan,
    DeadlineRequest,
    Obstacle,
    ProgressReport,
    ReportEvidence,
)
from collab.commitments.services import commitments, deadlines, obstacles, reports, spans
from collab.commitments.vocabulary import DeadlineOutcome, Decision, ObstacleMove, ReportStatus
from collab.core import clock
from collab.core.clock import local_day, start_of
from collab.core.db import session_factory
from collab.core.errors import CollabError
from collab.dashboards import queries as dashboards
from collab.documents.models import Document
from collab.documents.vocabulary import DocumentKind
from collab.mandates.vocabulary import LeadRole
from tests.support import world as worlds

pytestmark = pytest.mark.timeout(900)
BEGIN = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
ZONE = "Asia/Jakarta"
#: How far before and after today the machine looks at each step.
WINDOW = 400

#: What may stand in place of `spans.renew`; set by the test of the planted fault.
Renew = Callable[..., None]


class Histories(RuleBasedStateMachine):
    """Random histories of one commitment; `engine` is set by the test."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.engine.execution_options(collab_writes=True).connect()
        self.transaction = self.connection.begin()
        factory = session_factory(self.engine)
        self.session: Session = factory(bind=self.connection, join_transaction_mode="create_savepoint")
        self.now = BEGIN
        self.over: dict[date, Any] = {}
        self.published: dict[date, Any] = {}
        self.people = worlds.build(self.session)
        self.steps = 0

    def teardown(self) -> None:
        self.session.close()
        self.transaction.rollback()
        self.connection.close()

    # -- the world of one history --------------------------------------------------------------------------------

    @initialize(dues=st.lists(st.integers(5, 200), min_size=1, max_size=3, unique=True), dated=st.booleans())
    def promise(self, dues: list[int], dated: bool) -> None:
        """Let the coordinator write down a promise."""
        today = local_day(self.now, ZONE)
        days = [today + timedelta(days=due) for due in sorted(dues)]
        with self.acting():
            who = self.who("coordinator.babel")
            mandate = agreements.create(
                self.session,
                actor=who,
                government_id=self.people.government("19"),
                scheme=Scheme.INTERNAL,
                document_kind=AgreementDocumentKind.INTERNAL_PLAN,
                title="Rencana aksi",
                parties=[{"organization_id": self.people.organization("19/pemerintah")}],
                leads=[
                    {
                        "organization_id": self.people.organization("19/kominfo"),
                        "role": LeadRole.LEAD,
                        "accountable": True,
                    }
                ],
            )
            self.commitment_id = commitments.create(
                self.session,
                actor=who,
                mandate_id=mandate.id,
                statement="Melatih 100 pelaku usaha",
                accountable_id=self.people.organization("19/kopukm"),
                indicator="pelaku usaha dilatih",
                target=100,
                unit="orang",
                checkpoints=[
                    {
                        "code": f"C{number}",
                        "due_on": day if dated else None,
                        "target": 100 * number // len(days),
                    }
                    for number, day in enumerate(days, start=1)
                ],
            ).id
            self.evidence = Document(
                title="bukti",
                kind=DocumentKind.EVIDENCE,
                uploaded_by=self.people.user("liaison.kopukm.babel"),
                recorded_at=self.now,
                is_claimed=True,
                changed_at=self.now,
            )
            self.session.add(self.evidence)

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Do one thing at the machine's instant, in one transaction; what is refused leaves nothing."""
        self.now += timedelta(minutes=1)
        with clock.travel(self.now):
            try:
                yield
                self.session.commit()
            except CollabError:
                self.session.rollback()
        self.steps += 1

    def who(self, name: str) -> Any:
        return self.people.identity(self.session, name)

    @property
    def commitment(self) -> Commitment:
        return self.session.get_one(Commitment, self.commitment_id)

    def checkpoint(self, index: int) -> Checkpoint:
        rows = self.session.scalars(
            select(Checkpoint).where(Checkpoint.commitment_id == self.commitment_id).order_by(Checkpoint.id)
        ).all()
        return rows[index % len(rows)]

    # -- what happens --------------------------------------------------------------------------------------------

    @rule(days=st.integers(0, 45), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        self.now += timedelta(days=days, hours=hours)

    @rule(
        index=st.integers(0, 2),
        status=st.sampled_from(ReportStatus),
        actual=st.integers(0, 120),
        replaces=st.booleans(),
    )
    def report(self, index: int, status: ReportStatus, actual: int, replaces: bool) -> None:
        with self.acting():
            checkpoint = self.checkpoint(index)
            last = self.session.scalars(
                select(ProgressReport.id)
                .where(ProgressReport.checkpoint_id == checkpoint.id)
                .order_by(ProgressReport.id.desc())
            ).first()
            row = reports.submit(
                self.session,
                checkpoint,
                self.commitment,
                actor=self.who("liaison.kopukm.babel"),
                status=status,
                narrative="Sedang berjalan dengan baik",
                actual=actual,
                supersedes_id=last if replaces else None,
            )
            self.session.add(ReportEvidence(report_id=row.id, document_id=self.evidence.id))

    @rule(decision=st.sampled_from(Decision), newest=st.booleans())
    def decide(self, decision: Decision, newest: bool) -> None:
        order = ProgressReport.id.desc() if newest else ProgressReport.id
        with self.acting():
            row = self.session.scalars(
                select(ProgressReport)
                .join(Checkpoint)
                .where(Checkpoint.commitment_id == self.commitment_id)
                .order_by(order)
            ).first()
            if row is not None:
                reports.decide(
                    self.session,
                    row,
                    self.session.get_one(Checkpoint, row.checkpoint_id),
                    self.commitment,
                    actor=self.who("liaison.kominfo.babel"),
                    decision=decision,
                    note="Mohon dilengkapi lagi",
                )

    @rule(index=st.integers(0, 2), ahead=st.integers(-10, 120))
    def ask_for_another_day(self, index: int, ahead: int) -> None:
        with self.acting():
            deadlines.ask(
                self.session,
                self.checkpoint(index),
                self.commitment,
                actor=self.who("liaison.kopukm.babel"),
                new_due_on=local_day(self.now, ZONE) + timedelta(days=ahead),
                reason="Menunggu peserta dari kabupaten",
            )

    @rule(outcome=st.sampled_from(DeadlineOutcome))
    def decide_about_the_day(self, outcome: DeadlineOutcome) -> None:
        with self.acting():
            row = self.session.scalars(select(DeadlineRequest).order_by(DeadlineRequest.id.desc())).first()
            if row is not None:
                deadlines.decide(
                    self.session,
                    row,
                    self.session.get_one(Checkpoint, row.checkpoint_id),
                    self.commitment,
                    actor=self.who("monitor.babel"),
                    outcome=outcome,
                    note="Disetujui rapat",
                )

    @rule(index=st.none() | st.integers(0, 2), often=st.integers(0, 3))
    def cancel(self, index: int | None, often: int) -> None:
        if often:  # seldom: nothing much happens afterwards
            return
        with self.acting():
            deadlines.cancel(
                self.session,
                self.commitment,
                actor=self.who("coordinator.babel"),
                reason="Kegiatan dialihkan ke provinsi lain",
                checkpoint_ids=None if index is None else [self.checkpoint(index).id],
            )

    @rule()
    def attest(self) -> None:
        with self.acting():
            reports.attest(self.session, self.commitment, actor=self.who("liaison.kopukm.babel"))

    @rule()
    def meet_an_obstacle(self) -> None:
        with self.acting():
            obstacles.raise_obstacle(
                self.session,
                self.commitment,
                actor=self.who("liaison.kopukm.babel"),
                description="Anggaran belum turun",
            )

    @rule()
    def clear_the_obstacle(self) -> None:
        with self.acting():
            row = self.session.scalars(select(Obstacle).order_by(Obstacle.id.desc())).first()
            if row is not None:
                obstacles.follow_up(
                    self.session,
                    row,
                    self.commitment,
                    actor=self.who("monitor.babel"),
                    move=ObstacleMove.RESOLVED,
                    note="Sudah turun",
                )

    @rule()
    def publish(self) -> None:
        """Keep the overview of yesterday as it is read today."""
        day = local_day(self.now, ZONE) - timedelta(days=1)
        if day >= local_day(BEGIN, ZONE):
            self.published.setdefault(day, self.overview(day))

    # -- what must hold ------------------------------------------------------------------------------------------

    @invariant()
    def days_that_are_over_say_what_they_said(self) -> None:
        if not hasattr(self, "commitment_id"):
            return
        standings = self.standings()
        today = local_day(self.now, ZONE)
        for day, before in self.over.items():
            assert standings.get(day) == before, f"{day} said {before} and now says {standings.get(day)}"
        for day, standing in standings.items():
            if day < today:
                self.over.setdefault(day, standing)

    @invariant()
    def what_is_kept_is_what_the_facts_give(self) -> None:
        if hasattr(self, "commitment_id"):
            assert list(spans.recount(self.session)) == []

    @invariant()
    def what_was_published_stands(self) -> None:
        for day, before in self.published.items():
            assert self.overview(day) == before, f"the overview of {day} changed"

    def standings(self) -> dict[date, Any]:
        """Give what each day up to today says: the rows that hold on it."""
        found: dict[date, list[Any]] = {}
        today = local_day(self.now, ZONE)
        for table in (CheckpointSpan, CommitmentSpan):
            columns = [c for c in table.__table__.columns if c.name not in ("id", "from_on", "until_on")]
            rows = self.session.execute(
                select(table.from_on, table.until_on, *columns)
                .where(table.commitment_id == self.commitment_id)
                .order_by(table.from_on, *columns[:2])
            )
            for row in rows:
                day = row.from_on
                while day < min(row.until_on, today):
                    found.setdefault(day, []).append((table.__tablename__, *row[2:]))
                    day += timedelta(days=1)
        return found

    def overview(self, day: date) -> Any:
        """Give the whole overview of a day as text."""
        with clock.travel(self.now):
            government_id = self.people.government("19")
            return repr(
                dashboards.overview(self.session, government_id, day, identity=self.who("monitor.babel"))
            )


def run(engine: Engine, *, examples: int, steps: int) -> None:
    """Let the machine run, always with the same histories."""
    machine = type("Histories", (Histories,), {"engine": engine})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            print_blob=False,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_published_day_ever_changes(engine: Engine, database_kind: str) -> None:
    examples = 25 if database_kind == "sqlite" else 6
    run(engine, examples=examples, steps=25)


# -- a harness that bites ---------------------------------------------------------------------------------------


def from_the_first_day(renew: Renew) -> Renew:
    """Write the spans anew from the beginning, as a careless writer would: by today's knowledge."""

    def careless(session: Session, commitment_id: int, *, day: date) -> None:
        row = session.get_one(Commitment, commitment_id)
        session.execute(
            CheckpointSpan.__table__.update()
            .where(CheckpointSpan.commitment_id == commitment_id, CheckpointSpan.from_on < day)
            .values(rescheduled=True)
        )
        renew(session, commitment_id, day=max(day, local_day(row.recorded_at, ZONE)))

    return careless


def a_day_too_early(renew: Renew) -> Renew:
    """Let what happens today count from yesterday on."""

    def careless(session: Session, commitment_id: int, *, day: date) -> None:
        facts_day = day - timedelta(days=1)
        renew(session, commitment_id, day=facts_day)
        session.execute(
            CommitmentSpan.__table__.update()
            .where(CommitmentSpan.commitment_id == commitment_id, CommitmentSpan.until_on == day)
            .values(open_obstacles=CommitmentSpan.open_obstacles + 1)
        )

    return careless


def never(renew: Renew) -> Renew:
    """Forget to write the spans after the first time."""
    seen: set[int] = set()

    def careless(session: Session, commitment_id: int, *, day: date) -> None:
        if commitment_id not in seen:
            renew(session, commitment_id, day=day)
        seen.add(commitment_id)

    return careless


@pytest.mark.parametrize("fault", [from_the_first_day, a_day_too_early, never], ids=lambda f: f.__name__)
def test_a_writer_that_changes_the_past_is_found(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch, fault: Callable[[Renew], Renew]
) -> None:
    monkeypatch.setattr("collab.commitments.services.common.renew", fault(spans.renew))
    with pytest.raises(AssertionError):
        run(sqlite_engine, examples=20, steps=25)


@pytest.fixture
def sqlite_engine(databases: Any) -> Iterator[Engine]:
    """A SQLite database of its own."""
    from collab.core.db import make_engine

    url = databases.fresh("sqlite")
    engine = make_engine(url)
    yield engine
    engine.dispose()
    databases.drop(url)


def test_local_midnight_divides_the_days() -> None:
    """The machine's days are those of the government's zone: 17:00 UTC is midnight in Jakarta."""
    assert local_day(datetime(2026, 1, 5, 16, 59, tzinfo=UTC), ZONE) == date(2026, 1, 5)
    assert start_of(date(2026, 1, 6), ZONE) == datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
