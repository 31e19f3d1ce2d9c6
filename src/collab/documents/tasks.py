"""Scheduled work on documents: give up what nobody claimed, and later its bytes."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from collab.core import clock
from collab.core.storage import FileStore
from collab.documents import queries, services

#: Bytes stay this long after their last document was given up, or after they arrived without ever becoming one:
#: longer than a backup of database and files takes, and than a file may wait in an open form.
GRACE = timedelta(days=2)


@dataclass(frozen=True)
class Swept:
    """What one run gave up: documents, and files removed from the store."""

    documents: int
    files: tuple[str, ...]


def sweep(session: Session, store: FileStore) -> Swept:
    """Give up unclaimed documents older than seven days, and remove files that no living document uses.

    Safe to run twice, late or in parallel. The caller commits. Only what an earlier run gave up, at least
    `GRACE` ago, loses its bytes: a rolled back or restored database still finds its files.
    """
    present = clock.now()
    gone = services.give_up(session, before=present - queries.UNCLAIMED_FOR)
    before = present - GRACE
    removed = store.sweep(lambda sha256: queries.is_in_use(session, sha256, swept_before=before), before)
    return Swept(len(gone), removed)
