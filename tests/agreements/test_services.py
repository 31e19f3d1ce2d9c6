"""Writing agreements: creation, edits, stages, signature; what is refused, at which field, under which law."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from collab.agreements import queries, services
from collab.agreements.models import AgreementParty, StageEvent
from collab.agreements.vocabulary import AgreementDocumentKind, Scheme, Stage, StageMove
from collab.audit.models import JournalEntry
from collab.core import clock
from collab.core.errors import Forbidden, Invalid, NotFound, Refused
from collab.documents.vocabulary import DocumentKind
from tests.support import agreements as made

TODAY = clock.today("Asia/Jakarta")


def stage_of(session: Session, people: Any, agreement: Any) -> Stage:
    return queries.get(session, agreement.id, identity=people.identity(session, "coordinator.babel")).stage


def with_ids(people: Any, value: Any) -> Any:
    """Put ids in the place of the scopes by which the cases below name organizations."""
    if isinstance(value, dict):
        return {key: with_ids(people, item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_ids(people, item) for item in value]
    return people.organizations.get(value, value) if isinstance(value, str) else value


def errors_of(session: Session, people: Any, **changes: Any) -> dict[str, Any]:
    changes = with_ids(people, changes)
    with pytest.raises(Invalid) as caught, session.begin_nested():
        made.create(session, people, **changes)
    return caught.value.errors


def test_the_oke_oce_agreement_is_created_in_preparation_with_all_that_hangs_on_it(session, people) -> None:
    pergub = made.regulation(session, people.government("19"))
    agreement = made.create(session, people, legal_bases=[{"regulation_id": pergub, "article": "5 ayat (2)"}])
    coordinator = people.identity(session, "coordinator.babel")
    seen = queries.get(session, agreement.id, identity=coordinator)
    assert (seen.stage, seen.version >= 1, seen.signed_on) == (Stage.PREPARATION, True, None)
    parties = queries.parties(session, [agreement.id])
    assert [(p.position, p.own_number) for p in parties] == [(1, "119/KB/2026"), (2, None)]
    assert parties[1].printed_name == "OK OCE Indonesia"
    session.commit()
    tags = list(session.scalars(select(JournalEntry.tag).order_by(JournalEntry.id)))
    assert tags == ["agreements:agreement:created", "mandates:lead:assigned", "mandates:basis:cited"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_from": date(2026, 5, 2), "valid_until": date(2026, 5, 1)}, "valid_until"),
        ({"title": "  "}, "title"),
        ({"document_kind": AgreementDocumentKind.SYNERGY_NOTE}, "document_kind"),
        ({"document_kind": AgreementDocumentKind.COOPERATION_AGREEMENT}, "parent_id"),
        ({"document_kind": AgreementDocumentKind.COOPERATION_AGREEMENT, "parent_id": 999}, "parent_id"),
        ({"parent_id": 999}, "parent_id"),
        ({"parties": []}, "parties"),
        ({"parties": [{"organization_id": "19/kopukm"}]}, "parties"),
        (
            {"parties": [{"organization_id": "19/kopukm"}, {"organization_id": "19/kopukm"}]},
            "parties.1.organization_id",
        ),
        (
            {
                "parties": [
                    {"organization_id": "19/kopukm", "order": 2},
                    {"organization_id": "okeoce", "order": 2},
                ]
            },
            "parties.1.order",
        ),
        (
            {"parties": [{"organization_id": "19/kopukm"}, {"organization_id": 99999}]},
            "parties.1.organization_id",
        ),
        ({"leads": [{"organization_id": "19/kopukm", "role": "lead", "accountable": False}]}, "leads"),
        (
            {"leads": [{"organization_id": "19/kopukm", "role": "supporting", "accountable": True}]},
            "leads.0.accountable",
        ),
        (
            {
                "leads": [
                    {"organization_id": "19/kopukm", "role": "lead", "accountable": True},
                    {"organization_id": "okeoce", "role": "lead", "accountable": True},
                ]
            },
            "leads.1.accountable",
        ),
        (
            {"leads": [{"organization_id": 99999, "role": "lead", "accountable": True}]},
            "leads.0.organization_id",
        ),
        ({"legal_bases": [{"regulation_id": 99999}]}, "legal_bases.0.regulation_id"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field_and_leaves_nothing(session, people, changes, field) -> None:
    assert field in errors_of(session, people, **changes)
    assert session.scalar(select(StageEvent.id)) is None


def test_nobody_creates_for_another_government(session, people) -> None:
    for name in ("coordinator.kalteng", "legal.kalteng", "monitor.babel", "auditor.babel", "admin.babel",
                 "liaison.kopukm.babel", "partner.okeoce", "admin"):  # fmt: skip
        with pytest.raises(Forbidden):
            made.create(session, people, by=name)
    assert made.create(session, people, by="legal.babel").id


def test_another_governments_agreement_cannot_be_the_parent(session, people) -> None:
    foreign = made.create(
        session,
        people,
        by="coordinator.kalteng",
        government_id=people.government("62"),
        parties=[
            {"organization_id": people.organization("62/pemerintah")},
            {"organization_id": people.organization("okeoce")},
        ],
        leads=[],
    )
    found = errors_of(
        session,
        people,
        document_kind=AgreementDocumentKind.COOPERATION_AGREEMENT,
        parent_id=foreign.id,
    )
    assert "parent_id" in found


def test_a_cooperation_agreement_has_its_parents_scheme(session, people) -> None:
    parent = made.create(session, people)
    with pytest.raises(Invalid) as caught:
        made.pks(session, people, parent, scheme=Scheme.KSDD_VOLUNTARY)
    assert "scheme" in caught.value.errors


def test_forty_parties_with_long_names_are_kept_in_order(session, people) -> None:
    ids = [people.organization("19/pemerintah"), *made.partners(session, 39)]
    rows = [
        {"organization_id": number, "own_number": f"{place}/{'9' * 110}", "printed_name": "Ñ" * 300}
        for place, number in enumerate(ids, 1)
    ]
    agreement = made.create(session, people, parties=rows)
    parties = queries.parties(session, [agreement.id])
    assert [p.organization_id for p in parties] == ids
    assert [p.position for p in parties] == list(range(1, 41))
    assert {len(p.printed_name) for p in parties} == {300}


def test_places_are_numbered_without_gaps_and_new_rows_stand_after_the_one_before(session, people) -> None:
    rows = [
        {"organization_id": people.organization("okeoce"), "order": 7},
        {"organization_id": people.organization("19/kopukm")},
        {"organization_id": people.organization("19/pemerintah"), "order": 2},
    ]
    parties = queries.parties(session, [made.create(session, people, parties=rows).id])
    assert [(p.position, p.organization_id) for p in parties] == [
        (1, people.organization("19/pemerintah")),
        (2, people.organization("okeoce")),
        (3, people.organization("19/kopukm")),
    ]


def test_more_than_sixty_parties_are_refused(session, people) -> None:
    assert "parties" in errors_of(session, people, parties=[{"organization_id": "19/kopukm"}] * 61)


# -- edits ------------------------------------------------------------------------------------------------------


def test_an_unsigned_agreement_is_edited_and_its_version_rises(session, people) -> None:
    agreement = made.create(session, people)
    before = agreement.version
    coordinator = people.identity(session, "coordinator.babel")
    services.edit(session, agreement, actor=coordinator, title="Judul baru")
    assert (agreement.title, agreement.version > before) == ("Judul baru", True)


def test_an_edit_that_changes_nothing_leaves_no_trace(session, people) -> None:
    agreement = made.create(session, people)
    session.commit()
    before, count = agreement.version, session.query(JournalEntry).count()
    values = made.oke_oce(people)
    values.pop("government_id")
    services.edit(session, agreement, actor=people.identity(session, "legal.babel"), **values)
    session.commit()
    assert (agreement.version, session.query(JournalEntry).count()) == (before, count)


def test_parties_swap_places_and_keep_their_printed_names(session, people) -> None:
    agreement = made.create(
        session,
        people,
        parties=[
            {"organization_id": people.organization("19/pemerintah"), "printed_name": "PROVINSI"},
            {"organization_id": people.organization("okeoce"), "printed_name": "OKE OCE"},
        ],
    )
    version = agreement.version
    services.edit(
        session,
        agreement,
        actor=people.identity(session, "coordinator.babel"),
        parties=[
            {"organization_id": people.organization("okeoce")},
            {"organization_id": people.organization("19/pemerintah")},
        ],
    )
    assert [p.printed_name for p in queries.parties(session, [agreement.id])] == ["OKE OCE", "PROVINSI"]
    assert agreement.version > version


def test_an_unknown_field_is_refused(session, people) -> None:
    agreement = made.create(session, people)
    with pytest.raises(Invalid):
        services.edit(
            session, agreement, actor=people.identity(session, "coordinator.babel"), signed_on=TODAY
        )


def test_another_governments_coordinator_does_not_find_it(session, people) -> None:
    agreement = made.create(session, people)
    stranger = people.identity(session, "coordinator.kalteng")
    with pytest.raises(NotFound):
        services.edit(session, agreement, actor=stranger, title="x")
    with pytest.raises(NotFound):
        services.advance(session, agreement, actor=stranger)


def test_readers_see_it_but_do_not_write(session, people) -> None:
    agreement = made.create(session, people)
    for name in ("monitor.babel", "auditor.babel", "liaison.kopukm.babel", "partner.okeoce"):
        reader = people.identity(session, name)
        for act in (
            lambda reader=reader: services.edit(session, agreement, actor=reader, title="x"),
            lambda reader=reader: services.advance(session, agreement, actor=reader),
            lambda reader=reader: services.sign(session, agreement, signed_on=TODAY, actor=reader),
        ):
            with pytest.raises(Forbidden):
                act()


def test_the_kind_of_document_changes_only_in_the_first_stage(session, people) -> None:
    agreement = made.create(session, people)
    coordinator = people.identity(session, "coordinator.babel")
    services.edit(
        session,
        agreement,
        actor=coordinator,
        scheme=Scheme.KSDPL,
        document_kind=AgreementDocumentKind.ANNUAL_ACTIVITY_PLAN,
    )
    services.edit(
        session,
        agreement,
        actor=coordinator,
        scheme=Scheme.KSDPK,
        document_kind=AgreementDocumentKind.JOINT_AGREEMENT,
    )
    made.to_signing(session, people, agreement)
    with pytest.raises(Refused):
        services.edit(
            session,
            agreement,
            actor=coordinator,
            scheme=Scheme.KSDPL,
            document_kind=AgreementDocumentKind.ANNUAL_ACTIVITY_PLAN,
        )


# -- stages -----------------------------------------------------------------------------------------------------


def test_a_third_party_agreement_waits_in_preparation_for_its_feasibility_study(session, people) -> None:
    agreement = made.create(session, people)
    coordinator = people.identity(session, "coordinator.babel")
    with pytest.raises(Refused) as caught:
        services.advance(session, agreement, actor=coordinator)
    assert caught.value.law == "UU 23/2014 Pasal 366 ayat (3)"
    study = made.document(session, coordinator)
    services.attach(session, agreement, [study], DocumentKind.FEASIBILITY_STUDY, actor=coordinator)
    services.advance(session, agreement, actor=coordinator)
    assert stage_of(session, people, agreement) is Stage.OFFER


def test_a_return_needs_its_reason_and_goes_one_stage_back(session, people) -> None:
    agreement = made.to_signing(session, people, made.create(session, people))
    legal = people.identity(session, "legal.babel")
    with pytest.raises(Invalid) as caught:
        services.return_(session, agreement, remark="  ", actor=legal)
    assert "note" in caught.value.errors
    services.return_(session, agreement, remark="Naskah belum diparaf", actor=legal)
    assert stage_of(session, people, agreement) is Stage.JOINT_DRAFTING
    event = queries.events(session, agreement.id)[0]
    assert (event.move, event.note, event.author) == (
        StageMove.RETURNED,
        "Naskah belum diparaf",
        legal.display_name,
    )


def test_the_first_stage_has_nothing_before_it(session, people) -> None:
    agreement = made.create(session, people)
    with pytest.raises(Refused):
        services.return_(session, agreement, remark="x", actor=people.identity(session, "legal.babel"))


def test_a_step_from_a_stage_left_meanwhile_is_refused(session, people) -> None:
    agreement = made.to_signing(session, people, made.create(session, people))
    with pytest.raises(Refused):
        services.return_(
            session,
            agreement,
            remark="x",
            expected=Stage.OFFER,
            actor=people.identity(session, "coordinator.babel"),
        )


# -- signature --------------------------------------------------------------------------------------------------


def test_signing_closes_the_document_and_enters_implementation(session, people) -> None:
    agreement = made.sign(
        session,
        people,
        made.create(session, people),
        own_numbers={people.organization("okeoce"): "01/OKOCE/2026"},
    )
    assert (agreement.signed_on, agreement.signed_place) == (TODAY, "Pangkalpinang")
    assert stage_of(session, people, agreement) is Stage.IMPLEMENTATION
    assert [p.own_number for p in queries.parties(session, [agreement.id])] == [
        "119/KB/2026",
        "01/OKOCE/2026",
    ]


def test_signing_twice_is_refused(session, people) -> None:
    agreement = made.sign(session, people, made.create(session, people))
    with pytest.raises(Refused):
        services.sign(
            session, agreement, signed_on=TODAY, actor=people.identity(session, "coordinator.babel")
        )


def test_signing_before_the_stage_of_signing_is_refused(session, people) -> None:
    agreement = made.create(session, people)
    with pytest.raises(Refused):
        services.sign(
            session, agreement, signed_on=TODAY, actor=people.identity(session, "coordinator.babel")
        )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"signed_on": TODAY + timedelta(days=1)}, "signed_on"),
        ({"signed_on": TODAY, "valid_from": date(2031, 1, 1)}, "valid_until"),
        ({"signed_on": TODAY, "own_numbers": {1: "x"}}, "numbers"),
    ],
)
def test_a_signature_is_checked(session, people, values, field) -> None:
    agreement = made.to_signing(session, people, made.create(session, people))
    with pytest.raises(Invalid) as caught:
        services.sign(session, agreement, actor=people.identity(session, "coordinator.babel"), **values)
    assert field in caught.value.errors


def test_legal_staff_lead_up_to_the_signature_but_do_not_sign(session, people) -> None:
    agreement = made.to_signing(
        session, people, made.create(session, people, by="legal.babel"), by="legal.babel"
    )
    legal = people.identity(session, "legal.babel")
    with pytest.raises(Forbidden):
        services.sign(session, agreement, signed_on=TODAY, actor=legal)
    with pytest.raises(Refused):
        services.advance(session, agreement, actor=legal)
    services.sign(session, agreement, signed_on=TODAY, actor=people.identity(session, "coordinator.babel"))
    with pytest.raises(Forbidden):
        services.advance(session, agreement, actor=legal)


def test_a_cooperation_agreement_is_signed_only_after_its_joint_agreement(session, people) -> None:
    parent = made.create(session, people)
    child = made.to_signing(session, people, made.pks(session, people, parent))
    coordinator = people.identity(session, "coordinator.babel")
    with pytest.raises(Refused) as caught:
        services.sign(session, child, signed_on=TODAY, actor=coordinator)
    assert "PP 28/2018 Pasal 6" in (caught.value.law or "")
    made.sign(session, people, parent)
    with pytest.raises(Invalid):
        services.sign(session, child, signed_on=TODAY - timedelta(days=1), actor=coordinator)
    services.sign(session, child, signed_on=TODAY, actor=coordinator)
    assert stage_of(session, people, child) is Stage.IMPLEMENTATION


def test_a_signed_text_is_not_edited_but_its_leads_and_legal_bases_are(session, people) -> None:
    agreement = made.sign(session, people, made.create(session, people))
    coordinator = people.identity(session, "coordinator.babel")
    for values in (
        {"title": "x"},
        {"valid_until": None},
        {"parties": [{"organization_id": "19/kopukm"}, {"organization_id": "okeoce"}]},
    ):
        with pytest.raises(Refused) as caught:
            services.edit(session, agreement, actor=coordinator, **with_ids(people, values))
        assert caught.value.law
    pergub = made.regulation(session, people.government("19"))
    services.edit(
        session,
        agreement,
        actor=coordinator,
        leads=[{"organization_id": people.organization("19/perindag"), "role": "lead", "accountable": True}],
        legal_bases=[{"regulation_id": pergub}],
    )


def test_a_signed_document_does_not_go_back_before_its_signature(session, people) -> None:
    agreement = made.sign(session, people, made.create(session, people))
    with pytest.raises(Refused) as caught:
        services.return_(session, agreement, remark="x", actor=people.identity(session, "coordinator.babel"))
    assert caught.value.law == "Permendagri 25/2020 Pasal 20 ayat (5)"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE agreement SET scope = 'lain' WHERE id = :id",
        "UPDATE agreement SET signed_on = NULL WHERE id = :id",
        "UPDATE agreement SET valid_until = '2040-01-01' WHERE id = :id",
        "UPDATE agreement SET scheme = 'ksdd_voluntary' WHERE id = :id",
        "DELETE FROM agreement WHERE id = :id",
        "UPDATE agreement_party SET own_number = 'x' WHERE agreement_id = :id",
        "UPDATE agreement_party SET printed_name = 'x' WHERE agreement_id = :id",
        "DELETE FROM agreement_party WHERE agreement_id = :id",
        "UPDATE stage_event SET stage = 'offer' WHERE agreement_id = :id",
        "DELETE FROM stage_event WHERE agreement_id = :id",
    ],
)
def test_the_database_itself_keeps_a_signed_document(session, people, statement) -> None:
    agreement = made.sign(session, people, made.create(session, people))
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement), {"id": agreement.id})
    assert session.scalar(select(AgreementParty.is_signed).where(AgreementParty.agreement_id == agreement.id))


def test_an_internal_plan_needs_one_party_and_no_counterparty(session, people) -> None:
    own = people.organization("19/pemerintah")
    plan = made.create(
        session,
        people,
        scheme=Scheme.INTERNAL,
        document_kind=AgreementDocumentKind.INTERNAL_PLAN,
        title="Rencana aksi Gernas BBI (contoh)",
        parties=[{"organization_id": own}],
    )
    made.sign(session, people, plan)
    assert stage_of(session, people, plan) is Stage.IMPLEMENTATION
