"""Schemas of the documents' own pages and of the API's fields beside the file."""

import colander

from collab.core.text import _
from collab.documents.services import TITLE_LENGTH
from collab.documents.vocabulary import DocumentKind
from collab.web.schema import Line, MappingSchema, Word, field
from collab.web.uploads import files_node


class VersionForm(MappingSchema):
    """A new version of a document: one file."""

    file = files_node("file", _("File"), required=True, most=1)


class UploadFields(MappingSchema):
    """What is sent beside a file."""

    title = field(Line(TITLE_LENGTH), _("Title"), required=False)
    kind = field(Word(DocumentKind), _("Kind"), missing=DocumentKind.OTHER)


class NoFields(colander.MappingSchema):
    """Nothing is sent beside the file."""


class DocumentFilters(MappingSchema):
    """Filters of one's own unclaimed documents."""

    kind = field(Word(DocumentKind), _("Kind"), required=False)
