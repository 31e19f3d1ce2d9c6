"""The OpenAPI document: valid, complete, and honest about what is refused."""

import re
from typing import Any

import pytest
from openapi_spec_validator import validate
from webtest import TestApp

from collab.web.api import PREFIX

#: A page for people, not an operation.
PAGES = {"api.docs"}


@pytest.fixture(scope="module")
def document(app: TestApp) -> dict[str, Any]:
    return dict(app.get("/api/v1/openapi.json").json)


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (path, method.upper()): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def registered(app: TestApp) -> set[tuple[str, str]]:
    """List (path, method) of every view under the API's prefix, as the router knows them."""
    introspector = app.app.registry.introspector
    patterns = {
        entry["introspectable"]["name"]: entry["introspectable"]["pattern"]
        for entry in introspector.get_category("routes")
    }
    found = set()
    for entry in introspector.get_category("views"):
        view = entry["introspectable"]
        pattern = patterns.get(view["route_name"] or "", "")
        if not pattern.startswith(PREFIX) or view["route_name"] in PAGES:
            continue
        methods = view["request_methods"]
        path = re.sub(r"\{(\w+):(?:[^{}]|\{[^{}]*\})+\}", r"{\1}", pattern)
        found |= {
            (path, method)
            for method in ([methods] if isinstance(methods, str) else methods)
            if method != "HEAD"
        }
    return found


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")


def test_every_address_of_the_api_is_described_and_nothing_else(
    app: TestApp, document: dict[str, Any]
) -> None:
    assert set(operations(document)) == registered(app)


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document).values()]
    assert len(names) == len(set(names))


def test_every_write_says_how_it_is_refused(document: dict[str, Any]) -> None:
    for (path, method), operation in operations(document).items():
        if method != "GET":
            assert {"400", "401", "403", "404", "409", "422", "429"} <= operation["responses"].keys(), (
                method,
                path,
            )
        if method == "PATCH":
            assert {"412", "428"} <= operation["responses"].keys(), path
            assert {"$ref": "#/components/parameters/if_match"} in operation["parameters"], path
        if method == "POST":
            assert {"$ref": "#/components/parameters/idempotency_key"} in operation["parameters"], path


def test_refusals_are_problem_json(document: dict[str, Any]) -> None:
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]


def test_bodies_refuse_what_they_do_not_name(document: dict[str, Any]) -> None:
    for where, operation in operations(document).items():
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert content["schema"]["additionalProperties"] is False, where


def test_the_document_needs_no_sign_in_and_sets_no_cookie(app: TestApp) -> None:
    assert "Set-Cookie" not in app.get("/api/v1/openapi.json").headers


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/api/v1", "/api/v2/agreements", "/api/v1/documents/x"])
def test_an_unknown_address_is_a_problem_of_its_own(app: TestApp, path: str) -> None:
    answer = app.get(path, status=404)
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == 404


def test_an_unknown_method_is_refused_as_a_problem(app: TestApp) -> None:
    answer = app.put("/api/v1/openapi.json", status="4*")
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_shows_every_operation_without_any_script_of_its_own(
    app: TestApp, document: dict[str, Any], language: str
) -> None:
    page = app.get("/api/v1/docs", {"lang": language}).text
    for path, method in operations(document):
        assert f'<code class="api-method">{method}</code> <code>{path}</code>' in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
