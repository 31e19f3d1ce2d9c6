"""Copy the few vendored assets out of ``node_modules`` and write their manifest.

Run ``npm ci && python tools/vendor.py`` after a change of ``package.json`` or of :data:`ICONS`; the result is
committed, so that nobody needs Node to run collab. ``--check`` only compares and exits 1 when they differ.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "src" / "collab" / "web" / "static" / "vendor"

#: Parts of Bootstrap that are shipped: its reset, grid and utilities. The theme covers the components, and
#: ``<details>`` with two small modules covers the scripts, so neither the full sheet nor the bundle is needed.
BOOTSTRAP_PARTS = ("reboot", "grid", "utilities")
WEIGHTS = (400, 600, 700)

#: Every icon that a page may name; ``tests/web/test_assets.py`` fails for a name outside this list.
ICONS = re.findall(
    r"[\w-]+",
    """
archive arrow-counterclockwise arrow-down arrow-down-up arrow-left arrow-repeat arrow-right arrow-up award bank
bar-chart basket bell book bookmark box-arrow-in-right box-arrow-right box-arrow-up-right box-seam building
bullseye calendar-check calendar-event calendar-plus calendar-x calendar3 camera card-checklist chat chat-left-text
check check-circle check-circle-fill check-lg check2 check2-all check2-circle check2-square chevron-down chevron-left chevron-right
chevron-up clipboard-check clipboard-data clock clock-history cloud-upload collection dash dash-circle
dash-circle-dotted diagram-2 diagram-3 download envelope exclamation-circle exclamation-octagon
exclamation-octagon-fill exclamation-triangle eye eye-slash file-earmark file-earmark-image file-earmark-pdf
file-earmark-spreadsheet file-earmark-text fingerprint flag funnel gear geo-alt globe graph-up grid
grid-3x3 hash hourglass-split house inbox info-circle journal-check journal-text key layers lightbulb link-45deg list
list-check list-task lock map megaphone paperclip patch-check pause-circle pen pencil pencil-square people person person-badge
person-check person-circle person-x phone pin-map plus plus-lg printer question-circle receipt rss save search send
shield-check shield-lock shop signpost-2 signpost-split slash-circle sliders speedometer2 star tag telephone three-dots
translate trash trophy unlock upload vector-pen x x-circle x-lg x-octagon
""",
)


def package(name: str) -> dict[str, str]:
    """Return the package's own description."""
    return json.loads((MODULES / name / "package.json").read_text("utf-8"))


def bootstrap_css() -> bytes:
    """Return the shipped parts of Bootstrap in one sheet, without source map references."""
    folder = MODULES / "bootstrap" / "dist" / "css"
    parts = [(folder / f"bootstrap-{part}.min.css").read_text("utf-8") for part in BOOTSTRAP_PARTS]
    text = "\n".join(re.sub(r"/\*# sourceMappingURL=.*?\*/", "", part).strip() for part in parts)
    return (text + "\n").encode()


def sprite() -> bytes:
    """Return one SVG that holds each icon as a ``<symbol>`` whose id is the icon's name."""
    symbols = []
    for name in ICONS:
        source = (MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text("utf-8")
        body = re.sub(r"\s*\n\s*", "", re.sub(r"^<svg[^>]*>|</svg>\s*$", "", source.strip()))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{body}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


def assets() -> dict[str, tuple[str, bytes, str]]:
    """Return ``{path: (package, content, note)}`` of everything that is vendored."""
    found = {
        "bootstrap.css": ("bootstrap", bootstrap_css(), "parts: " + ", ".join(BOOTSTRAP_PARTS)),
        "icons.svg": ("bootstrap-icons", sprite(), f"{len(ICONS)} icons as symbols"),
    }
    fonts = "@fontsource/plus-jakarta-sans"
    for weight in WEIGHTS:
        name = f"plus-jakarta-sans-latin-{weight}-normal.woff2"
        found[f"fonts/{name}"] = (fonts, (MODULES / fonts / "files" / name).read_bytes(), "latin subset")
    return found


def licences() -> dict[str, bytes]:
    """Return ``{path: text}`` of the licences that travel with the assets."""
    names = ("bootstrap", "bootstrap-icons", "@fontsource/plus-jakarta-sans")
    return {f"licences/{n.rsplit('/', 1)[-1]}.txt": (MODULES / n / "LICENSE").read_bytes() for n in names}


def manifest(found: dict[str, tuple[str, bytes, str]]) -> bytes:
    """Return the manifest: name, version, licence, sha256 and note of each file."""
    rows = []
    for path, (name, content, note) in found.items():
        about = package(name)
        digest = hashlib.sha256(content).hexdigest()
        rows.append({
            "file": path, "name": name, "version": about["version"], "licence": about["license"],
            "sha256": digest, "note": note,
        })  # fmt: skip
    return (json.dumps(rows, indent=2) + "\n").encode()


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` say which of them differ."""
    found = assets()
    wanted = {path: content for path, (_, content, _) in found.items()}
    wanted |= licences() | {"manifest.json": manifest(found)}
    differing = []
    for path, content in wanted.items():
        file = TARGET / path
        if file.exists() and file.read_bytes() == content:
            continue
        differing.append(path)
        if "--check" not in arguments:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    print("\n".join(differing) or "unchanged")
    return 1 if differing and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
