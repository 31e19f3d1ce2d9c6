"""The form field by which other features choose a mandate to write under."""

from typing import Any

from pyramid.request import Request

from collab.core.text import Sentence, _
from collab.mandates import queries
from collab.web.references import Choices, Kind, reference_field


def _find(request: Request, text: str) -> Choices:
    rows = queries.find_writable(request.db, text, identity=request.identity)
    return [(str(number), title) for number, title in rows]


def _label(request: Request, value: int) -> str | None:
    return str(queries.writable(request.db, value, identity=request.identity).title)


MANDATE = Kind(
    "mandates.find",
    _find,
    _label,
    _("Choose an agreement or directive of your government from the list."),
)


def mandate_field(title: Sentence = _("Mandate"), *, required: bool = True, **kw: Any) -> Any:
    """Declare a field for the id of a mandate under which the user may write commitments."""
    return reference_field(MANDATE, title, required=required, **kw)
