"""What is owed: the facts' commitments, a year of checkpoints for each agency, and one of every state and signal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.cli.demo import papers
from collab.cli.demo.play import Act, Play
from collab.cli.demo.settling import EXAMPLES, PLACES
from collab.commitments.models import Checkpoint
from collab.commitments.queries import scope
from collab.commitments.services import commitments, deadlines, obstacles, reports
from collab.commitments.vocabulary import (
    DeadlineOutcome,
    Decision,
    Direction,
    DuePrecision,
    ReportCycle,
    ReportStatus,
)
from collab.core.identity import Identity

_ILLUSTRATIVE = {at for at, *_ in EXAMPLES}


def plan_facts(play: Play, facts: Mapping[str, Any]) -> None:
    """Put the articles' commitments into the agenda; a group's fact is owed by each of its members."""
    coordinators = {plan["key"]: plan["by"] for plan in facts["plans"]}
    for values in facts["commitments"]:
        for place in _owners(facts, values["owner"]):
            play.on(
                date.fromisoformat(values["on"]),
                coordinators[values["plan"]],
                _fact(play, values, place),
                hour=11,
            )


def _owners(facts: Mapping[str, Any], owner: str) -> list[str]:
    """Give the places that owe a fact: one, or each member of a group."""
    if not owner.startswith("every "):
        return [owner]
    _every, kind, _of, government = owner.split()
    if kind == "regency":
        return [f"{government}.* "]
    agencies = {"dinas", "badan"}
    stated = [row["at"] for row in facts["organizations"] if row["class"] in agencies]
    added = [at for at, kind, *_ in EXAMPLES if kind in agencies]
    return [at for at in (*stated, *added) if at.startswith(f"{government}/")]


def _fact(play: Play, values: Mapping[str, Any], place: str) -> Act:
    def act(session: Session, actor: Identity) -> None:
        for at in _spread(play, place):
            made = commitments.create(
                session,
                actor=actor,
                mandate_id=play.ids[values["plan"]],
                statement=values["statement"],
                accountable_id=play.ids[at],
                supporting_ids=[play.ids[other] for other in values.get("with", ())],
                indicator=values.get("indicator"),
                direction=Direction(values["direction"]) if "direction" in values else None,
                target=Decimal(values["target"]) if "target" in values else None,
                target_max=Decimal(values["target_max"]) if "target_max" in values else None,
                unit=values.get("unit"),
                due_on=date.fromisoformat(values["due_on"]) if "due_on" in values else None,
                due_precision=DuePrecision(values["precision"]) if "precision" in values else None,
                is_illustrative=at in _ILLUSTRATIVE,
            )
            play.ids[f"{values['key']}:{at}"] = made.id

    return act


def _spread(play: Play, place: str) -> list[str]:
    """Resolve `62.*` to every regency and city of a province."""
    if not place.endswith("* "):
        return [place]
    prefix = place.removesuffix("* ")
    return sorted(at for at in play.ids if at.startswith(prefix) and at.endswith("/pemerintah"))


# -- examples -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """Something done about a checkpoint, so many days before the demo is loaded."""

    days_ago: int
    who: str
    does: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Promise:
    """An example of a commitment: created, with checkpoints due in so many days (None: undated), and what follows."""

    mandate: str
    owner: str
    statement: str
    created_ago: int
    #: ((code, due in days from the loading or None, target), ...)
    due: Sequence[tuple[str, int | None, int | None]]
    #: ((code, step), ...)
    steps: Sequence[tuple[str, Step]] = ()
    indicator: str | None = None
    unit: str | None = None
    direction: Direction | None = None
    supporting: Sequence[str] = ()
    cycle: ReportCycle = ReportCycle.QUARTER

    @property
    def place(self) -> str:
        """Give the province's word in the account names."""
        return PLACES[self.mandate_government]

    @property
    def mandate_government(self) -> str:
        """Give the code of the government whose coordinator records it."""
        return self.owner.split("/")[0] if not self.owner.startswith("partner") else "19"

    @property
    def liaison(self) -> str:
        """Give the account that reports on it."""
        government, unit = self.owner.split("/")
        return "partner.okeoce" if government == "partner" else f"liaison.{unit}.{PLACES[government]}"


