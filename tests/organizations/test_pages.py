"""Pages of organizations as a person uses them: lists, one body, forms, rights, budgets."""

import pytest

from collab.core.identity import SYSTEM
from collab.organizations import services
from collab.organizations.models import Organization, Person, Position
from collab.organizations.vocabulary import OrganizationClass
from tests.support import builders

LIST_BUDGET = 6
EVERY_ROLE = [
    "admin.babel",
    "monitor.babel",
    "coordinator.babel",
    "legal.babel",
    "auditor.babel",
    "liaison.kopukm.babel",
    "partner.okeoce",
]
LONG = (
    "Dinas Komunikasi, Informatika, Statistik, dan Persandian serta Urusan "
    + "Pemerintahan " * 12
    + "Lainnya"
)
HOSTILE = "<script>alert('x')</script> =HYPERLINK(\"x\") ' OR 1=1 --"


def lists_budget(world, client, path):
    """Open a page and give how many statements its own work needed (the identity's are not the page's)."""
    with world.counting() as seen:
        client.get(path, status=200)
    return [statement for statement in seen if not is_of_the_house(statement)]


def is_of_the_house(statement):
    return any(table in statement for table in ("login_session", "role_assignment", "user_account"))


@pytest.mark.parametrize("who", EVERY_ROLE)
def test_every_signed_in_user_reads_the_registers(world, who):
    client = world.client(who)
    kopukm = world.organization("19/kopukm")
    paths = ("/organizations", "/governments", "/persons", f"/organizations/{kopukm}")
    for path in (*paths, f"/governments/{world.government('62')}"):
        client.get(path, status=200)


def test_nobody_reads_them_without_signing_in(world):
    client = world.client()
    for path in (
        "/organizations",
        "/governments",
        "/persons",
        "/organizations.csv",
        "/regions/find.json?q=go",
    ):
        assert client.get(path, status="*").status_int in (302, 303, 401, 403)


@pytest.mark.parametrize("who", [who for who in EVERY_ROLE if not who.startswith("admin")])
def test_only_administrators_open_the_forms(world, who):
    client = world.client(who)
    kopukm = world.organization("19/kopukm")
    forms = [
        "/organizations/new",
        "/governments/new",
        "/persons/new",
        f"/organizations/{kopukm}/positions/new",
    ]
    forms += [f"/organizations/{kopukm}/{verb}" for verb in ("edit", "rename", "merge", "split")]
    for path in forms:
        client.get(path, status=403)
    client.get(f"/organizations/{kopukm}/alias", status=200 if who.startswith("coordinator") else 403)


def test_an_administrator_edits_their_own_government_and_partners_only(world):
    client = world.client("admin.babel")
    for scope, status in (("19/kopukm", 200), ("62/kopukm", 403), ("okeoce", 200)):
        client.get(f"/organizations/{world.organization(scope)}/edit", status=status)
    page = client.get(f"/organizations/{world.organization('62/kopukm')}")
    assert "/edit" not in page.text
    assert "/rename" not in page.text


def test_an_organization_is_entered_and_found_under_each_of_its_names(world):
    client = world.client("admin.babel")
    form = client.get("/organizations/new").forms["form"]
    assert form["government_id"].value == str(world.government("19"))
    form["name"] = "Dinas Tenaga Kerja dan Transmigrasi"
    form["short_name"] = "Disnakertrans"
    form["org_class"] = "dinas"
    page = form.submit(status=303).follow()
    assert page.html.h1.text.strip() == "Dinas Tenaga Kerja dan Transmigrasi"
    assert "19/disnakertrans" in page.text
    alias = client.get(page.request.path + "/alias").forms["form"]
    alias["name"] = "Dinas Nakertrans"
    assert "Dinas Nakertrans" in alias.submit(status=303).follow().text
    for text in ("nakertrans", "Dinas Nakertrans", "tenaga ker"):
        hits = client.get("/organizations/find.json", {"q": text}).json["items"]
        assert len(hits) == 1
        assert hits[0]["text"].startswith("Dinas Tenaga Kerja dan Transmigrasi · Babel")


