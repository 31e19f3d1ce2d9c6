"""Form fields that hold a reference: a search box over a feature's `find.json`, refused at the field when unknown.

Without JavaScript a button searches on the server. The same check serves pages and API.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import colander
from pyramid.request import Request

from collab.core.errors import NotFound
from collab.core.text import Sentence
from collab.web.schema import Integer, field
from collab.web.widgets import SearchSelect

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Kind:
    """How one kind of row is chosen.

    `route` answers the search box; `find` gives [(value, label)] for a text; `label` names a value, and gives None or
    raises `NotFound` when there is none that this user may choose; `unknown` is what is said then.
    """

    route: str
    find: Callable[[Request, str], Choices]
    label: Callable[[Request, Any], str | None]
    unknown: Sentence
    known: Callable[[Request], Choices] | None = None


def reference_field(
    kind: Kind,
    title: Sentence,
    *,
    value_type: colander.SchemaType | None = None,
    required: bool = True,
    query: Callable[[Request], dict[str, Any]] | None = None,
    **kw: Any,
) -> Any:
    """Declare a field for a value of a kind (an id unless `value_type` says otherwise); `query` narrows its search."""
    typed = value_type or Integer(1)

    @colander.deferred
    def widget(node: Any, bindings: dict[str, Any]) -> SearchSelect:
        request = bindings["request"]
        known = kind.known(request) if kind.known else []
        return SearchSelect(
            values=known if required or not known else [("", ""), *known],
            url=request.route_path(kind.route, _query=query(request) if query else {}),
            label_of=lambda text: _label_of(kind, request, typed, text) or text,
            find=lambda text: kind.find(request, text),
        )

    @colander.deferred
    def validator(node: Any, bindings: dict[str, Any]) -> Callable[[Any, Any], None]:
        def check(checked: Any, value: Any) -> None:
            if _known(kind, bindings["request"], value) is None:
                raise colander.Invalid(checked, kind.unknown)

        return check

    return field(typed, title, required=required, widget=widget, validator=validator, **kw)


def _known(kind: Kind, request: Request, value: Any) -> str | None:
    try:
        return kind.label(request, value)
    except NotFound:
        return None


def _label_of(kind: Kind, request: Request, value_type: colander.SchemaType, text: str) -> str | None:
    """Name the present choice; what was typed may be no value at all."""
    try:
        value = value_type.deserialize(None, text)
    except colander.Invalid:
        return None
    return _known(kind, request, value) if value is not colander.null else None


def as_items(choices: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Give what a search box reads: `{"items": [{"id", "text"}]}`."""
    return {"items": [{"id": value, "text": text} for value, text in choices]}
