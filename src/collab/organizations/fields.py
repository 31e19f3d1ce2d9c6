"""The form fields by which other features choose an organization, a government, a region, a person or a post.

Each is a search box over its `find.json`; without JavaScript a button searches on the server. A value that names
nothing is refused at the field, on pages and in the API alike.
"""

from collections.abc import Callable, Collection
from typing import Any

import colander
from pyramid.request import Request

from collab.core.text import Sentence, _
from collab.organizations import queries
from collab.organizations.vocabulary import OrganizationClass
from collab.web.references import Choices, Kind, reference_field
from collab.web.schema import Line
from collab.web.widgets import Rows


def organization_choices(
    request: Request,
    text: str,
    *,
    government_id: int | None = None,
    with_partners: bool = True,
    classes: Collection[Any] | None = None,
) -> Choices:
    """Find organizations: [(id, name · government · region)], with the printed form that fits where it is another."""
    rows = queries.search(
        request.db,
        text,
        identity=request.identity,
        government_id=government_id,
        with_partners=with_partners,
        classes=classes,
    )
    return [(str(row.id), queries.label(row) + (f" ({row.matched})" if row.matched else "")) for row in rows]


def _organization_label(request: Request, value: int) -> str | None:
    return queries.labels(request.db, [value]).get(value)


def _government_choices(request: Request, text: str) -> Choices:
    rows = queries.find_governments(request.db, text, identity=request.identity)
    return [(str(row.id), f"{row.name} ({row.code})") for row in rows]


def _government_label(request: Request, value: int) -> str | None:
    row = queries.get_government(request.db, value, identity=request.identity)
    return f"{row.name} ({row.code})"


def region_choices(request: Request, text: str) -> Choices:
    """Find regions: [(code, Desa Gohong, Kecamatan ..., Kabupaten ... (code))]."""
    rows = queries.find_regions(request.db, text, identity=request.identity)
    return [(row.code, queries.region_label(row)) for row in rows]


def _region_label(request: Request, value: str) -> str | None:
    return queries.region_label(queries.region_row(request.db, value))


def person_choices(request: Request, text: str) -> Choices:
    """Find persons: [(id, name · what they are today)]."""
    rows = queries.find_persons(request.db, text, identity=request.identity, day=request.today)
    return [(str(row.id), queries.person_label(row)) for row in rows]


def _person_label(request: Request, value: int) -> str | None:
    return queries.get_person(request.db, value, identity=request.identity).name


def position_choices(request: Request, text: str) -> Choices:
    """Find posts: [(id, title · organization · government)]."""
    rows = queries.find_positions(request.db, text, identity=request.identity)
    return [(str(row.id), queries.position_label(row)) for row in rows]


def _position_label(request: Request, value: int) -> str | None:
    position = queries.get_position(request.db, value, identity=request.identity)
    return f"{position.title} · {position.organization.name}"


ORGANIZATION = Kind(
    "organizations.find",
    organization_choices,
    _organization_label,
    _("There is no such organization. Choose one from the list."),
)
GOVERNMENT = Kind(
    "governments.find",
    _government_choices,
    _government_label,
    _("There is no such government. Choose one from the list."),
)
REGION = Kind(
    "regions.find", region_choices, _region_label, _("There is no such region. Choose one from the list.")
)
PERSON = Kind(
    "persons.find", person_choices, _person_label, _("There is no such person. Choose one from the list.")
)
POSITION = Kind(
    "positions.find",
    position_choices,
    _position_label,
    _("There is no such position. Choose one from the list."),
)


def organization_field(
    title: Sentence = _("Organization"),
    *,
    classes: Collection[OrganizationClass] | None = None,
    beside: bool = False,
    required: bool = True,
    **kw: Any,
) -> Any:
    """Declare a field for an organization's id; with `classes` only of those classes.

    `beside`: only bodies of the government of what the page is about are offered (the service decides).
    """

    def narrowed(request: Request) -> dict[str, Any]:
        government_id = getattr(request.context, "government_id", None) if beside else None
        return {"government_id": government_id, "with_partners": government_id is None}

    def query(request: Request) -> dict[str, Any]:
        asked: dict[str, Any] = {"classes": ",".join(sorted(classes))} if classes else {}
        government_id = narrowed(request)["government_id"]
        return asked | ({"government": government_id, "partners": "false"} if government_id else {})

    def find(request: Request, text: str) -> Choices:
        return organization_choices(request, text, classes=classes, **narrowed(request))

    def label(request: Request, value: int) -> str | None:
        known = queries.exists(request.db, value, classes=classes)
        return _organization_label(request, value) if known else None

    kind = Kind(ORGANIZATION.route, find, label, ORGANIZATION.unknown)
    return reference_field(kind, title, required=required, query=query, **kw)


def organizations_field(
    title: Sentence,
    *,
    classes: Collection[OrganizationClass] | None = None,
    beside: bool = False,
    required: bool = True,
    most: int = 100,
    **kw: Any,
) -> Any:
    """Declare a field for several organizations: a list of ids, each once, at least one when required."""
    if not required:
        kw.setdefault("missing", ())
    return colander.SchemaNode(
        colander.Sequence(),
        organization_field(classes=classes, beside=beside, name="organization"),
        title=title,
        widget=Rows(add_label=_("Add an organization")),
        validator=_several(1 if required else 0, most),
        **kw,
    )


def _several(least: int, most: int) -> Callable[[Any, list[int]], None]:
    def check(node: Any, values: list[int]) -> None:
        if len(values) < least:
            raise colander.Invalid(node, _("Choose at least one organization."))
        if len(values) > most:
            raise colander.Invalid(node, _("Choose at most ${most}.", mapping={"most": most}))
        if len(set(values)) < len(values):
            raise colander.Invalid(node, _("The same organization stands here twice."))

    return check


def government_field(title: Sentence = _("Government"), *, required: bool = True, **kw: Any) -> Any:
    """Declare a field for a government's id."""
    return reference_field(GOVERNMENT, title, required=required, **kw)


def region_field(title: Sentence = _("Region"), *, required: bool = True, **kw: Any) -> Any:
    """Declare a field for a region's code; homonyms are told apart by where they lie and by code (D8)."""
    return reference_field(REGION, title, value_type=Line(13), required=required, **kw)


def person_field(title: Sentence = _("Person"), *, required: bool = True, **kw: Any) -> Any:
    """Declare a field for a person's id."""
    return reference_field(PERSON, title, required=required, **kw)


def position_field(title: Sentence = _("Position"), *, required: bool = True, **kw: Any) -> Any:
    """Declare a field for a position's id."""
    return reference_field(POSITION, title, required=required, **kw)
