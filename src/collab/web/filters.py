"""Dates, times, numbers and money as people here write them: pure functions, and the template filters of the same names.

Each function takes the locale (`id` or `en`) and gives plain text; `None` gives a dash.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import NumberPattern
from jinja2 import pass_context
from jinja2.runtime import Context
from pyramid.config import Configurator
from pyramid.threadlocal import get_current_request

from collab.core import clock
from collab.core.text import _
from collab.web.i18n import AFTER_ENVIRONMENT, DEFAULT_LOCALE, localizer_for, pluralize, speaker, translate
from collab.web.security import known_identity

NOTHING = "–"
BETWEEN = " · "
DEFAULT_ZONE = "Asia/Jakarta"
BABEL_NAMES = {"id": "id_ID", "en": "en"}
TIME_MARKS = {"id": ".", "en": ":"}
SIZES = ("B", "kB", "MB", "GB", "TB")

Number = int | float | Decimal


@lru_cache
def _babel(locale: str) -> Locale:
    return Locale.parse(BABEL_NAMES[locale])


@lru_cache
def _names(locale: str, kind: str, width: str) -> dict[int, str]:
    """Give month (1-12) or day (0 = Monday) names, read once."""
    return dict(getattr(_babel(locale), kind)["format"][width])


@lru_cache
def _pattern(locale: str) -> NumberPattern:
    return _babel(locale).decimal_formats[None]


def _refuse_instant(day: date) -> None:
    if isinstance(day, datetime):
        raise TypeError("an instant has no day without a zone: use `moment`, or `clock.local_day` first")


def date_long(day: date | None, locale: str = DEFAULT_LOCALE) -> str:
    """Write a day: 30 Maret 2023."""
    if day is None:
        return NOTHING
    _refuse_instant(day)
    return f"{day.day} {_names(locale, 'months', 'wide')[day.month]} {day.year}"


def date_full(day: date | None, locale: str = DEFAULT_LOCALE) -> str:
    """Write a day with its weekday: Kamis, 30 Maret 2023."""
    if day is None:
        return NOTHING
    return f"{_names(locale, 'days', 'wide')[day.weekday()]}, {date_long(day, locale)}"


def day_short(day: date | None, locale: str = DEFAULT_LOCALE) -> str:
    """Write a day for a table: 30 Mar 2023."""
    if day is None:
        return NOTHING
    _refuse_instant(day)
    return f"{day.day} {_names(locale, 'months', 'abbreviated')[day.month]} {day.year}"


def month(day: date | None, locale: str = DEFAULT_LOCALE) -> str:
    """Write the month of a day: Maret 2023."""
    if day is None:
        return NOTHING
    return f"{_names(locale, 'months', 'wide')[day.month]} {day.year}"


@lru_cache(maxsize=2048)
def distance(days: int, locale: str = DEFAULT_LOCALE) -> str:
    """Say how far a day is from today: 19 hari lagi, hari ini, 41 hari lalu. `days` counts forward."""
    localizer = localizer_for(locale)
    if days == 0:
        return translate(localizer, _("today"))
    written = number(abs(days), locale)
    if days > 0:
        return pluralize(localizer, "in ${count} day", "in ${count} days", days, count=written)
    return pluralize(localizer, "${count} day ago", "${count} days ago", -days, count=written)


def when(day: date | None, today: date, locale: str = DEFAULT_LOCALE, *, precision: str = "day") -> str:
    """Write a day and its distance from today: 12 Des 2026 · 19 hari lagi.

    A source may name only the month or the year (`precision`); the distance is to its last day, which is due.
    """
    if day is None:
        return NOTHING
    return f"{day_as_named(day, locale, precision=precision)}{BETWEEN}{distance((day - today).days, locale)}"


def day_as_named(day: date | None, locale: str = DEFAULT_LOCALE, *, precision: str = "day") -> str:
    """Write a due day as exactly as its source names it: 12 Des 2026, Des 2026 or 2026."""
    written = day_short(day, locale)
    if day is None or precision == "day":
        return written
    return written.partition(" ")[2] if precision == "month" else str(day.year)


def moment(instant: datetime | None, zone: str, locale: str = DEFAULT_LOCALE) -> str:
    """Write an instant in local time: 30 Mar 2023 14.05 WIB. Raise `ValueError` if it is naive."""
    if instant is None:
        return NOTHING
    if instant.tzinfo is None:
        raise ValueError("an instant must be aware")
    local = instant.astimezone(ZoneInfo(zone))
    mark = TIME_MARKS[locale]
    return f"{day_short(local.date(), locale)} {local:%H}{mark}{local:%M} {local.tzname()}"


def ago(since: datetime | date | None, now: datetime | date, locale: str = DEFAULT_LOCALE) -> str:
    """Say how long ago something was: 5 menit lalu, 3 jam lalu, 41 hari lalu. Two days, or two instants."""
    if since is None:
        return NOTHING
    passed = now - since  # type: ignore[operator]
    if not isinstance(since, datetime) or passed >= timedelta(days=1):
        return distance(-passed.days, locale)
    localizer = localizer_for(locale)
    minutes = int(passed.total_seconds()) // 60
    if minutes < 1:
        return translate(localizer, _("just now"))
    if minutes < 60:
        return pluralize(localizer, "${n} minute ago", "${n} minutes ago", minutes)
    return pluralize(localizer, "${n} hour ago", "${n} hours ago", minutes // 60)


@lru_cache(maxsize=4096)
def number(value: Number | None, locale: str = DEFAULT_LOCALE) -> str:
    """Write a number, at most three decimals: 1.234.567,89."""
    if value is None:
        return NOTHING
    exact = Decimal(str(value)).quantize(Decimal("0.001"), ROUND_HALF_UP) + 0  # no "-0"
    return _pattern(locale).apply(exact, _babel(locale))


def percent(value: Number | None, locale: str = DEFAULT_LOCALE) -> str:
    """Write a share given as 0-100, at most one decimal: 23,5%."""
    if value is None:
        return NOTHING
    return number(Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP), locale) + "%"


def rupiah(value: int | None, locale: str = DEFAULT_LOCALE) -> str:
    """Write an amount of whole rupiah: Rp1.500.000."""
    if value is None:
        return NOTHING
    return f"{'-' if value < 0 else ''}Rp{number(abs(value), locale)}"


def filesize(count: int | None, locale: str = DEFAULT_LOCALE) -> str:
    """Write a size given in bytes, in steps of a thousand: 1,5 MB."""
    if count is None:
        return NOTHING
    size, unit = Decimal(count), 0
    while size >= Decimal("999.95") and unit < len(SIZES) - 1:
        size, unit = size / 1000, unit + 1
    return f"{number(size.quantize(Decimal('0.1'), ROUND_HALF_UP), locale)} {SIZES[unit]}"


def _locale(context: Context) -> str:
    return speaker(context).locale_name


def _page(context: Context) -> Any:
    """Give the page's layout: from the template, or through the request inside macros imported without context."""
    layout = context.get("layout")
    request = _request(context)
    if layout is not None or request is None:
        return layout
    return request.environ.get("collab.layout")


