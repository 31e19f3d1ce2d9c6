"""Errors mapped once: a page for people, problem+json for programs. Nothing here asks the database."""

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from pyramid.config import Configurator
from pyramid.csrf import get_csrf_token
from pyramid.exceptions import BadCSRFOrigin, BadCSRFToken
from pyramid.httpexceptions import HTTPException, HTTPForbidden, HTTPNotFound, HTTPSeeOther
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.response import Response
from sqlalchemy.orm.exc import StaleDataError

from collab.core.errors import CollabError, Forbidden, Invalid, Refused, Stale, TooManyTries, Unavailable
from collab.core.text import Sentence, _
from collab.web.i18n import translate
from collab.web.integrity import explain
from collab.web.security import known_identity
from collab.web.transactions import is_retryable, mark

log = logging.getLogger("collab.errors")
PROBLEM = "application/problem+json"
TITLES: dict[int, Sentence] = {
    400: _("The request could not be read"),
    401: _("Please sign in"),
    403: _("This is not yours to do"),
    404: _("Nothing is here"),
    405: _("This address does not work that way"),
    409: _("This contradicts the present state"),
    412: _("Someone was faster"),
    413: _("This is too large"),
    415: _("This kind of content is not accepted"),
    422: _("Something is not right yet"),
    428: _("A version is needed"),
    429: _("Too many attempts"),
    500: _("Something broke on our side"),
    503: _("Not available just now"),
    507: _("No room left to store this"),
}
SENTENCES: dict[int, Sentence] = {
    400: _("Go back, reload the page and try again."),
    401: _("Sign in to continue."),
    403: _("Your role does not include this. Ask your administrator if it should."),
    404: _("The address is wrong, or it is not visible to you."),
    405: _("Go back and use the buttons of the page."),
    500: _("We have a record of it. Please try again later; nothing was half saved."),
    503: _("Please try again in a moment. Nothing was half saved."),
}


@dataclass(frozen=True)
class Problem:
    """What both answers say: the status, sentences, the law, errors by field."""

    status: int
    sentence: Sentence
    law: str | None = None
    errors: dict[str, list[Sentence]] | None = None
    retry_after: int | None = None
    kept: list[tuple[str, str]] | None = None


def wants_json(request: Request) -> bool:
    """Tell whether a program asks."""
    return request.path_info.startswith("/api/")


def answer(request: Request, problem: Problem) -> Response:
    """Answer with a page or with problem+json."""
    title = translate(request, TITLES.get(problem.status, TITLES[500]))
    sentence = translate(request, problem.sentence or SENTENCES.get(problem.status, ""))
    if wants_json(request):
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": title,
            "status": problem.status,
            "detail": sentence,
        }
        if problem.law:
            body["law"] = problem.law
        if problem.errors is not None:
            body["errors"] = {
                name: [translate(request, s) for s in said] for name, said in problem.errors.items()
            }
        response = Response(json_body=body, status=problem.status, content_type=PROBLEM, charset="utf-8")
    else:
        values = {
            "status": problem.status,
            "title": title,
            "sentence": sentence,
            "law": problem.law,
            "errors": problem.errors or {},
            "kept": problem.kept or [],
            "target": here(request),
            "back_url": back_url(request),
            "identity": known_identity(request),
            "request_id": request.environ.get("collab.request_id", ""),
        }
        response = Response(
            render("collab.web:templates/error.jinja2", values, request), status=problem.status
        )
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def back_url(request: Request) -> str:
    """Give a safe way back on this site: the page one came from, else the start."""
    came_from = urlsplit(request.referer or "")
    if came_from.netloc != request.host or came_from.path == request.path:
        return "/"
    return on_this_site(came_from.path + (f"?{came_from.query}" if came_from.query else ""))


def here(request: Request) -> str:
    """Give the address of a request as a path on this site."""
    return on_this_site(request.path_qs)


def on_this_site(path: str) -> str:
    """Keep a path from being read as another site's address, as `//name/` would be."""
    return "/" + path.lstrip("/\\")


def collab_error(error: CollabError, request: Request) -> Response:
    """Answer for a refusal of ours."""
    status = error.status
    if isinstance(error, Stale) and wants_json(request):
        status = 412
    if isinstance(error, Forbidden) and known_identity(request) is None:
        return sign_in_first(request)
    errors = error.errors if isinstance(error, Invalid) else None
    retry_after = (
        error.retry_after
        if isinstance(error, TooManyTries)
        else 5
        if isinstance(error, Unavailable)
        else None
    )
    sentence = error.sentence
    if errors and not str(sentence):
        sentence = next((said[0] for said in errors.values() if said), "")
    return answer(
        request, Problem(status, sentence, error.law, errors, retry_after, kept_fields(request, status))
    )


