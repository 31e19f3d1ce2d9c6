"""Schemas of forms and bodies, told as JSON Schema."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

import colander
import jsonschema
import pytest

from collab.api.bodies import of_schema
from collab.web.api import partial
from collab.web.schema import Day, Decimals, Flag, Integer, Line, MappingSchema, Prose, Word, field


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Part(MappingSchema):
    code = field(Line(20))
    due_on = field(Day(), required=False)


class Body(MappingSchema):
    title = field(Line(10))
    story = field(Prose(100), required=False)
    count = field(Integer(1, 9), required=False)
    share = field(Decimals(Decimal(0), Decimal("99.5")), required=False)
    colour = field(Word(Colour), required=False)
    sure = field(Flag(), missing=False)
    parts = colander.SchemaNode(
        colander.Sequence(), Part(name="part"), missing=(), validator=colander.Length(max=2)
    )


SCHEMA = of_schema(Body())


@pytest.mark.parametrize(
    ("field_name", "expected"),
    [
        ("title", {"type": "string", "minLength": 1, "maxLength": 10}),
        ("story", {"type": ["string", "null"], "minLength": 1, "maxLength": 100}),
        ("count", {"type": ["integer", "null"], "minimum": 1, "maximum": 9}),
        ("share", {"type": ["number", "null"], "minimum": 0, "maximum": 99.5}),
        ("colour", {"type": ["string", "null"], "enum": ["red", "green", None]}),
        ("sure", {"type": ["boolean", "null"]}),
    ],
)
def test_limits_are_those_of_the_field(field_name: str, expected: dict[str, Any]) -> None:
    described = SCHEMA["properties"][field_name]
    assert {name: described[name] for name in expected} == expected


def test_lists_of_objects_are_described_to_the_bottom() -> None:
    parts = SCHEMA["properties"]["parts"]
    assert parts["maxItems"] == 2
    assert parts["items"]["required"] == ["code"]
    assert parts["items"]["properties"]["due_on"]["format"] == "date"


@pytest.mark.parametrize(
    ("body", "accepted"),
    [
        ({"title": "one"}, True),
        ({"title": "one", "parts": [{"code": "B03", "due_on": None}]}, True),
        ({}, False),
        ({"title": "more than ten"}, False),
        ({"title": "one", "unknown": 1}, False),
        ({"title": "one", "count": 10}, False),
        ({"title": "one", "colour": "blue"}, False),
        ({"title": "one", "parts": [{"code": "1"}, {"code": "2"}, {"code": "3"}]}, False),
    ],
)
def test_the_description_accepts_what_the_schema_accepts(body: dict[str, Any], accepted: bool) -> None:
    assert jsonschema.Draft202012Validator(SCHEMA).is_valid(body) is accepted
    plain = {name: value for name, value in body.items() if value is not None}
    try:
        if unknown := set(plain) - {node.name for node in Body().children}:
            raise colander.Invalid(Body(), str(unknown))
        Body().deserialize(
            {
                **plain,
                "parts": [
                    {k: v for k, v in part.items() if v is not None} for part in plain.get("parts", [])
                ],
            }
        )
        took = True
    except colander.Invalid:
        took = False
    assert took is accepted


def test_the_schema_of_a_change_leaves_the_whole_one_as_it_is() -> None:
    class Whole(MappingSchema):
        name = field(Line(20))

    assert partial(Whole)()["name"].required is False
    assert Whole()["name"].required is True
