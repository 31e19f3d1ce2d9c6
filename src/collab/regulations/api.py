"""Regulations for programs: the same services and queries as the pages."""

import json
from typing import Any

from pyramid.request import Request

from collab.documents.vocabulary import DocumentKind
from collab.regulations import queries, rules, services
from collab.regulations.forms import (
    AttachmentBody,
    EnactForm,
    RegulationBody,
    RegulationChange,
    RelationBody,
)
from collab.regulations.queries import SeenRegulation
from collab.regulations.views.register import listing
from collab.regulations.vocabulary import Permission, RegulationState
from collab.web.api import check_match, collection, created, detail, operation

#: How many dependants of each kind the impact shows.
FIRST = 20
_DATES = ("enacted_on", "promulgated_on", "effective_on")


@operation(
    "api.regulations",
    "GET",
    permission=Permission.READ,
    summary="List the regulations you may know of, with their state as of a day",
    listing=listing,
    answers="regulations",
)
def index(context: Any, request: Request) -> dict[str, Any]:
    """List regulations."""
    return collection(request, listing, _item)


@operation(
    "api.regulations",
    "POST",
    permission=Permission.CREATE,
    summary="Register a regulation",
    body=RegulationBody,
    answers="regulation",
    status=201,
)
def create(context: Any, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Register a regulation."""
    row = services.create(request.db, actor=request.identity, **values)
    created(request, request.route_path("api.regulation", id=row.id))
    return _body(request, row.id)


@operation(
    "api.regulation", "GET", permission=Permission.READ, summary="Read one regulation", answers="regulation"
)
def show(context: SeenRegulation, request: Request) -> dict[str, Any]:
    """Answer one regulation with its state and the reason for it."""
    return detail(request, _body(request, context.id, context), version=context.version)


@operation(
    "api.regulation",
    "PATCH",
    permission=Permission.EDIT,
    summary="Change some values of a regulation; null empties a date",
    body=RegulationChange,
    answers="regulation",
)
def change(context: SeenRegulation, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Change a regulation."""
    check_match(request, context.version, needed=True)
    emptied = {
        name: None
        for name, value in json.loads(request.body or b"{}").items()
        if value is None and name in _DATES
    }
    services.edit(request.db, context.id, actor=request.identity, **values, **emptied)
    return _changed(request, context.id)


@operation(
    "api.regulation.enact",
    "POST",
    permission=Permission.ENACT,
    summary="Enact a draft: it gets number, year and dates",
    body=EnactForm,
    answers="regulation",
)
def enact(context: SeenRegulation, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Enact a draft."""
    check_match(request, context.version)
    services.enact(request.db, context.id, actor=request.identity, **values)
    return _changed(request, context.id)


@operation(
    "api.regulation.withdraw",
    "POST",
    permission=Permission.WITHDRAW,
    summary="Withdraw a draft",
    answers="regulation",
)
def withdraw(context: SeenRegulation, request: Request) -> dict[str, Any]:
    """Withdraw a draft."""
    check_match(request, context.version)
    services.withdraw(request.db, context.id, actor=request.identity)
    return _changed(request, context.id)


# -- relations, documents, impact -----------------------------------------------------------------------------


@operation(
    "api.regulation.relations",
    "GET",
    permission=Permission.READ,
    summary="List a regulation's relations both ways",
    answers="relations",
)
def relations(context: SeenRegulation, request: Request) -> dict[str, Any]:
    """List relations."""
    return {"items": _relations(request, context.id), "next": None}


@operation(
    "api.regulation.relations",
    "POST",
    permission=Permission.RELATE,
    summary="Record what a regulation does to another",
    body=RelationBody,
    answers="relation",
    status=201,
)
def relate(context: SeenRegulation, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Record a relation."""
    relation = services.relate(request.db, context.id, actor=request.identity, **values)
    created(request, request.route_path("api.regulation.relations", id=context.id))
    return next(item for item in _relations(request, context.id) if item["id"] == relation.id)


@operation(
    "api.regulation.documents",
    "GET",
    permission=Permission.READ,
    summary="List a regulation's documents",
    answers="documents",
)
def documents(context: SeenRegulation, request: Request) -> dict[str, Any]:
    """List documents."""
    rows = queries.documents(request.db, context.id, identity=request.identity)
    return {"items": [_document(attachment, document) for attachment, document in rows], "next": None}


@operation(
    "api.regulation.documents",
    "POST",
    permission=Permission.ATTACH,
    summary="Attach an uploaded document in a role",
    body=AttachmentBody,
    answers="document",
    status=201,
)
def attach(context: SeenRegulation, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Attach a document."""
    services.attach(
        request.db,
        context.id,
        actor=request.identity,
        documents=[values["document_id"]],
        role=values["role"],
        owners=request.registry["collab.document_owners"],
    )
    created(request, request.route_path("api.document", id=values["document_id"]))
    return {"document_id": values["document_id"], "role": values["role"], "regulation_id": context.id}


@operation(
    "api.regulation.impact",
    "GET",
    permission=Permission.READ,
    summary="What rests on a regulation: other regulations, and what other parts of the house contribute",
    answers="impact",
)
def impact(context: SeenRegulation, request: Request) -> dict[str, Any]:
    """Answer what a change of this regulation would touch, counted from what the reader may see."""
    session, identity = request.db, request.identity
    resting = queries.dependants(session, context.id, identity=identity)
    ids = sorted({context.id, *(row.id for row in resting)})
    contributed = {
        kind: {
            "count": dependants.count(session, identity, ids),
            "items": dependants.first(session, identity, ids)[:FIRST],
        }
        for kind, dependants in sorted(request.registry["collab.regulation_dependants"].items())
    }
    shown = [
        {"id": row.id, "citation": _cited(row), "lifecycle": row.lifecycle, "is_direct": bool(row.is_direct)}
        for row in resting
    ]
    return {"id": context.id, "regulations": {"count": len(shown), "items": shown}, "dependants": contributed}


# -- shapes ---------------------------------------------------------------------------------------------------


def _cited(row: Any) -> str:
    return rules.citation(row.kind, row.number, row.year, row.title)


def _item(row: Any) -> dict[str, Any]:
    names = ("id", "government_id", "kind", "number", "year", "title", "lifecycle", *_DATES, "version")
    own = {name: getattr(row, name) for name in names}
    return own | {"citation": _cited(row), "state": RegulationState(row.state)}


def _body(request: Request, regulation_id: int, known: SeenRegulation | None = None) -> dict[str, Any]:
    """Answer a regulation with its state as of the day asked for."""
    identity = request.identity
    row = known or queries.get(request.db, regulation_id, identity=identity)
    found = queries.relations(request.db, row.id, identity=identity)
    standing = queries.standing(row, found, request.as_of)
    names = ("id", "government_id", "kind", "number", "year", "title", "lifecycle", *_DATES, "version")
    own = {name: getattr(row, name) for name in names}
    return own | {
        "citation": row.citation,
        "state": standing.state,
        "state_since": standing.since,
        "state_by": list(standing.by),
        "recorded_at": row.recorded_at,
    }


def _changed(request: Request, regulation_id: int) -> dict[str, Any]:
    row = queries.get(request.db, regulation_id, identity=request.identity)
    return detail(request, _body(request, regulation_id, row), version=row.version)


def _relations(request: Request, regulation_id: int) -> list[dict[str, Any]]:
    rows = queries.relations(request.db, regulation_id, identity=request.identity)
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "source_id": row.source_id,
            "target_id": row.target_id,
            "effective_on": row.effective_on,
            "articles": row.articles,
            "recorded_at": row.recorded_at,
            "other": {
                "id": row.other_id,
                "citation": rules.citation(row.other_kind, row.number, row.year, row.title),
                "lifecycle": row.lifecycle,
            },
        }
        for row in rows
    ]


def _document(attachment: Any, document: Any) -> dict[str, Any]:
    role: DocumentKind = attachment.role
    return {
        "document_id": document.id,
        "role": role,
        "title": document.title,
        "number": document.number,
        "filename": document.filename,
        "size": document.size,
        "media_type": document.media_type,
        "attached_at": attachment.recorded_at,
    }
