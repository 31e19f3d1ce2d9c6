"""The JSON API of commitments: every operation, versions, keys, errors, rights."""

from datetime import timedelta
from typing import Any

import pytest

from collab.core import clock
from tests.support import agreements as documents
from tests.support import commitments as made
from tests.support.world import World

API = "/api/v1"


@pytest.fixture
def mandate_id(world: World) -> int:
    """A directive of Babel."""
    with world.session() as session:
        return made.mandate(session, world)


def due(days: int) -> str:
    return (clock.today("Asia/Jakarta") + timedelta(days=days)).isoformat()


def body(world: World, mandate_id: int, **values: Any) -> dict[str, Any]:
    return {
        "mandate_id": mandate_id,
        "statement": "Melatih kelompok tani",
        "accountable_id": world.organization("19/pertanian"),
    } | values


def proof(world: World, name: str) -> int:
    with world.session() as session:
        return documents.document(session, world.identity(session, name))


def with_key(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def test_a_promise_goes_all_the_way_through_the_api(world: World, mandate_id: int) -> None:
    coordinator, liaison = world.program("coordinator.babel"), world.program("liaison.pertanian.babel")
    given = body(
        world,
        mandate_id,
        supporting_ids=[world.organization("okeoce")],
        indicator="Kelompok terlatih",
        direction="up",
        baseline=0,
        target=2,
        unit="kelompok",
        due_on=due(40),
        due_precision="day",
        report_cycle="month",
        start_on=due(0),
        checkpoints=[
            {"code": "B1", "due_on": due(20), "target": 1},
            {"code": "B2", "due_on": due(40), "target": 2, "description": "Semua"},
        ],
    )
    made_one = coordinator.post_json(f"{API}/commitments", given, status=201)
    place = made_one.headers["Location"]
    kept = coordinator.get(place)
    assert kept.json == made_one.json
    for name in ("mandate_id", "statement", "accountable_id", "supporting_ids", "indicator", "direction"):
        assert kept.json[name] == given[name]
    for name in ("baseline", "target", "unit", "due_precision", "report_cycle", "start_on"):
        assert kept.json[name] == given[name]
    points = kept.json["checkpoints"]
    assert [(p["code"], p["due_on"], p["target"], p["state"]) for p in points] == [
        ("B1", due(20), 1, "open"),
        ("B2", due(40), 2, "open"),
    ]
    listed = liaison.get(f"{API}/checkpoints?commitment={kept.json['id']}").json["items"]
    assert [row["id"] for row in listed] == [p["id"] for p in points]
    report = liaison.post_json(
        f"{API}/progress-reports",
        {
            "checkpoint_id": points[0]["id"],
            "status": "done",
            "narrative": "Satu kelompok.",
            "actual": 1,
            "achieved_on": due(0),
            "evidence_ids": [proof(world, "liaison.pertanian.babel")],
        },
        status=201,
    )
    assert (report.json["decision"], report.json["actual"]) == (None, 1)
    assert liaison.get(report.headers["Location"]).json == report.json
    monitor = world.program("monitor.babel")
    assert [row["id"] for row in monitor.get(f"{API}/progress-reports").json["items"]] == [report.json["id"]]
    path = f"{API}/progress-reports/{report.json['id']}"
    assert "note" in monitor.post_json(f"{path}/return", {}, status=422).json["errors"]
    assert monitor.post_json(f"{path}/verify", {"note": "Baik."}).json["decision"] == "verified"
    assert monitor.post_json(f"{path}/verify", {}, status=409).json["detail"]
    assert liaison.get(f"{API}/checkpoints/{points[0]['id']}").json["state"] == "met"
    assert liaison.post_json(f"{place}/attest", {}).json["id"] == kept.json["id"]
    liaison.post_json(f"{place}/attest", {}, status=409)

    wish = liaison.post_json(
        f"{API}/checkpoints/{points[1]['id']}/deadline-changes",
        {"new_due_on": due(60), "reason": "Panen mundur."},
        status=201,
    ).json
    liaison.post_json(
        f"{API}/checkpoints/{points[1]['id']}/deadline-changes",
        {"new_due_on": due(61), "reason": "x"},
        status=409,
    )
    assert [row["id"] for row in coordinator.get(f"{API}/deadline-changes").json["items"]] == [wish["id"]]
    liaison.post_json(f"{API}/deadline-changes/{wish['id']}/approve", {}, status=403)
    answer = coordinator.post_json(f"{API}/deadline-changes/{wish['id']}/reject", {"note": "Tidak."}).json
    assert answer["outcome"] == "rejected"
    coordinator.post_json(f"{API}/deadline-changes/{wish['id']}/approve", {}, status=409)

    obstacle = liaison.post_json(f"{place}/obstacles", {"description": "Bibit kosong."}, status=201).json
    assert liaison.get(place).json["obstacles"][0]["resolved_at"] is None
    liaison.post_json(f"{API}/obstacles/{obstacle['id']}/resolve", {"note": "Tiba."})
    assert liaison.get(place).json["obstacles"][0]["resolved_at"]
    liaison.post_json(f"{API}/obstacles/{obstacle['id']}/resolve", {"note": "Tiba."}, status=409)
    liaison.post_json(f"{place}/cancel", {"reason": "x"}, status=403)
    ended = coordinator.post_json(f"{place}/cancel", {"reason": "Digabung."}).json
    assert [p["state"] for p in ended["checkpoints"]] == ["met", "cancelled"]


def test_versions_guard_changes_and_spare_transfers(world: World, mandate_id: int) -> None:
    coordinator = world.program("coordinator.babel")
    made_one = coordinator.post_json(f"{API}/commitments", body(world, mandate_id, due_on=due(9)), status=201)
    place = made_one.headers["Location"]
    first = coordinator.get(place)
    assert coordinator.get(place, headers={"If-None-Match": first.headers["ETag"]}, status=304).body == b""
    match = {"If-Match": first.headers["ETag"]}
    coordinator.patch_json(place, {"unit": "orang"}, status=428)
    changed = coordinator.patch_json(
        place,
        {"statement": "Melatih dua kelompok", "supporting_ids": [world.organization("okeoce")]},
        headers=match,
    )
    assert changed.json["supporting_ids"] == [world.organization("okeoce")]
    assert coordinator.get(place).headers["ETag"] == changed.headers["ETag"]
    coordinator.patch_json(place, {"unit": "orang"}, headers=match, status=412)
    coordinator.post_json(f"{place}/cancel", {"reason": "x"}, headers=match, status=412)
    seen = {"If-None-Match": changed.headers["ETag"]}
    coordinator.get(place, headers=seen, status=304)
    world.program("liaison.pertanian.babel").post_json(
        f"{API}/progress-reports",
        {
            "checkpoint_id": changed.json["checkpoints"][0]["id"],
            "status": "in_progress",
            "narrative": "Mulai.",
        },
        status=201,
    )
    assert len(coordinator.get(place, headers=seen, status=200).json["reports"]) == 1, "news is no 304"
    listed = coordinator.get(f"{API}/commitments")
    coordinator.get(f"{API}/commitments", headers={"If-None-Match": listed.headers["ETag"]}, status=304)


def test_a_repeated_key_answers_the_same_and_another_body_is_refused(world: World, mandate_id: int) -> None:
    coordinator, liaison = world.program("coordinator.babel"), world.program("liaison.pertanian.babel")
    given = body(world, mandate_id)
    first = coordinator.post_json(f"{API}/commitments", given, headers=with_key("key-a1-0001"), status=201)
    again = coordinator.post_json(f"{API}/commitments", given, headers=with_key("key-a1-0001"), status=201)
    assert (again.json, again.headers["Location"]) == (first.json, first.headers["Location"])
    other = given | {"statement": "Lain"}
    coordinator.post_json(f"{API}/commitments", other, headers=with_key("key-a1-0001"), status=409)
    assert len(coordinator.get(f"{API}/commitments").json["items"]) == 1
    given = {"checkpoint_id": first.json["checkpoints"][0]["id"], "status": "blocked", "narrative": "Macet."}
    one = liaison.post_json(f"{API}/progress-reports", given, headers=with_key("key-b1-0001"), status=201)
    two = liaison.post_json(f"{API}/progress-reports", given, headers=with_key("key-b1-0001"), status=201)
    assert one.json == two.json
    liaison.post_json(f"{API}/progress-reports", given, headers=with_key("key-b2-0001"), status=409)


@pytest.fixture
def commitment(world: World, mandate_id: int) -> Any:
    """A commitment as the API gives it."""
    program = world.program("coordinator.babel")
    return program.post_json(f"{API}/commitments", body(world, mandate_id, due_on=due(9)), status=201).json


def test_what_is_wrong_is_named_at_its_field(world: World, mandate_id: int, commitment: Any) -> None:
    coordinator, liaison = world.program("coordinator.babel"), world.program("liaison.pertanian.babel")
    for values, field in (
        ({"statement": None}, "statement"),
        ({"statement": "x" * 2001}, "statement"),
        ({"accountable_id": "1"}, "accountable_id"),
        ({"accountable_id": 999_999}, "accountable_id"),
        ({"mandate_id": 999_999}, "mandate_id"),
        ({"supporting_ids": 1}, "supporting_ids"),
        ({"supporting_ids": ["x"]}, "supporting_ids.0"),
        ({"direction": "sideways"}, "direction"),
        ({"target": True}, "target"),
        ({"target": 2}, "indicator"),
        ({"due_on": "2026-02-30"}, "due_on"),
        ({"due_precision": "week"}, "due_precision"),
        ({"checkpoints": [{"due_on": due(1)}]}, "checkpoints.0.code"),
        ({"checkpoints": [{"code": "B1", "colour": "red"}]}, "checkpoints.0.colour"),
        ({"checkpoints": [{"code": "B1"}, {"code": "B1"}]}, "checkpoints"),
        ({"colour": "red"}, "colour"),
    ):
        answer = coordinator.post_json(f"{API}/commitments", body(world, mandate_id) | values, status=422)
        assert list(answer.json["errors"]) == [field], values
    point = commitment["checkpoints"][0]["id"]
    good = {"checkpoint_id": point, "status": "done", "narrative": "x"}
    for values, field in (
        ({"status": "finished"}, "status"),
        ({"narrative": " "}, "narrative"),
        ({"actual": "viel"}, "actual"),
        ({"achieved_on": due(1)}, "achieved_on"),
        ({"supersedes_id": 999}, "supersedes_id"),
        ({"evidence_ids": ["x"]}, "evidence_ids.0"),
        ({"mood": "good"}, "mood"),
    ):
        answer = liaison.post_json(f"{API}/progress-reports", good | values, status=422)
        assert list(answer.json["errors"]) == [field], values
    liaison.post_json(f"{API}/progress-reports", good | {"checkpoint_id": 999_999}, status=404)
    liaison.post_json(f"{API}/progress-reports", good | {"evidence_ids": [999_999]}, status=404)
    wrong = liaison.post_json(
        f"{API}/checkpoints/{point}/deadline-changes", {"new_due_on": due(-1), "reason": "x"}, status=422
    )
    assert list(wrong.json["errors"]) == ["new_due_on"]
    json_type = {"Content-Type": "application/json"}
    coordinator.post(f"{API}/commitments", b"{", headers=json_type, status=400)
    coordinator.post(f"{API}/commitments", b"[]", headers=json_type, status=400)
    for query in ("signal=purple", "colour=red", "sort=colour", "cursor=x", "limit=0", "as_of=2999-01-01"):
        coordinator.get(f"{API}/commitments?{query}", status=422)
    for query in ("state=done", "due_before=x", "agency=x"):
        coordinator.get(f"{API}/checkpoints?{query}", status=422)


def test_strangers_find_nothing_and_onlookers_may_do_nothing(
    world: World, mandate_id: int, commitment: Any
) -> None:
    point = commitment["checkpoints"][0]["id"]
    report = (
        world.program("liaison.pertanian.babel")
        .post_json(
            f"{API}/progress-reports",
            {"checkpoint_id": point, "status": "done", "narrative": "x"},
            status=201,
        )
        .json["id"]
    )
    reads = (f"commitments/{commitment['id']}", f"checkpoints/{point}", f"progress-reports/{report}")
    acts = (
        (f"commitments/{commitment['id']}/cancel", {"reason": "x"}),
        (f"commitments/{commitment['id']}/attest", {}),
        (f"commitments/{commitment['id']}/obstacles", {"description": "x"}),
        (f"checkpoints/{point}/deadline-changes", {"new_due_on": due(20), "reason": "x"}),
        (f"progress-reports/{report}/verify", {}),
        (f"progress-reports/{report}/return", {"note": "x"}),
    )
    stranger, auditor = world.program("coordinator.kalteng"), world.program("auditor.babel")
    for path in reads:
        stranger.get(f"{API}/{path}", status=404)
        assert auditor.get(f"{API}/{path}").status_int == 200
    for path, given in acts:
        stranger.post_json(f"{API}/{path}", given, status=404)
        auditor.post_json(f"{API}/{path}", given, status=403)
    match = {"If-Match": "*"}
    stranger.patch_json(f"{API}/{reads[0]}", {"unit": "x"}, headers=match, status=404)
    auditor.patch_json(f"{API}/{reads[0]}", {"unit": "x"}, headers=match, status=403)
    auditor.post_json(f"{API}/commitments", body(world, mandate_id), status=403)
    auditor.get(f"{API}/progress-reports", status=403)
    assert stranger.get(f"{API}/commitments").json == {"items": [], "next": None}
    assert stranger.get(f"{API}/checkpoints").json == {"items": [], "next": None}
    other = world.program("liaison.budpar.babel")
    other.post_json(
        f"{API}/progress-reports", {"checkpoint_id": point, "status": "done", "narrative": "x"}, status=404
    )
    lead = world.program("liaison.kopukm.babel")
    lead.post_json(
        f"{API}/progress-reports", {"checkpoint_id": point, "status": "done", "narrative": "x"}, status=403
    )
    assert (
        lead.post_json(f"{API}/progress-reports/{report}/return", {"note": "Bukti?"}).json["note"] == "Bukti?"
    )
    import webtest

    nobody = webtest.TestApp(world.app)
    for path in (*reads, "commitments", "checkpoints"):
        nobody.get(f"{API}/{path}", status=401)


def test_supporters_of_a_past_day_are_those_of_that_day(world: World) -> None:
    with world.session() as session:
        row = made.promise(
            session, world, made.mandate(session, world, on=-9), on=-9, support=("okeoce",), due=30
        )
        number = row.id
    coordinator = world.program("coordinator.babel")
    place = f"{API}/commitments/{number}"
    coordinator.patch_json(
        place, {"supporting_ids": [world.organization("19/budpar")]}, headers={"If-Match": "*"}
    )
    assert coordinator.get(place).json["supporting_ids"] == [world.organization("19/budpar")]
    before = coordinator.get(f"{place}?as_of={due(-1)}").json
    assert before["supporting_ids"] == [world.organization("okeoce")]


def test_only_who_reports_somewhere_submits_at_all(world: World, commitment: Any) -> None:
    given = {"checkpoint_id": commitment["checkpoints"][0]["id"], "status": "done", "narrative": "x"}
    for name in ("monitor.babel", "coordinator.babel", "legal.babel", "auditor.babel", "admin.babel"):
        world.program(name).post_json(f"{API}/progress-reports", given, status=403)
