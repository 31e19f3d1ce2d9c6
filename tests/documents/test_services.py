"""Documents are kept once, claimed by those who may, versioned, and given up when nobody uses them."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from collab.audit.models import JournalEntry
from collab.core import clock
from collab.core.errors import NotFound, Refused
from collab.core.storage import NullFileStore
from collab.documents import queries, services, tasks
from collab.documents.models import Document, DocumentVersion, StoredFile
from collab.documents.vocabulary import DocumentKind


@dataclass(frozen=True)
class File:
    name: str = "Pergub 48.pdf"
    sha256: str = "ab" * 32
    size: int = 1200
    media_type: str = "application/pdf"


@pytest.fixture
def legal(session, people):
    return people.identity(session, "legal.babel")


def kept(session, actor, file=None, title="Pergub 48/2018"):
    return services.store(session, file or File(), title=title, kind=DocumentKind.TEXT, actor=actor)


def test_a_stored_file_becomes_version_one_of_an_unclaimed_document(session, legal):
    document = kept(session, legal)
    row = queries.version(session, document.id)
    assert (row.number, row.filename, row.size, row.media_type) == (
        1,
        "Pergub 48.pdf",
        1200,
        "application/pdf",
    )
    assert document.is_claimed is False
    assert document.uploaded_by == legal.user_id


def test_two_documents_with_the_same_bytes_share_one_stored_file(session, people):
    first, second = (
        kept(session, people.identity(session, "legal.babel")),
        kept(session, people.identity(session, "legal.kalteng")),
    )
    assert first.id != second.id
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 1


def test_every_act_is_journaled(session, legal):
    document = kept(session, legal)
    services.claim(session, [document.id], actor=legal)
    services.add_version(session, document, File(sha256="cd" * 32), actor=legal)
    session.commit()
    tags = session.scalars(
        select(JournalEntry.tag).where(JournalEntry.subject_kind == "document").order_by(JournalEntry.id)
    ).all()
    assert tags == ["documents:document:stored", "documents:document:claimed", "documents:version:added"]


def test_a_new_version_gets_the_next_number_and_raises_the_documents_version(session, legal):
    document = kept(session, legal)
    before = document.version
    services.add_version(session, document, File(sha256="cd" * 32), actor=legal)
    assert [row.number for row in queries.versions(session, document.id)] == [2, 1]
    assert document.version == before + 1


def test_the_very_same_file_is_refused_as_a_new_version(session, legal):
    document = kept(session, legal)
    with pytest.raises(Refused):
        services.add_version(session, document, File(), actor=legal)


def test_versions_are_never_changed(session, legal):
    kept(session, legal)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("UPDATE document_version SET filename = 'x'"))


def test_the_uploader_claims_by_id_and_by_file_in_the_order_given(session, legal):
    document = kept(session, legal)
    claimed = services.claim(
        session, [File(name="b.pdf", sha256="cd" * 32), document.id], actor=legal, kind=DocumentKind.ANNEX
    )
    assert [row.title for row in claimed] == ["b.pdf", "Pergub 48/2018"]
    assert [row.kind for row in claimed] == [DocumentKind.ANNEX, DocumentKind.TEXT]
    assert all(row.is_claimed for row in claimed)


def test_claiming_twice_changes_nothing_more(session, legal):
    document = kept(session, legal)
    services.claim(session, [document.id], actor=legal)
    version = document.version
    assert services.claim(session, [document.id, document.id], actor=legal) == [document]
    assert document.version == version


def test_a_strangers_document_cannot_be_claimed(session, people):
    document = kept(session, people.identity(session, "legal.babel"))
    with pytest.raises(NotFound):
        services.claim(session, [document.id], actor=people.identity(session, "legal.kalteng"))
    assert document.is_claimed is False


def test_an_unknown_document_sounds_like_a_strangers(session, people):
    document = kept(session, people.identity(session, "legal.babel"))
    said = []
    for wanted in (document.id, 999_999):
        with pytest.raises(NotFound) as refusal:
            services.claim(session, [wanted], actor=people.identity(session, "legal.kalteng"))
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_who_reads_a_document_through_another_owner_may_claim_it_too(session, people):
    document = kept(session, people.identity(session, "legal.babel"))
    services.claim(session, [document.id], actor=people.identity(session, "legal.babel"))
    lets = {"regulation": lambda session, identity, document_id: identity.name == "coordinator.babel"}
    assert services.claim(
        session, [document.id], actor=people.identity(session, "coordinator.babel"), owners=lets
    )
    with pytest.raises(NotFound):
        services.claim(session, [document.id], actor=people.identity(session, "partner.okeoce"), owners=lets)


# -- who sees -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who, sees", [("legal.babel", True), ("admin.babel", False), ("coordinator.babel", False)]
)
def test_an_unclaimed_document_is_its_uploaders_alone(session, people, who, sees):
    document = kept(session, people.identity(session, "legal.babel"))
    everybody = {"any": lambda *_: True}
    if sees:
        assert queries.get(
            session, document.id, identity=people.identity(session, who), owners=everybody
        ).may_revise
    else:
        with pytest.raises(NotFound):
            queries.get(session, document.id, identity=people.identity(session, who), owners=everybody)


def test_a_claimed_document_follows_its_owners_even_against_its_uploader(session, people):
    document = kept(session, people.identity(session, "legal.babel"))
    services.claim(session, [document.id], actor=people.identity(session, "legal.babel"))
    only_auditors = {"x": lambda session, identity, document_id: identity.name == "auditor.babel"}
    assert queries.get(
        session, document.id, identity=people.identity(session, "auditor.babel"), owners=only_auditors
    )
    with pytest.raises(NotFound):
        queries.get(
            session, document.id, identity=people.identity(session, "legal.babel"), owners=only_auditors
        )


def test_only_an_owners_editors_add_versions_to_what_is_claimed(session, people):
    legal = people.identity(session, "legal.babel")
    document = kept(session, legal)
    services.claim(session, [document.id], actor=legal)
    anybody = {"x": lambda *_: True}
    assert not queries.get(session, document.id, identity=legal, owners=anybody).may_revise
    assert queries.get(session, document.id, identity=legal, owners=anybody, editors=anybody).may_revise


# -- giving up ------------------------------------------------------------------------------------------------

START = datetime(2030, 3, 1, 5, 0, tzinfo=UTC)


def at(days, seconds=0):
    return clock.travel(START + timedelta(days=days, seconds=seconds))


@pytest.mark.parametrize("seconds, swept", [(0, 0), (1, 1)])
def test_an_unclaimed_document_is_given_up_after_seven_days(session, legal, seconds, swept):
    with at(0):
        document = kept(session, legal)
        session.commit()
    with at(7, seconds):
        assert tasks.sweep(session, NullFileStore()).documents == swept
    assert (document.swept_at is not None) is bool(swept)


def test_a_claimed_document_is_never_given_up(session, legal):
    with at(0):
        document = kept(session, legal)
        services.claim(session, [document.id], actor=legal)
        session.commit()
    with at(400):
        assert tasks.sweep(session, NullFileStore()).documents == 0


def test_bytes_go_only_after_the_grace_and_only_when_nothing_living_uses_them(session, legal):
    store = NullFileStore()
    with at(0):
        lonely, shared = store.put(io.BytesIO(b"lonely")), store.put(io.BytesIO(b"shared"))
        kept(session, legal, File(sha256=lonely.sha256))
        kept(session, legal, File(sha256=shared.sha256))
        living = kept(session, legal, File(sha256=shared.sha256))
        services.claim(session, [living.id], actor=legal)
        session.commit()
    with at(8):
        assert tasks.sweep(session, store) == tasks.Swept(2, ())
        session.commit()
    with at(9):
        assert tasks.sweep(session, store) == tasks.Swept(0, ())
    with at(10, 1):
        assert tasks.sweep(session, store) == tasks.Swept(0, (lonely.sha256,))
    assert store.exists(shared.sha256)


def test_bytes_that_never_became_a_document_go_after_the_grace(session):
    store = NullFileStore()
    with at(0):
        orphan = store.put(io.BytesIO(b"kept in an open form"))
    with at(1):
        assert tasks.sweep(session, store).files == ()
    with at(2, 1):
        assert tasks.sweep(session, store).files == (orphan.sha256,)


def test_what_was_given_up_can_neither_be_claimed_nor_revised(session, legal):
    with at(0):
        document = kept(session, legal)
        session.commit()
    with at(8):
        tasks.sweep(session, NullFileStore())
    with pytest.raises(Refused):
        services.claim(session, [document.id], actor=legal)
    with pytest.raises(Refused):
        services.add_version(session, document, File(sha256="cd" * 32), actor=legal)


def test_documents_are_never_removed(session, legal):
    kept(session, legal)
    with pytest.raises(DBAPIError, match=r"never|append|delet|remov"):
        session.execute(text("DELETE FROM document"))


def test_nothing_but_the_three_tables_of_documents_is_written(session, legal):
    kept(session, legal)
    counts = [
        session.scalar(select(func.count()).select_from(table))
        for table in (Document, DocumentVersion, StoredFile)
    ]
    assert counts == [1, 1, 1]
