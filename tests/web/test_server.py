"""The server entry: what stays is set aside at the start and after the first requests, and answers stay as they are."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from collab.web import server


@pytest.fixture
def collector() -> Iterator[None]:
    """Leave the collector as it was."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collector")
def test_serving_hands_the_options_on_and_sets_the_start_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    monkeypatch.setattr(server.waitress, "serve", lambda application, **options: seen.update(options))
    assert server.serve(lambda environ, start_response: [b"ok"], {}, threads="8") == 0
    assert seen == {"threads": "8"}
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == server.THRESHOLDS


def test_what_the_first_requests_made_is_set_aside_too(monkeypatch: pytest.MonkeyPatch) -> None:
    settled = []
    monkeypatch.setattr(server, "settle_memory", lambda: settled.append(True))
    application = server.settling(lambda environ, start_response: [b"ok"])
    for number in range(1, 2_101):
        assert application({}, None) == [b"ok"]
        assert len(settled) == sum(number >= after for after in server.SETTLED_AFTER)
