"""The law of the house that imports alone cannot show: what is declared is complete, named and refused when wrong."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import collab
from collab import FEATURES, tables
from tests.support.pages import inline_parts

HOUSE = Path(collab.__file__).parent
ROOT = HOUSE.parents[1]
#: Stations by which an upper feature may know a lower one (architecture, the table of stations).
PUBLIC = {"vocabulary", "errors", "rules", "models", "policies", "queries", "services", "fields"}
#: Floors below and above the features: their modules are named as they need.
KIT = {"core", "web"}


def sources() -> list[Path]:
    return sorted(HOUSE.rglob("*.py"))


def imports_of(source: str) -> list[str]:
    """Name every module of ours that a source imports, wherever the import stands."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [f"{node.module}.{name.name}" for name in node.names]
    return [name for name in found if name.startswith("collab.")]


def foreign_rooms(feature: str, source: str) -> list[str]:
    """Name what a feature's source imports of another feature beyond its public stations."""
    wrong = []
    for name in imports_of(source):
        parts = name.split(".")
        other = parts[1]
        if other in FEATURES and other != feature and (len(parts) < 3 or parts[2] not in PUBLIC):
            wrong.append(name)
    return wrong


# -- who knows whom ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("feature", FEATURES)
def test_features_know_only_each_others_public_stations(feature: str) -> None:
    wrong = {
        f"{path.relative_to(HOUSE)} imports {name}"
        for path in (HOUSE / feature).rglob("*.py")
        for name in foreign_rooms(feature, path.read_text(encoding="utf-8"))
    }
    # The API's document is made of every feature's registered operations, never of its modules.
    assert not wrong


def test_the_kit_knows_no_feature() -> None:
    wrong = {
        f"{path.relative_to(HOUSE)} imports {name}"
        for room in KIT
        for path in (HOUSE / room).rglob("*.py")
        for name in imports_of(path.read_text(encoding="utf-8"))
        if name.split(".")[1] in FEATURES
    }
    assert not wrong


@pytest.mark.parametrize(
    "line",
    [
        "from collab.auth.views import identities",
        "from collab.auth import forms",
        "import collab.auth.routes",
        "def late():\n    from collab.auth.api import users",
    ],
)
def test_a_planted_import_of_a_private_room_is_named(line: str) -> None:
    assert foreign_rooms("agreements", line)
    assert not foreign_rooms("auth", line)


def test_every_models_file_is_in_the_table_of_tables() -> None:
    named = set(imports_of((HOUSE / "tables.py").read_text(encoding="utf-8")))
    rooms = {path.parent.name for path in HOUSE.glob("*/models.py")} | {
        path.parent.name for path in HOUSE.glob("*/models/__init__.py")
    }
    assert {f"collab.{room}.models" for room in rooms} <= named


def test_every_table_of_any_module_is_known_to_the_migrations() -> None:
    names = re.compile(r'__tablename__ = "(\w+)"')
    written = {name for path in sources() for name in names.findall(path.read_text(encoding="utf-8"))}
    assert written == set(tables.metadata.tables)


# -- what no source holds ------------------------------------------------------------------------------------


def swallowed(source: str) -> list[int]:
    """Give the lines of handlers that catch everything and do nothing."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or (
                isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
            )
            silent = all(
                isinstance(step, ast.Pass | ast.Continue)
                or (isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant))
                for step in node.body
            )
            if broad and silent:
                lines.append(node.lineno)
    return lines


def test_no_error_is_swallowed() -> None:
    found = {
        f"{path.relative_to(HOUSE)}:{line}"
        for path in sources()
        for line in swallowed(path.read_text(encoding="utf-8"))
    }
    assert not found


@pytest.mark.parametrize(
    "handler", ["except Exception:\n    pass", "except:\n    ...", "except BaseException:\n    pass"]
)
def test_a_planted_swallowed_error_is_named(handler: str) -> None:
    assert swallowed(f"try:\n    work()\n{handler}\n") == [3]


def test_files_stay_within_four_hundred_lines() -> None:
    long = {
        f"{path.relative_to(HOUSE)}: {count}"
        for path in sources()
        if (count := path.read_text(encoding="utf-8").count("\n")) > 400
    }
    assert not long


def test_a_wrong_import_in_a_copy_of_the_house_breaks_its_law(tmp_path: Path) -> None:
    """The contracts hold over the real house and bite in it: one wrong line in a copy is named."""
    lint = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    command = [*lint, "--no-cache", "--no-logo"]
    copy = tmp_path / "collab"
    for path in sources():
        target = copy / path.relative_to(HOUSE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "setup.cfg").write_text((ROOT / "setup.cfg").read_text(encoding="utf-8"), encoding="utf-8")
    with (copy / "organizations" / "queries" / "governments.py").open("a", encoding="utf-8") as file:
        file.write("\nfrom collab.agreements import models as above\n")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "collab.organizations" in done.stdout
    assert "collab.agreements" in done.stdout


# -- templates -----------------------------------------------------------------------------------------------


def templates() -> list[Path]:
    return sorted(path for path in HOUSE.rglob("templates/**/*") if path.is_file())


def test_no_template_holds_an_inline_script_style_or_handler() -> None:
    found = {
        str(path.relative_to(HOUSE)): inline_parts(path.read_text(encoding="utf-8")) for path in templates()
    }
    assert len(found) > 20, "the templates were not found"
    assert not {name: parts for name, parts in found.items() if parts}


@pytest.mark.parametrize(
    "planted",
    [
        '<a onclick="go()">x</a>',
        "<p class=x\n style='color:red'>x</p>",
        "<script>go()</script>",
        "<style>p {}</style>",
        '<a href="javascript:go()">x</a>',
        "{% if x %}<input oninput={{ y }}>{% endif %}",
    ],
)
def test_a_planted_inline_part_is_named(planted: str) -> None:
    assert inline_parts(f"<div>{planted}</div>")


def test_no_template_switches_escaping_off() -> None:
    marks = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false")
    found = {
        str(path.relative_to(HOUSE)) for path in templates() if marks.search(path.read_text(encoding="utf-8"))
    }
    assert not found
