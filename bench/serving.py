"""A server of our own for one run: the shipped settings and server entry on a free loopback port, stopped at the end."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60


def free_port() -> int:
    """Give a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, database_url: str | None) -> dict[str, str]:
    """Give the environment of the server and of the commands: where the data lies."""
    chosen = {**os.environ, "COLLAB_DATA": str(data), "PYTHONWARNINGS": "ignore"}
    chosen.pop("COLLAB_DATABASE_URL", None)
    return chosen | ({"COLLAB_DATABASE_URL": database_url} if database_url else {})


def collab(data: Path, database_url: str | None, *arguments: str) -> str:
    """Run a `collab` command; give what it printed, stop with its words if it refuses."""
    command = [
        sys.executable,
        "-c",
        "from collab.cli import main; main()",
        "-c",
        str(ROOT / "development.ini"),
        *arguments,
    ]
    done = subprocess.run(
        command, env=environment(data, database_url), cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"collab {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


class Served:
    """A running server: its port, its process, and the seconds until its first page."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, cold: float) -> None:
        self.process, self.port, self.cold = process, port, cold

    def memory(self) -> float | None:
        """Give the resident memory in MB, where the system tells."""
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
            found = re.search(r"VmRSS:\s+(\d+) kB", status)
            return int(found.group(1)) / 1024 if found else None
        return None

    def cpu(self) -> float | None:
        """Give the seconds of processor time used so far, to the microsecond, where the system tells."""
        total = 0
        try:
            for task in Path(f"/proc/{self.process.pid}/task").iterdir():
                total += int((task / "schedstat").read_text(encoding="ascii").split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return total / 1e9


@contextlib.contextmanager
def server(data: Path, database_url: str | None) -> Iterator[Served]:
    """Start the server, wait for its first page, and stop it at the end."""
    port = free_port()
    pserve = "import sys; from pyramid.scripts.pserve import main; sys.exit(main())"
    command = [sys.executable, "-c", pserve, "--server-name=port", "development.ini", f"http_port={port}"]
    begun = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=environment(data, database_url),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - begun > START_SECONDS:
                sys.exit("bench: the server did not start")
            time.sleep(0.02)
        yield Served(process, port, time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        return Client(port).get("/login").status == 200
    except OSError:
        return False


class Answer:
    """What came back, and how long it took from sending to the last byte."""

    def __init__(self, status: int, headers: http.client.HTTPMessage, body: bytes, seconds: float) -> None:
        self.status, self.headers, self.body, self.seconds = status, headers, body, seconds

    @property
    def text(self) -> str:
        """Give the body as text."""
        return self.body.decode("utf-8", "replace")


class Client:
    """One browser on one kept connection."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Fetch a page."""
        return self._send("GET", path)

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send something."""
        return self._send("POST", path, body, headers)

    def sign_in(self, name: str, password: str) -> "Client":
        """Sign in through the page, as a person does."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/login").text)
        fields = {"csrf_token": token.group(1) if token else "", "name": name, "password": password}
        answered = self.post(
            "/login", urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        if answered.status != 303:
            sys.exit(f"bench: {name} could not sign in ({answered.status})")
        return self

    def _send(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        sent = dict(self._headers | (headers or {}))
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "POST":
            sent.setdefault("Origin", f"http://127.0.0.1:{self._connection.port}")
        begun = time.perf_counter()
        self._connection.request(method, path, body, sent)
        response = self._connection.getresponse()
        answer = Answer(response.status, response.msg, response.read(), 0.0)
        answer.seconds = time.perf_counter() - begun
        for line in response.msg.get_all("Set-Cookie") or ():
            name, _equals, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer
