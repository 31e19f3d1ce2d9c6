"""Chance that comes out the same for the same seed: days, instants, skewed choices."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")


class Chance:
    """A seeded source of everything that a province's facts leave open."""

    def __init__(self, seed: str, zone: str) -> None:
        self.random = Random(seed)
        self._zone = ZoneInfo(zone)

    def holds(self, probability: float) -> bool:
        """Tell whether something with this probability happens."""
        return self.random.random() < probability

    def number(self, least: int, most: int) -> int:
        """Give a whole number, both ends included."""
        return self.random.randint(least, most)

    def one(self, choices: Sequence[T]) -> T:
        """Choose one, each as likely."""
        return self.random.choice(choices)

    def skewed(self, choices: Sequence[T]) -> T:
        """Choose one, the first ones far more often: a few agencies owe much, most owe little."""
        weights = list(accumulate(1 / (place + 4) for place in range(len(choices))))
        return self.random.choices(choices, cum_weights=weights)[0]

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """Choose several different ones."""
        return self.random.sample(list(choices), min(count, len(choices)))

    def day(self, first: date, last: date) -> date:
        """Give a day, both ends included."""
        return first + timedelta(days=self.random.randint(0, max(0, (last - first).days)))

    def instant(self, day: date) -> datetime:
        """Give an instant of a day's office hours in the local zone."""
        minutes = self.random.randint(0, 8 * 60 - 1)
        local = datetime.combine(day, time(8 + minutes // 60, minutes % 60), self._zone)
        return (local + timedelta(microseconds=self.random.randint(1, 59_000_000))).astimezone(UTC)
