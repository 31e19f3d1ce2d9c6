"""Create and edit agreements; keep their documents and notes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.agreements import queries, rules
from collab.agreements.models import Agreement, StageEvent
from collab.agreements.policies import KEEPERS
from collab.agreements.services import parties as party_rows
from collab.agreements.services.found import HasId, locked, need, note
from collab.agreements.vocabulary import AgreementDocumentKind, Scheme, StageMove
from collab.audit.services import changes_of, created_values, instant
from collab.core.db import touch
from collab.core.errors import Invalid, Refused
from collab.core.identity import Identity
from collab.core.text import Sentence, _
from collab.documents.queries import NOBODY, Owners
from collab.documents.services import Arrived
from collab.documents.vocabulary import DocumentKind
from collab.mandates import services as mandates
from collab.mandates.models import MandateDocument, MandateNote

#: Columns that a client may send, besides parties, leads and legal bases.
_COLUMNS = ("scheme", "document_kind", "title", "parent_id", "scope", "valid_from", "valid_until")
#: What may still change after the signature.
_OPEN_WHEN_SIGNED = frozenset({"leads", "legal_bases"})
#: Kind of the document that stands above one of this kind; absent: it stands alone.
_PARENT_KINDS = {
    AgreementDocumentKind.COOPERATION_AGREEMENT: AgreementDocumentKind.JOINT_AGREEMENT,
    AgreementDocumentKind.WORK_PLAN: AgreementDocumentKind.SYNERGY_NOTE,
    AgreementDocumentKind.FOREIGN_COOPERATION_PLAN: AgreementDocumentKind.LETTER_OF_INTENT,
    AgreementDocumentKind.FOREIGN_AGREEMENT: AgreementDocumentKind.FOREIGN_COOPERATION_PLAN,
    AgreementDocumentKind.ANNUAL_ACTIVITY_PLAN: AgreementDocumentKind.FOREIGN_AGREEMENT,
}


def create(
    session: Session,
    *,
    government_id: int,
    scheme: Scheme,
    document_kind: AgreementDocumentKind,
    title: str,
    parties: Sequence[Mapping[str, Any]],
    leads: Sequence[Mapping[str, Any]] = (),
    legal_bases: Sequence[Mapping[str, Any]] = (),
    parent_id: int | None = None,
    scope: str | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    is_illustrative: bool = False,
    actor: Identity,
) -> Agreement:
    """Record a new agreement in its first stage, with parties, leads and legal bases.

    Raise `Forbidden` for a government that is not the actor's, `Invalid` at the field otherwise.
    """
    need(actor, government_id, *KEEPERS)
    values: dict[str, Any] = {
        "scheme": Scheme(scheme),
        "document_kind": AgreementDocumentKind(document_kind),
        "title": title,
        "parent_id": parent_id,
        "scope": scope,
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    _check(session, government_id, values, actor)
    wishes = party_rows.wished(session, parties, values["document_kind"])
    moment = instant(session)
    agreement = Agreement(
        government_id=government_id,
        is_illustrative=is_illustrative,
        recorded_by=actor.user_id,
        recorded_at=moment,
        changed_at=moment,
        **values,
    )
    session.add(agreement)
    session.flush()  # parties, stages and the journal need the id
    party_rows.replace(session, agreement.id, (), wishes)
    _enter_first(session, agreement, actor)
    changes = created_values({**values, "parties": party_rows.as_values(wishes)})
    note(session, agreement, "agreements:agreement:created", actor=actor, changes=changes)
    mandates.assign_leads(session, agreement, leads, actor=actor)
    mandates.cite(session, agreement, legal_bases, actor=actor)
    session.flush()  # refusals of the database are answered at their fields
    return agreement


def edit(session: Session, agreement: HasId | int, *, actor: Identity, **values: Any) -> Agreement:
    """Change the fields given (those of `create` except the government) before the signature.

    Afterwards only `leads` and `legal_bases` change: a signed text is changed by an addendum (R33). Raise `Refused`
    for the others, `Invalid` at the field.
    """
    row = locked(session, agreement, actor=actor)
    need(actor, row.government_id, *KEEPERS)
    leads, bases = values.pop("leads", None), values.pop("legal_bases", None)
    sent_parties = values.pop("parties", None)
    unknown = set(values) - set(_COLUMNS)
    if unknown:
        raise Invalid({name: [_("There is no such field.")] for name in sorted(unknown)})
    changes = changes_of(row, values)
    _refuse_signed(session, row, changes, sent_parties)
    if row.signed_on is None:
        _change_text(session, row, values, changes, sent_parties, actor)
    if leads is not None:
        mandates.assign_leads(session, row, leads, actor=actor)
    if bases is not None:
        mandates.cite(session, row, bases, actor=actor)
    session.flush()  # the version is compared here, not at COMMIT
    return row


def _change_text(
    session: Session,
    row: Agreement,
    values: Mapping[str, Any],
    changes: dict[str, list[Any]],
    sent_parties: Sequence[Mapping[str, Any]] | None,
    actor: Identity,
) -> None:
    merged = {name: values.get(name, getattr(row, name)) for name in _COLUMNS}
    if "document_kind" in changes and queries.was_moved(session, row.id):
        raise Refused(
            _("The kind of document is fixed once the first stage is left."),
            law="PP 28/2018 Pasal 6 ayat (1)",
        )
    _check(session, row.government_id, merged, actor, own_id=row.id)
    present = party_rows.present_of(session, row.id)
    sent = sent_parties if sent_parties is not None else _sent_again(present)
    wishes = party_rows.wished(session, sent, merged["document_kind"], present=present)
    before, after = party_rows.as_values(present), party_rows.as_values(wishes)
    if before != after:
        changes["parties"] = [before, after]
        party_rows.replace(session, row.id, present, wishes)
    if not changes:
        return
    for name in _COLUMNS:
        setattr(row, name, merged[name])
    touch(row, instant(session))
    session.flush()  # constraints and the version speak here, not at COMMIT
    if "document_kind" in changes:
        _enter_first(session, row, actor)
    note(session, row, "agreements:agreement:edited", actor=actor, changes=changes)


def _sent_again(present: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "organization_id": p.organization_id,
            "order": p.position,
            "own_number": p.own_number,
            "printed_name": p.printed_name,
        }
        for p in present
    ]


def _refuse_signed(
    session: Session,
    row: Agreement,
    changes: Mapping[str, Any],
    sent_parties: Sequence[Mapping[str, Any]] | None,
) -> None:
    """Refuse any change of a signed text; sending what stands is none (R33; PMDN 25/2020 art. 20(5))."""
    if row.signed_on is None:
        return
    changed_parties = False
    if sent_parties is not None:
        present = party_rows.present_of(session, row.id)
        wishes = party_rows.wished(session, sent_parties, row.document_kind, present=present)
        changed_parties = party_rows.as_values(present) != party_rows.as_values(wishes)
    if changes or changed_parties:
        raise Refused(
            _("The document is signed. A change needs a numbered addendum by the same parties."),
            law="Permendagri 25/2020 Pasal 20 ayat (5)",
        )


def _enter_first(session: Session, agreement: Agreement, actor: Identity) -> None:
    session.add(
        StageEvent(
            agreement_id=agreement.id,
            stage=rules.first_stage(agreement.document_kind),
            move=StageMove.OPENED,
            recorded_by=actor.user_id,
            recorded_at=instant(session),
        )
    )


# -- what the fields must agree on -------------------------------------------------------------------------------


def _check(
    session: Session,
    government_id: int,
    values: Mapping[str, Any],
    actor: Identity,
    *,
    own_id: int | None = None,
) -> None:
    errors: dict[str, list[Sentence]] = {}
    scheme, kind = Scheme(values["scheme"]), AgreementDocumentKind(values["document_kind"])
    if not (values.get("title") or "").strip():
        errors["title"] = [_("Required")]
    if kind not in rules.allowed_kinds(scheme):
        errors["document_kind"] = [
            _("This kind of document does not belong to the scheme chosen (PP 28/2018 art. 6, 30, 46).")
        ]
    first, last = values.get("valid_from"), values.get("valid_until")
    if first and last and last < first:
        errors["valid_until"] = [_("The end lies before the beginning.")]
    if "document_kind" not in errors:
        errors |= _parent_errors(session, government_id, scheme, kind, values.get("parent_id"), actor, own_id)
    if errors:
        raise Invalid(errors)


def _parent_errors(
    session: Session,
    government_id: int,
    scheme: Scheme,
    kind: AgreementDocumentKind,
    parent_id: int | None,
    actor: Identity,
    own_id: int | None,
) -> dict[str, list[Sentence]]:
    """R10: a cooperation agreement stands under a joint agreement of the same government and scheme."""
    wanted = _PARENT_KINDS.get(kind)
    if parent_id is None:
        if kind is AgreementDocumentKind.COOPERATION_AGREEMENT:
            return {
                "parent_id": [_("A cooperation agreement (PKS) needs the joint agreement it carries out.")]
            }
        return {}
    if wanted is None:
        return {"parent_id": [_("A document of this kind stands alone. Leave this empty.")]}
    parent = session.execute(
        select(Agreement.government_id, Agreement.document_kind, Agreement.scheme).where(
            Agreement.id == parent_id, queries.visible(actor)
        )
    ).one_or_none()
    if parent is None or parent.government_id != government_id or parent_id == own_id:
        return {"parent_id": [_("There is no such agreement in this government.")]}
    if parent.document_kind is not wanted:
        return {"parent_id": [_("Choose a document of this kind: ${kind}.", mapping={"kind": wanted.title})]}
    if parent.scheme is not scheme:
        return {
            "scheme": [
                _(
                    "The scheme must be that of the document above: ${scheme}.",
                    mapping={"scheme": parent.scheme.title},
                )
            ]
        }
    return {}


# -- documents and notes ----------------------------------------------------------------------------------------


def attach(
    session: Session,
    agreement: HasId | int,
    document_ids: Iterable[Arrived | int],
    role: DocumentKind,
    *,
    actor: Identity,
    owners: Owners = NOBODY,
) -> list[MandateDocument]:
    """Claim documents (or arrived files) for an agreement in a role, also after the signature."""
    row = locked(session, agreement, actor=actor)
    return mandates.attach(session, row, document_ids, role, actor=actor, owners=owners)


def add_note(
    session: Session, agreement: HasId | int, *, text: str, source: str | None = None, actor: Identity
) -> MandateNote:
    """Keep a remark with an agreement."""
    row = locked(session, agreement, actor=actor)
    return mandates.add_note(session, row, text=text, source=source, actor=actor)