def plan_examples(play: Play, promises: Sequence[Promise]) -> None:
    """Put examples and what follows them into the agenda."""
    for promise in promises:
        made: dict[str, Any] = {}
        who = f"coordinator.{promise.place}"
        play.on(play.ago(promise.created_ago), who, _create(play, promise, made), hour=8)
        for code, step in promise.steps:
            actor = (
                step.who
                if "." in step.who
                else f"{step.who}.{promise.place}"
                if step.who != "liaison"
                else promise.liaison
            )
            hour = 14 if step.does in ("verify", "return", "approve") else 10
            play.on(play.ago(step.days_ago), actor, _step(play, promise, made, code, step), hour=hour)


def _create(play: Play, promise: Promise, made: dict[str, Any]) -> Act:
    def act(session: Session, actor: Identity) -> None:
        checkpoints: list[dict[str, Any]] = [
            {
                "code": code,
                "due_on": None if days is None else play.ago(-days),
                "target": None if target is None else Decimal(target),
            }
            for code, days, target in promise.due
        ]
        row = commitments.create(
            session,
            actor=actor,
            mandate_id=play.ids[promise.mandate],
            statement=promise.statement,
            accountable_id=play.ids[promise.owner],
            supporting_ids=[play.ids[at] for at in promise.supporting],
            indicator=promise.indicator,
            direction=promise.direction,
            target=checkpoints[-1]["target"],
            unit=promise.unit,
            due_on=checkpoints[-1]["due_on"],
            report_cycle=promise.cycle,
            checkpoints=checkpoints,
            is_illustrative=True,
        )
        made["commitment"] = row.id
        planned = select(Checkpoint.code, Checkpoint.id).where(Checkpoint.commitment_id == row.id)
        for code, number in session.execute(planned):
            made[code] = number

    return act


def _step(play: Play, promise: Promise, made: dict[str, Any], code: str, step: Step) -> Act:
    def act(session: Session, actor: Identity) -> None:
        checkpoint, commitment = scope.checkpoint(session, made[code], identity=actor)
        values = dict(step.values)
        match step.does:
            case "report":
                evidence = _evidence(play, promise, code, values.pop("evidence", 1))
                report = reports.submit(
                    session,
                    checkpoint,
                    commitment,
                    actor=actor,
                    evidence_ids=evidence,
                    owners=play.owners,
                    **values,
                )
                made[f"report:{code}"] = report.id
            case "verify" | "return":
                decision = Decision.VERIFIED if step.does == "verify" else Decision.RETURNED
                report, checkpoint, commitment = scope.report(session, made[f"report:{code}"], identity=actor)
                reports.decide(
                    session, report, checkpoint, commitment, actor=actor, decision=decision, **values
                )
            case "ask":
                asked = deadlines.ask(
                    session,
                    checkpoint,
                    commitment,
                    actor=actor,
                    new_due_on=play.ago(-values["due_in"]),
                    reason=values["reason"],
                )
                made[f"request:{code}"] = asked.id
            case "approve":
                request, checkpoint, commitment = scope.deadline_request(
                    session, made[f"request:{code}"], identity=actor
                )
                outcome = DeadlineOutcome.APPROVED
                deadlines.decide(
                    session, request, checkpoint, commitment, actor=actor, outcome=outcome, **values
                )
            case "cancel":
                deadlines.cancel(session, commitment, actor=actor, checkpoint_ids=[checkpoint.id], **values)
            case "attest":
                reports.attest(session, commitment, actor=actor)
            case "draft":
                reports.save_draft(session, checkpoint, actor=actor, **values)
            case "obstacle":
                obstacles.raise_obstacle(session, commitment, actor=actor, **values)

    return act


def _evidence(play: Play, promise: Promise, code: str, count: int) -> list[Any]:
    """Make the evidence of a report: a picture, or a PDF every now and then."""
    title = f"Bukti {code} (contoh)"
    lines = [promise.statement[:70], f"Pelapor: {promise.liaison}", f"Sasaran {code}, lembar {count}"]
    keep = papers.keep_pdf if len(promise.statement) % 3 == 0 else papers.keep_png
    name = f"bukti-{promise.owner.replace('/', '-')}-{code.lower()}"
    return [
        keep(play.store, f"{name}-{number}", title, [*lines, f"berkas {number}"])
        for number in range(1, count + 1)
    ]


def report(days_ago: int, narrative: str, **values: Any) -> Step:
    """Let the liaison report that it is done."""
    return Step(
        days_ago, "liaison", "report", {"status": ReportStatus.DONE, "narrative": narrative, **values}
    )


def verify(days_ago: int, who: str = "monitor") -> Step:
    """Let another unit verify the report."""
    return Step(days_ago, who, "verify")
