"""Reads of what hangs on any mandate: leads of a day, legal bases, documents, notes, and what one may write under.

Whether a mandate may be read at all is the matter of its own kind (agreements, meetings, ...): these functions take
ids that were given by that kind's queries.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from collab.auth.models import User
from collab.core.db import AnyRow, AnySelect
from collab.core.errors import NotFound
from collab.core.identity import Identity, Role
from collab.core.text import _
from collab.mandates.models import LegalBasis, Mandate, MandateDocument, MandateLead, MandateNote
from collab.mandates.vocabulary import MandateKind
from collab.organizations.models import Government, Organization
from collab.regulations.models import Regulation
from collab.regulations.queries import visible

#: Most rows that a search box shows.
FOUND_MOST = 20


def stands_on(day: date) -> ColumnElement[bool]:
    """Say "this lead stands on a day" (both ends included)."""
    return (MandateLead.valid_from <= day) & (
        MandateLead.valid_until.is_(None) | (MandateLead.valid_until >= day)
    )


def leads_on(session: Session, mandate_ids: Collection[int], day: date) -> list[AnyRow]:
    """Give the leads of mandates on a day, accountable first, then leading, then supporting, by name.

    Rows: mandate_id, organization_id, name, short_name, org_class, government_id, role, accountable, valid_from,
    valid_until.
    """
    statement = (
        select(
            MandateLead.mandate_id,
            MandateLead.organization_id,
            Organization.name,
            Organization.short_name,
            Organization.org_class,
            Organization.government_id,
            MandateLead.role,
            MandateLead.accountable,
            MandateLead.valid_from,
            MandateLead.valid_until,
        )
        .join(Organization, Organization.id == MandateLead.organization_id)
        .where(MandateLead.mandate_id.in_(mandate_ids), stands_on(day))
        .order_by(
            MandateLead.mandate_id,
            MandateLead.accountable.desc(),
            MandateLead.role,
            Organization.name,
            MandateLead.id,
        )
    )
    return list(session.execute(statement))


def led_by(organization_ids: Collection[int], day: date | None = None) -> AnySelect:
    """Select the ids of mandates that any of the organizations leads or supports (on a day; without one: ever)."""
    ever = MandateLead.valid_until.is_(None) | (MandateLead.valid_until >= MandateLead.valid_from)
    return select(MandateLead.mandate_id).where(
        MandateLead.organization_id.in_(organization_ids), stands_on(day) if day else ever
    )


def legal_bases(session: Session, mandate_ids: Collection[int], *, identity: Identity) -> list[AnyRow]:
    """Give the legal bases that stand, in the order they were cited.

    Rows: mandate_id, regulation_id, article, kind, number, year, title, lifecycle, government_id, government
    (its short name), is_named. A draft that this reader may not know (decisions 5) keeps its place, but its title
    is empty and `is_named` is false.
    """
    named = visible(identity).label("is_named")
    statement = (
        select(
            LegalBasis.mandate_id,
            LegalBasis.regulation_id,
            LegalBasis.article,
            Regulation.kind,
            Regulation.number,
            Regulation.year,
            Regulation.title,
            Regulation.lifecycle,
            Regulation.effective_on,
            Regulation.promulgated_on,
            Regulation.enacted_on,
            Regulation.government_id,
            Government.short_name.label("government"),
            named,
        )
        .join(Regulation, Regulation.id == LegalBasis.regulation_id)
        .join(Government, Government.id == Regulation.government_id)
        .where(LegalBasis.mandate_id.in_(mandate_ids), LegalBasis.removed_at.is_(None))
        .order_by(LegalBasis.id)
    )
    return list(session.execute(statement))


def resting_on(regulation_id: int) -> AnySelect:
    """Select the ids of mandates that rest on a regulation now."""
    return select(LegalBasis.mandate_id).where(
        LegalBasis.regulation_id == regulation_id, LegalBasis.removed_at.is_(None)
    )


def documents(session: Session, mandate_id: int) -> list[AnyRow]:
    """Give (document_id, role, recorded_at) of a mandate's documents, newest first."""
    statement = (
        select(MandateDocument.document_id, MandateDocument.role, MandateDocument.recorded_at)
        .where(MandateDocument.mandate_id == mandate_id)
        .order_by(MandateDocument.id.desc())
    )
    return list(session.execute(statement))


def notes(session: Session, mandate_id: int) -> list[AnyRow]:
    """Give (id, text, source, recorded_at, author) of a mandate's notes, newest first."""
    statement = (
        select(
            MandateNote.id,
            MandateNote.text,
            MandateNote.source,
            MandateNote.recorded_at,
            User.display_name.label("author"),
        )
        .outerjoin(User, User.id == MandateNote.recorded_by)
        .where(MandateNote.mandate_id == mandate_id)
        .order_by(MandateNote.id.desc())
    )
    return list(session.execute(statement))


def zone(session: Session, government_id: int) -> str:
    """Give the zone of a government's local days; raise `NotFound` if there is no such government."""
    found = session.scalar(select(Government.timezone).where(Government.id == government_id))
    if found is None:
        raise NotFound(_("There is no such government."))
    return found


# -- what commitments may be written under ----------------------------------------------------------------------


def writable(session: Session, mandate_id: int, *, identity: Identity) -> AnyRow:
    """Give (id, kind, title, government_id, version) of a mandate under which this user may write commitments.

    Raise `NotFound` when it is absent or of a government whose coordinator the user is not.
    """
    found = session.execute(_writable(identity).where(Mandate.id == mandate_id)).one_or_none()
    if found is None:
        raise NotFound(_("There is no such mandate, or it is not yours to write under."))
    return found


def find_writable(session: Session, text: str, *, identity: Identity) -> list[tuple[int, str]]:
    """Give ``[(id, title)]`` of mandates that one may write under and whose title holds the text, newest first."""
    statement = _writable(identity).order_by(Mandate.id.desc()).limit(FOUND_MOST)
    if text:
        statement = statement.where(func.lower(Mandate.title).contains(text.lower(), autoescape=True))
    return [(row.id, row.title) for row in session.execute(statement)]


def titles(session: Session, mandate_ids: Collection[int], *, identity: Identity) -> dict[int, str]:
    """Give {id: title} of those mandates that one may write under."""
    statement = _writable(identity).where(Mandate.id.in_(mandate_ids))
    return {row.id: row.title for row in session.execute(statement)}


def _writable(identity: Identity) -> AnySelect:
    return select(Mandate.id, Mandate.kind, Mandate.title, Mandate.government_id, Mandate.version).where(
        Mandate.government_id.in_(identity.governments(Role.COORDINATOR))
    )


def kind_of(session: Session, mandate_id: int) -> MandateKind | None:
    """Give the kind of a mandate; None when there is none."""
    return session.scalar(select(Mandate.kind).where(Mandate.id == mandate_id))
