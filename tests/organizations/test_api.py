"""The JSON API of organizations: the same rules as the pages, versions, lists, rights."""

import pytest
import webtest

from collab.organizations import queries, services
from tests.support import builders

API = "/api/v1"


def etag(answer):
    return {"If-Match": answer.headers["ETag"]}


def new_dinas(world, client, **values):
    given = {"name": "Dinas Sosial", "org_class": "dinas", "government_id": world.government("19"), **values}
    return client.post_json(f"{API}/organizations", given, status=201)


def test_an_organization_is_entered_read_changed_and_renamed(world):
    client = world.program("admin.babel")
    made = new_dinas(world, client, short_name="Dinsos", aliases=["Dinas Sosial Babel"])
    assert made.json["code"] == "dinsos"
    assert made.json["aliases"] == ["Dinas Sosial Babel"]
    place = made.headers["Location"]
    read = client.get(place)
    changed = client.patch_json(place, {"code": "sosial"}, headers=etag(read))
    assert (changed.json["code"], changed.json["short_name"]) == ("sosial", "Dinsos")
    client.patch_json(place, {"code": "x"}, headers=etag(read), status=412)
    client.patch_json(place, {"code": "x"}, status=428)
    body = {"name": "Dinas Sosial dan PPA", "valid_from": "2025-01-01"}
    renamed = client.post_json(f"{place}/rename", body, headers=etag(changed))
    assert [name["name"] for name in renamed.json["names"]] == ["Dinas Sosial", "Dinas Sosial dan PPA"]
    client.post_json(f"{place}/rename", body, headers=etag(changed), status=412)
    added = client.post_json(f"{place}/aliases", {"name": "DSPPA"})
    assert added.json["aliases"] == ["Dinas Sosial Babel", "DSPPA"]
    assert added.json["version"] == renamed.json["version"] + 1


def test_a_patch_leaves_what_is_absent_and_empties_what_is_null(world):
    client = world.program("admin.babel")
    place = new_dinas(world, client, valid_from="2020-01-01", valid_until="2027-01-01").headers["Location"]
    first = client.get(place)
    second = client.patch_json(place, {"valid_until": None}, headers=etag(first))
    assert (second.json["valid_from"], second.json["valid_until"]) == ("2020-01-01", None)
    again = client.patch_json(place, {"code": None}, headers=etag(second), status=422)
    assert list(again.json["errors"]) == ["code"]


