"""One row of each kind for each owner, made by the services, each with a canary: a word that stands nowhere else.

Owners: ``kopukm`` and ``perindag`` (agencies of 19), ``okeoce`` (a partner, under a mandate of 19), ``kalteng`` (the
agency kopukm of 62), ``pulpis`` (the regency 62.11; its agreement is signed). The accountable lead of each mandate is
another body than the owner, so that who leads and who owes can be told apart.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from collab.agreements import services as agreements
from collab.agreements.vocabulary import AgreementDocumentKind, Scheme
from collab.commitments.models import Checkpoint, Commitment
from collab.commitments.services import commitments, deadlines, obstacles, reports
from collab.commitments.vocabulary import ReportStatus
from collab.core import clock
from collab.core.identity import Role
from collab.core.storage import FileStore
from collab.documents import services as documents
from collab.documents.vocabulary import DocumentKind
from collab.mandates.vocabulary import LeadRole
from collab.organizations.models import Government
from collab.regulations import services as regulations
from collab.regulations.vocabulary import Lifecycle, RegulationKind
from tests.support import builders, files
from tests.support.agreements import to_signing
from tests.support.world import People, add_user

OWNERS = ("kopukm", "perindag", "okeoce", "kalteng", "pulpis")
#: An id that no table reaches.
MISSING = 999_999_999


@dataclass(frozen=True)
class Setting:
    """Where an owner's rows lie: the government, who owes, who leads, and who acts."""

    government: str
    organization: str
    lead: str
    coordinator: str
    reporter: str
    legal: str


SETTINGS = {
    "kopukm": Setting(
        "19", "19/kopukm", "19/kominfo", "coordinator.babel", "liaison.kopukm.babel", "legal.babel"
    ),
    "perindag": Setting(
        "19", "19/perindag", "19/pertanian", "coordinator.babel", "liaison.perindag.babel", "legal.babel"
    ),
    "okeoce": Setting("19", "okeoce", "19/budpar", "coordinator.babel", "partner.okeoce", "legal.babel"),
    "kalteng": Setting(
        "62", "62/kopukm", "62/kominfo", "coordinator.kalteng", "liaison.kopukm.kalteng", "legal.kalteng"
    ),
    "pulpis": Setting(
        "62.11", "62.11/koperasi", "62.11/kominfo", "coordinator.pulpis", "liaison.pulpis", "legal.pulpis"
    ),
}


@dataclass
class Subject:
    """One row: its kind, its owner, its id, and the words by which an answer gives it away."""

    kind: str
    owner: str
    id: int
    canary: str
    government: str
    #: Scopes of those who owe or support, of those who lead, and of the parties.
    owing: frozenset[str] = frozenset()
    leading: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    is_signed: bool = False
    uploader: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def canary(kind: str, owner: str) -> str:
    """Give the word that stands in this row only."""
    return f"Kanari{kind.title().replace('_', '')}{owner.title()}"


class Subjects:
    """All rows of the world, by kind and owner."""

    def __init__(self) -> None:
        self.all: list[Subject] = []

    def add(self, subject: Subject) -> Subject:
        self.all.append(subject)
        return subject

    def of(self, kind: str) -> list[Subject]:
        """List the rows of a kind."""
        return [subject for subject in self.all if subject.kind == kind]

    def one(self, kind: str, owner: str) -> Subject:
        """Give the row of a kind and owner."""
        return next(subject for subject in self.all if (subject.kind, subject.owner) == (kind, owner))

    @property
    def kinds(self) -> set[str]:
        """Name the kinds there are."""
        return {subject.kind for subject in self.all}


@dataclass(frozen=True)
class Kept:
    """A file in the store."""

    name: str
    sha256: str
    size: int
    media_type: str = "application/pdf"


def keep(store: FileStore, name: str, text: str) -> Kept:
    """Put a small file with a text of its own into the store."""
    stored = store.put(io.BytesIO(files.pdf(text)))
    return Kept(name, stored.sha256, stored.size)


def build(session: Session, people: People, store: FileStore) -> Subjects:
    """Add the rows of every owner to a world; the caller commits."""
    subjects = Subjects()
    _agencies_of_the_regency(session, people)
    _who_lost_their_role(session, people)
    for owner in OWNERS:
        _Maker(session, people, store, subjects, owner).make()
    _organizations(session, people, subjects)
    _users(people, subjects)
    return subjects


def _agencies_of_the_regency(session: Session, people: People) -> None:
    regency = session.get_one(Government, people.government("62.11"))
    for code in ("koperasi", "kominfo"):
        made = builders.organization(session, regency, name=f"Dinas {code.title()} Pulang Pisau", code=code)
        people.organizations[f"62.11/{code}"] = made.id
    add_user(session, people, "liaison.pulpis", Role.LIAISON, organization="62.11/koperasi")


