"""The list of accounts: one query for page, files and API."""

from typing import Any

from pyramid.request import Request

from collab.auth import queries
from collab.auth.forms import AccountState, NoFilters, UserFilters
from collab.core.identity import Role
from collab.core.text import _
from collab.web.listing import Column, Listing

ROLE_WORDS = {role.value: role.title for role in Role}


def _select(request: Request, filters: dict[str, Any]) -> Any:
    state = filters.get("state")
    return queries.users(
        request.identity,
        text=filters.get("q"),
        role=filters.get("role"),
        is_active=None if state is None else state is AccountState.OPEN,
    )


USERS = Listing(
    name="users",
    select=_select,
    filters=UserFilters,
    orders=queries.USER_ORDERS,
    columns=(
        Column("name", _("Account name")),
        Column("display_name", _("Name of the person")),
        Column("roles", _("Roles")),
        Column("is_active", _("Open")),
        Column("last_seen_at", _("Last sign-in")),
    ),
)

TOKENS = Listing(
    name="tokens",
    select=lambda request, filters: queries.tokens(request.identity),
    filters=NoFilters,
    orders=queries.TOKEN_ORDERS,
    columns=(Column("title", _("What it is for")),),
)
