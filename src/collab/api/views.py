"""The document for programs, and a page of it for people."""

from itertools import groupby
from typing import Any

from pyramid.request import Request

from collab.api.document import ABOUT, Described, build, components, described_operations
from collab.web.api import operation
from collab.web.i18n import translate
from collab.web.routing import page
from collab.web.security import PUBLIC


@operation("api.openapi", "GET", permission=PUBLIC, summary="Read this document", answers="openapi")
def openapi(context: Any, request: Request) -> dict[str, Any]:
    """Answer the OpenAPI document; made once a process, it holds nothing that depends on who asks."""
    registry = request.registry
    document: dict[str, Any] | None = registry.get("collab.openapi")
    if document is None:
        document = registry["collab.openapi"] = build(described_operations(request), server="/")
    return document


@page("api.docs", permission=PUBLIC, renderer="collab.api:templates/docs.jinja2")
def docs(request: Request) -> dict[str, Any]:
    """Show every operation with its parameters, its fields and its answers."""
    described = described_operations(request)
    shared = components(())["parameters"]
    groups = [
        {"name": name, "operations": [_shown(one, shared) for one in members]}
        for name, members in groupby(described, key=lambda one: one.tag)
    ]
    request.identity  # noqa: B018 (the frame shows who is signed in)
    return {"groups": groups, "paragraphs": [translate(request, sentence).split("`") for sentence in ABOUT]}


def _shown(one: Described, shared: dict[str, Any]) -> dict[str, Any]:
    """Give what the page draws of one operation."""
    parameters = [shared[p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p for p in one.parameters]
    content: dict[str, Any] = one.body["content"] if one.body else {}
    media = next(iter(content), "")
    return {
        "method": one.operation.method,
        "path": one.path,
        "summary": one.operation.summary,
        "anchor": f"{one.operation.method.lower()}-{one.operation.route.removeprefix('api.')}",
        "parameters": [_row(p["name"], p["schema"], p["required"], p["in"]) for p in parameters],
        "media": media,
        "fields": list(_rows(content[media]["schema"] if media else {})),
        "answers": one.operation.answers,
        "is_list": one.operation.listing is not None,
        "statuses": list(one.responses),
    }


def _rows(schema: dict[str, Any], prefix: str = "") -> Any:
    for name, described in schema.get("properties", {}).items():
        yield _row(prefix + name, described, name in schema.get("required", ()), "body")
        inner = described.get("items", described)
        if "properties" in inner:
            yield from _rows(inner, f"{prefix}{name}[]." if "items" in described else f"{prefix}{name}.")


def _row(name: str, schema: dict[str, Any], required: bool, place: str) -> dict[str, Any]:
    kinds = schema.get("type", "")
    words = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind != "null"]
    return {
        "name": name,
        "place": place,
        "required": required,
        "type": ", ".join(words) + (f" ({schema['format']})" if "format" in schema else ""),
        "allowed": _allowed(schema),
    }


def _allowed(schema: dict[str, Any]) -> str:
    """Write the bounds of a field in a few words."""
    if "enum" in schema:
        return ", ".join(str(word) for word in schema["enum"] if word is not None)
    if "maxLength" in schema:
        return f"1-{schema['maxLength']}"
    if "maxItems" in schema:
        return f"0-{schema['maxItems']}"
    if "minimum" in schema and abs(schema["maximum"]) < 10**9:
        return f"{schema['minimum']}-{schema['maximum']}"
    return ""
