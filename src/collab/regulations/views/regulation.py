"""One regulation: its page, and the acts on it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from pyramid.request import Request

from collab.core.text import Sentence, _
from collab.regulations import queries, rules, services
from collab.regulations.forms import AttachForm, DraftForm, EditForm, EnactForm, RelationForm
from collab.regulations.queries import SeenRegulation
from collab.regulations.rules import Standing
from collab.regulations.vocabulary import Lifecycle, Permission, RegulationState, RelationKind
from collab.web.forms import act, submit
from collab.web.i18n import translate
from collab.web.routing import action, form, page

_ICONS = {
    RelationKind.IMPLEMENTS: "diagram-3",
    RelationKind.AMENDS: "pencil",
    RelationKind.REVOKES: "x-lg",
    RelationKind.PARTLY_REVOKES: "x-lg",
    RelationKind.LEGAL_BASIS: "bank",
    RelationKind.REFERS_TO: "link-45deg",
}


@page("regulation", permission=Permission.READ, renderer="collab.regulations:templates/regulation.jinja2")
def show(context: SeenRegulation, request: Request) -> dict[str, Any]:
    """Show a regulation as of a day: dates, state with its reason, relations, documents, what rests on it."""
    _crumbs(request, context)
    session, identity, day = request.db, request.identity, request.as_of
    request.figures_as_of = day
    relations = queries.relations(session, context.id, identity=identity)
    acts = [row.kind for row in relations if row.is_acting]
    standing = queries.standing(context, relations, day)
    may = {p.name.lower(): bool(request.has_permission(p, context)) for p in Permission}
    return {
        "regulation": context,
        "standing": standing,
        "reason": reason(request, standing, relations, context),
        "entries": _history(request, context, relations),
        "documents": _documents(request, context),
        "hints": [*rules.title_hints(context.title, acts), *rules.chain_hints(context.kind, acts)]
        if may["edit"]
        else [],
        "resting": queries.dependants(session, context.id, identity=identity),
        "first_day": rules.in_force_from(context.dates, context.kind),
        "cite": lambda row: rules.citation(row.kind, row.number, row.year, row.title),
        "may": may,
        "is_draft": context.lifecycle is Lifecycle.DRAFT,
        "panels": request.panels("regulation", context),
    }


def reason(request: Request, standing: Standing, relations: list[Any], regulation: SeenRegulation) -> str:
    """Say in one sentence why a regulation stands as it does."""
    cited = {row.other_id: _cite_other(row) for row in relations}
    acting = [cited[number] for number in standing.by if number in cited]
    by = ", ".join(acting)
    sentences: dict[RegulationState, Sentence] = {
        RegulationState.DRAFT: _("It has no number yet and binds nobody."),
        RegulationState.WITHDRAWN: _("The draft was given up."),
        RegulationState.NOT_YET_EFFECTIVE: _("Its day of force has not come, or is not recorded."),
        RegulationState.REVOKED: _("Revoked by ${by}.", mapping={"by": by}),
        RegulationState.PARTLY_REVOKED: _("Parts were revoked by ${by}.", mapping={"by": by}),
        RegulationState.AMENDED: _("Amended by ${by}; read both together.", mapping={"by": by}),
        RegulationState.IN_FORCE: _("Neither amended nor revoked."),
    }
    said = translate(request, sentences[standing.state])
    if standing.state is not RegulationState.NOT_YET_EFFECTIVE and rules.is_presumed(
        regulation.dates, regulation.kind
    ):
        said += " " + translate(request, _("No date is recorded: its force is presumed from its year."))
    return said


def _cite_other(row: Any, *, short: bool = True) -> str:
    return rules.citation(row.other_kind, row.number, row.year, row.title, short=short)


def _history(request: Request, regulation: SeenRegulation, relations: list[Any]) -> list[Any]:
    """Tell the relations by the day from which they bear, newest first; those that do not bear yet come first."""
    told = [(_on(regulation, row), row) for row in relations]
    told.sort(key=lambda pair: (pair[0] or date.max, pair[1].id), reverse=True)
    return [_entry(request, day, row) for day, row in told]


def _on(regulation: SeenRegulation, row: Any) -> date | None:
    """Give the first day on which a relation bears: its own, else the acting regulation's; None while it is a draft."""
    if row.is_acting:
        own = rules.in_force_from(regulation.dates, regulation.kind)
    else:
        acting = queries.acting_of(row)
        own = rules.in_force_from(acting.acting_dates, acting.acting_kind)
    return max(own, row.effective_on) if own and row.effective_on else row.effective_on or own


