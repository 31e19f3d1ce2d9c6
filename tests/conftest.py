"""What every test may use: databases of both engines, a session, a browser; and what a run leaves out.

`--without browser`, `--without postgresql` leave tests out and say so. Nothing else is ever left out: a run that
finds no PostgreSQL or no browser for its tests ends with exit code 1 and names what is missing.
"""

import copy
import functools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collab import compose
from collab.core.db import make_engine, session_factory
from tests.support import browser as browsers
from tests.support import postgres
from tests.support import world as worlds
from tests.support.databases import POSTGRESQL, SQLITE, Databases

#: What may be left out, and the fixtures by which a test shows that it needs it.
DOORS = {"browser": {"browser"}, "postgresql": {"postgresql_url", "house_on_postgresql"}}
#: The controller tells its workers by the environment where the run's folder and server are.
FOLDER, SERVER, RUN = "COLLAB_TESTS_FOLDER", "COLLAB_TESTS_POSTGRES", "COLLAB_TESTS_RUN"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--without",
        action="append",
        default=[],
        choices=sorted(DOORS),
        help="leave out what needs this; repeatable",
    )


# -- the run -------------------------------------------------------------------------------------------------


class Run:
    """One test run as its controller sees it: a folder, and a PostgreSQL server where one is needed."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.server: postgres.Server | None = None
        self.left_out: dict[str, int] = {}
        self.folder = Path(tempfile.mkdtemp(prefix="collab-tests-"))
        self.folder.chmod(0o755)
        os.environ[FOLDER] = str(self.folder)
        os.environ[RUN] = str(os.getpid())
        os.environ.pop(SERVER, None)

    def open_doors(self, needed: set[str]) -> None:
        """Find and start what is needed; end the run with one clear line if that fails."""
        try:
            if "browser" in needed:
                browsers.find()
            if "postgresql" in needed and SERVER not in os.environ:
                os.environ[SERVER] = os.environ.get("TEST_DATABASE_URL") or self.start_server()
        except (browsers.NoBrowser, postgres.NoPostgres) as missing:
            pytest.exit(str(missing), returncode=1)

    def start_server(self) -> str:
        """Start a server of our own; return its URL."""
        self.server = postgres.Server(self.folder / "postgresql")
        self.server.start()
        return self.server.url

    def end(self) -> None:
        """Leave nothing behind."""
        if self.server is not None:
            self.server.stop()
        elif os.environ.get(SERVER):
            databases_of_this_run().drop_all()
        shutil.rmtree(self.folder, ignore_errors=True)


def databases_of_this_run() -> Databases:
    """Return the maker of databases that the environment describes."""
    return Databases(Path(os.environ[FOLDER]), os.environ.get(SERVER), os.environ[RUN])


def wanted(config: pytest.Config) -> set[str]:
    """Return the doors that this run does not leave out."""
    return set(DOORS) - set(config.getoption("without"))


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    config.stash[run_key] = run = Run(config)
    config.add_cleanup(run.end)
    if getattr(config.option, "dist", "no") != "no" and not config.option.collectonly:
        # Workers collect by themselves: what they will need must be there before.
        run.open_doors(wanted(config))


run_key = pytest.StashKey[Run]()
left_out_key = pytest.StashKey[dict[str, int]]()


def needs(item: pytest.Item) -> set[str]:
    """Return the doors that one test uses."""
    fixtures = set(getattr(item, "fixturenames", ()))
    engine = getattr(item, "callspec", None) and item.callspec.params.get("database_kind")
    return {door for door, names in DOORS.items() if fixtures & names or door == engine}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        kinds = [SQLITE, POSTGRESQL] if "postgresql" in wanted(metafunc.config) else [SQLITE]
        metafunc.parametrize("database_kind", kinds, scope="session", indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    without = set(config.getoption("without"))
    gone = [item for item in items if needs(item) & without]
    items[:] = [item for item in items if not needs(item) & without]
    config.hook.pytest_deselected(items=gone)
    counts = {door: sum(door in needs(item) for item in gone) for door in sorted(without)}
    config.stash[left_out_key] = counts
    if hasattr(config, "workerinput"):
        config.workeroutput["left_out"] = counts


def pytest_collection_finish(session: pytest.Session) -> None:
    run = session.config.stash.get(run_key, None)
    if run is not None and not session.config.option.collectonly:
        run.open_doors(set().union(*map(needs, session.items)) & wanted(session.config))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    node.config.stash[left_out_key] = getattr(node, "workeroutput", {}).get("left_out", {})


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    counts = config.stash.get(left_out_key, {})
    for door in sorted(set(config.getoption("without"))):
        also = ", and the PostgreSQL half of the database tests" if door == "postgresql" else ""
        terminalreporter.write_line(
            f"LEFT OUT by --without {door}: tests that need it: {counts.get(door, 0)}{also}", yellow=True
        )


# -- databases -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def databases() -> Databases:
    """Makes databases, for tests that need more than one."""
    return databases_of_this_run()


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`: a test that uses any database runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def database_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """The process's own database, migrated to head. Tests leave no rows in it: use `session`."""
    url = databases.fresh(database_kind)
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """The engine on `database_url`."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session; whatever the test commits is undone after it."""
    with engine.execution_options(collab_writes=True).connect() as connection:
        transaction = connection.begin()
        with session_factory(engine)(bind=connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture
def fresh_database_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """A migrated database for one test that really commits."""
    url = databases.fresh(database_kind)
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def module_database_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """A migrated database for one file of tests that really commit."""
    url = databases.fresh(database_kind)
    yield url
    databases.drop(url)


@pytest.fixture
def empty_database_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """A database without any table, for tests of the migrations."""
    url = databases.empty(database_kind)
    yield url
    databases.drop(url)


@pytest.fixture
def postgresql_url(databases: Databases) -> Iterator[str]:
    """A migrated PostgreSQL database for a test that makes sense there only."""
    url = databases.fresh(POSTGRESQL)
    yield url
    databases.drop(url)


# -- the world: see tests/support/world.py --------------------------------------------------------------------


@pytest.fixture
def people(session: Session) -> worlds.People:
    """The world's governments, agencies and users inside the rolled-back `session`."""
    return worlds.build(session)


@pytest.fixture(scope="session")
def world_template(databases: Databases, database_kind: str) -> Iterator[tuple[str, worlds.People]]:
    """A database that holds the world, to be copied."""
    url = databases.fresh(database_kind)
    engine = make_engine(url)
    with session_factory(engine)() as session:
        people = worlds.build(session)
        session.commit()
    engine.dispose()
    yield url, people
    databases.drop(url)


@pytest.fixture
def world(
    databases: Databases, world_template: tuple[str, worlds.People], tmp_path: Path
) -> Iterator[worlds.World]:
    """The composed application on a fresh database that holds the world.

    The application is composed once for each engine and process, on one address whose database is made anew for each
    test: statements, templates and words stay compiled. A test that changes the registry calls `world.restart()`.
    """
    url = databases.copy(world_template[0], "world")
    built = worlds.World(url, tmp_path, copy.deepcopy(world_template[1]), composed=composed_on(url))
    yield built
    built.close()
    composed_on(url).registry["collab.engine"].dispose()
    databases.drop(url)


@functools.cache
def composed_on(url: str) -> Any:
    """Compose the application once for an address."""
    return compose(worlds.settings_for(url, Path(tempfile.gettempdir())))


# -- the browser ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium (Playwright's `Browser`); each test opens its own context and closes it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browsers.find(), args=list(browsers.FLAGS))
        yield chromium
        chromium.close()
