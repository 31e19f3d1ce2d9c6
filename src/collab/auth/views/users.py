"""Accounts as their administrator keeps them: list, new, one, its roles."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from collab.auth import queries, services
from collab.auth.forms import PositionRoleForm, RoleEndForm, RoleForm, UserEditForm, UserForm
from collab.auth.queries import Account, AssignmentContext
from collab.auth.views.account import shown_once
from collab.auth.views.listings import ROLE_WORDS, USERS
from collab.auth.vocabulary import Permission
from collab.core import clock
from collab.core.text import _
from collab.web import listing
from collab.web.forms import act, submit
from collab.web.i18n import translate
from collab.web.routing import action, form, page


@page("users", permission=Permission.READ_USERS, renderer="collab.auth:templates/users.jinja2")
def users(request: Request) -> dict[str, Any]:
    """List the accounts this administrator keeps."""
    choices = [(word, translate(request, title)) for word, title in ROLE_WORDS.items()]
    return {"listed": listing.show(request, USERS), "role_choices": choices, "parse_roles": parse_roles}


@page("users.csv", permission=Permission.READ_USERS)
@page("users.xlsx", permission=Permission.READ_USERS)
def export(request: Request) -> Response:
    """Give the list as a file."""
    return listing.export(request, USERS)


def parse_roles(text: str) -> list[tuple[Any, str]]:
    """Read ``liaison 19/kopukm, monitor 62`` as [(title, scope)]."""
    parts = sorted(part.split(" ", 1) for part in text.split(", ") if " " in part)
    return [(ROLE_WORDS.get(role, role), scope) for role, scope in parts]


@page("user", permission=Permission.READ_USERS, renderer="collab.auth:templates/user.jinja2")
def user(context: Account, request: Request) -> dict[str, Any]:
    """Show one account."""
    request.breadcrumbs = [(_("Accounts"), request.route_path("users")), (context.display_name, None)]
    session = request.db
    return {
        "user": context,
        "roles": queries.assignments_of(session, context.id),
        "position_roles": queries.assignments_by_position(session, context.person_id),
        "sessions": queries.own_sessions(session, context.id, now=clock.now()),
        "today": request.today,
        "may_manage": bool(request.has_permission(Permission.MANAGE_USERS, context)),
    }


@form("users.new", permission=Permission.MANAGE_USERS)
def create(request: Request) -> Any:
    """Create an account with a password to hand over, shown once."""
    secret, hashed = _new_password(request)
    made: list[Any] = []

    def save(values: dict[str, Any]) -> Any:
        row = services.create_user(
            request.db, actor=request.identity, password_hash=hashed, must_change_password=True, **values
        )
        made.append(row)
        return row

    answer = submit(
        request,
        UserForm(),
        heading=_("New account"),
        lead=_("It can do nothing until it is given a role."),
        save=save,
        done=lambda row: request.route_path("user", id=row.id),
        button=_("Create the account"),
        cancel_url=request.route_path("users"),
    )
    return _password_page(request, made[0], secret) if made else answer


@form("user.edit", permission=Permission.MANAGE_USERS)
def edit(context: Account, request: Request) -> Any:
    """Edit an account."""
    row = queries.user(request.db, context.id)
    return submit(
        request,
        UserEditForm(),
        heading=_("Edit the account ${name}", mapping={"name": context.name}),
        initial={"display_name": row.display_name, "person_id": row.person_id, "locale": row.locale},
        version=row.version,
        save=lambda values: services.edit_user(request.db, row, values=values, actor=request.identity),
        done=lambda saved: request.route_path("user", id=saved.id),
        said=_("The account is changed."),
        cancel_url=request.route_path("user", id=context.id),
    )


@action("user.close", permission=Permission.MANAGE_USERS)
def close(context: Account, request: Request) -> HTTPSeeOther:
    """Close an account."""
    row = queries.user(request.db, context.id)
    return act(
        request,
        lambda: services.deactivate(request.db, row, actor=request.identity),
        done=lambda saved: request.route_path("user", id=saved.id),
        said=_("The account is closed; its sign-ins and tokens have ended."),
    )


@action("user.reopen", permission=Permission.MANAGE_USERS)
def reopen(context: Account, request: Request) -> HTTPSeeOther:
    """Open a closed account again."""
    row = queries.user(request.db, context.id)
    return act(
        request,
        lambda: services.reactivate(request.db, row, actor=request.identity),
        done=lambda saved: request.route_path("user", id=saved.id),
        said=_("The account is open again."),
    )


@action("user.reset", permission=Permission.MANAGE_USERS)
def reset(context: Account, request: Request) -> Any:
    """Give an account a new password to hand over, shown once."""
    secret, hashed = _new_password(request)
    made: list[Any] = []

    def save() -> Any:
        row = queries.user(request.db, context.id)
        made.append(services.reset_password(request.db, row, password_hash=hashed, actor=request.identity))
        return row

    answer = act(request, save, done=lambda saved: request.route_path("user", id=saved.id))
    return _password_page(request, made[0], secret) if made else answer


@form("user.role", permission=Permission.MANAGE_USERS)
def give_role(context: Account, request: Request) -> Any:
    """Give an account a role."""
    return submit(
        request,
        RoleForm(),
        heading=_("A role for ${name}", mapping={"name": context.display_name}),
        save=lambda values: services.assign_role(
            request.db, user_id=context.id, actor=request.identity, **values
        ),
        done=lambda saved: request.route_path("user", id=context.id),
        said=_("The role is given."),
        button=_("Give the role"),
        cancel_url=request.route_path("user", id=context.id),
    )


@page("users.positions", permission=Permission.READ_USERS, renderer="collab.auth:templates/positions.jinja2")
def position_roles(request: Request) -> dict[str, Any]:
    """List the roles that come with positions."""
    request.breadcrumbs = [(_("Accounts"), request.route_path("users")), (_("Roles of positions"), None)]
    rows = queries.position_assignments(request.db, identity=request.identity)
    return {"rows": rows, "today": request.today}


@form("users.positions.new", permission=Permission.MANAGE_USERS)
def give_position_role(request: Request) -> Any:
    """Give a role to whoever holds a position."""
    return submit(
        request,
        PositionRoleForm(),
        heading=_("A role for a position"),
        lead=_("Whoever holds the position on a day, also as Plt. or Plh., has the role on that day."),
        save=lambda values: services.assign_role(request.db, actor=request.identity, **values),
        done=lambda saved: request.route_path("users.positions"),
        said=_("The role is given."),
        button=_("Give the role"),
        cancel_url=request.route_path("users.positions"),
    )


@form("role.end", permission=Permission.MANAGE_USERS)
def end_role(context: AssignmentContext, request: Request) -> Any:
    """Let a role end."""
    row = services.assignment_row(request.db, context.id)
    back = (
        request.route_path("user", id=context.user_id)
        if context.user_id is not None
        else request.route_path("users.positions")
    )
    return submit(
        request,
        RoleEndForm(),
        heading=_("Let a role end"),
        lead=_("Choose yesterday to take it away at once."),
        initial={"on": request.today},
        version=row.version,
        save=lambda values: services.end_role(request.db, row, actor=request.identity, **values),
        done=lambda saved: back,
        said=_("The role ends."),
        button=_("Let it end"),
        cancel_url=back,
    )


def _new_password(request: Request) -> tuple[str, str]:
    """Make and hash a password to hand over, before any transaction is open."""
    if request.method == "GET":
        return "", ""
    secret = services.one_time_password()
    return secret, services.hash_password(secret, strength=request.registry["collab.settings"].argon2)


def _password_page(request: Request, row: Any, secret: str) -> Any:
    return shown_once(
        request,
        heading=_("Password for ${name}", mapping={"name": row.name}),
        secret=secret,
        advice=_(
            "Hand it over in person or by telephone. It is not shown again and must be changed at the first sign-in."
        ),
        back=request.route_path("user", id=row.id),
    )
