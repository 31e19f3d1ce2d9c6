"""Agreements for programs: field names, ETags, keys, refusals with their law, scope."""

from typing import Any

import pytest

from collab.agreements import services
from collab.agreements.models import Agreement
from collab.documents.vocabulary import DocumentKind
from tests.support import agreements as made

URL = "/api/v1/agreements"


def body(world: Any, **changes: Any) -> dict[str, Any]:
    plain = {
        "scheme": "ksdpk",
        "document_kind": "joint_agreement",
        "title": "Kesepakatan Bersama OKE OCE (contoh)",
        "government_id": world.government("19"),
        "valid_from": "2026-01-01",
        "valid_until": "2030-12-31",
        "parties": [
            {"organization_id": world.organization("19/pemerintah"), "order": 1, "own_number": "119/KB/2026"},
            {"organization_id": world.organization("okeoce"), "order": 2},
        ],
        "leads": [
            {"organization_id": world.organization("19/kopukm"), "role": "lead", "accountable": True},
            {"organization_id": world.organization("19/perindag"), "role": "lead", "accountable": False},
        ],
    }
    return {name: value for name, value in (plain | changes).items() if value is not None}


@pytest.fixture
def program(world) -> Any:
    return world.program("coordinator.babel")


def test_an_agreement_is_created_read_and_listed(world, program) -> None:
    with world.session() as session:
        pergub = made.regulation(session, world.government("19"))
    answer = program.post_json(
        URL, body(world, legal_bases=[{"regulation_id": pergub, "article": "ps 5"}]), status=201
    )
    found = program.get(answer.location, status=200)
    assert found.json == answer.json
    assert found.headers["ETag"].startswith(f'"{found.json["version"]}-')
    assert found.json["stage"] == "preparation"
    assert found.json["state"] == "in_process"
    assert found.json["parties"][0] == {
        "organization_id": world.organization("19/pemerintah"),
        "order": 1,
        "own_number": "119/KB/2026",
        "printed_name": "Pemerintah Provinsi Kepulauan Bangka Belitung",
    }
    assert found.json["legal_bases"] == [{"regulation_id": pergub, "article": "Pasal 5"}]
    assert [blocker["rule"] for blocker in found.json["blockers"]] == ["R11"]
    listed = program.get(f"{URL}?stage=preparation&scheme=ksdpk").json
    assert [item["id"] for item in listed["items"]] == [found.json["id"]]
    mandates = world.program("partner.okeoce").get("/api/v1/mandates").json["items"]
    assert [(item["id"], item["kind"]) for item in mandates] == [(found.json["id"], "agreement")]


@pytest.mark.parametrize("name", ["monitor.babel", "liaison.kopukm.babel", "partner.okeoce", "admin.babel"])
def test_who_may_not_create_is_told_so(world, name) -> None:
    world.program(name).post_json(URL, body(world), status=403)


def test_bad_bodies_are_refused_at_their_fields(world, program) -> None:
    for changes, field in (
        ({"title": 7}, "title"),
        ({"friendship": "x"}, "friendship"),
        ({"parties": "x"}, "parties"),
        ({"parties": [{"organization_id": True}]}, "parties.0.organization_id"),
        ({"parties": [{"organization_id": 1, "order": 0}, {"organization_id": 2}]}, "parties.0.order"),
        ({"valid_from": "0202-01-01"}, "valid_from"),
        ({"valid_until": "2025-12-31"}, "valid_until"),
        ({"leads": [{"organization_id": world.organization("19/kopukm"), "role": "boss"}]}, "leads.0.role"),
        ({"scheme": "ksdll"}, "document_kind"),
        ({"legal_bases": [{"regulation_id": 99999}]}, "legal_bases.0.regulation_id"),
    ):
        answer = program.post_json(URL, body(world, **changes), status=422)
        assert field in answer.json["errors"], (changes, answer.json)
    program.post_json(URL, body(world, government_id=world.government("62")), status=403)
    program.post(URL, "{", content_type="application/json", status=400)
    assert program.get(URL).json["items"] == []


def test_the_same_key_answers_the_same_and_another_body_is_refused(world, program) -> None:
    headers = {"Idempotency-Key": "kunci-yang-sama-1"}
    first = program.post_json(URL, body(world), headers=headers, status=201)
    again = program.post_json(URL, body(world), headers=headers, status=201)
    assert (first.location, first.json) == (again.location, again.json)
    program.post_json(URL, body(world, title="Lain"), headers=headers, status=409)
    assert len(program.get(URL).json["items"]) == 1


