"""Sign in and out; what was typed in a form whose sign-in had ended is handed on."""

import json
from collections.abc import Sequence
from typing import Any

from pyramid.csrf import get_csrf_token, new_csrf_token
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from collab.auth import services
from collab.auth.errors import SignInRefused, TriesExhausted
from collab.auth.rules import safe_target
from collab.core.errors import CollabError
from collab.web.routing import action, form
from collab.web.security import PUBLIC

#: A form never sends more fields than this (the same bound as the forms themselves).
MOST_KEPT = 3000


@form("login", permission=PUBLIC, renderer="collab.auth:templates/sign_in.jinja2")
def sign_in(request: Request) -> Any:
    """Show the sign-in form; check what was typed, and go where the visitor came from."""
    kept = read_kept(request.POST.get("kept")) if request.method == "POST" else []
    target = safe_target(request.params.get("next"))
    if request.method == "GET":
        return HTTPSeeOther(target) if request.identity is not None else shown(target)
    name, password = _text(request, "name"), _text(request, "password")
    try:
        signed_in = services.sign_in(
            request.registry["collab.sessions"],
            strength=request.registry["collab.settings"].argon2,
            name=name,
            password=password,
            address=request.remote_addr,
            agent=request.user_agent,
        )
    except (SignInRefused, TriesExhausted) as refusal:
        return _refused(request, refusal, name, target, kept)
    start_session(request, signed_in.token)
    if kept and not signed_in.must_change_password:
        return send_now(request, target, kept)
    return HTTPSeeOther(request.route_path("account.password") if signed_in.must_change_password else target)


@action("logout", permission=PUBLIC)
def sign_out(request: Request) -> HTTPSeeOther:
    """End this browser's session; harmless when there is none."""
    identity = request.identity
    if identity is not None and identity.session_id is not None:
        services.end_session(request.db, identity.session_id, actor=identity)
    request.session.invalidate()
    return HTTPSeeOther(request.route_path("login"))


def start_session(request: Request, token: str) -> None:
    """Put a new secret into an emptied cookie session, with a new form token: an old cookie is worth nothing."""
    request.session.invalidate()
    request.session["token"] = token
    new_csrf_token(request)


def shown(
    target: str, *, name: str = "", kept: Sequence[tuple[str, str]] = (), problem: Any = ""
) -> dict[str, Any]:
    """Give what the sign-in page draws."""
    return {
        "target": target,
        "name": name,
        "kept": kept,
        "kept_text": json.dumps(kept) if kept else "",
        "problem": problem,
    }


def send_now(request: Request, target: str, kept: list[tuple[str, str]]) -> Response:
    """Show what was typed before the sign-in ended, ready to be sent with one press, under the same key."""
    values = {"target": target, "kept": kept, "csrf_token": get_csrf_token(request), "has_files": False}
    return render_to_response("collab.auth:templates/send_now.jinja2", values, request)


def read_kept(text: Any) -> list[tuple[str, str]]:
    """Read the fields that a page handed on; anything misshapen is nothing."""
    try:
        pairs = json.loads(text) if isinstance(text, str) and text else []
    except (ValueError, RecursionError):
        return []
    if not isinstance(pairs, list) or len(pairs) > MOST_KEPT:
        return []
    return [
        (pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)
    ]


def _text(request: Request, name: str) -> str:
    value = request.POST.get(name, "")
    return value if isinstance(value, str) else ""


def _refused(
    request: Request, refusal: CollabError, name: str, target: str, kept: list[tuple[str, str]]
) -> dict[str, Any]:
    """Show the form again; the journal keeps the try, but not what was typed: people type passwords there."""
    tag = "auth:session:throttled" if isinstance(refusal, TriesExhausted) else "auth:session:refused"
    user_id = getattr(refusal, "user_id", None)
    request.note_event(
        tag,
        subject_kind="user" if user_id else "sign_in",
        subject_id=user_id,
        subject_name=getattr(refusal, "display_name", "") or services.digest_of_name(name),
        government_id=getattr(refusal, "government_id", None),
    )
    request.response.status_int = 429 if isinstance(refusal, TriesExhausted) else 422
    if isinstance(refusal, TriesExhausted):
        request.response.headers["Retry-After"] = str(refusal.retry_after)
    return shown(target, name=name[:80], kept=kept, problem=refusal.sentence)
