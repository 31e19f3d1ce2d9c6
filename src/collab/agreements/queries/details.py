"""One agreement: what routes and policies need of it, its parties, history and the facts that the rules ask for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from collab.agreements.models import Agreement, AgreementParty, StageEvent
from collab.agreements.queries.scope import readable, visible
from collab.agreements.rules import ParentFacts, PartyFacts, StageFacts
from collab.agreements.vocabulary import AgreementDocumentKind, Scheme, Stage, StageMove
from collab.auth.models import User
from collab.core.db import AnyRow
from collab.core.errors import NotFound
from collab.core.identity import Identity, Role
from collab.core.text import _
from collab.mandates.models import LegalBasis, Mandate, MandateDocument
from collab.mandates.queries import leads_on
from collab.organizations.models import Government, Organization
from collab.organizations.vocabulary import OrganizationClass

#: Most rows that a search box shows.
FOUND_MOST = 20


@dataclass(frozen=True)
class SeenAgreement:
    """An agreement as its reader may see it; the context of its pages and verbs."""

    id: int
    title: str
    government_id: int
    government_name: str
    zone: str
    scheme: Scheme
    document_kind: AgreementDocumentKind
    parent_id: int | None
    parent_title: str | None
    scope: str | None
    signed_on: date | None
    signed_place: str | None
    valid_from: date | None
    valid_until: date | None
    is_illustrative: bool
    recorded_at: datetime
    changed_at: datetime
    version: int
    #: Whether it is the reader's own (else: a signed one of a kab/kota below).
    is_own: bool
    stage: Stage
    stage_since: datetime


def get(session: Session, agreement_id: int, *, identity: Identity) -> SeenAgreement:
    """Give an agreement; raise `NotFound` when it is absent or not visible to the reader."""
    parent = aliased(Agreement, name="parent", flat=True)
    newest = select(func.max(StageEvent.id)).where(StageEvent.agreement_id == agreement_id).scalar_subquery()
    row = session.execute(
        select(
            Agreement.id,
            Agreement.title,
            Agreement.government_id,
            Government.short_name.label("government_name"),
            Government.timezone.label("zone"),
            Agreement.scheme,
            Agreement.document_kind,
            Agreement.parent_id,
            parent.title.label("parent_title"),
            Agreement.scope,
            Agreement.signed_on,
            Agreement.signed_place,
            Agreement.valid_from,
            Agreement.valid_until,
            Agreement.is_illustrative,
            Agreement.recorded_at,
            Agreement.changed_at,
            Agreement.version,
            visible(identity).label("is_own"),
            StageEvent.stage,
            StageEvent.recorded_at.label("stage_since"),
        )
        .select_from(Agreement)
        .join(Government, Government.id == Agreement.government_id)
        .join(StageEvent, StageEvent.id == newest)
        .outerjoin(parent, parent.id == Agreement.parent_id)
        .where(Agreement.id == agreement_id, readable(identity))
    ).one_or_none()
    if row is None:
        raise absent()
    return SeenAgreement(**{**row._mapping, "is_own": bool(row.is_own)})


def absent() -> NotFound:
    """Give the refusal for agreements that are not there or not for this reader: both sound the same."""
    return NotFound(_("There is no such agreement, or it is not visible to you."))


def hold(session: Session, agreement_id: int) -> None:
    """Let writers of an agreement come one by one: whoever asks later reads what the earlier one wrote."""
    session.execute(select(Mandate.id).where(Mandate.id == agreement_id).with_for_update())


def parties(session: Session, agreement_ids: Collection[int]) -> list[AnyRow]:
    """Give the parties of agreements in order.

    Rows: agreement_id, organization_id, position, own_number, printed_name, name (of today), org_class,
    partner_kind, government_id, government_kind.
    """
    statement = (
        select(
            AgreementParty.agreement_id,
            AgreementParty.organization_id,
            AgreementParty.position,
            AgreementParty.own_number,
            AgreementParty.printed_name,
            Organization.name,
            Organization.org_class,
            Organization.partner_kind,
            Organization.government_id,
            Government.kind.label("government_kind"),
        )
        .join(Organization, Organization.id == AgreementParty.organization_id)
        .outerjoin(Government, Government.id == Organization.government_id)
        .where(AgreementParty.agreement_id.in_(agreement_ids))
        .order_by(AgreementParty.agreement_id, AgreementParty.position)
    )
    return list(session.execute(statement))


def events(session: Session, agreement_id: int) -> list[AnyRow]:
    """Give (stage, move, note, recorded_at, author) of an agreement's stage events, newest first."""
    statement = (
        select(
            StageEvent.stage,
            StageEvent.move,
            StageEvent.note,
            StageEvent.recorded_at,
            User.display_name.label("author"),
        )
        .outerjoin(User, User.id == StageEvent.recorded_by)
        .where(StageEvent.agreement_id == agreement_id)
        .order_by(StageEvent.id.desc())
    )
    return list(session.execute(statement))


def stage_entries(history: list[AnyRow]) -> dict[Stage, datetime]:
    """Give {stage: when it was last entered} out of `events`."""
    found: dict[Stage, datetime] = {}
    for row in history:
        found.setdefault(row.stage, row.recorded_at)
    return found


def was_moved(session: Session, agreement_id: int) -> bool:
    """Tell whether an agreement ever left the stage it was opened in."""
    statement = select(StageEvent.id).where(
        StageEvent.agreement_id == agreement_id, StageEvent.move != StageMove.OPENED
    )
    return session.scalar(statement.limit(1)) is not None


