"""The demo's agenda: who does what on which day, done in the order of time, each act a transaction of its own."""

import heapq
import itertools
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session, sessionmaker

from collab.auth import queries
from collab.core import clock
from collab.core.db import unit_of_work
from collab.core.identity import SYSTEM, Identity
from collab.core.storage import FileStore

ZONE = ZoneInfo("Asia/Jakarta")
HOUSE = "system"

#: Does something as somebody, in an open transaction.
Act = Callable[[Session, Identity], Any]


class Play:
    """Acts wait in the agenda until `run` does them; what they make is found again by its key in `ids`."""

    def __init__(self, sessions: sessionmaker[Session], store: FileStore, owners: Any, today: date) -> None:
        self.sessions, self.store, self.owners, self.today = sessions, store, owners, today
        self.ids: dict[str, int] = {}
        self._agenda: list[tuple[datetime, int, str, Act]] = []
        self._numbers = itertools.count()
        self._identities: dict[str, Identity] = {HOUSE: SYSTEM}

    def ago(self, days: int) -> date:
        """Give the day so many days before the demo is loaded."""
        return self.today - timedelta(days=days)

    def on(self, day: date, who: str, act: Act, *, hour: int = 9) -> None:
        """Put an act into the agenda; acts of one hour keep the order in which they were put in.

        Nothing is put on the day of loading itself: it may be too early for it.
        """
        if day >= self.today:
            raise ValueError(f"{day} has not gone by")
        instant = datetime.combine(day, time(hour), ZONE)
        heapq.heappush(self._agenda, (instant, next(self._numbers), who, act))

    def run(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Do every act in the order of time, those put in meanwhile too; give how many were done."""
        done = 0
        while self._agenda:
            instant, number, who, act = heapq.heappop(self._agenda)
            moment = instant + timedelta(milliseconds=number)
            with clock.travel(moment), unit_of_work(self.sessions) as session:
                act(session, self._identity(session, who))
            done += 1
            if progress is not None:
                progress(done, done + len(self._agenda))
        return done

    def _identity(self, session: Session, who: str) -> Identity:
        """Load who acts, once: roles in the demo do not change while it is told."""
        if who not in self._identities:
            account = queries.by_name(session, who)
            identity = queries.identity_for_user(session, account.id) if account else None
            if identity is None:
                raise LookupError(f"there is no account {who}")
            self._identities[who] = identity
        return self._identities[who]
