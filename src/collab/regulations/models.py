"""Regulations, their dated relations and their documents."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from collab.core import triggers
from collab.core.db import Base, UtcDateTime, words
from collab.documents.vocabulary import DocumentKind
from collab.regulations.vocabulary import Lifecycle, RegulationKind, RelationKind


class Regulation(Base):
    """A regulation, decision or draft of one government. Drafts have neither number nor year (R60)."""

    __tablename__ = "regulation"
    __table_args__ = (
        Index(
            "uq_regulation_number",
            "government_id",
            "kind",
            "year",
            "number",
            unique=True,
            sqlite_where=text("number IS NOT NULL"),
            postgresql_where=text("number IS NOT NULL"),
        ),
        Index("ix_regulation_list", "government_id", "year", "id"),
        CheckConstraint(
            "lifecycle <> 'draft' OR (number IS NULL AND year IS NULL)", name="draft_without_number"
        ),
        CheckConstraint(
            "lifecycle <> 'enacted' OR (number IS NOT NULL AND year IS NOT NULL)", name="enacted_numbered"
        ),
        CheckConstraint("year IS NULL OR year BETWEEN 1945 AND 2100", name="year_range"),
        CheckConstraint(
            "enacted_on IS NULL OR promulgated_on IS NULL OR enacted_on <= promulgated_on", name="dates_order"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    government_id: Mapped[int] = mapped_column(ForeignKey("government.id"))
    kind: Mapped[RegulationKind] = mapped_column(words(RegulationKind))
    #: As printed: digits, sometimes with a suffix or a classification (188.44/106).
    number: Mapped[str | None] = mapped_column(String(60))
    year: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(500))
    lifecycle: Mapped[Lifecycle] = mapped_column(words(Lifecycle))
    #: Ditetapkan.
    enacted_on: Mapped[date | None]
    #: Diundangkan.
    promulgated_on: Mapped[date | None]
    #: Mulai berlaku; when absent: the day of promulgation (UU 12/2011 art. 87).
    effective_on: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class RegulationRelation(Base):
    """One regulation bears on another from a day on."""

    __tablename__ = "regulation_relation"
    __table_args__ = (
        UniqueConstraint("source_id", "target_id", "kind", name="uq_regulation_relation_pair"),
        CheckConstraint("source_id <> target_id", name="two_regulations"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("regulation.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("regulation.id"), index=True)
    kind: Mapped[RelationKind] = mapped_column(words(RelationKind))
    #: First day of the effect; when absent: the source's own effective day.
    effective_on: Mapped[date | None]
    #: Articles touched, as cited.
    articles: Mapped[str | None] = mapped_column(String(200))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RegulationDocument(Base):
    """A document claimed by a regulation."""

    __tablename__ = "regulation_document"
    __table_args__ = (UniqueConstraint("regulation_id", "document_id", name="uq_regulation_document_pair"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    regulation_id: Mapped[int] = mapped_column(ForeignKey("regulation.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    role: Mapped[DocumentKind] = mapped_column(words(DocumentKind, name="role"))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


triggers.refuse_delete("regulation")
triggers.append_only("regulation_relation")
triggers.append_only("regulation_document")
