"""The API of accounts (administrators) and of one's own tokens."""

from typing import Any

from pyramid.request import Request

from collab.auth import queries, services
from collab.auth.forms import RoleBody, RoleEndForm, TokenBody, UserBody, UserPatch
from collab.auth.queries import Account, AssignmentContext
from collab.auth.views.listings import TOKENS, USERS
from collab.auth.vocabulary import Permission
from collab.core.errors import NotFound
from collab.core.text import _
from collab.web.api import check_match, collection, created, detail, operation


def user_item(row: Any) -> dict[str, Any]:
    """Write an account of a list."""
    roles = sorted(part.split(" ", 1) for part in row.roles.split(", ") if " " in part)
    return {
        "id": row.id,
        "name": row.name,
        "display_name": row.display_name,
        "is_active": row.is_active,
        "locale": row.locale,
        "roles": [{"role": role, "scope": scope} for role, scope in roles],
        "last_seen_at": row.last_seen_at,
        "version": row.version,
    }


def role_item(row: Any) -> dict[str, Any]:
    """Write one role assignment."""
    return {
        "id": row.id,
        "role": row.role,
        "scope": row.scope_code,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "version": row.version,
    }


def user_body(request: Request, user_id: int) -> dict[str, Any]:
    """Write one account with its roles."""
    found = queries.account(request.db, user_id, identity=request.identity)
    return {
        "id": found.id,
        "name": found.name,
        "display_name": found.display_name,
        "person_id": found.person_id,
        "locale": found.locale,
        "is_active": found.is_active,
        "must_change_password": found.must_change_password,
        "is_manageable": found.is_manageable,
        "roles": [role_item(row) for row in queries.assignments_of(request.db, user_id)],
        "version": found.version,
    }


@operation(
    "api.users",
    "GET",
    permission=Permission.READ_USERS,
    summary="List accounts",
    listing=USERS,
    answers="User",
)
def list_users(context: Any, request: Request) -> Any:
    """List the accounts this administrator keeps."""
    return collection(request, USERS, user_item)


@operation(
    "api.users", "POST", permission=Permission.MANAGE_USERS, summary="Create an account", body=UserBody,
    answers="User", status=201,
)  # fmt: skip
def create_user(context: Any, request: Request, values: dict[str, Any]) -> Any:
    """Create an account without password; an administrator gives one on the site."""
    row = services.create_user(request.db, actor=request.identity, **values)
    created(request, request.route_path("api.user", id=row.id))
    return user_body(request, row.id)


@operation("api.user", "GET", permission=Permission.READ_USERS, summary="Read an account", answers="User")
def read_user(context: Account, request: Request) -> Any:
    """Read one account."""
    return detail(request, user_body(request, context.id), version=context.version)


@operation(
    "api.user",
    "PATCH",
    permission=Permission.MANAGE_USERS,
    summary="Change an account",
    body=UserPatch,
    answers="User",
)
def edit_user(context: Account, request: Request, values: dict[str, Any]) -> Any:
    """Change an account."""
    row = queries.user(request.db, context.id)
    check_match(request, row.version, needed=True)
    services.edit_user(request.db, row, values=values, actor=request.identity)
    return detail(request, user_body(request, row.id), version=row.version)


@operation(
    "api.user.deactivate",
    "POST",
    permission=Permission.MANAGE_USERS,
    summary="Close an account",
    answers="User",
)
def deactivate(context: Account, request: Request) -> Any:
    """Close an account: sessions end, tokens are revoked."""
    row = queries.user(request.db, context.id)
    check_match(request, row.version)
    services.deactivate(request.db, row, actor=request.identity)
    return user_body(request, row.id)


@operation(
    "api.user.reactivate",
    "POST",
    permission=Permission.MANAGE_USERS,
    summary="Reopen an account",
    answers="User",
)
def reactivate(context: Account, request: Request) -> Any:
    """Open a closed account again."""
    row = queries.user(request.db, context.id)
    check_match(request, row.version)
    services.reactivate(request.db, row, actor=request.identity)
    return user_body(request, row.id)


@operation(
    "api.user.roles", "POST", permission=Permission.MANAGE_USERS, summary="Give a role", body=RoleBody,
    answers="User", status=201,
)  # fmt: skip
def give_role(context: Account, request: Request, values: dict[str, Any]) -> Any:
    """Give an account a dated role."""
    services.assign_role(request.db, user_id=context.id, actor=request.identity, **values)
    created(request, request.route_path("api.user", id=context.id))
    return user_body(request, context.id)


@operation(
    "api.role.end",
    "POST",
    permission=Permission.MANAGE_USERS,
    summary="End a role",
    body=RoleEndForm,
    answers="Role",
)
def end_role(context: AssignmentContext, request: Request, values: dict[str, Any]) -> Any:
    """Let a role end with a last day."""
    row = services.assignment_row(request.db, context.id)
    check_match(request, row.version)
    services.end_role(request.db, row, actor=request.identity, **values)
    return {
        "id": row.id,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "version": row.version,
    }


def token_item(row: Any) -> dict[str, Any]:
    """Write one token, without its secret."""
    return {
        "id": row.id,
        "title": row.title,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "revoked_at": row.revoked_at,
    }


@operation(
    "api.tokens",
    "GET",
    permission=Permission.OWN_ACCOUNT,
    summary="List own tokens",
    listing=TOKENS,
    answers="Token",
)
def list_tokens(context: Any, request: Request) -> Any:
    """List one's own tokens."""
    return collection(request, TOKENS, token_item)


@operation(
    "api.tokens", "POST", permission=Permission.OWN_ACCOUNT, summary="Make a token", body=TokenBody,
    answers="Token", status=201,
)  # fmt: skip
def create_token(context: Any, request: Request, values: dict[str, Any]) -> Any:
    """Make a token for one's own account, signed in on the site; only this answer holds its secret."""
    identity = request.identity
    row, secret = services.create_token(request.db, user_id=identity.user_id, actor=identity, **values)
    created(request, request.route_path("api.token", id=row.id))
    request.response.headers["Cache-Control"] = "no-store"
    return token_item(row) | {"token": secret}


@operation(
    "api.token", "GET", permission=Permission.OWN_ACCOUNT, summary="Read an own token", answers="Token"
)
def read_token(context: Any, request: Request) -> Any:
    """Read one of one's own tokens, without its secret."""
    wanted = int(request.matchdict["id"])
    row = next((row for row in queries.own_tokens(request.db, request.identity) if row.id == wanted), None)
    if row is None:
        raise NotFound(_("There is no such token."))
    return token_item(row)


@operation(
    "api.token.revoke", "POST", permission=Permission.OWN_ACCOUNT, summary="Revoke a token", answers="Token"
)
def revoke_token(context: Any, request: Request) -> Any:
    """Revoke one of one's own tokens."""
    row = services.revoke_token(request.db, int(request.matchdict["id"]), actor=request.identity)
    return token_item(row)