@pytest.mark.parametrize(
    "values, field",
    [
        ({"name": None}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"org_class": "bureau"}, "org_class"),
        ({"parent_id": 999999}, "parent_id"),
        ({"parent_id": "1"}, "parent_id"),
        ({"region_code": "99.99"}, "region_code"),
        ({"code": "Besar"}, "code"),
        ({"aliases": "x"}, "aliases"),
        ({"aliases": ["x" * 301]}, "aliases.0"),
        ({"valid_from": "2025-02-30"}, "valid_from"),
        ({"valid_from": "2026-01-01", "valid_until": "2025-01-01"}, "valid_until"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named_at_its_field(world, values, field):
    client = world.program("admin.babel")
    body = {"name": "x", "org_class": "dinas", "government_id": world.government("19"), **values}
    answer = client.post_json(f"{API}/organizations", body, status=422)
    assert list(answer.json["errors"]) == [field]


def test_mergers_and_splits_are_told_by_both_sides(world):
    client = world.program("admin.babel")
    old, new = world.organization("19/budpar"), world.organization("19/perindag")
    body = {"predecessor_ids": [old], "effective_on": "2026-01-01"}
    answer = client.post_json(f"{API}/organizations/{new}/merge", body)
    assert answer.json["successions"][0]["predecessor_id"] == old
    gone = client.get(f"{API}/organizations/{old}").json
    assert gone["valid_until"] == "2025-12-31"
    again = client.post_json(f"{API}/organizations/{new}/merge", body, status=409)
    assert again.json["law"]
    parts = {"successor_ids": [world.organization("19/kominfo")], "effective_on": "2026-01-01", "ends": False}
    split = client.post_json(f"{API}/organizations/{new}/split", parts)
    assert split.json["valid_until"] is None
    assert len(split.json["successions"]) == 2
    for wrong in ([], [new, new], [999999]):
        parts["successor_ids"] = wrong
        client.post_json(f"{API}/organizations/{new}/split", parts, status=422)


def test_lists_page_by_cursor_and_filter_as_the_page_does(world):
    client = world.program("liaison.kopukm.babel")
    seen, cursor = [], None
    while True:
        query = {"limit": 5, **({"cursor": cursor} if cursor else {})}
        answer = client.get(f"{API}/organizations", query).json
        seen += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    everything = client.get(f"{API}/organizations", {"limit": 200}).json["items"]
    assert seen == [item["id"] for item in everything]
    assert len(seen) == len(set(seen)) > 5
    partners = client.get(f"{API}/organizations", {"org_class": "partner"}).json["items"]
    assert [item["id"] for item in partners] == [world.organization("okeoce")]
    client.get(f"{API}/organizations", {"limit": 201}, status=422)
    client.get(f"{API}/organizations", {"bad": 1}, status=422)


def test_governments_are_read_by_all_and_made_by_the_nation(world):
    client = world.program("admin")
    body = {
        "code": "64",
        "kind": "province",
        "name": "Provinsi Kalimantan Timur",
        "short_name": "Kaltim",
        "timezone": "Asia/Makassar",
        "parent_id": world.government("id"),
    }
    world.program("admin.babel").post_json(f"{API}/governments", body, status=403)
    world.program("monitor.babel").post_json(f"{API}/governments", body, status=403)
    place = client.post_json(f"{API}/governments", body, status=201).headers["Location"]
    read = client.get(place)
    changed = client.patch_json(place, {"short_name": "Pemprov Kaltim"}, headers=etag(read))
    assert changed.json["short_name"] == "Pemprov Kaltim"
    client.patch_json(place, {"timezone": "Asia/Jakarta"}, headers=etag(changed), status=422)
    client.patch_json(place, {"parent_id": None, "name": None}, headers=etag(changed), status=422)
    codes = [item["code"] for item in client.get(f"{API}/governments").json["items"]]
    assert codes == sorted(codes)
    assert "64" in codes
    client.post_json(f"{API}/governments", body, status=422)


def test_persons_posts_and_terms_are_kept(world):
    client = world.program("admin.babel")
    person = client.post_json(
        f"{API}/persons", {"name": "Elfiyena", "aliases": ["Elfiana", "elfiana"]}, status=201
    )
    assert person.json["aliases"] == ["Elfiana"]
    edited = client.patch_json(
        person.headers["Location"], {"aliases": []}, headers=etag(client.get(person.headers["Location"]))
    )
    assert (edited.json["name"], edited.json["aliases"]) == ("Elfiyena", [])
    post = client.post_json(
        f"{API}/positions",
        {"organization_id": world.organization("19/kopukm"), "title": "Kepala Dinas", "is_head": True},
        status=201,
    )
    body = {
        "person_id": person.json["id"],
        "position_id": post.json["id"],
        "holding_kind": "plt",
        "valid_from": "2025-01-01",
    }
    term = client.post_json(f"{API}/holdings", body, status=201)
    assert len(term.json["warnings"]) == 2
    client.post_json(f"{API}/holdings", body, status=409).json["law"]
    ended = client.post_json(
        f"{term.headers['Location']}/end", {"valid_until": "2025-06-30", "decree": "SK 1"}
    )
    assert (ended.json["valid_until"], ended.json["warnings"]) == ("2025-06-30", [])
    assert client.get(post.headers["Location"]).json["holdings"][0]["person_id"] == person.json["id"]
    query = {"organization": world.organization("19/kopukm"), "on": "2025-06-30"}
    assert len(client.get(f"{API}/holdings", query).json["items"]) == 1
    query["on"] = "2025-07-01"
    assert client.get(f"{API}/holdings", query).json["items"] == []
    read = client.get(post.headers["Location"])
    assert client.patch_json(post.headers["Location"], {"title": "Kadis"}, headers=etag(read)).json["is_head"]


def test_posts_of_another_government_are_not_kept(world):
    client = world.program("admin.babel")
    with world.session() as session:
        post = builders.position(
            session, queries.get(session, world.organization("62/kopukm"), identity=None)
        )
        who = builders.person(session)
        ids = {"person_id": who.id, "position_id": post.id}
    foreign = {"organization_id": world.organization("62/kopukm"), "title": "x"}
    client.post_json(f"{API}/positions", foreign, status=403)
    client.post_json(
        f"{API}/holdings", {**ids, "holding_kind": "plt", "valid_from": "2025-01-01"}, status=403
    )


def test_regions_are_read_with_what_they_lie_in(world):
    with world.session() as session:
        services.load_regions(session)
    client = world.program("partner.okeoce")
    items = client.get(f"{API}/regions", {"q": "desa gohong"}).json["items"]
    assert [item["code"] for item in items] == ["62.10.06.2017", "62.11.05.2006"]
    assert items[1]["label"] == "Desa Gohong, Kecamatan Kahayan Hilir, Kabupaten Pulang Pisau (62.11.05.2006)"
    assert client.get(f"{API}/regions/62.11").json["level"] == "regency"
    assert len(client.get(f"{API}/regions", {"parent": "62", "limit": 200}).json["items"]) == 14
    client.get(f"{API}/regions/99", status=404)


@pytest.mark.parametrize(
    "who, create, alias, person",
    [
        ("admin.babel", 201, 200, 201),
        ("admin.kalteng", 403, 403, 201),
        ("coordinator.babel", 403, 200, 403),
        ("coordinator.kalteng", 403, 403, 403),
        ("monitor.babel", 403, 403, 403),
        ("legal.babel", 403, 403, 403),
        ("auditor.babel", 403, 403, 403),
        ("liaison.kopukm.babel", 403, 403, 403),
        ("partner.okeoce", 403, 403, 403),
    ],
)
def test_each_role_may_do_exactly_this(world, who, create, alias, person):
    client = world.program(who)
    place = f"{API}/organizations/{world.organization('19/kopukm')}"
    body = {"name": "Dinas Sosial", "org_class": "dinas", "government_id": world.government("19")}
    client.post_json(f"{API}/organizations", body, status=create)
    client.post_json(f"{place}/aliases", {"name": "DKUKM 2"}, status=alias)
    client.post_json(f"{API}/persons", {"name": "Ivan"}, status=person)
    client.get(place, status=200)


def test_nobody_reads_without_a_token(world):

    for path in ("organizations", "governments", "persons", "positions", "holdings", "regions"):
        webtest.TestApp(world.app).get(f"{API}/{path}", status=401)


def test_the_same_key_enters_one_organization(world):
    client = world.program("admin.babel")
    body = {"name": "Dinas Sosial", "org_class": "dinas", "government_id": world.government("19")}
    key = {"Idempotency-Key": "kunci-000001"}
    first = client.post_json(f"{API}/organizations", body, headers=key, status=201)
    second = client.post_json(f"{API}/organizations", body, headers=key, status=201)
    assert first.json["id"] == second.json["id"]
    client.post_json(f"{API}/organizations", {**body, "name": "Lain"}, headers=key, status=409)
