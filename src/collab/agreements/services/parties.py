"""The parties of a document: checked, put in order, their printed names kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replace_place
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.agreements.models import AgreementParty
from collab.agreements.vocabulary import AgreementDocumentKind
from collab.core.errors import Invalid
from collab.core.text import Sentence, _
from collab.organizations.models import Organization

#: Most parties of one document.
MOST = 60


@dataclass(frozen=True)
class PartyWish:
    """A party as it shall stand in the document."""

    organization_id: int
    position: int
    own_number: str | None
    printed_name: str


def wished(
    session: Session,
    rows: Sequence[Mapping[str, Any]],
    kind: AgreementDocumentKind,
    *,
    present: Sequence[AgreementParty] = (),
) -> list[PartyWish]:
    """Check rows ``{organization_id, order?, own_number?, printed_name?}`` and give them in order.

    Places are numbered from 1 without gaps. Without `order` the place in the list counts; without `printed_name` the name kept so far, else the
    organization's own. Raise `Invalid` at the row's field.
    """
    errors: dict[str, list[Sentence]] = {}
    _check_count(len(rows), kind, errors)
    names = _names(session, [row["organization_id"] for row in rows])
    kept = {party.organization_id: party.printed_name for party in present}
    found: list[PartyWish] = []
    places: set[int] = set()
    place = 0
    for index, row in enumerate(rows):
        organization_id, wanted = row["organization_id"], row.get("order")
        place = wanted or place  # without a place of its own a row stands after the one before it
        if organization_id not in names:
            errors[f"parties.{index}.organization_id"] = [_("There is no such organization.")]
            continue
        if any(other.organization_id == organization_id for other in found):
            errors[f"parties.{index}.organization_id"] = [_("This organization is named twice.")]
        if wanted in places:
            errors[f"parties.{index}.order"] = [_("Two parties have the same place in the order.")]
        places |= {wanted} if wanted else set()
        printed = row.get("printed_name") or kept.get(organization_id) or names[organization_id]
        found.append(PartyWish(organization_id, place, row.get("own_number"), printed))
    if errors:
        raise Invalid(errors)
    found.sort(key=lambda wish: wish.position)
    return [replace_place(wish, position=number) for number, wish in enumerate(found, 1)]


def _check_count(count: int, kind: AgreementDocumentKind, errors: dict[str, list[Sentence]]) -> None:
    least = 1 if kind is AgreementDocumentKind.INTERNAL_PLAN else 2
    if count < least:
        errors["parties"] = [_("Name the parties: at least ${least}.", mapping={"least": least})]
    if count > MOST:
        errors["parties"] = [_("Name at most ${limit} parties.", mapping={"limit": MOST})]


def _names(session: Session, organization_ids: Sequence[int]) -> dict[int, str]:
    statement = select(Organization.id, Organization.name).where(Organization.id.in_(organization_ids))
    return {row.id: row.name for row in session.execute(statement)}


def present_of(session: Session, agreement_id: int) -> list[AgreementParty]:
    """Give the parties as they stand, in order."""
    statement = (
        select(AgreementParty)
        .where(AgreementParty.agreement_id == agreement_id)
        .order_by(AgreementParty.position)
    )
    return list(session.scalars(statement))


def as_values(parties: Sequence[AgreementParty | PartyWish]) -> list[list[Any]]:
    """Write parties for the journal and for comparing: ``[position, organization, own number, printed name]``."""
    return [[p.position, p.organization_id, p.own_number, p.printed_name] for p in parties]


def replace(
    session: Session, agreement_id: int, present: Sequence[AgreementParty], wishes: Sequence[PartyWish]
) -> None:
    """Put the wished parties in the place of the present ones (only before the signature)."""
    for party in present:
        session.delete(party)
    session.flush()  # the unique constraints count what stands: clear before adding
    session.add_all(
        AgreementParty(
            agreement_id=agreement_id,
            organization_id=wish.organization_id,
            position=wish.position,
            own_number=wish.own_number,
            printed_name=wish.printed_name,
        )
        for wish in wishes
    )
