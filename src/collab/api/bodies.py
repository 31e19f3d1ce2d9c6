"""Colander schemas as JSON Schema (2020-12): the same limits that the forms and the columns have."""

from collections.abc import Iterable
from typing import Any

import colander

from collab.core.db import AMOUNT_LIMIT, FIRST_DAY, LAST_DAY
from collab.core.text import Sentence, TranslationString
from collab.web import schema as ours
from collab.web.uploads import FilesType

JsonSchema = dict[str, Any]


def of_schema(node: colander.SchemaNode) -> JsonSchema:
    """Describe one node of a (bound) schema, with everything inside it."""
    described = _kind(node)
    words = {
        "title": _plain(node.title) if node.raw_title is not colander._marker else "",
        "description": _plain(node.description),
    }
    return described | {name: text for name, text in words.items() if text}


def of_mapping(node: colander.SchemaNode) -> JsonSchema:
    """Describe an object: unknown fields are refused, absent optional ones may also be null."""
    properties = {child.name: _field(child) for child in node.children}
    required = sorted(child.name for child in node.children if child.required)
    described: JsonSchema = {"type": "object", "properties": properties, "additionalProperties": False}
    return described | ({"required": required} if required else {})


def _field(child: colander.SchemaNode) -> JsonSchema:
    described = of_schema(child)
    if child.required or "type" not in described:
        return described
    kinds = described["type"] if isinstance(described["type"], list) else [described["type"]]
    described["type"] = [*kinds, "null"]
    if "enum" in described:
        described["enum"] = [*described["enum"], None]
    return described


def _kind(node: colander.SchemaNode) -> JsonSchema:
    kind = node.typ
    if isinstance(kind, colander.Mapping):
        return of_mapping(node)
    if isinstance(kind, colander.Sequence):
        return {"type": "array", "items": of_schema(node.children[0]), **_length(node.validator)}
    if isinstance(kind, FilesType):
        return {"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": kind.most}
    return _scalar(kind)


def _scalar(kind: Any) -> JsonSchema:
    match kind:
        case ours.Integer():
            return {"type": "integer", "minimum": kind.least, "maximum": kind.most}
        case ours.Decimals():
            least = -AMOUNT_LIMIT if kind.least is None else kind.least
            most = AMOUNT_LIMIT if kind.most is None else kind.most
            return {"type": "number", "minimum": _number(least), "maximum": _number(most)}
        case ours.Day():
            return {
                "type": "string",
                "format": "date",
                "description": f"A day from {FIRST_DAY} to {LAST_DAY}.",
            }
        case ours.Word():
            return {"type": "string", "enum": [word.value for word in kind.kind]}
        case ours.Flag():
            return {"type": "boolean"}
        case ours.Line():
            return {"type": "string", "minLength": 1, "maxLength": kind.limit}
    return {"type": "string"}


def _number(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)


def _length(validator: Any) -> JsonSchema:
    """Read the bounds of a list from its validator."""
    found: JsonSchema = {}
    for one in _each(validator):
        if isinstance(one, colander.Length):
            found |= {"minItems": one.min} if one.min else {}
            found |= {"maxItems": one.max} if one.max is not None else {}
    return found


def _each(validator: Any) -> Iterable[Any]:
    if validator is None:
        return ()
    return getattr(validator, "validators", (validator,))


def _plain(sentence: Sentence | None) -> str:
    return str(sentence.interpolate()) if isinstance(sentence, TranslationString) else str(sentence or "")
