"""mandates."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Compose this feature."""
