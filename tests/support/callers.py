"""Requests as fast as they can be made: a composed application, callers with cookie or token, and their answers."""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from webob import Request, Response

from tests.support.world import World

_TOKEN = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Caller:
    """Somebody who asks: by a browser's cookie and form token, by a bearer token, or as nobody."""

    world: World
    name: str = ""
    cookie: str = ""
    csrf: str = ""
    bearer: str = ""
    environ: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Name the caller and the way they ask."""
        return f"{self.name or 'nobody'}{' by token' if self.bearer else ''}"

    def send(
        self,
        method: str,
        path: str,
        *,
        form: Iterable[tuple[str, str]] | None = None,
        body: bytes | None = None,
        content_type: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request and read the whole answer."""
        request = Request.blank("/", base_url="http://localhost")
        # The path as it is, without a library's opinion of it.
        raw, _mark, query = path.partition("?")
        request.environ["PATH_INFO"] = raw
        request.environ["QUERY_STRING"] = query
        request.environ["REMOTE_ADDR"] = "127.0.0.1"
        request.environ.update(self.environ)
        request.method = method
        if self.cookie:
            request.headers["Cookie"] = self.cookie
        if self.bearer:
            request.headers["Authorization"] = f"Bearer {self.bearer}"
        if form is not None:
            content_type = content_type or FORM
            body = urlencode([("csrf_token", self.csrf), *form], errors="surrogatepass").encode()
        elif method not in ("GET", "HEAD") and self.csrf:
            request.headers["X-CSRF-Token"] = self.csrf
        if content_type is not None:
            request.headers["Content-Type"] = content_type
        if body is not None:
            request.body = body
        for name, value in (headers or {}).items():
            request.headers[name] = value
        answer = request.send(self.world.app)
        answer.body  # noqa: B018 (streams are read to their end)
        return answer

    def send_json(self, method: str, path: str, content: Any, **headers: str) -> Response:
        """Send a JSON body."""
        body = json.dumps(content).encode()
        return self.send(method, path, body=body, content_type="application/json", headers=headers)


def words_in(answer: Response) -> str:
    """Give everything an answer says as text: its body, a spreadsheet's cells, and what its headers say."""
    headers = " ".join(f"{name}: {value}" for name, value in answer.headerlist)
    if (answer.content_type or "") == XLSX:
        with zipfile.ZipFile(io.BytesIO(answer.body)) as book:
            cells = " ".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
        return headers + cells
    return headers + answer.body.decode("utf-8", "replace")


def nobody(world: World) -> Caller:
    """Give a visitor."""
    return Caller(world)


def browser_of(world: World, name: str) -> Caller:
    """Give a browser that has signed in, with its cookie and form token."""
    client = world.client(name)
    token = _TOKEN.findall(client.get("/account/password").text)[0]
    cookie = "; ".join(f"{kept.name}={kept.value}" for kept in client.cookiejar)
    return Caller(world, name, cookie=cookie, csrf=token)


def program_of(world: World, name: str) -> Caller:
    """Give a program with a bearer token of the user."""
    return Caller(world, name, bearer=world.token_for(name))
