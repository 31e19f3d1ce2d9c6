"""Regulations are registered, related and enacted by legal staff of their own government, and by nobody else."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from collab.audit.models import JournalEntry
from collab.core.errors import Forbidden, Invalid, NotFound, Refused
from collab.documents.services import store
from collab.documents.vocabulary import DocumentKind
from collab.regulations import queries, services
from collab.regulations.vocabulary import Lifecycle, RegulationKind, RegulationState, RelationKind

DAY = date(2023, 3, 30)
PERGUB, AMENDS = RegulationKind.PERGUB, RelationKind.AMENDS


@dataclass(frozen=True)
class File:
    name: str = "Pergub.pdf"
    sha256: str = "ab" * 32
    size: int = 1200
    media_type: str = "application/pdf"


@pytest.fixture
def create(session, people, legal):
    def create(**kw):
        values = {
            "actor": legal,
            "government_id": people.government("19"),
            "kind": PERGUB,
            "title": "Usaha Kecil",
        }
        return services.create(session, **(values | kw))

    return create


def fields_of(refusal):
    return set(refusal.value.errors)


# -- creating -------------------------------------------------------------------------------------------------


def test_with_a_number_it_is_enacted_and_without_one_a_draft(create):
    assert create(number="48", year=2018).lifecycle is Lifecycle.ENACTED
    assert create().lifecycle is Lifecycle.DRAFT


@pytest.mark.parametrize(
    "values, fields",
    [
        ({"year": 2018}, {"year"}),
        ({"lifecycle": Lifecycle.DRAFT, "number": "1", "year": 2018}, {"number", "year"}),
        ({"enacted_on": DAY}, {"enacted_on"}),
        ({"lifecycle": Lifecycle.ENACTED}, {"number", "year"}),
        ({"number": "1"}, {"year"}),
        ({"number": "1", "year": 2022, "enacted_on": DAY}, {"year"}),
        ({"number": "?", "year": 2023}, {"number"}),
        (
            {"number": "1", "year": 2023, "enacted_on": DAY, "promulgated_on": date(2023, 3, 29)},
            {"promulgated_on"},
        ),
        ({"kind": RegulationKind.UU}, {"kind"}),
        ({"kind": RegulationKind.PERBUP}, {"kind"}),
        ({"lifecycle": Lifecycle.WITHDRAWN}, {"lifecycle"}),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_fields(create, values, fields):
    with pytest.raises(Invalid) as refusal:
        create(**values)
    assert fields_of(refusal) == fields


@pytest.mark.parametrize(
    "who", ["legal.kalteng", "coordinator.babel", "monitor.babel", "auditor.babel", "admin.babel", "admin",
            "liaison.kopukm.babel", "partner.okeoce"],
)  # fmt: skip
def test_only_legal_staff_of_the_government_register(session, people, create, who):
    with pytest.raises(Forbidden):
        create(actor=people.identity(session, who))


def test_a_number_is_taken_once_for_its_kind_and_year(session, people, create):
    create(number="48", year=2018)
    create(number="48", year=2019)
    create(number="48", year=2018, kind=RegulationKind.KEPGUB)
    other = people.identity(session, "legal.kalteng")
    create(number="48", year=2018, actor=other, government_id=people.government("62"))
    with pytest.raises(IntegrityError), session.begin_nested():
        create(number="48", year=2018)


def test_any_number_of_drafts_stand_side_by_side(create):
    assert create().id != create().id


def test_the_form_brings_its_files_which_become_claimed_documents(session, create, legal):
    row = create(number="48", year=2018, documents=[File()])
    [(attachment, document)] = queries.documents(session, row.id, identity=legal)
    assert (attachment.role, document.title) == (DocumentKind.TEXT, "Pergub.pdf")
    [(attachment, _document)] = queries.documents(session, create(documents=[File()]).id, identity=legal)
    assert attachment.role is DocumentKind.DRAFT


def test_regulations_are_never_removed(session, create):
    create()
    with pytest.raises(DBAPIError):
        session.execute(text("DELETE FROM regulation"))


def test_every_act_is_journaled_with_what_changed(session, seed, legal):
    services.edit(session, seed.r1.id, actor=legal, title="Koperasi")
    session.commit()
    rows = session.scalars(
        select(JournalEntry).where(JournalEntry.subject_kind == "regulation").order_by(JournalEntry.id)
    ).all()
    created, related = "regulations:regulation:created", "regulations:relation:added"
    assert [row.tag for row in rows] == [
        created,
        created,
        created,
        related,
        related,
        "regulations:regulation:edited",
    ]
    assert '"title":["Pemberdayaan Koperasi dan Usaha Kecil","Koperasi"]' in rows[-1].payload
    assert rows[-1].subject_name == "Perda 13/2017 tentang Koperasi"


# -- editing, enacting, withdrawing ---------------------------------------------------------------------------


def test_an_edit_changes_only_what_is_given_and_raises_the_version(session, seed, legal):
    before = seed.r2.version
    row = services.edit(session, seed.r2.id, actor=legal, title="Usaha Kecil", effective_on=date(2019, 1, 1))
    assert (row.title, row.number, row.effective_on, row.version) == (
        "Usaha Kecil",
        "48",
        date(2019, 1, 1),
        before + 1,
    )


def test_an_edit_that_changes_nothing_leaves_no_trace(session, seed, legal):
    before = seed.r2.version
    assert services.edit(session, seed.r2.id, actor=legal, title=seed.r2.title).version == before


@pytest.mark.parametrize(
    "values", [{"number": None}, {"year": None}, {"number": "x"}, {"kind": RegulationKind.PP}]
)
def test_an_edit_keeps_what_an_enacted_regulation_must_have(session, seed, legal, values):
    with pytest.raises(Invalid):
        services.edit(session, seed.r2.id, actor=legal, **values)


def test_a_draft_gets_number_and_dates_by_enactment_only(session, seed, legal):
    with pytest.raises(Invalid):
        services.edit(session, seed.r3.id, actor=legal, number="7", year=2024)
    row = services.enact(session, seed.r3.id, actor=legal, number="7", year=2024, enacted_on=date(2024, 5, 2))
    assert (row.lifecycle, row.number, row.year) == (Lifecycle.ENACTED, "7", 2024)
    with pytest.raises(Refused):
        services.enact(session, seed.r3.id, actor=legal, number="8", year=2024, enacted_on=date(2024, 5, 2))


def test_a_draft_is_withdrawn_once_and_what_is_enacted_never(session, seed, legal):
    assert services.withdraw(session, seed.r3.id, actor=legal).lifecycle is Lifecycle.WITHDRAWN
    for regulation in (seed.r3, seed.r2):
        with pytest.raises(Refused):
            services.withdraw(session, regulation.id, actor=legal)


@pytest.mark.parametrize(
    "who, error",
    [("legal.kalteng", Forbidden), ("coordinator.babel", Forbidden), ("auditor.babel", Forbidden)],
)
def test_others_change_nothing_of_what_they_may_read(session, people, seed, who, error):
    actor = people.identity(session, who)
    with pytest.raises(error):
        services.edit(session, seed.r2.id, actor=actor, title="x")
    with pytest.raises(error):
        services.relate(session, seed.r2.id, actor=actor, kind=AMENDS, target_id=seed.r1.id)
    with pytest.raises(error):
        services.attach(session, seed.r2.id, actor=actor, documents=[File()], role=DocumentKind.COPY)


@pytest.mark.parametrize(
    "who", ["legal.kalteng", "monitor.babel", "auditor.babel", "admin.babel", "liaison.kopukm.babel"]
)
def test_others_do_not_even_learn_of_a_draft(session, people, seed, who):
    with pytest.raises(NotFound):
        services.edit(session, seed.r3.id, actor=people.identity(session, who), title="x")


# -- relating -------------------------------------------------------------------------------------------------


def test_articles_are_written_out_when_a_relation_is_recorded(session, seed, legal):
    relation = services.relate(
        session,
        seed.r3.id,
        actor=legal,
        kind=RelationKind.REFERS_TO,
        target_id=seed.r1.id,
        articles="ps 5 ay 2",
    )
    assert relation.articles == "Pasal 5 ayat (2)"


def test_a_relation_raises_the_version_of_the_acting_regulation(session, seed, legal):
    before = seed.r2.version
    services.relate(session, seed.r2.id, actor=legal, kind=RelationKind.REFERS_TO, target_id=seed.r1.id)
    assert seed.r2.version == before + 1


@pytest.mark.parametrize(
    "source, kind, target, effective_on, field",
    [
        ("r2", AMENDS, "r2", None, "target_id"),
        ("r2", AMENDS, "r3", None, "target_id"),
        ("r1", RelationKind.REVOKES, "r2", None, "target_id"),
        ("r1", RelationKind.IMPLEMENTS, "r2", None, "target_id"),
        ("r2", RelationKind.AMENDS, "r1", date(2018, 9, 30), "effective_on"),
    ],
)
def test_impossible_relations_are_refused(session, seed, legal, source, kind, target, effective_on, field):
    with pytest.raises(Invalid) as refusal:
        services.relate(
            session, getattr(seed, source).id, actor=legal, kind=kind,
            target_id=getattr(seed, target).id, effective_on=effective_on,
        )  # fmt: skip
    assert fields_of(refusal) == {field}


def test_the_first_day_of_force_is_the_earliest_day_of_an_effect(session, seed, legal):
    row = services.relate(
        session, seed.r2.id, actor=legal, kind=AMENDS, target_id=seed.r1.id, effective_on=date(2018, 10, 1)
    )
    assert row.effective_on == date(2018, 10, 1)


def test_the_same_relation_is_recorded_once(session, seed, legal):
    with pytest.raises(IntegrityError), session.begin_nested():
        services.relate(session, seed.r2.id, actor=legal, kind=RelationKind.IMPLEMENTS, target_id=seed.r1.id)


def test_a_draft_of_another_government_cannot_be_a_target(session, people, seed):
    other = people.identity(session, "legal.kalteng")
    own = services.create(
        session, actor=other, government_id=people.government("62"), kind=PERGUB, title="Lain"
    )
    for target_id in (seed.r3.id, 999_999):
        with pytest.raises(NotFound):
            services.relate(session, own.id, actor=other, kind=RelationKind.REFERS_TO, target_id=target_id)


def test_a_withdrawn_draft_does_nothing_to_others(session, seed, legal):
    services.withdraw(session, seed.r3.id, actor=legal)
    with pytest.raises(Refused):
        services.relate(session, seed.r3.id, actor=legal, kind=RelationKind.REFERS_TO, target_id=seed.r1.id)


def test_a_draft_amends_nothing_until_it_is_enacted_and_in_force(session, seed, legal):
    def state(day):
        return queries.standings(session, [seed.r2.id], day=day)[seed.r2.id].state

    assert state(date(2100, 1, 1)) is RegulationState.IN_FORCE
    on = date(2090, 5, 2)
    services.enact(session, seed.r3.id, actor=legal, number="7", year=2090, enacted_on=on, promulgated_on=on)
    assert state(on - timedelta(days=1)) is RegulationState.IN_FORCE
    assert state(on) is RegulationState.AMENDED


# -- attaching ------------------------------------------------------------------------------------------------


def test_an_uploaded_document_is_attached_in_a_role(session, seed, legal):
    document = store(session, File(), title="Abstrak", kind=DocumentKind.OTHER, actor=legal)
    services.attach(session, seed.r2.id, actor=legal, documents=[document.id], role=DocumentKind.ABSTRACT)
    [(attachment, row)] = queries.documents(session, seed.r2.id, identity=legal)
    assert (attachment.role, row.id, document.is_claimed) == (DocumentKind.ABSTRACT, document.id, True)


def test_nothing_chosen_is_nothing_attached(session, seed, legal):
    with pytest.raises(Invalid) as refusal:
        services.attach(session, seed.r2.id, actor=legal, documents=[], role=DocumentKind.COPY)
    assert fields_of(refusal) == {"documents"}


def test_a_strangers_upload_cannot_be_attached(session, people, seed, legal):
    document = store(
        session,
        File(),
        title="x",
        kind=DocumentKind.OTHER,
        actor=people.identity(session, "liaison.kopukm.babel"),
    )
    with pytest.raises(NotFound):
        services.attach(session, seed.r2.id, actor=legal, documents=[document.id], role=DocumentKind.COPY)


def test_the_same_document_is_attached_once(session, seed, legal):
    services.attach(session, seed.r2.id, actor=legal, documents=[File()], role=DocumentKind.COPY)
    [(attachment, _row)] = queries.documents(session, seed.r2.id, identity=legal)
    with pytest.raises(IntegrityError), session.begin_nested():
        services.attach(
            session, seed.r2.id, actor=legal, documents=[attachment.document_id], role=DocumentKind.ANNEX
        )
