"""One transaction a request: explicit manager, veto on refusals, retries that keys make safe, sessions by method."""

import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pyramid_tm
import zope.sqlalchemy
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid_retry import BeforeRetry, is_error_retryable, mark_error_retryable
from sqlalchemy.orm import Session
from zope.sqlalchemy.datamanager import STATUS_ACTIVE, STATUS_CHANGED

from collab.core.errors import Invalid
from collab.web import idempotency

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ATTEMPTS = 4


def db(request: Request) -> Session:
    """Open the request's session: writing for unsafe methods, reading for the others; it ends with the request.

    Without `STATUS_CHANGED` a transaction of Core statements only would be rolled back without an error.
    """
    writes = request.method not in SAFE_METHODS
    registry = request.registry
    session: Session = registry["collab.sessions" if writes else "collab.reading_sessions"]()
    zope.sqlalchemy.register(
        session,
        initial_state=STATUS_CHANGED if writes else STATUS_ACTIVE,
        transaction_manager=request.tm,
    )
    return session


def guard_tween_factory(
    handler: Callable[[Request], Response], registry: Any
) -> Callable[[Request], Response]:
    """Catch what escapes the transaction (COMMIT itself): retry it if that is safe, else answer with an error page."""

    def guard(request: Request) -> Response:
        try:
            return handler(request)
        except Exception as error:
            mark(request, error)
            if is_error_retryable(request, error):
                raise
            return request.invoke_exception_view(sys.exc_info())

    return guard


def mark(request: Request, error: BaseException) -> None:
    """Hand the engine's tag on to pyramid_retry, along the chain of causes, if another try is safe."""
    causes = list(_causes(error))
    if any(getattr(cause, "collab_commit_unknown", False) for cause in causes) and not _is_safe(request):
        return
    for cause in causes:
        if getattr(cause, "collab_retryable", False):
            mark_error_retryable(cause)
            mark_error_retryable(error)


def is_retryable(error: BaseException) -> bool:
    """Tell whether the engine tagged this error (or what caused it) as worth another try."""
    return any(getattr(cause, "collab_retryable", False) for cause in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _is_safe(request: Request) -> bool:
    """Tell whether a second run is recognised: nothing is written, or a key says that it is the same act."""
    try:
        return request.method in SAFE_METHODS or idempotency.key_of(request) is not None
    except (Invalid, ValueError, LookupError, DeprecationWarning):  # a misshapen key, or an unreadable body
        return False


def back_off(event: BeforeRetry) -> None:
    """Wait a little, differently each time, before the next attempt."""
    attempt = event.environ.get("retry.attempt", 0)
    time.sleep(random.uniform(0.01, 0.05) * 2**attempt)


def includeme(config: Configurator) -> None:
    """Compose retry, transaction manager and `request.db`."""
    config.add_settings(
        {
            "tm.manager_hook": pyramid_tm.explicit_manager,
            "tm.commit_veto": pyramid_tm.default_commit_veto,
            "tm.annotate_user": False,
            "retry.attempts": ATTEMPTS,
            "retry.activate_hook": "collab.web.transactions.attempts_for",
        }
    )
    config.include("pyramid_tm")
    config.include("pyramid_retry")
    config.add_request_method(db, reify=True)
    config.add_tween("collab.web.transactions.guard_tween_factory", over="pyramid_tm.tm_tween_factory")
    config.add_subscriber(back_off, BeforeRetry)


def attempts_for(request: Request) -> int:
    """Try a request several times, but never one for a static file."""
    return 1 if request.path_info.startswith("/static/") else ATTEMPTS
