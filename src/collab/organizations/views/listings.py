"""The lists of this feature: one query each for page, CSV, XLSX and JSON."""

from typing import Any

from collab.core.text import _
from collab.organizations import forms, queries
from collab.web.listing import Column, Listing


def alias_list(row: Any) -> list[str]:
    """Give the other printed forms of a row's `alias_lines`."""
    return row.alias_lines.split("\n") if row.alias_lines else []


organizations = Listing(
    name="organizations",
    select=lambda request, filters: queries.listed(
        identity=request.identity,
        government_id=filters["government"],
        org_class=filters["org_class"],
        text=filters["q"],
    ),
    filters=forms.OrganizationFilters,
    orders={"name": queries.BY_NAME, "government": queries.BY_GOVERNMENT},
    columns=[
        Column("code", _("Code")),
        Column("name", _("Official name")),
        Column("short_name", _("Short name")),
        Column("org_class", _("Class")),
        Column("partner_kind", _("Kind of partner")),
        Column("government_code", _("Code of the government")),
        Column("parent_code", _("Code of the body it belongs to")),
        Column("region_code", _("Region code")),
        Column("valid_from", _("Exists from")),
        Column("valid_until", _("Exists until")),
        Column("aliases", _("Other names"), lambda row: "; ".join(alias_list(row))),
    ],
)

governments = Listing(
    name="governments",
    select=lambda request, filters: queries.governments_listed(
        identity=request.identity, text=filters["q"], kind=filters["kind"]
    ),
    filters=forms.GovernmentFilters,
    orders={"code": queries.GOVERNMENTS_BY_CODE, "name": queries.GOVERNMENTS_BY_NAME},
    columns=[
        Column("code", _("Code")),
        Column("kind", _("Level")),
        Column("name", _("Official name")),
        Column("short_name", _("Short name")),
        Column("timezone", _("Local time")),
        Column("parent_code", _("Code of the body it belongs to")),
        Column("region_code", _("Region code")),
    ],
)

persons = Listing(
    name="persons",
    select=lambda request, filters: queries.persons_listed(
        identity=request.identity, text=filters["q"], day=request.today
    ),
    filters=forms.NameFilters,
    orders={"name": queries.PERSONS_BY_NAME},
    columns=[
        Column("name", _("Name")),
        Column("aliases", _("Other names"), lambda row: "; ".join((row.aliases or "").splitlines())),
        Column("offices", _("Positions today"), lambda row: "; ".join((row.offices or "").splitlines())),
    ],
)

positions = Listing(
    name="positions",
    select=lambda request, filters: queries.positions_listed(
        identity=request.identity, text=filters["q"], organization_id=filters["organization"]
    ),
    filters=forms.PositionFilters,
    orders={"title": queries.POSITIONS_BY_TITLE},
    columns=[Column("title", _("Position")), Column("organization_name", _("Organization"))],
)

holdings = Listing(
    name="holdings",
    select=lambda request, filters: queries.holdings_listed(
        identity=request.identity,
        organization_id=filters["organization"],
        position_id=filters["position"],
        person_id=filters["person"],
        day=filters["on"],
    ),
    filters=forms.HoldingFilters,
    orders={"newest": queries.HOLDINGS_NEWEST},
    columns=[
        Column("title", _("Position")),
        Column("organization_name", _("Organization")),
        Column("person_name", _("Person")),
        Column("holding_kind", _("Capacity")),
        Column("valid_from", _("Holds it from")),
        Column("valid_until", _("Holds it until")),
        Column("decree", _("Decree")),
    ],
)

regions = Listing(
    name="regions",
    select=lambda request, filters: queries.regions_listed(
        identity=request.identity, text=filters["q"], level=filters["level"], parent_code=filters["parent"]
    ),
    filters=forms.RegionFilters,
    orders={"code": queries.REGIONS_BY_CODE},
    columns=[Column("code", _("Code")), Column("level", _("Level")), Column("name", _("Name"))],
)
