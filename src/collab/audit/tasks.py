"""What the journal does after a request: write its security and access events."""

import logging
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from collab.audit.services import record_events

log = logging.getLogger("collab.audit")


def write_events(registry: Any, events: list[Any]) -> None:
    """Write a request's events; when the database does not take them, the log does: the answer was already given."""
    try:
        record_events(registry["collab.sessions"], events)
    except SQLAlchemyError:
        log.exception("events not journaled: %s", [(event.tag, event.subject_name) for event in events])
