"""Documents for programs: multipart upload, versions, bytes."""

from typing import Any

import colander
from pyramid.httpexceptions import HTTPUnsupportedMediaType
from pyramid.request import Request
from pyramid.response import Response

from collab.core.db import AnyRow
from collab.core.errors import Invalid
from collab.core.text import _
from collab.documents import queries, services
from collab.documents.errors import refusal_of
from collab.documents.forms import DocumentFilters, NoFields, UploadFields
from collab.documents.queries import SeenDocument
from collab.documents.views import deliver
from collab.documents.vocabulary import Permission
from collab.web import idempotency
from collab.web.api import collection, created, detail, operation
from collab.web.listing import Column, Listing
from collab.web.uploads import Arrived, uploads

FILE = "file"
_GUARDS = frozenset({FILE, "csrf_token", idempotency.FIELD})

mine = Listing(
    name="documents",
    select=lambda request, filters: queries.unclaimed(identity=request.identity, kind=filters["kind"]),
    filters=DocumentFilters,
    orders={"newest": queries.NEWEST_DOCUMENT_FIRST},
    columns=[Column("title", _("Title")), Column("kind", _("Kind")), Column("recorded_at", _("Uploaded"))],
)
versions = Listing(
    name="document-versions",
    select=lambda request, filters: queries.versions_of(request.context.id),
    filters=colander.MappingSchema,
    orders={"newest": queries.NEWEST_FIRST},
    columns=[Column("number", _("Version")), Column("filename", _("File"))],
)


@operation(
    "api.documents",
    "GET",
    permission=Permission.READ,
    summary="List your own uploads that nothing uses yet",
    listing=mine,
    answers="documents",
)
def index(context: Any, request: Request) -> dict[str, Any]:
    """List one's own unclaimed documents."""
    return collection(request, mine, lambda row: dict(row._mapping))


@operation(
    "api.documents",
    "POST",
    permission=Permission.UPLOAD,
    summary="Upload a file as a new document (multipart/form-data: title, kind, file)",
    answers="document",
    status=201,
)
def upload(context: Any, request: Request) -> dict[str, Any]:
    """Keep a file as a new document."""
    values = read_fields(request, UploadFields())
    arrived = the_file(request)
    document = services.store(
        request.db,
        arrived,
        title=values["title"] or arrived.name,
        kind=values["kind"],
        actor=request.identity,
    )
    created(request, request.route_path("api.document", id=document.id))
    return {
        "id": document.id,
        "title": document.title,
        "kind": document.kind,
        "is_claimed": False,
        "version": 1,
    }


@operation("api.document", "GET", permission=Permission.READ, summary="Read one document", answers="document")
def show(context: SeenDocument, request: Request) -> dict[str, Any]:
    """Answer one document with its newest version."""
    newest = queries.version(request.db, context.id)
    body = {
        "id": context.id,
        "title": context.title,
        "kind": context.kind,
        "uploaded_by": context.uploader,
        "recorded_at": context.recorded_at,
        "is_claimed": context.is_claimed,
        "swept_at": context.swept_at,
        "newest_version": _version(newest),
        "version": context.version,
    }
    return detail(request, body, version=context.version)


@operation(
    "api.document.versions",
    "GET",
    permission=Permission.READ,
    summary="List a document's versions, newest first",
    listing=versions,
    answers="document_versions",
)
def versions_index(context: SeenDocument, request: Request) -> dict[str, Any]:
    """List the versions."""
    return collection(request, versions, _version)


@operation(
    "api.document.versions",
    "POST",
    permission=Permission.REVISE,
    summary="Add a version to a document (multipart/form-data: file)",
    answers="document_version",
    status=201,
)
def add_version(context: SeenDocument, request: Request) -> dict[str, Any]:
    """Put a version on top."""
    read_fields(request, NoFields())
    services.add_version(request.db, context.id, the_file(request), actor=request.identity)
    newest = queries.version(request.db, context.id)
    created(request, request.route_path("api.document", id=context.id))
    return {"id": context.id, **_version(newest)}


@operation(
    "api.document.content",
    "GET",
    permission=Permission.READ,
    summary="Download the newest version",
    answers="file",
)
def content(context: SeenDocument, request: Request) -> Response:
    """Give the bytes of the newest version."""
    return deliver(request, context, queries.version(request.db, context.id))


@operation(
    "api.document.version", "GET", permission=Permission.READ, summary="Download one version", answers="file"
)
def version_content(context: SeenDocument, request: Request) -> Response:
    """Give the bytes of one version."""
    return deliver(
        request, context, queries.version(request.db, context.id, int(request.matchdict["number"]))
    )


def read_fields(request: Request, schema: colander.SchemaNode) -> dict[str, Any]:
    """Read what is sent beside the file; raise `Invalid` for unknown, repeated or wrong fields, 415 for other bodies."""
    if request.content_type != "multipart/form-data":
        raise HTTPUnsupportedMediaType()
    known = {node.name for node in schema.children}
    sent: dict[str, Any] = {}
    for name, value in request.POST.items():
        if name in _GUARDS:
            continue
        if name not in known:
            raise Invalid({name[:60]: [_("There is no such field.")]})
        if name in sent or not isinstance(value, str):
            raise Invalid({name: [_("Write this once, as text.")]})
        sent[name] = value
    try:
        return dict(schema.deserialize(sent))
    except colander.Invalid as error:
        raise Invalid({name: [said] for name, said in error.asdict(translate=None).items()}) from error


def the_file(request: Request) -> Arrived:
    """Give the one file of the request; raise what was wrong with it."""
    found = uploads(request, FILE)
    if len(found) != 1:
        raise Invalid({FILE: [_("Send exactly one file.")]})
    outcome = found[0]
    if not isinstance(outcome, Arrived):
        raise refusal_of(outcome.reason)
    return outcome


def _version(row: AnyRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "filename": row.filename,
        "sha256": row.sha256,
        "size": row.size,
        "media_type": row.media_type,
        "recorded_at": row.recorded_at,
        "uploaded_by": row.uploader,
    }
