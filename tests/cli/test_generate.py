"""Synthetic provinces: whole, the same again for the same seed, recounted without a difference, never over other data."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from collab.agreements.models import Agreement
from collab.audit.models import JournalEntry
from collab.cli.commands.proof import walk
from collab.cli.generation.scale import Scale
from collab.cli.house import House
from collab.commitments.models import Checkpoint, CheckpointSpan, Commitment, CommitmentSpan, ProgressReport
from collab.commitments.vocabulary import CheckpointState, Signal
from collab.core.db import make_engine
from collab.core.identity import Identity
from collab.search.models import SearchDocument
from collab.search.queries import find
from tests.cli.conftest import Collab, answer, runner

LAST = "2026-06-30"


def facts_of(engine: Engine) -> list[Any]:
    """Give what was recorded, without the instants of the generation itself."""
    with Session(engine) as session:
        return [
            list(session.execute(select(model.__table__).order_by(model.__table__.c.id)))
            for model in (Agreement, Commitment, Checkpoint, ProgressReport, CheckpointSpan, CommitmentSpan)
        ]


@pytest.fixture
def generated(fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A database of either kind with a hundredth of a province, and the command that fills it."""
    environment = {"COLLAB_DATABASE_URL": fresh_database_url, "COLLAB_DATA": str(tmp_path)}
    run = runner(environment, monkeypatch)
    told = answer(run("--json", "generate", "--scale", "0.01", "--seed", "7", "--until", LAST))
    engine = make_engine(fresh_database_url)
    yield told, engine, run
    engine.dispose()


def test_a_hundredth_of_a_province_is_whole(generated: Any) -> None:
    told, engine, run = generated
    with Session(engine) as session:
        counted = session.scalar(select(func.count()).select_from(Commitment))
        assert counted == told["rows"]["commitment"] > 30
        assert told["rows"]["progress_report"] > 4 * counted
        states = set(session.scalars(select(CheckpointSpan.state).distinct()))
        assert states >= {CheckpointState.MET, CheckpointState.OVERDUE, CheckpointState.OPEN}
        assert set(session.scalars(select(CommitmentSpan.signal).distinct())) >= set(Signal)
        kinds = set(session.scalars(select(SearchDocument.kind).distinct()))
        assert {"agreement", "commitment", "regulation", "organization"} <= kinds
    said = answer(run("--json", "verify"))
    assert said == {"ok": True, "recount": [], "files": [], "guards": []}


def test_the_journal_says_that_facts_were_generated_and_stays_whole(generated: Any) -> None:
    told, engine, _run = generated
    with Session(engine) as session:
        _count, _head, broken = walk(session)
        assert broken is None
        entry = session.scalars(select(JournalEntry).where(JournalEntry.tag == "cli:facts:generated")).one()
        detail = json.loads(entry.payload)["detail"]
        assert (detail["scale"], detail["seed"], detail["last"]) == (0.01, 7, LAST)
        assert detail["rows"] == told["rows"]


def test_what_is_written_afterwards_gets_numbers_of_its_own(generated: Any) -> None:
    _told, engine, _run = generated
    with Session(engine.execution_options(collab_writes=True)) as session:
        newest = session.scalar(select(func.max(Checkpoint.id)))
        held = session.scalars(select(Checkpoint).order_by(Checkpoint.id).limit(1)).one()
        more = Checkpoint(commitment_id=held.commitment_id, code="NEXT", recorded_at=held.recorded_at)
        session.add(more)
        session.flush()
        assert more.id == newest + 1
        session.rollback()


def test_the_search_finds_what_was_generated(generated: Any) -> None:
    _told, engine, _run = generated
    everybody = Identity(user_id=None, name="test", display_name="test")
    with Session(engine) as session:
        hits = find(
            session, "bersama mitra", identity=everybody, kinds={"commitment": lambda _s, _i, ids: ids}
        )
    assert hits


def test_a_database_that_holds_something_is_refused(generated: Any) -> None:
    _told, _engine, run = generated
    assert "holds data already" in run("generate", "--scale", "0.01", code=1).stderr


def test_the_same_seed_makes_the_same_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        folder = tmp_path / name
        monkeypatch.delenv("COLLAB_DATABASE_URL", raising=False)
        run = runner({"COLLAB_DATA": str(folder)}, monkeypatch)
        run("init")
        run("generate", "--scale", "0.003", "--seed", seed, "--until", LAST)
        engine = make_engine(f"sqlite:///{folder / 'collab.sqlite'}")
        made.append(facts_of(engine))
        engine.dispose()
    assert made[0] == made[1]
    assert made[0] != made[2]


def test_a_production_system_is_refused(collab: Collab, monkeypatch: pytest.MonkeyPatch) -> None:
    class Production:
        is_production = True

    monkeypatch.setattr(House, "settings", Production())
    assert "production" in collab("generate", code=1).stderr


def test_a_day_that_has_not_gone_by_is_refused(collab: Collab) -> None:
    collab("init")
    assert "has not gone by" in collab("generate", "--until", "2100-01-01", code=1).stderr


@pytest.mark.parametrize(
    ("factor", "provinces", "agreements"), [(0.2, 1, 300), (1, 1, 1500), (3, 3, 1500), (1.4, 1, 2100)]
)
def test_a_scale_above_one_is_more_provinces(factor: float, provinces: int, agreements: int) -> None:
    scale = Scale(factor)
    assert (scale.provinces, scale.agreements) == (provinces, agreements)
