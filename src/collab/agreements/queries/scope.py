"""Which agreements a reader may see: one place for list, detail, counts, exports and documents (decisions 5)."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from collab.agreements.models import Agreement, AgreementParty
from collab.agreements.policies import KEEPERS, ORGANIZATION_READERS, READERS
from collab.commitments.models import Commitment, CommitmentAssignment
from collab.core import clock
from collab.core.identity import Identity
from collab.mandates.models import MandateDocument
from collab.mandates.queries import led_by
from collab.organizations.models import Government
from collab.organizations.vocabulary import GovernmentKind


def visible(identity: Identity) -> ColumnElement[bool]:
    """Say "this reader's own agreements": those of their government, or those that concern their organizations."""
    governments = identity.governments(*READERS)
    units = identity.organizations(*ORGANIZATION_READERS)
    conditions: list[ColumnElement[bool]] = []
    if governments:
        conditions.append(Agreement.government_id.in_(sorted(governments)))
    if units:
        conditions.append(concerns(units, clock.today(identity.home_zone), owing=True))
    return or_(false(), *conditions)


def concerns(organization_ids: Collection[int], day: date, *, owing: bool = False) -> ColumnElement[bool]:
    """Say "any of the organizations is party or leads on a day", with `owing` also "owes or supports something"."""
    wanted = sorted(organization_ids)
    ways: list[Any] = [
        Agreement.id.in_(
            select(AgreementParty.agreement_id).where(AgreementParty.organization_id.in_(wanted))
        ),
        Agreement.id.in_(led_by(wanted, day)),
    ]
    if owing:
        ways.append(Agreement.id.in_(_owing(wanted, day)))
    return or_(*ways)


def _owing(organization_ids: Collection[int], day: date) -> Any:
    return (
        select(Commitment.mandate_id)
        .join(CommitmentAssignment, CommitmentAssignment.commitment_id == Commitment.id)
        .where(
            CommitmentAssignment.organization_id.in_(organization_ids),
            or_(CommitmentAssignment.valid_until.is_(None), CommitmentAssignment.valid_until >= day),
        )
    )


def signed_below(identity: Identity) -> ColumnElement[bool]:
    """Say "a signed agreement of a kab/kota of this reader's province" (R40; PP 28/2018 art. 44(4)); never counted."""
    governments = identity.governments(*READERS)
    if not governments:
        return false()
    below = select(Government.id).where(
        Government.parent_id.in_(sorted(governments)),
        Government.kind.in_((GovernmentKind.REGENCY, GovernmentKind.CITY)),
    )
    return Agreement.government_id.in_(below) & Agreement.signed_on.is_not(None)


def readable(identity: Identity) -> ColumnElement[bool]:
    """Say "this reader may open it": their own ones, and signed ones of the kab/kota below."""
    return or_(visible(identity), signed_below(identity))


def reads_document(session: Session, identity: Identity, document_id: int) -> bool:
    """Tell whether an agreement that this reader may open has claimed a document."""
    statement = (
        select(Agreement.id)
        .join(MandateDocument, MandateDocument.mandate_id == Agreement.id)
        .where(MandateDocument.document_id == document_id, readable(identity))
        .limit(1)
    )
    return session.scalar(statement) is not None


def edits_document(session: Session, identity: Identity, document_id: int) -> bool | None:
    """Tell whether this user keeps every agreement that has claimed a document; None if none has."""
    statement = select(Agreement.government_id).join(
        MandateDocument, MandateDocument.mandate_id == Agreement.id
    )
    claiming = set(session.scalars(statement.where(MandateDocument.document_id == document_id)))
    return claiming <= identity.governments(*KEEPERS) if claiming else None


def visible_ids(session: Session, identity: Identity, ids: Collection[int]) -> Sequence[int]:
    """Give those of some agreements that this reader may see (for the search)."""
    return session.scalars(select(Agreement.id).where(Agreement.id.in_(ids), readable(identity))).all()