def kept_fields(request: Request, status: int) -> list[tuple[str, str]] | None:
    """Give back what was typed in a form whose answer is a refusal, so that nothing is lost."""
    if request.method != "POST" or status not in (401, 409, 503) or wants_json(request):
        return None
    return typed_fields(request)


def typed_fields(request: Request) -> list[tuple[str, str]]:
    """List the text fields of a POST without guards, passwords and files."""
    left_out = {"csrf_token", "password", "new_password", "repeated_password", "present_password"}
    return [(n, v) for n, v in sent_fields(request) if n and isinstance(v, str) and n not in left_out]


def sent_fields(request: Request) -> list[tuple[str, Any]]:
    """List what a POST holds; nothing of a body that cannot be read, for that is answered here too."""
    try:
        return list(request.POST.items())
    except (
        ValueError,
        LookupError,
        DeprecationWarning,
    ):  # the last is WebOb's word for a body that is not UTF-8
        return []


def sign_in_first(request: Request) -> Response:
    """Send a visitor to sign in; what was typed in a form comes along."""
    if wants_json(request):
        response = answer(request, Problem(401, SENTENCES[401]))
        response.headers["WWW-Authenticate"] = 'Bearer realm="collab"'
        return response
    if request.method in ("GET", "HEAD"):
        return HTTPSeeOther("/login?next=" + quote(request.path_qs, safe=""))
    return again(request, 401, "collab.web:templates/sign_in_again.jinja2")


def again(request: Request, status: int, template: str) -> Response:
    """Show what was typed, with fresh guards, ready to be sent again."""
    values = {
        "status": status,
        "target": here(request),
        "kept": typed_fields(request),
        "has_files": any(not isinstance(value, str) for _name, value in sent_fields(request)),
        "csrf_token": get_csrf_token(request),
    }
    return Response(render(template, values, request), status=status)


def forbidden(error: HTTPForbidden, request: Request) -> Response:
    """Answer a denied view: sign in first, or it is not yours to do."""
    if request.identity is None:
        return sign_in_first(request)
    return answer(request, Problem(403, SENTENCES[403]))


def bad_csrf(error: Exception, request: Request) -> Response:
    """Answer an expired form token: the form again, everything typed kept; a foreign site's form gets nothing."""
    if wants_json(request) or isinstance(error, BadCSRFOrigin) or known_identity(request) is None:
        return answer(
            request, Problem(400, _("This form is too old or comes from another site. Reload the page."))
        )
    return again(request, 400, "collab.web:templates/send_again.jinja2")


def http_error(error: HTTPException, request: Request) -> Response:
    """Answer Pyramid's own errors in our words; redirects pass."""
    if error.status_code < 400:
        return error
    response = answer(request, Problem(error.status_code, SENTENCES.get(error.status_code, "")))
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def anything_else(error: Exception, request: Request) -> Response:
    """Answer what nobody foresaw: known constraints in words, lost connections as 503, the rest as one logged 500.

    What is worth another try is marked: its answer is shown only after the last one.
    """
    mark(request, error)
    if isinstance(error, StaleDataError):
        return collab_error(
            Stale(_("Someone changed this at the same moment. Load it again and repeat.")), request
        )
    known = explain(error)
    if known is not None:
        return collab_error(known, request)
    if is_retryable(error):
        return answer(request, Problem(503, SENTENCES[503], retry_after=5, kept=kept_fields(request, 503)))
    if isinstance(error, UnicodeDecodeError) or type(error) is LookupError:  # the latter: an unknown charset
        return answer(request, Problem(400, SENTENCES[400]))
    log.error("unforeseen error %s", request.environ.get("collab.request_id", ""), exc_info=error)
    return answer(request, Problem(500, SENTENCES[500]))


def includeme(config: Configurator) -> None:
    """Register the exception views."""
    config.add_exception_view(collab_error, context=CollabError)
    config.add_exception_view(bad_csrf, context=BadCSRFToken)
    config.add_exception_view(bad_csrf, context=BadCSRFOrigin)
    config.add_exception_view(http_error, context=HTTPException)
    config.add_exception_view(anything_else, context=Exception)
    config.add_forbidden_view(forbidden)
    config.add_notfound_view(http_error)


__all__ = ["HTTPNotFound", "Problem", "Refused", "answer"]
