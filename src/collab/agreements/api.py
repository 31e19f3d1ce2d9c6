"""Agreements for programs: the same services and queries as the pages; mandates of every kind to read."""

import json
from typing import Any

from pyramid.request import Request

from collab.agreements import forms, queries, rules, services
from collab.agreements.queries import SeenAgreement
from collab.agreements.views.listings import agreements as listing
from collab.agreements.vocabulary import Permission
from collab.mandates import queries as mandates
from collab.mandates.vocabulary import MandateKind
from collab.web.api import check_match, collection, created, detail, operation

#: Fields that null empties.
_EMPTIED = ("parent_id", "scope", "valid_from", "valid_until")


@operation(
    "api.agreements",
    "GET",
    permission=Permission.READ,
    summary="List the agreements of your scope, with stage and state as of a day",
    listing=listing,
    answers="agreements",
)
def index(context: Any, request: Request) -> dict[str, Any]:
    """List agreements."""
    return collection(request, listing, _item)


@operation(
    "api.agreements",
    "POST",
    permission=Permission.CREATE,
    summary="Record an agreement with its parties, leads and legal bases",
    body=forms.AgreementForm,
    answers="agreement",
    status=201,
)
def create(context: Any, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Record an agreement."""
    row = services.create(request.db, actor=request.identity, **values)
    created(request, request.route_path("api.agreement", id=row.id))
    return _changed(request, row.id)


@operation(
    "api.agreement", "GET", permission=Permission.READ, summary="Read one agreement", answers="agreement"
)
def show(context: SeenAgreement, request: Request) -> dict[str, Any]:
    """Answer one agreement with its parties, leads, legal bases, documents and what blocks its next stage."""
    return detail(request, _body(request, context), version=context.version)


@operation(
    "api.agreement",
    "PATCH",
    permission=Permission.EDIT,
    summary="Change some values of an agreement; lists replace the present ones, null empties",
    body=forms.AgreementChange,
    answers="agreement",
)
def change(context: SeenAgreement, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Change an agreement: its text until the signature, leads and legal bases also afterwards."""
    check_match(request, context.version, needed=True)
    emptied = {
        name: None
        for name, value in json.loads(request.body or b"{}").items()
        if value is None and name in _EMPTIED
    }
    services.edit(request.db, context, actor=request.identity, **values, **emptied)
    return _changed(request, context.id)


@operation(
    "api.agreement.advance",
    "POST",
    permission=Permission.ADVANCE,
    summary="Take an agreement into its next stage",
    body=forms.AdvanceBody,
    answers="agreement",
)
def advance(context: SeenAgreement, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Advance an agreement; 409 names what is missing and the law."""
    check_match(request, context.version)
    services.advance(
        request.db, context, expected=values["stage"], remark=values["note"], actor=request.identity
    )
    return _changed(request, context.id)


@operation(
    "api.agreement.return",
    "POST",
    permission=Permission.ADVANCE,
    summary="Take an agreement one stage back, with the reason",
    body=forms.ReturnBody,
    answers="agreement",
)
def return_(context: SeenAgreement, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Return an agreement."""
    check_match(request, context.version)
    services.return_(
        request.db, context, remark=values["note"], expected=values["stage"], actor=request.identity
    )
    return _changed(request, context.id)


@operation(
    "api.agreement.sign",
    "POST",
    permission=Permission.SIGN,
    summary="Record the signature; the text is closed",
    body=forms.SignBody,
    answers="agreement",
)
def sign(context: SeenAgreement, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Record the signature of an agreement."""
    check_match(request, context.version)
    numbers = {row["organization_id"]: row["own_number"] for row in values.pop("numbers")}
    services.sign(request.db, context, own_numbers=numbers, actor=request.identity, **values)
    return _changed(request, context.id)


@operation(
    "api.agreement.documents",
    "POST",
    permission=Permission.ATTACH,
    summary="Claim an uploaded document for an agreement",
    body=forms.AttachmentBody,
    answers="agreement",
    status=201,
)
def attach(context: SeenAgreement, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Claim a document."""
    services.attach(
        request.db,
        context,
        [values["document_id"]],
        values["role"],
        actor=request.identity,
        owners=request.registry["collab.document_owners"],
    )
    created(request, request.route_path("api.agreement", id=context.id))
    return _changed(request, context.id)


@operation(
    "api.mandates",
    "GET",
    permission=Permission.READ,
    summary="List what obliges, of every kind, in your scope",
    listing=listing,
    answers="mandates",
)
def list_mandates(context: Any, request: Request) -> dict[str, Any]:
    """List mandates: today every one is an agreement; other kinds join here."""
    return collection(request, listing, _mandate)


# -- bodies -----------------------------------------------------------------------------------------------------


def _item(row: Any) -> dict[str, Any]:
    """Write one row of the list."""
    names = ("id", "title", "scheme", "document_kind", "government_id", "parent_id", "signed_on")
    more = ("valid_from", "valid_until", "stage", "stage_since", "state", "is_illustrative", "version")
    return {name: row._mapping[name] for name in (*names, *more)}


def _mandate(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": MandateKind.AGREEMENT,
        "title": row.title,
        "government_id": row.government_id,
        "is_illustrative": row.is_illustrative,
    }


def _changed(request: Request, agreement_id: int) -> dict[str, Any]:
    """Answer an agreement as it is after a write, with its new ETag."""
    context = queries.get(request.db, agreement_id, identity=request.identity)
    return detail(request, _body(request, context), version=context.version)


def _body(request: Request, context: SeenAgreement) -> dict[str, Any]:
    session, day = request.db, request.as_of
    parties = queries.parties(session, [context.id])
    facts = queries.facts(session, context.id, day, rows=parties)
    names = ("id", "title", "government_id", "scheme", "document_kind", "parent_id", "scope", "signed_on")
    more = ("signed_place", "valid_from", "valid_until", "stage_since", "is_illustrative", "version")
    stage = queries.stages_on(session, [context.id], day).get(context.id, context.stage)
    return {
        **{name: getattr(context, name) for name in (*names, *more)},
        "stage": stage,
        "state": rules.state_on(context.signed_on, context.valid_from, context.valid_until, day),
        "days_in_stage": rules.days_in_stage(context.stage_since, day, context.zone),
        "parties": [
            {
                "organization_id": row.organization_id,
                "order": row.position,
                "own_number": row.own_number,
                "printed_name": row.printed_name,
            }
            for row in parties
        ],
        "leads": [
            {"organization_id": row.organization_id, "role": row.role, "accountable": row.accountable}
            for row in mandates.leads_on(session, [context.id], day)
        ],
        "legal_bases": [
            {"regulation_id": row.regulation_id, "article": row.article or None}
            for row in mandates.legal_bases(session, [context.id], identity=request.identity)
            if row.is_named
        ],
        "documents": [
            {"document_id": row.document_id, "role": row.role}
            for row in mandates.documents(session, context.id)
        ],
        "next_stage": rules.next_stage(context.document_kind, context.stage),
        "blockers": [
            {
                "rule": blocker.rule,
                "missing": request.localizer.translate(blocker.sentence),
                "law": blocker.law,
            }
            for blocker in rules.may_advance(facts)
        ],
    }
