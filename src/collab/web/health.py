"""Signs of life for supervisors: /healthz (the process), /readyz (what it needs), /metrics (what it answered).

None of them opens a session or a transaction, and none says more than yes or no to strangers.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from collab.core import migrate
from collab.web.errors import SENTENCES, Problem, answer
from collab.web.security import PUBLIC

#: Below this much free room the system calls itself not ready: a write could fail half way.
LEAST_FREE_BYTES = 200 * 1024 * 1024
#: Paths that need no transaction.
ALONE = ("/healthz", "/readyz", "/metrics", "/static/")
LOOPBACK = frozenset({"127.0.0.1", "::1"})


class Counts:
    """How often each status was answered since the process began."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answered: Counter[tuple[str, int]] = Counter()

    def add(self, method: str, status: int) -> None:
        """Count one answer."""
        with self._lock:
            self._answered[method, status] += 1

    def lines(self) -> list[str]:
        """Write the counts in the text format that monitoring systems read."""
        with self._lock:
            counted = sorted(self._answered.items())
        head = [
            "# HELP collab_responses_total Answers of this process.",
            "# TYPE collab_responses_total counter",
        ]
        return head + [
            f'collab_responses_total{{method="{method}",status="{status}"}} {count}'
            for (method, status), count in counted
        ]


KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})


def count_tween_factory(
    handler: Callable[[Request], Response], registry: Any
) -> Callable[[Request], Response]:
    """Count every answer by method and status."""
    counts: Counts = registry["collab.counts"]

    def count(request: Request) -> Response:
        response = handler(request)
        counts.add(request.method if request.method in KNOWN_METHODS else "other", response.status_code)
        return response

    return count


def needs_transaction(request: Request) -> bool:
    """Tell whether a request gets a transaction at all."""
    return not request.path_info.startswith(ALONE)


def healthz(request: Request) -> Response:
    """Say that the process answers."""
    return Response("ok\n", content_type="text/plain", charset="utf-8")


def readyz(request: Request) -> Response:
    """Say whether the database answers at the right revision and the disk has room; 503 if not."""
    registry = request.registry
    checks = {
        "database": database_answers(registry["collab.engine"]),
        "migrations": is_migrated(registry["collab.engine"]),
        "disk": has_room(registry["collab.settings"].data_dir),
    }
    good = all(checks.values())
    return Response(json_body={"ready": good, "checks": checks}, status=200 if good else 503)


def database_answers(engine: Engine) -> bool:
    """Tell whether a statement comes back."""
    try:
        with engine.connect() as connection:
            return connection.scalar(text("SELECT 1")) == 1
    except SQLAlchemyError:
        return False


def is_migrated(engine: Engine) -> bool:
    """Tell whether the database is at the newest revision this version knows."""
    try:
        return migrate.head_of(engine) == migrate.newest()
    except SQLAlchemyError:
        return False


def has_room(folder: Path) -> bool:
    """Tell whether the disk that holds the data has room."""
    try:
        return shutil.disk_usage(folder).free >= LEAST_FREE_BYTES
    except OSError:
        return False


def metrics(request: Request) -> Response:
    """Give the counts to this machine alone; for others the address does not exist."""
    if request.remote_addr not in LOOPBACK:  # `client_addr` is what the caller says
        return answer(request, Problem(404, SENTENCES[404]))
    body = "\n".join(request.registry["collab.counts"].lines()) + "\n"
    return Response(body, content_type="text/plain", charset="utf-8")


def includeme(config: Configurator) -> None:
    """Add the three addresses and the count."""
    config.registry["collab.counts"] = Counts()
    config.add_settings({"tm.activate_hook": needs_transaction})
    config.add_tween("collab.web.health.count_tween_factory", over="collab.web.events.events_tween_factory")
    for name, view in (("healthz", healthz), ("readyz", readyz), ("metrics", metrics)):
        config.add_route(name, f"/{name}")
        config.add_view(
            view, route_name=name, permission=PUBLIC, request_method="GET", collab_methods=("GET",)
        )
