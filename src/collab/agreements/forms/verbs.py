"""Schemas of what is done to an agreement, of its documents and notes, and of the list's filters."""

from collections.abc import Collection
from typing import Any

import colander

from collab.agreements.forms.agreement import NUMBER, rows_of
from collab.agreements.vocabulary import AgreementDocumentKind, AgreementState, Scheme, Stage
from collab.core.text import _
from collab.documents.fields import evidence_field
from collab.documents.vocabulary import DocumentKind
from collab.web.schema import Day, Line, MappingSchema, Prose, Word, days_in_order, field, reference
from collab.web.widgets import DateInput, SectionedForm, Select, TextArea, TextInput

PLACE, NOTE = 200, 2000

# -- verbs ------------------------------------------------------------------------------------------------------


class AdvanceBody(MappingSchema):
    """The next stage; `stage` is the one the client believes it is in."""

    stage = field(Word(Stage), required=False)
    note = field(Prose(NOTE), required=False)


class ReturnForm(MappingSchema):
    """One stage back, with the reason."""

    note = field(
        Prose(NOTE),
        _("Why it goes back"),
        widget=TextArea(rows=4),
        description=_("Whoever takes it up again reads this."),
    )


class ReturnBody(MappingSchema):
    """The same for programs."""

    stage = field(Word(Stage), required=False)
    note = field(Prose(NOTE))


class OwnNumber(MappingSchema):
    """A party's own number."""

    organization_id = reference()
    own_number = field(Line(NUMBER))


class SignBody(MappingSchema):
    """The signature, for programs."""

    signed_on = field(Day())
    signed_place = field(Line(PLACE), required=False)
    numbers = rows_of(OwnNumber(name="number"), "", "")
    valid_from = field(Day(), required=False)
    valid_until = field(Day(), required=False)
    validator = days_in_order("valid_from", "valid_until")


def sign_form(parties: Collection[Any]) -> MappingSchema:
    """Give the form of the signature: the day, the place, the term, and a number for each party."""
    made = MappingSchema()
    made.add(field(Day(), _("Signed on"), name="signed_on", widget=DateInput()))
    made.add(field(Line(PLACE), _("Place"), name="signed_place", required=False, widget=TextInput()))
    names = []
    for party in parties:
        name = f"number_{party.organization_id}"
        made.add(field(Line(NUMBER), party.printed_name, name=name, required=False, widget=TextInput()))
        names.append(name)
    made.add(field(Day(), _("First day"), name="valid_from", required=False, widget=DateInput()))
    made.add(field(Day(), _("Last day"), name="valid_until", required=False, widget=DateInput()))
    made.validator = days_in_order("valid_from", "valid_until")
    made.widget = SectionedForm(
        sections=[
            (_("Signature"), None, ["signed_on", "signed_place"]),
            (_("Numbers"), _("Each party gives the same document its own number."), names),
            (
                _("Validity"),
                _("Closed with the signature; a change later needs an addendum."),
                ["valid_from", "valid_until"],
            ),
        ]
    )
    return made


# -- documents and notes ----------------------------------------------------------------------------------------

#: Roles that a document can have for an agreement, the usual ones first.
DOCUMENT_ROLES = (
    DocumentKind.FEASIBILITY_STUDY,
    DocumentKind.TERMS_OF_REFERENCE,
    DocumentKind.OFFER_LETTER,
    DocumentKind.DRAFT,
    DocumentKind.POWER_OF_ATTORNEY,
    DocumentKind.SIGNED_COPY,
    DocumentKind.ANNEX,
    DocumentKind.MINUTES,
    DocumentKind.OTHER,
)


def attach_form() -> MappingSchema:
    """Give the form for documents of an agreement."""
    made = MappingSchema()
    made.add(
        field(
            Word(DocumentKind),
            _("What they are"),
            name="role",
            widget=Select(values=[(word.value, word.title) for word in DOCUMENT_ROLES]),
            validator=colander.OneOf(DOCUMENT_ROLES),
        )
    )
    made.add(evidence_field("documents", _("Files"), kind=DocumentKind.OTHER, required=True))
    return made


class AttachmentBody(MappingSchema):
    """A document that lies there already, and its role for the agreement."""

    document_id = reference()
    role = field(Word(DocumentKind), validator=colander.OneOf(DOCUMENT_ROLES))


class NoteForm(MappingSchema):
    """A remark kept with the agreement."""

    text = field(Prose(4000), _("Note"), widget=TextArea(rows=5))
    source = field(
        Line(300),
        _("Where it comes from"),
        required=False,
        widget=TextInput(),
        description=_("A newspaper, minutes, a letter; as printed."),
    )


# -- the list ---------------------------------------------------------------------------------------------------


class AgreementFilters(MappingSchema):
    """Filters of the list."""

    q = field(Line(200), _("Search"), required=False)
    scheme = field(Word(Scheme), _("Kind of cooperation"), required=False)
    document_kind = field(Word(AgreementDocumentKind), _("Kind of document"), required=False)
    stage = field(Word(Stage), _("Stage"), required=False)
    state = field(Word(AgreementState), _("State"), required=False)
    organization = reference(_("Organization"), required=False)
    regulation = reference(_("Regulation"), required=False)
    parent = reference(_("Carries out"), required=False)
    government = reference(_("Government"), required=False)
