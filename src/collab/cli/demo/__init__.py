"""The demo: the facts of five articles, and examples marked "contoh", told by the services as its users would.

Every act happens on its own day under a travelled clock and is journaled as such; no table is written directly.
"""

import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from collab.audit.models import JournalEntry
from collab.auth.services import hash_password
from collab.cli.demo import examples, promises, settling, texts
from collab.cli.demo.play import ZONE, Play
from collab.core import clock
from collab.core.storage import FileStore
from collab.organizations.models import Government

__all__ = ["is_empty", "load"]


def is_empty(session: Session) -> bool:
    """Tell whether nothing ever happened here: whatever did would be later than what the demo tells."""
    return all(session.scalar(select(table.id).limit(1)) is None for table in (Government, JournalEntry))


def load(
    sessions: sessionmaker[Session],
    store: FileStore,
    owners: Any,
    *,
    strength: str,
    today: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Tell the demo up to yesterday; give how many acts that took."""
    facts = json.loads(files("collab.cli.demo").joinpath("data/facts.json").read_text(encoding="utf-8"))
    play = Play(sessions, store, owners, today or clock.today(ZONE.key))
    settling.plan(play, facts, password_hash=hash_password(settling.PASSWORD, strength=strength))
    texts.plan(play, facts)
    promises.plan_facts(play, facts)
    told = [*examples.year_of_checkpoints(), *examples.every_state(), *examples.other_places()]
    promises.plan_examples(play, told)
    return play.run(progress)
