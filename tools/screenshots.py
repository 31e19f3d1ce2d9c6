#!/usr/bin/env python3
"""Photograph every page of the demo at the widths of a phone and of a desk.

    python tools/screenshots.py FOLDER            every page, at 360 and 1280 px
    python tools/screenshots.py FOLDER agency     only pages of routes that begin so
    python tools/screenshots.py --readme          the two pictures of README.md, into docs/images

Serves the data in COLLAB_DATA, which must hold the demo and is not changed; without it, a demo of its own.
"""

import argparse
import io
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
warnings.filterwarnings("ignore", "pkg_resources is deprecated")

from PIL import Image  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from tests.support import browser as browsers  # noqa: E402
from tests.support.site import Site, load_demo, serving  # noqa: E402
from tests.support.tour import tour  # noqa: E402
from tests.support.visitor import HEIGHTS, Visitor  # noqa: E402

#: The pictures of the README: (file, who, address, width).
README = (
    ("overview.png", "monitor.babel", "/", 1280),
    ("work.png", "liaison.pertanian.babel", "/work", 360),
)


@contextmanager
def demo_site() -> Iterator[Site]:
    """Serve a copy of COLLAB_DATA, or a demo made for this once."""
    with tempfile.TemporaryDirectory(prefix="collab-screenshots-") as folder:
        data = Path(folder) / "data"
        given = os.environ.get("COLLAB_DATA")
        if given:
            shutil.copytree(given, data)
        else:
            load_demo(data)
        with serving(data) as site:
            yield site


def photograph(browser: Any, site: Site, folder: Path, beginning: str) -> int:
    """Write a picture of each page at each width; give how many."""
    stops = [stop for stop in tour(site) if stop.route.startswith(beginning)]
    for width in HEIGHTS:
        visitors: dict[str, Visitor] = {}
        for stop in stops:
            if stop.who not in visitors:
                visitors[stop.who] = Visitor(browser, site.url, width=width)
                if stop.who:
                    visitors[stop.who].sign_in(stop.who)
            page = visitors[stop.who].open(stop.path)
            page.screenshot(path=folder / f"{stop.route}-{width}.png", full_page=True)
        for visitor in visitors.values():
            visitor.close()
    return len(stops) * len(HEIGHTS)


def picture_readme(browser: Any, site: Site) -> None:
    """Write the pictures of the README, with few colours: each stays below 200 kB."""
    folder = ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    for name, who, path, width in README:
        visitor = Visitor(browser, site.url, width=width, device_scale_factor=1.5 if width == 360 else 1)
        taken = visitor.sign_in(who).open(path).screenshot()
        visitor.close()
        with Image.open(io.BytesIO(taken)) as image:
            image.convert("RGB").quantize(128).save(folder / name, optimize=True)
        print(f"{folder / name}: {(folder / name).stat().st_size // 1000} kB")


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, help="where the pictures go")
    parser.add_argument("beginning", nargs="?", default="", help="only routes that begin so")
    parser.add_argument("--readme", action="store_true", help="the pictures of README.md")
    asked = parser.parse_args()
    if not (asked.readme or asked.folder):
        parser.error("name a folder, or ask for --readme")
    with demo_site() as site, sync_playwright() as playwright:
        # date and file boxes speak the browser's language, not the page's
        browser = playwright.chromium.launch(
            executable_path=browsers.find(),
            args=[*browsers.FLAGS, "--lang=id"],
            env={**os.environ, "LANGUAGE": "id"},
        )
        if asked.readme:
            picture_readme(browser, site)
        if asked.folder:
            asked.folder.mkdir(parents=True, exist_ok=True)
            print(f"{photograph(browser, site, asked.folder, asked.beginning)} pictures in {asked.folder}")
        browser.close()


if __name__ == "__main__":
    main()
