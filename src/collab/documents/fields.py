"""The form field by which other features take in documents."""

from collections.abc import Mapping
from typing import Any

import colander
from pyramid.request import Request

from collab.core.errors import NotFound
from collab.core.text import Sentence, _
from collab.documents import queries
from collab.documents.vocabulary import DocumentKind
from collab.web.uploads import MAX_FILES, files_node


def evidence_field(
    name: str = "evidence_ids",
    title: Sentence = _("Evidence"),
    *,
    kind: DocumentKind = DocumentKind.EVIDENCE,
    most: int = MAX_FILES,
    required: bool = False,
    **kw: Any,
) -> Any:
    """Declare a field for documents; its value is a tuple of arrived files and ids: hand it to `services.claim`.

    A browser with JavaScript sends each file at once as an unclaimed document of this kind.
    """
    node = files_node(name, title, required=required, most=most, describe_document=describe, **kw)
    plain = node.widget

    @colander.deferred
    def widget(node: Any, bindings: dict[str, Any]) -> Any:
        made = plain(node, bindings)
        made.upload_url = bindings["request"].route_path("api.documents")
        made.upload_kind = kind.value
        return made

    node.widget = widget
    return node


def describe(request: Request, document_id: int) -> Mapping[str, Any] | None:
    """Tell the upload field what to show of a document; None when this user may not know of it."""
    owners = request.registry["collab.document_owners"]
    try:
        document = queries.get(request.db, document_id, identity=request.identity, owners=owners)
    except NotFound:
        return None
    newest = queries.version(request.db, document.id)
    return {
        "id": str(document.id),
        "name": document.title,
        "size": newest.size,
        "url": request.route_path("document", id=document.id),
    }
