"""Regulations for programs: fields, states, rights, versions, keys, relations, impact, documents."""

import pytest

from collab.regulations import Dependants
from tests.regulations.conftest import add_seed
from tests.support.files import pdf

BASE = "/api/v1/regulations"


@pytest.fixture
def legal(world):
    return world.program("legal.babel")


@pytest.fixture
def ids(world):
    with world.session() as session:
        seed = add_seed(session, world.identity(session, "legal.babel"), world.government("19"))
        return {name: getattr(seed, name).id for name in ("r1", "r2", "r3")}


def body(world, **kw):
    return {"kind": "pergub", "title": "Usaha Kecil", "government_id": world.government("19")} | kw


def test_a_regulation_is_created_read_changed_and_listed(world, legal):
    sent = body(
        world,
        number="48",
        year=2018,
        enacted_on="2018-10-01",
        promulgated_on="2018-10-01",
        effective_on="2018-11-01",
    )
    made = legal.post_json(BASE, sent, status=201)
    assert made.headers["Location"].endswith(f"{BASE}/{made.json['id']}")
    assert {name: made.json[name] for name in sent} == sent
    assert (made.json["lifecycle"], made.json["state"]) == ("enacted", "in_force")
    read = legal.get(f"{BASE}/{made.json['id']}")
    assert read.json == made.json
    changed = legal.patch_json(
        f"{BASE}/{made.json['id']}",
        {"title": "Koperasi", "effective_on": None},
        headers={"If-Match": read.headers["ETag"]},
    )
    assert (changed.json["title"], changed.json["effective_on"], changed.json["number"]) == (
        "Koperasi",
        None,
        "48",
    )
    assert [item["id"] for item in legal.get(f"{BASE}?q=koperasi").json["items"]] == [made.json["id"]]
    old = {"If-Match": read.headers["ETag"]}
    assert legal.patch_json(f"{BASE}/{made.json['id']}", {"title": "x"}, headers=old, status=412)
    assert legal.patch_json(f"{BASE}/{made.json['id']}", {"title": "x"}, status=428)


@pytest.mark.parametrize(
    "sent, field",
    [
        ({"number": "48"}, "year"),
        ({"kind": "x"}, "kind"),
        ({"title": None}, "title"),
        ({"title": "a" * 501}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "a\u202eb"}, "title"),
        ({"title": 5}, "title"),
        ({"year": "2018"}, "year"),
        ({"year": True}, "year"),
        ({"year": 99999}, "year"),
        ({"enacted_on": "2018-02-30", "number": "1", "year": 2018}, "enacted_on"),
        ({"lifecycle": "revoked"}, "lifecycle"),
        ({"state": "in_force"}, "state"),
        ({"government_id": 10**20}, "government_id"),
    ],
)
def test_wrong_values_are_422_at_their_field(world, legal, sent, field):
    answer = legal.post_json(BASE, body(world, **sent), status=422)
    assert answer.content_type == "application/problem+json"
    assert list(answer.json["errors"]) == [field]


def test_a_taken_number_is_422_and_an_unknown_government_403(world, legal, ids):
    sent = body(world, number="48", year=2018)
    assert list(legal.post_json(BASE, sent, status=422).json["errors"]) == ["number"]
    for government_id in (world.government("62"), 999_999):
        assert legal.post_json(BASE, body(world, government_id=government_id), status=403)


def test_the_same_key_creates_once(world, legal):
    key = {"Idempotency-Key": "key-of-the-test"}
    first, second = (legal.post_json(BASE, body(world), headers=key, status=201).json["id"] for _ in range(2))
    assert first == second
    assert legal.post_json(BASE, body(world, title="Lain"), headers=key, status=409)


RIGHTS = [
    ("legal.babel", 200, 201, 200),
    ("coordinator.babel", 200, 403, 403),
    ("monitor.babel", 404, 403, 404),
    ("auditor.babel", 404, 403, 404),
    ("admin", 404, 403, 404),
    ("liaison.kopukm.babel", 404, 403, 404),
    ("partner.okeoce", 404, 403, 404),
    ("legal.kalteng", 404, 403, 404),
]


def test_each_role_reads_and_writes_what_is_its_own(world, ids):
    for who, draft, create, _withdraw in RIGHTS:
        program = world.program(who)
        assert program.get(f"{BASE}/{ids['r2']}").json["state"] == "in_force"
        assert program.get(f"{BASE}/{ids['r3']}", status="*").status_int == draft, who
        assert program.get(f"{BASE}/{ids['r3']}/impact", status="*").status_int == draft, who
        assert program.post_json(BASE, body(world), status="*").status_int == create, who
        listed = {item["id"] for item in program.get(BASE).json["items"]}
        assert (ids["r3"] in listed) is (draft == 200), who
        for part, sent in (
            ("relations", {"kind": "refers_to", "target_id": ids["r1"]}),
            ("documents", {"document_id": 1, "role": "copy"}),
        ):
            writes = program.post_json(f"{BASE}/{ids['r2']}/{part}", sent, status="*").status_int
            assert writes == (403 if who != "legal.babel" else 201 if part == "relations" else 404), (
                who,
                part,
            )
    for who, _draft, _create, withdraw in reversed(RIGHTS):
        answer = world.program(who).post_json(f"{BASE}/{ids['r3']}/withdraw", {}, status="*")
        assert answer.status_int == withdraw, who
    assert world.client().get(BASE, status=401)


