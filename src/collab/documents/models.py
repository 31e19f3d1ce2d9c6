"""Stored files, documents and their versions; upper features claim documents through their own tables."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collab.core import triggers
from collab.core.db import Base, UtcDateTime, words
from collab.documents.vocabulary import DocumentKind


class StoredFile(Base):
    """Bytes in the file store, known by their digest; several documents may share them."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size > 0", name="size_positive"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Bytes.
    size: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    media_type: Mapped[str] = mapped_column(String(100))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Document(Base):
    """A titled document; its bytes are its newest version's. Visible to its uploader until somebody claims it."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[DocumentKind] = mapped_column(words(DocumentKind))
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Whether an owner has claimed it; unclaimed ones are swept after seven days.
    is_claimed: Mapped[bool] = mapped_column(default=False)
    #: When the bytes of an unclaimed document were given up; the row stays as a trace.
    swept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class DocumentVersion(Base):
    """One stored state of a document, numbered from 1; never changed."""

    __tablename__ = "document_version"
    __table_args__ = (
        UniqueConstraint("document_id", "number", name="uq_document_version_document_id_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    filename: Mapped[str] = mapped_column(String(120))
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


triggers.append_only("document_version")
triggers.refuse_delete("stored_file")
triggers.refuse_delete("document")
