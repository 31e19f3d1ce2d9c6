"""The buttons inside a form that work without JavaScript: add a row, remove a row, search a long list."""

from collections.abc import Iterable
from typing import Any

import colander
import peppercorn

from collab.web.widgets import SearchSelect, walk

#: How the names of these buttons begin, and of the box that says what is sought.
ADD, REMOVE, FIND, SOUGHT = "__add__", "__remove__", "__find__", "__sought__"


def pressed(controls: Iterable[tuple[str, Any]]) -> str | None:
    """Return the name of the row or search button that sent the form, if it was one of those."""
    return next((name for name, _ in controls if name.startswith((ADD, REMOVE, FIND))), None)


def rework(form: Any, controls: Iterable[tuple[str, Any]]) -> bool:
    """Add or remove the row, or search the choices, that a button without JavaScript asked for.

    Returns True when the form is to be shown again with all that was typed; nothing is judged then.
    """
    sent = list(controls)
    button = pressed(sent)
    if button is None:
        return False
    ours = (ADD, REMOVE, FIND)
    pstruct = peppercorn.parse([pair for pair in sent if not pair[0].startswith(ours)])
    if button.startswith(FIND):
        _find(form, button.removeprefix(FIND), sent)
    elif button.startswith(ADD):
        _change_rows(pstruct, button.removeprefix(ADD), None)
    else:
        name, _, index = button.removeprefix(REMOVE).rpartition("__")
        _change_rows(pstruct, name, int(index) if index.isdecimal() else -1)
    form.set_pstruct(pstruct)
    return True


def _find(form: Any, name: str, sent: Iterable[tuple[str, Any]]) -> None:
    """Search by what was written; every row of a sequence has such a box, most of them empty."""
    typed = (value for box, value in sent if box == SOUGHT + name and isinstance(value, str))
    sought = next((text for text in typed if text.strip()), "")
    for field in walk(form):
        if field.name == name and isinstance(field.widget, SearchSelect) and field.widget.find:
            field.found = list(field.widget.find(sought)) if sought else []


def _change_rows(pstruct: Any, name: str, index: int | None) -> None:
    if not isinstance(pstruct, dict):
        return
    rows = pstruct.get(name)
    if index is None and (rows is None or isinstance(rows, list)):
        pstruct[name] = [*(rows or []), colander.null]
    elif isinstance(rows, list) and index is not None and 0 <= index < len(rows):
        del rows[index]
    elif rows is None:
        for value in pstruct.values():
            _change_rows(value, name, index)
