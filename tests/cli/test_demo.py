"""The demo: every state and signal occurs, every account signs in, and nothing was written beside the services."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import collab.cli.demo as demo
from collab.agreements.models import Agreement, StageEvent
from collab.agreements.vocabulary import Stage
from collab.audit.models import JournalEntry
from collab.auth import queries, services
from collab.auth.models import RoleAssignment, User
from collab.cli.commands.proof import damaged_files, walk
from collab.cli.demo import papers
from collab.cli.demo.settling import ADMIN, PASSWORD, all_accounts
from collab.cli.house import House
from collab.commitments.models import (
    Attestation,
    Cancellation,
    CheckpointSpan,
    Commitment,
    CommitmentSpan,
    DeadlineDecision,
    DeadlineRequest,
    Obstacle,
    ObstacleEvent,
    ProgressReport,
    ReportDecision,
    ReportDraft,
)
from collab.commitments.services import spans
from collab.commitments.vocabulary import CheckpointState, Signal
from collab.core import clock
from collab.core.db import make_engine, session_factory
from collab.core.identity import Role
from collab.core.inspection import inspect
from collab.core.storage import LocalFileStore
from collab.documents.models import Document, DocumentVersion
from collab.mandates.models import MandateNote
from collab.organizations.models import Government, Organization, Person, Position, PositionHolding
from collab.regulations.models import Regulation, RegulationRelation
from tests.cli.conftest import Collab, answer
from tests.support.databases import Databases
from tests.support.demo import Told, told

ACCOUNTS_OF_THE_MANUAL = {
    "admin",
    *(
        f"{role}.{place}"
        for role in ("monitor", "coordinator", "legal", "auditor")
        for place in ("babel", "kalteng", "kaltim")
    ),
    *(f"liaison.{unit}.babel" for unit in ("kopukm", "perindag", "pertanian")),
    *(f"liaison.{unit}.kalteng" for unit in ("kopukm", "budpar", "kominfo")),
    "partner.okeoce",
}


@pytest.fixture(scope="module")
def copy(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with told(databases, tmp_path_factory.mktemp("demo")) as copy:
        yield copy


@pytest.fixture(scope="module")
def engine(copy: Told) -> Iterator[Engine]:
    engine = make_engine(copy.url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def store(copy: Told) -> LocalFileStore:
    return LocalFileStore(copy.data / "files")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture
def babel(session: Session) -> Government:
    return session.scalars(select(Government).where(Government.code == "19")).one()


def today() -> date:
    return clock.today("Asia/Jakarta")


def on_day(table: type, day: date) -> list:
    return [table.from_on <= day, table.until_on > day]


# -- what there is to see -------------------------------------------------------------------------------------


def test_every_state_and_signal_occurs_today_in_babel(session: Session, babel: Government) -> None:
    rows = session.execute(
        select(CheckpointSpan.state, CheckpointSpan.signal, CheckpointSpan.rescheduled, CheckpointSpan.late_waiting, CheckpointSpan.stale_return)
        .join(Commitment, Commitment.id == CheckpointSpan.commitment_id)
        .where(Commitment.government_id == babel.id, *on_day(CheckpointSpan, today()))
    ).all()  # fmt: skip
    assert {row.state for row in rows} == set(CheckpointState)
    assert {row.signal for row in rows if row.state is CheckpointState.OPEN} == {
        Signal.GREEN,
        Signal.YELLOW,
        Signal.GREY,
    }
    assert any(row.rescheduled and row.state is CheckpointState.OPEN for row in rows)
    assert any(row.late_waiting for row in rows)
    assert any(row.stale_return for row in rows)
    signals = session.scalars(
        select(CommitmentSpan.signal)
        .join(Commitment, Commitment.id == CommitmentSpan.commitment_id)
        .where(Commitment.government_id == babel.id, *on_day(CommitmentSpan, today()))
    )
    assert set(signals) == {*Signal, None}


def test_something_waits_for_each_who_decides_or_reports(session: Session) -> None:
    undecided = ~select(ReportDecision.id).where(ReportDecision.report_id == ProgressReport.id).exists()
    assert session.scalar(select(func.count()).select_from(ProgressReport).where(undecided))
    pending = ~select(DeadlineDecision.id).where(DeadlineDecision.request_id == DeadlineRequest.id).exists()
    assert session.scalar(select(func.count()).select_from(DeadlineRequest).where(pending))
    for table in (ReportDraft, Attestation, Cancellation, Obstacle):
        assert session.scalar(select(func.count()).select_from(table)), table


def test_the_accounts_of_the_manual_sign_in_with_their_roles(engine: Engine) -> None:
    names = {ADMIN, *(account.name for account in all_accounts())}
    assert names >= ACCOUNTS_OF_THE_MANUAL
    for name in sorted(names):
        entered = services.sign_in(session_factory(engine), strength="cheap", name=name, password=PASSWORD)
        with Session(engine) as session:
            identity = queries.identity_for_user(session, entered.user_id)
        assert identity is not None
        expected = Role.ADMIN if name == ADMIN else Role(name.split(".")[0])
        assert {grant.role for grant in identity.grants} == {expected}
        if name != ADMIN:
            assert identity.position_title


def test_agreements_stand_in_every_stage(session: Session, babel: Government) -> None:
    newest = select(func.max(StageEvent.id)).group_by(StageEvent.agreement_id)
    stages = session.execute(
        select(StageEvent.stage)
        .join(Agreement, Agreement.id == StageEvent.agreement_id)
        .where(StageEvent.id.in_(newest), Agreement.government_id == babel.id)
    )
    assert {row.stage for row in stages} == set(Stage)


def test_what_no_article_states_is_marked(session: Session) -> None:
    for row in session.execute(select(Commitment.statement, Commitment.is_illustrative)):
        assert not row.statement.endswith("(contoh)") or row.is_illustrative
    titles = session.execute(select(Agreement.title, Agreement.is_illustrative))
    assert all(row.is_illustrative == row.title.endswith("(contoh)") for row in titles)


def test_facts_keep_their_numbers_and_days(session: Session) -> None:
    stunting = session.scalars(select(Commitment).where(Commitment.indicator == "Angka stunting")).one()
    assert (stunting.target, stunting.direction) == (14, "down")
    kim = session.scalars(select(Commitment).where(Commitment.unit == "KIM")).one()
    assert (kim.target, kim.target_max, kim.due_precision) == (2, 3, "year")
    draft = session.scalars(select(Regulation).where(Regulation.lifecycle == "draft")).one()
    assert (draft.number, draft.year) == (None, None)
    fanned_out = session.scalar(
        select(func.count()).where(Commitment.statement.startswith("Mendukung program UMKM secara terpadu"))
    )
    assert fanned_out is not None
    assert fanned_out >= 10


def test_the_year_of_ten_agencies_is_no_flat_line(session: Session) -> None:
    rows = session.execute(
        select(CheckpointSpan.organization_id, CheckpointSpan.scoring_due_on, CheckpointSpan.outcome).where(
            CheckpointSpan.scoring_due_on < today(), *on_day(CheckpointSpan, today())
        )
    ).all()
    months = {(row.organization_id, row.scoring_due_on.year, row.scoring_due_on.month) for row in rows}
    busy = Counter(organization_id for organization_id, *_ in months)
    assert sum(1 for count in busy.values() if count >= 9) >= 10
    assert {row.outcome for row in rows} >= {"met", "missed"}


# -- how it came to be ----------------------------------------------------------------------------------------

#: Each table whose rows are made by acts, with the acts that make them.
MADE_BY = {
    Government: ("organizations:government:create",),
    Organization: ("organizations:organization:create",),
    Person: ("organizations:person:create",),
    Position: ("organizations:position:create",),
    PositionHolding: ("organizations:holding:create",),
    User: ("auth:user:created",),
    RoleAssignment: ("auth:role:given",),
    Document: ("documents:document:stored",),
    DocumentVersion: ("documents:document:stored", "documents:version:added"),
    Regulation: ("regulations:regulation:created",),
    RegulationRelation: ("regulations:relation:added",),
    Agreement: ("agreements:agreement:created",),
    MandateNote: ("mandates:note:added",),
    StageEvent: ("agreements:agreement:created", "agreements:agreement:signed", "agreements:stage:%"),
    Commitment: ("commitments:commitment:create",),
    ProgressReport: ("commitments:report:submit",),
    ReportDecision: ("commitments:report:verify", "commitments:report:return"),
    ReportDraft: ("commitments:draft:save",),
    DeadlineRequest: ("commitments:deadline:ask",),
    DeadlineDecision: ("commitments:deadline:approve", "commitments:deadline:reject"),
    Attestation: ("commitments:commitment:attest",),
    Cancellation: ("commitments:commitment:cancel",),
    ObstacleEvent: ("commitments:obstacle:note", "commitments:obstacle:resolve"),
}


@pytest.mark.parametrize("table", MADE_BY, ids=lambda table: table.__tablename__)
def test_each_row_was_made_by_a_journaled_act(session: Session, table: type) -> None:
    rows = session.scalar(select(func.count()).select_from(table))
    acts = sum(
        session.scalar(select(func.count()).select_from(JournalEntry).where(JournalEntry.tag.like(tag))) or 0
        for tag in MADE_BY[table]
    )
    assert rows == acts


def test_the_demo_itself_writes_no_table() -> None:
    writing = re.compile(r"\b(insert|update|delete)\(|session\.(add|execute\((?!planned)|merge|flush|delete)")
    for path in Path(demo.__file__).parent.glob("*.py"):
        assert not writing.search(path.read_text(encoding="utf-8")), path.name


def test_acts_are_told_in_order_by_named_users_under_a_travelled_clock(session: Session) -> None:
    entries = session.execute(
        select(JournalEntry.recorded_at, JournalEntry.tag, JournalEntry.user_id, JournalEntry.payload)
        .where(JournalEntry.tag != "auth:session:opened")
        .order_by(JournalEntry.id)
    ).all()
    assert [row.recorded_at for row in entries] == sorted(row.recorded_at for row in entries)
    assert clock.local_day(entries[0].recorded_at, "Asia/Jakarta") == date(2021, 3, 1)
    assert clock.local_day(entries[-1].recorded_at, "Asia/Jakarta") < today()
    assert all('"travelled":true' in row.payload for row in entries)
    assert {row.tag.split(":")[0] for row in entries if row.user_id is None} <= {"organizations", "auth"}


def test_the_chain_the_recount_and_the_files_are_sound(session: Session, store: LocalFileStore) -> None:
    count, _head, broken = walk(session)
    assert (count > 500, broken) == (True, None)
    assert list(spans.recount(session)) == []
    assert list(damaged_files(session, store)) == []


def test_papers_pass_the_gate(tmp_path: Path) -> None:
    for name, content in (
        ("a.pdf", papers.pdf("Judul (contoh)", ["Satu", "Dua"])),
        ("b.png", papers.png("Judul", ["Satu"])),
    ):
        (tmp_path / name).write_bytes(content)
        assert inspect(tmp_path / name, name).extension == name[-3:]


# -- the command ----------------------------------------------------------------------------------------------


def test_the_command_loads_once_and_then_refuses(collab: Collab, data: Path) -> None:
    collab("init")
    said = answer(collab("demo", "--json"))
    assert set(said["accounts"]) >= ACCOUNTS_OF_THE_MANUAL
    assert "holds data already" in collab("demo", code=1).stderr
    assert answer(collab("verify", "--json"))["ok"] is True
    assert not list(data.glob("demo-*"))
    house = House(Path("development.ini"))
    assert house.engine.raw_connection().cursor().execute("PRAGMA journal_mode").fetchone() == ("wal",)
    house.close()


def test_a_database_with_any_past_is_refused(collab: Collab) -> None:
    collab("init")
    collab("government", "add", "19", "--kind", "province", "--name", "Provinsi", "--short-name", "Babel")
    assert "holds data already" in collab("demo", code=1).stderr


def test_a_production_system_is_refused(
    collab: Collab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLLAB_DATABASE_URL", "postgresql+psycopg://nobody@localhost/none")
    monkeypatch.setenv("COLLAB_SECRET", "x" * 40)
    production = Path("production.ini").read_text().replace("collab.hosts =", "collab.hosts = collab.example")
    (tmp_path / "production.ini").write_text(production)
    refused = collab("-c", tmp_path / "production.ini", "demo", code=1)
    assert "never loaded into a production system" in refused.stderr


def test_on_postgresql_it_is_as_sound(postgresql_url: str, tmp_path: Path) -> None:
    engine = make_engine(postgresql_url)
    demo.load(session_factory(engine), LocalFileStore(tmp_path), {}, strength="cheap")
    with Session(engine) as session:
        assert walk(session)[2] is None
        assert list(spans.recount(session)) == []
    engine.dispose()