def test_a_draft_is_enacted_once(world, legal, ids):
    address = f"{BASE}/{ids['r3']}/enact"
    sent = {"number": "7", "year": 2024, "enacted_on": "2024-05-02", "promulgated_on": "2024-05-02"}
    assert legal.post_json(address, {"number": "7"}, status=422)
    assert legal.post_json(address, sent).json["lifecycle"] == "enacted"
    assert legal.post_json(address, sent, status=409)
    amended = legal.get(f"{BASE}/{ids['r2']}").json
    assert (amended["state"], amended["state_by"]) == ("amended", [ids["r3"]])


def test_relations_are_read_and_recorded(world, legal, ids):
    address = f"{BASE}/{ids['r3']}/relations"
    sent = {
        "kind": "implements",
        "target_id": ids["r1"],
        "effective_on": "2030-01-01",
        "articles": "ps 5 ay 2",
    }
    made = legal.post_json(address, sent, status=201).json
    assert (made["articles"], made["effective_on"]) == ("Pasal 5 ayat (2)", "2030-01-01")
    assert [item["kind"] for item in legal.get(address).json["items"]] == ["amends", "implements"]
    assert list(legal.post_json(address, sent, status=422).json["errors"]) == ["target_id"]
    assert legal.post_json(address, {"kind": "implements", "target_id": 999_999}, status=404)
    assert list(legal.post_json(address, sent | {"target_id": ids["r3"]}, status=422).json["errors"]) == [
        "target_id"
    ]


def test_the_impact_counts_what_rests_on_it_and_asks_upper_features(world, legal, ids, monkeypatch):
    asked = []

    def first(session, identity, regulation_ids):
        asked.append(list(regulation_ids))
        return [{"id": 1, "title": "PKS"}]

    dependants = world.registry["collab.regulation_dependants"]
    monkeypatch.setitem(dependants, "agreement", Dependants(lambda *_: 1, first))
    answer = legal.get(f"{BASE}/{ids['r1']}/impact").json
    assert [(item["id"], item["is_direct"]) for item in answer["regulations"]["items"]] == [
        (ids["r2"], True),
        (ids["r3"], False),
    ]
    assert answer["dependants"]["agreement"] == {"count": 1, "items": [{"id": 1, "title": "PKS"}]}
    assert asked == [sorted(ids.values())]


def test_an_uploaded_document_is_attached_and_then_read_by_everyone(world, legal, ids):
    sent = legal.post(
        "/api/v1/documents",
        {"title": "Naskah", "kind": "copy"},
        upload_files=[("file", "n.pdf", pdf())],
        status=201,
    ).json
    monitor = world.program("monitor.babel")
    assert monitor.get(f"/api/v1/documents/{sent['id']}", status=404)
    address = f"{BASE}/{ids['r2']}/documents"
    assert legal.post_json(address, {"document_id": sent["id"], "role": "evidence"}, status=422)
    assert legal.post_json(address, {"document_id": sent["id"], "role": "copy"}, status=201)
    assert legal.post_json(address, {"document_id": sent["id"], "role": "copy"}, status=422)
    assert monitor.get(f"/api/v1/documents/{sent['id']}/content").body == pdf()
    assert [item["document_id"] for item in monitor.get(address).json["items"]] == [sent["id"]]
    version = [("file", "n2.pdf", pdf("dua"))]
    assert monitor.post(f"/api/v1/documents/{sent['id']}/versions", {}, upload_files=version, status=403)
    assert (
        legal.post(f"/api/v1/documents/{sent['id']}/versions", {}, upload_files=version, status=201).json[
            "number"
        ]
        == 2
    )


def test_the_list_pages_with_a_cursor_and_sorts(world, legal, ids):
    first = legal.get(f"{BASE}?limit=2").json
    second = legal.get(f"{BASE}?limit=2&cursor={first['next']}").json
    found = [item["id"] for item in first["items"] + second["items"]]
    assert found == [ids["r3"], ids["r2"], ids["r1"]]
    assert second["next"] is None
    assert legal.get(f"{BASE}?limit=0", status=422)
    assert legal.get(f"{BASE}?sort=oldest").json["items"][0]["id"] == ids["r1"]
    assert legal.get(f"{BASE}?as_of=2018-01-01").json["items"] == []
