"""A new version is the newest one for all owners of a document: who keeps only some of them adds none."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from collab.agreements import services as agreement_services
from collab.commitments.services import reports
from collab.commitments.vocabulary import ReportStatus
from collab.core import clock
from collab.documents import queries
from collab.documents.vocabulary import DocumentKind
from tests.support import agreements
from tests.support import commitments as made
from tests.support.world import World


def may_revise(world: World, session: Session, number: int, name: str) -> bool:
    registry = world.registry
    seen = queries.get(
        session,
        number,
        identity=world.identity(session, name),
        owners=registry["collab.document_owners"],
        editors=registry["collab.document_editors"],
    )
    return seen.may_revise


def attach(world: World, session: Session, agreement: Any, number: int, by: str) -> None:
    agreement_services.attach(
        session,
        agreement,
        [number],
        DocumentKind.OTHER,
        actor=world.identity(session, by),
        owners=world.registry["collab.document_owners"],
    )


def test_a_keeper_of_the_only_owner_adds_versions(world: World) -> None:
    with world.session() as session:
        agreement = agreements.create(session, world.people)
        number = agreements.document(session, world.identity(session, "coordinator.babel"))
        attach(world, session, agreement, number, "coordinator.babel")
        assert may_revise(world, session, number, "legal.babel")
        assert not may_revise(world, session, number, "monitor.babel")


def test_evidence_that_was_also_attached_to_an_agreement_stays_as_it_was_reported(world: World) -> None:
    with world.session() as session:
        people = world.people
        mandate = made.mandate(session, people)
        row = made.promise(session, people, mandate)
        liaison = people.identity(session, made.LIAISON)
        number = agreements.document(session, liaison, "Foto kegiatan")
        reports.submit(
            session,
            made.checkpoint(session, row),
            row,
            actor=liaison,
            status=ReportStatus.DONE,
            narrative="Selesai.",
            evidence_ids=[number],
        )
        attach(world, session, agreements.create(session, people), number, "coordinator.babel")
        for name in ("coordinator.babel", "legal.babel", made.LIAISON):
            assert not may_revise(world, session, number, name), name


@pytest.mark.parametrize("name", ["coordinator.kalteng", "legal.kalteng"])
def test_a_document_of_another_government_is_not_revised_by_attaching_it(world: World, name: str) -> None:
    with world.session() as session:
        people = world.people
        below = agreements.create(
            session,
            people,
            by="coordinator.pulpis",
            government_id=people.government("62.11"),
            parties=[
                {"organization_id": people.organization("62.11/pemerintah")},
                {"organization_id": people.organization("okeoce")},
            ],
            leads=[
                {
                    "organization_id": people.organization("62.11/pemerintah"),
                    "role": "lead",
                    "accountable": True,
                }
            ],
        )
        below.signed_on = clock.today("Asia/Pontianak")
        session.flush()
        number = agreements.document(
            session, people.identity(session, "coordinator.pulpis"), "Naskah bertanda tangan"
        )
        attach(world, session, below, number, "coordinator.pulpis")
        own = agreements.create(
            session,
            people,
            by="coordinator.kalteng",
            government_id=people.government("62"),
            parties=[
                {"organization_id": people.organization("62/pemerintah")},
                {"organization_id": people.organization("okeoce")},
            ],
            leads=[
                {"organization_id": people.organization("62/kopukm"), "role": "lead", "accountable": True}
            ],
        )
        attach(world, session, own, number, "coordinator.kalteng")
        assert not may_revise(world, session, number, name)
        assert not may_revise(world, session, number, "legal.pulpis")