def test_a_change_names_its_version_and_an_older_one_is_refused(world, program) -> None:
    place = program.post_json(URL, body(world), status=201).location
    tag = program.get(place).headers["ETag"]
    program.patch_json(place, {"title": "Baru"}, status=428)
    changed = program.patch_json(
        place, {"title": "Baru", "valid_until": None}, headers={"If-Match": tag}, status=200
    )
    assert (changed.json["title"], changed.json["valid_until"], changed.json["valid_from"]) == (
        "Baru",
        None,
        "2026-01-01",
    )
    assert len(changed.json["parties"]) == 2
    program.patch_json(place, {"title": "Lama"}, headers={"If-Match": tag}, status=412)
    leads = [{"organization_id": world.organization("19/perindag"), "role": "lead", "accountable": True}]
    answer = program.patch_json(
        place, {"leads": leads, "legal_bases": []}, headers={"If-Match": changed.headers["ETag"]}
    )
    assert answer.json["leads"] == leads


def test_the_verbs_lead_to_the_signature_and_refuse_with_the_law(world, program) -> None:
    place = program.post_json(URL, body(world), status=201).location
    refused = program.post_json(f"{place}/advance", {}, status=409)
    assert refused.json["law"] == "UU 23/2014 Pasal 366 ayat (3)"
    with world.session() as session:
        study = made.document(session, world.identity(session, "coordinator.babel"))
    attached = program.post_json(
        f"{place}/documents", {"document_id": study, "role": "feasibility_study"}, status=201
    )
    assert attached.json["documents"] == [{"document_id": study, "role": "feasibility_study"}]
    program.post_json(f"{place}/advance", {"stage": "preparation"}, status=200)
    program.post_json(f"{place}/advance", {"stage": "preparation"}, status=409)
    program.post_json(f"{place}/return", {}, status=422)
    assert program.post_json(f"{place}/return", {"note": "Belum"}).json["stage"] == "preparation"
    for _step in range(3):
        program.post_json(f"{place}/advance", {}, status=200)
    program.post_json(f"{place}/sign", {"signed_on": "2999-01-01"}, status=422)
    numbers = [{"organization_id": world.organization("okeoce"), "own_number": "01/OKOCE"}]
    signed = program.post_json(
        f"{place}/sign", {"signed_on": "2026-01-15", "signed_place": "Pangkalpinang", "numbers": numbers}
    ).json
    assert (signed["stage"], signed["signed_on"], signed["parties"][1]["own_number"]) == (
        "implementation",
        "2026-01-15",
        "01/OKOCE",
    )
    program.patch_json(place, {"title": "x"}, headers={"If-Match": "*"}, status=409)
    program.post_json(f"{place}/sign", {"signed_on": "2026-01-15"}, status=409)


def test_what_one_may_not_know_of_is_not_there(world, program) -> None:
    place = program.post_json(URL, body(world), status=201).location
    for name in ("coordinator.kalteng", "liaison.pertanian.babel", "monitor.kalteng"):
        stranger = world.program(name)
        stranger.get(place, status=404)
        assert stranger.get(URL).json["items"] == []
    world.program("coordinator.kalteng").post_json(f"{place}/advance", {}, status=404)
    world.program("legal.babel").post_json(f"{place}/sign", {"signed_on": "2026-01-15"}, status=403)
    world.program("monitor.babel").post_json(f"{place}/advance", {}, status=403)
    program.post_json(f"{place}/documents", {"document_id": 99999, "role": "other"}, status=404)
    program.get(f"{URL}/999999", status=404)


def test_somebody_elses_document_cannot_be_claimed(world, program) -> None:
    place = program.post_json(URL, body(world), status=201).location
    with world.session() as session:
        foreign = made.document(session, world.identity(session, "coordinator.kalteng"))
    program.post_json(f"{place}/documents", {"document_id": foreign, "role": "other"}, status=404)


def test_the_stage_as_of_a_day_before_it_was_recorded_is_not_told(world, program) -> None:
    with world.session() as session:
        agreement = made.create(session, world)
        actor = world.identity(session, "coordinator.babel")
        services.attach(
            session, agreement, [made.document(session, actor)], DocumentKind.FEASIBILITY_STUDY, actor=actor
        )
    assert program.get(f"{URL}?as_of=2020-01-01").json["items"] == []
    assert len(program.get(URL).json["items"]) == 1
    with world.session() as session:
        assert session.query(Agreement).count() == 1
