"""What is measured: pages in turn so that every one meets the same weather, writes, exports, and their statements."""

import re
import secrets
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from pyramid.request import Request
from sqlalchemy import event

from bench.serving import Client

_NEXT = re.compile(r'rel="next" href="([^"]+)"')
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
    statements: int | None = None

    @property
    def median(self) -> float:
        """Give the median in milliseconds."""
        return statistics.median(self.times) * 1000


class Failed(Exception):
    """A page did not answer as it should; nothing is measured then."""


def fetch(page: Page) -> float:
    """Fetch a page once; raise `Failed` unless it answers 200."""
    answer = page.client.get(page.path)
    if answer.status != 200:
        raise Failed(f"{page.path} answered {answer.status}")
    return float(answer.seconds)


def in_turn(pages: Sequence[Page], rounds: int) -> None:
    """Fetch every page in turn: three rounds to warm up, then the measured ones."""
    for number in range(rounds + 3):
        for page in pages:
            seconds = fetch(page)
            if number >= 3:
                page.times.append(seconds)


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


def tail(page: Page, requests: int) -> tuple[float, float]:
    """Give (median, 99th percentile) in milliseconds over many requests of one page."""
    times = sorted(fetch(page) for _number in range(requests))
    return statistics.median(times) * 1000, times[int(requests * 0.99)] * 1000


def log_progress(client: Client, checkpoints: Sequence[int]) -> list[float]:
    """Submit one report to each checkpoint through the form, as a liaison does; give the seconds of each."""
    times = []
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
        answer = client.post(path, urlencode(fields).encode(), _FORM)
        if answer.status != 303:
            said = re.findall(r'class="[^"]*invalid-feedback[^"]*"[^>]*>([^<]+)', answer.text)
            raise Failed(f"a report to checkpoint {number} answered {answer.status} {said}")
        times.append(answer.seconds)
    return times


def export(client: Client, path: str) -> tuple[int, float]:
    """Fetch a CSV; give (rows, seconds)."""
    answer = client.get(path)
    if answer.status != 200:
        raise Failed(f"{path} answered {answer.status}")
    return answer.body.count(b"\r\n") - 1, answer.seconds


def sought(words: str) -> str:
    """Give the address of a search."""
    return f"/search?q={quote(words)}"
