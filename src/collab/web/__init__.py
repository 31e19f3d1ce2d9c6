"""Floor 1: the HTTP kit, without any feature."""

from pathlib import Path
from typing import Any

from jinja2 import Environment
from pyramid.config import Configurator

STATIC = Path(__file__).parent / "static"
PARTS = (
    "transactions",
    "uploads",
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
    config.add_static_view("static", "collab.web:static", cache_max_age=31536000)
    config.add_cache_buster("collab.web:static", _buster())
    config.registry["collab.jinja"] = lambda: _environment(config)
    config.action("collab static", lambda: _globals(config), order=2)


def _environment(config: Configurator) -> Environment:
    environment: Environment = config.get_jinja2_environment(name=".jinja2")
    return environment


def _buster() -> Any:
    from pyramid.static import QueryStringConstantCacheBuster

    newest = max(path.stat().st_mtime_ns for path in STATIC.rglob("*") if path.is_file())
    return QueryStringConstantCacheBuster(f"{newest:x}"[-10:])


def _globals(config: Configurator) -> None:
    from pyramid.threadlocal import get_current_request

    def static(path: str) -> str:
        """Give the address of a file under web/static, changed whenever the files change."""
        return str(get_current_request().static_path(f"collab.web:static/{path}"))

    _environment(config).globals["static"] = static
