"""Signs of life: said without a session, without a transaction, without detail."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from webtest import TestApp

from collab import compose
from collab.core import settings


@pytest.fixture
def app(fresh_database_url: str, tmp_path: Path) -> Iterator[TestApp]:
    values = {"collab.environment": "test", "collab.database_url": fresh_database_url}
    config = compose(settings.load(values, {"COLLAB_DATA": str(tmp_path)}))
    yield TestApp(config.make_wsgi_app())
    config.registry["collab.engine"].dispose()


def test_the_process_answers_without_the_database(app: TestApp) -> None:
    asked = []
    event.listen(
        app.app.registry["collab.engine"],
        "before_cursor_execute",
        lambda *arguments: asked.append(arguments[2]),
    )
    answer = app.get("/healthz")
    assert answer.text == "ok\n"
    assert "Set-Cookie" not in answer.headers
    assert asked == []


def test_a_migrated_database_makes_it_ready(app: TestApp) -> None:
    assert app.get("/readyz").json == {
        "ready": True,
        "checks": {"database": True, "migrations": True, "disk": True},
    }


def test_a_database_behind_its_migrations_makes_it_not_ready(app: TestApp) -> None:
    with app.app.registry["collab.engine"].execution_options(collab_writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = app.get("/readyz", status=503)
    assert answer.json["checks"] == {"database": True, "migrations": False, "disk": True}


def test_a_full_disk_makes_it_not_ready(app: TestApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collab.web.health.LEAST_FREE_BYTES", 2**70)
    assert app.get("/readyz", status=503).json["checks"]["disk"] is False


def test_answers_are_counted_by_status_for_this_machine_alone(app: TestApp) -> None:
    app.get("/healthz")
    app.get("/nowhere", status=404)
    counted = app.get("/metrics", extra_environ={"REMOTE_ADDR": "127.0.0.1"}).text
    assert 'collab_responses_total{method="GET",status="200"} 1' in counted
    assert 'collab_responses_total{method="GET",status="404"} 1' in counted
    app.get("/metrics", extra_environ={"REMOTE_ADDR": "10.0.0.7"}, status=404)


def test_nobody_passes_for_this_machine_by_a_header(app: TestApp) -> None:
    forged = {"X-Forwarded-For": "127.0.0.1"}
    app.get("/metrics", headers=forged, extra_environ={"REMOTE_ADDR": "10.0.0.7"}, status=404)
