"""The demo as a site for real browsers: loaded once for each run, copied for whoever writes, served on a free port."""

import fcntl
import itertools
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from webtest.http import StopableWSGIServer

import collab.cli.demo as demo
from collab import compose
from collab.cli.demo.settling import PASSWORD
from collab.core import migrate, settings
from collab.core.db import make_engine, session_factory
from collab.core.storage import LocalFileStore

HOST = "127.0.0.1"
DATABASE = "collab.sqlite"
_numbers = itertools.count(1)


def settings_for(data: Path) -> settings.Settings:
    """Give the settings of a site: as strict as in production, but for TLS and PostgreSQL; cheap hashes."""
    values = {
        "collab.environment": "test",
        "collab.argon2": "cheap",
        "collab.data_dir": str(data),
        "collab.hosts": HOST,
        "collab.secret": "a secret of these tests alone",
    }
    return settings.load(values, {})


def load_demo(data: Path) -> None:
    """Make the data folder of a site: the migrated database with the demo, and its files."""
    data.mkdir(parents=True, exist_ok=True)
    chosen = settings_for(data)
    config = compose(chosen)
    engine = make_engine(chosen.database_url)
    migrate.upgrade(engine)
    event.listen(engine, "connect", _hurry)
    demo.load(
        session_factory(engine),
        LocalFileStore(chosen.files_dir),
        config.registry["collab.document_owners"],
        strength=chosen.argon2,
    )
    engine.dispose()
    config.registry["collab.engine"].dispose()


def _hurry(connection: sqlite3.Connection, record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def demo_of_this_run(folder: Path) -> Path:
    """Give the run's own data folder with the demo; the first process that asks loads it, others wait."""
    template = folder / "demo"
    with (folder / "demo-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / "demo-made"
        if not made.exists():
            shutil.rmtree(template, ignore_errors=True)
            load_demo(template)
            made.touch()
    return template


def copy_of(template: Path, folder: Path) -> Path:
    """Copy a data folder that nobody writes to; give the copy."""
    data = folder / f"site-{os.getpid()}-{next(_numbers)}"
    shutil.copytree(template, data)
    return data


def _tidy(app: Callable[..., Any]) -> Callable[..., Any]:
    """Close the file that a long request body was put into: WebOb leaves that to chance, and chance warns."""

    def tidied(environ: dict[str, Any], start_response: Any) -> Any:
        received = environ["wsgi.input"]
        try:
            return app(environ, start_response)
        finally:
            if environ["wsgi.input"] is not received:
                environ["wsgi.input"].close()

    return tidied


class Site:
    """A served data folder: `url` is where browsers find it, `app` the same application in this process."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.config = compose(settings_for(data))
        self.registry: Any = self.config.registry
        self.app = self.config.make_wsgi_app()
        self.server = StopableWSGIServer.create(_tidy(self.app), host=HOST, threads=6, ident=None)
        self.url = f"http://{HOST}:{self.server.effective_port}"

    def close(self) -> None:
        """Stop serving and let the database go."""
        self.server.shutdown()
        self.registry["collab.engine"].dispose()


@contextmanager
def serving(data: Path) -> Iterator[Site]:
    """Serve a data folder for the length of a block."""
    site = Site(data)
    try:
        yield site
    finally:
        site.close()


__all__ = ["DATABASE", "HOST", "PASSWORD", "Site", "copy_of", "demo_of_this_run", "load_demo", "serving"]
