"""Reads of organizations, on both databases: search under every name, trees, names and holders of a day."""

from datetime import date

import pytest

from collab.audit.services import instant
from collab.core.errors import NotFound
from collab.core.identity import SYSTEM
from collab.organizations import queries, services
from collab.organizations.vocabulary import HoldingKind, OrganizationClass
from tests.support import builders

DAY = date(2025, 6, 1)
HOSTILE = [
    "'; DROP TABLE organization; --",
    "%",
    "_",
    "\\",
    '" OR 1=1',
    "<script>alert(1)</script>",
    "𝕏" * 50,
]


@pytest.fixture
def regions(session):
    services.load_regions(session)


@pytest.fixture
def babel(session):
    return builders.government(session, "19", short_name="Babel")


@pytest.fixture
def kalteng(session):
    return builders.government(session, "62", short_name="Kalteng")


def found(session, text, **kw):
    return [row.id for row in queries.search(session, text, identity=SYSTEM, **kw)]


# -- search --------------------------------------------------------------------------------------------------


def test_every_printed_form_leads_to_the_one_record(session, babel):
    oke = builders.organization(
        session, name="OKE OCE", aliases=["OK OCE", "Perkumpulan Gerakan OK OCE (PGO)"]
    )
    kop = builders.organization(
        session, babel, name="Dinas Koperasi dan UMKM", aliases=["Dinas Koperasi dan UKM", "DKUKM"]
    )
    for text in ("OKE OCE", "ok oce", "pgo", "gerakan ok"):
        assert found(session, text) == [oke.id]
    for text in ("Dinas Koperasi dan UKM", "Dinas Koperasi dan UMKM", "dkukm", "KOPERASI um", "uk dinas"):
        assert found(session, text) == [kop.id]


def test_a_word_is_found_by_its_beginning_only(session, babel):
    row = builders.organization(session, babel, name="Dinas Perindustrian/Perdagangan (lama)")
    assert found(session, "perdag") == found(session, "lam") == [row.id]
    assert found(session, "dagang") == []


def test_an_old_name_and_a_short_name_still_find_the_body(session, babel):
    row = builders.organization(session, babel, name="Bappedalitbang")
    services.rename(session, row, actor=SYSTEM, name="Bapperida", short_name="BRD", valid_from=DAY)
    assert found(session, "bappedalit") == found(session, "brd") == [row.id]
    hit = queries.search(session, "bappedalit", identity=SYSTEM)[0]
    assert (hit.name, hit.matched) == ("Bapperida", "Bappedalitbang")


def test_homonyms_come_all_and_are_told_apart(session, regions, babel, kalteng):
    for code in ("62.11.05.2006", "62.10.06.2017"):
        builders.organization(
            session,
            kalteng,
            name="Pemerintah Desa Gohong",
            org_class=OrganizationClass.VILLAGE_GOVERNMENT,
            region_code=code,
        )
    for owner in (babel, kalteng):
        builders.organization(session, owner, name="Dinas Pertanian")
    villages = queries.search(session, "desa gohong", identity=SYSTEM)
    assert sorted(queries.label(row) for row in villages) == [
        "Pemerintah Desa Gohong · Kalteng · Gohong (62.10.06.2017)",
        "Pemerintah Desa Gohong · Kalteng · Gohong (62.11.05.2006)",
    ]
    labels = [queries.label(row) for row in queries.search(session, "dinas pertanian", identity=SYSTEM)]
    assert sorted(labels) == ["Dinas Pertanian · Babel", "Dinas Pertanian · Kalteng"]


def test_a_search_within_a_government_keeps_the_partners(session, babel, kalteng):
    here, there = (builders.organization(session, owner, name="Sinergi Jaya") for owner in (babel, kalteng))
    partner = builders.organization(session, name="Sinergi Mandiri")
    assert found(session, "sinergi", government_id=babel.id) == [here.id, partner.id]
    assert there.id in found(session, "sinergi")
    assert found(session, "sinergi", classes=[OrganizationClass.PARTNER]) == [partner.id]


def test_the_closest_name_comes_first_and_ended_bodies_last(session, babel):
    long = builders.organization(session, babel, name="Badan Dinas Pertanian")
    ended = builders.organization(session, babel, name="Dinas Pertanian A", valid_until=date(2020, 1, 1))
    start = builders.organization(session, babel, name="Dinas Pertanian B")
    exact = builders.organization(session, babel, name="Dinas Pertanian")
    assert found(session, "Dinas Pertanian") == [exact.id, start.id, ended.id, long.id]


@pytest.mark.parametrize("text", [*HOSTILE, "", "   "])
def test_hostile_text_finds_nothing_and_breaks_nothing(session, regions, babel, text):
    assert found(session, text) == []
    assert queries.find_regions(session, text, identity=SYSTEM) == []
    assert queries.find_persons(session, text, identity=SYSTEM, day=DAY) == []
    assert session.execute(queries.listed(identity=SYSTEM, text=text or "%")).all() == []


def test_desa_gohong_asks_which(session, regions):
    labels = [
        queries.region_label(row) for row in queries.find_regions(session, "Desa Gohong", identity=SYSTEM)
    ]
    assert labels == [
        "Desa Gohong, Kecamatan Manuhing, Kabupaten Gunung Mas (62.10.06.2017)",
        "Desa Gohong, Kecamatan Kahayan Hilir, Kabupaten Pulang Pisau (62.11.05.2006)",
    ]
    names = [row.name for row in queries.find_regions(session, "gohong", identity=SYSTEM)]
    assert names == ["Gohong", "Gohong", "Sei Gohong"]


