"""The composed application on a database of its own, asked by nobody in particular."""

from collections.abc import Iterator

import pytest
from webtest import TestApp

from collab import compose
from collab.core import settings
from tests.support.databases import SQLITE, Databases


@pytest.fixture(scope="module")
def app(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestApp]:
    """The application; what it answers here does not depend on the kind of database."""
    url = databases.fresh(SQLITE)
    values = {"collab.environment": "test", "collab.database_url": url}
    config = compose(settings.load(values, {"COLLAB_DATA": str(tmp_path_factory.mktemp("data"))}))
    yield TestApp(config.make_wsgi_app())
    config.registry["collab.engine"].dispose()
    databases.drop(url)
