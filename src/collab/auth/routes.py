"""Addresses of sign-in, the own account and the accounts an administrator keeps."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_route("login", "/login")
    config.add_route("logout", "/logout")
