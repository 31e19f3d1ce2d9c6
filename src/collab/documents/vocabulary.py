"""Closed words and rights of documents."""

from enum import StrEnum

from collab.core.text import Sentence, _


class Permission(StrEnum):
    """What one may do with documents."""

    UPLOAD = "documents:document:upload"
    READ = "documents:document:read"
    REVISE = "documents:version:add"


class DocumentKind(StrEnum):
    """What a document is for its owner."""

    TEXT = "text"
    COPY = "copy"
    ANNEX = "annex"
    ABSTRACT = "abstract"
    CONSOLIDATION = "consolidation"
    DRAFT = "draft"
    SIGNED_COPY = "signed_copy"
    OFFER_LETTER = "offer_letter"
    TERMS_OF_REFERENCE = "terms_of_reference"
    FEASIBILITY_STUDY = "feasibility_study"
    POWER_OF_ATTORNEY = "power_of_attorney"
    EVIDENCE = "evidence"
    MINUTES = "minutes"
    OTHER = "other"

    @property
    def title(self) -> Sentence:
        """Name the kind for people."""
        return DOCUMENT_TITLES[self]


DOCUMENT_TITLES = {
    DocumentKind.TEXT: _("Text"),
    DocumentKind.COPY: _("Official copy"),
    DocumentKind.ANNEX: _("Annex"),
    DocumentKind.ABSTRACT: _("Abstract"),
    DocumentKind.CONSOLIDATION: _("Consolidation"),
    DocumentKind.DRAFT: _("Draft"),
    DocumentKind.SIGNED_COPY: _("Signed copy"),
    DocumentKind.OFFER_LETTER: _("Offer letter"),
    DocumentKind.TERMS_OF_REFERENCE: _("Terms of reference"),
    DocumentKind.FEASIBILITY_STUDY: _("Feasibility study"),
    DocumentKind.POWER_OF_ATTORNEY: _("Power of attorney"),
    DocumentKind.EVIDENCE: _("Evidence"),
    DocumentKind.MINUTES: _("Minutes"),
    DocumentKind.OTHER: _("Other"),
}
