"""Writes of organizations, on both databases: what they keep, refuse and tell the journal."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DataError, IntegrityError

from collab.audit.models import JournalEntry
from collab.core import clock
from collab.core.errors import Forbidden, Invalid, Refused
from collab.core.identity import SYSTEM, Role
from collab.organizations import queries, services
from collab.organizations.models import Organization, OrganizationName, Region, Succession
from collab.organizations.vocabulary import HoldingKind, OrganizationClass
from collab.web.integrity import explain
from tests.support import builders
from tests.support.builders import acting

DAY = date(2025, 6, 1)
OTHERS = [Role.MONITOR, Role.COORDINATOR, Role.LEGAL, Role.AUDITOR]


@pytest.fixture
def nation(session):
    return builders.government(session, "id")


@pytest.fixture
def babel(session, nation):
    return builders.government(session, "19", parent_id=nation.id, short_name="Babel")


@pytest.fixture
def kalteng(session, nation):
    return builders.government(session, "62", parent_id=nation.id, timezone="Asia/Pontianak")


def journal(session):
    """Commit, and read the tags and contents of all acts."""
    session.commit()
    rows = session.execute(select(JournalEntry.tag, JournalEntry.payload).order_by(JournalEntry.id)).all()
    return [(tag, json.loads(payload)) for tag, payload in rows]


# -- regions -------------------------------------------------------------------------------------------------


def test_regions_are_loaded_once_however_often_one_asks(session):
    assert services.load_regions(session) == session.scalar(select(func.count()).select_from(Region))
    assert services.load_regions(session) == 0
    assert [tag for tag, _ in journal(session)] == ["organizations:region:load"]


def test_a_new_edition_corrects_a_region(session):
    services.load_regions(session)
    session.get_one(Region, "62.71").name = "Palangkaraya"
    session.flush()
    assert services.load_regions(session) == 1
    assert session.get_one(Region, "62.71").name == "Kota Palangka Raya"


# -- governments ---------------------------------------------------------------------------------------------


def test_a_government_comes_with_its_root_organization(session, babel):
    root = queries.root_of(session, babel.id)
    assert (root.code, root.org_class, root.name) == ("pemerintah", OrganizationClass.GOVERNMENT, babel.name)
    assert queries.by_scope(session, "19") is babel
    assert queries.by_scope(session, "19/pemerintah") is root


def test_only_an_administrator_of_the_nation_makes_governments(session, nation, babel):
    made = builders.government(session, "19.01", parent_id=babel.id)
    for actor in [acting(Role.ADMIN, babel), *(acting(role, nation) for role in OTHERS)]:
        with pytest.raises(Forbidden):
            services.create_government(
                session,
                actor=actor,
                code="62",
                kind="province",
                name="x",
                short_name="x",
                timezone="Asia/Jakarta",
                parent_id=nation.id,
            )
        with pytest.raises(Forbidden):
            services.edit_government(session, made, actor=actor, name="x")
    services.edit_government(session, made, actor=acting(Role.ADMIN, nation), name="Kabupaten Bangka")
    assert made.name == "Kabupaten Bangka"


@pytest.mark.parametrize(
    "values, field",
    [
        ({"code": "bangka"}, "code"),
        ({"code": "19"}, "code"),
        ({"timezone": "Europe/Berlin"}, "timezone"),
        ({"parent_id": 999}, "parent_id"),
        ({"region_code": "99"}, "region_code"),
    ],
)
def test_wrong_values_of_a_government_are_refused_at_their_field(session, babel, values, field):
    with pytest.raises(Invalid) as refusal:
        builders.government(session, **{"code": "64", **values})
    assert list(refusal.value.errors) == [field]


def test_a_regency_belongs_to_a_province_not_to_the_nation(session, nation, babel):
    with pytest.raises(Invalid):
        builders.government(session, "19.01", parent_id=nation.id)
    with pytest.raises(Invalid):
        services.edit_government(session, babel, actor=SYSTEM, parent_id=babel.id)


def test_a_renamed_government_renames_its_root_organization_from_today(session, babel):
    before = babel.name
    services.edit_government(session, babel, actor=SYSTEM, name="Provinsi Timah")
    root = queries.root_of(session, babel.id)
    today = clock.today(babel.timezone)
    assert root.name == "Provinsi Timah"
    assert queries.name_on(session, root, today - timedelta(days=1)) == before


# -- organizations -------------------------------------------------------------------------------------------


def test_an_organization_gets_a_code_of_its_short_name_that_is_free(session, babel):
    first = builders.organization(session, babel, name="Dinas Pertanian", short_name="Distan")
    second = builders.organization(session, babel, name="Dinas Pertanahan", short_name="Distan")
    assert (first.code, second.code) == ("distan", "distan-2")


def test_two_governments_may_use_the_same_code(session, babel, kalteng):
    for owner in (babel, kalteng):
        builders.organization(session, owner, code="pertanian")
    assert queries.by_code(session, "62/pertanian").government_id == kalteng.id


def test_a_taken_code_is_refused_at_its_field(session, babel):
    builders.organization(session, babel, code="pertanian")
    builders.organization(session, code="okeoce")
    for owner, code in ((babel, "pertanian"), (None, "okeoce"), (babel, "Dinas Pertanian"), (babel, "a--b")):
        with pytest.raises(Invalid) as refusal:
            builders.organization(session, owner, code=code)
        assert list(refusal.value.errors) == ["code"]


@pytest.mark.parametrize("own", [True, False])
def test_the_database_too_refuses_a_taken_code(session, babel, own, app_sentences):
    values = {"government_id": babel.id if own else None, "code": "kembar", "name": "Kembar"}
    values["org_class"] = OrganizationClass.DINAS if own else OrganizationClass.PARTNER
    moment = clock.now()
    session.add(Organization(**values, changed_at=moment))
    session.flush()
    session.add(Organization(**values, changed_at=moment))
    with pytest.raises(IntegrityError) as refusal:
        session.flush()
    assert list(explain(refusal.value).errors) == ["code"]


def test_partners_have_no_government_and_others_must_have_one(session, babel):
    for values, field in (
        ({"org_class": OrganizationClass.PARTNER, "government_id": babel.id}, "org_class"),
        ({"org_class": OrganizationClass.DINAS, "government_id": None}, "government_id"),
        ({"org_class": OrganizationClass.DINAS, "government_id": 999}, "government_id"),
        ({"org_class": OrganizationClass.GOVERNMENT, "government_id": babel.id}, "org_class"),
        (
            {"org_class": OrganizationClass.DINAS, "government_id": babel.id, "partner_kind": "business"},
            "partner_kind",
        ),
    ):
        with pytest.raises(Invalid) as refusal:
            builders.organization(session, **values)
        assert list(refusal.value.errors) == [field]


def test_a_unit_stands_in_its_own_government_and_never_below_itself(session, babel, kalteng):
    setda = builders.organization(session, babel, org_class=OrganizationClass.SECRETARIAT)
    biro = builders.organization(session, babel, org_class=OrganizationClass.UNIT, parent_id=setda.id)
    foreign = builders.organization(session, kalteng)
    for row, parent in ((setda, biro.id), (setda, setda.id), (biro, foreign.id), (biro, 9999)):
        with pytest.raises(Invalid) as refusal:
            services.edit_organization(session, row, actor=SYSTEM, parent_id=parent)
        assert list(refusal.value.errors) == ["parent_id"]


def test_an_edit_changes_what_is_sent_and_counts_the_version_up(session, babel):
    row = builders.organization(session, babel, code="lama")
    version = row.version
    services.edit_organization(session, row, actor=SYSTEM, code="baru")
    assert (row.code, row.version) == ("baru", version + 1)
    services.edit_organization(session, row, actor=SYSTEM, code="baru")
    assert row.version == version + 1


def test_the_class_of_a_root_organization_stays(session, babel):
    root = queries.root_of(session, babel.id)
    with pytest.raises(Invalid):
        services.edit_organization(session, root, actor=SYSTEM, org_class=OrganizationClass.DINAS)


def test_long_names_fit_and_longer_ones_are_refused_by_the_database(session, babel):
    row = builders.organization(session, babel, name="P" * 300, short_name="p" * 120)
    assert len(row.name) == 300
    with pytest.raises((IntegrityError, DataError)):
        builders.organization(session, babel, name="P" * 301)


# -- who may -------------------------------------------------------------------------------------------------


def test_administrators_write_in_their_government_and_nobody_else_does(session, babel, kalteng):
    row = builders.organization(session, babel)
    post = builders.position(session, row)
    who = builders.person(session)
    writes = [
        lambda actor: services.create_organization(
            session, actor=actor, name="x", org_class=OrganizationClass.DINAS, government_id=babel.id
        ),
        lambda actor: services.edit_organization(session, row, actor=actor, code="x"),
        lambda actor: services.rename(session, row, actor=actor, name="x", valid_from=DAY),
        lambda actor: services.merge(session, row, actor=actor, predecessor_ids=[999], effective_on=DAY),
        lambda actor: services.split(session, row, actor=actor, successor_ids=[999], effective_on=DAY),
        lambda actor: services.create_position(session, actor=actor, organization_id=row.id, title="x"),
        lambda actor: services.edit_position(session, post, actor=actor, title="x"),
        lambda actor: services.hold_position(
            session,
            actor=actor,
            person_id=who.id,
            position_id=post.id,
            holding_kind=HoldingKind.PLT,
            valid_from=DAY,
        ),
    ]
    strangers = [
        acting(Role.ADMIN, kalteng),
        *(acting(role, babel) for role in OTHERS),
        builders.acting_in(Role.LIAISON, row),
        builders.acting_in(Role.PARTNER, row),
    ]
    for write in writes:
        for actor in strangers:
            with pytest.raises(Forbidden):
                write(actor)
    services.rename(session, row, actor=acting(Role.ADMIN, babel), name="Dinas Baru", valid_from=DAY)
    assert row.name == "Dinas Baru"


def test_any_administrator_keeps_partners_and_persons(session, babel, kalteng):
    partner = builders.organization(session)
    for owner in (babel, kalteng):
        services.edit_organization(session, partner, actor=acting(Role.ADMIN, owner), code=f"p-{owner.code}")
        services.create_person(session, actor=acting(Role.ADMIN, owner), name="Ivan")
    for role in OTHERS:
        with pytest.raises(Forbidden):
            services.edit_organization(session, partner, actor=acting(role, babel), code="x")
        with pytest.raises(Forbidden):
            services.create_person(session, actor=acting(role, babel), name="x")


def test_coordinators_add_aliases_in_their_government_and_to_partners(session, babel, kalteng):
    dinas, partner = builders.organization(session, babel), builders.organization(session)
    services.add_alias(session, dinas, actor=acting(Role.COORDINATOR, babel), name="Nama lain")
    services.add_alias(session, partner, actor=acting(Role.COORDINATOR, kalteng), name="OK OCE")
    for actor in (
        acting(Role.COORDINATOR, kalteng),
        acting(Role.LEGAL, babel),
        builders.acting_in(Role.LIAISON, dinas),
    ):
        with pytest.raises(Forbidden):
            services.add_alias(session, dinas, actor=actor, name="x")
    with pytest.raises(Forbidden):
        services.add_alias(session, partner, actor=acting(Role.MONITOR, babel), name="x")


# -- names ---------------------------------------------------------------------------------------------------


def test_a_new_name_is_in_force_from_its_day_and_the_old_one_before(session, babel):
    row = builders.organization(session, babel, name="Bappedalitbang", valid_from=date(2017, 1, 1))
    services.rename(session, row, actor=SYSTEM, name="Bapperida", short_name="Bapperida", valid_from=DAY)
    assert (row.name, row.short_name) == ("Bapperida", "Bapperida")
    assert queries.name_on(session, row, DAY - timedelta(days=1)) == "Bappedalitbang"
    assert queries.name_on(session, row, DAY) == "Bapperida"


def test_a_name_recorded_for_an_earlier_day_leaves_the_present_one(session, babel):
    row = builders.organization(session, babel, name="Dinas A")
    services.rename(session, row, actor=SYSTEM, name="Dinas C", valid_from=DAY)
    services.rename(session, row, actor=SYSTEM, name="Dinas B", valid_from=date(2022, 1, 1))
    assert row.name == "Dinas C"
    assert queries.name_on(session, row, date(2023, 1, 1)) == "Dinas B"


def test_the_same_first_day_corrects_a_misspelt_name(session, babel):
    row = builders.organization(session, babel, name="Dinas A")
    services.rename(session, row, actor=SYSTEM, name="Dinas Koprasi", valid_from=DAY)
    services.rename(session, row, actor=SYSTEM, name="Dinas Koperasi", valid_from=DAY)
    assert queries.name_on(session, row, DAY) == row.name == "Dinas Koperasi"


def test_a_name_of_the_future_is_refused(session, kalteng):
    row = builders.organization(session, kalteng)
    tomorrow = clock.today(kalteng.timezone) + timedelta(days=1)
    with pytest.raises(Invalid) as refusal:
        services.rename(session, row, actor=SYSTEM, name="x", valid_from=tomorrow)
    assert list(refusal.value.errors) == ["valid_from"]


def test_names_are_never_changed_in_place(session, babel):
    builders.organization(session, babel)
    row = session.scalars(select(OrganizationName)).first()
    row.name = "Lain"
    with pytest.raises(IntegrityError, match="append-only"):
        session.flush()


def test_a_name_the_organization_has_is_no_new_alias(session):
    partner = builders.organization(session, name="OKE OCE", aliases=["OK OCE", "oke oce"])
    for name in ("oke oce", "OK OCE"):
        with pytest.raises(Invalid) as refusal:
            services.add_alias(session, partner, actor=SYSTEM, name=name)
        assert list(refusal.value.errors) == ["name"]
    assert [name.name for name in queries.names_of(session, partner.id).aliases] == ["OK OCE"]


# -- reorganisations -----------------------------------------------------------------------------------------


def test_a_merger_ends_the_predecessors_the_day_before_and_leaves_a_trace(session, babel):
    old = [builders.organization(session, babel) for _ in range(2)]
    new = builders.organization(session, babel, valid_from=DAY)
    version = new.version
    services.merge(session, new, actor=SYSTEM, predecessor_ids=[row.id for row in old], effective_on=DAY)
    assert [row.valid_until for row in old] == [date(2025, 5, 31)] * 2
    assert new.version > version
    trace = queries.successions_of(session, old[0].id)
    assert [(row.kind, row.effective_on, row.successor_id) for row in trace] == [("merge", DAY, new.id)]
    assert len(queries.successions_of(session, new.id)) == 2
    assert [tag for tag, _ in journal(session)][-3:] == ["organizations:organization:merge"] * 3


def test_a_split_ends_the_body_unless_a_part_goes_on_under_its_name(session, babel):
    first, second = builders.organization(session, babel), builders.organization(session, babel)
    parts = [builders.organization(session, babel).id for _ in range(2)]
    services.split(session, first, actor=SYSTEM, successor_ids=parts, effective_on=DAY)
    services.split(session, second, actor=SYSTEM, successor_ids=parts[:1], effective_on=DAY, ends=False)
    assert first.valid_until == date(2025, 5, 31)
    assert second.valid_until is None
    assert session.scalar(select(func.count()).select_from(Succession)) == 3


def test_reorganisations_that_cannot_be_are_refused(session, babel, kalteng):
    row, ended = builders.organization(session, babel), builders.organization(session, babel)
    young = builders.organization(session, babel, valid_from=DAY)
    foreign = builders.organization(session, kalteng)
    root = queries.root_of(session, babel.id)
    services.edit_organization(session, ended, actor=SYSTEM, valid_until=date(2020, 1, 1))
    for ids, kind in (
        ([], Invalid),
        ([row.id], Invalid),
        ([9999], Invalid),
        ([foreign.id], Invalid),
        ([root.id], Invalid),
        ([young.id], Invalid),
        ([ended.id], Refused),
    ):
        with pytest.raises(kind):
            services.merge(session, row, actor=SYSTEM, predecessor_ids=ids, effective_on=DAY)
    with pytest.raises(Refused):
        services.split(session, row, actor=SYSTEM, successor_ids=[ended.id], effective_on=DAY)
    assert session.scalar(select(func.count()).select_from(Succession)) <= 2


def test_the_same_succession_is_not_recorded_twice(session, babel):
    old, new = builders.organization(session, babel), builders.organization(session, babel)
    services.merge(session, new, actor=SYSTEM, predecessor_ids=[old.id], effective_on=DAY)
    with pytest.raises(Refused) as refusal:
        services.merge(session, new, actor=SYSTEM, predecessor_ids=[old.id], effective_on=DAY)
    assert refusal.value.law


# -- persons, posts, terms -----------------------------------------------------------------------------------


def test_a_post_has_a_title_of_its_own_and_one_post_heads_the_body(session, babel, app_sentences):
    row = builders.organization(session, babel)
    builders.position(session, row, "Kepala Dinas")
    second = builders.position(session, row, "Sekretaris", is_head=False)
    for values, field in (
        ({"title": "kepala dinas"}, "title"),
        ({"title": "x", "is_head": True}, "is_head"),
        ({"title": None}, "title"),
    ):
        with pytest.raises(Invalid) as refusal:
            services.edit_position(session, second, actor=SYSTEM, **values)
        assert field in refusal.value.errors
    second.is_head = True
    with pytest.raises(IntegrityError) as broken:
        session.flush()
    assert list(explain(broken.value).errors) == ["is_head"]


def test_a_post_has_one_definitive_holder_and_beside_them_one_who_acts(session, babel):
    post = builders.position(session, builders.organization(session, babel))
    first, second = builders.person(session), builders.person(session, "Leonard S. Ampung")
    term = builders.holding(session, first, post)
    acting_term = builders.holding(session, second, post, HoldingKind.PLH, valid_from=DAY)
    for kind in (HoldingKind.DEFINITIVE, HoldingKind.PLT):
        with pytest.raises(Refused) as refusal:
            builders.holding(session, second, post, kind, valid_from=DAY)
        assert refusal.value.law
    services.end_holding(session, term, actor=SYSTEM, valid_until=date(2025, 12, 31), decree="SK 1/2026")
    builders.holding(session, second, post, valid_from=date(2026, 1, 1))
    with pytest.raises(Refused):
        services.end_holding(session, term, actor=SYSTEM, valid_until=date(2026, 1, 1))
    with pytest.raises(Invalid):
        services.end_holding(session, acting_term, actor=SYSTEM, valid_until=DAY - timedelta(days=1))
    assert term.decree == "SK 1/2026"


def test_unknown_persons_posts_and_days_in_disorder_are_refused_at_their_field(session, babel):
    post, who = builders.position(session, builders.organization(session, babel)), builders.person(session)
    for values, field in (
        ({"person_id": 9999}, "person_id"),
        ({"position_id": 9999}, "position_id"),
        ({"valid_until": date(2020, 1, 1)}, "valid_until"),
    ):
        given = {"person_id": who.id, "position_id": post.id, **values}
        with pytest.raises(Invalid) as refusal:
            services.hold_position(
                session, actor=SYSTEM, holding_kind=HoldingKind.PLT, valid_from=DAY, **given
            )
        assert list(refusal.value.errors) == [field]


def test_a_change_of_holders_counts_the_posts_version_up(session, babel):
    post = builders.position(session, builders.organization(session, babel))
    version = post.version
    builders.holding(session, builders.person(session), post)
    assert post.version == version + 1


# -- the journal ---------------------------------------------------------------------------------------------


def test_every_act_stands_in_the_journal_with_its_government(session, babel):
    row = builders.organization(session, babel, name="Dinas A", aliases=["Dinas Satu"])
    services.edit_organization(session, row, actor=SYSTEM, code="a")
    services.rename(session, row, actor=SYSTEM, name="Dinas B", valid_from=DAY)
    services.add_alias(session, row, actor=SYSTEM, name="Dinas Bé")
    who = builders.person(session)
    services.edit_person(session, who, actor=SYSTEM, aliases="Elfiana")
    post = builders.position(session, row)
    services.edit_position(session, post, actor=SYSTEM, title="Kadis")
    term = builders.holding(session, who, post, HoldingKind.PLT)
    services.end_holding(session, term, actor=SYSTEM, valid_until=DAY)
    acts = journal(session)[-9:]
    assert [tag.split(":", 1)[1] for tag, _ in acts] == [
        "organization:create",
        "organization:edit",
        "organization:rename",
        "alias:add",
        "person:create",
        "person:edit",
        "position:create",
        "position:edit",
        "holding:create",
        "holding:end",
    ][-9:]
    assert all(act["government_id"] == babel.id for tag, act in acts if ":person:" not in tag)
    assert acts[1][1]["detail"] == {"before": "Dinas A", "day": "2025-06-01", "name": "Dinas B"}
    assert acts[7][1]["detail"]["office"] == "Plt. Kadis"


def test_an_edit_that_changes_nothing_leaves_no_line(session, babel):
    row, who = builders.organization(session, babel), builders.person(session)
    post = builders.position(session, row)
    before = len(journal(session))
    services.edit_organization(session, row, actor=SYSTEM)
    services.edit_government(session, babel, actor=SYSTEM)
    services.edit_person(session, who, actor=SYSTEM, name=who.name)
    services.edit_position(session, post, actor=SYSTEM, title=post.title)
    assert len(journal(session)) == before
