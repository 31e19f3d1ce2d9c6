"""The API as a whole: its document (OpenAPI 3.1) and a readable page of it. The operations are the features'."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Compose the document and its page."""
    config.add_route("api.openapi", "/api/v1/openapi.json")
    config.add_route("api.docs", "/api/v1/docs")
    config.scan("collab.api.views")
