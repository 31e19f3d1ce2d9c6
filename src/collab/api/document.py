"""The OpenAPI 3.1 document: put together from the operations as they are registered, so that it cannot lag behind."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import colander
from pyramid.request import Request
from pyramid.security import NO_PERMISSION_REQUIRED

from collab.api import answers, bodies
from collab.core.identity import Identity
from collab.core.text import Sentence, _
from collab.documents.vocabulary import DocumentKind
from collab.web.api import PREFIX, Operation
from collab.web.errors import PROBLEM, TITLES
from collab.web.idempotency import HEADER

JsonSchema = dict[str, Any]

FILE = "file"
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
_PART = re.compile(r"\{(?P<name>\w+)(?::(?P<pattern>(?:[^{}]|\{[^{}]*\})+))?\}")

#: Operations that take a file: the fields beside it.
UPLOADS: Mapping[str, JsonSchema] = {
    "api.documents": {
        "title": {"type": "string", "maxLength": 300, "description": "The file's name when absent."},
        "kind": {"type": "string", "enum": [kind.value for kind in DocumentKind], "default": "other"},
    },
    "api.document.versions": {},
}

#: How the API works, a paragraph each; what stands between backquotes is code.
ABOUT: tuple[Sentence, ...] = (
    _(
        "Sign in with a token (`Authorization: Bearer ...`) or with the browser's session and its `X-CSRF-Token`."
    ),
    _(
        "Days are written `YYYY-MM-DD`, instants as RFC 3339 in UTC. Lists are read page by page: `next` is the cursor"
        " of the following page, null at the end. `as_of` shows the figures of a past day."
    ),
    _(
        "One object is answered with an `ETag`; a change sends it back as `If-Match`: 412 when somebody was faster, 428"
        " when it is missing. With an `Idempotency-Key` a POST that is repeated answers the same and writes once."
    ),
    _(
        "Errors are `application/problem+json` (RFC 9457); 422 names each field that is wrong. Unknown fields and"
        " filters are refused. What one may not know of is 404."
    ),
)


class Asking:
    """The request as schemas are bound to it: by somebody without any right, so that the document fits everyone."""

    identity = Identity(user_id=None, name="anyone", display_name="anyone")

    def __init__(self, request: Request) -> None:
        self._request = request

    def __getattr__(self, name: str) -> Any:
        return getattr(self._request, name)


class Described:
    """One operation with its route's pattern."""

    def __init__(self, operation: Operation, pattern: str, request: Request) -> None:
        self.operation, self.pattern, self.request = operation, pattern, Asking(request)

    @property
    def path(self) -> str:
        """Give the path as OpenAPI writes it."""
        return _PART.sub(lambda part: "{" + part["name"] + "}", self.pattern)

    @property
    def tag(self) -> str:
        """Give the collection it belongs to."""
        return self.path.removeprefix(PREFIX).strip("/").split("/")[0]

    @property
    def answer(self) -> str:
        """Name the schema of what it answers; of a list, that of one item."""
        return answers.component(
            self.operation.answers, is_list=bool(self.operation.listing), reads=self.operation.method == "GET"
        )

    @property
    def is_upload(self) -> bool:
        """Tell whether it takes a file."""
        return self.operation.method == "POST" and self.operation.route in UPLOADS

    @property
    def is_public(self) -> bool:
        """Tell whether nobody need sign in."""
        return self.operation.permission == NO_PERMISSION_REQUIRED

    @cached_property
    def filters(self) -> Sequence[colander.SchemaNode]:
        """Give the nodes of the list's filters."""
        listing = self.operation.listing
        return listing.filters().bind(request=self.request).children if listing else ()

    @cached_property
    def parameters(self) -> list[JsonSchema]:
        """Describe what the path, the query and the headers may carry."""
        found = [_path_parameter(part) for part in _PART.finditer(self.pattern)]
        operation = self.operation
        if operation.listing:
            found += [_query(node.name, bodies.of_schema(node)) for node in self.filters]
            found.append(_query("sort", {"type": "string", "enum": list(operation.listing.orders)}))
            found += [_shared("limit"), _shared("cursor")]
        if (
            operation.method == "GET"
            and operation.answers != FILE
            and "as_of" not in {node.name for node in self.filters}
        ):
            found.append(_shared("as_of"))
        if operation.method == "POST":
            found.append(_shared("idempotency_key"))
        if operation.method == "PATCH":
            found.append(_shared("if_match"))
        return found

    @cached_property
    def body(self) -> JsonSchema | None:
        """Describe the body it takes, if any."""
        if self.is_upload:
            properties = {FILE: {"type": "string", "format": "binary"}, **UPLOADS[self.operation.route]}
            schema = {
                "type": "object",
                "properties": properties,
                "required": [FILE],
                "additionalProperties": False,
            }
            return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
        if self.operation.body is None:
            return None
        schema = bodies.of_schema(self.operation.body().bind(request=self.request))
        return {"required": bool(schema.get("required")), "content": {"application/json": {"schema": schema}}}

    @cached_property
    def responses(self) -> JsonSchema:
        """Describe the answer and the refusals."""
        return {str(self.operation.status): self._success()} | {
            str(status): {"$ref": f"#/components/responses/Problem{status}"}
            for status in sorted(set(self._refusals()))
        }

    def _success(self) -> JsonSchema:
        operation = self.operation
        described: JsonSchema = {"description": "Created" if operation.status == 201 else "Done"}
        if operation.status == 204:
            return described
        reference = {"$ref": f"#/components/schemas/{self.answer}"}
        schema = answers.page_of(reference) if operation.listing else reference
        media = "application/octet-stream" if operation.answers == FILE else "application/json"
        described["content"] = {
            media: {"schema": {"type": "string", "format": "binary"} if operation.answers == FILE else schema}
        }
        headers = {}
        if operation.status == 201:
            headers["Location"] = {"$ref": "#/components/headers/Location"}
        if operation.method == "GET" and operation.answers != FILE and not self.is_public:
            headers["ETag"] = {"$ref": "#/components/headers/ETag"}
        return described | ({"headers": headers} if headers else {})

    def _refusals(self) -> Iterable[int]:
        operation = self.operation
        if not self.is_public:
            yield from (401, 403, 429)
        yield from (404, 503)
        if operation.method == "GET":
            yield 422
            return
        yield from (400, 409, 412, 422)
        if operation.body is not None or self.is_upload:
            yield from (413, 415)
        if operation.method == "PATCH":
            yield 428
        if self.is_upload:
            yield 507

    def describe(self) -> JsonSchema:
        """Write the operation as OpenAPI does."""
        operation = self.operation
        name = operation.route.removeprefix("api.").replace(".", "_").replace("-", "_")
        described: JsonSchema = {
            "operationId": f"{operation.method.lower()}_{name}",
            "summary": operation.summary,
            "tags": [self.tag],
            "responses": self.responses,
        }
        if self.parameters:
            described["parameters"] = self.parameters
        if self.body is not None:
            described["requestBody"] = self.body
        if self.is_public:
            described["security"] = []
        return described


