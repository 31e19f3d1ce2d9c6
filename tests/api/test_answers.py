"""Answers keep what the document promises: every GET, asked of the demo by everybody who may ask."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from webtest import TestApp

from collab import compose
from collab.auth import queries, services
from collab.core import settings
from collab.core.db import unit_of_work
from collab.core.identity import SYSTEM
from tests.support.databases import Databases
from tests.support.demo import told

READERS = (
    "admin",
    "auditor.babel",
    "coordinator.babel",
    "legal.babel",
    "liaison.kopukm.babel",
    "partner.okeoce",
)
#: Lists that the demo leaves empty: nobody keeps uploads that nothing uses.
EMPTY = {"api.documents"}
MOST = 8


@pytest.fixture(scope="module")
def house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestApp]:
    with told(databases, tmp_path_factory.mktemp("demo")) as copy:
        values = {"collab.environment": "test", "collab.database_url": copy.url}
        config = compose(settings.load(values, {"COLLAB_DATA": str(copy.data)}))
        yield TestApp(config.make_wsgi_app())
        config.registry["collab.engine"].dispose()


@pytest.fixture(scope="module")
def tokens(house: TestApp) -> dict[str, str]:
    made = {}
    with unit_of_work(house.app.registry["collab.sessions"]) as session:
        for name in READERS:
            account = queries.by_name(session, name)
            assert account is not None
            made[name] = services.create_token(session, user_id=account.id, title="test", actor=SYSTEM)[1]
    return made


@pytest.fixture(scope="module")
def document(house: TestApp) -> dict[str, Any]:
    return dict(house.get("/api/v1/openapi.json").json)


class Asker:
    """Asks for paths and checks each good answer against its promise."""

    def __init__(self, house: TestApp, document: dict[str, Any], tokens: dict[str, str]) -> None:
        self.house, self.document, self.tokens = house, document, tokens
        self.answered: set[str] = set()

    def ask(self, path: str, pattern: str) -> list[dict[str, Any]]:
        """Ask as everybody; give the items of what was listed."""
        schema = self.document["paths"][pattern]["get"]["responses"]["200"]["content"]["application/json"][
            "schema"
        ]
        checker = jsonschema.Draft202012Validator(
            {**schema, "components": self.document["components"]}, format_checker=jsonschema.FormatChecker()
        )
        items: list[dict[str, Any]] = []
        for name, token in self.tokens.items():
            answer = self.house.get(path, headers={"Authorization": f"Bearer {token}"}, status="*")
            assert answer.status_code in (200, 403, 404), (path, name, answer.status)
            if answer.status_code == 200:
                checker.validate(answer.json)
                self.answered.add(pattern)
                items += answer.json.get("items", [])
        return items


def test_every_answer_keeps_its_promise(
    house: TestApp, document: dict[str, Any], tokens: dict[str, str]
) -> None:
    reads = [path for path, methods in document["paths"].items() if "get" in methods]
    reads = [path for path in reads if not path.endswith(("/content", "openapi.json"))]
    asker = Asker(house, document, tokens)
    found: dict[str, list[Any]] = {}
    for path in sorted(reads, key=lambda path: path.count("{")):
        if "{" not in path:
            query = "?q=UMKM" if path.endswith("/search") else ""
            found[path] = [item.get("id") or item.get("code") for item in asker.ask(path + query, path)]
            continue
        known = list(dict.fromkeys(found.get(path.partition("/{")[0]) or range(1, 40)))
        for number in known[:MOST]:
            asker.ask(re.sub(r"\{\w+\}", str(number), path, count=1).replace("{number}", "1"), path)
    assert set(reads) == asker.answered


def test_lists_of_the_demo_are_not_empty(
    house: TestApp, document: dict[str, Any], tokens: dict[str, str]
) -> None:
    for path in (
        "agreements",
        "checkpoints",
        "commitments",
        "organizations",
        "progress-reports",
        "regulations",
    ):
        assert Asker(house, document, tokens).ask(f"/api/v1/{path}", f"/api/v1/{path}"), path


def test_promises_name_fields(house: TestApp, document: dict[str, Any]) -> None:
    """Every read promises something; only an empty list of the demo could not be looked at."""
    operations = house.app.registry["collab.operations"]
    for name, schema in document["components"]["schemas"].items():
        if name.endswith("_written") or name in ("Problem", "openapi", "document_item"):
            continue
        assert schema.get("properties"), name
    assert {operation.route for operation in operations} >= EMPTY
