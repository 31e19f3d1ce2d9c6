"""collab: who owes what by when under which rule, and the proof. `main` is the only composition."""

# ruff: noqa: E402

import warnings
from typing import Any

# Pyramid's own matter, said at every start; must stand before its first import
warnings.filterwarnings("ignore", message="pkg_resources is deprecated")

from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.router import Router
from pyramid.static import static_view

from collab.core import db, settings
from collab.core.storage import LocalFileStore

#: Features in floor order; each adds its own routes, views, policies, panels and words.
FEATURES = (
    "audit",
    "search",
    "organizations",
    "auth",
    "documents",
    "regulations",
    "mandates",
    "commitments",
    "agreements",
    "dashboards",
    "api",
)


def main(global_config: dict[str, str], **values: Any) -> Router:
    """Compose the WSGI application from .ini values; raise `BadSettings` for unusable ones."""
    config = compose(settings.load({**global_config, **values}), values)
    return config.make_wsgi_app()


def compose(chosen: settings.Settings, values: dict[str, Any] | None = None) -> Configurator:
    """Build the committed configuration: the kit, then every feature."""
    import collab.tables  # noqa: F401 (completes the metadata)

    config = Configurator(settings=dict(values or {}), package="collab", root_factory=Root)
    engine = db.make_engine(chosen.database_url)
    registry = config.registry
    registry["collab.settings"] = chosen
    registry["collab.engine"] = engine
    registry["collab.sessions"] = db.session_factory(engine)
    registry["collab.reading_sessions"] = db.reading_factory(engine)
    registry["collab.store"] = LocalFileStore(chosen.files_dir)
    config.include("collab.web")
    for feature in FEATURES:
        config.include(f"collab.{feature}")
    if not chosen.is_production:
        config.include("collab.web.style")
        config.include("collab.web.floor")
    config.commit()
    check_views(config)
    return config


class Root:
    """The context of pages that concern no single row."""

    def __init__(self, request: Any) -> None:
        self.request = request


def check_views(config: Configurator) -> None:
    """Stop the start if any view of ours answers every method."""
    for entry in config.introspector.get_category("views") or ():
        view = entry["introspectable"]
        if (
            view["context"] is None
            and not view["request_methods"]
            and not isinstance(view["callable"], static_view)
        ):
            raise ConfigurationError(f"view {view['callable']} does not declare its methods")
