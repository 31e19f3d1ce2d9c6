"""The form field by which other features choose a mandate to write under."""

from collections.abc import Callable
from typing import Any

import colander

from collab.core.errors import NotFound
from collab.core.text import Sentence, _
from collab.mandates import queries
from collab.web.schema import Integer, field
from collab.web.widgets import SearchSelect


def mandate_field(title: Sentence = _("Mandate"), *, required: bool = True, **kw: Any) -> Any:
    """Declare a field for the id of a mandate under which the user may write commitments."""
    return field(Integer(1), title, required=required, widget=_widget, validator=_validator, **kw)


@colander.deferred
def _widget(node: Any, bindings: dict[str, Any]) -> SearchSelect:
    request = bindings["request"]

    def find(text: str) -> list[tuple[str, str]]:
        rows = queries.find_writable(request.db, text, identity=request.identity)
        return [(str(number), title) for number, title in rows]

    def label(text: str) -> str:
        try:
            return str(queries.writable(request.db, int(text), identity=request.identity).title)
        except (NotFound, ValueError):
            return text

    return SearchSelect(url=request.route_path("mandates.find"), label_of=label, find=find)


@colander.deferred
def _validator(node: Any, bindings: dict[str, Any]) -> Callable[[Any, Any], None]:
    request = bindings["request"]

    def check(checked: Any, value: Any) -> None:
        try:
            queries.writable(request.db, value, identity=request.identity)
        except NotFound as error:
            raise colander.Invalid(
                checked, _("Choose an agreement or directive of your government from the list.")
            ) from error

    return check
