"""Schemas of the agreements' pages and of the API's bodies; lengths are those of the columns."""

from collections.abc import Collection
from typing import Any

import colander
from pyramid.request import Request

from collab.agreements import queries
from collab.agreements.policies import KEEPERS
from collab.agreements.vocabulary import (
    AgreementDocumentKind,
    Scheme,
)
from collab.core.text import Sentence, _
from collab.mandates.vocabulary import LeadRole
from collab.organizations import queries as organizations
from collab.organizations.fields import organization_choices
from collab.regulations.fields import article_field, regulation_field
from collab.web.schema import (
    Day,
    Flag,
    Integer,
    Line,
    MappingSchema,
    Prose,
    Word,
    days_in_order,
    field,
    reference,
)
from collab.web.widgets import (
    Checkbox,
    DateInput,
    Hidden,
    Number,
    Rows,
    SearchSelect,
    Section,
    SectionedForm,
    Select,
    TextArea,
    TextInput,
)

TITLE, SCOPE, NUMBER, NAME = 500, 4000, 120, 300
#: Most rows of parties, leads or legal bases that a form takes.
MOST_ROWS = 60


def words_of(kind: Any) -> list[tuple[str, Any]]:
    """Give the choices of a closed vocabulary."""
    return [(word.value, word.title) for word in kind]


# -- choosing organizations and agreements in rows ---------------------------------------------------------------


class Names:
    """The names of the organizations of one form, read in one query however many rows it has."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.known: dict[int, str] = {}

    def of(self, text: str) -> str:
        """Name an organization; what is no id comes back as it is."""
        number = _number(text)
        if number is None:
            return text
        if number not in self.known:
            wanted = {number} | self._sent()
            self.known |= dict.fromkeys(wanted, "") | organizations.labels(self.request.db, wanted)
        return self.known[number] or text

    def expect(self, organization_ids: Collection[int]) -> None:
        """Read the names of the rows that a form will show."""
        self.known |= organizations.labels(self.request.db, organization_ids)

    def _sent(self) -> set[int]:
        sent = self.request.POST.getall("organization_id") if self.request.method == "POST" else []
        return {number for number in map(_number, sent) if number is not None}


def _number(text: Any) -> int | None:
    usable = isinstance(text, str) and text.isascii() and text.isdigit() and 0 < len(text) < 10
    return int(text) if usable else None


def names_of(request: Request) -> Names:
    """Give the names of this request's form."""
    names: Names = request.environ.setdefault("collab.agreements.names", Names(request))
    return names


@colander.deferred
def _organizations(node: Any, bindings: dict[str, Any]) -> SearchSelect:
    request = bindings["request"]
    return SearchSelect(
        url=request.route_path("organizations.find"),
        label_of=names_of(request).of,
        find=lambda text: organization_choices(request, text),
    )


@colander.deferred
def _own_organizations(node: Any, bindings: dict[str, Any]) -> SearchSelect:
    """Find bodies of the agreement's government (and partners): other governments have agencies of the same names."""
    request = bindings["request"]
    ours = {getattr(request.context, "government_id", None)} - {None} or request.identity.governments(
        *KEEPERS
    )
    government_id = next(iter(ours)) if len(ours) == 1 else None
    return SearchSelect(
        url=request.route_path(
            "organizations.find", _query={"government": government_id} if government_id else {}
        ),
        label_of=names_of(request).of,
        find=lambda text: organization_choices(request, text, government_id=government_id),
    )


@colander.deferred
def _parents(node: Any, bindings: dict[str, Any]) -> SearchSelect:
    request = bindings["request"]

    def find(text: str) -> list[tuple[str, str]]:
        rows = queries.find(request.db, text, identity=request.identity, kinds=PARENT_KINDS)
        return [(str(number), title) for number, title in rows]

    def label_of(text: str) -> str:
        number = _number(text)
        return queries.titles(request.db, [number or 0], identity=request.identity).get(number or 0, text)

    return SearchSelect(
        values=find(""), url=request.route_path("agreements.find"), label_of=label_of, find=find
    )


#: Kinds of document under which another can stand.
PARENT_KINDS = (
    AgreementDocumentKind.JOINT_AGREEMENT,
    AgreementDocumentKind.SYNERGY_NOTE,
    AgreementDocumentKind.LETTER_OF_INTENT,
    AgreementDocumentKind.FOREIGN_COOPERATION_PLAN,
    AgreementDocumentKind.FOREIGN_AGREEMENT,
)


@colander.deferred
def _governments(node: Any, bindings: dict[str, Any]) -> Any:
    request = bindings["request"]
    # The API's document describes the form to visitors too.
    rows = queries.governments_of(request.db, request.identity, *KEEPERS) if request.identity else []
    return Hidden() if len(rows) == 1 else Select(values=[(str(number), name) for number, name in rows])


# -- rows -------------------------------------------------------------------------------------------------------


class Party(MappingSchema):
    """One party with its own number for the document."""

    organization_id = reference(_("Organization"), widget=_organizations)
    own_number = field(Line(NUMBER), _("Its own number"), required=False, widget=TextInput())
    printed_name = field(Line(NAME), _("Name as printed"), required=False, widget=TextInput())
    order = field(
        Integer(1, MOST_ROWS), _("Place in the order"), required=False, widget=Number(inputmode="numeric")
    )


