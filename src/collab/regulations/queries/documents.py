"""Documents of regulations, and who may read them through their regulation."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from collab.core.db import AnyRow
from collab.core.identity import Identity, Role
from collab.documents import queries as documents_queries
from collab.documents.vocabulary import DocumentKind
from collab.organizations.models import Government
from collab.regulations.models import Regulation, RegulationDocument
from collab.regulations.queries.register import DRAFT_READERS, visible


def _readable(identity: Identity) -> ColumnElement[bool]:
    """Say which documents of a visible regulation are readable: working drafts only by who reads drafts."""
    return or_(
        RegulationDocument.role != DocumentKind.DRAFT,
        Regulation.government_id.in_(identity.governments(*DRAFT_READERS)),
    )


def documents(session: Session, regulation_id: int, *, identity: Identity) -> list[tuple[AnyRow, AnyRow]]:
    """Give [(attachment, document with its newest version)] of a visible regulation, in the order attached.

    The attachment has document_id, role, recorded_at.
    """
    rows = session.execute(
        select(RegulationDocument.document_id, RegulationDocument.role, RegulationDocument.recorded_at)
        .join(Regulation, Regulation.id == RegulationDocument.regulation_id)
        .where(RegulationDocument.regulation_id == regulation_id, visible(identity), _readable(identity))
        .order_by(RegulationDocument.id)
    ).all()
    known = documents_queries.newest(session, [row.document_id for row in rows])
    return [(row, known[row.document_id]) for row in rows]


def sees_document(session: Session, identity: Identity, document_id: int) -> bool:
    """Tell whether a regulation that this reader may know of shows them a document."""
    statement = (
        select(RegulationDocument.id)
        .join(Regulation, Regulation.id == RegulationDocument.regulation_id)
        .where(RegulationDocument.document_id == document_id, visible(identity), _readable(identity))
        .limit(1)
    )
    return session.scalar(statement) is not None


def edits_document(session: Session, identity: Identity, document_id: int) -> bool | None:
    """Tell whether this user keeps, as legal staff, every regulation that has claimed a document; None if none has."""
    statement = select(Regulation.government_id).join(
        RegulationDocument, RegulationDocument.regulation_id == Regulation.id
    )
    claiming = set(session.scalars(statement.where(RegulationDocument.document_id == document_id)))
    return claiming <= identity.governments(Role.LEGAL) if claiming else None


def owners_of(session: Session, document_id: int, *, identity: Identity) -> list[AnyRow]:
    """Give the visible regulations that show a document: id, government, kind, number, year, title, role."""
    statement = (
        select(
            Regulation.id,
            Government.short_name.label("government"),
            Regulation.kind,
            Regulation.number,
            Regulation.year,
            Regulation.title,
            RegulationDocument.role,
        )
        .join(RegulationDocument, RegulationDocument.regulation_id == Regulation.id)
        .join(Government, Government.id == Regulation.government_id)
        .where(RegulationDocument.document_id == document_id, visible(identity), _readable(identity))
        .order_by(Regulation.id)
    )
    return list(session.execute(statement).all())
