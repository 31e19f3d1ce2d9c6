"""The journal: who did what to which subject, chained, readable, and verifiable."""

import logging
from typing import Any

from pyramid.config import Configurator
from sqlalchemy.exc import SQLAlchemyError

from collab.audit.services import record_events
from collab.core.text import _

log = logging.getLogger("collab.audit")


def write_events(registry: Any, events: list[Any]) -> None:
    """Write a request's events; when the database does not take them, the log does: the answer was already given."""
    try:
        record_events(registry["collab.sessions"], events)
    except SQLAlchemyError:
        log.exception("events not journaled: %s", [(event.tag, event.subject_name) for event in events])


def includeme(config: Configurator) -> None:
    """Compose this feature."""
    config.set_event_sink(write_events)
    config.add_subject_kind("request", title=_("Address"))
    config.add_subject_kind("sign_in", title=_("Sign-in"))
    config.add_journal_sentence("web:request:denied", _("${actor} was refused ${subject}"))
    config.add_journal_sentence("web:list:exported", _("${actor} exported the list ${subject}"))
