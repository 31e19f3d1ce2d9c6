"""Find a Chromium on this machine; `python -m tests.support.browser` says where, or exits 1."""

import os
import shutil
import sys

#: Debian's names, and the name of Chromium's best-known build.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

#: No sandbox (tests run as root in throw-away machines), and no word to anyone outside.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowser(RuntimeError):
    """There is no Chromium on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "No browser found: install Debian's package chromium, or name one in CHROMIUM, "
            "or leave its tests out with --without browser."
        )


def find() -> str:
    """Return the path of a Chromium: CHROMIUM, else the first known name; raise `NoBrowser`."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [f"/usr/bin/{name}" for name in NAMES] + list(NAMES)
    for candidate in candidates:
        if path := shutil.which(candidate):
            return path
    raise NoBrowser


if __name__ == "__main__":
    try:
        print(f"Browser: {find()}")
    except NoBrowser as error:
        sys.exit(str(error))
