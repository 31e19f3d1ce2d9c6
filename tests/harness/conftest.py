"""The furnished house that the harnesses walk through; each test leaves it as it was."""

import shutil
from collections.abc import Iterator

import pytest

from tests.support.databases import POSTGRESQL, Databases
from tests.support.house import House, open_house
from tests.support.watching import SqliteWatch


@pytest.fixture(scope="session")
def house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The house on SQLite; who changes its database puts it back (`house.watch.restore()`)."""
    url = databases.fresh("sqlite")
    folder = tmp_path_factory.mktemp("house")
    opened = open_house(url, folder)
    yield opened
    opened.close()
    shutil.rmtree(folder, ignore_errors=True)
    databases.drop(url)
    assert isinstance(opened.watch, SqliteWatch)
    opened.watch.kept.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def house_on_postgresql(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The same house on PostgreSQL."""
    empty = databases.fresh(POSTGRESQL)
    url = databases.copy(empty, "harness")
    databases.drop(empty)
    folder = tmp_path_factory.mktemp("house")
    opened = open_house(url, folder, databases)
    yield opened
    opened.close()
    shutil.rmtree(folder, ignore_errors=True)
    databases.drop(url)
