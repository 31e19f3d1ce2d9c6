"""What a regulation is worth on a day, both edges of every date; citations, articles, titles, dates."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.organizations.vocabulary import GovernmentKind
from collab.regulations import rules
from collab.regulations.rules import Acting, Dates, Standing, article, citation, standing_on, state_on
from collab.regulations.vocabulary import Lifecycle, RegulationKind, RegulationState, RelationKind

PERGUB, PERDA, KEPGUB = RegulationKind.PERGUB, RegulationKind.PERDA_PROV, RegulationKind.KEPGUB
ENACTED, DRAFT = Lifecycle.ENACTED, Lifecycle.DRAFT
DAY = date(2018, 10, 1)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
EARLIER, LATER = date(2015, 1, 1), date(2025, 6, 1)
PUBLISHED = Dates(enacted_on=EARLIER, promulgated_on=EARLIER)


def acting(kind=RelationKind.AMENDS, **kw):
    values = {
        "acting_id": 7,
        "acting_kind": PERGUB,
        "acting_lifecycle": ENACTED,
        "acting_dates": Dates(DAY, DAY),
    }
    return Acting(kind=kind, **(values | kw))


@pytest.mark.parametrize(
    "kind, dates, first",
    [
        (PERGUB, Dates(), None),
        (PERGUB, Dates(enacted_on=BEFORE), None),
        (PERGUB, Dates(BEFORE, DAY), DAY),
        (PERGUB, Dates(BEFORE, DAY, AFTER), AFTER),
        (PERGUB, Dates(effective_on=AFTER), AFTER),
        (KEPGUB, Dates(enacted_on=BEFORE), BEFORE),
        (KEPGUB, Dates(BEFORE, None, AFTER), AFTER),
        (PERGUB, Dates(year=2018), date(2018, 12, 31)),
        (PERGUB, Dates(promulgated_on=DAY, year=2018), DAY),
        (KEPGUB, Dates(enacted_on=BEFORE, year=2018), BEFORE),
    ],
)
def test_a_regulation_is_in_force_as_stated_else_when_promulgated(kind, dates, first):
    assert rules.in_force_from(dates, kind) == first


@pytest.mark.parametrize(
    "lifecycle, dates, day, state",
    [
        (DRAFT, Dates(), DAY, RegulationState.DRAFT),
        (Lifecycle.WITHDRAWN, Dates(), DAY, RegulationState.WITHDRAWN),
        (ENACTED, Dates(DAY, DAY), BEFORE, RegulationState.NOT_YET_EFFECTIVE),
        (ENACTED, Dates(DAY, DAY), DAY, RegulationState.IN_FORCE),
        (ENACTED, Dates(DAY, DAY, AFTER), DAY, RegulationState.NOT_YET_EFFECTIVE),
        (ENACTED, Dates(DAY, DAY, AFTER), AFTER, RegulationState.IN_FORCE),
        (ENACTED, Dates(enacted_on=DAY), LATER, RegulationState.NOT_YET_EFFECTIVE),
    ],
)
def test_its_own_facts_decide_until_others_act_on_it(lifecycle, dates, day, state):
    assert state_on(PERGUB, lifecycle, dates, [], day) is state


@pytest.mark.parametrize(
    "kind, state",
    [
        (RelationKind.AMENDS, RegulationState.AMENDED),
        (RelationKind.PARTLY_REVOKES, RegulationState.PARTLY_REVOKED),
        (RelationKind.REVOKES, RegulationState.REVOKED),
        (RelationKind.IMPLEMENTS, RegulationState.IN_FORCE),
        (RelationKind.LEGAL_BASIS, RegulationState.IN_FORCE),
        (RelationKind.REFERS_TO, RegulationState.IN_FORCE),
    ],
)
def test_what_others_do_counts_from_the_first_day_of_their_force(kind, state):
    assert state_on(PERGUB, ENACTED, PUBLISHED, [acting(kind)], BEFORE) is RegulationState.IN_FORCE
    assert state_on(PERGUB, ENACTED, PUBLISHED, [acting(kind)], DAY) is state


@pytest.mark.parametrize(
    "relation, counts",
    [
        (acting(acting_lifecycle=DRAFT, acting_dates=Dates()), False),
        (acting(acting_dates=Dates(enacted_on=BEFORE)), False),
        (acting(effective_on=DAY), True),
        (acting(effective_on=AFTER), False),
        (acting(effective_on=EARLIER), True),
        (acting(acting_dates=Dates(BEFORE, BEFORE, AFTER), effective_on=DAY), False),
        (acting(recorded_on=DAY), True),
        (acting(recorded_on=AFTER), False),
        (acting(acting_dates=Dates(DAY, DAY, recorded_on=DAY)), True),
        (acting(acting_dates=Dates(DAY, DAY, recorded_on=AFTER)), False),
        (acting(acting_kind=KEPGUB, acting_dates=Dates(enacted_on=DAY)), True),
    ],
)
def test_a_relation_counts_when_recorded_begun_and_its_regulation_in_force(relation, counts):
    assert rules.bears(relation, DAY) is counts


def test_the_gravest_thing_done_to_it_decides():
    deeds = [
        acting(RelationKind.AMENDS, acting_id=1),
        acting(RelationKind.PARTLY_REVOKES, acting_id=2),
        acting(RelationKind.REVOKES, acting_id=3, effective_on=AFTER),
    ]
    assert standing_on(PERGUB, ENACTED, PUBLISHED, deeds, DAY) == Standing(
        RegulationState.PARTLY_REVOKED, DAY, (2,)
    )
    assert standing_on(PERGUB, ENACTED, PUBLISHED, deeds, AFTER) == Standing(
        RegulationState.REVOKED, AFTER, (3,)
    )


def test_amendments_are_named_in_order_and_the_newest_dates_the_state():
    second = acting(acting_id=3, acting_dates=Dates(AFTER, AFTER))
    found = standing_on(PERGUB, ENACTED, PUBLISHED, [second, acting(acting_id=9)], LATER)
    assert found == Standing(RegulationState.AMENDED, AFTER, (9, 3))


def test_a_revoked_regulation_does_not_live_again_when_its_revoker_is_revoked():
    # the revoker's own later fate is not asked: what it did stays done
    revoker = acting(RelationKind.REVOKES)
    assert state_on(PERGUB, ENACTED, PUBLISHED, [revoker], LATER) is RegulationState.REVOKED


days = st.dates(date(2000, 1, 1), date(2030, 12, 31))
some_day = st.none() | days


@given(days, days, st.lists(st.builds(
    acting, kind=st.sampled_from(RelationKind), effective_on=some_day, recorded_on=some_day,
    acting_dates=st.builds(Dates, some_day, some_day, some_day),
), max_size=4))  # fmt: skip
def test_once_revoked_it_stays_revoked(first, second, deeds):
    earlier, later = sorted((first, second))
    states = [state_on(PERGUB, ENACTED, Dates(EARLIER, EARLIER), deeds, day) for day in (earlier, later)]
    if states[0] is RegulationState.REVOKED:
        assert states[1] is RegulationState.REVOKED


@given(
    st.builds(acting, effective_on=some_day, recorded_on=some_day, acting_dates=st.builds(Dates, days, days)),
    days,
)
def test_nothing_counts_before_it_is_recorded(relation, day):
    if rules.bears(replace(relation, recorded_on=day + timedelta(days=1)), day):
        pytest.fail("a relation counted before anybody knew of it")


# -- citing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, number, year, short, cited",
    [
        (PERGUB, "48", 2018, False, "Pergub 48/2018 tentang Usaha Kecil"),
        (PERGUB, "48", 2018, True, "Pergub 48/2018"),
        (PERGUB, None, None, False, "Rancangan Pergub tentang Usaha Kecil"),
        (PERGUB, None, None, True, "Rancangan Pergub tentang Usaha Kecil"),
        (PERDA, "13", 2017, True, "Perda 13/2017"),
        (KEPGUB, "188.44/106", 2023, True, "Kepgub 188.44/106 Tahun 2023"),
    ],
)
def test_regulations_are_cited_as_people_here_do(kind, number, year, short, cited):
    assert citation(kind, number, year, "Usaha Kecil", short=short) == cited


@pytest.mark.parametrize(
    "text, found",
    [
        ("Pergub 48/2018", ({PERGUB}, "48", 2018)),
        ("pergub no 48 tahun 2018", ({PERGUB}, "48", 2018)),
        ("Pergub Nomor 48 Tahun 2018", ({PERGUB}, "48", 2018)),
        ("Perda 13 / 2017", ({PERDA, RegulationKind.PERDA_KAB}, "13", 2017)),
        ("Kepgub 188.44/106 Tahun 2023", ({KEPGUB}, "188.44/106", 2023)),
        ("48/2018", (set(RegulationKind), "48", 2018)),
        ("nomor 48 tahun 2018", (set(RegulationKind), "48", 2018)),
        ("UMKM tahun 2018", None),
        ("Surat 1/2020", None),
        ("usaha kecil", None),
        ("", None),
    ],
)
def test_a_typed_citation_is_understood(text, found):
    assert rules.read_citation(text) == found


@pytest.mark.parametrize(
    "typed, written",
    [
        ("ps 5 ay 2", "Pasal 5 ayat (2)"),
        ("Pasal 13 ayat (2) huruf A", "Pasal 13 ayat (2) huruf a"),
        ("psl. 7a", "Pasal 7A"),
        ("5", "Pasal 5"),
        ("5 ay 2", "Pasal 5 ayat (2)"),
        ("pasal 5 ayat (2) hrf b angka 3", "Pasal 5 ayat (2) huruf b angka 3"),
        ("ps 1; ps 3 dan ps 7", "Pasal 1, Pasal 3 dan Pasal 7"),
        ("BAB iv", "BAB IV"),
        ("lamp. II", "Lampiran II"),
        ("  seluruhnya ", "seluruhnya"),
        ("Pasal", "Pasal"),
        ("pasal 5 sampai 7", "pasal 5 sampai 7"),
        ("", ""),
    ],
)
def test_articles_are_written_as_they_are_cited(typed, written):
    assert article(typed) == written


@given(st.text(max_size=200))
def test_writing_an_article_twice_changes_nothing_and_never_grows_beyond_the_column(text):
    once = article(text)
    assert article(once) == once
    assert len(once) <= rules.ARTICLE_LENGTH


# -- titles, kinds, dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title, relations, laws",
    [
        ("Pemberdayaan Koperasi dan Usaha Kecil", [], []),
        ("PEMBERDAYAAN KOPERASI DAN USAHA KECIL", [], []),
        ("Pemberdayaan UMKM", [], ["angka 5"]),
        ("Rencana Kerja Tahap II", [], []),
        ("Usaha Kecil.", [], ["angka 4"]),
        ("Tentang Usaha Kecil", [], ["angka 2"]),
        ("Usaha Kecil", [RelationKind.AMENDS], ["angka 6-7"]),
        ("Perubahan atas Peraturan Gubernur Nomor 48 Tahun 2018", [RelationKind.AMENDS], []),
        ("Perubahan Kedua atas Peraturan Gubernur", [RelationKind.AMENDS], []),
        ("Perubahan atas Peraturan Gubernur", [], ["angka 6"]),
        ("Pencabutan Peraturan Gubernur", [], ["angka 9"]),
        ("Pencabutan Peraturan Gubernur", [RelationKind.REVOKES], []),
        ("Perubahan Iklim", [], []),
    ],
)
def test_titles_are_held_against_the_grammar_of_titles(title, relations, laws):
    assert [hint.law.rpartition("II ")[2] for hint in rules.title_hints(title, relations)] == laws


@pytest.mark.parametrize(
    "kind, relations, warned",
    [
        (PERGUB, [], True),
        (PERGUB, [RelationKind.REFERS_TO], True),
        (PERGUB, [RelationKind.IMPLEMENTS], False),
        (PERGUB, [RelationKind.AMENDS], False),
        (PERDA, [], False),
    ],
)
def test_a_governors_regulation_should_say_what_it_carries_out(kind, relations, warned):
    assert bool(rules.chain_hints(kind, relations)) is warned


@pytest.mark.parametrize(
    "dates, wrong",
    [
        (Dates(DAY, DAY, DAY), set()),
        (Dates(DAY, AFTER, AFTER), set()),
        (Dates(DAY, BEFORE), {"promulgated_on"}),
        (Dates(DAY, AFTER, DAY), {"effective_on"}),
        (Dates(DAY, None, BEFORE), {"effective_on"}),
        (Dates(None, None, BEFORE), set()),
    ],
)
def test_the_three_dates_stand_in_their_order(dates, wrong):
    assert set(rules.date_problems(dates)) == wrong


@pytest.mark.parametrize(
    "year, enacted_on, wrong",
    [(2018, DAY, False), (2017, DAY, True), (None, DAY, False), (2018, None, False)],
)
def test_the_year_of_the_number_is_the_year_of_enactment(year, enacted_on, wrong):
    assert bool(rules.year_problem(year, enacted_on)) is wrong


@pytest.mark.parametrize(
    "number, wrong",
    [("48", False), ("48A", False), ("188.44/106", False), ("-", True), ("empat", True), ("<b>1", True)],
)
def test_a_number_is_written_as_numbers_are(number, wrong):
    assert bool(rules.number_problem(number)) is wrong


def test_each_level_of_government_makes_its_own_kinds():
    assert PERGUB in rules.kinds_of(GovernmentKind.PROVINCE)
    assert PERGUB not in rules.kinds_of(GovernmentKind.NATIONAL)
    assert rules.kinds_of(GovernmentKind.CITY)[0] is RegulationKind.PERDA_KAB
    assert {kind for level in GovernmentKind for kind in rules.kinds_of(level)} == set(RegulationKind)


@pytest.mark.parametrize(
    "states, gravest",
    [
        ([], None),
        ([RegulationState.IN_FORCE, RegulationState.AMENDED], RegulationState.AMENDED),
        ([RegulationState.REVOKED, RegulationState.AMENDED], RegulationState.REVOKED),
    ],
)
def test_the_gravest_of_several_states_is_shown(states, gravest):
    assert rules.worst(states) is gravest