def test_a_wrong_form_comes_back_with_what_was_typed(world):
    client = world.client("admin.babel")
    form = client.get("/organizations/new").forms["form"]
    form["name"] = "Dinas Kembar"
    form["org_class"] = "dinas"
    form["code"] = "kopukm"
    again = form.submit(status=422)
    assert again.forms["form"]["name"].value == "Dinas Kembar"
    assert again.html.select_one(".error-summary a[href^='#']")
    form = again.forms["form"]
    form["code"] = "kembar"
    form["org_class"] = ""
    assert form.submit(status=422).forms["form"]["code"].value == "kembar"


def test_an_administrator_cannot_enter_bodies_of_another_government(world):
    client = world.client("admin.babel")
    form = client.get("/organizations/new").forms["form"]
    form["name"] = "Dinas Sebelah"
    form["org_class"] = "dinas"
    form["government_id"].force_value(str(world.government("62")))
    form.submit(status=403)
    with world.session() as session:
        assert session.query(Organization).filter_by(name="Dinas Sebelah").count() == 0


def test_a_rename_shows_both_names_and_a_second_writer_sees_both_texts(world):
    client = world.client("admin.babel")
    path = f"/organizations/{world.organization('19/pertanian')}"
    first, second = client.get(f"{path}/rename").forms["form"], client.get(f"{path}/rename").forms["form"]
    first["name"] = "Dinas Pertanian, Perkebunan dan Peternakan"
    first["valid_from"] = "2025-01-01"
    page = first.submit(status=303).follow()
    assert "Dinas Pertanian, Perkebunan dan Peternakan" in page.html.h1.text
    second["name"] = "Dinas Pangan"
    stale = second.submit(status=409)
    assert "Dinas Pangan" in stale.text
    assert "Dinas Pertanian, Perkebunan dan Peternakan" in stale.text


def test_a_merger_shows_on_both_pages(world):
    client = world.client("admin.babel")
    old, new = world.organization("19/budpar"), world.organization("19/perindag")
    page = client.get(f"/organizations/{new}/merge")
    form = page.forms["form"]
    form["effective_on"] = "2026-01-01"
    fields = [*form.submit_fields(), *sequence("predecessor_ids", "organization", [old])]
    client.post(f"/organizations/{new}/merge", fields, status=303)
    assert f"/organizations/{old}" in client.get(f"/organizations/{new}").text
    gone = client.get(f"/organizations/{old}")
    assert f"/organizations/{new}" in gone.text
    assert "31 Des 2025" in gone.text or "31 Desember 2025" in gone.text


def sequence(name, item, ids):
    """Write the fields of rows as a browser sends them."""
    rows = [(item, str(value)) for value in ids]
    return [("__start__", f"{name}:sequence"), *rows, ("__end__", f"{name}:sequence")]


def test_a_split_shows_where_the_body_went(world):
    client = world.client("admin.babel")
    old, parts = (
        world.organization("19/budpar"),
        [world.organization("19/kominfo"), world.organization("19/perindag")],
    )
    form = client.get(f"/organizations/{old}/split").forms["form"]
    form["effective_on"] = "2026-01-01"
    fields = [*form.submit_fields(), *sequence("successor_ids", "organization", parts)]
    page = client.post(f"/organizations/{old}/split", fields, status=303).follow()
    for part in parts:
        assert page.html.select_one(f"a[href='/organizations/{part}']")