def _request(context: Context) -> Any:
    return context.get("request") or get_current_request()


def _zone(context: Context) -> str:
    """Give the zone of the page's government, else that of the signed-in person's, else Jakarta's."""
    zone = getattr(_page(context), "zone", None)
    if zone:
        return str(zone)
    request = _request(context)
    identity = known_identity(request) if request is not None else None
    return identity.home_zone if identity else DEFAULT_ZONE


def _today(context: Context) -> date:
    """Give the day a page speaks of: its `as_of`, else the present local day."""
    return getattr(_page(context), "as_of", None) or clock.today(_zone(context))


def _day(context: Context, value: date | None) -> date | None:
    """Take a day as it is, and an aware instant as the local day on which it falls."""
    return clock.local_day(value, _zone(context)) if isinstance(value, datetime) else value


@pass_context
def _date(context: Context, value: date | None) -> str:
    return date_long(_day(context, value), _locale(context))


@pass_context
def _date_full(context: Context, value: date | None) -> str:
    return date_full(_day(context, value), _locale(context))


@pass_context
def _day_short(context: Context, value: date | None) -> str:
    return day_short(_day(context, value), _locale(context))


@pass_context
def _month(context: Context, value: date | None) -> str:
    return month(_day(context, value), _locale(context))


@pass_context
def _when(context: Context, value: date | None, today: date | None = None, precision: str = "day") -> str:
    return when(_day(context, value), today or _today(context), _locale(context), precision=precision)


@pass_context
def _day_as_named(context: Context, value: date | None, precision: str = "day") -> str:
    return day_as_named(_day(context, value), _locale(context), precision=precision)


@pass_context
def _moment(context: Context, value: datetime | None, zone: str | None = None) -> str:
    return moment(value, zone or _zone(context), _locale(context))


@pass_context
def _ago(context: Context, value: datetime | date | None, now: datetime | date | None = None) -> str:
    present = clock.now() if isinstance(value, datetime) else _today(context)
    return ago(value, now or present, _locale(context))


@pass_context
def _number(context: Context, value: Number | None) -> str:
    return number(value, _locale(context))


@pass_context
def _percent(context: Context, value: Number | None) -> str:
    return percent(value, _locale(context))


@pass_context
def _rupiah(context: Context, value: int | None) -> str:
    return rupiah(value, _locale(context))


@pass_context
def _filesize(context: Context, value: int | None) -> str:
    return filesize(value, _locale(context))


FILTERS = {
    "date": _date,
    "date_full": _date_full,
    "day_short": _day_short,
    "day_as_named": _day_as_named,
    "month": _month,
    "when": _when,
    "moment": _moment,
    "ago": _ago,
    "number": _number,
    "percent": _percent,
    "rupiah": _rupiah,
    "filesize": _filesize,
}


def includeme(config: Configurator) -> None:
    """Register the filters with the page templates."""
    config.action("collab.filters", lambda: _install(config), order=AFTER_ENVIRONMENT)


def _install(config: Configurator) -> None:
    environment = config.get_jinja2_environment()
    if environment is not None:
        environment.filters.update(FILTERS)
