"""What is measured: pages in turn so that every one meets the same weather, writes, exports, and their statements."""

import re
import secrets
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from pyramid.request import Request
from sqlalchemy import event

from bench.serving import Client

_NEXT = re.compile(r'rel="next" href="([^"]+)"')
#: Seconds in which the server ends what it still does for the request before.
AFTERMATH = 0.004
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Page:
    """One page to measure: its figure in performance.md, its name, its address, and what it is compared with."""

    figure: str
    name: str
    path: str
    most: float | None = None
    #: Name of the page that `most` counts in; the floor when empty.
    against: str = ""
    client: Any = None
    times: list[float] = field(default_factory=list)
    #: Processor seconds of the server; unlike the clock's they do not wait for other programs.
    works: list[float] = field(default_factory=list)
    statements: int | None = None

    @property
    def median(self) -> float:
        """Give the median in milliseconds."""
        return statistics.median(self.times) * 1000

    @property
    def work(self) -> float:
        """Give the median of the server's processor time in milliseconds; 0 where the system does not tell."""
        return statistics.median(self.works or [0]) * 1000


class Failed(Exception):
    """A page did not answer as it should; nothing is measured then."""


def fetch(page: Page) -> float:
    """Fetch a page once; raise `Failed` unless it answers 200."""
    answer = page.client.get(page.path)
    if answer.status != 200:
        raise Failed(f"{page.path} answered {answer.status}")
    return float(answer.seconds)


def in_turn(pages: Sequence[Page], rounds: int, cpu: Callable[[], float | None]) -> None:
    """Fetch every page in turn: three rounds to warm up, then the measured ones, each beginning one page later."""
    for number in range(rounds + 3):
        begin = number % len(pages)
        for page in [*pages[begin:], *pages[:begin]]:
            seconds, work = spent(page, cpu)
            if number >= 3:
                page.times.append(seconds)
                page.works.append(work)


def spent(page: Page, cpu: Callable[[], float | None]) -> tuple[float, float]:
    """Fetch a page once: (seconds of the clock, seconds of the server's processor)."""
    time.sleep(AFTERMATH)
    before = cpu() or 0.0
    seconds = fetch(page)
    return seconds, (cpu() or 0.0) - before


def deep(client: Client, path: str, pages: int) -> str:
    """Give the address of a page far down a list: `pages` further, or the last one."""
    address = path
    for _place in range(pages):
        found = _NEXT.search(client.get(address).text)
        if found is None:
            return address
        address = found.group(1).replace("&amp;", "&")
    return address


def count_statements(
    app: Any, engine: Any, pages: Sequence[Page], cookies: dict[int, dict[str, str]]
) -> None:
    """Count the SQL statements of each page, sign-in and roles included, in this process."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    for page in pages:
        held = cookies.get(id(page.client), {})
        request = Request.blank(page.path, base_url="http://127.0.0.1")
        request.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in held.items())
        seen.clear()
        request.get_response(app)
        page.statements = len(seen)
    event.remove(engine, "before_cursor_execute", note)


def tail(page: Page, requests: int, cpu: Callable[[], float | None]) -> tuple[float, float]:
    """Give p99 / p50 over many requests of one page: by the clock, and by the server's processor time."""
    seconds, works = zip(*(spent(page, cpu) for _number in range(requests)), strict=True)
    return _tail(seconds), _tail(works)


def _tail(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = statistics.median(ordered)
    return ordered[int(len(ordered) * 0.99)] / middle if middle else 0.0


def log_progress(
    client: Client, checkpoints: Sequence[int], cpu: Callable[[], float | None]
) -> tuple[float, float]:
    """Submit one report to each checkpoint through the form, as a liaison does: median seconds (clock, processor)."""
    times, works = [], []
    for number in checkpoints:
        path = f"/checkpoints/{number}/report"
        shown = client.get(path)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown.text)
        fields = {
            "csrf_token": token.group(1) if token else "",
            "idempotency_key": secrets.token_urlsafe(18),
            "status": "in_progress",
            "narrative": "Kegiatan berjalan sesuai rencana (contoh).",
        }
        before = cpu() or 0.0
        answer = client.post(path, urlencode(fields).encode(), _FORM)
        works.append((cpu() or 0.0) - before)
        if answer.status != 303:
            said = re.findall(r'class="[^"]*invalid-feedback[^"]*"[^>]*>([^<]+)', answer.text)
            raise Failed(f"a report to checkpoint {number} answered {answer.status} {said}")
        times.append(answer.seconds)
    return statistics.median(times), statistics.median(works)


def export(client: Client, path: str) -> tuple[int, float]:
    """Fetch a CSV; give (rows, seconds)."""
    answer = client.get(path)
    if answer.status != 200:
        raise Failed(f"{path} answered {answer.status}")
    return answer.body.count(b"\r\n") - 1, answer.seconds


def sought(words: str) -> str:
    """Give the address of a search."""
    return f"/search?q={quote(words)}"
