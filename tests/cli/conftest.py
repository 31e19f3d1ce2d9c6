"""The command line against a data folder or a database of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from collab.cli import main

Collab = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of one test; it does not exist yet."""
    return tmp_path / "data"


@pytest.fixture
def collab(data: Path, monkeypatch: pytest.MonkeyPatch) -> Collab:
    """Runs the command on SQLite in `data`; what it raises beside its own exits is raised."""
    monkeypatch.delenv("COLLAB_DATABASE_URL", raising=False)
    return runner({"COLLAB_DATA": str(data)}, monkeypatch)


def runner(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Collab:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: Any, code: int = 0, **options: Any) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], **options)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, (result.exit_code, result.output)
        return result

    return run


def answer(result: Result) -> dict[str, Any]:
    """Read the JSON object that a command answered."""
    return dict(json.loads(result.stdout))
