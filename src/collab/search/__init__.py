"""One search over everything that the asker may see."""

from pyramid.config import Configurator

from collab.core.text import _
from collab.search.policies import POLICIES
from collab.search.queries import Sees


def add_search_kind(config: Configurator, kind: str, sees: Sees) -> None:
    """Let a kind of subject be found; `sees` says which subjects the asker may see. Twice stops the start."""
    config.action(
        ("collab search", kind), lambda: config.registry["collab.search_kinds"].__setitem__(kind, sees)
    )


def includeme(config: Configurator) -> None:
    """Compose this feature."""
    config.registry["collab.search_kinds"] = {}
    config.add_directive("add_search_kind", add_search_kind)
    config.add_policies(POLICIES)
    config.add_bottom_item(_("Search"), "search", icon="search", order=30)
    config.include("collab.search.routes")
    config.scan("collab.search.views")
    config.scan("collab.search.api")
