"""The API's kit: JSON views over the services and queries of the pages, described once for OpenAPI and the tests.

Bodies are read strictly (types, unknown fields), answers carry ETags, writes honour If-Match and Idempotency-Key.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import colander
import venusian
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPUnsupportedMediaType
from pyramid.request import Request
from pyramid.response import Response

from collab.core.errors import CollabError, Invalid, Stale
from collab.core.identity import Identity
from collab.core.text import _
from collab.web import idempotency
from collab.web.events import OUTER
from collab.web.listing import Listing, read_page

PREFIX = "/api/v1"
#: No list in a body is longer; most fields say less.
MOST_ITEMS = 1000


class Unreadable(CollabError):
    """The body is no JSON object (400)."""

    status = 400


class VersionNeeded(CollabError):
    """A change must say which version it changes (428)."""

    status = 428


@dataclass(frozen=True)
class Operation:
    """One operation of the API as the document and the tests see it."""

    route: str
    method: str
    permission: str
    summary: str
    body: type[colander.SchemaNode] | None
    listing: Listing | None
    answers: str
    status: int


def operation(
    route_name: str,
    method: str,
    *,
    permission: str,
    summary: str,
    body: type[colander.SchemaNode] | None = None,
    listing: Listing | None = None,
    answers: str = "object",
    status: int = 200,
) -> Callable[[Any], Any]:
    """Register a JSON view `(context, request[, values])`; with `body` it gets the validated values.

    `answers` names the kind of object answered (a heading of the document); `status` is that of success.
    """

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        described = Operation(route_name, method, str(permission), summary, body, listing, answers, status)

        def answer(context: Any, request: Request) -> Any:
            return _run(view, described, context, request)

        answer.__name__ = view.__name__
        answer.__qualname__ = view.__qualname__
        answer.__doc__ = view.__doc__

        def register(scanner: Any, name: str, wrapped: Any) -> None:
            config = scanner.config.with_package(info.module)
            config.add_api_operation(described)
            config.add_view(
                answer,
                route_name=route_name,
                permission=str(permission),
                request_method=method,
                collab_methods=(method,),
                renderer="collab_json",
            )

        info = venusian.attach(view, register, category="pyramid")
        return view

    return wrap


def _run(view: Callable[..., Any], described: Operation, context: Any, request: Request) -> Any:
    """Read the body, honour the key, call the view and keep its answer."""
    if described.method == "GET":
        return view(context, request)
    values = read_body(request, described.body) if described.body else None
    arguments = (context, request) if values is None else (context, request, values)
    key = idempotency.key_of(request)
    if not key:
        return _created(request, described, view(*arguments))
    digest = idempotency.fingerprint([request.method, values if values is not None else _sent(request)])
    kept = idempotency.find(request.db, request, key, digest)
    if kept is not None:
        return replayed(request, kept)
    answer = _created(request, described, view(*arguments))
    location = request.response.headers.get("Location")
    subject = answer.get("id") if isinstance(answer, dict) else None
    idempotency.keep(
        request.db,
        request,
        key,
        digest,
        status=request.response.status_code,
        location=location,
        subject_id=subject,
    )
    return answer


def _sent(request: Request) -> Any:
    """Give the content of a multipart body for its fingerprint: fields, and files by their digests."""
    if request.content_type != "multipart/form-data":
        return None
    arrived = request.environ.get("collab.uploads") or {}
    files = {name: [getattr(item, "sha256", item) for item in items] for name, items in arrived.items()}
    return idempotency.form_content(request.POST.items(), files)


def _created(request: Request, described: Operation, answer: Any) -> Any:
    if not isinstance(answer, Response):
        request.response.status_int = described.status
    return answer


def replayed(request: Request, kept: idempotency.IdempotencyKey) -> Any:
    """Answer a repeated request: the first status and place, the body as it is today under today's rights."""
    path = kept.location or request.path
    again = Request.blank(path, base_url=request.host_url, headers={"Accept": "application/json"})
    for name in ("Authorization", "Cookie"):
        if name in request.headers:
            again.headers[name] = request.headers[name]
    request.environ["collab.replayed"] = True
    again.environ[OUTER] = request.environ["collab.events"]
    # with its tweens: the second reading has a transaction of its own, which begins and ends in them
    response = request.invoke_subrequest(again, use_tweens=True) if kept.location else Response(json_body={})
    if response.status_code >= 400:
        return response  # what was written then may not be seen today
    response.status_int = kept.status
    if kept.location:
        response.headers["Location"] = kept.location
    return response


