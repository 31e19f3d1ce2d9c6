"""The chain: how an entry becomes text and hash, and how a chain is checked. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

#: Hash before the first entry.
GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """An entry as far as the chain is concerned, with the indexed copies that must agree with its text."""

    id: int
    payload: str
    previous_hash: str
    hash: str
    copies: Mapping[str, Any]


@dataclass(frozen=True)
class Break:
    """Where a chain is broken, and why."""

    entry_id: int
    reason: str


def canonical(content: Mapping[str, Any]) -> str:
    """Write an act as canonical JSON: sorted keys, decimals as strings, instants UTC with microseconds."""
    return json.dumps(content, sort_keys=True, default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, frozenset | set):
        return sorted(value, key=str)
    return str(value)


def link_hash(previous_hash: str, payload: str) -> str:
    """Chain one text to the hash before it: SHA-256 over both."""
    return hashlib.sha256(f"{previous_hash}\n{payload}".encode()).hexdigest()


def first_break(links: Iterable[Link], *, after: Link | None = None) -> Break | None:
    """Walk links in order of id and name the first that does not fit; None when all do."""
    expected_id = after.id + 1 if after else 1
    previous = after.hash if after else GENESIS
    for link in links:
        reason = _misfit(link, expected_id, previous)
        if reason:
            return Break(link.id, reason)
        expected_id, previous = link.id + 1, link.hash
    return None


def _misfit(link: Link, expected_id: int, previous: str) -> str | None:
    if link.id != expected_id:
        return f"entry {expected_id} is missing"
    if link.previous_hash != previous:
        return "it does not name the hash before it"
    if link_hash(previous, link.payload) != link.hash:
        return "its text does not give its hash"
    try:
        content = json.loads(link.payload)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        return "its text is no act"
    differing = [
        name for name, value in link.copies.items() if _comparable(content.get(name)) != _comparable(value)
    ]
    return f"its columns differ from its text ({', '.join(differing)})" if differing else None


def _comparable(value: Any) -> Any:
    return value if isinstance(value, int | str | type(None)) else _plain(value)
