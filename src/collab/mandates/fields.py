"""The form field by which other features choose the mandate that something is owed under."""

from typing import Any

import colander

from collab.core.text import Sentence, _
from collab.mandates import queries
from collab.web.schema import reference
from collab.web.widgets import SearchSelect


def mandate_field(title: Sentence = _("Owed under"), *, required: bool = True, **kw: Any) -> Any:
    """Declare a field for the id of a mandate that the user may write commitments under, found by its title.

    A value that is no such mandate is refused at the field.
    """

    @colander.deferred
    def widget(node: Any, bindings: dict[str, Any]) -> SearchSelect:
        request = bindings["request"]

        def find(text: str) -> list[tuple[str, str]]:
            rows = queries.find_writable(request.db, text, identity=request.identity)
            return [(str(number), named) for number, named in rows]

        def label_of(value: str) -> str:
            if not (value.isascii() and value.isdigit() and len(value) < 10):
                return value
            return queries.titles(request.db, [int(value)], identity=request.identity).get(int(value), value)

        return SearchSelect(
            values=find(""), url=request.route_path("mandates.find"), label_of=label_of, find=find
        )

    @colander.deferred
    def validator(node: Any, bindings: dict[str, Any]) -> Any:
        request = bindings["request"]

        def check(checked: Any, value: int) -> None:
            if value not in queries.titles(request.db, [value], identity=request.identity):
                raise colander.Invalid(checked, _("There is no such agreement. Choose one from the list."))

        return check

    return reference(title, required=required, widget=widget, validator=validator, **kw)
