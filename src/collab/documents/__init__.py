"""Documents: stored files, their versions, and the owners that claim them and say who may read them."""

from pyramid.config import Configurator

from collab.core.text import _
from collab.documents.policies import POLICIES
from collab.documents.vocabulary import Permission
from collab.web.registries import OwnerEdits


def add_document_editor(config: Configurator, kind: str, lets: OwnerEdits) -> None:
    """Let a kind of owner say who may add versions to the documents it has claimed: nobody, unless one says so.

    A new version is the newest one for every owner, so each kind that has claimed a document must let.
    """
    config.action(
        ("collab editor", kind), lambda: config.registry["collab.document_editors"].__setitem__(kind, lets)
    )


def includeme(config: Configurator) -> None:
    """Compose this feature."""
    config.registry["collab.document_editors"] = {}
    config.registry["collab.upload_permission"] = Permission.UPLOAD
    config.add_directive("add_document_editor", add_document_editor)
    config.add_policies(POLICIES)
    config.add_subject_kind("document", title=_("Document"), route="document")
    for tag, sentence in (
        ("documents:document:stored", _("${actor} uploaded “${subject}”")),
        ("documents:version:added", _("${actor} added a version to “${subject}”")),
        ("documents:document:claimed", _("${actor} put “${subject}” to use")),
        ("documents:document:swept", _("The file of “${subject}” was given up, because nobody used it")),
        ("documents:document:read", _("${actor} opened “${subject}”")),
    ):
        config.add_journal_sentence(tag, sentence)
    config.include("collab.documents.routes")
    config.scan("collab.documents.views")
    config.scan("collab.documents.api")
