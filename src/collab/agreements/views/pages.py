"""The pages that show agreements: the list, one agreement, the kab/kota below."""

from types import SimpleNamespace
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from collab.agreements import queries, rules
from collab.agreements.forms import PARENT_KINDS
from collab.agreements.policies import READERS
from collab.agreements.queries import SeenAgreement
from collab.agreements.views import listings
from collab.agreements.vocabulary import (
    AgreementDocumentKind,
    AgreementState,
    Permission,
    Scheme,
    Stage,
    StageMove,
)
from collab.core.text import Sentence, _
from collab.documents.queries import newest as newest_documents
from collab.documents.vocabulary import DocumentKind
from collab.mandates import queries as mandates
from collab.mandates.vocabulary import Permission as MandatePermission
from collab.organizations import queries as organizations
from collab.regulations import queries as regulations
from collab.regulations.rules import citation
from collab.web.filters import date_long, moment, number, when
from collab.web.i18n import pluralize, translate
from collab.web.listing import export, show
from collab.web.routing import page

TEMPLATES = "collab.agreements:templates"
_MOVES: dict[StageMove, tuple[Sentence, str, str | None]] = {
    StageMove.OPENED: (_("Opened in the stage “${stage}”"), "file-earmark-text", None),
    StageMove.ADVANCED: (_("Moved on to “${stage}”"), "arrow-right", None),
    StageMove.RETURNED: (_("Returned to “${stage}”"), "arrow-counterclockwise", "yellow"),
}


@page("agreements", permission=Permission.READ, renderer=f"{TEMPLATES}/agreements.jinja2")
def index(request: Request) -> dict[str, Any]:
    """List the agreements of the reader's scope."""
    return _list(request, listings.agreements)


@page("agreements.csv", permission=Permission.READ)
@page("agreements.xlsx", permission=Permission.READ)
def download(request: Request) -> Response:
    """Give the same list as a file."""
    return export(request, listings.agreements)


@page("agreements.below", permission=Permission.READ, renderer=f"{TEMPLATES}/agreements.jinja2")
def below(request: Request) -> dict[str, Any]:
    """List signed agreements of the kab/kota of the reader's province, apart from the reader's own."""
    request.breadcrumbs = [
        (translate(request, _("Agreements")), request.route_path("agreements")),
        (translate(request, _("Regencies and cities")), None),
    ]
    return {**_list(request, listings.below), "is_below": True}


def _list(request: Request, listing: Any) -> dict[str, Any]:
    listed = show(request, listing)
    return {
        "listed": listed,
        "rows": [listings.as_drawn(row, request) for row in listed.items],
        "options": {
            "scheme": [(word.value, translate(request, word.title)) for word in Scheme],
            "document_kind": [(word.value, translate(request, word.title)) for word in AgreementDocumentKind],
            "stage": [(word.value, translate(request, word.title)) for word in Stage],
            "state": [(word.value, translate(request, word.title)) for word in AgreementState],
            "sort": [
                ("newest", translate(request, _("Newest first"))),
                ("title", translate(request, _("Title"))),
                ("ending", translate(request, _("Ending soonest"))),
                ("stage_age", translate(request, _("Longest in its stage"))),
            ],
        },
        "chips": _chips(request, listed.filters),
        "may_create": request.has_permission(Permission.CREATE),
        "may_look_below": bool(request.identity.governments(*READERS)),
    }


def _chips(request: Request, filters: dict[str, Any]) -> list[tuple[str, str]]:
    """Name the filters that no box shows, each with the address without it."""
    found = []
    for name in ("organization", "parent", "regulation", "government"):
        value = filters.get(name)
        if value is not None:
            rest = [(key, text) for key, text in request.GET.items() if key not in (name, "cursor")]
            found.append((_chip_title(request, name, value), request.route_path("agreements", _query=rest)))
    return found


def _chip_title(request: Request, name: str, value: int) -> str:
    session, identity = request.db, request.identity
    words = {
        "organization": lambda: organizations.labels(session, [value]).get(value),
        "parent": lambda: queries.titles(session, [value], identity=identity).get(value),
        "regulation": lambda: regulations.label(session, value, identity=identity),
        "government": lambda: None,
    }[name]()
    return words or f"{translate(request, _('Filter'))}: {name} {value}"


