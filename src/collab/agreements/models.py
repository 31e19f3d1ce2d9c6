"""Cooperation documents by the law: an agreement is a mandate with parties and dated stage events."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collab.agreements.vocabulary import AgreementDocumentKind, Scheme, Stage, StageMove
from collab.core import triggers
from collab.core.db import Base, UtcDateTime, words
from collab.mandates.models import Mandate
from collab.mandates.vocabulary import MandateKind


class Agreement(Mandate):
    """A Kesepakatan Bersama, PKS, Nota Kesepakatan or plan. Once signed its text facts are immutable (R33)."""

    __tablename__ = "agreement"
    __table_args__ = (  # type: ignore[assignment]
        CheckConstraint(
            "valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until", name="valid_order"
        ),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
        CheckConstraint(
            "document_kind <> 'cooperation_agreement' OR parent_id IS NOT NULL OR scheme = 'internal'",
            name="pks_under_kb",
        ),
        CheckConstraint("(scheme = 'internal') = (document_kind = 'internal_plan')", name="internal_plan"),
        Index("ix_agreement_signed_on", "signed_on"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), primary_key=True)
    scheme: Mapped[Scheme] = mapped_column(words(Scheme))
    document_kind: Mapped[AgreementDocumentKind] = mapped_column(
        words(AgreementDocumentKind, name="document_kind")
    )
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    #: What it covers, in a few lines.
    scope: Mapped[str | None] = mapped_column(String(4000))
    signed_on: Mapped[date | None]
    signed_place: Mapped[str | None] = mapped_column(String(200))
    valid_from: Mapped[date | None]
    #: Last day; none when open-ended.
    valid_until: Mapped[date | None]

    __mapper_args__ = {"polymorphic_identity": MandateKind.AGREEMENT, "inherit_condition": id == Mandate.id}


class AgreementParty(Base):
    """A party (PIHAK KESATU, KEDUA, ...) with its own number for the same document; its name as printed."""

    __tablename__ = "agreement_party"
    __table_args__ = (
        UniqueConstraint("agreement_id", "position", name="uq_agreement_party_position"),
        UniqueConstraint("agreement_id", "organization_id", name="uq_agreement_party_organization"),
        CheckConstraint("position BETWEEN 1 AND 60", name="position_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: 1 for PIHAK KESATU, and so on.
    position: Mapped[int]
    own_number: Mapped[str | None] = mapped_column(String(120))
    #: The organization's name as printed in the document (R66).
    printed_name: Mapped[str] = mapped_column(String(300))
    #: Whether the document is signed: the row is closed from then on (R33, R66).
    is_signed: Mapped[bool] = mapped_column(default=False)


class StageEvent(Base):
    """An agreement entered a stage: forward, or returned with a reason."""

    __tablename__ = "stage_event"
    __table_args__ = (
        Index("ix_stage_event_agreement_id_id", "agreement_id", "id"),
        CheckConstraint("move <> 'returned' OR note IS NOT NULL", name="return_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    stage: Mapped[Stage] = mapped_column(words(Stage))
    move: Mapped[StageMove] = mapped_column(words(StageMove, name="move"))
    note: Mapped[str | None] = mapped_column(String(2000))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


triggers.append_only("stage_event")
triggers.refuse_update("agreement_party", "signed_is_immutable", "OLD.is_signed")
triggers.refuse_delete("agreement_party", "OLD.is_signed")
triggers.refuse_delete("agreement")
triggers.refuse_update(
    "agreement",
    "signed_is_immutable",
    "OLD.signed_on IS NOT NULL AND (NEW.signed_on IS NULL OR NEW.signed_on <> OLD.signed_on"
    " OR NEW.scheme <> OLD.scheme OR NEW.document_kind <> OLD.document_kind"
    " OR coalesce(NEW.parent_id, 0) <> coalesce(OLD.parent_id, 0)"
    " OR coalesce(NEW.scope, '') <> coalesce(OLD.scope, '')"
    " OR coalesce(NEW.valid_from, '1900-01-01') <> coalesce(OLD.valid_from, '1900-01-01')"
    " OR coalesce(NEW.valid_until, '1900-01-01') <> coalesce(OLD.valid_until, '1900-01-01'))",
)
