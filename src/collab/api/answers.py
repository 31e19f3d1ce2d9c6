"""What operations answer, by the name each operation gives: the fields that a client may rely on.

A field named here is always there (null where it may be empty); an answer may hold more.
"""

from typing import Any

JsonSchema = dict[str, Any]

ID: JsonSchema = {"type": "integer", "minimum": 1}
COUNT: JsonSchema = {"type": "integer", "minimum": 0}
TEXT: JsonSchema = {"type": "string"}
FLAG: JsonSchema = {"type": "boolean"}
DAY: JsonSchema = {"type": "string", "format": "date"}
INSTANT: JsonSchema = {"type": "string", "format": "date-time"}
NUMBER: JsonSchema = {"type": "number"}


def maybe(schema: JsonSchema) -> JsonSchema:
    """Allow null beside what a schema describes."""
    return {**schema, "type": [schema["type"], "null"]}


def listed(item: JsonSchema) -> JsonSchema:
    """Describe a list inside an answer."""
    return {"type": "array", "items": item}


def object_of(**fields: JsonSchema) -> JsonSchema:
    """Describe an object with these fields, all of them always there."""
    return {"type": "object", "properties": fields, "required": sorted(fields)}


VERSION = object_of(number=ID, filename=TEXT, sha256=TEXT, size=COUNT, media_type=TEXT, recorded_at=INSTANT)

#: Answers by name. An operation that lists has `items` of this and `next`.
ANSWERS: dict[str, JsonSchema] = {
    "document": object_of(id=ID, title=TEXT, kind=TEXT, is_claimed=FLAG, version=ID),
    "documents": object_of(id=ID, title=TEXT, kind=TEXT),
    "document_version": VERSION,
    "document_versions": VERSION,
}

ANYTHING: JsonSchema = {"type": "object"}


def answer_schema(name: str) -> JsonSchema:
    """Give what is promised of an answer; an object of any fields when nothing is."""
    return ANSWERS.get(name, ANYTHING)


def page_of(name: str) -> JsonSchema:
    """Describe one page of a list: the items, and the cursor of the next page."""
    return object_of(items=listed({"$ref": f"#/components/schemas/{name}"}), next=maybe(TEXT))