def described_operations(request: Request) -> list[Described]:
    """Give every registered operation with its path, by path and method."""
    routes = {
        entry["introspectable"]["name"]: entry["introspectable"]["pattern"]
        for entry in request.registry.introspector.get_category("routes") or ()
    }
    described = [
        Described(operation, routes[operation.route], request)
        for operation in request.registry["collab.operations"]
    ]
    return sorted(described, key=lambda one: (one.path, METHODS.index(one.operation.method)))


def build(described: Sequence[Described], *, server: str) -> JsonSchema:
    """Write the whole document."""
    paths: dict[str, JsonSchema] = {}
    for one in described:
        paths.setdefault(one.path, {})[one.operation.method.lower()] = one.describe()
    names = {one.answer for one in described if one.operation.answers != FILE}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "collab",
            "version": "1",
            "summary": "Who owes what, by when, and the proof",
            "description": "\n\n".join(str(sentence) for sentence in ABOUT),
        },
        "servers": [{"url": server}],
        "security": [{"bearer": []}, {"session": [], "csrf": []}, {"session": []}],
        "tags": [{"name": name} for name in sorted({one.tag for one in described})],
        "paths": dict(sorted(paths.items())),
        "components": components(names),
    }


def components(names: Iterable[str]) -> JsonSchema:
    """Describe what many operations share."""
    return {
        "schemas": {name: answers.answer_schema(name) for name in sorted(names)}
        | {"Problem": problem_schema()},
        "parameters": shared_parameters(),
        "headers": {
            "ETag": {"description": "Version of what is answered.", "schema": {"type": "string"}},
            "Location": {"description": "Where the new object is.", "schema": {"type": "string"}},
        },
        "responses": {
            f"Problem{status}": problem_response(status, str(title)) for status, title in TITLES.items()
        },
        "securitySchemes": {
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "A token made on the account page.",
            },
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "collab",
                "description": "A browser that is signed in.",
            },
            "csrf": {
                "type": "apiKey",
                "in": "header",
                "name": "X-CSRF-Token",
                "description": "Needed to write with a session.",
            },
        },
    }


def problem_schema() -> JsonSchema:
    """Describe an error (RFC 9457)."""
    fields = {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "law": {"type": "string", "description": "The rule's article, where there is one."},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    }
    return {"type": "object", "properties": fields, "required": ["detail", "status", "title", "type"]}


def problem_response(status: int, title: str) -> JsonSchema:
    """Describe one refusal."""
    described: JsonSchema = {
        "description": title,
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in (429, 503):
        described["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        }
    return described


def shared_parameters() -> JsonSchema:
    """Describe the parameters that mean the same everywhere."""
    key = {"type": "string", "minLength": 8, "maxLength": 100, "pattern": "^[A-Za-z0-9_.:-]+$"}
    return {
        "limit": _query("limit", {"type": "integer", "minimum": 1, "maximum": 200}),
        "cursor": _query("cursor", {"type": "string"}) | {"description": "`next` of the page before."},
        "as_of": _query("as_of", {"type": "string", "format": "date"})
        | {"description": "Figures of this day; default today."},
        "idempotency_key": _header(HEADER, key, required=False),
        "if_match": _header("If-Match", {"type": "string"}, required=True),
    }


def _path_parameter(part: re.Match[str]) -> JsonSchema:
    is_number = (part["pattern"] or "").startswith(r"\d")
    schema = {"type": "integer", "minimum": 0, "maximum": 999_999_999} if is_number else {"type": "string"}
    return {"name": part["name"], "in": "path", "required": True, "schema": schema}


def _query(name: str, schema: JsonSchema) -> JsonSchema:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _header(name: str, schema: JsonSchema, *, required: bool) -> JsonSchema:
    return {"name": name, "in": "header", "required": required, "schema": schema}


def _shared(name: str) -> JsonSchema:
    return {"$ref": f"#/components/parameters/{name}"}
