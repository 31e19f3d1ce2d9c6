"""Own colander types: what SQLite and PostgreSQL would both accept, refused with a sentence otherwise.

Single-line text has no control or bidirectional characters and is in NFC; integers fit 32 bits; decimals are finite
with four places; dates lie within 1945-2100; words come from a closed vocabulary. The same rules stand in the
database as CHECKs (`core.db.mirror_checks`).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

import colander

from collab.core.db import AMOUNT_LIMIT, FIRST_DAY, LAST_DAY, SCALE
from collab.core.text import Sentence, _

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_BIDI = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LARGEST_INTEGER = 2**31 - 1
#: So many characters at most become one by NFC; so many blanks may stand around a text.
LONGEST_SPELLING, BLANKS = 4, 200


class MappingSchema(colander.MappingSchema):
    """A form's or a body's fields; unknown ones are refused by the API and never kept."""


class Line(colander.SchemaType):
    """Text on one line, at most `limit` characters, NFC, trimmed."""

    json_type: Any = str
    multiline = False

    def __init__(self, limit: int = 200) -> None:
        self.limit = limit

    def serialize(self, node: Any, appstruct: Any) -> Any:
        """Give the text as it is."""
        return colander.null if appstruct in (colander.null, None) else str(appstruct)

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Check and normalise; raise `colander.Invalid` naming what is wrong."""
        if cstruct is colander.null or cstruct is None:
            return colander.null
        if not isinstance(cstruct, str):
            raise colander.Invalid(node, _("Write text here."))
        if len(cstruct) > LONGEST_SPELLING * self.limit + BLANKS:
            raise self._too_long(
                node, len(cstruct)
            )  # piled-up marks take the square of their number to put in order
        text = self._clean(
            unicodedata.normalize("NFC", cstruct) if not _SURROGATE.search(cstruct) else cstruct
        )
        if not text:
            return colander.null
        forbidden = _CONTROL_LINES if self.multiline else _CONTROL
        if forbidden.search(text) or _SURROGATE.search(text):
            raise colander.Invalid(node, _("Remove the invisible control characters or line breaks."))
        if _BIDI.search(text):
            raise colander.Invalid(node, _("Remove the invisible marks that change the writing direction."))
        if len(text) > self.limit:
            raise self._too_long(node, len(text))
        return text

    def _too_long(self, node: Any, count: int) -> colander.Invalid:
        sentence = _(
            "Shorten this to at most ${limit} characters (now ${count}).",
            mapping={"limit": self.limit, "count": count},
        )
        return colander.Invalid(node, sentence)

    def _clean(self, text: str) -> str:
        return text.strip()

    def cstruct_children(self, node: Any, cstruct: Any) -> list[Any]:
        """Have no children."""
        return []


class Prose(Line):
    """Text over several lines, at most `limit` characters; line ends become one newline."""

    multiline = True

    def _clean(self, text: str) -> str:
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()


class Integer(Line):
    """A whole number that fits 32 bits, from `least` to `most`."""

    json_type = int

    def __init__(self, least: int = -LARGEST_INTEGER, most: int = LARGEST_INTEGER) -> None:
        super().__init__(20)
        self.least, self.most = least, most

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Read a whole number; a boolean is none."""
        if isinstance(cstruct, bool):
            raise colander.Invalid(node, _("Write a whole number."))
        text = super().deserialize(
            node, str(cstruct) if isinstance(cstruct, int) and abs(cstruct) < 10**15 else cstruct
        )
        if text is colander.null:
            return text
        if not re.fullmatch(r"[+-]?[0-9]{1,15}", text):
            raise colander.Invalid(node, _("Write a whole number."))
        number = int(text)
        if not self.least <= number <= self.most:
            raise colander.Invalid(
                node,
                _(
                    "Choose a number from ${least} to ${most}.",
                    mapping={"least": self.least, "most": self.most},
                ),
            )
        return number


class Decimals(Line):
    """A finite decimal with at most four places; Indonesian (1.234,5) and plain (1234.5) writing."""

    json_type = (int, float, str)

    def __init__(self, least: Decimal | None = None, most: Decimal | None = None) -> None:
        super().__init__(40)
        self.least, self.most = least, most

    def serialize(self, node: Any, appstruct: Any) -> Any:
        """Write with a decimal comma, as people here do."""
        if appstruct in (colander.null, None):
            return colander.null
        return format(Decimal(appstruct), "f").replace(".", ",")

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Read a decimal; raise `colander.Invalid` for anything unbounded, too fine or no number."""
        if isinstance(cstruct, bool):
            raise colander.Invalid(node, _("Write a number, for example 12,5."))
        plain = repr(cstruct) if isinstance(cstruct, int | float) else cstruct
        text = super().deserialize(node, plain)
        if text is colander.null:
            return text
        try:
            number = Decimal(_plain_number(text, typed=isinstance(cstruct, str)))
        except (InvalidOperation, ValueError) as error:
            raise colander.Invalid(node, _("Write a number, for example 12,5.")) from error
        if not number.is_finite() or abs(number) >= AMOUNT_LIMIT:
            raise colander.Invalid(node, _("This number is too large."))
        if -number.as_tuple().exponent > SCALE:  # type: ignore[operator]
            raise colander.Invalid(node, _("Use at most ${scale} decimals.", mapping={"scale": SCALE}))
        if self.least is not None and number < self.least:
            raise colander.Invalid(
                node, _("Choose a number from ${least} upward.", mapping={"least": str(self.least)})
            )
        return number


