"""Floor 1: the HTTP kit, without any feature."""

import hashlib
from pathlib import Path

from jinja2 import Environment
from pyramid.config import Configurator
from pyramid.threadlocal import get_current_request

STATIC = Path(__file__).parent / "static"
PARTS = (
    "transactions",
    "uploads",
    "sizes",
    "security",
    "events",
    "csp",
    "integrity",
    "errors",
    "i18n",
    "filters",
    "layout",
    "panels",
    "api",
    "registries",
    "health",
)


def includeme(config: Configurator) -> None:
    """Compose the kit: templates, transactions, security, events, headers, errors, language, layout, API."""
    config.include("pyramid_jinja2")
    config.add_settings(
        {"jinja2.trim_blocks": True, "jinja2.lstrip_blocks": True, "jinja2.bytecode_caching": True}
    )
    config.add_jinja2_renderer(".jinja2")
    config.add_jinja2_search_path("collab.web:templates", name=".jinja2")
    for part in PARTS:
        config.include(f"collab.web.{part}")
    # The version stands in the path, so that what a file imports or loads beside itself is renewed with it.
    config.add_static_view(f"static/{_version()}", "collab.web:static", cache_max_age=31536000)
    config.registry["collab.jinja"] = lambda: _environment(config)
    config.action("collab static", lambda: _globals(config), order=2)


def _environment(config: Configurator) -> Environment:
    environment: Environment = config.get_jinja2_environment(name=".jinja2")
    return environment


def _version() -> str:
    """Give a word that changes whenever a static file does, the same on every machine."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _globals(config: Configurator) -> None:
    known: dict[tuple[str, str], str] = {}

    def static(path: str) -> str:
        """Give the address of a file under web/static, changed whenever the files change.

        Every icon asks for the same one, so they are remembered; templates name few files.
        """
        request = get_current_request()
        key = (request.script_name, path)
        if key not in known:
            known[key] = str(request.static_path(f"collab.web:static/{path}"))
        return known[key]

    _environment(config).globals["static"] = static
