"""Tell a commitment's facts as one history, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyramid.request import Request

from collab.commitments.queries.detail import CommitmentFile
from collab.commitments.vocabulary import Decision, ReportStatus
from collab.core.clock import local_day
from collab.core.text import Sentence, _
from collab.web.filters import date_long
from collab.web.i18n import translate


@dataclass(frozen=True)
class Entry:
    """One line of the history, as `macros/records.jinja2: timeline` draws it."""

    on: datetime
    who: str | None
    sentence: str
    icon: str
    position: str | None = None
    note: str | None = None
    url: str | None = None
    link_label: str | None = None
    signal: str | None = None


def entries(request: Request, file: CommitmentFile) -> list[Entry]:
    """Give the history of a file, newest first; empty for a day before it was recorded."""
    if local_day(file.commitment.recorded_at, file.zone) > file.day:
        return []
    teller = _Teller(request, file)
    told = [
        *teller.reports(),
        *teller.requests(),
        *teller.obstacles(),
        *teller.attestations(),
        *teller.cancellations(),
    ]
    told.append(
        Entry(
            file.commitment.recorded_at,
            file.mandate.recorder,
            teller.say(_("The commitment was recorded.")),
            "flag",
        )
    )
    return sorted(told, key=lambda entry: entry.on, reverse=True)


class _Teller:
    """Puts one file's facts into sentences of the request's language."""

    def __init__(self, request: Request, file: CommitmentFile) -> None:
        self.request, self.file = request, file
        self.codes = {row.id: self._within(row.code) for row in file.checkpoints}

    def say(self, sentence: Sentence, **values: Any) -> str:
        return translate(self.request, sentence, **values)

    def _within(self, code: str) -> str:
        """Name a checkpoint within a sentence."""
        return self.say(_("the final checkpoint")) if code == "FINAL" else code

    def day(self, value: Any) -> str:
        return date_long(value, self.request.locale_name) if value else self.say(_("no date"))

    def reports(self) -> list[Entry]:
        told = []
        words = {
            ReportStatus.IN_PROGRESS: _("Reported progress on ${checkpoint}."),
            ReportStatus.BLOCKED: _("Reported that ${checkpoint} is blocked."),
            ReportStatus.DONE: _("Reported that ${checkpoint} is done."),
        }
        for row in self.file.reports:
            sentence = self.say(words[row.status], checkpoint=self.codes.get(row.checkpoint_id, "?"))
            proofs = self.file.evidence.get(row.id, [])
            told.append(
                Entry(
                    on=row.recorded_at,
                    who=row.submitter,
                    position=row.unit,
                    sentence=sentence,
                    note=row.narrative,
                    icon="exclamation-triangle" if row.status is ReportStatus.BLOCKED else "pencil-square",
                    url=self.request.route_path("document", id=proofs[0].id) if proofs else None,
                    link_label=self._proof_label(proofs),
                )
            )
            if row.decision is not None:
                told.append(self._decision(row))
        return told

    def _proof_label(self, proofs: list[Any]) -> str | None:
        if len(proofs) > 1:
            return self.say(_("${first} and ${more} more"), first=proofs[0].title, more=len(proofs) - 1)
        return proofs[0].title if proofs else None

    def _decision(self, row: Any) -> Entry:
        verified = row.decision is Decision.VERIFIED
        code = self.codes.get(row.checkpoint_id, "?")
        sentence = (
            _("Verified the report on ${checkpoint}.")
            if verified
            else _("Returned the report on ${checkpoint}.")
        )
        return Entry(
            on=row.decided_at,
            who=row.decider,
            position=row.judge,
            sentence=self.say(sentence, checkpoint=code),
            note=row.note,
            icon="check-circle" if verified else "arrow-counterclockwise",
            signal="green" if verified else "yellow",
        )

    def requests(self) -> list[Entry]:
        told = []
        for row in self.file.requests:
            asked = self.say(
                _("Asked to move ${checkpoint} from ${old} to ${new}."),
                checkpoint=self.codes.get(row.checkpoint_id, "?"),
                old=self.day(row.old_due_on),
                new=self.day(row.new_due_on),
            )
            told.append(
                Entry(row.recorded_at, row.asker, asked, "calendar-event", position=row.unit, note=row.reason)
            )
            if row.outcome is not None:
                granted = row.outcome == "approved"
                sentence = _("Granted the new day ${new}.") if granted else _("Refused the new day ${new}.")
                told.append(
                    Entry(
                        row.decided_at,
                        row.decider,
                        self.say(sentence, new=self.day(row.new_due_on)),
                        "calendar-check" if granted else "calendar-x",
                        note=row.note,
                    )
                )
        return told

    def obstacles(self) -> list[Entry]:
        told = [
            Entry(
                row.recorded_at,
                row.raiser,
                self.say(_("Raised an obstacle.")),
                "exclamation-triangle",
                note=row.description,
                signal="yellow",
            )
            for row in self.file.obstacles
        ]
        for remarks in self.file.remarks.values():
            for row in remarks:
                cleared = row.move == "resolved"
                sentence = _("Cleared an obstacle.") if cleared else _("Remarked on an obstacle.")
                told.append(
                    Entry(
                        row.recorded_at,
                        row.who,
                        self.say(sentence),
                        "check-circle" if cleared else "chat",
                        note=row.note,
                    )
                )
        return told

    def attestations(self) -> list[Entry]:
        sentence = self.say(_("Attested that nothing has changed."))
        return [
            Entry(row.recorded_at, row.who, sentence, "check2", position=row.unit)
            for row in self.file.attestations
        ]

    def cancellations(self) -> list[Entry]:
        return [
            Entry(
                row.recorded_at,
                row.who,
                self.say(_("Cancelled ${checkpoint}."), checkpoint=self.codes.get(row.checkpoint_id, "?")),
                "slash-circle",
                position=row.unit,
                note=row.reason,
            )
            for row in self.file.cancellations
        ]
