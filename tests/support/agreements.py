"""Agreements and regulations for tests, made by calling services as users of the world."""

from contextlib import nullcontext
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from collab.agreements import services
from collab.agreements.models import Agreement
from collab.agreements.vocabulary import AgreementDocumentKind, Scheme
from collab.core import clock
from collab.core.identity import Identity
from collab.documents.models import Document
from collab.documents.vocabulary import DocumentKind
from collab.mandates.vocabulary import LeadRole
from collab.organizations.models import Organization
from collab.organizations.vocabulary import OrganizationClass, PartnerKind
from collab.regulations.models import Regulation
from collab.regulations.vocabulary import Lifecycle, RegulationKind

TITLE = "Kesepakatan Bersama tentang Pengembangan Kewirausahaan Terpadu OKE OCE (contoh)"


def regulation(
    session: Session,
    government_id: int,
    *,
    number: str | None = "48",
    year: int | None = 2018,
    title: str = "Pelaksanaan Perda 13/2017 (contoh)",
) -> int:
    """Add a Pergub, or a draft without number; give its id."""
    moment = clock.now()
    row = Regulation(
        government_id=government_id,
        kind=RegulationKind.PERGUB,
        number=number,
        year=year,
        title=title,
        lifecycle=Lifecycle.ENACTED if number else Lifecycle.DRAFT,
        promulgated_on=date(year, 9, 3) if year else None,
        recorded_at=moment,
        changed_at=moment,
    )
    session.add(row)
    session.flush()
    return row.id


def document(session: Session, uploader: Identity, title: str = "Studi kelayakan (contoh)") -> int:
    """Add an unclaimed document of a user, without bytes; give its id."""
    moment = clock.now()
    row = Document(
        title=title,
        kind=DocumentKind.OTHER,
        uploaded_by=uploader.user_id,
        recorded_at=moment,
        changed_at=moment,
    )
    session.add(row)
    session.flush()
    return row.id


def partners(session: Session, count: int) -> list[int]:
    """Add so many partners with names as long as they may be; give their ids."""
    rows = [
        Organization(
            org_class=OrganizationClass.PARTNER,
            partner_kind=PartnerKind.ORGANIZATION,
            code=f"mitra-{number}",
            name=f"Perkumpulan Pelaku Usaha Mikro Nomor {number} ".ljust(300, "Ñ"),
            changed_at=clock.now(),
        )
        for number in range(count)
    ]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def oke_oce(people: Any, **changes: Any) -> dict[str, Any]:
    """Give the values of the province's joint agreement with OKE OCE; `people` knows the ids."""
    kopukm, perindag = people.organization("19/kopukm"), people.organization("19/perindag")
    values: dict[str, Any] = {
        "government_id": people.government("19"),
        "scheme": Scheme.KSDPK,
        "document_kind": AgreementDocumentKind.JOINT_AGREEMENT,
        "title": TITLE,
        "parties": [
            {"organization_id": people.organization("19/pemerintah"), "own_number": "119/KB/2026"},
            {"organization_id": people.organization("okeoce")},
        ],
        "leads": [
            {"organization_id": kopukm, "role": LeadRole.LEAD, "accountable": True},
            {"organization_id": perindag, "role": LeadRole.LEAD, "accountable": False},
        ],
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2030, 12, 31),
    }
    return values | changes


def create(
    session: Session, people: Any, *, by: str = "coordinator.babel", at: Any = None, **changes: Any
) -> Agreement:
    """Create the OKE OCE agreement (or a changed one) as a user, at an instant if one is given."""
    with clock.travel(at) if at else nullcontext():
        actor = people.identity(session, by)
        return services.create(session, actor=actor, **oke_oce(people, **changes))


def pks(session: Session, people: Any, parent: Agreement, **changes: Any) -> Agreement:
    """Create a cooperation agreement of one agency under a joint agreement."""
    values: dict[str, Any] = {
        "document_kind": AgreementDocumentKind.COOPERATION_AGREEMENT,
        "parent_id": parent.id,
        "title": "PKS Dinas Pertanian dengan OKE OCE (contoh)",
        "parties": [
            {"organization_id": people.organization("19/pertanian")},
            {"organization_id": people.organization("okeoce")},
        ],
        "leads": [
            {
                "organization_id": people.organization("19/pertanian"),
                "role": LeadRole.LEAD,
                "accountable": True,
            }
        ],
    }
    return create(session, people, **(values | changes))


def to_signing(
    session: Session, people: Any, agreement: Agreement, *, by: str = "coordinator.babel"
) -> Agreement:
    """Attach the feasibility study and walk to the stage of signing."""
    from collab.agreements import queries, rules

    actor = people.identity(session, by)
    if agreement.document_kind is AgreementDocumentKind.JOINT_AGREEMENT:
        study = document(session, actor)
        services.attach(session, agreement, [study], DocumentKind.FEASIBILITY_STUDY, actor=actor)
    while not rules.is_signing(queries.get(session, agreement.id, identity=actor).stage):
        services.advance(session, agreement, actor=actor)
    return agreement


def sign(
    session: Session, people: Any, agreement: Agreement, *, by: str = "coordinator.babel", **values: Any
) -> Agreement:
    """Walk to the signing and record the signature."""
    to_signing(session, people, agreement, by=by)
    values = {"signed_on": clock.today("Asia/Jakarta"), "signed_place": "Pangkalpinang"} | values
    return services.sign(session, agreement, actor=people.identity(session, by), **values)
