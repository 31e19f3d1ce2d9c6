"""Security and access events: queued on the request, written after it by the registered sink.

They are written outside the request's transaction, after its commit or abort and once, for the last attempt only:
a second writer inside the request would wait on the first one's lock, and a refusal must not lose its trace.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from collab.core.identity import Identity


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
        if response.status_code in (401, 403) and not request.environ["collab.events"]:
            note_event(request, "web:request:denied", method=request.method, status=response.status_code)
        queued = request.environ["collab.events"]
        sink = registry.get("collab.event_sink")
        if queued and sink is not None:
            sink(registry, queued)
        return response

    return events


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
