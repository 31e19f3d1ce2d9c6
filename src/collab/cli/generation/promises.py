"""Make up what is owed under a province's agreements, and everything that was recorded about it since."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from collab.cli.generation.chance import Chance
from collab.cli.generation.house import Province
from collab.cli.generation.mandates import Mandated, Numbers, Row
from collab.cli.generation.scale import COMMITMENTS
from collab.commitments.vocabulary import (
    AssignmentRole,
    DeadlineOutcome,
    Decision,
    Direction,
    DuePrecision,
    ObstacleMove,
    ReportCycle,
    ReportStatus,
)

_ACTS = ("Membentuk", "Mendampingi", "Melatih", "Membangun", "Menyediakan", "Memperbarui", "Memantau")
_THINGS = (
    ("kelompok wirausaha baru", "kelompok"), ("hektare lahan pangan", "hektare"), ("layanan daring", "layanan"),
    ("tenaga pendamping", "orang"), ("titik sambungan air", "titik"), ("desa wisata", "desa"),
    ("puskesmas ramah anak", "unit"), ("bank sampah", "unit"),
)  # fmt: skip
_NEWS = (
    "Rapat koordinasi dilaksanakan, peserta dari tujuh kecamatan hadir (contoh).",
    "Kegiatan berjalan sesuai rencana, dua kegiatan lanjutan dijadwalkan bulan depan (contoh).",
    "Pendataan selesai di empat kabupaten; sisanya menunggu berita acara (contoh).",
    "Anggaran tahap kedua telah cair dan pelaksanaan dimulai (contoh).",
)
MOST_REPORTS = 10


@dataclass
class Promised:
    """The rows of a province's commitments and their facts, by table."""

    commitments: list[Row] = field(default_factory=list)
    assignments: list[Row] = field(default_factory=list)
    checkpoints: list[Row] = field(default_factory=list)
    reports: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    requests: list[Row] = field(default_factory=list)
    rulings: list[Row] = field(default_factory=list)
    cancellations: list[Row] = field(default_factory=list)
    attestations: list[Row] = field(default_factory=list)
    obstacles: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)


