"""The import law in setup.cfg knows every folder of the house, and it does refuse."""

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src" / "collab"
#: Rooms that are no features; their files are named as they need.
NO_FEATURES = {"core", "web", "api", "cli", "locale"}
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def law() -> configparser.ConfigParser:
    """Read setup.cfg."""
    config = configparser.ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def test_every_feature_is_under_the_stations_contract() -> None:
    features = {path.parent.name for path in HOUSE.glob("*/*.py")} - NO_FEATURES
    named = law()["importlinter:contract:stations"]["containers"].split()
    assert named == sorted(f"collab.{feature}" for feature in features)


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """Build a house of one feature, under the real contracts."""
    config = law()
    config["importlinter:contract:stations"]["containers"] = "collab.audit"
    with (tmp_path / "setup.cfg").open("w", encoding="utf-8") as file:
        config.write(file)
    for name in ("", "core", "web", "audit"):
        folder = tmp_path / "collab" / name
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    return tmp_path


def lint(house: Path) -> tuple[int, str]:
    """Run import-linter as `./run check` does."""
    command = [sys.executable, "-c", LINT, "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_a_small_house_keeps_the_law(small_house: Path) -> None:
    (small_house / "collab/audit/queries.py").write_text("import sqlalchemy\nfrom collab.core import db\n")
    (small_house / "collab/audit/views.py").write_text("import pyramid\nfrom collab.audit import queries\n")
    (small_house / "collab/core/db.py").write_text("import sqlalchemy\n")
    code, output = lint(small_house)
    assert code == 0, output


@pytest.mark.parametrize(
    ("path", "line", "contract"),
    [
        ("core/db.py", "from collab.audit import models", "Floors and rooms"),
        ("web/errors.py", "from collab.audit import models", "Floors and rooms"),
        ("unheard/__init__.py", "", "Floors and rooms"),
        ("audit/rules.py", "from collab.audit import models", "Stations inside a feature"),
        ("audit/services.py", "from collab.audit import views", "Stations inside a feature"),
        ("audit/utils.py", "", "Stations inside a feature"),
        ("core/identity.py", "import pyramid.request", "knows no HTTP"),
        ("audit/services.py", "import colander", "knows no HTTP"),
        ("audit/queries.py", "import webob", "knows no HTTP"),
        ("audit/rules.py", "import sqlalchemy.orm", "Rules are pure"),
        ("audit/views.py", "from sqlalchemy import select", "Views and forms hold no SQL"),
        ("audit/views/pages.py", "from sqlalchemy import select", "Views and forms hold no SQL"),
        ("audit/forms.py", "import sqlalchemy", "Views and forms hold no SQL"),
    ],
)
def test_an_import_against_the_law_is_named(small_house: Path, path: str, line: str, contract: str) -> None:
    (small_house / "collab/audit/models.py").write_text("")
    if path != "audit/views/pages.py":
        (small_house / "collab/audit/views.py").write_text("")
    file = small_house / "collab" / path
    file.parent.mkdir(exist_ok=True)
    (file.parent / "__init__.py").touch()
    file.write_text(f"{line}\n")
    code, output = lint(small_house)
    broken = [text for text in output.splitlines() if text.endswith("BROKEN")]
    assert code == 1, output
    assert any(contract in text for text in broken), output
