"""The forms and buttons that change agreements."""

from typing import Any

from pyramid.request import Request

from collab.agreements import forms, queries, rules, services
from collab.agreements.policies import KEEPERS
from collab.agreements.queries import SeenAgreement
from collab.agreements.views.pages import crumb
from collab.agreements.vocabulary import AgreementDocumentKind, Permission, Scheme, Stage
from collab.core.text import _
from collab.mandates import queries as mandates
from collab.mandates.vocabulary import Permission as MandatePermission
from collab.web.forms import act, submit
from collab.web.i18n import translate
from collab.web.routing import action, form


def _at(request: Request, agreement_id: int) -> str:
    return request.route_path("agreement", id=agreement_id)


@form("agreement.new", permission=Permission.CREATE)
def new(request: Request) -> Any:
    """Record a new agreement."""
    heading = _("New agreement")
    request.breadcrumbs = [
        (translate(request, _("Agreements")), request.route_path("agreements")),
        (translate(request, heading), None),
    ]
    return submit(
        request,
        forms.new_form(),
        heading=heading,
        lead=_("It starts in its first stage. Everything can be changed until the signature."),
        save=lambda values: services.create(request.db, actor=request.identity, **values),
        done=lambda row: _at(request, row.id),
        said=_("The agreement is recorded. Below is what its next stage needs."),
        initial=_suggested(request),
        button=_("Record the agreement"),
        outcome=_("The parties' representatives and the leading sectors see it from now on."),
        cancel_url=request.route_path("agreements"),
    )


def _suggested(request: Request) -> dict[str, Any]:
    """Suggest what is likely: the user's government as first party; under a parent its scheme and partner."""
    allowed = request.identity.governments(*KEEPERS)
    home = request.identity.home_government_id
    government_id = home if home in allowed else min(allowed, default=None)
    root = queries.root_party(request.db, government_id) if government_id else None
    empty: dict[str, Any] = {"organization_id": None}
    suggested: dict[str, Any] = {
        "government_id": government_id,
        "scheme": Scheme.KSDPK,
        "document_kind": AgreementDocumentKind.JOINT_AGREEMENT,
        "parties": [_blank_party(root), _blank_party(None)],
        "leads": [{**empty, "role": "lead", "accountable": True}],
        "legal_bases": [],
    }
    return suggested | _under(request)