def _plain_number(text: str, *, typed: bool) -> str:
    if typed and re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", text):
        return text.replace(".", "").replace(",", ".")
    if typed and re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
        return text.replace(",", ".")
    if re.fullmatch(r"[+-]?[0-9]{1,30}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?", text):
        return text
    raise ValueError(text)


class Day(Line):
    """A calendar day, ``YYYY-MM-DD``, within 1945-2100."""

    json_type = str

    def __init__(self) -> None:
        super().__init__(10)

    def serialize(self, node: Any, appstruct: Any) -> Any:
        """Write as ISO 8601."""
        return colander.null if appstruct in (colander.null, None) else appstruct.isoformat()

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Read a day; raise `colander.Invalid` for impossible or absurd ones."""
        text = super().deserialize(node, cstruct)
        if text is colander.null:
            return text
        if not _DAY.fullmatch(text):
            raise colander.Invalid(node, _("Write the date as year-month-day, for example 2026-12-31."))
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise colander.Invalid(node, _("This day does not exist.")) from error
        if not FIRST_DAY <= day <= LAST_DAY:
            raise colander.Invalid(node, _("Choose a day from 1945 to 2100."))
        return day


class Word(Line):
    """One word of a closed vocabulary."""

    json_type = str

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__(60)
        self.kind = kind

    def serialize(self, node: Any, appstruct: Any) -> Any:
        """Write the word."""
        return colander.null if appstruct in (colander.null, None) else str(appstruct)

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Read the word; raise `colander.Invalid` for one that does not exist."""
        text = super().deserialize(node, cstruct)
        if text is colander.null:
            return text
        try:
            return self.kind(text)
        except ValueError as error:
            raise colander.Invalid(node, _("Choose one of the values offered.")) from error


class Flag(Line):
    """Yes or no."""

    json_type = bool

    def serialize(self, node: Any, appstruct: Any) -> Any:
        """Write as the check box does."""
        return colander.null if appstruct in (colander.null, None) else ("true" if appstruct else "false")

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Read a check box or a JSON boolean."""
        if cstruct is colander.null or cstruct is None:
            return colander.null
        if isinstance(cstruct, bool):
            return cstruct
        if cstruct in ("true", "on", "1"):
            return True
        if cstruct in ("false", "", "0"):
            return False
        raise colander.Invalid(node, _("Choose yes or no."))


def field(kind: colander.SchemaType, title: Sentence = "", *, required: bool = True, **kw: Any) -> Any:
    """Declare one field: its type, title, help and widget. Optional ones give None when empty."""
    if not required:
        kw.setdefault("missing", None)
    return colander.SchemaNode(kind, title=title, **kw)


def reference(title: Sentence = "", *, required: bool = True, **kw: Any) -> Any:
    """Declare a field that holds the id of a row."""
    return field(Integer(1), title, required=required, **kw)


@dataclass(frozen=True)
class DaysInOrder:
    """Validator of a schema: the day at `last` is not before the one at `first`.

    An object and no function, so that a schema class may hold it as its `validator`.
    """

    first: str
    last: str

    def __call__(self, node: Any, values: dict[str, Any]) -> None:
        """Raise `colander.Invalid` at the last day."""
        begin, end = values.get(self.first), values.get(self.last)
        if begin and end and end < begin:
            error = colander.Invalid(node)
            error[self.last] = _("The end lies before the beginning.")
            raise error


def days_in_order(first: str, last: str) -> DaysInOrder:
    """Give a validator: the day at `last` is not before the one at `first`."""
    return DaysInOrder(first, last)