@pytest.mark.parametrize(
    "text, first",
    [("62.11", "62.11"), ("kab pulang", "62.11"), ("prov kep bangka", "19"), ("kota palangka", "62.71")],
)
def test_regions_are_found_by_code_and_by_abbreviated_words(session, regions, text, first):
    assert queries.find_regions(session, text, identity=SYSTEM)[0].code == first


def test_a_person_is_found_by_every_printed_form(session, babel):
    who = builders.person(session, "Elfiyena", aliases="Elfiana\nElfi")
    post = builders.position(session, builders.organization(session, babel, name="Dinas Koperasi dan UMKM"))
    builders.holding(session, who, post)
    hit = queries.find_persons(session, "elfiana", identity=SYSTEM, day=DAY)[0]
    assert queries.person_label(hit) == "Elfiyena · Kepala Dinas, Dinas Koperasi dan UMKM"
    post_hit = queries.find_positions(session, "kepala kop", identity=SYSTEM)[0]
    assert queries.position_label(post_hit) == "Kepala Dinas · Dinas Koperasi dan UMKM · Babel"


# -- codes and trees -----------------------------------------------------------------------------------------


def test_scope_codes_name_governments_organizations_and_partners(session, babel):
    row, partner = (
        builders.organization(session, babel, code="pertanian"),
        builders.organization(session, code="oke"),
    )
    assert queries.by_scope(session, "19/pertanian") is row
    assert queries.by_scope(session, "partner/oke") is partner
    assert queries.by_scope(session, "19") is babel
    for code in ("64", "19/", "19/x", "partner/pertanian", "/oke", "19/pertanian/x", ""):
        with pytest.raises(NotFound):
            queries.by_scope(session, code)


def test_the_tree_lays_each_unit_under_the_one_it_belongs_to(session, babel):
    setda = builders.organization(session, babel, name="Sekretariat", org_class=OrganizationClass.SECRETARIAT)
    biro = builders.organization(
        session, babel, name="Biro Hukum", org_class=OrganizationClass.UNIT, parent_id=setda.id
    )
    bagian = builders.organization(
        session, babel, name="Bagian", org_class=OrganizationClass.UNIT, parent_id=biro.id
    )
    dinas = builders.organization(session, babel, name="Dinas")
    root = queries.root_of(session, babel.id)
    laid = [(node.row.id, node.depth) for node in queries.tree(session, babel.id)]
    assert laid == [(root.id, 0), (dinas.id, 0), (setda.id, 0), (biro.id, 1), (bagian.id, 2)]
    assert queries.descendants(session, setda.id) == {setda.id, biro.id, bagian.id}
    assert [row.id for row in queries.ancestors(session, bagian.id)] == [biro.id, setda.id]
    assert queries.agency_of(session, bagian.id) == setda.id
    assert queries.agency_of(session, root.id) is None


def test_agencies_of_a_day_are_those_that_exist_on_it(session, babel):
    old = builders.organization(session, babel, name="A", valid_until=date(2025, 5, 31))
    new = builders.organization(session, babel, name="B", valid_from=DAY)
    builders.organization(session, babel, name="C", org_class=OrganizationClass.TEAM)
    for day, expected in ((date(2025, 5, 31), [old.id]), (DAY, [new.id])):
        assert [row.id for row in queries.agencies_of(session, babel.id, day=day)] == expected
    assert len(queries.agencies_of(session, babel.id)) == 2


# -- names and holders of a day ------------------------------------------------------------------------------


def test_names_of_a_day_leave_out_what_was_written_later(session, babel):
    row = builders.organization(session, babel, name="Dinas A", valid_from=date(2020, 1, 1))
    session.commit()
    before = queries_instant(session)
    services.rename(session, row, actor=SYSTEM, name="Dinas B", valid_from=DAY)
    assert queries.names_on(session, [row.id], DAY) == {row.id: "Dinas B"}
    assert queries.names_on(session, [row.id], DAY, known_before=before) == {row.id: "Dinas A"}


def queries_instant(session):
    """Give an instant between the last commit and whatever is recorded next."""
    moment = instant(session)
    session.commit()
    return moment


def test_who_acts_heads_the_body_while_the_holder_is_away(session, babel):
    row = builders.organization(session, babel)
    post = builders.position(session, row)
    builders.position(session, row, "Sekretaris", is_head=False)
    head, deputy = builders.person(session), builders.person(session, "Ferawati")
    builders.holding(session, head, post)
    builders.holding(
        session, deputy, post, HoldingKind.PLH, valid_from=DAY, valid_until=date(2025, 6, 7), decree="SK 1"
    )
    assert queries.head_on(session, row.id, DAY).person_id == deputy.id
    assert queries.head_on(session, row.id, date(2025, 6, 8)).person_id == head.id
    assert queries.head_on(session, row.id, date(2023, 1, 1)) is None
    assert [h.person_id for h in queries.holders_on(session, row.id, DAY)] == [deputy.id, head.id]


def test_vacant_posts_are_those_nobody_holds_on_the_day(session, babel):
    row = builders.organization(session, babel)
    head, second = (
        builders.position(session, row),
        builders.position(session, row, "Sekretaris", is_head=False),
    )
    ended = builders.organization(session, babel, valid_until=date(2020, 1, 1))
    builders.position(session, ended)
    builders.holding(session, builders.person(session), head, valid_until=DAY)
    assert [p.id for p in queries.vacant_positions(session, DAY, government_id=babel.id)] == [second.id]
    after = queries.vacant_positions(session, date(2025, 6, 2), organization_ids=[row.id], heads_only=True)
    assert [p.id for p in after] == [head.id]
