"""What operations answer: the fields that a client may rely on, kept as data in `data/answers.json`.

Fields are written in shorthand: ``id``, ``count``, ``text``, ``day``, ``instant``, ``number``, ``flag``, ``any``, with
``?`` where they may be null; an object stands for an object, a list of one for a list. A field named there is always
there; an answer may hold more. What writes answer has the same fields, as far as they concern the act.
"""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

JsonSchema = dict[str, Any]

WORDS: dict[str, JsonSchema] = {
    "id": {"type": "integer", "minimum": 1},
    "count": {"type": "integer"},
    "text": {"type": "string"},
    "day": {"type": "string", "format": "date"},
    "instant": {"type": "string", "format": "date-time"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "any": {},
}


@cache
def shorthand() -> dict[str, Any]:
    """Read the table of answers."""
    text = files("collab.api").joinpath("data/answers.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def schema_of(short: Any) -> JsonSchema:
    """Write shorthand out as JSON Schema."""
    if isinstance(short, dict):
        fields = {name: schema_of(value) for name, value in short.items()}
        return {"type": "object", "properties": fields, "required": sorted(fields)}
    if isinstance(short, list):
        return {"type": "array", "items": schema_of(short[0]) if short else {}}
    known = WORDS[short.removesuffix("?")]
    return {**known, "type": [known["type"], "null"]} if short.endswith("?") and known else dict(known)


def component(name: str, *, is_list: bool, reads: bool) -> str:
    """Name the schema of an answer: of one object, of an item in a list, or of what a write answers."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    if is_list:
        return snake.removesuffix("s") + "_item"
    return snake if reads else f"{snake}_written"


def answer_schema(name: str) -> JsonSchema:
    """Give what is promised of an answer; an object of any fields when nothing is."""
    table = shorthand()
    if name in table:
        return schema_of(table[name])
    known = table.get(name.removesuffix("_written"))
    if known is None:
        return {"type": "object"}
    return {"type": "object", "properties": schema_of(known)["properties"]}


def page_of(item: JsonSchema) -> JsonSchema:
    """Describe one page of a list: the items, and the cursor of the next page."""
    fields = {"items": {"type": "array", "items": item}, "next": {"type": ["string", "null"]}}
    return {"type": "object", "properties": fields, "required": ["items", "next"]}