def _who_lost_their_role(session: Session, people: People) -> None:
    """Users whose rights are over: an ended role, no role at all."""
    add_user(
        session,
        people,
        "coordinator.ended",
        Role.COORDINATOR,
        government="19",
        valid_until=date(2020, 6, 30),
    )
    add_user(
        session,
        people,
        "coordinator.later",
        Role.COORDINATOR,
        government="19",
        valid_from=clock.today("Asia/Jakarta") + timedelta(days=30),
    )
    add_user(session, people, "nothing.at.all")


class _Maker:
    """Makes the rows of one owner."""

    def __init__(
        self, session: Session, people: People, store: FileStore, subjects: Subjects, owner: str
    ) -> None:
        self.session, self.people, self.store, self.subjects = session, people, store, subjects
        self.owner, self.at = owner, SETTINGS[owner]

    def who(self, name: str) -> Any:
        return self.people.identity(self.session, name)

    def add(self, kind: str, number: int, **values: Any) -> Subject:
        values = {"government": self.at.government, "owing": frozenset({self.at.organization})} | values
        values.setdefault("leading", frozenset({self.at.lead}))
        return self.subjects.add(Subject(kind, self.owner, number, canary(kind, self.owner), **values))

    def make(self) -> None:
        signed = self.owner == "pulpis"
        agreement = self.agreement(signed=signed)
        commitment, checkpoint = self.commitment(agreement, signed)
        self.around(commitment, checkpoint, signed)
        self.regulations()
        self.unclaimed()

    def agreement(self, *, signed: bool) -> int:
        """Make the mandate: a plan of the government, or an agreement with the partner or of the regency."""
        people, at = self.people, self.at
        root = people.organization(f"{at.government}/pemerintah")
        plain = {"scheme": Scheme.INTERNAL, "document_kind": AgreementDocumentKind.INTERNAL_PLAN}
        parties = [{"organization_id": root}]
        if self.owner in ("okeoce", "pulpis"):
            plain = {"scheme": Scheme.KSDPK, "document_kind": AgreementDocumentKind.JOINT_AGREEMENT}
            parties.append({"organization_id": people.organization("okeoce")})
        row = agreements.create(
            self.session,
            actor=self.who(at.coordinator),
            government_id=people.government(at.government),
            title=f"Kesepakatan {canary('agreement', self.owner)}",
            parties=parties,
            leads=[
                {"organization_id": people.organization(at.lead), "role": LeadRole.LEAD, "accountable": True}
            ],
            valid_from=date(2026, 1, 1),
            valid_until=date(2030, 12, 31),
            **plain,
        )
        if signed:
            to_signing(self.session, people, row, by=at.coordinator)
            agreements.sign(
                self.session,
                row,
                actor=self.who(at.coordinator),
                signed_on=clock.today("Asia/Jakarta"),
                signed_place="Pulang Pisau",
            )
        names = {f"{at.government}/pemerintah"} | ({"okeoce"} if len(parties) > 1 else set())
        self.parties, self.mandate_id = frozenset(names), row.id
        self.add("agreement", row.id, parties=self.parties, is_signed=signed)
        study = self.document("mandate_document", at.coordinator, DocumentKind.TERMS_OF_REFERENCE)
        agreements.attach(
            self.session, row, [study], DocumentKind.TERMS_OF_REFERENCE, actor=self.who(at.coordinator)
        )
        self.add("mandate_document", study, parties=self.parties, is_signed=signed)
        return int(row.id)

    def document(self, kind: str, uploader: str, purpose: DocumentKind) -> int:
        word = canary(kind, self.owner)
        kept = keep(self.store, f"{word}.pdf", word)
        return documents.store(
            self.session, kept, title=f"Berkas {word}", kind=purpose, actor=self.who(uploader)
        ).id

    def commitment(self, mandate_id: int, signed: bool) -> tuple[Commitment, Checkpoint]:
        """Make a commitment with one checkpoint, due in two months."""
        row = commitments.create(
            self.session,
            actor=self.who(self.at.coordinator),
            mandate_id=mandate_id,
            statement=f"Komitmen {canary('commitment', self.owner)}",
            accountable_id=self.people.organization(self.at.organization),
            due_on=clock.today("Asia/Jakarta") + timedelta(days=60),
        )
        checkpoint = self.session.query(Checkpoint).filter_by(commitment_id=row.id).one()
        self.add("commitment", row.id, is_signed=signed)
        # A checkpoint has no words of its own: it is found by its commitment's.
        self.add("checkpoint", checkpoint.id, is_signed=signed, extra={"commitment_id": row.id})
        return row, checkpoint

    def around(self, commitment: Commitment, checkpoint: Checkpoint, signed: bool) -> None:
        """Make a waiting report with evidence, a wish for another day and an obstacle."""
        reporter = self.who(self.at.reporter)
        evidence = self.document("evidence", self.at.reporter, DocumentKind.EVIDENCE)
        report = reports.submit(
            self.session,
            checkpoint,
            commitment,
            actor=reporter,
            status=ReportStatus.IN_PROGRESS,
            narrative=f"Laporan {canary('report', self.owner)}",
            evidence_ids=[evidence],
        )
        wish = deadlines.ask(
            self.session,
            checkpoint,
            commitment,
            actor=reporter,
            new_due_on=clock.today("Asia/Jakarta") + timedelta(days=90),
            reason=f"Alasan {canary('deadline_request', self.owner)} yang cukup panjang",
        )
        obstacle = obstacles.raise_obstacle(
            self.session,
            commitment,
            actor=reporter,
            description=f"Kendala {canary('obstacle', self.owner)}",
        )
        self.add("evidence", evidence, is_signed=signed, uploader=self.at.reporter)
        self.add("report", report.id, is_signed=signed, uploader=self.at.reporter)
        self.add("deadline_request", wish.id, is_signed=signed)
        self.add("obstacle", obstacle.id, is_signed=signed)

    def regulations(self) -> None:
        """Make an enacted regulation and a draft, each with a document."""
        if self.owner in ("perindag", "okeoce"):  # the government has its two already
            return
        legal = self.who(self.at.legal)
        for kind, lifecycle in (("regulation", Lifecycle.ENACTED), ("draft", Lifecycle.DRAFT)):
            enacted = lifecycle is Lifecycle.ENACTED
            row = regulations.create(
                self.session,
                actor=legal,
                kind=RegulationKind.PERBUP if self.owner == "pulpis" else RegulationKind.PERGUB,
                government_id=self.people.government(self.at.government),
                title=f"Peraturan {canary(kind, self.owner)}",
                lifecycle=lifecycle,
                number="7" if enacted else None,
                year=2026 if enacted else None,
                enacted_on=date(2026, 2, 1) if enacted else None,
                promulgated_on=date(2026, 2, 2) if enacted else None,
            )
            paper = self.document(f"{kind}_document", self.at.legal, DocumentKind.TEXT)
            regulations.attach(
                self.session, row.id, documents=[paper], role=DocumentKind.ABSTRACT, actor=legal
            )
            self.add(kind, row.id, owing=frozenset(), leading=frozenset())
            self.add(f"{kind}_document", paper, owing=frozenset(), leading=frozenset())

    def unclaimed(self) -> None:
        """Keep a document that nobody has claimed: its uploader's alone."""
        number = self.document("unclaimed", self.at.reporter, DocumentKind.OTHER)
        self.add("unclaimed", number, uploader=self.at.reporter, owing=frozenset(), leading=frozenset())