class Promises:
    """Makes the commitments of one province."""

    def __init__(self, chance: Chance, numbers: Numbers, province: Province, last: date) -> None:
        self.chance, self.numbers, self.province, self.last = chance, numbers, province, last
        self.rows = Promised()

    def make(self, mandated: Mandated) -> Promised:
        """Make what is owed under each agreement; facts are numbered in the order of time."""
        for mandate in mandated.mandates:
            begins = mandate["recorded_at"].date()
            for _place in range(self.chance.number(COMMITMENTS - 3, COMMITMENTS + 3)):
                day = min(begins + timedelta(days=self.chance.number(1, 60)), self.last)
                self._commitment(mandate["id"], mandated.led_by[mandate["id"]], day)
        _number(self.rows.reports, self.numbers, "progress_report")
        for row in self.rows.reports:
            row["supersedes_id"] = row.pop("supersedes")["id"] if row["supersedes"] else None
        for rows, table, parent in (
            (self.rows.decisions, "report_decision", "report"),
            (self.rows.obstacles, "obstacle", "report"),
            (self.rows.requests, "deadline_request", None),
            (self.rows.rulings, "deadline_decision", "request"),
            (self.rows.events, "obstacle_event", "obstacle"),
            (self.rows.cancellations, "cancellation", None),
            (self.rows.attestations, "attestation", None),
        ):
            _number(rows, self.numbers, table)
            if parent is not None:
                for row in rows:
                    row[f"{parent}_id"] = row.pop(parent)["id"]
        return self.rows

    def _commitment(self, mandate_id: int, leader: tuple[int, str, int], day: date) -> None:
        chance, number = self.chance, self.numbers.take("commitment")
        agency = leader if chance.holds(0.4) else chance.skewed(self.province.agencies)
        thing, unit = chance.one(_THINGS)
        counted, goal = chance.holds(0.5), Decimal(chance.number(4, 400))
        recorded = chance.instant(day)
        row = {
            "id": number,
            "mandate_id": mandate_id,
            "government_id": self.province.government_id,
            "statement": f"{chance.one(_ACTS)} {goal} {thing} bersama mitra, butir {number} (contoh).",
            "indicator": f"Jumlah {thing}" if counted else None,
            "direction": Direction.UP if counted else None,
            "baseline": None,
            "target": goal if counted else None,
            "target_max": None,
            "unit": unit if counted else None,
            "report_cycle": chance.one((ReportCycle.MONTH, ReportCycle.QUARTER, ReportCycle.QUARTER, ReportCycle.SEMESTER)),
            "start_on": day,
            "due_precision": DuePrecision.DAY,
            "is_illustrative": True,
            "recorded_by": self.province.coordinator_id,
            "recorded_at": recorded,
            "changed_at": recorded,
            "version": 1,
        }  # fmt: skip
        self.rows.commitments.append(row)
        self._assign(row, agency)
        self._checkpoints(row, agency, day, goal if counted else None)
        if chance.holds(0.05):
            self._attest(row, agency, day)

    def _assign(self, commitment: Row, agency: tuple[int, str, int]) -> None:
        units = [(agency[0], AssignmentRole.ACCOUNTABLE)]
        if self.chance.holds(0.3):
            others = [one for one in self.province.agencies if one is not agency]
            units += [(one[0], AssignmentRole.SUPPORTING) for one in self.chance.some(others, 2)]
        for unit, role in units:
            self.rows.assignments.append(
                {
                    "id": self.numbers.take("commitment_assignment"),
                    "commitment_id": commitment["id"],
                    "organization_id": unit,
                    "role": role,
                    "valid_from": commitment["start_on"],
                    "valid_until": None,
                    "recorded_at": commitment["recorded_at"],
                }
            )

    def _checkpoints(
        self, commitment: Row, agency: tuple[int, str, int], day: date, goal: Decimal | None
    ) -> None:
        chance = self.chance
        whole = chance.number(300, 540)
        codes = ("B03", "B06", "B09", "B12") if chance.holds(0.6) else ("FINAL",)
        begins = day
        for place, code in enumerate(codes, start=1):
            due = day + timedelta(days=whole * place // len(codes))
            undated = code == "FINAL" and chance.holds(0.05)
            checkpoint = {
                "id": self.numbers.take("checkpoint"),
                "commitment_id": commitment["id"],
                "code": code,
                "original_due_on": None if undated else due,
                "target": None if goal is None else (goal * place / len(codes)).quantize(Decimal(1)),
                "target_max": None,
                "description": None,
                "recorded_at": commitment["recorded_at"],
            }
            self.rows.checkpoints.append(checkpoint)
            most = MOST_REPORTS if len(codes) == 1 else MOST_REPORTS // 2
            self._reports(commitment, checkpoint, agency, begins, due, chance.number(1, most))
            if not undated and chance.holds(0.06):
                self._ask(commitment, checkpoint, agency, due)
            if chance.holds(0.015):
                self._cancel(commitment, checkpoint, chance.day(begins + timedelta(days=1), due))
            begins = due

    def _reports(
        self,
        commitment: Row,
        checkpoint: Row,
        agency: tuple[int, str, int],
        begins: date,
        due: date,
        count: int,
    ) -> None:
        chance, late = self.chance, timedelta(days=25 if self.chance.holds(0.25) else 0)
        days = sorted(chance.day(begins + timedelta(days=1), due + late) for _place in range(count))
        moments = sorted(chance.instant(day) for day in days)
        finishes, before = chance.holds(0.8), None
        for place, (day, moment) in enumerate(zip(days, moments, strict=True), start=1):
            if day > self.last:
                break
            done = finishes and place == count
            status = (
                ReportStatus.DONE
                if done
                else (ReportStatus.BLOCKED if chance.holds(0.05) else ReportStatus.IN_PROGRESS)
            )
            target = checkpoint["target"]
            part = Decimal(chance.number(90, 120) if done else 80 * place // count) / 100
            report = {
                "checkpoint_id": checkpoint["id"],
                "reported_for_id": agency[0],
                "submitted_by": agency[2],
                "status": status,
                "narrative": chance.one(_NEWS),
                "actual": None if target is None else (target * part).quantize(Decimal(1)),
                "achieved_on": day if done else None,
                "supersedes": before if before and chance.holds(0.02) else None,
                "recorded_at": moment,
            }
            self.rows.reports.append(report)
            self._touch(commitment, report)
            until = days[place] if place < count else day + timedelta(days=14)
            self._decide(commitment, report, day, until)
            if status is ReportStatus.BLOCKED:
                self._block(commitment, report, agency, day)
            before = report

    def _decide(self, commitment: Row, report: Row, day: date, until: date) -> None:
        """Let the monitor decide, mostly before the next report comes; a few wait for ever."""
        chance = self.chance
        decided = min(day + timedelta(days=chance.number(1, 10)), max(until, day + timedelta(days=1)))
        if decided > self.last or chance.holds(0.02):
            return
        returned = chance.holds(0.08)
        row = {
            "report": report,
            "decision": Decision.RETURNED if returned else Decision.VERIFIED,
            "note": "Mohon lengkapi bukti (contoh)." if returned else None,
            "decided_by": self.province.monitor_id,
            "acting_organization_id": self.province.root_id,
            "recorded_at": max(chance.instant(decided), report["recorded_at"] + timedelta(minutes=5)),
        }
        self.rows.decisions.append(row)
        self._touch(commitment, row)

    def _block(self, commitment: Row, report: Row, agency: tuple[int, str, int], day: date) -> None:
        obstacle = {
            "commitment_id": commitment["id"],
            "report": report,
            "description": report["narrative"],
            "needs_organization_id": None,
            "raised_by": agency[2],
            "recorded_at": report["recorded_at"],
        }
        self.rows.obstacles.append(obstacle)
        cleared = day + timedelta(days=self.chance.number(5, 60))
        if cleared <= self.last and self.chance.holds(0.7):
            event = {
                "obstacle": obstacle,
                "move": ObstacleMove.RESOLVED,
                "note": None,
                "recorded_by": agency[2],
                "recorded_at": self.chance.instant(cleared),
            }
            self.rows.events.append(event)
            self._touch(commitment, event)

    def _ask(self, commitment: Row, checkpoint: Row, agency: tuple[int, str, int], due: date) -> None:
        chance = self.chance
        earliest = commitment["start_on"] + timedelta(days=1)
        asked = max(earliest, due + timedelta(days=chance.number(-20, 10)))
        if asked > self.last:
            return
        request = {
            "checkpoint_id": checkpoint["id"],
            "old_due_on": due,
            "new_due_on": max(asked, due) + timedelta(days=chance.number(20, 90)),
            "reason": "Pencairan anggaran mundur (contoh).",
            "asked_by": agency[2],
            "asked_for_id": agency[0],
            "recorded_at": chance.instant(asked),
        }
        self.rows.requests.append(request)
        self._touch(commitment, request)
        decided = asked + timedelta(days=chance.number(1, 7))
        if decided > self.last:
            return
        ruling = {
            "request": request,
            "outcome": DeadlineOutcome.APPROVED if chance.holds(0.8) else DeadlineOutcome.REJECTED,
            "note": None,
            "decided_by": self.province.coordinator_id,
            "acting_organization_id": self.province.coordinator_unit_id,
            "recorded_at": chance.instant(decided),
        }
        self.rows.rulings.append(ruling)
        self._touch(commitment, ruling)

    def _cancel(self, commitment: Row, checkpoint: Row, day: date) -> None:
        if day > self.last:
            return
        row = {
            "checkpoint_id": checkpoint["id"],
            "reason": "Mitra mengundurkan diri (contoh).",
            "decided_by": self.province.coordinator_id,
            "acting_organization_id": self.province.coordinator_unit_id,
            "recorded_at": self.chance.instant(day),
        }
        self.rows.cancellations.append(row)
        self._touch(commitment, row)

    def _attest(self, commitment: Row, agency: tuple[int, str, int], day: date) -> None:
        attested = day + timedelta(days=self.chance.number(60, 400))
        if attested > self.last:
            return
        row = {
            "commitment_id": commitment["id"],
            "attested_by": agency[2],
            "attested_for_id": agency[0],
            "recorded_at": self.chance.instant(attested),
        }
        self.rows.attestations.append(row)
        self._touch(commitment, row)

    def _touch(self, commitment: Row, fact: Row) -> None:
        """Let a commitment's newest fact be its last change."""
        commitment["changed_at"] = max(commitment["changed_at"], fact["recorded_at"])


def _number(rows: list[Row], numbers: Numbers, table: str) -> None:
    """Give rows their ids in the order of time, as they would have been recorded."""
    rows.sort(key=lambda row: row["recorded_at"])
    for row in rows:
        row["id"] = numbers.take(table)
