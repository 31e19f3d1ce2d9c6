"""What the browser is served: no inline scripts, nothing from elsewhere, no more than it needs."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from tests.support.forms import SOURCE, WEB

STATIC = WEB / "static"
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.jinja2"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_template_holds_an_inline_script_style_or_handler(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"'{]|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


# -- what is vendored -----------------------------------------------------------------------------------------


def test_every_vendored_file_is_the_one_the_manifest_names() -> None:
    folder = STATIC / "vendor"
    rows = json.loads((folder / "manifest.json").read_text("utf-8"))
    for row in rows:
        assert hashlib.sha256((folder / row["file"]).read_bytes()).hexdigest() == row["sha256"], row["file"]
        assert row["version"]
        assert row["licence"]
    known = {row["file"] for row in rows}
    found = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "licences"
    }
    assert found == known | {"manifest.json"}


def test_no_static_file_points_to_a_source_map_or_to_another_site() -> None:
    for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js")]:
        text = path.read_text("utf-8")
        assert "sourceMappingURL" not in text, path
        assert not re.search(r"""(?:url\(|from |import )\s*["']?(?:https?:)?//""", text), path


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    ids = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "vendor" / "icons.svg").read_text("utf-8")))
    named = set()
    for path in [*TEMPLATES, *SOURCE.rglob("*.py")]:
        text = path.read_text("utf-8")
        named |= set(re.findall(r"""icon\(\s*["']([\w-]+)["']""", text))
        named |= set(re.findall(r"""icon(?:_name)?\s*=\s*["']([\w-]+)["']""", text))
    assert named <= ids


def test_a_first_visit_weighs_no_more_than_150_kilobytes() -> None:
    sheets = [
        STATIC / "vendor" / "bootstrap.css",
        *(STATIC / "css").glob("*.css"),
        *(STATIC / "js").glob("*.js"),
    ]
    weight = sum(len(gzip.compress(path.read_bytes())) for path in sheets)
    weight += sum(path.stat().st_size for path in STATIC.rglob("*.woff2"))
    assert weight <= 150_000