def _organizations(session: Session, people: People, subjects: Subjects) -> None:
    """Organizations, posts and persons: their names are everyone's, so that they have no canary."""
    for owner, at in SETTINGS.items():
        organization_id = people.organization(at.organization)
        subjects.add(
            Subject(
                "organization", owner, organization_id, "", at.government, extra={"scope": at.organization}
            )
        )
        if owner == "okeoce":
            continue
        row = session.get_one(builders.Organization, organization_id)
        post = builders.position(session, row)
        held = builders.holding(session, builders.person(session, f"Pejabat {owner}"), post)
        for kind, number in (("position", post.id), ("holding", held.id), ("person", held.person_id)):
            subjects.add(Subject(kind, owner, number, "", at.government, extra={"scope": at.organization}))
    for owner in ("kopukm", "kalteng", "pulpis"):
        code = SETTINGS[owner].government
        subjects.add(Subject("government", owner, people.government(code), "", code))


def _users(people: People, subjects: Subjects) -> None:
    """Accounts: one of an organization's liaison, one of each government's coordinator."""
    for owner, at in SETTINGS.items():
        government = "" if owner == "okeoce" else at.government
        subjects.add(Subject("user", owner, people.user(at.reporter), "", government))


def visible_words(subjects: Subjects) -> Iterator[tuple[str, Subject]]:
    """Give every canary with its row."""
    for subject in subjects.all:
        if subject.canary and subject.kind != "checkpoint":
            yield subject.canary, subject
