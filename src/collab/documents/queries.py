"""Reads of documents: the ones this reader may know of, by id, never by hash."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from collab.auth.models import User
from collab.core.db import AnyRow, AnySelect
from collab.core.errors import NotFound
from collab.core.identity import Identity
from collab.core.page import Key
from collab.core.text import _
from collab.documents.models import Document, DocumentVersion, StoredFile
from collab.documents.vocabulary import DocumentKind

#: By kind of owner: `(session, identity, document_id)` tells whether such an owner lets this identity.
Owners = Mapping[str, Callable[[Session, Identity, int], bool]]
NOBODY: Owners = {}
#: The same; tells whether this identity keeps every such owner that has claimed the document, None if none has.
Editors = Mapping[str, Callable[[Session, Identity, int], bool | None]]


@dataclass(frozen=True)
class SeenDocument:
    """A document that its reader may know of; `may_revise` tells whether they may add a version."""

    id: int
    title: str
    kind: DocumentKind
    uploaded_by: int | None
    uploader: str | None
    recorded_at: datetime
    is_claimed: bool
    swept_at: datetime | None
    version: int
    may_revise: bool


def get(
    session: Session, document_id: int, *, identity: Identity, owners: Owners, editors: Editors = NOBODY
) -> SeenDocument:
    """Give a document; raise `NotFound` when it is absent or none of this reader's business.

    Unclaimed ones are their uploader's alone; claimed ones follow their owners.
    """
    row = session.execute(
        select(
            Document.id,
            Document.title,
            Document.kind,
            Document.uploaded_by,
            User.display_name.label("uploader"),
            Document.recorded_at,
            Document.is_claimed,
            Document.swept_at,
            Document.version,
        )
        .outerjoin(User, User.id == Document.uploaded_by)
        .where(Document.id == document_id)
    ).one_or_none()
    if row is None or not _may_read(session, row, identity, owners):
        raise absent()
    is_own = row.uploaded_by is not None and row.uploaded_by == identity.user_id
    may_revise = _each_lets(session, editors, identity, row.id) if row.is_claimed else is_own
    return SeenDocument(**row._mapping, may_revise=may_revise and row.swept_at is None)


def may_read(session: Session, document: Document, *, identity: Identity, owners: Owners) -> bool:
    """Tell whether this reader may know of a document."""
    return _may_read(session, document, identity, owners)


def absent() -> NotFound:
    """Give the refusal for documents that are not there or not for this reader: both sound the same."""
    return NotFound(_("There is no such document, or it is not visible to you."))


def _may_read(session: Session, document: Any, identity: Identity, owners: Owners) -> bool:
    if document.is_claimed:
        return _any_lets(session, owners, identity, document.id)
    return identity.user_id is not None and document.uploaded_by == identity.user_id


def _any_lets(session: Session, owners: Owners, identity: Identity, document_id: int) -> bool:
    return any(lets(session, identity, document_id) for lets in owners.values())


def _each_lets(session: Session, editors: Editors, identity: Identity, document_id: int) -> bool:
    """Tell whether some kind lets and none that has claimed the document refuses."""
    return {lets(session, identity, document_id) for lets in editors.values()} - {None} == {True}


def unclaimed(*, identity: Identity, kind: DocumentKind | None = None) -> AnySelect:
    """Select this user's own documents that nobody has claimed: id, title, kind, recorded_at, version."""
    statement = select(
        Document.id, Document.title, Document.kind, Document.recorded_at, Document.version
    ).where(
        Document.uploaded_by == identity.user_id, Document.is_claimed.is_(False), Document.swept_at.is_(None)
    )
    return statement.where(Document.kind == kind) if kind else statement


#: Newest document first.
NEWEST_DOCUMENT_FIRST = (Key("id", Document.id, descending=True),)


# -- versions -------------------------------------------------------------------------------------------------


def versions_of(document_id: int) -> AnySelect:
    """Select a document's versions: number, filename, sha256, size, media type, when, by whom.

    The document itself must have been given by `get`.
    """
    return (
        select(
            DocumentVersion.number,
            DocumentVersion.filename,
            DocumentVersion.sha256,
            StoredFile.size,
            StoredFile.media_type,
            DocumentVersion.recorded_at,
            User.display_name.label("uploader"),
        )
        .join(StoredFile, StoredFile.sha256 == DocumentVersion.sha256)
        .outerjoin(User, User.id == DocumentVersion.uploaded_by)
        .where(DocumentVersion.document_id == document_id)
    )


#: Newest version first.
NEWEST_FIRST = (Key("number", DocumentVersion.number, descending=True),)


def versions(session: Session, document_id: int) -> list[AnyRow]:
    """Give a document's versions, newest first."""
    return list(session.execute(versions_of(document_id).order_by(DocumentVersion.number.desc())).all())


def version(session: Session, document_id: int, number: int | None = None) -> AnyRow:
    """Give one version, the newest without a number; raise `NotFound` if there is none."""
    statement = versions_of(document_id).order_by(DocumentVersion.number.desc()).limit(1)
    if number is not None:
        statement = statement.where(DocumentVersion.number == number)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound(_("This document has no such version."))
    return row


def newest(session: Session, document_ids: Iterable[int]) -> dict[int, AnyRow]:
    """Give {document id: title, kind and newest version} for an owner's page; the owner answers for the right.

    Rows have id, title, kind, number, filename, size, media_type, recorded_at.
    """
    wanted = list(document_ids)
    if not wanted:
        return {}
    rows = session.execute(
        select(
            Document.id,
            Document.title,
            Document.kind,
            DocumentVersion.number,
            DocumentVersion.filename,
            StoredFile.size,
            StoredFile.media_type,
            DocumentVersion.recorded_at,
        )
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .join(StoredFile, StoredFile.sha256 == DocumentVersion.sha256)
        .where(Document.id.in_(wanted))
        .order_by(Document.id, DocumentVersion.number)
    )
    return {row.id: row for row in rows}  # the last one of each document stays


# -- sweeping -------------------------------------------------------------------------------------------------


def forgotten(session: Session, before: datetime) -> list[Document]:
    """Give the unclaimed documents recorded before an instant that still have their bytes, oldest first."""
    statement = (
        select(Document)
        .where(Document.is_claimed.is_(False), Document.swept_at.is_(None), Document.recorded_at < before)
        .order_by(Document.id)
        .with_for_update()
    )
    return list(session.scalars(statement))


def is_in_use(session: Session, sha256: str, *, swept_before: datetime) -> bool:
    """Tell whether a living document uses a file, or one that was swept only after `swept_before`."""
    statement = (
        select(DocumentVersion.id)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(
            DocumentVersion.sha256 == sha256,
            or_(Document.swept_at.is_(None), Document.swept_at >= swept_before),
        )
        .limit(1)
    )
    return session.scalar(statement) is not None


#: How long an unclaimed document keeps its bytes (decisions 5).
UNCLAIMED_FOR = timedelta(days=7)
