"""Time: aware UTC instants, local days of a zone, and a travelled clock for demo, generation and restore."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_travelled: ContextVar[datetime | None] = ContextVar("collab_travelled_clock", default=None)


def now() -> datetime:
    """Give the present instant, aware, in UTC; inside `travel` the travelled one."""
    return _travelled.get() or datetime.now(UTC)


@contextmanager
def travel(instant: datetime) -> Iterator[None]:
    """Let `now` answer `instant` inside the block (demo, generation and restore only)."""
    if instant.tzinfo is None:
        raise ValueError("an instant must be aware")
    token = _travelled.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _travelled.reset(token)


def travelled() -> bool:
    """Tell whether the clock is travelled, so that the journal can say so."""
    return _travelled.get() is not None


def local_day(instant: datetime, zone: str) -> date:
    """Give the local calendar day on which an aware instant falls in an IANA zone."""
    return instant.astimezone(ZoneInfo(zone)).date()


def today(zone: str) -> date:
    """Give the present local day of an IANA zone."""
    return local_day(now(), zone)


def start_of(day: date, zone: str) -> datetime:
    """Give the UTC instant at which a local day begins."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def end_of(day: date, zone: str) -> datetime:
    """Give the UTC instant at which a local day is over (the first instant of the next day)."""
    return start_of(day + timedelta(days=1), zone)


def is_final(day: date, zone: str, *, grace: timedelta = timedelta(minutes=10)) -> bool:
    """Tell whether figures of a local day are final: from 00:10 of the next day (ADR 0003)."""
    return now() >= end_of(day, zone) + grace
