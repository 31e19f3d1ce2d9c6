"""Form widgets and the renderer that draws deform forms with our own Jinja2 templates.

Deform's stock templates need inline scripts, which the content security policy forbids (their "remove" button
even submits the form when its handler is blocked), so every widget has a template under ``templates/form/``.
All of them work without JavaScript; ``static/js/`` only improves them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import colander
from deform.widget import (
    CheckboxChoiceWidget,
    CheckboxWidget,
    FormWidget,
    HiddenWidget,
    MappingWidget,
    PasswordWidget,
    RadioChoiceWidget,
    SelectWidget,
    SequenceWidget,
    TextAreaWidget,
    TextInputWidget,
    Widget,
)
from markupsafe import Markup, escape

from collab.core.text import _

#: deform's template name -> the file under ``templates/form/``, where the two differ.
TEMPLATES = {
    "password": "textinput",
    "dateinput": "textinput",
    "file_upload": "upload",
    "readonly/form": "readonly_form",
    "readonly/mapping": "readonly_mapping",
    "readonly/mapping_item": "readonly_item",
    "readonly/sequence": "readonly_sequence",
    "readonly/sequence_item": "readonly_item",
}

#: How a template's field is framed: "box" (label behind), "group" (legend), "section"; anything else: label above.
FRAMES = {
    "checkbox": "box",
    "radio_choice": "group",
    "checkbox_choice": "group",
    "sequence": "group",
    "upload": "group",
    "mapping": "section",
}


class JinjaRenderer:
    """Draw deform's fields: a callable ``(template_name, **values) -> Markup`` as deform expects it.

    `translate` turns a translation string into words; `context` holds more names for the templates, such as
    ``static``. One renderer serves one request.
    """

    def __init__(self, env: Any, translate: Callable[[Any], str], **context: Any) -> None:
        self.env = env
        self.translate = translate
        self.context: dict[str, Any] = {
            "t": translate,
            "attrs": attrs,
            "frame_of": frame_of,
            "messages": self.messages,
        }
        self.context["problems"] = self.problems
        self.context["static"] = env.globals.get("static") or "/static/{}".format
        self.context |= context

    def __call__(self, template_name: str, **values: Any) -> Markup:
        """Draw one template of deform's with its values."""
        name = TEMPLATES.get(template_name)
        if name is None:
            name = "readonly" if template_name.startswith("readonly/") else template_name
        template = self.env.get_template(f"form/{name}.jinja2")
        return Markup(template.render(**(self.context | values)))

    def messages(self, field: Any) -> list[str]:
        """Return what is wrong with this very field, in the reader's words, each sentence once."""
        return list(dict.fromkeys(self.translate(message) for message in _raw_messages(field)))

    def problems(self, form: Any) -> list[tuple[str, str, str]]:
        """Return ``[(id of the control, title, message)]`` of the whole form, in the order of the page."""
        return [
            (field.oid, self.translate(field.title), message)
            for field in walk(form)
            for message in self.messages(field)
        ]


def _raw_messages(field: Any) -> Iterator[Any]:
    error = field.error
    if error is None:
        return
    yield from error.messages()
    if not isinstance(field.widget, MappingWidget | SequenceWidget):
        for child in error.children:
            yield from child.messages()


def walk(field: Any) -> Iterator[Any]:
    """Yield the field and all below it, rows as they stand."""
    yield field
    for child in getattr(field, "sequence_fields", None) or field.children:
        yield from walk(child)


def frame_of(field: Any) -> str:
    """Return how the field is framed: hidden, box, group, section or line."""
    if field.widget.hidden:
        return "hidden"
    name = field.widget.template
    return FRAMES.get(TEMPLATES.get(name, name), "line")


def attrs(field: Any, **more: Any) -> Markup:
    """Return the attributes every control shares: id, name, and what ties it to its help and its error.

    In `more` an underscore stands for a hyphen, True for a bare attribute, None and False for none.
    """
    described = [f"{field.oid}-error"] if field.error is not None and list(_raw_messages(field)) else []
    if field.description:
        described.append(f"{field.oid}-help")
    found: dict[str, Any] = {
        "id": field.oid,
        "name": field.name,
        "required": bool(field.required),
        "aria-invalid": "true" if described and described[0].endswith("-error") else None,
    }
    extra = [more.pop("counter")] if more.get("counter") else []
    found["aria-describedby"] = " ".join(described + extra) or None
    found |= {key.replace("_", "-"): value for key, value in more.items()}
    found |= getattr(field.widget, "attributes", None) or {}
    return Markup(" ").join(
        escape(key) if value is True else Markup('{}="{}"').format(key, value)
        for key, value in found.items()
        if value is not None and value is not False
    )


