"""What obliges: the base of agreements, meetings, programmes and assessments, its leads, legal bases, documents."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from collab.core import triggers
from collab.core.db import Base, UtcDateTime, words
from collab.documents.vocabulary import DocumentKind
from collab.mandates.vocabulary import LeadRole, MandateKind


class Mandate(Base):
    """Whatever obliges organizations; each kind is a joined table with the same id."""

    __tablename__ = "mandate"
    __table_args__ = (Index("ix_mandate_list", "government_id", "kind", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MandateKind] = mapped_column(words(MandateKind))
    #: Owner of its rights and of its local days.
    government_id: Mapped[int] = mapped_column(ForeignKey("government.id"))
    title: Mapped[str] = mapped_column(String(500))
    #: Plainly marked demo content ("contoh").
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"polymorphic_on": kind, "version_id_col": version}


class MandateLead(Base):
    """A leading or supporting organization of a mandate for a time; of those in force exactly one is accountable."""

    __tablename__ = "mandate_lead"
    __table_args__ = (
        CheckConstraint("NOT accountable OR role = 'lead'", name="accountable_leads"),
        Index(
            "uq_mandate_lead_accountable",
            "mandate_id",
            unique=True,
            sqlite_where=text("accountable AND valid_until IS NULL"),
            postgresql_where=text("accountable AND valid_until IS NULL"),
        ),
        Index(
            "uq_mandate_lead_organization",
            "mandate_id",
            "organization_id",
            unique=True,
            sqlite_where=text("valid_until IS NULL"),
            postgresql_where=text("valid_until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    role: Mapped[LeadRole] = mapped_column(words(LeadRole, name="role"))
    accountable: Mapped[bool]
    valid_from: Mapped[date]
    #: Last day; none while it stands. The day before its first one: struck out on the day it was entered.
    valid_until: Mapped[date | None]


class LegalBasis(Base):
    """A mandate rests on a regulation, on the article cited."""

    __tablename__ = "legal_basis"
    __table_args__ = (
        Index(
            "uq_legal_basis_citation",
            "mandate_id",
            "regulation_id",
            "article",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), index=True)
    regulation_id: Mapped[int] = mapped_column(ForeignKey("regulation.id"), index=True)
    #: As cited, e.g. ``Pasal 5 ayat (2)``; empty: the regulation as a whole.
    article: Mapped[str] = mapped_column(String(120), default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Last moment it counts; none while it stands.
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MandateDocument(Base):
    """A document claimed by a mandate."""

    __tablename__ = "mandate_document"
    __table_args__ = (UniqueConstraint("mandate_id", "document_id", name="uq_mandate_document_pair"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    role: Mapped[DocumentKind] = mapped_column(words(DocumentKind, name="role"))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MandateNote(Base):
    """A remark kept with a mandate: a quote, a hope, a fact that has no owner."""

    __tablename__ = "mandate_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), index=True)
    text: Mapped[str] = mapped_column(String(4000))
    #: Where it comes from, as printed.
    source: Mapped[str | None] = mapped_column(String(300))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


triggers.refuse_delete("mandate")
triggers.refuse_delete("mandate_lead")
triggers.refuse_delete("legal_basis")
triggers.append_only("mandate_document")
triggers.append_only("mandate_note")