@page("agreements.find", permission=Permission.READ, renderer="json")
def find(request: Request) -> dict[str, Any]:
    """Answer the reader's agreements whose title holds the text, for search boxes."""
    text = request.GET.get("q", "").strip()[:200].replace("\x00", "")
    rows = queries.find(request.db, text, identity=request.identity, kinds=PARENT_KINDS)
    return {"items": [{"id": number, "text": title} for number, title in rows]}


# -- one agreement ----------------------------------------------------------------------------------------------


@page("agreement", permission=Permission.READ, renderer=f"{TEMPLATES}/agreement.jinja2")
def detail(context: SeenAgreement, request: Request) -> dict[str, Any]:
    """Show an agreement: facts, parties, leads, legal bases, stages and what blocks the next one, history."""
    session, day = request.db, request.today
    crumb(request, context)
    parties = queries.parties(session, [context.id])
    history = queries.events(session, context.id)
    facts = queries.facts(session, context.id, day, rows=parties)
    state = rules.state_on(context.signed_on, context.valid_from, context.valid_until, day)
    may = {p.name.lower(): bool(request.has_permission(p, context)) for p in Permission}
    may["note"] = bool(request.has_permission(MandatePermission.NOTE, context))
    return {
        "agreement": context,
        "kind": context.document_kind.title,
        "scheme": context.scheme.title,
        "state": state,
        "state_mark": listings.STATE_MARKS[state],
        "stage_title": rules.stage_title(context.document_kind, context.stage),
        "days": rules.days_in_stage(context.stage_since, day, context.zone),
        "alarm_days": rules.DEFAULTS.stage_alarm_days,
        "facts": _facts(request, context),
        "parties": parties,
        "leads": mandates.leads_on(session, [context.id], day),
        "bases": _bases(request, context),
        "steps": _steps(request, context, history),
        "next": _next(context, facts),
        "blockers": _reasons(request, context, _blockers(context, facts)),
        "warnings": _reasons(request, context, rules.warnings(facts)),
        "entries": [_entry(request, context, row) for row in history],
        "documents": _documents(request, context),
        "notes": mandates.notes(session, context.id),
        "children": _children(request, context),
        "may": may,
        "is_signing": rules.is_signing(context.stage) and context.signed_on is None,
        "may_return": not rules.may_return(facts),
        "panels": [*request.panels("agreement", context), *request.panels("mandate", context)],
    }


def _facts(request: Request, context: SeenAgreement) -> list[tuple[str, str]]:
    """Give the facts that are there, in words."""
    locale = request.localizer.locale_name
    decide_by = rules.decide_by(context.valid_until, context.scheme) if context.signed_on else None
    rows: list[tuple[Sentence, str | None]] = [
        (_("Kind of cooperation"), translate(request, context.scheme.title)),
        (_("What it covers"), context.scope),
        (_("Signed on"), date_long(context.signed_on, locale) if context.signed_on else None),
        (_("Place"), context.signed_place),
        (_("First day"), date_long(context.valid_from, locale) if context.valid_from else None),
        (_("Last day"), date_long(context.valid_until, locale) if context.valid_until else None),
        (_("Decide on renewal by"), when(decide_by, request.today, locale) if decide_by else None),
        (_("Recorded"), moment(context.recorded_at, context.zone, locale)),
    ]
    return [(translate(request, title), text) for title, text in rows if text]


def crumb(request: Request, context: SeenAgreement, act_name: Sentence | None = None) -> None:
    """Say where the page stands below the list."""
    place = request.route_path("agreement", id=context.id)
    request.breadcrumbs = [
        (translate(request, _("Agreements")), request.route_path("agreements")),
        (context.title if len(context.title) < 60 else f"{context.title[:57]}…", place if act_name else None),
        *([(translate(request, act_name), None)] if act_name else []),
    ]


