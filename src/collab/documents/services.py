"""Writes of documents: keep what arrived, add versions, claim for an owner, give up what nobody claimed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from collab.audit.services import created_values, instant, record
from collab.core.db import touch
from collab.core.errors import Refused
from collab.core.identity import SYSTEM, Identity
from collab.core.text import _
from collab.documents import queries
from collab.documents.models import Document, DocumentVersion, StoredFile
from collab.documents.queries import NOBODY, Owners
from collab.documents.vocabulary import DocumentKind

TITLE_LENGTH = 300


class Arrived(Protocol):
    """A file that passed the gate and lies in the store (`web.uploads` makes them)."""

    @property
    def name(self) -> str:
        """Give its clean name."""

    @property
    def sha256(self) -> str:
        """Give its digest."""

    @property
    def size(self) -> int:
        """Give its bytes."""

    @property
    def media_type(self) -> str:
        """Give its media type, found by content."""


def store(session: Session, arrived: Arrived, *, title: str, kind: DocumentKind, actor: Identity) -> Document:
    """Keep an arrived file as version 1 of a new document, the actor's alone until somebody claims it."""
    moment = instant(session)
    document = Document(
        title=title[:TITLE_LENGTH],
        kind=kind,
        uploaded_by=actor.user_id,
        recorded_at=moment,
        is_claimed=False,
        changed_at=moment,
    )
    session.add(document)
    session.flush()  # the version needs the id
    _keep_version(session, document, arrived, 1, actor, moment)
    values = created_values({"title": document.title, "kind": kind, "sha256": arrived.sha256})
    _record(session, document, "documents:document:stored", actor, values)
    return document


def add_version(session: Session, document: Document | int, arrived: Arrived, *, actor: Identity) -> Document:
    """Put a new version on top of a document; the caller has checked the right to it.

    Raise `Refused` when the document was swept, or when the newest version has the very same content.
    """
    row = _locked(session, [document if isinstance(document, int) else document.id])[0]
    _refuse_swept(row)
    newest = queries.version(session, row.id)
    if newest.sha256 == arrived.sha256:
        raise Refused(_("This file is the same as the newest version. Choose the changed one."))
    moment = instant(session)
    number = newest.number + 1
    _keep_version(session, row, arrived, number, actor, moment)
    touch(row, moment)
    session.flush()  # a concurrent version is found here, not at COMMIT
    changes = {"number": [newest.number, number], "sha256": [newest.sha256, arrived.sha256]}
    _record(session, row, "documents:version:added", actor, changes)
    return row


def take_in(
    session: Session,
    items: Iterable[Arrived | int],
    *,
    kind: DocumentKind,
    actor: Identity,
    title: str | None = None,
) -> list[int]:
    """Make documents of what a form's file field gives (arrived files, ids of documents); give their ids in order.

    Without `title` a document is called as its file.
    """
    return [
        item
        if isinstance(item, int)
        else store(session, item, title=title or item.name, kind=kind, actor=actor).id
        for item in items
    ]


def claim(
    session: Session,
    items: Iterable[Arrived | int],
    *,
    actor: Identity,
    kind: DocumentKind = DocumentKind.OTHER,
    owners: Owners = NOBODY,
) -> list[Document]:
    """Claim documents (by id) and arrived files for an owner; the caller puts them into its own table.

    The actor must have uploaded a document or be able to read it through another owner (`owners`: the registry's
    "collab.document_owners"); raise `NotFound` otherwise, `Refused` for one that was swept.
    """
    ids = list(dict.fromkeys(take_in(session, items, kind=kind, actor=actor)))
    documents = _locked(session, ids)
    for document in documents:
        is_own = actor.user_id is not None and document.uploaded_by == actor.user_id
        if not is_own and not queries.may_read(session, document, identity=actor, owners=owners):
            raise queries.absent()
    for document in documents:
        _refuse_swept(document)
        if not document.is_claimed:
            document.is_claimed = True
            document.changed_at = instant(session)
            _record(session, document, "documents:document:claimed", actor, {"is_claimed": [False, True]})
    session.flush()  # a claim and a sweep at the same moment meet here
    return documents


def give_up(session: Session, *, before: datetime, actor: Identity = SYSTEM) -> list[Document]:
    """Mark the documents that nobody claimed and that were recorded before an instant as swept; rows stay."""
    documents = queries.forgotten(session, before)
    for document in documents:
        document.swept_at = document.changed_at = instant(session)
        _record(session, document, "documents:document:swept", actor, {"swept_at": [None, document.swept_at]})
    session.flush()
    return documents


def _locked(session: Session, ids: list[int]) -> list[Document]:
    """Give documents in the order of their ids as asked, locked; raise `NotFound` if one is absent."""
    statement = select(Document).where(Document.id.in_(ids)).order_by(Document.id).with_for_update()
    found = {row.id: row for row in session.scalars(statement.execution_options(populate_existing=True))}
    if len(found) != len(ids):
        raise queries.absent()
    return [found[number] for number in ids]


def _refuse_swept(document: Document) -> None:
    if document.swept_at is not None:
        raise Refused(
            _(
                "The file of “${title}” was given up, because nobody used it. Send it again.",
                mapping={"title": document.title},
            )
        )


def _keep_version(
    session: Session, document: Document, arrived: Arrived, number: int, actor: Identity, moment: datetime
) -> None:
    """Name the file once for all who send it; two senders at the same moment do not hinder each other."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    values = {
        "sha256": arrived.sha256,
        "size": arrived.size,
        "media_type": arrived.media_type,
        "recorded_at": moment,
    }
    session.execute(dialect.insert(StoredFile).values(**values).on_conflict_do_nothing())
    session.add(
        DocumentVersion(
            document_id=document.id,
            number=number,
            sha256=arrived.sha256,
            filename=arrived.name,
            uploaded_by=actor.user_id,
            recorded_at=moment,
        )
    )
    session.flush()  # constraints speak at the act, not at COMMIT


def _record(
    session: Session, document: Document, tag: str, actor: Identity, changes: dict[str, list[object]]
) -> None:
    record(
        session,
        actor=actor,
        tag=tag,
        subject_kind="document",
        subject_id=document.id,
        subject_name=document.title,
        government_id=actor.home_government_id,
        changes=changes,
    )
