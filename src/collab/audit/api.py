"""The journal by the API: acts, one act, and an extract of the chain that can be verified elsewhere."""

from typing import Any

from pyramid.request import Request

from collab.audit import queries
from collab.audit.views import EXTRACT, JOURNAL
from collab.audit.vocabulary import Permission
from collab.web.api import collection, operation


def item(row: Any) -> dict[str, Any]:
    """Write one act with its text and its links."""
    content = queries.content(row)
    return {
        "id": row.id,
        "recorded_at": row.recorded_at,
        "tag": row.tag,
        "user_id": row.user_id,
        "actor_name": row.actor_name,
        "acting_position": row.acting_position,
        "acting_organization_id": row.acting_organization_id,
        "government_id": row.government_id,
        "subject_kind": row.subject_kind,
        "subject_id": row.subject_id,
        "subject_name": row.subject_name,
        "changes": content.get("changes", {}),
        "detail": content.get("detail", {}),
        "channel": content.get("channel"),
        "payload": row.payload,
        "previous_hash": row.previous_hash,
        "hash": row.hash,
    }


def link(row: Any) -> dict[str, Any]:
    """Write one link of an extract: with its text, or only with its hash."""
    bare = {"id": row.id, "hash": row.hash}
    return bare if row.payload is None else bare | {"payload": row.payload}


@operation(
    "api.journal",
    "GET",
    permission=Permission.READ,
    summary="List acts",
    listing=JOURNAL,
    answers="JournalEntry",
)
def list_entries(context: Any, request: Request) -> Any:
    """List acts, newest first."""
    return collection(request, JOURNAL, item)


@operation(
    "api.journal.extract", "GET", permission=Permission.READ, summary="Extract the chain", listing=EXTRACT,
    answers="JournalLink",
)  # fmt: skip
def list_links(context: Any, request: Request) -> Any:
    """List the chain, oldest first: own rows with their text, all others only with their hash.

    `hash` is SHA-256 over the hash of the row before (64 zeros before the first), a line feed and `payload`.
    """
    return collection(request, EXTRACT, link)


@operation(
    "api.journal.entry", "GET", permission=Permission.READ, summary="Read an act", answers="JournalEntry"
)
def read_entry(context: Any, request: Request) -> Any:
    """Read one act."""
    return item(context)
