"""Schemas of the regulations' own pages and of the API's bodies."""

from typing import Any

import colander

from collab.core.identity import Role
from collab.core.text import _
from collab.documents.fields import evidence_field
from collab.documents.vocabulary import DocumentKind
from collab.regulations import queries, rules
from collab.regulations.fields import article_field, regulation_field
from collab.regulations.vocabulary import Lifecycle, RegulationKind, RegulationState, RelationKind
from collab.web.schema import Day, Integer, Line, MappingSchema, Word, field, reference
from collab.web.widgets import DateInput, SectionedForm, Select, TextArea, TextInput

TITLE_LENGTH, NUMBER_LENGTH = 500, 60
FIRST_YEAR, LAST_YEAR = 1945, 2100
_DATES_HELP = _("The three dates are kept apart: enacted, promulgated, in force.")


def words_of(kind: Any) -> list[tuple[str, Any]]:
    """Give the choices of a closed vocabulary."""
    return [(word.value, word.title) for word in kind]


@colander.deferred
def _own_kinds(node: Any, bindings: dict[str, Any]) -> Select:
    """Offer the kinds that the user's governments (or the edited regulation's) make."""
    request = bindings["request"]
    present = getattr(request.context, "government_id", None)
    ids = [present] if present else sorted(request.identity.governments(Role.LEGAL))
    levels = {row.kind for row in queries.governments(request.db, ids)}
    kinds = [kind for kind in RegulationKind if any(kind in rules.kinds_of(level) for level in levels)]
    return Select(values=[(kind.value, kind.title) for kind in kinds], placeholder=_("Choose a kind"))


@colander.deferred
def _own_governments(node: Any, bindings: dict[str, Any]) -> Select:
    request = bindings["request"]
    rows = queries.governments(request.db, sorted(request.identity.governments(Role.LEGAL)))
    return Select(values=[(str(row.id), row.name) for row in rows])


def _kind(**kw: Any) -> Any:
    return field(Word(RegulationKind), _("Kind"), **kw)


def _title(**kw: Any) -> Any:
    return field(Line(TITLE_LENGTH), _("Title"), **kw)


def _number(**kw: Any) -> Any:
    return field(Line(NUMBER_LENGTH), _("Number"), widget=TextInput(), **kw)


def _year(**kw: Any) -> Any:
    return field(Integer(FIRST_YEAR, LAST_YEAR), _("Year"), widget=TextInput(inputmode="numeric"), **kw)


def _day(title: Any, **kw: Any) -> Any:
    return field(Day(), title, required=False, widget=DateInput(), **kw)


_TITLE_HELP = _("As printed, without “tentang” before it and without acronyms.")
_FORCE_HELP = _("Leave empty if it took effect when promulgated.")


class RegulationForm(MappingSchema):
    """Register a regulation, with its text."""

    government_id = reference(_("Government"), widget=_own_governments)
    kind = _kind(widget=_own_kinds)
    title = _title(widget=TextArea(rows=3), description=_TITLE_HELP)
    number = _number(required=False, description=_("Leave number and year empty for a draft."))
    year = _year(required=False)
    enacted_on = _day(_("Enacted"))
    promulgated_on = _day(_("Promulgated"))
    effective_on = _day(_("In force from"), description=_FORCE_HELP)
    documents = evidence_field("documents", _("Text of the regulation"), kind=DocumentKind.TEXT)


def new_form() -> RegulationForm:
    """Give the form of a new regulation in its sections."""
    sections = [
        (_("What it is"), None, ["government_id", "kind", "title", "number", "year"]),
        (_("Since when"), _DATES_HELP, ["enacted_on", "promulgated_on", "effective_on"]),
        (_("Document"), _("The PDF as published; more can be attached afterwards."), ["documents"]),
    ]
    return RegulationForm(widget=SectionedForm(sections=sections))


class EditForm(MappingSchema):
    """Change what is written of a regulation."""

    kind = _kind(widget=_own_kinds)
    title = _title(widget=TextArea(rows=3), description=_TITLE_HELP)
    number = _number(required=False)
    year = _year(required=False)
    enacted_on = _day(_("Enacted"))
    promulgated_on = _day(_("Promulgated"))
    effective_on = _day(_("In force from"), description=_FORCE_HELP)


class DraftForm(MappingSchema):
    """Change what is written of a draft: it has neither number nor dates."""

    kind = _kind(widget=_own_kinds)
    title = _title(widget=TextArea(rows=3), description=_TITLE_HELP)


class EnactForm(MappingSchema):
    """Give a draft its number, year and dates."""

    number = _number()
    year = _year()
    enacted_on = field(Day(), _("Enacted"), widget=DateInput())
    promulgated_on = _day(_("Promulgated"))
    effective_on = _day(_("In force from"), description=_FORCE_HELP)


class RelationForm(MappingSchema):
    """What a regulation does to another."""

    kind = field(Word(RelationKind), _("This regulation"), widget=Select(values=words_of(RelationKind)))
    target_id = regulation_field(_("The other regulation"))
    effective_on = _day(_("From"), description=_("Leave empty if from its own first day."))
    articles = article_field(_("Articles concerned"))


#: Roles that a document can have for a regulation.
ROLES = (
    DocumentKind.TEXT,
    DocumentKind.COPY,
    DocumentKind.ANNEX,
    DocumentKind.ABSTRACT,
    DocumentKind.CONSOLIDATION,
    DocumentKind.DRAFT,
    DocumentKind.OTHER,
)


class AttachForm(MappingSchema):
    """Attach files to a regulation."""

    documents = evidence_field("documents", _("Files"), kind=DocumentKind.OTHER, required=True)
    role = field(
        Word(DocumentKind),
        _("What they are"),
        widget=Select(values=[(role.value, role.title) for role in ROLES]),
        validator=colander.OneOf(ROLES),
    )


class RegulationFilters(MappingSchema):
    """Filters of the list of regulations."""

    q = field(Line(200), _("Search"), required=False)
    kind = field(Word(RegulationKind), _("Kind"), required=False)
    year = field(Integer(FIRST_YEAR, LAST_YEAR), _("Year"), required=False)
    government = reference(_("Government"), required=False)
    state = field(Word(RegulationState), _("State"), required=False)


# -- bodies of the API ----------------------------------------------------------------------------------------


class RegulationBody(MappingSchema):
    """A new regulation."""

    kind = _kind()
    number = _number(required=False)
    year = _year(required=False)
    title = _title()
    government_id = reference(_("Government"))
    enacted_on = _day(_("Enacted"))
    promulgated_on = _day(_("Promulgated"))
    effective_on = _day(_("In force from"))
    lifecycle = field(Word(Lifecycle), _("Lifecycle"), required=False)


class RegulationChange(MappingSchema):
    """Some values of a regulation; those left out stay."""

    kind = _kind(missing=colander.drop)
    number = _number(missing=colander.drop)
    year = _year(missing=colander.drop)
    title = _title(missing=colander.drop)
    enacted_on = field(Day(), _("Enacted"), missing=colander.drop)
    promulgated_on = field(Day(), _("Promulgated"), missing=colander.drop)
    effective_on = field(Day(), _("In force from"), missing=colander.drop)


class RelationBody(MappingSchema):
    """A new relation."""

    kind = field(Word(RelationKind), _("Relation"))
    target_id = reference(_("The other regulation"))
    effective_on = _day(_("From"))
    articles = article_field(_("Articles concerned"))


class AttachmentBody(MappingSchema):
    """An uploaded document and its role."""

    document_id = reference(_("Document"))
    role = field(Word(DocumentKind), _("Role"), validator=colander.OneOf(ROLES))
