"""The floor that `bench/` measures every page against: the least a signed-in page can cost; outside production only.

Session, policy, transaction, one indexed SELECT, the frame of every page - and nothing else.
"""

from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from sqlalchemy import select

from collab.core.policy import signed_in
from collab.web.idempotency import IdempotencyKey

PERMISSION = "web:floor:read"


def floor(request: Request) -> dict[str, Any]:
    """Show the frame around the answer of one indexed SELECT: some idempotency key of the user."""
    indexed = select(IdempotencyKey.id).where(IdempotencyKey.user_id == request.identity.user_id).limit(1)
    return {"row": request.db.execute(indexed).first()}


def includeme(config: Configurator) -> None:
    """Add the address; only development and test include it."""
    config.add_policies({PERMISSION: signed_in})
    config.add_route("bench.floor", "/bench/floor")
    config.add_view(
        floor,
        route_name="bench.floor",
        permission=PERMISSION,
        renderer="collab.web:templates/floor.jinja2",
        request_method="GET",
        collab_methods=("GET",),
    )
