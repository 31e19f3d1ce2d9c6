"""Keep the index: called by every service that creates or renames what people look for."""

from collections.abc import Iterable

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from collab.core import clock
from collab.search.models import SQLITE_INDEX, SearchDocument
from collab.search.rules import stems_of

BODY_LIMIT = 20_000


def index(session: Session, kind: str, subject_id: int, *, title: str, body: str = "") -> None:
    """Index a subject under its title and text, in the transaction of its change."""
    stems = stems_of((title, body[:BODY_LIMIT]))
    row = session.scalar(
        select(SearchDocument).where(SearchDocument.kind == kind, SearchDocument.subject_id == subject_id)
    )
    if row is None:
        row = SearchDocument(kind=kind, subject_id=subject_id)
        session.add(row)
    row.title, row.body, row.stems = title[:500], body[:BODY_LIMIT], stems
    row.indexed_at = clock.now()
    session.flush()  # SQLite's index needs the row's id
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"DELETE FROM {SQLITE_INDEX} WHERE rowid = :id"), {"id": row.id})
        session.execute(
            text(f"INSERT INTO {SQLITE_INDEX} (rowid, stems) VALUES (:id, :stems)"),
            {"id": row.id, "stems": stems},
        )


def index_new(session: Session, kind: str, subjects: Iterable[tuple[int, str, str]]) -> None:
    """Index many subjects that are not in the index yet, each with its title and text (`collab generate`)."""
    present = clock.now()
    rows = [
        {
            "kind": kind,
            "subject_id": subject_id,
            "title": title[:500],
            "body": body[:BODY_LIMIT],
            "stems": stems_of((title, body[:BODY_LIMIT])),
            "indexed_at": present,
        }
        for subject_id, title, body in subjects
    ]
    if not rows:
        return
    newest = session.scalar(select(func.max(SearchDocument.id))) or 0
    session.execute(insert(SearchDocument), rows)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(
            text(
                f"INSERT INTO {SQLITE_INDEX} (rowid, stems) SELECT id, stems FROM search_document WHERE id > :newest"
            ),
            {"newest": newest},
        )


def forget(session: Session, kind: str, subject_id: int) -> None:
    """Take a subject out of the index."""
    row = session.scalar(
        select(SearchDocument).where(SearchDocument.kind == kind, SearchDocument.subject_id == subject_id)
    )
    if row is None:
        return
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"DELETE FROM {SQLITE_INDEX} WHERE rowid = :id"), {"id": row.id})
    session.execute(delete(SearchDocument).where(SearchDocument.id == row.id))