def _blockers(context: SeenAgreement, facts: rules.StageFacts) -> list[rules.Blocker]:
    if rules.next_stage(context.document_kind, context.stage) is None:
        return []
    if rules.is_signing(context.stage) and context.signed_on is None:
        return rules.may_sign(facts)
    return rules.may_advance(facts)


def _next(context: SeenAgreement, facts: rules.StageFacts) -> Sentence | None:
    following = rules.next_stage(facts.document_kind, facts.stage)
    return rules.stage_title(context.document_kind, following) if following else None


def _reasons(request: Request, context: SeenAgreement, blockers: list[rules.Blocker]) -> list[Any]:
    """Give each thing in the way as the page draws it, with the link where it can be cleared."""
    places = {
        rules.Hint.EDIT: (Permission.EDIT, "agreement.edit", context.id),
        rules.Hint.DOCUMENTS: (Permission.ATTACH, "agreement.attach", context.id),
        rules.Hint.PARENT: (Permission.READ, "agreement", context.parent_id),
        rules.Hint.SIGN: (Permission.SIGN, "agreement.sign", context.id),
    }
    found = []
    for blocker in blockers:
        permission, route, number = places[blocker.hint]
        may = number is not None and request.has_permission(permission, context)
        url = request.route_path(route, id=number) if may else None
        found.append(
            SimpleNamespace(
                missing=translate(request, blocker.sentence),
                who=translate(request, blocker.who),
                law=blocker.law,
                url=url,
            )
        )
    return found


def _steps(request: Request, context: SeenAgreement, history: list[Any]) -> list[tuple[str, str, str | None]]:
    """Give the walk of this kind of document: title, done / current / ahead, days in the current one."""
    walk = rules.stages_of(context.document_kind)
    place = walk.index(context.stage) if context.stage in walk else 0
    days = rules.days_in_stage(context.stage_since, request.today, context.zone)
    written = number(days, request.locale_name)
    words = pluralize(request, "${count} day here", "${count} days here", days, count=written)
    return [
        (
            translate(request, rules.stage_title(context.document_kind, stage)),
            "done" if index < place else "current" if index == place else "ahead",
            words if index == place else None,
        )
        for index, stage in enumerate(walk)
    ]


def _bases(request: Request, context: SeenAgreement) -> list[Any]:
    rows = mandates.legal_bases(request.db, [context.id], identity=request.identity)
    states = regulations.standings(request.db, [row.regulation_id for row in rows], day=request.today)
    return [
        SimpleNamespace(
            id=row.regulation_id,
            article=row.article,
            is_named=row.is_named,
            citation=citation(row.kind, row.number, row.year, row.title, short=True)
            if row.is_named
            else None,
            title=row.title if row.is_named else None,
            is_draft=row.number is None,
            state=states[row.regulation_id].state if row.regulation_id in states else None,
        )
        for row in rows
    ]


def _entry(request: Request, context: SeenAgreement, row: Any) -> Any:
    sentence, icon, signal = _MOVES[row.move]
    stage = translate(request, rules.stage_title(context.document_kind, row.stage))
    return SimpleNamespace(
        on=row.recorded_at,
        who=row.author,
        position=None,
        sentence=translate(request, sentence, stage=stage),
        icon=icon,
        signal=signal,
        note=row.note,
        url=None,
        link_label=None,
    )


def _documents(request: Request, context: SeenAgreement) -> list[Any]:
    rows = mandates.documents(request.db, context.id)
    newest = newest_documents(request.db, [row.document_id for row in rows])
    return [
        SimpleNamespace(
            title=document.title,
            url=request.route_path("document", id=document.id),
            kind_label=translate(request, DocumentKind(row.role).title),
            size=document.size,
            pages=None,
            on=document.recorded_at,
            note=f"v{document.number}" if document.number > 1 else None,
            media_type=document.media_type,
        )
        for row in rows
        if (document := newest.get(row.document_id)) is not None
    ]


def _children(request: Request, context: SeenAgreement) -> list[dict[str, Any]]:
    if context.document_kind is AgreementDocumentKind.COOPERATION_AGREEMENT:
        return []
    rows = queries.children(request.db, context.id, identity=request.identity, day=request.today)
    return [listings.as_drawn(row, request) for row in rows]
