"""Security and access events: queued on the request, written after it by the registered sink.

They are written outside the request's transaction, after its commit or abort and once, for the last attempt only:
a second writer inside the request would wait on the first one's lock, and a refusal must not lose its trace.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid_retry import is_error_retryable

from collab.core.identity import Identity

#: A request inside another one's transaction finds the other's queue here: its own events wait for that one's end.
OUTER = "collab.events.outer"

log = logging.getLogger("collab.events")


@dataclass(frozen=True)
class SecurityEvent:
    """One thing worth remembering: a refused request, a failed or good sign-in, a download."""

    tag: str
    identity: Identity | None
    subject_kind: str
    subject_id: int | None
    subject_name: str
    government_id: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def note_event(
    request: Request,
    tag: str,
    *,
    subject_kind: str = "request",
    subject_id: int | None = None,
    subject_name: str = "",
    government_id: int | None = None,
    identity: Identity | None = None,
    **detail: Any,
) -> None:
    """Queue an event of this request; it is written when the request is over."""
    event = SecurityEvent(
        tag=tag,
        identity=identity or request.environ.get("collab.identity"),
        subject_kind=subject_kind,
        subject_id=subject_id,
        subject_name=subject_name or request.path,
        government_id=government_id,
        detail={"address": request.remote_addr, **detail},
    )
    request.environ.setdefault("collab.events", []).append(event)


def events_tween_factory(
    handler: Callable[[Request], Response], registry: Any
) -> Callable[[Request], Response]:
    """Write the queued events after the transaction is over."""

    def events(request: Request) -> Response:
        request.environ["collab.events"] = []  # an earlier attempt's events are void
        response = handler(request)
        if request.exception is not None and is_error_retryable(request, request.exception):
            return response  # nobody sees this answer: the request is tried again
        if response.status_code in (401, 403) and not request.environ["collab.events"]:
            note_event(request, "web:request:denied", method=request.method, status=response.status_code)
        queued = request.environ["collab.events"]
        if OUTER in request.environ:
            request.environ[OUTER].extend(queued)
            return response
        sink = registry.get("collab.event_sink")
        if queued and sink is not None:
            _write(sink, registry, queued)
        return response

    return events


def _write(
    sink: Callable[[Any, list[SecurityEvent]], None], registry: Any, queued: list[SecurityEvent]
) -> None:
    """Hand the events on; when they cannot be written, the log keeps them: what was answered is done already."""
    try:
        sink(registry, queued)
    except Exception:
        log.critical("events not journaled: %s", [_told(event) for event in queued], exc_info=True)


def _told(event: SecurityEvent) -> dict[str, Any]:
    who = event.identity.user_id if event.identity else None
    return {"tag": event.tag, "user_id": who, "subject": event.subject_name, "detail": event.detail}


def set_event_sink(config: Configurator, sink: Callable[[Any, list[SecurityEvent]], None]) -> None:
    """Name the function `(registry, events)` that writes events in a transaction of its own."""
    config.action("collab event sink", lambda: config.registry.__setitem__("collab.event_sink", sink))


def includeme(config: Configurator) -> None:
    """Compose the queue and its tween, outside the transaction."""
    config.add_directive("set_event_sink", set_event_sink)
    config.add_request_method(note_event)
    config.add_tween(
        "collab.web.events.events_tween_factory", over="collab.web.transactions.guard_tween_factory"
    )
