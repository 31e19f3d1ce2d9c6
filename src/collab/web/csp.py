"""Security headers on every answer, the host allow-list and the request's own number."""

import re
import secrets
from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import INGRESS

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
#: The one form of the Range header that is honoured.
_RANGE = re.compile(r"bytes=(\d{1,18}-\d{0,18}|-\d{1,18})", re.ASCII)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def headers_tween_factory(
    handler: Callable[[Request], Response], registry: Any
) -> Callable[[Request], Response]:
    """Give every answer the full set of headers; refuse foreign host names."""
    settings = registry["collab.settings"]

    def headers(request: Request) -> Response:
        request.environ["collab.request_id"] = secrets.token_hex(6)
        if not _RANGE.fullmatch(request.environ.get("HTTP_RANGE", "bytes=0-")):
            del request.environ[
                "HTTP_RANGE"
            ]  # read only after our answer has left, where nobody answers errors
        if settings.hosts and request.host.split(":")[0] not in settings.hosts:
            response = Response("unknown host", status=400, content_type="text/plain")
        else:
            response = handler(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path_info.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if settings.is_production:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        response.headers["X-Request-Id"] = request.environ["collab.request_id"]
        return response

    return headers


def includeme(config: Configurator) -> None:
    """Put the headers outermost."""
    config.add_tween("collab.web.csp.headers_tween_factory", under=INGRESS)