def longest(field: Any) -> int | None:
    """Return the greatest length that the field's validators allow, if one says so."""
    pending = [field.schema.validator]
    while pending:
        validator = pending.pop()
        if isinstance(validator, colander.Length):
            return validator.max if validator.max and validator.max > 0 else None
        pending += list(getattr(validator, "validators", ()))
    return None


class TextInput(TextInputWidget):
    """One line of text. `type` may be email, url, tel or search; `suffix` stands behind the box."""

    type = "text"
    suffix: Any = None
    inputmode: str | None = None


class Password(PasswordWidget):
    """A pass phrase; what was typed is never printed back."""

    type = "password"
    suffix: Any = None
    inputmode: str | None = None


class TextArea(TextAreaWidget):
    """Several lines; counts the characters left when the node's validator has a greatest length."""

    rows = 4

    def serialize(self, field: Any, cstruct: Any, **values: Any) -> Any:
        """Draw the box with its greatest length."""
        return super().serialize(field, cstruct, longest=longest(field), **values)


class Number(TextInput):
    """A number as it is written here: ``1.500,25``; a plain ``1500.25`` is understood too.

    The box always shows a decimal comma, because ``1.500`` is fifteen hundred in Indonesian.
    """

    inputmode = "decimal"

    def serialize(self, field: Any, cstruct: Any, **values: Any) -> Any:
        """Draw the number with its decimal comma."""
        if isinstance(cstruct, str) and re.fullmatch(r"-?\d+\.\d+", cstruct):
            cstruct = cstruct.replace(".", ",")
        return super().serialize(field, cstruct, **values)

    def deserialize(self, field: Any, pstruct: Any) -> Any:
        """Return the number with a decimal point and without separators; other text as it was typed."""
        text = super().deserialize(field, pstruct)
        return text if text is colander.null else plain_number(text)


def plain_number(text: str) -> str:
    """Return ``1500.25`` for ``1.500,25``, ``1500`` for ``1.500``; text that is no number stays as it is."""
    found = re.sub(r"\s", "", text)
    if re.fullmatch(r"-?(\d+|\d{1,3}(\.\d{3})+),\d+", found):
        return found.replace(".", "").replace(",", ".")
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+", found):
        return found.replace(".", "")
    return found if re.fullmatch(r"-?\d+(\.\d+)?", found) else text


class DateInput(TextInput):
    """A day, by the browser's own picker; travels as ``YYYY-MM-DD``. `min` and `max` are such days."""

    type = "date"
    min: str | None = None
    max: str | None = None


class Select(SelectWidget):
    """One of a few known choices. `values`: ``[(value, label)]``; an optional field gets an empty choice."""

    placeholder: Any = None


class SearchSelect(Select):
    """One of many, found as one types.

    `url` answers ``?q=`` with ``{"items": [{"id", "text"}]}``. `values` are the choices known beforehand (the
    present one must be among them or come from `label_of`). Without JavaScript the known choices are a plain
    list; with `find`, a function ``text -> [(value, label)]``, a box and a button search on the server.
    """

    template = "search_select"
    url = ""
    label_of: Callable[[str], str] | None = None
    find: Callable[[str], Iterable[tuple[str, str]]] | None = None

    def serialize(self, field: Any, cstruct: Any, **values: Any) -> Any:
        """Draw the list with the present choice always in it."""
        known = [(str(value), label) for value, label in values.pop("values", self.values)]
        known += [pair for pair in getattr(field, "found", ()) if pair not in known]
        present = None if cstruct in (colander.null, None, "") else str(cstruct)
        if present is not None and present not in dict(known):
            known.insert(0, (present, self.label_of(present) if self.label_of else present))
        return super().serialize(field, cstruct, values=known, **values)


