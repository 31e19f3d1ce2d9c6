"""Addresses of the search."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Add the addresses."""
    config.add_route("search", "/search")
    config.add_route("api.search", "/api/v1/search")