def _under(request: Request) -> dict[str, Any]:
    """Take from the joint agreement of ``?parent=`` what its cooperation agreement shares with it."""
    text = request.GET.get("parent", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return {}
    parent = queries.get(request.db, int(text), identity=request.identity)
    rows = queries.parties(request.db, [parent.id])
    outside = [row.organization_id for row in rows if row.government_id != parent.government_id]
    return {
        "government_id": parent.government_id,
        "scheme": parent.scheme,
        "document_kind": AgreementDocumentKind.COOPERATION_AGREEMENT,
        "parent_id": parent.id,
        "valid_until": parent.valid_until,
        "parties": [_blank_party(None), *(_blank_party(number) for number in outside)],
    }


def _blank_party(organization_id: int | None) -> dict[str, Any]:
    return {"organization_id": organization_id, "own_number": None, "printed_name": None, "order": None}


@form("agreement.edit", permission=Permission.EDIT)
def edit(context: SeenAgreement, request: Request) -> Any:
    """Change an agreement: its text until the signature, leads and legal bases also afterwards."""
    signed = context.signed_on is not None
    heading = _("Leading sector and legal basis") if signed else _("Edit agreement")
    crumb(request, context, heading)
    return submit(
        request,
        forms.edit_form(signed=signed),
        heading=heading,
        lead=_("The text is signed and closed. A change of it needs a numbered addendum by the same parties.")
        if signed
        else "",
        save=lambda values: services.edit(request.db, context, actor=request.identity, **values),
        done=lambda row: _at(request, row.id),
        said=_("The change is saved."),
        initial=_present(request, context),
        version=context.version,
        button=_("Save"),
        cancel_url=_at(request, context.id),
    )


def _present(request: Request, context: SeenAgreement) -> dict[str, Any]:
    parties = queries.parties(request.db, [context.id])
    leads = mandates.leads_on(request.db, [context.id], request.today)
    bases = mandates.legal_bases(request.db, [context.id], identity=request.identity)
    standing = [lead for lead in leads if lead.valid_until is None]
    forms.names_of(request).expect({row.organization_id for row in [*parties, *standing]})
    values = {
        name: getattr(context, name)
        for name in ("scheme", "document_kind", "title", "parent_id", "scope", "valid_from", "valid_until")
    }
    return values | {
        "parties": [
            {
                "organization_id": row.organization_id,
                "own_number": row.own_number,
                "printed_name": row.printed_name if row.printed_name != row.name else None,
                "order": row.position,
            }
            for row in parties
        ],
        "leads": [
            {"organization_id": row.organization_id, "role": row.role, "accountable": row.accountable}
            for row in standing
        ],
        "legal_bases": [{"regulation_id": row.regulation_id, "article": row.article} for row in bases],
    }


@action("agreement.advance", permission=Permission.ADVANCE)
def advance(context: SeenAgreement, request: Request) -> Any:
    """Take an agreement into its next stage."""
    return act(
        request,
        lambda: services.advance(request.db, context, expected=_expected(request), actor=request.identity),
        done=lambda row: _at(request, row.id),
        said=_("The agreement is in its next stage."),
    )


def _expected(request: Request) -> Stage | None:
    sent = request.POST.get("stage")
    return Stage(sent) if sent in Stage.__members__.values() else None


@form("agreement.return", permission=Permission.ADVANCE)
def return_(context: SeenAgreement, request: Request) -> Any:
    """Take an agreement one stage back, with the reason."""
    heading = _("Return to the stage before")
    crumb(request, context, heading)
    earlier = rules.previous_stage(context.document_kind, context.stage)
    lead = _(
        "It goes from “${stage}” back to “${earlier}”.",
        mapping={
            "stage": rules.stage_title(context.document_kind, context.stage),
            "earlier": rules.stage_title(context.document_kind, earlier or context.stage),
        },
    )
    return submit(
        request,
        forms.ReturnForm(),
        heading=heading,
        lead=lead,
        save=lambda values: services.return_(
            request.db, context, remark=values["note"], actor=request.identity
        ),
        done=lambda row: _at(request, row.id),
        said=_("The agreement is back in the stage before."),
        version=context.version,
        button=_("Return it"),
        cancel_url=_at(request, context.id),
    )


@form("agreement.sign", permission=Permission.SIGN)
def sign(context: SeenAgreement, request: Request) -> Any:
    """Record the signature."""
    heading = _("Record the signature")
    crumb(request, context, heading)
    parties = queries.parties(request.db, [context.id])

    def save(values: dict[str, Any]) -> Any:
        numbers = {row.organization_id: values.pop(f"number_{row.organization_id}") for row in parties}
        return services.sign(request.db, context, own_numbers=numbers, actor=request.identity, **values)

    return submit(
        request,
        forms.sign_form(parties),
        heading=heading,
        lead=context.title,
        save=save,
        done=lambda row: _at(request, row.id),
        said=_("The signature is recorded; the text is closed."),
        initial={
            "signed_on": request.today,
            "valid_from": context.valid_from,
            "valid_until": context.valid_until,
            **{f"number_{row.organization_id}": row.own_number for row in parties},
        },
        version=context.version,
        button=_("Record the signature"),
        outcome=_("The text is closed for good and the agreement enters its next stage."),
        cancel_url=_at(request, context.id),
    )


@form("agreement.attach", permission=Permission.ATTACH)
def attach(context: SeenAgreement, request: Request) -> Any:
    """Attach documents to an agreement."""
    heading = _("Attach documents")
    crumb(request, context, heading)

    def save(values: dict[str, Any]) -> Any:
        services.attach(
            request.db,
            context,
            values["documents"],
            values["role"],
            actor=request.identity,
            owners=request.registry["collab.document_owners"],
        )
        return context

    return submit(
        request,
        forms.attach_form(),
        heading=heading,
        lead=context.title,
        save=save,
        done=lambda row: _at(request, row.id),
        said=_("The documents are attached."),
        button=_("Attach"),
        outcome=_("Whoever may read this agreement may read its documents."),
        cancel_url=_at(request, context.id),
    )


@form("agreement.note", permission=MandatePermission.NOTE)
def add_note(context: SeenAgreement, request: Request) -> Any:
    """Keep a remark with an agreement."""
    heading = _("Add a note")
    crumb(request, context, heading)

    def save(values: dict[str, Any]) -> Any:
        services.add_note(request.db, context, actor=request.identity, **values)
        return context

    return submit(
        request,
        forms.NoteForm(),
        heading=heading,
        lead=context.title,
        save=save,
        done=lambda row: _at(request, row.id),
        said=_("The note is kept."),
        button=_("Keep the note"),
        outcome=_("A note is never changed afterwards."),
        cancel_url=_at(request, context.id),
    )