def facts(session: Session, agreement_id: int, day: date, *, rows: list[AnyRow] | None = None) -> StageFacts:
    """Give what the rules ask of an agreement on a day; the caller has found it for its reader.

    `rows`: its parties, when they were already read.
    """
    parent = aliased(Agreement, name="parent", flat=True)
    newest = select(func.max(StageEvent.id)).where(StageEvent.agreement_id == agreement_id).scalar_subquery()
    row = session.execute(
        select(
            Agreement.scheme,
            Agreement.document_kind,
            Agreement.government_id,
            Agreement.signed_on,
            Agreement.valid_until,
            StageEvent.stage,
            Agreement.parent_id,
            parent.title.label("parent_title"),
            parent.document_kind.label("parent_kind"),
            parent.signed_on.label("parent_signed_on"),
            parent.valid_until.label("parent_valid_until"),
        )
        .select_from(Agreement)
        .join(StageEvent, StageEvent.id == newest)
        .outerjoin(parent, parent.id == Agreement.parent_id)
        .where(Agreement.id == agreement_id)
    ).one()
    roles = session.scalars(
        select(MandateDocument.role).where(MandateDocument.mandate_id == agreement_id).distinct()
    )
    leads = leads_on(session, [agreement_id], day)
    return StageFacts(
        scheme=row.scheme,
        document_kind=row.document_kind,
        stage=row.stage,
        government_id=row.government_id,
        parties=tuple(_party(party) for party in (rows or parties(session, [agreement_id]))),
        executors=tuple(lead.org_class for lead in leads if lead.government_id == row.government_id),
        documents=frozenset(roles),
        signed_on=row.signed_on,
        valid_until=row.valid_until,
        parent=_parent(row),
    )


def _party(row: Any) -> PartyFacts:
    return PartyFacts(
        row.organization_id,
        row.printed_name,
        row.org_class,
        row.partner_kind,
        row.government_id,
        row.government_kind,
    )


def _parent(row: Any) -> ParentFacts | None:
    if row.parent_id is None:
        return None
    return ParentFacts(
        row.parent_id, row.parent_title, row.parent_kind, row.parent_signed_on, row.parent_valid_until
    )


# -- choosing one -----------------------------------------------------------------------------------------------


def find(
    session: Session, text: str, *, identity: Identity, kinds: Collection[AgreementDocumentKind] = ()
) -> list[tuple[int, str]]:
    """Give ``[(id, title)]`` of the reader's agreements whose title holds the text, newest first."""
    statement = select(Agreement.id, Agreement.title).where(visible(identity))
    if text:
        statement = statement.where(func.lower(Agreement.title).contains(text.lower(), autoescape=True))
    if kinds:
        statement = statement.where(Agreement.document_kind.in_(kinds))
    rows = session.execute(statement.order_by(Agreement.id.desc()).limit(FOUND_MOST))
    return [(row.id, row.title) for row in rows]


def titles(session: Session, agreement_ids: Collection[int], *, identity: Identity) -> dict[int, str]:
    """Give {id: title} of those agreements that the reader may open."""
    if not agreement_ids:
        return {}
    statement = select(Agreement.id, Agreement.title).where(
        Agreement.id.in_(agreement_ids), readable(identity)
    )
    return {row.id: row.title for row in session.execute(statement)}


def governments_of(session: Session, identity: Identity, *roles: Role) -> list[tuple[int, str]]:
    """Give ``[(id, name)]`` of the governments for which the user holds any of the roles, by name."""
    wanted = sorted(identity.governments(*roles))
    statement = (
        select(Government.id, Government.name).where(Government.id.in_(wanted)).order_by(Government.name)
    )
    return [(row.id, row.name) for row in session.execute(statement)]


def root_party(session: Session, government_id: int) -> int | None:
    """Give the root organization of a government, its legal party (PP 28/2018 art. 2(1)); None if it has none."""
    return session.scalar(
        select(Organization.id).where(
            Organization.government_id == government_id,
            Organization.org_class == OrganizationClass.GOVERNMENT,
        )
    )


# -- seen from below --------------------------------------------------------------------------------------------


def owners_of(session: Session, document_id: int, *, identity: Identity) -> list[AnyRow]:
    """Give (id, title, role, government_name) of the agreements that claimed a document and that the reader may open."""
    statement = (
        select(
            Agreement.id,
            Agreement.title,
            MandateDocument.role,
            Government.short_name.label("government_name"),
        )
        .select_from(Agreement)
        .join(MandateDocument, MandateDocument.mandate_id == Agreement.id)
        .join(Government, Government.id == Agreement.government_id)
        .where(MandateDocument.document_id == document_id, readable(identity))
        .order_by(Agreement.id)
    )
    return list(session.execute(statement))


def count_resting(session: Session, identity: Identity, regulation_ids: Collection[int]) -> int:
    """Count the reader's agreements that rest on any of the regulations now."""
    resting = select(LegalBasis.mandate_id).where(
        LegalBasis.regulation_id.in_(regulation_ids), LegalBasis.removed_at.is_(None)
    )
    statement = select(func.count(Agreement.id)).where(visible(identity), Agreement.id.in_(resting))
    return session.scalar(statement) or 0


def first_resting(
    session: Session, identity: Identity, regulation_ids: Collection[int], *, limit: int = FOUND_MOST
) -> list[AnyRow]:
    """Give (id, title, regulation_id) of the reader's agreements that rest on any of the regulations, newest first."""
    statement = (
        select(Agreement.id, Agreement.title, func.min(LegalBasis.regulation_id).label("regulation_id"))
        .select_from(Agreement)
        .join(LegalBasis, LegalBasis.mandate_id == Agreement.id)
        .where(
            visible(identity), LegalBasis.regulation_id.in_(regulation_ids), LegalBasis.removed_at.is_(None)
        )
        .group_by(Agreement.id, Agreement.title)
        .order_by(Agreement.id.desc())
        .limit(limit)
    )
    return list(session.execute(statement))