class Lead(MappingSchema):
    """One leading or supporting organization."""

    organization_id = reference(_("Organization"), widget=_own_organizations)
    role = field(Word(LeadRole), _("Role"), widget=Select(values=words_of(LeadRole)))
    accountable = field(
        Flag(),
        _("Accountable: answers for the whole"),
        missing=False,
        widget=Checkbox(true_val="true", false_val="false"),
    )


class Basis(MappingSchema):
    """One regulation, with the article it rests on."""

    regulation_id = regulation_field()
    article = article_field(_("Article"), description="")


def rows_of(row: Any, title: Sentence, add: Sentence, **kw: Any) -> Any:
    """Declare rows that can be added and taken away."""
    return colander.SchemaNode(
        colander.Sequence(),
        row,
        title=title,
        widget=Rows(add_label=add, max_len=MOST_ROWS, css_class="rows-quiet"),
        validator=colander.Length(max=MOST_ROWS),
        **{"missing": (), **kw},
    )


def _parties() -> Any:
    return rows_of(Party(name="party", title=_("Party"), widget=Section()), _("Parties"), _("Add a party"))


def _leads() -> Any:
    return rows_of(
        Lead(name="lead", title=_("Organization"), widget=Section()),
        _("Leading sector"),
        _("Add an organization"),
    )


def _bases() -> Any:
    return rows_of(
        Basis(name="basis", title=_("Regulation"), widget=Section()), _("Legal bases"), _("Add a regulation")
    )


# -- the agreement ----------------------------------------------------------------------------------------------

_DOCUMENT = (
    _("Document"),
    None,
    ["government_id", "scheme", "document_kind", "title", "parent_id", "scope"],
)
_PARTIES = (
    _("Parties"),
    _(
        "The region is a party through its government. Each party gives the same document its own number."
        " A printed name is needed only where the document writes it differently."
    ),
    ["parties"],
)
_LEADS = (_("Leading sector"), _("Who carries it out. Exactly one answers for the whole."), ["leads"])
_BASES = (
    _("Legal basis"),
    _("The regulations it rests on. When one changes, this agreement is looked at again."),
    ["legal_bases"],
)
_TERM = (_("Validity"), _("May stay open until the signature."), ["valid_from", "valid_until"])


class AgreementForm(MappingSchema):
    """A new agreement, whole; also the body by which programs create one."""

    government_id = reference(_("Government"), widget=_governments)
    scheme = field(Word(Scheme), _("Kind of cooperation"), widget=Select(values=words_of(Scheme)))
    document_kind = field(
        Word(AgreementDocumentKind),
        _("Kind of document"),
        widget=Select(values=words_of(AgreementDocumentKind)),
    )
    title = field(
        Line(TITLE), _("Title"), widget=TextArea(rows=2), description=_("As printed on the document.")
    )
    parent_id = reference(
        _("Carries out"),
        required=False,
        widget=_parents,
        description=_("For a PKS: the joint agreement above it."),
    )
    scope = field(
        Prose(SCOPE),
        _("What it covers"),
        required=False,
        widget=TextArea(rows=3),
    )
    parties = _parties()
    leads = _leads()
    legal_bases = _bases()
    valid_from = field(Day(), _("First day"), required=False, widget=DateInput())
    valid_until = field(
        Day(), _("Last day"), required=False, widget=DateInput(), description=_("The whole day counts.")
    )
    validator = days_in_order("valid_from", "valid_until")


def new_form() -> AgreementForm:
    """Give the form of a new agreement in its sections."""
    made = AgreementForm(widget=SectionedForm(sections=[_DOCUMENT, _PARTIES, _LEADS, _BASES, _TERM])).clone()
    del made["parties"].children[0]["order"]  # a new list is in its order already
    return made


def edit_form(*, signed: bool) -> AgreementForm:
    """Give the form of an agreement that exists; of a signed one only leads and legal bases are left."""
    sections = [_LEADS, _BASES] if signed else [_DOCUMENT, _PARTIES, _LEADS, _BASES, _TERM]
    made = AgreementForm(widget=SectionedForm(sections=sections))
    kept = {name for _title, _help, names in sections for name in names} - {"government_id"}
    for name in [node.name for node in made.children if node.name not in kept]:
        del made[name]
    return made


class AgreementChange(MappingSchema):
    """What programs may change of an agreement; what is not sent stays, null empties."""

    scheme = field(Word(Scheme), missing=colander.drop)
    document_kind = field(Word(AgreementDocumentKind), missing=colander.drop)
    title = field(Line(TITLE), missing=colander.drop)
    parent_id = reference(missing=colander.drop)
    scope = field(Prose(SCOPE), missing=colander.drop)
    parties = rows_of(Party(name="party"), "", "", missing=colander.drop)
    leads = rows_of(Lead(name="lead"), "", "", missing=colander.drop)
    legal_bases = rows_of(Basis(name="basis"), "", "", missing=colander.drop)
    valid_from = field(Day(), missing=colander.drop)
    valid_until = field(Day(), missing=colander.drop)
    validator = days_in_order("valid_from", "valid_until")