class Checkbox(CheckboxWidget):
    """One box to tick; its label is the node's title."""


class CheckboxList(CheckboxChoiceWidget):
    """Any of a few choices."""


class Radio(RadioChoiceWidget):
    """Exactly one of a few choices, all in sight."""


class Hidden(HiddenWidget):
    """A value that travels unseen."""


class ReadOnly(Widget):
    """A value shown, never sent: what comes back for it is ignored. Give its node ``missing=drop``."""

    template = "readonly"
    readonly_template = "readonly"

    def serialize(self, field: Any, cstruct: Any, **values: Any) -> Any:
        """Draw the value as text."""
        return field.renderer(self.template, **self.get_template_values(field, cstruct, values))

    def deserialize(self, field: Any, pstruct: Any) -> Any:
        """Return nothing, whatever was sent."""
        return colander.null


class Upload(Widget):
    """Several files: those kept so far, each with a box that takes it off, and room for new ones.

    Deserializes to a list of ids of kept files, followed by the new files: the ids that `store` gives them, or
    without `store` the uploads themselves. `describe` turns ids into ``[{"id", "name", "size"?, "url"?}]``.
    With `upload_url` a browser with JavaScript sends each file at once and shows how far it is.
    """

    template = "upload"
    readonly_template = "readonly"
    accept = "image/*,application/pdf"
    multiple = True
    camera = True
    upload_url = ""
    upload_kind = "evidence"
    most_bytes: int | None = None
    describe: Callable[[list[str]], Iterable[Mapping[str, Any]]] | None = None
    store: Callable[[Any], str] | None = None

    def serialize(self, field: Any, cstruct: Any, **values: Any) -> Any:
        """Draw the kept files and the boxes for new ones."""
        present = [] if cstruct in (colander.null, None) else cstruct
        ids = [str(item) for item in present if not hasattr(item, "filename")]
        kept = list(self.describe(ids)) if self.describe else [{"id": i, "name": i} for i in ids]
        values = self.get_template_values(field, cstruct, values | {"kept": kept})
        return field.renderer(self.template, **values)

    def deserialize(self, field: Any, pstruct: Any) -> Any:
        """Return kept ids and new files in that order; null when there are none."""
        if pstruct is colander.null:
            return colander.null
        if not isinstance(pstruct, dict):
            raise _incomplete(field)
        sent = [item for item in _list(pstruct.get("kept")) if isinstance(item, str) and item]
        removed = {item.removeprefix("remove:") for item in sent if item.startswith("remove:")}
        kept = [
            item for item in dict.fromkeys(sent) if not item.startswith("remove:") and item not in removed
        ]
        new = [item for item in _list(pstruct.get("files")) if getattr(item, "filename", None)]
        found = kept + [self.store(item) if self.store else item for item in new]
        return found or colander.null


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _incomplete(field: Any) -> colander.Invalid:
    """Return the refusal of an answer of the wrong shape; null, because deform cannot show None again."""
    sentence = _("The form arrived incomplete. Please check it and send it again.")
    return colander.Invalid(field.schema, sentence, value=colander.null)


class Rows(SequenceWidget):
    """Rows that can be added and taken away; `add_label` is the words on the button."""

    add_label: Any = None

    def deserialize(self, field: Any, pstruct: Any) -> Any:
        """Return the rows; refuse what is no list."""
        if pstruct is not colander.null and not isinstance(pstruct, list):
            field.sequence_fields = []
            raise _incomplete(field)
        return super().deserialize(field, pstruct)

    def blank(self, field: Any) -> Markup:
        """Return an empty row, from which the browser makes new ones."""
        row = field.children[0].clone()
        return row.render_template(self.item_template, parent=field, index="new")


class Section(MappingWidget):
    """A mapping as a section with a legend."""

    def deserialize(self, field: Any, pstruct: Any) -> Any:
        """Return the fields; refuse what is no mapping."""
        if pstruct is not colander.null and not isinstance(pstruct, dict):
            raise _incomplete(field)
        return super().deserialize(field, pstruct)


class SectionedForm(FormWidget):
    """A form whose flat fields stand in sections: ``[(title, help or None, [names])]``.

    Fields that no section names stand before the first one.
    """

    sections: Iterable[tuple[Any, Any, list[str]]] = ()
