"""Schemas of the pages and bodies of organizations; lengths are those of the columns."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import colander

from collab.core.text import _
from collab.organizations.fields import (
    government_field,
    organization_field,
    organizations_field,
    person_field,
    position_field,
    region_field,
)
from collab.organizations.rules import CODE_LIMIT
from collab.organizations.vocabulary import (
    ZONES,
    GovernmentKind,
    HoldingKind,
    OrganizationClass,
    PartnerKind,
    RegionLevel,
)
from collab.web.schema import Day, Flag, Integer, Line, MappingSchema, Prose, Word, days_in_order, field
from collab.web.widgets import Checkbox, DateInput, Rows, Select, TextArea, TextInput


def choices(kind: type[StrEnum], *, without: Iterable[StrEnum] = ()) -> Select:
    """Offer the words of a vocabulary by their titles."""
    left_out = set(without)
    return Select(values=[(word.value, word.title) for word in kind if word not in left_out])


def day(title: Any, *, required: bool = True, **kw: Any) -> Any:
    """Declare a day, chosen with the browser's own picker."""
    return field(Day(), title, required=required, widget=DateInput(), **kw)


def aliases_field(*, limit: int = 300) -> Any:
    """Declare the other printed forms of a name."""
    return colander.SchemaNode(
        colander.Sequence(),
        field(Line(limit), _("Other name"), name="alias", widget=TextInput()),
        title=_("Other names"),
        description=_("Other ways in which the name is printed. It is found by each of them."),
        widget=Rows(add_label=_("Add another name")),
        validator=colander.Length(max=50),
        missing=(),
    )


CLASSES = choices(OrganizationClass, without=[OrganizationClass.GOVERNMENT])


class OrganizationBody(MappingSchema):
    """A new organization."""

    name = field(
        Line(300), _("Official name"), description=_("As the regulation writes it, without abbreviations.")
    )
    short_name = field(Line(120), _("Short name"), required=False)
    org_class = field(Word(OrganizationClass), _("Class"), widget=CLASSES)
    government_id = government_field(
        required=False, description=_("Leave this empty for a partner, who belongs to no government.")
    )
    parent_id = organization_field(
        _("Belongs to"),
        required=False,
        description=_("Only for a unit inside another organization, such as a biro."),
    )
    partner_kind = field(Word(PartnerKind), _("Kind of partner"), required=False, widget=choices(PartnerKind))
    code = field(
        Line(CODE_LIMIT),
        _("Code"),
        required=False,
        description=_("Small letters, digits and hyphens. Without one it is made of the short name."),
    )
    region_code = region_field(required=False, description=_("Where it has its seat or its working area."))
    valid_from = day(_("Exists from"), required=False)
    valid_until = day(_("Exists until"), required=False, description=_("The last day, if it has ended."))
    aliases = aliases_field()
    validator = days_in_order("valid_from", "valid_until")


#: How the page groups the fields of a new organization.
ORGANIZATION_SECTIONS = [
    (_("Names"), None, ["name", "short_name", "aliases"]),
    (_("Class and place"), None, ["org_class", "government_id", "parent_id", "partner_kind", "region_code"]),
    (_("In the register"), None, ["code", "valid_from", "valid_until"]),
]


class OrganizationEdit(MappingSchema):
    """What may change of an organization besides its names."""

    org_class = field(Word(OrganizationClass), _("Class"), widget=choices(OrganizationClass))
    parent_id = organization_field(_("Belongs to"), beside=True, required=False)
    partner_kind = field(Word(PartnerKind), _("Kind of partner"), required=False, widget=choices(PartnerKind))
    code = field(Line(CODE_LIMIT), _("Code"), description=_("Small letters, digits and hyphens."))
    region_code = region_field(required=False)
    valid_from = day(_("Exists from"), required=False)
    valid_until = day(_("Exists until"), required=False, description=_("The last day, if it has ended."))
    validator = days_in_order("valid_from", "valid_until")


class RenameBody(MappingSchema):
    """A new official name from a day on."""

    name = field(Line(300), _("Official name"))
    short_name = field(Line(120), _("Short name"), required=False)
    valid_from = day(
        _("In force from"),
        description=_("The first day of the name. The same day as before corrects a name that was misspelt."),
    )


class AliasBody(MappingSchema):
    """Another printed form."""

    name = field(Line(300), _("Other name"), description=_("Exactly as it is printed elsewhere."))


class MergeBody(MappingSchema):
    """Organizations that go over into one."""

    predecessor_ids = organizations_field(
        _("Organizations that end"), beside=True, description=_("Each of them ends on the day before.")
    )
    effective_on = day(_("Takes effect on"), description=_("The first day of the new order."))


