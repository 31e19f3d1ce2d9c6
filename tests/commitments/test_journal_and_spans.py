"""Every act leaves one row in the journal, spans that equal the facts, and the days before it as they were."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.audit.models import JournalEntry
from collab.audit.queries import content
from collab.commitments import SENTENCES
from collab.commitments.models import CheckpointSpan, CommitmentSpan
from collab.commitments.services import commitments, deadlines, obstacles, reports
from collab.commitments.services.spans import recount
from collab.commitments.vocabulary import DeadlineOutcome, Decision, ObstacleMove, ReportStatus
from collab.core.text import TranslationString
from collab.web.i18n import localizer_for, translate
from tests.support import commitments as made
from tests.support.commitments import day


def standings(session: Session, before: Any) -> list[tuple[Any, ...]]:
    """List what is kept of the days before one, cut there."""
    found = []
    for table in (CheckpointSpan, CommitmentSpan):
        columns = [c for c in table.__table__.columns if c.name not in ("id", "until_on")]
        for row in session.execute(select(*columns, table.until_on).where(table.from_on < before)):
            values = dict(row._mapping)
            values["until_on"] = min(values["until_on"], before)
            found.append(tuple(sorted((name, str(value)) for name, value in values.items())))
    return sorted(found)


def sentence(entry: Any) -> str:
    """Tell an entry in Indonesian, as the journal does."""
    detail = {name: str(value) for name, value in (content(entry).get("detail") or {}).items()}
    values = detail | {"actor": entry.actor_name, "subject": entry.subject_name}
    request = SimpleNamespace(localizer=localizer_for("id"))
    return translate(request, TranslationString(SENTENCES[entry.tag], domain="collab", mapping=values))


def acts(session: Session, people: Any, mandate_id: int) -> Any:
    """Perform every act of this feature once, one a day; yield (day, tag)."""
    row: Any = None
    kept: dict[str, Any] = {}

    def who(name: str) -> Any:
        return people.identity(session, name)

    def travelled(offset: int, act: Any) -> Any:
        with made.at(offset):
            result = act()
            session.commit()
        return result

    row = made.promise(session, people, mandate_id, on=-40, due=-20)
    yield -40, "commitments:commitment:create"
    travelled(
        -39,
        lambda: commitments.edit(
            session, row, actor=who(made.COORDINATOR), statement="Melatih tiga kelompok"
        ),
    )
    yield -39, "commitments:commitment:edit"
    travelled(
        -38,
        lambda: commitments.support(
            session, row, actor=who(made.COORDINATOR), supporting_ids=[people.organization("okeoce")]
        ),
    )
    yield -38, "commitments:commitment:support"
    travelled(
        -37,
        lambda: reports.save_draft(
            session, made.checkpoint(session, row), actor=who(made.LIAISON), narrative="x"
        ),
    )
    yield -37, "commitments:draft:save"
    kept["first"] = made.report(session, people, row, on=-36)
    yield -36, "commitments:report:submit"
    made.decide(session, people, kept["first"], Decision.RETURNED, on=-35)
    yield -35, "commitments:report:return"
    kept["second"] = made.report(session, people, row, on=-34, status=ReportStatus.IN_PROGRESS)
    yield -34, "commitments:report:submit"
    made.decide(session, people, kept["second"], on=-33)
    yield -33, "commitments:report:verify"
    travelled(-32, lambda: reports.attest(session, row, actor=who(made.LIAISON)))
    yield -32, "commitments:commitment:attest"
    wish = made.ask(session, people, row, day(-15), on=-31)
    yield -31, "commitments:deadline:ask"
    made.answer(session, people, wish, DeadlineOutcome.REJECTED, on=-30)
    yield -30, "commitments:deadline:reject"
    wish = made.ask(session, people, row, day(-14), on=-29)
    yield -29, "commitments:deadline:ask"
    made.answer(session, people, wish, on=-28)
    yield -28, "commitments:deadline:approve"
    obstacle = made.hinder(session, people, row, on=-27)
    yield -27, "commitments:obstacle:raise"
    for offset, move, tag in ((-26, ObstacleMove.NOTED, "note"), (-25, ObstacleMove.RESOLVED, "resolve")):
        travelled(
            offset,
            lambda move=move: obstacles.follow_up(
                session, obstacle, row, actor=who(made.LIAISON), move=move, note="Bibit tiba."
            ),
        )
        yield offset, f"commitments:obstacle:{tag}"
    travelled(
        -5, lambda: deadlines.cancel(session, row, actor=who(made.COORDINATOR), reason="Program digabung.")
    )
    yield -5, "commitments:commitment:cancel"


def test_every_act_is_journaled_told_in_indonesian_and_moves_no_past_day(session, people) -> None:
    mandate_id = made.mandate(session, people, on=-41)
    performed, last = [], 0
    last = session.scalar(select(JournalEntry.id).order_by(JournalEntry.id.desc()).limit(1)) or 0
    before: list[Any] = []
    previous = -41
    for offset, tag in acts(session, people, mandate_id):
        assert list(recount(session)) == [], tag
        # what is known of the days up to the act before this one has not moved
        assert standings(session, day(previous + 1)) == before, tag
        before, previous = standings(session, day(offset + 1)), offset
        entries = session.scalars(
            select(JournalEntry)
            .where(JournalEntry.id > last, JournalEntry.tag.startswith("commitments:"))
            .order_by(JournalEntry.id)
        ).all()
        assert [entry.tag for entry in entries] == [tag]
        told = sentence(entries[0])
        assert "${" not in told, told
        assert entries[0].actor_name in told
        assert "Melatih" in told
        assert told != SENTENCES[tag].interpolate(), "the sentence is translated"
        last = session.scalar(select(JournalEntry.id).order_by(JournalEntry.id.desc()).limit(1)) or 0
        performed.append(tag)
    assert set(performed) == set(SENTENCES)


def test_the_recount_finds_a_span_that_was_tampered_with(session, people) -> None:
    row = made.promise(session, people, made.mandate(session, people), due=30)
    assert list(recount(session)) == []
    session.execute(CheckpointSpan.__table__.update().values(state="met"))
    assert list(recount(session)) == [f"commitment {row.id}: checkpoints kept differ from the facts"]
