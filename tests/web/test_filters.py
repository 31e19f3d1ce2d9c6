"""How days, times, numbers and money are written, in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from pyramid import testing

from collab.core import clock
from collab.web import filters
from collab.web.filters import (
    ago,
    date_full,
    date_long,
    day_as_named,
    day_short,
    filesize,
    moment,
    month,
    number,
    percent,
    rupiah,
    when,
)

DAY = date(2023, 3, 30)
TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
SHORT_MONTHS = {
    "id": ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}


@pytest.mark.parametrize(
    "write, id_, en",
    [
        (date_long, "30 Maret 2023", "30 March 2023"),
        (date_full, "Kamis, 30 Maret 2023", "Thursday, 30 March 2023"),
        (day_short, "30 Mar 2023", "30 Mar 2023"),
        (month, "Maret 2023", "March 2023"),
    ],
)
def test_a_day_is_written_as_people_here_do(write, id_, en):
    assert write(DAY, "id") == write(DAY) == id_
    assert write(DAY, "en") == en


@pytest.mark.parametrize("locale", ["id", "en"])
def test_short_months_have_three_letters(locale):
    written = [day_short(date(2026, number_, 1), locale) for number_ in range(1, 13)]
    assert written == [f"1 {name} 2026" for name in SHORT_MONTHS[locale]]


@pytest.mark.parametrize(
    "write",
    [
        date_long,
        date_full,
        day_short,
        month,
        number,
        percent,
        rupiah,
        filesize,
        lambda value: when(value, TODAY),
        lambda value: moment(value, "Asia/Jakarta"),
        lambda value: ago(value, NOON),
    ],
)
def test_nothing_is_written_as_a_dash(write):
    assert write(None) == "–"


@pytest.mark.parametrize("write", [date_long, date_full, day_short])
def test_an_instant_is_not_taken_for_a_day(write):
    with pytest.raises(TypeError, match="zone"):
        write(NOON)


@pytest.mark.parametrize(
    "days, id_, en",
    [
        (19, "12 Des 2026 · 19 hari lagi", "12 Dec 2026 · in 19 days"),
        (1, "24 Nov 2026 · 1 hari lagi", "24 Nov 2026 · in 1 day"),
        (0, "23 Nov 2026 · hari ini", "23 Nov 2026 · today"),
        (-1, "22 Nov 2026 · 1 hari lalu", "22 Nov 2026 · 1 day ago"),
        (-41, "13 Okt 2026 · 41 hari lalu", "13 Oct 2026 · 41 days ago"),
        (1500, "1 Jan 2031 · 1.500 hari lagi", "1 Jan 2031 · in 1,500 days"),
    ],
)
def test_a_deadline_says_how_far_it_is(days, id_, en):
    day = TODAY + timedelta(days=days)
    assert when(day, TODAY, "id") == id_
    assert when(day, TODAY, "en") == en


@pytest.mark.parametrize(
    "precision, written", [("day", "31 Des 2026"), ("month", "Des 2026"), ("year", "2026")]
)
def test_a_deadline_is_written_as_exactly_as_its_source_names_it(precision, written):
    last = date(2026, 12, 31)
    assert day_as_named(last, precision=precision) == written
    assert when(last, TODAY, precision=precision) == f"{written} · 38 hari lagi"
    assert day_as_named(None, precision=precision) == "–"


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_a_deadline_lies_ahead_exactly_when_its_day_does(day, today):
    said = when(day, today)
    assert said.endswith("lagi") == (day > today)
    assert said.endswith("hari ini") == (day == today)
    assert said.endswith("lalu") == (day < today)


@pytest.mark.parametrize(
    "zone, id_, en",
    [
        ("Asia/Jakarta", "30 Mar 2023 14.05 WIB", "30 Mar 2023 14:05 WIB"),
        ("Asia/Pontianak", "30 Mar 2023 14.05 WIB", "30 Mar 2023 14:05 WIB"),
        ("Asia/Makassar", "30 Mar 2023 15.05 WITA", "30 Mar 2023 15:05 WITA"),
        ("Asia/Jayapura", "30 Mar 2023 16.05 WIT", "30 Mar 2023 16:05 WIT"),
    ],
)
def test_an_instant_is_written_in_local_time_with_its_zone(zone, id_, en):
    instant = datetime(2023, 3, 30, 7, 5, 59, tzinfo=UTC)
    assert moment(instant, zone, "id") == id_
    assert moment(instant, zone, "en") == en


def test_an_instant_late_in_the_evening_falls_on_the_next_local_day():
    assert moment(datetime(2026, 12, 31, 17, 0, tzinfo=UTC), "Asia/Jakarta") == "1 Jan 2027 00.00 WIB"


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="aware"):
        moment(datetime(2023, 3, 30, 7, 5), "Asia/Jakarta")  # noqa: DTZ001


@pytest.mark.parametrize(
    "passed, id_, en",
    [
        (timedelta(seconds=-5), "baru saja", "just now"),
        (timedelta(seconds=59), "baru saja", "just now"),
        (timedelta(minutes=1), "1 menit lalu", "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 menit lalu", "59 minutes ago"),
        (timedelta(hours=1), "1 jam lalu", "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 jam lalu", "23 hours ago"),
        (timedelta(days=1), "1 hari lalu", "1 day ago"),
        (timedelta(days=41, hours=3), "41 hari lalu", "41 days ago"),
    ],
)
def test_an_age_is_told_in_its_largest_whole_unit(passed, id_, en):
    assert ago(NOON - passed, NOON, "id") == id_
    assert ago(NOON - passed, NOON, "en") == en


def test_the_age_of_a_day_is_told_in_days():
    assert ago(TODAY, TODAY) == "hari ini"
    assert ago(TODAY - timedelta(days=92), TODAY) == "92 hari lalu"


@pytest.mark.parametrize(
    "value, id_, en",
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1000, "1.000", "1,000"),
        (Decimal("1234567.89"), "1.234.567,89", "1,234,567.89"),
        (-1234.5, "-1.234,5", "-1,234.5"),
        (Decimal("14.0"), "14", "14"),
        (0.1 + 0.2, "0,3", "0.3"),
        (Decimal("0.0005"), "0,001", "0.001"),
        (Decimal("-0.0001"), "0", "0"),
    ],
)
def test_a_number_has_local_separators(value, id_, en):
    assert number(value, "id") == id_
    assert number(value, "en") == en


@pytest.mark.parametrize(
    "value, id_, en",
    [
        (0, "0%", "0%"),
        (23.5, "23,5%", "23.5%"),
        (Decimal("23.45"), "23,5%", "23.5%"),
        (Decimal("66.6667"), "66,7%", "66.7%"),
        (100, "100%", "100%"),
        (Decimal("1234.5"), "1.234,5%", "1,234.5%"),
    ],
)
def test_a_share_is_given_from_0_to_100(value, id_, en):
    assert percent(value, "id") == id_
    assert percent(value, "en") == en


@pytest.mark.parametrize(
    "value, id_, en",
    [
        (0, "Rp0", "Rp0"),
        (1_500_000, "Rp1.500.000", "Rp1,500,000"),
        (-10_000, "-Rp10.000", "-Rp10,000"),
        (12_345_678_901_234, "Rp12.345.678.901.234", "Rp12,345,678,901,234"),
    ],
)
def test_rupiah_have_no_space_and_no_decimals(value, id_, en):
    assert rupiah(value, "id") == id_
    assert rupiah(value, "en") == en


@pytest.mark.parametrize(
    "count, id_, en",
    [
        (0, "0 B", "0 B"),
        (999, "999 B", "999 B"),
        (1000, "1 kB", "1 kB"),
        (1_500_000, "1,5 MB", "1.5 MB"),
        (999_949, "999,9 kB", "999.9 kB"),
        (999_950, "1 MB", "1 MB"),
        (10_000_000_000, "10 GB", "10 GB"),
        (5_000_000_000_000_000, "5.000 TB", "5,000 TB"),
    ],
)
def test_a_file_size_goes_in_steps_of_a_thousand(count, id_, en):
    assert filesize(count, "id") == id_
    assert filesize(count, "en") == en


# In templates: locale, day and zone come from the page.


@pytest.fixture
def render():
    environment = Environment(autoescape=True)
    environment.filters.update(filters.FILTERS)
    return lambda source, **context: environment.from_string(source).render(**context)


def page(**layout):
    return {"locale": "id", "layout": SimpleNamespace(**layout)}


def test_every_filter_can_be_used_in_a_template(render):
    source = "".join(f"[{{{{ nothing|{name} }}}}]" for name in filters.FILTERS)
    assert render(source, nothing=None, locale="en") == "[–]" * len(filters.FILTERS)


def test_a_template_counts_from_the_day_its_page_speaks_of(render):
    context = page(as_of=date(2026, 11, 23), zone="Asia/Jakarta")
    assert render("{{ day|when }}", day=date(2026, 12, 12), **context) == "12 Des 2026 · 19 hari lagi"


def test_a_template_without_a_page_counts_from_the_present_day(render):
    with clock.travel(datetime(2026, 12, 11, 18, 0, tzinfo=UTC)):  # 01.00 of the 12th in Jakarta
        assert render("{{ day|when }}", day=date(2026, 12, 12), locale="id") == "12 Des 2026 · hari ini"


def test_a_template_writes_instants_in_the_zone_of_its_page(render):
    context = page(as_of=None, zone="Asia/Makassar")
    instant = datetime(2026, 12, 11, 16, 30, tzinfo=UTC)
    assert (
        render("{{ at|moment }}, {{ at|date }}", at=instant, **context)
        == "12 Des 2026 00.30 WITA, 12 Desember 2026"
    )


def test_a_template_tells_ages_from_the_present_instant(render):
    with clock.travel(NOON):
        assert render("{{ at|ago }}", at=NOON - timedelta(minutes=5), locale="id") == "5 menit lalu"


def test_a_filter_inside_an_imported_macro_finds_the_request(render):
    request = testing.DummyRequest()
    request.localizer = filters.localizer_for("en")
    request.environ["collab.layout"] = SimpleNamespace(as_of=date(2026, 11, 23), zone="Asia/Jakarta")
    with testing.testConfig(request=request):
        source = "{% macro due(day) %}{{ day|when }}{% endmacro %}{{ due(day) }}"
        assert render(source, day=date(2026, 11, 24)) == "24 Nov 2026 · in 1 day"
