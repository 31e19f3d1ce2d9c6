"""Pages of the journal: acts as sentences, one act with what changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from collab.audit import queries
from collab.audit.forms import ExtractFilters, JournalFilters
from collab.audit.queries import JournalFilter
from collab.audit.services import NOBODY
from collab.audit.vocabulary import PART_TITLES, Permission
from collab.core import clock
from collab.core.identity import Role
from collab.core.text import Sentence, TranslationString, _
from collab.web import listing
from collab.web.i18n import translate
from collab.web.listing import Column, Listing
from collab.web.routing import page


def _select(request: Request, filters: dict[str, Any]) -> Any:
    zone = request.identity.home_zone
    since, until = filters.pop("since", None), filters.pop("until", None)
    wanted = JournalFilter(
        since=clock.start_of(since, zone) if since else None,
        before=clock.end_of(until, zone) if until else None,
        **filters,
    )
    return queries.entries(request.identity, wanted)


def _changes(row: Any) -> str:
    changes = queries.content(row).get("changes") or {}
    return "; ".join(f"{name}: {plain(pair[0])} → {plain(pair[1])}" for name, pair in sorted(changes.items()))


JOURNAL = Listing(
    name="journal",
    select=lambda request, filters: _select(request, dict(filters)),
    filters=JournalFilters,
    orders=queries.ORDERS,
    columns=(
        Column("id", _("Number")),
        Column("recorded_at", _("When")),
        Column("tag", _("Act")),
        Column("actor_name", _("Who")),
        Column("acting_position", _("Position")),
        Column("subject_kind", _("Kind")),
        Column("subject_id", _("Subject number")),
        Column("subject_name", _("Subject")),
        Column("changes", _("What changed"), _changes),
        Column("previous_hash", _("Hash before")),
        Column("hash", _("Hash")),
    ),
)

EXTRACT = Listing(
    name="journal-extract",
    select=lambda request, filters: queries.extract(request.identity, filters.get("government_id")),
    filters=ExtractFilters,
    orders=queries.CHAIN_ORDERS,
    columns=(Column("id", _("Number")), Column("hash", _("Hash"))),
)


@dataclass(frozen=True)
class Told:
    """One act as the page tells it."""

    id: int
    on: datetime
    who: str
    position: str | None
    sentence: str
    kind: str
    subject: str
    url: str | None
    changes: list[tuple[str, str, str]]


def tell(request: Request, row: Any) -> Told:
    """Tell one act: its sentence in the reader's language, the subject's kind and page, what changed."""
    content = queries.content(row)
    kind, route = request.registry["collab.subjects"].get(row.subject_kind, (row.subject_kind, None))
    url = request.route_path(route, id=row.subject_id) if route and row.subject_id is not None else None
    changes = content.get("changes") or {}
    return Told(
        id=row.id,
        on=row.recorded_at,
        who=_actor(request, row),
        position=row.acting_position,
        sentence=_sentence(request, row, content.get("detail") or {}),
        kind=translate(request, kind),
        subject=row.subject_name,
        url=url,
        changes=[(name, plain(pair[0]), plain(pair[1])) for name, pair in sorted(changes.items())],
    )


def _actor(request: Request, row: Any) -> str:
    if row.user_id is None and row.actor_name == NOBODY.display_name:
        return translate(request, _("Someone not signed in"))
    return str(row.actor_name)


def _sentence(request: Request, row: Any, detail: dict[str, Any]) -> str:
    known: Sentence | None = request.registry["collab.sentences"].get(row.tag)
    values = {name: _word(request, name, value) for name, value in detail.items()}
    values |= {"actor": _actor(request, row), "subject": row.subject_name, "tag": row.tag}
    sentence = known or _("${actor}: ${tag} on ${subject}")
    return translate(request, TranslationString(sentence, domain="collab", mapping=values))


def _word(request: Request, name: str, value: Any) -> str:
    if name == "role" and value in set(Role):
        return translate(request, Role(value).title)
    return plain(value)


def plain(value: Any) -> str:
    """Write a journaled value for people."""
    if value is None:
        return "–"
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {plain(item)}" for name, item in value.items())
    return {True: "✓", False: "✗"}[value] if isinstance(value, bool) else str(value)


@page("journal", permission=Permission.READ, renderer="collab.audit:templates/journal.jinja2")
def journal(request: Request) -> dict[str, Any]:
    """List acts, newest first."""
    listed = listing.show(request, JOURNAL)
    registry = request.registry
    words = {tag.split(":")[0] for tag in registry["collab.sentences"]}
    parts = sorted((word, translate(request, PART_TITLES.get(word, word))) for word in words)
    kinds = sorted(
        (kind, translate(request, title)) for kind, (title, _r) in registry["collab.subjects"].items()
    )
    told = [tell(request, row) for row in listed.items]
    return {"listed": listed, "told": told, "features": parts, "kinds": kinds}


@page("journal.csv", permission=Permission.READ)
@page("journal.xlsx", permission=Permission.READ)
def export(request: Request) -> Response:
    """Give the list as a file."""
    return listing.export(request, JOURNAL)


@page("journal.entry", permission=Permission.READ, renderer="collab.audit:templates/entry.jinja2")
def entry(context: Any, request: Request) -> dict[str, Any]:
    """Show one act with what changed and its place in the chain."""
    request.breadcrumbs = [(_("Journal"), request.route_path("journal")), (f"#{context.id}", None)]
    before, after = queries.neighbours(request.db, context.id, identity=request.identity)
    return {
        "row": context,
        "told": tell(request, context),
        "content": queries.content(context),
        "before": before,
        "after": after,
    }
