"""One's own account: roles, language, password, open sessions, API tokens."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request

from collab.auth import queries, services
from collab.auth.forms import LANGUAGES, PasswordForm, TokenForm
from collab.auth.rules import password_problems, person_words
from collab.auth.vocabulary import Permission
from collab.core import clock
from collab.core.errors import Invalid, NotFound
from collab.core.text import Sentence, _
from collab.web.forms import act, submit
from collab.web.routing import action, form, page


@page("account", permission=Permission.OWN_ACCOUNT, renderer="collab.auth:templates/account.jinja2")
def account(request: Request) -> dict[str, Any]:
    """Show one's own account."""
    identity, session = request.identity, request.db
    user = queries.user(session, identity.user_id)
    return {
        "user": user,
        "roles": queries.assignments_of(session, user.id),
        "position_roles": queries.assignments_by_position(session, user.person_id),
        "sessions": queries.own_sessions(session, user.id, now=clock.now()),
        "tokens": queries.own_tokens(session, identity),
        "languages": LANGUAGES,
        "now": clock.now(),
    }


@action("account.language", permission=Permission.OWN_ACCOUNT)
def choose_language(request: Request) -> HTTPSeeOther:
    """Change the language of one's own pages."""
    chosen = str(request.POST.get("locale", ""))
    user = queries.user(request.db, request.identity.user_id)
    return act(
        request,
        lambda: services.choose_locale(request.db, user, locale=chosen, actor=request.identity),
        done=lambda row: request.route_path("account", _query={"lang": row.locale}),
    )


@form("account.password", permission=Permission.OWN_ACCOUNT, renderer="collab.auth:templates/password.jinja2")
def change_password(request: Request) -> Any:
    """Change one's own password; hashing is done before the form's transaction begins."""
    identity = request.identity
    prepared = _Prepared(request) if request.method == "POST" else None

    def save(values: dict[str, Any]) -> Any:
        assert prepared is not None
        checked, password_hash = prepared.accepted(values)
        user = queries.user(request.db, identity.user_id)
        return services.change_password(
            request.db, user, checked=checked, password_hash=password_hash, actor=identity
        )

    lead = _("You signed in with a password that was handed over. Choose your own now.")
    return submit(
        request,
        PasswordForm(),
        heading=_("Choose a new password"),
        lead=lead if identity.must_change_password else _("All other sign-ins of this account end."),
        save=save,
        done=lambda row: request.route_path("account"),
        said=_("The password is changed. All other sign-ins have ended."),
        button=_("Change the password"),
    )


class _Prepared:
    """What must be computed of a password form before any transaction is open."""

    def __init__(self, request: Request) -> None:
        identity, registry = request.identity, request.registry
        strength = registry["collab.settings"].argon2
        typed = {name: request.POST.get(name) for name in ("present_password", "new_password")}
        self.present, self.new = (value if isinstance(value, str) else "" for value in typed.values())
        self.checked = services.check_present_password(
            registry["collab.sessions"], strength=strength, actor=identity, password=self.present
        )
        self.problems: list[Sentence] = password_problems(
            self.new, words=person_words(identity.name, identity.display_name)
        )
        if not self.problems and self.new == self.present:
            self.problems = [_("This is the present password. Choose another.")]
        fine = self.checked is not None and not self.problems
        self.password_hash = services.hash_password(self.new, strength=strength) if fine else ""

    def accepted(self, values: dict[str, Any]) -> tuple[str, str]:
        """Give the checked hash and the new one; raise `Invalid` at the fields that are wrong."""
        errors: dict[str, list[Sentence]] = {}
        if self.checked is None:
            errors["present_password"] = [_("This is not the present password.")]
        if self.problems:
            errors["new_password"] = self.problems
        if values["new_password"] != values["repeated_password"]:
            errors["repeated_password"] = [_("The two passwords differ. Type the new one twice.")]
        if errors or self.checked is None:
            raise Invalid(errors)
        return self.checked, self.password_hash


@action("account.session.end", permission=Permission.OWN_ACCOUNT)
def end_session(request: Request) -> HTTPSeeOther:
    """End one of one's own sessions."""

    def save() -> Any:
        ended = services.end_session(request.db, int(request.matchdict["id"]), actor=request.identity)
        if ended is None:
            raise NotFound(_("This sign-in has already ended."))
        return ended

    return act(
        request, save, done=lambda row: request.route_path("account"), said=_("The sign-in has ended.")
    )


@action("account.sessions.end", permission=Permission.OWN_ACCOUNT)
def end_other_sessions(request: Request) -> HTTPSeeOther:
    """End all of one's own sessions but this one."""
    identity = request.identity
    user = queries.user(request.db, identity.user_id)
    return act(
        request,
        lambda: services.end_sessions(request.db, user, actor=identity, but=identity.session_id),
        done=lambda count: request.route_path("account"),
        said=_("All other sign-ins have ended."),
    )


@form("account.tokens.new", permission=Permission.OWN_ACCOUNT)
def create_token(request: Request) -> Any:
    """Make an API token and show it once."""
    made: list[str] = []

    def save(values: dict[str, Any]) -> Any:
        identity = request.identity
        token, secret = services.create_token(request.db, user_id=identity.user_id, actor=identity, **values)
        made.append(secret)
        return token

    answer = submit(
        request,
        TokenForm(),
        heading=_("New API token"),
        lead=_("A token lets a program do what you may do. It is shown once."),
        save=save,
        done=lambda row: request.route_path("account"),
        button=_("Make the token"),
        cancel_url=request.route_path("account"),
    )
    if not made:
        return answer
    return shown_once(
        request,
        heading=_("Your new token"),
        secret=made[0],
        advice=_("Copy it now: it is not shown again. Send it as “Authorization: Bearer …”."),
        back=request.route_path("account"),
    )


@action("account.token.revoke", permission=Permission.OWN_ACCOUNT)
def revoke_token(request: Request) -> HTTPSeeOther:
    """Revoke one of one's own tokens."""
    return act(
        request,
        lambda: services.revoke_token(request.db, int(request.matchdict["id"]), actor=request.identity),
        done=lambda row: request.route_path("account"),
        said=_("The token is revoked."),
    )


def shown_once(request: Request, *, heading: Sentence, secret: str, advice: Sentence, back: str) -> Any:
    """Answer with a secret that is neither stored nor sent again."""
    values = {"heading": heading, "secret": secret, "advice": advice, "back": back}
    response = render_to_response("collab.auth:templates/shown_once.jinja2", values, request)
    response.headers["Cache-Control"] = "no-store"
    return response
