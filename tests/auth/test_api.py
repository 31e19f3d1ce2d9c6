"""Accounts and tokens by the API: the same services, rights and refusals as the pages."""

import pytest

from collab.core import clock
from tests.support.world import World


def test_an_administrator_lists_creates_and_changes_accounts(world: World) -> None:
    program = world.program("admin.babel")
    listed = program.get("/api/v1/users?q=liaison.kopukm", status=200).json
    assert [item["name"] for item in listed["items"]] == ["liaison.kopukm.babel"]
    assert listed["items"][0]["roles"] == [{"role": "liaison", "scope": "19/kopukm"}]
    body = {"name": "siti.rahma", "display_name": "Siti Rahma"}
    made = program.post_json("/api/v1/users", body, status=201)
    path = made.headers["Location"].replace("http://localhost", "")
    read = program.get(path, status=200)
    assert read.json["roles"] == []
    program.patch_json(path, {"display_name": "Siti R."}, status=428)
    etag = read.headers["ETag"]
    changed = program.patch_json(path, {"display_name": "Siti R."}, headers={"If-Match": etag}, status=200)
    assert changed.json["display_name"] == "Siti R."
    program.patch_json(path, {"display_name": "Again"}, headers={"If-Match": etag}, status=412)
    assert program.post_json(f"{path}/deactivate", {}, status=200).json["is_active"] is False
    assert program.post_json(f"{path}/reactivate", {}, status=200).json["is_active"] is True


def test_a_role_is_given_and_ended(world: World) -> None:
    program = world.program("admin.babel")
    path = f"/api/v1/users/{world.user('legal.babel')}"
    given = program.post_json(f"{path}/roles", {"role": "monitor", "scope": "19"}, status=201).json
    role = next(role for role in given["roles"] if role["role"] == "monitor")
    program.post_json(f"{path}/roles", {"role": "monitor", "scope": "19"}, status=409)
    program.post_json(f"{path}/roles", {"role": "monitor", "scope": "62"}, status=403)
    assert (
        "scope"
        in program.post_json(f"{path}/roles", {"role": "monitor", "scope": "x"}, status=422).json["errors"]
    )
    today = clock.today("Asia/Jakarta").isoformat()
    ended = program.post_json(f"/api/v1/roles/{role['id']}/end", {"on": today}, status=200).json
    assert ended["valid_until"] == today
    world.program("admin.kalteng").post_json(f"/api/v1/roles/{role['id']}/end", {"on": today}, status=404)


@pytest.mark.parametrize(
    "body, field",
    [
        ({"display_name": "X"}, "name"),
        ({"name": "siti", "display_name": "X", "password_hash": "h"}, "password_hash"),
        ({"name": "siti", "display_name": "X", "is_active": False}, "is_active"),
        ({"name": "Siti", "display_name": "X"}, "name"),
        ({"name": "siti", "display_name": 5}, "display_name"),
        ({"name": "siti", "display_name": "X", "person_id": 99999}, "person_id"),
        ({"name": "legal.babel", "display_name": "X"}, "name"),
    ],
)
def test_a_wrong_account_is_refused_at_its_field(world: World, body: dict[str, object], field: str) -> None:
    answer = world.program("admin.babel").post_json("/api/v1/users", body, status=422)
    assert field in answer.json["errors"]


def test_accounts_of_another_government_do_not_exist(world: World) -> None:
    program = world.program("admin.babel")
    path = f"/api/v1/users/{world.user('legal.kalteng')}"
    program.get(path, status=404)
    program.post_json(f"{path}/deactivate", {}, status=404)
    program.post_json(f"{path}/roles", {"role": "legal", "scope": "19"}, status=404)


@pytest.mark.parametrize("name", ["monitor.babel", "liaison.kopukm.babel", "auditor.babel", "partner.okeoce"])
def test_only_administrators_use_the_accounts(world: World, name: str) -> None:
    program = world.program(name)
    program.get("/api/v1/users", status=403)
    program.post_json("/api/v1/users", {"name": "eve", "display_name": "Eve"}, status=403)
    program.get(f"/api/v1/users/{world.user('legal.babel')}", status=(403, 404))


def test_a_token_is_made_on_the_site_only_read_without_secret_and_revoked(world: World) -> None:
    program = world.program("legal.babel")
    program.post_json("/api/v1/tokens", {"title": "more"}, status=403)
    browser = world.client("legal.babel")
    headers = {"X-CSRF-Token": world.csrf(browser)}
    made = browser.post_json(
        "/api/v1/tokens", {"title": "export", "valid_days": 30}, headers=headers, status=201
    )
    secret = made.json["token"]
    bearer = {"Authorization": f"Bearer {secret}"}
    client = world.client()
    listed = client.get("/api/v1/tokens", headers=bearer, status=200).json["items"]
    assert "token" not in listed[0]
    client.get(f"/api/v1/tokens/{made.json['id']}", headers=bearer, status=200)
    world.program("monitor.babel").get(f"/api/v1/tokens/{made.json['id']}", status=404)
    world.program("monitor.babel").post_json(f"/api/v1/tokens/{made.json['id']}/revoke", {}, status=404)
    client.post_json(f"/api/v1/tokens/{made.json['id']}/revoke", {}, headers=bearer, status=200)
    client.get("/api/v1/tokens", headers=bearer, status=401)


def test_the_same_key_and_body_make_one_account(world: World) -> None:
    program = world.program("admin.babel")
    headers, body = {"Idempotency-Key": "key-of-siti"}, {"name": "siti", "display_name": "Siti"}
    first = program.post_json("/api/v1/users", body, headers=headers, status=201)
    again = program.post_json("/api/v1/users", body, headers=headers, status=201)
    assert again.headers["Location"] == first.headers["Location"]
    program.post_json("/api/v1/users", body | {"display_name": "Other"}, headers=headers, status=409)
