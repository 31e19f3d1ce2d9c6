"""What is owed: commitments, checkpoints, progress reports, verification, deadline changes, obstacles."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Compose this feature."""
