"""Rights over the search."""

from enum import StrEnum


class Permission(StrEnum):
    """What one may search: everybody signed in, each in what is theirs to see."""

    SEARCH = "search:index:read"
