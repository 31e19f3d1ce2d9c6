"""Find subjects by words, best first, keeping only what the asker may see: a hidden hit leaves no trace."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, literal_column, select, text
from sqlalchemy.orm import Session

from collab.core.identity import Identity
from collab.search.models import SQLITE_INDEX, SearchDocument
from collab.search.rules import excerpt, postgresql_query, sought, sqlite_query

#: `(session, identity, ids)` gives those of the ids that the identity may see.
Sees = Callable[[Session, Identity, Collection[int]], Collection[int]]
CANDIDATES = 400


@dataclass(frozen=True)
class Hit:
    """One subject found."""

    kind: str
    subject_id: int
    title: str
    excerpt: str


def find(
    session: Session,
    question: str,
    *,
    identity: Identity,
    kinds: Mapping[str, Sees],
    only: str | None = None,
    limit: int = 50,
) -> list[Hit]:
    """Give the visible hits, best first, at most `limit`; nothing for an empty question.

    `kinds` maps each kind that may be found to the function that says which subjects are visible; `only` names one.
    """
    terms = sought(question)
    chosen = [kind for kind in kinds if only is None or kind == only]
    if not terms or not chosen:
        return []
    rows = _candidates(session, terms, chosen)
    seen = {
        kind: set(kinds[kind](session, identity, [row.subject_id for row in rows if row.kind == kind]))
        for kind in {row.kind for row in rows}
    }
    visible = [row for row in rows if row.subject_id in seen[row.kind]]
    return [Hit(row.kind, row.subject_id, row.title, excerpt(row.body, terms)) for row in visible[:limit]]


def _candidates(session: Session, terms: list[tuple[str, str]], kinds: list[str]) -> list[SearchDocument]:
    statement = select(SearchDocument).where(SearchDocument.kind.in_(kinds)).limit(CANDIDATES)
    if session.get_bind().dialect.name == "sqlite":
        hits = text(
            f"SELECT rowid AS id, rank FROM {SQLITE_INDEX} WHERE {SQLITE_INDEX} MATCH :question"
        ).columns(literal_column("id"), literal_column("rank"))
        found = hits.bindparams(question=sqlite_query(terms)).subquery("found")
        statement = statement.join(found, literal_column("found.id") == SearchDocument.id)
        statement = statement.order_by(literal_column("found.rank"), SearchDocument.id.desc())
    else:
        vector = func.to_tsvector(literal_column("'simple'"), SearchDocument.stems)
        query = func.to_tsquery(literal_column("'simple'"), postgresql_query(terms))
        statement = statement.where(vector.op("@@")(query))
        statement = statement.order_by(func.ts_rank(vector, query).desc(), SearchDocument.id.desc())
    return list(session.scalars(statement))
