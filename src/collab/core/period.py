"""Calendar periods: months, quarters, semesters and years, both ends included."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def last_of_month(year: int, month: int) -> date:
    """Give a month's last day."""
    return date(year, month, calendar.monthrange(year, month)[1])


def month_of(day: date) -> Period:
    """Give the calendar month that holds a day."""
    return Period(day.replace(day=1), last_of_month(day.year, day.month))


def year_of(day: date) -> Period:
    """Give the calendar year that holds a day."""
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def months_back(day: date, count: int) -> list[Period]:
    """Give `count` calendar months, oldest first, the last one holding `day`."""
    months = []
    month = month_of(day)
    for _ in range(count):
        months.append(month)
        month = month_of(month.first - timedelta(days=1))
    return months[::-1]
