"""The furnished house that the harnesses walk through; each test leaves it as it was."""

import shutil
from collections.abc import Iterator

import pytest

from tests.support.databases import Databases
from tests.support.house import House, open_house


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
    opened.watch.kept.unlink(missing_ok=True)