def _entry(request: Request, day: date | None, row: Any) -> Any:
    title = translate(request, row.kind.title if row.is_acting else row.kind.inverse_title)
    return SimpleNamespace(
        on=day or row.recorded_at,
        who=None if day else row.recorder,
        position=None,
        sentence=f"{title} ({row.articles})" if row.articles else title,
        url=request.route_path("regulation", id=row.other_id),
        link_label=f"{_cite_other(row, short=False)} ({row.other_government})",
        icon=_ICONS[row.kind],
        signal=None,
        note=None,
    )


def _documents(request: Request, regulation: SeenRegulation) -> list[Any]:
    rows = queries.documents(request.db, regulation.id, identity=request.identity)
    return [
        SimpleNamespace(
            title=document.title,
            url=request.route_path("document", id=document.id),
            kind_label=translate(request, attachment.role.title),
            size=document.size,
            pages=None,
            on=document.recorded_at,
            note=f"v{document.number}" if document.number > 1 else None,
            media_type=document.media_type,
        )
        for attachment, document in rows
    ]


def _crumbs(request: Request, regulation: SeenRegulation, act_name: Sentence | None = None) -> str:
    place = request.route_path("regulation", id=regulation.id)
    here = (_shown(regulation), place if act_name else None)
    rest = [(act_name, None)] if act_name else []
    request.breadcrumbs = [(_("Regulations"), request.route_path("regulations")), here, *rest]
    return place


def _shown(regulation: SeenRegulation) -> str:
    text = regulation.short_citation
    return text if len(text) <= 60 else f"{text[:59].rstrip()}…"


@form("regulation.edit", permission=Permission.EDIT)
def edit(context: SeenRegulation, request: Request) -> Any:
    """Change what is written of a regulation."""
    place = _crumbs(request, context, _("Edit"))
    schema = EditForm if context.lifecycle is Lifecycle.ENACTED else DraftForm
    return submit(
        request,
        schema(),
        heading=_("Edit the regulation"),
        lead=context.short_citation,
        initial={name: getattr(context, name) for name in services.VALUES},
        version=context.version,
        save=lambda values: services.edit(request.db, context.id, actor=request.identity, **values),
        done=lambda row: place,
        said=_("The regulation is saved."),
        cancel_url=place,
    )


@form("regulation.relate", permission=Permission.RELATE)
def relate(context: SeenRegulation, request: Request) -> Any:
    """Record what the regulation does to another."""
    place = _crumbs(request, context, _("Relate"))
    return submit(
        request,
        RelationForm(),
        heading=_("Relate to another regulation"),
        lead=context.short_citation,
        save=lambda values: services.relate(request.db, context.id, actor=request.identity, **values),
        done=lambda row: place,
        said=_("The relation is recorded."),
        button=_("Record the relation"),
        outcome=_("A relation once recorded stays: check it before you record it."),
        cancel_url=place,
    )


@form("regulation.attach", permission=Permission.ATTACH)
def attach(context: SeenRegulation, request: Request) -> Any:
    """Attach files."""
    place = _crumbs(request, context, _("Attach"))
    return submit(
        request,
        AttachForm(),
        heading=_("Attach documents"),
        lead=context.short_citation,
        save=lambda values: services.attach(
            request.db,
            context.id,
            actor=request.identity,
            owners=request.registry["collab.document_owners"],
            **values,
        ),
        done=lambda row: place,
        said=_("The documents are attached."),
        button=_("Attach"),
        cancel_url=place,
    )


@form("regulation.enact", permission=Permission.ENACT)
def enact(context: SeenRegulation, request: Request) -> Any:
    """Give a draft its number and dates."""
    place = _crumbs(request, context, _("Enact"))
    return submit(
        request,
        EnactForm(),
        heading=_("Enact the draft"),
        lead=context.short_citation,
        save=lambda values: services.enact(request.db, context.id, actor=request.identity, **values),
        done=lambda row: place,
        said=_("The draft is enacted."),
        button=_("Enact"),
        outcome=_("From then on everyone can read it, and its relations count once it is in force."),
        cancel_url=place,
    )


@action("regulation.withdraw", permission=Permission.WITHDRAW)
def withdraw(context: SeenRegulation, request: Request) -> Any:
    """Give a draft up."""
    return act(
        request,
        lambda: services.withdraw(request.db, context.id, actor=request.identity),
        done=lambda row: request.route_path("regulation", id=row.id),
        said=_("The draft is withdrawn."),
    )
