"""Codes, names on a day, words of a search, spans, and what an acting holding lacks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.organizations import rules
from collab.organizations.rules import DatedName
from collab.organizations.vocabulary import HoldingKind, NameKind, RegionLevel


@pytest.mark.parametrize(
    "text, code",
    [
        ("Dinas Koperasi dan UKM", "dinas-koperasi-dan-ukm"),
        ("  OKE  OCE! ", "oke-oce"),
        ("Bappéda & Litbang", "bappeda-litbang"),
        ("...", ""),
        ("日本", ""),
        ("A" * 80, "a" * 60),
        ("a" * 59 + " b", "a" * 59),
    ],
)
def test_a_code_is_made_of_a_name(text, code):
    assert rules.slug(text) == code


@given(st.text(max_size=200))
def test_whatever_is_made_a_code_is_one_or_is_empty(text):
    made = rules.slug(text)
    assert made == "" or rules.is_code(made)


@given(st.text(max_size=80), st.sets(st.sampled_from(["unit", "unit-2", "a", "a-2", "a-3"])))
def test_a_free_code_is_a_code_and_is_not_taken(text, taken):
    found = rules.free_code(rules.slug(text), taken)
    assert rules.is_code(found)
    assert found not in taken


@pytest.mark.parametrize("text", ["id", "19", "62.11"])
def test_scope_codes_of_governments_are_known(text):
    assert rules.is_government_code(text)


@pytest.mark.parametrize("text", ["", "1", "190", "62.", "62.111", "ID", "19/pertanian", "19\n"])
def test_other_texts_are_no_scope_codes(text):
    assert not rules.is_government_code(text)


FIRST = DatedName(1, NameKind.OFFICIAL, "Bappedalitbang", None, None)
SECOND = DatedName(2, NameKind.OFFICIAL, "Bapperidaa", None, date(2025, 6, 1))
CORRECTED = DatedName(3, NameKind.OFFICIAL, "Bapperida", None, date(2025, 6, 1))
ALIAS = DatedName(4, NameKind.ALIAS, "Bappeda", None, None)


@pytest.mark.parametrize(
    "day, name",
    [
        (date(2020, 1, 1), "Bappedalitbang"),
        (date(2025, 5, 31), "Bappedalitbang"),
        (date(2025, 6, 1), "Bapperida"),
        (date(2026, 1, 1), "Bapperida"),
    ],
)
def test_the_name_of_a_day_is_the_latest_begun_and_the_last_correction(day, name):
    found = rules.name_on([CORRECTED, ALIAS, FIRST, SECOND], day)
    assert found is not None
    assert found.name == name


def test_before_the_first_known_name_the_oldest_stands_in():
    found = rules.name_on([SECOND], date(2020, 1, 1))
    assert found is SECOND


def test_an_alias_is_never_the_official_name():
    assert rules.name_on([ALIAS], date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    "text, words",
    [
        ("Dinas Kop", ["dinas", "kop"]),
        ("  BBI-BBWI ", ["bbi", "bbwi"]),
        ("%_\\", []),
        ("", []),
        ("a b c d e f g h", ["a", "b", "c", "d", "e", "f"]),
    ],
)
def test_a_search_is_split_into_words(text, words):
    assert rules.search_words(text) == words


def test_regions_are_named_with_their_class_word_once():
    assert rules.region_label(RegionLevel.VILLAGE, "Gohong") == "Desa Gohong"
    assert rules.region_label(RegionLevel.REGENCY, "Kabupaten Pulang Pisau") == "Kabupaten Pulang Pisau"


DAYS = [date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]


@pytest.mark.parametrize(
    "first, second, shared",
    [
        ((DAYS[0], DAYS[1]), (DAYS[1], None), True),
        ((DAYS[0], DAYS[1]), (DAYS[2], None), False),
        ((DAYS[0], None), (DAYS[2], DAYS[2]), True),
        ((DAYS[2], None), (DAYS[0], DAYS[1]), False),
    ],
)
def test_spans_include_both_their_ends(first, second, shared):
    assert rules.overlap(first, second) is shared
    assert rules.overlap(second, first) is shared


@pytest.mark.parametrize(
    "kind, until, decree, count",
    [
        (HoldingKind.DEFINITIVE, None, None, 0),
        (HoldingKind.PLT, None, None, 2),
        (HoldingKind.PLH, DAYS[1], None, 1),
        (HoldingKind.PJ, None, "SK 1/2026", 1),
        (HoldingKind.PLT, DAYS[1], "SK 1/2026", 0),
    ],
)
def test_an_acting_holding_without_decree_or_end_is_warned_of(kind, until, decree, count):
    assert len(rules.holding_warnings(kind, until, decree)) == count


def test_offices_are_written_with_their_capacity():
    assert rules.acting_title(HoldingKind.PLT, "Kepala Dinas") == "Plt. Kepala Dinas"
    assert rules.acting_title(HoldingKind.DEFINITIVE, "Kepala Dinas") == "Kepala Dinas"


def test_aliases_are_kept_once_and_in_order():
    assert rules.clean_aliases(["OK OCE", "", "  ok oce ", "PGO"]) == ["OK OCE", "PGO"]
