"""The demo as a site, and visitors with a real browser; who leaves a fault unnoticed fails."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.databases import Databases
from tests.support.site import Site, copy_of, demo_of_this_run, serving
from tests.support.tour import Stop, tour
from tests.support.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def demo(databases: Databases) -> Path:
    """The run's data folder with the demo; nobody writes to it."""
    return demo_of_this_run(databases.folder)


@pytest.fixture(scope="session")
def site(databases: Databases, demo: Path) -> Iterator[Site]:
    """The demo for all who only look (signing in is all that is written)."""
    with _served_copy(databases, demo) as served:
        yield served


@pytest.fixture
def own_site(databases: Databases, demo: Path) -> Iterator[Site]:
    """The demo for one test that writes."""
    with _served_copy(databases, demo) as served:
        yield served


@contextmanager
def _served_copy(databases: Databases, demo: Path) -> Iterator[Site]:
    data = copy_of(demo, databases.folder)
    with serving(data) as served:
        yield served
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="session")
def stops(site: Site) -> list[Stop]:
    """Every page on the tour of the demo."""
    return tour(site)


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:
    """Open a browser window: `visit(site, "legal.babel", width=1280)`, signed in; its faults fail the test."""
    visitors: list[Visitor] = []

    def opened(site: Site, name: str | None = None, **options: Any) -> Visitor:
        visitor = Visitor(browser, site.url, **options)
        visitors.append(visitor)
        return visitor.sign_in(name) if name else visitor

    yield opened
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.close()
    assert not faults, "\n".join(faults)