class SplitBody(MappingSchema):
    """Organizations into which one divides."""

    successor_ids = organizations_field(
        _("Organizations that follow"),
        description=_("Add them to the register first, then choose them here."),
    )
    effective_on = day(_("Takes effect on"), description=_("The first day of the new order."))
    ends = field(
        Flag(),
        _("The organization itself ends on the day before"),
        required=False,
        missing=False,
        widget=Checkbox(true_val="true", false_val="false"),
    )


class SplitApiBody(SplitBody):
    """The same for programs: the organization ends unless `ends` is false."""

    ends = field(Flag(), required=False, missing=True)


class GovernmentBody(MappingSchema):
    """A new government."""

    code = field(
        Line(13), _("Code"), description=_("The region's code, such as 19 or 62.11; the nation is id.")
    )
    kind = field(Word(GovernmentKind), _("Level"), widget=choices(GovernmentKind))
    name = field(Line(200), _("Official name"))
    short_name = field(Line(60), _("Short name"))
    timezone = field(
        Line(40),
        _("Local time"),
        widget=Select(values=list(ZONES.items())),
        description=_("Deadlines are counted in this time. It cannot be changed later."),
    )
    parent_id = government_field(
        _("Belongs to"),
        required=False,
        description=_("The nation for a province, the province for a regency or city."),
    )
    region_code = region_field(required=False)


class GovernmentEdit(MappingSchema):
    """What may change of a government; code, level and local time stay."""

    name = field(Line(200), _("Official name"))
    short_name = field(Line(60), _("Short name"))
    parent_id = government_field(_("Belongs to"), required=False)
    region_code = region_field(required=False)


class PersonBody(MappingSchema):
    """A person: only the name."""

    name = field(Line(200), _("Name"), description=_("With the titles that are printed with it."))
    aliases = field(
        Prose(1000),
        _("Other ways the name is printed"),
        required=False,
        description=_("One a line."),
        widget=TextArea(rows=3),
    )


class PersonApiBody(MappingSchema):
    """A person for programs: the other printed forms as a list."""

    name = field(Line(200), _("Name"))
    aliases = aliases_field(limit=200)


class PositionBody(MappingSchema):
    """A post in an organization chosen by the address."""

    title = field(Line(200), _("Title of the position"), description=_("For example Kepala Dinas."))
    is_head = field(
        Flag(),
        _("This position heads the organization"),
        required=False,
        missing=False,
        widget=Checkbox(true_val="true", false_val="false"),
    )


class NewPositionBody(PositionBody):
    """A post in an organization named in the body."""

    organization_id = organization_field()


class HoldingBody(MappingSchema):
    """A term of office in a post chosen by the address."""

    person_id = person_field(
        description=_("Enter the person in the register first if the search finds nobody.")
    )
    holding_kind = field(Word(HoldingKind), _("Capacity"), widget=choices(HoldingKind))
    valid_from = day(_("Holds it from"))
    valid_until = day(
        _("Holds it until"),
        required=False,
        description=_("The last day. A Plt., Plh. or Pj. should have one."),
    )
    decree = field(
        Line(200), _("Decree"), required=False, description=_("Number and date of the appointment.")
    )
    validator = days_in_order("valid_from", "valid_until")


class NewHoldingBody(HoldingBody):
    """A term of office in a post named in the body."""

    position_id = position_field()


class EndHoldingBody(MappingSchema):
    """The last day of a term of office."""

    valid_until = day(_("Holds it until"), description=_("The last day."))
    decree = field(Line(200), _("Decree"), required=False)


class OrganizationFilters(MappingSchema):
    """Filters of the list of organizations."""

    q = field(Line(200), required=False)
    government = field(Integer(1), required=False)
    org_class = field(Word(OrganizationClass), required=False)


class GovernmentFilters(MappingSchema):
    """Filters of the list of governments."""

    q = field(Line(200), required=False)
    kind = field(Word(GovernmentKind), required=False)


class NameFilters(MappingSchema):
    """Filters of lists that are searched by name alone."""

    q = field(Line(200), required=False)


class PositionFilters(MappingSchema):
    """Filters of the list of posts."""

    q = field(Line(200), required=False)
    organization = field(Integer(1), required=False)


class HoldingFilters(MappingSchema):
    """Filters of the list of terms of office; `on` keeps those that cover a day."""

    organization = field(Integer(1), required=False)
    position = field(Integer(1), required=False)
    person = field(Integer(1), required=False)
    on = field(Day(), required=False)


class RegionFilters(MappingSchema):
    """Filters of the list of regions."""

    q = field(Line(200), required=False)
    level = field(Word(RegionLevel), required=False)
    parent = field(Line(13), required=False)


class FindFilters(MappingSchema):
    """What a search box sends."""

    q = field(Line(200), required=False)
    government = field(Integer(1), required=False)
    partners = field(Flag(), required=False, missing=True)
    classes = field(Line(300), required=False)
