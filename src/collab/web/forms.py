"""One way to show and submit every form: nothing typed is lost, nothing half-written stays, nothing is written twice.

`submit` keeps what was typed through errors, a stale version (both texts shown) and a spent key; the error pages
keep it through an expired sign-in or form token. Refusals of the services land at their fields.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import colander
import deform
import peppercorn
from deform.exception import ValidationFailure
from pyramid.csrf import get_csrf_token
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from sqlalchemy.exc import DataError, IntegrityError

from collab.core.errors import CollabError, Invalid, KeyReused, NotFound, Refused, Stale
from collab.core.text import Sentence, _
from collab.web import idempotency
from collab.web.i18n import translate
from collab.web.integrity import explain
from collab.web.rework import rework
from collab.web.widgets import JinjaRenderer

#: Deepest nesting and most fields that a form of ours ever sends.
MOST_FIELDS = 3000


@dataclass
class FormPage:
    """What `form_page.jinja2` (or a page's own template) draws: words, the form, and what stands beside it.

    `differences` lists (title, stored text, typed text) when somebody else saved first.
    """

    heading: Sentence
    form: Any
    lead: Sentence = ""
    problem: Sentence = ""
    law: str | None = None
    differences: list[tuple[Sentence, str, str]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """Give the names the template reads."""
        own = {"heading": self.heading, "form": self.form, "lead": self.lead, "problem": self.problem}
        return own | {"law": self.law, "differences": self.differences} | self.extra


def build(
    request: Request,
    schema: colander.SchemaNode,
    *,
    buttons: Iterable[Any] = (),
    outcome: Sentence = "",
    cancel_url: str | None = None,
    version: int | None = None,
    key: str | None = None,
) -> Any:
    """Build a deform form that posts to the present address, with its token, key and version."""
    form = deform.Form(
        schema,
        renderer=renderer(request),
        buttons=tuple(buttons) or (deform.Button("save", _("Save")),),
        action=request.path_qs,
        formid="form",
    )
    form.outcome = outcome
    form.cancel_url = cancel_url
    hidden = [("csrf_token", get_csrf_token(request)), (idempotency.FIELD, key or idempotency.new_key())]
    if version is not None:
        hidden.append(("version", str(version)))
    form.hidden_fields = hidden
    return form


def renderer(request: Request) -> JinjaRenderer:
    """Give the renderer that draws in the request's language."""
    return JinjaRenderer(request.registry["collab.jinja"](), lambda message: translate(request, message))


def submit(
    request: Request,
    schema: colander.SchemaNode,
    *,
    heading: Sentence,
    save: Callable[[dict[str, Any]], Any],
    done: Callable[[Any], str],
    said: Sentence = "",
    initial: Mapping[str, Any] | None = None,
    version: int | None = None,
    lead: Sentence = "",
    button: Sentence = "",
    buttons: Iterable[Any] = (),
    outcome: Sentence = "",
    cancel_url: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Any:
    """Show a form (GET) or submit it (POST).

    `save(values)` calls one service and returns the row saved; `done(row)` gives the address to go to; `said` is
    shown there. `initial` fills the form; `version` is the stored version of what is edited: a form that carries an
    older one gets 409 with both texts. `extra` goes to the template.
    """
    bound = schema.bind(request=request)
    shown = FormPage(heading, None, lead=lead, extra=dict(extra or {}))
    options = {"buttons": buttons or (deform.Button("save", button or _("Save")),), "outcome": outcome}
    options["cancel_url"] = cancel_url
    if request.method == "GET":
        shown.form = build(request, bound, version=version, **options)
        if initial:
            shown.form.set_appstruct(_present(bound, initial))
        return shown.values()
    return _Submission(request, bound, shown, options, initial, version).run(save, done, said)


class _Submission:
    """One POST of a form on its way to an answer."""

    def __init__(
        self,
        request: Request,
        schema: colander.SchemaNode,
        shown: FormPage,
        options: dict[str, Any],
        initial: Mapping[str, Any] | None,
        version: int | None,
    ) -> None:
        self.request, self.schema, self.shown, self.options = request, schema, shown, options
        self.initial, self.version = initial, version
        self.controls = list(request.POST.items())[:MOST_FIELDS]
        sent = request.POST.get("version")
        self.sent_version = (
            int(sent)
            if isinstance(sent, str) and sent.isascii() and sent.isdigit() and len(sent) < 12
            else None
        )
        self.shown.form = build(
            request,
            schema,
            version=self.sent_version if version is not None else None,
            key=self._key(),
            **options,
        )

    def _key(self) -> str | None:
        try:
            return idempotency.key_of(self.request)
        except Invalid:
            return None

    def run(self, save: Callable[[dict[str, Any]], Any], done: Callable[[Any], str], said: Sentence) -> Any:
        if self._row_button():
            return self.shown.values()
        request, session = self.request, self.request.db
        key = self._key()
        digest = idempotency.fingerprint(idempotency.form_content(self.controls, self._files()))
        try:
            kept = idempotency.find(session, request, key, digest) if key else None
            if kept is not None:
                return HTTPSeeOther(kept.location or "/")
            values = self._validated()
            if self.version is not None and self.sent_version != self.version:
                raise Stale(
                    _("Someone else saved this while you were writing. Compare both texts and save again.")
                )
            with session.begin_nested():  # a refused write must leave a session that can still draw the form
                saved = save(values)
                session.flush()
        except ValidationFailure:
            return self._again(422)
        except Invalid as error:
            self._place(error)
            return self._again(422)
        except Stale as error:
            return self._stale(error)
        except KeyReused as error:
            return self._again(409, error)
        except (IntegrityError, DataError) as error:
            known = explain(error)
            if known is None:
                raise
            if isinstance(known, Invalid):
                self._place(known)
                return self._again(422)
            return self._again(409, known)
        except Refused as error:
            return self._again(409, error)
        location = done(saved)
        if key:
            subject = getattr(saved, "id", None)
            idempotency.keep(session, request, key, digest, status=303, location=location, subject_id=subject)
        if said:
            request.session.flash(("success", translate(request, said)))
        return HTTPSeeOther(location)

    def _row_button(self) -> bool:
        try:
            return rework(self.shown.form, self.controls)
        except (ValueError, TypeError, AttributeError, IndexError, RecursionError):
            return False

    def _files(self) -> Any:
        arrived = self.request.environ.get("collab.uploads") or {}
        return {name: [getattr(item, "sha256", item) for item in items] for name, items in arrived.items()}

    def _validated(self) -> dict[str, Any]:
        try:
            sent = peppercorn.parse(self.controls)
        except (ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError) as error:
            # peppercorn takes what it is given; broken markers are bad input, not a fault of ours
            raise Invalid(
                {"": [_("The form arrived incomplete. Please check it and send it again.")]}
            ) from error
        values: dict[str, Any] = self.shown.form.validate_pstruct(sent)
        return values

    def _place(self, error: Invalid) -> None:
        """Put a service's refusal at the fields it names; what has no field goes on top."""
        form = self.shown.form
        if form.error is None:
            self._keep_typed()
        top = form.error or colander.Invalid(form.schema)
        for name, sentences in error.errors.items():
            target = _find_field(form, name)
            for sentence in sentences:
                if target is None or target is form:
                    self.shown.problem = self.shown.problem or sentence
                    continue
                problem = colander.Invalid(target.schema, sentence)
                target.error = problem if target.error is None else target.error
                top.add(problem, pos=0)
        form.error = top

    def _keep_typed(self) -> None:
        try:
            self.shown.form.set_pstruct(peppercorn.parse(self.controls))
        except (ValueError, TypeError, AttributeError, IndexError, RecursionError):
            self.shown.form.set_pstruct({n: v for n, v in self.controls if isinstance(v, str)})

    def _again(self, status: int, error: CollabError | None = None) -> dict[str, Any]:
        """Show the form again with everything typed; a fresh key, since the old one may be spent."""
        if error is not None:
            self.shown.problem, self.shown.law = error.sentence, error.law
            if self.shown.form.error is None:
                self._keep_typed()
        if status == 409:
            self._renew_key()
        self.request.response.status_int = status
        return self.shown.values()

    def _stale(self, error: Stale) -> dict[str, Any]:
        """Show both texts; sending again carries the version just seen."""
        self.shown.differences = self._differences()
        form = self.shown.form
        form.hidden_fields = [pair for pair in form.hidden_fields if pair[0] != "version"]
        if self.version is not None:
            form.hidden_fields.append(("version", str(self.version)))
        return self._again(409, error)

    def _renew_key(self) -> None:
        form = self.shown.form
        form.hidden_fields = [pair for pair in form.hidden_fields if pair[0] != idempotency.FIELD]
        form.hidden_fields.append((idempotency.FIELD, idempotency.new_key()))

    def _differences(self) -> list[tuple[Sentence, str, str]]:
        stored = self.schema.serialize(_present(self.schema, self.initial or {}))
        typed = {name: value for name, value in self.controls if isinstance(value, str)}
        rows = []
        for node in self.schema.children:
            before, now = stored.get(node.name), typed.get(node.name)
            before = "" if before in (colander.null, None) else str(before)
            if (
                now is not None
                and before != now
                and not isinstance(node.typ, colander.Sequence | colander.Mapping)
            ):
                rows.append((node.title, before, now))
        return rows


def _find_field(form: Any, name: str) -> Any:
    """Find a form's field by its name, or by a dotted path into sequences (`parties.1.own_number`)."""
    if not name:
        return form
    current = form
    for part in name.split("."):
        rows = getattr(current, "sequence_fields", None)
        if part.isdigit() and rows:
            if int(part) >= len(rows):
                return current
            current = rows[int(part)]
            continue
        following = next((child for child in current.children if child.name == part), None)
        if following is None:
            return None if current is form else current
        current = following
    return current


def _present(schema: colander.SchemaNode, values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the values that the schema knows; None becomes null."""
    return {
        node.name: colander.null if values.get(node.name) is None else values[node.name]
        for node in schema.children
        if node.name in values
    }


def act(
    request: Request,
    save: Callable[[], Any],
    *,
    done: Callable[[Any], str],
    said: Sentence = "",
) -> Any:
    """Do what a single button asks (POST without fields) and go to `done(result)`; keys make a double click one act."""
    session = request.db
    key = idempotency.key_of(request)
    digest = idempotency.fingerprint(idempotency.form_content(request.POST.items(), {}))
    kept = idempotency.find(session, request, key, digest) if key else None
    if kept is not None:
        return HTTPSeeOther(kept.location or "/")
    saved = save()
    session.flush()  # refusals of the database must be answered here, not at commit
    location = done(saved)
    if key:
        subject = getattr(saved, "id", None)
        idempotency.keep(session, request, key, digest, status=303, location=location, subject_id=subject)
    if said:
        request.session.flash(("success", translate(request, said)))
    return HTTPSeeOther(location)


__all__ = ["FormPage", "NotFound", "act", "build", "submit"]