def read_body(request: Request, schema_class: type[colander.SchemaNode]) -> dict[str, Any]:
    """Read a JSON object strictly: right types, no unknown fields, every error at its field."""
    if request.content_type not in ("application/json", ""):
        raise HTTPUnsupportedMediaType()
    try:
        body = json.loads(request.body or b"{}", parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("The body is not valid JSON.")) from error
    if not isinstance(body, dict):
        raise Unreadable(_("The body must be a JSON object."))
    schema = schema_class().bind(request=request)
    errors: dict[str, list[Any]] = {}
    check_types(schema, body, "", errors)
    if errors:
        raise Invalid(errors)
    try:
        return dict(schema.deserialize(_without_nulls(body)))
    except colander.Invalid as error:
        raise Invalid(_errors_of(error)) from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def check_types(node: colander.SchemaNode, value: Any, path: str, errors: dict[str, list[Any]]) -> None:
    """Compare a JSON value's types with a schema's, adding a sentence for each mismatch and each unknown field."""
    if value is None:
        return
    if isinstance(node.typ, colander.Mapping):
        if not isinstance(value, dict):
            errors[path] = [_("An object is expected here.")]
            return
        known = {child.name: child for child in node.children}
        for name, item in value.items():
            if name not in known:
                errors[_join(path, str(name)[:80])] = [_("There is no such field.")]
            else:
                check_types(known[name], item, _join(path, name), errors)
    elif isinstance(node.typ, colander.Sequence):
        if not isinstance(value, list):
            errors[path] = [_("A list is expected here.")]
        elif len(value) > MOST_ITEMS:
            errors[path] = [_("Choose at most ${most}.", mapping={"most": MOST_ITEMS})]
        else:
            for index, item in enumerate(value):
                check_types(node.children[0], item, _join(path, str(index)), errors)
    else:
        expected = getattr(node.typ, "json_type", str)
        wrong_boolean = isinstance(value, bool) and expected is not bool
        if wrong_boolean or not isinstance(value, expected):
            errors[path] = [_("This has the wrong type.")]


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _errors_of(error: colander.Invalid) -> dict[str, list[Any]]:
    """Flatten colander's tree to {dotted path: [sentences]}."""
    found: dict[str, list[Any]] = {}
    for path in error.paths():
        names: list[str] = []
        for step in path[1:]:
            names.append(str(step.pos) if step.positional else step.node.name)
        said = path[-1].msg
        if said is not None:
            found.setdefault(".".join(names), []).extend(said if isinstance(said, list) else [said])
    return found


def partial(schema_class: type[colander.SchemaNode]) -> type[colander.SchemaNode]:
    """Make the schema of a PATCH body from that of the whole: every field may be absent. Read it with `sent_only`."""

    class Partial(schema_class):
        """The same fields, none of them required."""

        def __init__(self, *args: Any, **kw: Any) -> None:
            super().__init__(*args, **kw)
            kept: list[Any] = list(getattr(self, "children", ()))
            self.children: list[Any] = [child.clone() for child in kept]  # the whole's own ones stay required
            for child in self.children:
                child.missing = None

    Partial.__name__ = Partial.__qualname__ = f"Partial{schema_class.__name__}"
    return Partial


def sent_only(request: Request, values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of a PATCH body's values the fields that the body names; a null empties its field."""
    return {name: values.get(name) for name in json.loads(request.body or b"{}")}


def check_match(request: Request, version: int, *, needed: bool = False) -> None:
    """Compare If-Match with the stored version: raise `VersionNeeded` when it must be sent, `Stale` when it differs."""
    sent = request.headers.get("If-Match")
    if sent is None:
        if needed:
            raise VersionNeeded(_("Send If-Match with the ETag of what you change."))
        return
    if sent.strip() == "*":
        return
    given = sent.strip().removeprefix("W/").strip('"').split("-")[0]
    if given != str(version):
        raise Stale(_("Someone else changed this since you read it. Read it again."))


def detail(request: Request, body: dict[str, Any], *, version: int) -> dict[str, Any]:
    """Answer one object with its ETag; 304 when the asker already has it."""
    day = request.as_of.isoformat()
    request.response.headers["ETag"] = f'"{version}-{day}-{scope_digest(request.identity)}"'
    request.response.conditional_response = True
    return body


def scope_digest(identity: Identity | None) -> str:
    """Digest who asks, so that one reader's copy never answers another's."""
    seen = repr((identity.user_id, identity.grants)) if identity else ""
    return hashlib.sha256(seen.encode()).hexdigest()[:12]


def collection(request: Request, listing: Listing, item: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """Answer one page of a list: `{"items", "next"}`, with a weak ETag."""
    page, _filters, _sort, _statement = read_page(request, listing)
    body = {"items": [item(row) for row in page.items], "next": page.next}
    digest = hashlib.sha256(json.dumps(body, default=encode).encode()).hexdigest()[:24]
    request.response.headers["ETag"] = f'W/"{digest}"'
    request.response.conditional_response = True
    return body


def created(request: Request, location: str) -> None:
    """Say where the new object is."""
    request.response.headers["Location"] = location


def encode(value: Any) -> Any:
    """Write what JSON has no word for: days and instants as text, decimals as numbers, sets as lists."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, frozenset | set | tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


class JsonRenderer:
    """Renders what a view returns as JSON."""

    def __init__(self, info: Any) -> None:
        self.info = info

    def __call__(self, value: Any, system: Mapping[str, Any]) -> str:
        """Render one value."""
        request = system.get("request")
        if request is not None:
            request.response.content_type = "application/json"
        return json.dumps(value, default=encode, ensure_ascii=False)


def add_api_operation(config: Configurator, described: Operation) -> None:
    """Describe an operation; the same route and method twice stops the start."""
    config.action(
        ("collab operation", described.route, described.method),
        lambda: config.registry["collab.operations"].append(described),
    )


def includeme(config: Configurator) -> None:
    """Add the directive and the renderer."""
    config.registry["collab.operations"] = []
    config.add_directive("add_api_operation", add_api_operation)
    config.add_renderer("collab_json", JsonRenderer)