def test_a_post_is_made_held_and_left(world):
    client = world.client("admin.babel")
    home = f"/organizations/{world.organization('19/kopukm')}"
    form = client.get("/persons/new").forms["form"]
    form["name"] = "Elfiyena"
    form["aliases"] = "Elfiana"
    person = form.submit(status=303).location.rsplit("/", 1)[1]
    form = client.get(f"{home}/positions/new").forms["form"]
    form["title"] = "Kepala Dinas"
    form["is_head"] = True
    post = form.submit(status=303).location
    form = client.get(f"{post}/holdings/new").forms["form"]
    form["person_id"].force_value(person)
    form["holding_kind"] = "plt"
    form["valid_from"] = "2025-01-01"
    page = form.submit(status=303).follow()
    assert "Plt." in page.text
    assert page.text.count("notice-warning") >= 2  # no decree, no end: R50 warns
    body = client.get(home)
    assert "Elfiyena" in body.text
    assert "Plt." in body.text
    end = client.get(page.html.find("a", href=lambda href: href and href.endswith("/end"))["href"]).forms[
        "form"
    ]
    end["valid_until"] = "2025-06-30"
    end.submit(status=303)
    assert "Elfiyena" not in client.get(home).text
    assert "Elfiyena" in client.get(post).text
    assert "Kepala Dinas" in client.get(f"/persons/{person}").text
    assert client.get("/persons", {"q": "elfiana"}).html.select(f"a[href='/persons/{person}']")


def test_governments_are_made_by_the_national_administrator(world):
    client = world.client("admin")
    form = client.get("/governments/new").forms["form"]
    for name, value in (
        ("code", "64"),
        ("kind", "province"),
        ("name", "Provinsi Kalimantan Timur"),
        ("short_name", "Kaltim"),
        ("timezone", "Asia/Makassar"),
    ):
        form[name] = value
    form["parent_id"].force_value(str(world.government("id")))
    page = form.submit(status=303).follow()
    assert "WITA" in page.text
    assert "pemerintah" not in page.html.h1.text
    form = client.get(page.request.path + "/edit").forms["form"]
    form["short_name"] = "Kaltim Baru"
    assert "Kaltim Baru" in form.submit(status=303).follow().text
    other = world.client("admin.babel")
    assert "/governments/new" not in other.get("/governments").text
    form = other.get("/governments/new").forms["form"]
    for name, value in (("code", "65"), ("kind", "province"), ("name", "x"), ("short_name", "x")):
        form[name] = value
    form["timezone"] = "Asia/Makassar"
    form.submit(status=403)


def test_lists_filter_sort_and_give_the_same_rows_as_files(world):
    client = world.client("auditor.babel")
    query = {"q": "dinas koperasi", "government": world.government("62")}
    page = client.get("/organizations", query)
    assert [row.a.text for row in page.html.select("tbody tr")] == [
        "Dinas Koperasi dan Usaha Kecil Menengah Provinsi Kalimantan Tengah"
    ]
    text = client.get("/organizations.csv", query).body.decode("utf-8-sig")
    assert len(text.splitlines()) == 2
    assert "kopukm" in text
    assert client.get("/organizations.xlsx", query).body[:2] == b"PK"
    classes = client.get("/organizations", {"org_class": "partner"}).html.select("tbody tr")
    assert len(classes) == 1
    for wrong in ({"org_class": "x"}, {"government": "x"}, {"sort": "x"}, {"colour": "x"}, {"cursor": "x"}):
        client.get("/organizations", wrong, status=422)
    client.get("/organizations", {"q": "xyz"}, status=200).mustcontain("empty")


@pytest.mark.parametrize("name", [LONG[:300], HOSTILE, "=1+1", "Dinas\u00a0Ké 日本 ✓"])
def test_long_and_hostile_names_stay_text_everywhere(world, name):
    with world.session() as session:
        row = services.create_organization(
            session,
            actor=SYSTEM,
            name=name,
            org_class=OrganizationClass.DINAS,
            government_id=world.government("19"),
            aliases=[f"{name[:200]} alias"],
        )
        who = builders.person(session, name[:200], aliases=name[:200])
        post = builders.position(session, row, name[:200])
        builders.holding(session, who, post, decree=name[:200])
        paths = [f"/organizations/{row.id}", f"/persons/{who.id}", f"/positions/{post.id}", "/organizations"]
    client = world.client("admin.babel")
    paths += [
        "/persons",
        f"/organizations?government={world.government('19')}",
        "/organizations/find.json?q=alias",
    ]
    paths += [f"/governments/{world.government('19')}", paths[0] + "/edit", paths[0] + "/rename"]
    for path in paths:
        page = client.get(path, status=200)
        assert "<script>alert" not in page.text or page.content_type == "application/json"
    text = client.get("/organizations.csv").body.decode("utf-8-sig")
    assert "\n=1" not in text
    assert ",=1" not in text


