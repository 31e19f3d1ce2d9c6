"""One index over all that people look for; it keeps ids, kinds and words, and refers to nothing above it."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collab.core.db import Base, UtcDateTime

#: The full-text table that SQLite needs beside; its rowid is the document's id. The migration makes it, and on
#: PostgreSQL the GIN index over the stems.
SQLITE_INDEX = "search_fts"


class SearchDocument(Base):
    """The words of one subject: title and text as shown, and their stems as sought."""

    __tablename__ = "search_document"
    __table_args__ = (UniqueConstraint("kind", "subject_id", name="uq_search_document_kind_subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(Text)
    #: Plain words and their stems, in lower case, separated by blanks.
    stems: Mapped[str] = mapped_column(Text)
    indexed_at: Mapped[datetime] = mapped_column(UtcDateTime)
