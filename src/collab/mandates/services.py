"""Writes of what hangs on any mandate: its leads, legal bases, documents and notes.

The caller (the mandate's own kind) has found the mandate for this actor; each service checks the right to its act.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.audit.services import instant, record
from collab.core import clock
from collab.core.db import touch
from collab.core.errors import Forbidden, Invalid
from collab.core.identity import Identity, Role
from collab.core.text import Sentence, _
from collab.documents.queries import NOBODY, Owners
from collab.documents.services import Arrived, claim
from collab.documents.vocabulary import DocumentKind
from collab.mandates import queries
from collab.mandates.models import LegalBasis, Mandate, MandateDocument, MandateLead, MandateNote
from collab.mandates.rules import MOST_BASES, LeadWish, check_leads, last_day
from collab.mandates.vocabulary import LeadRole
from collab.organizations.models import Organization
from collab.regulations.models import Regulation
from collab.regulations.queries import visible
from collab.regulations.rules import article

#: Longest article that a citation holds.
ARTICLE_LENGTH = 120


def assign_leads(
    session: Session, mandate: Mandate, leads: Sequence[Mapping[str, Any]], *, actor: Identity
) -> list[MandateLead]:
    """Let a mandate be led from today by exactly the organizations named; give the rows that stand.

    `leads`: ``[{organization_id, role, accountable}]``. Rows no longer named end yesterday and stay as history. Raise `Invalid` at the field, `Forbidden` outside the scope.
    """
    _need(actor, mandate, Role.COORDINATOR, Role.LEGAL)
    wishes = [
        LeadWish(
            lead["organization_id"],
            LeadRole(lead.get("role") or LeadRole.LEAD),
            bool(lead.get("accountable")),
        )
        for lead in leads
    ]
    check_leads(wishes)
    _check_organizations(session, mandate, wishes)
    present = _standing(session, mandate.id)
    before = [_lead_value(row) for row in present]
    after = [
        {"organization_id": w.organization_id, "role": w.role, "accountable": w.accountable} for w in wishes
    ]
    if sorted(before, key=str) == sorted(after, key=str):
        return present
    today = clock.local_day(instant(session), queries.zone(session, mandate.government_id))
    _turn_over(session, mandate.id, present, wishes, today)
    touch(mandate, instant(session))
    session.flush()  # constraints speak here, not at COMMIT
    _record(session, mandate, "mandates:lead:assigned", actor, {"leads": [before, after]})
    return _standing(session, mandate.id)


def cite(
    session: Session, mandate: Mandate, legal_bases: Sequence[Mapping[str, Any]], *, actor: Identity
) -> list[LegalBasis]:
    """Let a mandate rest on exactly the regulations (and articles) named; give the rows that stand.

    `legal_bases`: ``[{regulation_id, article?}]``. Citations no longer named get `removed_at` and stay as history.
    Raise `Invalid` at the field for a regulation that is absent or unknown to the actor, or cited twice.
    """
    _need(actor, mandate, Role.COORDINATOR, Role.LEGAL)
    wanted = [(basis["regulation_id"], cited(basis.get("article"))) for basis in legal_bases]
    _check_bases(session, wanted, actor)
    present = list(
        session.scalars(
            select(LegalBasis)
            .where(LegalBasis.mandate_id == mandate.id, LegalBasis.removed_at.is_(None))
            .order_by(LegalBasis.id)
        )
    )
    before = [(row.regulation_id, row.article) for row in present]
    if before == wanted or set(before) == set(wanted):
        return present
    moment = instant(session)
    for row in present:
        if (row.regulation_id, row.article) not in wanted:
            row.removed_at = moment
    session.flush()  # the unique index counts what stands: close before opening
    added = [
        LegalBasis(
            mandate_id=mandate.id,
            regulation_id=regulation_id,
            article=article,
            recorded_by=actor.user_id,
            recorded_at=moment,
        )
        for regulation_id, article in wanted
        if (regulation_id, article) not in before
    ]
    session.add_all(added)
    touch(mandate, moment)
    session.flush()  # constraints speak here, not at COMMIT
    _record(session, mandate, "mandates:basis:cited", actor, {"legal_bases": [before, wanted]})
    return [row for row in present if row.removed_at is None] + added


def attach(
    session: Session,
    mandate: Mandate,
    document_ids: Iterable[Arrived | int],
    role: DocumentKind,
    *,
    actor: Identity,
    owners: Owners = NOBODY,
) -> list[MandateDocument]:
    """Claim documents (or arrived files) for a mandate in a role; those it already has stay as they are."""
    _need(actor, mandate, Role.COORDINATOR, Role.LEGAL)
    claimed = claim(session, document_ids, actor=actor, kind=role, owners=owners)
    if not claimed:
        raise Invalid({"document_ids": [_("Choose a file.")]})
    present = set(
        session.scalars(select(MandateDocument.document_id).where(MandateDocument.mandate_id == mandate.id))
    )
    moment = instant(session)
    rows = [
        MandateDocument(
            mandate_id=mandate.id,
            document_id=document.id,
            role=role,
            recorded_by=actor.user_id,
            recorded_at=moment,
        )
        for document in claimed
        if document.id not in present
    ]
    if not rows:
        return []
    session.add_all(rows)
    touch(mandate, moment)
    session.flush()  # constraints speak here, not at COMMIT
    names = [document.title for document in claimed if document.id not in present]
    _record(
        session,
        mandate,
        "mandates:document:attached",
        actor,
        {"documents": [None, names], "role": [None, role]},
    )
    return rows


def add_note(
    session: Session, mandate: Mandate, *, text: str, source: str | None = None, actor: Identity
) -> MandateNote:
    """Keep a remark with a mandate: a quote, a hope, a fact without an owner; never changed afterwards."""
    _need(actor, mandate, Role.COORDINATOR, Role.LEGAL, Role.MONITOR)
    moment = instant(session)
    note = MandateNote(
        mandate_id=mandate.id, text=text, source=source, recorded_by=actor.user_id, recorded_at=moment
    )
    session.add(note)
    touch(mandate, moment)
    session.flush()  # the answer needs the id
    _record(session, mandate, "mandates:note:added", actor, {"text": [None, text], "source": [None, source]})
    return note


def cited(text: str | None) -> str:
    """Write an article as it is cited; empty for the regulation as a whole."""
    return article(text) if text and text.strip() else ""


# -- steps ------------------------------------------------------------------------------------------------------


def _need(actor: Identity, mandate: Mandate, *roles: Role) -> None:
    if mandate.government_id not in actor.governments(*roles):
        raise Forbidden(_("Your role does not include this for this government."))


def _standing(session: Session, mandate_id: int) -> list[MandateLead]:
    statement = (
        select(MandateLead)
        .where(MandateLead.mandate_id == mandate_id, MandateLead.valid_until.is_(None))
        .order_by(MandateLead.id)
    )
    return list(session.scalars(statement))


def _lead_value(row: MandateLead) -> dict[str, Any]:
    return {"organization_id": row.organization_id, "role": row.role, "accountable": row.accountable}


def _turn_over(
    session: Session, mandate_id: int, present: list[MandateLead], wishes: list[LeadWish], today: date
) -> None:
    """End what is no longer so, then begin what is new."""
    wanted = {wish.organization_id: (wish.role, wish.accountable) for wish in wishes}
    settled: set[int] = set()
    for row in present:
        if wanted.get(row.organization_id) == (row.role, row.accountable):
            settled.add(row.organization_id)
        else:
            row.valid_until = last_day(today)
    session.flush()  # the unique indexes count what stands: close before opening
    session.add_all(
        MandateLead(
            mandate_id=mandate_id,
            organization_id=wish.organization_id,
            role=wish.role,
            accountable=wish.accountable,
            valid_from=today,
        )
        for wish in wishes
        if wish.organization_id not in settled
    )


def _check_organizations(session: Session, mandate: Mandate, wishes: Sequence[LeadWish]) -> None:
    """Refuse bodies that do not exist, and an accountable one of another government (PP 28/2018 art. 44(3))."""
    wanted = [wish.organization_id for wish in wishes]
    statement = select(Organization.id, Organization.government_id).where(Organization.id.in_(wanted))
    governments = {row.id: row.government_id for row in session.execute(statement)}
    errors: dict[str, list[Sentence]] = {}
    for index, wish in enumerate(wishes):
        if wish.organization_id not in governments:
            errors[f"leads.{index}.organization_id"] = [_("There is no such organization.")]
        elif wish.accountable and governments[wish.organization_id] != mandate.government_id:
            errors[f"leads.{index}.organization_id"] = [
                _("The accountable one must belong to the government that keeps this agreement.")
            ]
    if errors:
        raise Invalid(errors)


def _check_bases(session: Session, wanted: Sequence[tuple[int, str]], actor: Identity) -> None:
    ids = {regulation_id for regulation_id, _article in wanted}
    known = set(session.scalars(select(Regulation.id).where(Regulation.id.in_(ids), visible(actor))))
    errors: dict[str, list[Sentence]] = {}
    for index, pair in enumerate(wanted):
        if pair[0] not in known:
            errors[f"legal_bases.{index}.regulation_id"] = [_("There is no such regulation.")]
        elif len(pair[1]) > ARTICLE_LENGTH:
            errors[f"legal_bases.{index}.article"] = [
                _("Please shorten this to at most ${limit} characters.", mapping={"limit": ARTICLE_LENGTH})
            ]
        elif pair in wanted[:index]:
            errors[f"legal_bases.{index}.article"] = [_("This article is cited twice.")]
    if len(wanted) > MOST_BASES:
        errors["legal_bases"] = [_("Cite at most ${limit} regulations.", mapping={"limit": MOST_BASES})]
    if errors:
        raise Invalid(errors)


def _record(
    session: Session, mandate: Mandate, tag: str, actor: Identity, changes: dict[str, list[Any]]
) -> None:
    record(
        session,
        actor=actor,
        tag=tag,
        subject_kind=str(mandate.kind),
        subject_id=mandate.id,
        subject_name=mandate.title,
        government_id=mandate.government_id,
        changes=changes,
    )