@pytest.mark.parametrize("path", ["/organizations", "/governments", "/persons", "/organizations?q=dinas"])
def test_lists_keep_to_their_budget(world, path):
    client = world.client("auditor.babel")
    client.get(path)
    seen = lists_budget(world, client, path)
    assert len(seen) <= LIST_BUDGET, "\n".join(seen)


def test_a_page_with_many_rows_costs_no_more_statements(world):
    client = world.client("auditor.babel")
    home = f"/organizations/{world.organization('19/kopukm')}"
    client.get(home)
    before = len(lists_budget(world, client, home))
    with world.session() as session:
        row = session.get_one(Organization, world.organization("19/kopukm"))
        for number in range(5):
            unit = builders.organization(
                session,
                name=f"Bidang {number}",
                org_class=OrganizationClass.UNIT,
                government_id=row.government_id,
                parent_id=row.id,
            )
            post = builders.position(session, row, f"Kepala Bidang {number}", is_head=False)
            builders.holding(session, builders.person(session, f"Orang {number}"), post)
            services.add_alias(session, row, actor=SYSTEM, name=f"Nama {number} {unit.code}")
    seen = lists_budget(world, client, home)
    assert len(seen) <= before + 1, "\n".join(seen)
    assert len(seen) <= 12


@pytest.mark.parametrize(
    "path", ["/organizations/999999", "/governments/999999", "/persons/999999", "/positions/999999"]
)
def test_what_is_not_there_is_not_found(world, path):
    world.client("admin.babel").get(path, status=404)


def test_search_boxes_answer_what_forms_ask(world):
    client = world.client("legal.babel")
    with world.session() as session:
        services.load_regions(session)
        builders.position(session, session.get_one(Organization, world.organization("19/kopukm")))
    items = client.get("/regions/find.json", {"q": "Desa Gohong"}).json["items"]
    assert [item["id"] for item in items] == ["62.10.06.2017", "62.11.05.2006"]
    assert client.get("/governments/find.json", {"q": "kali"}).json["items"][0]["text"].endswith("(62)")
    assert client.get("/positions/find.json", {"q": "kepala"}).json["items"]
    asked = {"q": "dinas", "government": world.government("19"), "classes": "dinas,badan"}
    assert len(client.get("/organizations/find.json", asked).json["items"]) == 5
    assert client.get("/organizations/find.json").json["items"] == []
    client.get("/organizations/find.json", {"q": "x", "classes": "y"}, status=422)


def test_a_button_pressed_twice_enters_one_organization(world):
    client = world.client("admin.babel")
    form = client.get("/persons/new").forms["form"]
    form["name"] = "Ferawati"
    assert form.submit(status=303).location == form.submit(status=303).location
    with world.session() as session:
        assert session.query(Person).filter_by(name="Ferawati").count() == 1
        assert session.query(Position).count() == 0


def test_what_stands_beside_a_body_is_sought_in_its_government(world):
    client = world.client("admin.babel")
    page = client.get(f"/organizations/{world.organization('19/perindag')}/edit")
    box = page.html.select_one("[data-search-select]")["data-url"]
    items = client.get(box, {"q": "dinas"}).json["items"]
    assert len(items) == 5
    assert all(" · Babel" in item["text"] for item in items)
    assert client.get(box, {"q": "ok oce"}).json["items"] == []
