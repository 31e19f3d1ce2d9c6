"""The journal: one append-only, hash-chained row for each act."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from collab.core import triggers
from collab.core.db import Base, UtcDateTime


class JournalEntry(Base):
    """Who did what to which subject, on behalf of which position, when and from where.

    `payload` is the hashed text: canonical JSON of the whole act; the other columns are indexed copies.
    Names are kept as printed on the day; ids refer to nothing, so that the journal needs no feature above it.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index("ix_journal_entry_government_id_id", "government_id", "id"),
        Index("ix_journal_entry_subject", "subject_kind", "subject_id", "id"),
        Index("ix_journal_entry_user_id_id", "user_id", "id"),
    )

    #: Position in the chain, without gaps, from 1.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    tag: Mapped[str] = mapped_column(String(80))
    user_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    #: Title of the position acted for, and the unit.
    acting_position: Mapped[str | None] = mapped_column(String(300))
    acting_organization_id: Mapped[int | None]
    government_id: Mapped[int | None]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    subject_name: Mapped[str] = mapped_column(String(500))
    payload: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class JournalHead(Base):
    """The chain's last link: one row, locked while a link is added."""

    __tablename__ = "journal_head"

    #: Always 1.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hash: Mapped[str] = mapped_column(String(64))


triggers.append_only("journal_entry")
