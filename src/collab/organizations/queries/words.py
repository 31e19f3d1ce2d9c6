"""Find by the beginnings of words, without regard to case, the same on both engines."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal

from collab.organizations.rules import search_words

#: Marks between words, read as spaces.
_MARKS = ("-", "(", "/", ".", ",", '"', "'")


def begins_words(text: str, *columns: Any) -> ColumnElement[bool]:
    """Say that each word of `text` begins a word of the columns together; nothing matches a text without words."""
    words = search_words(text)
    if not words:
        return false()
    haystack: ColumnElement[str] = literal("")
    for column in columns:
        haystack = haystack + " " + func.coalesce(column, "")
    spaced: ColumnElement[str] = func.lower(haystack)
    for mark in _MARKS:
        spaced = func.replace(spaced, mark, " ")
    return and_(*(spaced.like(f"% {escaped(word)}%", escape="\\") for word in words))


def escaped(word: str) -> str:
    """Take their meaning from the characters that LIKE reads."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def closeness(text: str, column: Any) -> ColumnElement[int]:
    """Rank matches: the very text, a beginning with it, anything else."""
    wanted = " ".join(text.lower().split())
    lowered = func.lower(column)
    return case((lowered == wanted, 0), (lowered.like(f"{escaped(wanted)}%", escape="\\"), 1), else_=2)
