"""Pages of documents: what is known of one, its bytes, a new version."""

from typing import Any
from urllib.parse import quote

from pyramid.request import Request
from pyramid.response import FileIter, Response

from collab.core.errors import NotFound
from collab.core.text import _
from collab.documents import queries, services
from collab.documents.forms import VersionForm
from collab.documents.queries import SeenDocument
from collab.documents.vocabulary import Permission
from collab.web.forms import submit
from collab.web.routing import form, page

#: A served file is a document of its own without any right: no script, no form, no frame, no fetch.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@page("document", permission=Permission.READ, renderer="templates/document.jinja2")
def show(context: SeenDocument, request: Request) -> dict[str, Any]:
    """Show what is known of a document and its versions."""
    versions = queries.versions(request.db, context.id)
    return {"document": context, "versions": versions, "panels": request.panels("document", context)}


@page("document.content", permission=Permission.READ)
def content(context: SeenDocument, request: Request) -> Response:
    """Give the bytes of the newest version."""
    return deliver(request, context, queries.version(request.db, context.id))


@page("document.version", permission=Permission.READ)
def version_content(context: SeenDocument, request: Request) -> Response:
    """Give the bytes of one version."""
    return deliver(
        request, context, queries.version(request.db, context.id, int(request.matchdict["number"]))
    )


def deliver(request: Request, document: SeenDocument, version: Any) -> Response:
    """Stream a version, verified while it is read, and remember who read it.

    Pictures may be shown in place; everything else is saved as a file. Shared caches keep nothing.
    """
    if document.swept_at is not None:
        raise NotFound(_("The file of this document was given up, because nobody used it."))
    file = request.registry["collab.store"].open(version.sha256)
    response = Response(
        app_iter=FileIter(file), content_type=version.media_type, charset=None, content_length=version.size
    )
    is_shown = version.media_type.startswith("image/")
    response.headers["Content-Disposition"] = disposition(version.filename, inline=is_shown)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    response.etag = f"{document.id}-{version.number}"
    response.conditional_response = True
    request.note_event(
        "documents:document:read",
        subject_kind="document",
        subject_id=document.id,
        subject_name=document.title,
        government_id=request.identity.home_government_id,
        number=version.number,
    )
    return response


def disposition(filename: str, *, inline: bool = False) -> str:
    """Write a Content-Disposition for any name (RFC 6266): plain letters for old readers, the true name beside."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in filename)
    way = "inline" if inline else "attachment"
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


@form("document.revise", permission=Permission.REVISE)
def revise(context: SeenDocument, request: Request) -> Any:
    """Add a version on top."""
    place = request.route_path("document", id=context.id)
    request.breadcrumbs = [(context.title, place), (_("New version"), None)]
    return submit(
        request,
        VersionForm(),
        heading=_("New version"),
        lead=_("The present version stays readable. Owners of the document show the newest one."),
        save=lambda values: services.add_version(
            request.db, context.id, values["file"][0], actor=request.identity
        ),
        done=lambda row: place,
        said=_("The new version is saved."),
        button=_("Save the version"),
        cancel_url=place,
    )
