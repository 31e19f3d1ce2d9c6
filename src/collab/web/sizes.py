"""The bounds of what is sent: refused before anybody parses it, for parsing is what too much of it makes costly.

Files have bounds of their own (`web.uploads`). Everything else is text that people or programs write.
"""

from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import INGRESS

from collab.core.errors import TooLarge
from collab.core.storage import MAX_BYTES, refusing_when_full
from collab.core.text import _
from collab.web.transactions import SAFE_METHODS

#: All text of one request together, in bytes.
MOST_BYTES = 1024 * 1024
#: Fields or parts of one request; the largest form has some hundreds.
MOST_PARTS = 4000
MOST_FILES = 10
_BLOCK = 256 * 1024


def sizes_tween_factory(
    handler: Callable[[Request], Response], registry: Any
) -> Callable[[Request], Response]:
    """Refuse bodies beyond all bounds, whoever sends them."""

    def sizes(request: Request) -> Response:
        if request.method not in SAFE_METHODS:
            check(request)
        return handler(request)

    return sizes


def check(request: Request) -> None:
    """Raise `TooLarge` for too many bytes, parts, or bytes that are no file."""
    has_files = request.content_type == "multipart/form-data"
    most = MOST_FILES * MAX_BYTES + MOST_BYTES if has_files else MOST_BYTES
    if (request.content_length or 0) > most:
        raise too_large()
    if has_files:
        _check_parts(request)
    elif (
        request.content_type == "application/x-www-form-urlencoded" and request.body.count(b"&") >= MOST_PARTS
    ):
        raise too_large()


def _check_parts(request: Request) -> None:
    """Count what may be boundaries without parsing, then the text between them."""
    if _lines_like_boundaries(request) > MOST_PARTS:
        raise too_large()
    text = sum(
        len(name or "") + len(value) for name, value in read_fields(request).items() if isinstance(value, str)
    )
    if text > MOST_BYTES:
        raise too_large()


def _lines_like_boundaries(request: Request) -> int:
    stream, found, last = request.body_file_seekable, 0, b""
    while block := stream.read(_BLOCK):
        found += (last + block).count(b"\n--")
        last = block[-2:]
    stream.seek(0)
    return found


def read_fields(request: Request) -> Any:
    """Parse a form; raise `HTTPBadRequest` for one that cannot be, `StorageFull` when its files find no room."""
    try:
        with refusing_when_full():
            return request.POST
    except (
        ValueError,
        LookupError,
        DeprecationWarning,
    ) as error:  # the last is WebOb's for a body that is not UTF-8
        raise HTTPBadRequest from error


def too_large() -> TooLarge:
    """Give the refusal."""
    return TooLarge(_("What you sent is too large altogether. Send fewer or smaller files at a time."))


def includeme(config: Configurator) -> None:
    """Stand inside whatever answers errors, and around all that reads bodies."""
    config.add_tween(
        "collab.web.sizes.sizes_tween_factory",
        over="collab.web.uploads.intake_tween_factory",
        under=("collab.web.transactions.guard_tween_factory", INGRESS),
    )
