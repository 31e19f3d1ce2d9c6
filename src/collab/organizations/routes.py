"""Addresses of organizations, governments, persons and posts, and what each is about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from collab.core.errors import Forbidden
from collab.core.text import _
from collab.organizations import queries
from collab.organizations.models import Government, Organization, Person, Position, PositionHolding, Region

ID = r"{id:\d{1,9}}"


@dataclass(frozen=True)
class Subject:
    """What an address is about, with what its rights depend on."""

    row: Any
    government_id: int | None = None
    is_partner: bool = False

    @property
    def id(self) -> int:
        """Give the row's id."""
        return int(self.row.id)

    @property
    def version(self) -> int:
        """Give the row's version."""
        return int(self.row.version)


def _body(row: Any, organization: Organization) -> Subject:
    return Subject(row, organization.government_id, organization.government_id is None)


def _id(request: Request) -> int:
    _refuse_visitors(request)
    return int(request.matchdict["id"])


def _refuse_visitors(request: Request) -> None:
    """Let visitors sign in first: which ids exist is not told to them."""
    if request.identity is None:
        raise Forbidden(_("Sign in to continue."))


def organization_of(request: Request) -> Subject:
    """Find the organization of the address."""
    row: Organization = queries.get(request.db, _id(request), identity=request.identity)
    return _body(row, row)


def government_of(request: Request) -> Subject:
    """Find the government of the address."""
    row: Government = queries.get_government(request.db, _id(request), identity=request.identity)
    return Subject(row, row.id)


def person_of(request: Request) -> Subject:
    """Find the person of the address."""
    row: Person = queries.get_person(request.db, _id(request), identity=request.identity)
    return Subject(row)


def position_of(request: Request) -> Subject:
    """Find the post of the address."""
    row: Position = queries.get_position(request.db, _id(request), identity=request.identity)
    return _body(row, row.organization)


def holding_of(request: Request) -> Subject:
    """Find the term of office of the address."""
    row: PositionHolding = queries.get_holding(request.db, _id(request), identity=request.identity)
    return _body(row, row.position.organization)


def region_of(request: Request) -> Region:
    """Find the region of the address."""
    _refuse_visitors(request)
    return queries.get_region(request.db, request.matchdict["code"], identity=request.identity)


def includeme(config: Configurator) -> None:
    """Add the routes: lists, new-forms, then single rows."""
    _lists(config)
    _rows(
        config,
        "organization",
        "/organizations",
        organization_of,
        ("edit", "rename", "alias", "merge", "split"),
    )
    config.add_route("position.new", f"/organizations/{ID}/positions/new", factory=organization_of)
    _rows(config, "government", "/governments", government_of, ("edit",))
    _rows(config, "person", "/persons", person_of, ("edit",))
    _rows(config, "position", "/positions", position_of, ("edit",))
    config.add_route("holding.new", f"/positions/{ID}/holdings/new", factory=position_of)
    config.add_route("holding.end", f"/holdings/{ID}/end", factory=holding_of)
    _api(config)


def _lists(config: Configurator) -> None:
    for name in ("organization", "government", "person"):
        path = f"/{name}s"
        config.add_route(f"{name}s", path)
        config.add_route(f"{name}s.csv", f"{path}.csv")
        config.add_route(f"{name}s.xlsx", f"{path}.xlsx")
        config.add_route(f"{name}.new", f"{path}/new")
    for name in ("organizations", "governments", "persons", "positions", "regions"):
        config.add_route(f"{name}.find", f"/{name}/find.json")


def _rows(
    config: Configurator, name: str, path: str, factory: Callable[[Request], Subject], forms: tuple[str, ...]
) -> None:
    config.add_route(name, f"{path}/{ID}", factory=factory)
    for form in forms:
        config.add_route(f"{name}.{form}", f"{path}/{ID}/{form}", factory=factory)


def _api(config: Configurator) -> None:
    collections: dict[str, tuple[Callable[[Request], Subject], tuple[str, ...]]] = {
        "organization": (organization_of, ("rename", "aliases", "merge", "split")),
        "government": (government_of, ()),
        "person": (person_of, ()),
        "position": (position_of, ()),
        "holding": (holding_of, ("end",)),
    }
    for name, (factory, verbs) in collections.items():
        config.add_route(f"api.{name}s", f"/api/v1/{name}s")
        config.add_route(f"api.{name}", f"/api/v1/{name}s/{ID}", factory=factory)
        for verb in verbs:
            config.add_route(f"api.{name}.{verb}", f"/api/v1/{name}s/{ID}/{verb}", factory=factory)
    config.add_route("api.regions", "/api/v1/regions")
    config.add_route("api.region", r"/api/v1/regions/{code:[0-9.]{2,13}}", factory=region_of)
