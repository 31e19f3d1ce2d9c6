"""Persons, posts and terms of office for programs."""

from typing import Any

from pyramid.request import Request

from collab.core.text import Sentence
from collab.organizations import forms, queries, rules, services
from collab.organizations.models import Person, Position, PositionHolding
from collab.organizations.routes import Subject
from collab.organizations.views import listings
from collab.organizations.vocabulary import Permission
from collab.web.api import check_match, collection, created, detail, operation, partial, sent_only
from collab.web.i18n import translate

HOLDING_NAMES = (
    "id",
    "person_id",
    "position_id",
    "holding_kind",
    "valid_from",
    "valid_until",
    "decree",
    "version",
)


def person_body(row: Person | Any) -> dict[str, Any]:
    """Write one person; the other printed forms as a list."""
    aliases = (row.aliases or "").splitlines()
    return {"id": row.id, "name": row.name, "aliases": aliases, "version": row.version}


def position_body(row: Position | Any) -> dict[str, Any]:
    """Write one post."""
    names = ("id", "organization_id", "title", "is_head", "version")
    return {name: getattr(row, name) for name in names}


def holding_body(request: Request, row: PositionHolding | Any) -> dict[str, Any]:
    """Write one term of office, with what it lacks (R50)."""
    found = {name: getattr(row, name) for name in HOLDING_NAMES}
    warnings: list[Sentence] = rules.holding_warnings(row.holding_kind, row.valid_until, row.decree)
    return {**found, "warnings": [translate(request, warning) for warning in warnings]}


@operation(
    "api.persons",
    "GET",
    permission=Permission.READ,
    summary="List persons",
    listing=listings.persons,
    answers="persons",
)
def persons(context: Any, request: Request) -> dict[str, Any]:
    """List persons."""
    return collection(request, listings.persons, person_body)


@operation(
    "api.persons",
    "POST",
    permission=Permission.MANAGE_PEOPLE,
    summary="Enter a person",
    body=forms.PersonApiBody,
    answers="person",
    status=201,
)
def create_person(context: Any, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Enter a person."""
    row = services.create_person(request.db, actor=request.identity, **_with_lines(values))
    created(request, request.route_path("api.person", id=row.id))
    return person_body(row)


def _with_lines(values: dict[str, Any]) -> dict[str, Any]:
    """Put the printed forms one a line, as they are stored."""
    if "aliases" not in values:
        return values
    return {**values, "aliases": "\n".join(rules.clean_aliases(values["aliases"] or ())) or None}


@operation("api.person", "GET", permission=Permission.READ, summary="Read one person", answers="person")
def person(context: Subject, request: Request) -> dict[str, Any]:
    """Answer one person."""
    return detail(request, person_body(context.row), version=context.version)


@operation(
    "api.person",
    "PATCH",
    permission=Permission.MANAGE_PEOPLE,
    summary="Change a person's name",
    body=partial(forms.PersonApiBody),
    answers="person",
)
def edit_person(context: Subject, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Change a person."""
    check_match(request, context.version, needed=True)
    sent = _with_lines(sent_only(request, values))
    services.edit_person(request.db, context.row, actor=request.identity, **sent)
    return detail(request, person_body(context.row), version=context.version)


@operation(
    "api.positions",
    "GET",
    permission=Permission.READ,
    summary="List positions",
    listing=listings.positions,
    answers="positions",
)
def positions(context: Any, request: Request) -> dict[str, Any]:
    """List posts."""
    return collection(request, listings.positions, position_body)


@operation(
    "api.positions",
    "POST",
    permission=Permission.CREATE,
    summary="Make a position in an organization",
    body=forms.NewPositionBody,
    answers="position",
    status=201,
)
def create_position(context: Any, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Make a post; the service checks that the organization is the administrator's."""
    row = services.create_position(request.db, actor=request.identity, **values)
    created(request, request.route_path("api.position", id=row.id))
    return position_body(row)


@operation("api.position", "GET", permission=Permission.READ, summary="Read one position", answers="position")
def position(context: Subject, request: Request) -> dict[str, Any]:
    """Answer one post with every term of office in it."""
    terms = queries.holdings_of_position(request.db, context.id)
    body = {**position_body(context.row), "holdings": [holding_body(request, row) for row in terms]}
    return detail(request, body, version=context.version)


@operation(
    "api.position",
    "PATCH",
    permission=Permission.MANAGE_POSITIONS,
    summary="Change a position",
    body=partial(forms.PositionBody),
    answers="position",
)
def edit_position(context: Subject, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Change a post."""
    check_match(request, context.version, needed=True)
    services.edit_position(request.db, context.row, actor=request.identity, **sent_only(request, values))
    return detail(request, position_body(context.row), version=context.version)


@operation(
    "api.holdings",
    "GET",
    permission=Permission.READ,
    summary="List terms of office, newest first",
    listing=listings.holdings,
    answers="holdings",
)
def holdings(context: Any, request: Request) -> dict[str, Any]:
    """List terms of office."""
    return collection(request, listings.holdings, lambda row: holding_body(request, row))


@operation(
    "api.holdings",
    "POST",
    permission=Permission.CREATE,
    summary="Let a person hold a position",
    body=forms.NewHoldingBody,
    answers="holding",
    status=201,
)
def create_holding(context: Any, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Record a term of office; the service checks that the post is the administrator's."""
    row = services.hold_position(request.db, actor=request.identity, **values)
    created(request, request.route_path("api.holding", id=row.id))
    return holding_body(request, row)


@operation(
    "api.holding", "GET", permission=Permission.READ, summary="Read one term of office", answers="holding"
)
def holding(context: Subject, request: Request) -> dict[str, Any]:
    """Answer one term of office."""
    return detail(request, holding_body(request, context.row), version=context.version)


@operation(
    "api.holding.end",
    "POST",
    permission=Permission.MANAGE_POSITIONS,
    summary="Set the last day of a term of office",
    body=forms.EndHoldingBody,
    answers="holding",
)
def end_holding(context: Subject, request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Record the end of a term."""
    check_match(request, context.version)
    services.end_holding(request.db, context.row, actor=request.identity, **values)
    return detail(request, holding_body(request, context.row), version=context.version)
