"""Addresses of mandates of any kind."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Add the addresses."""
    config.add_route("mandates.find", "/mandates/find.json")
    config.add_route("mandate", r"/mandates/{id:\d{1,9}}")
