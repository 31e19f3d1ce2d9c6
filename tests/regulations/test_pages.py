"""The pages of regulations as people use them: register with the PDF, read, relate, attach, enact, list."""

import io

import openpyxl
import pytest
from webtest import Upload

from collab.regulations import services
from collab.regulations.vocabulary import RegulationKind, RelationKind
from tests.regulations.conftest import add_seed
from tests.support.files import pdf

TITLE = "Pemberdayaan Koperasi dan Usaha Kecil"


@pytest.fixture
def seeded(world):
    """R1, R2, R3 in the world; gives their ids."""
    with world.session() as session:
        seed = add_seed(session, world.identity(session, "legal.babel"), world.government("19"))
        return {name: getattr(seed, name).id for name in ("r1", "r2", "r3")}


def fill(form, file=None, **values):
    """Send a form as a browser does, the file where its box stands."""
    for name, value in values.items():
        form[name] = value
    sent = form.submit_fields("save")
    if file:
        sent.insert(sent.index(("__end__", "files:sequence")), ("files", file))
    return form.response.goto(form.action, method="POST", params=sent, status="*")


def new(browser, file=None, **values):
    usual = {
        "kind": "pergub",
        "title": TITLE,
        "number": "48",
        "year": "2018",
        "enacted_on": "2018-10-01",
        "promulgated_on": "2018-10-01",
    }
    return fill(browser.get("/regulations/new").forms["form"], file, **(usual | values))


# -- registering ----------------------------------------------------------------------------------------------


def test_legal_staff_register_a_regulation_with_its_pdf_in_one_form(world):
    browser = world.client("legal.babel")
    page = new(browser, Upload("Pergub 48.pdf", pdf())).follow()
    assert f"Pergub 48/2018 tentang {TITLE}" in page.text
    assert "Pergub 48.pdf" in page.text
    document = page.click("Pergub 48.pdf", index=0)
    assert f"Pergub 48/2018 tentang {TITLE}" in document.text
    content = document.click(href="/content$", index=0)
    assert content.body == pdf()
    assert content.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    "file, problem",
    [
        (Upload("pergub.pdf", b"<html>not a pdf</html>"), "pergub.pdf:"),
        (Upload("pergub.pdf", b""), "pergub.pdf:"),
        (Upload("a/b/../../etc/passwd.pdf", pdf()), "passwd.pdf:"),
        (Upload("virus.exe", b"MZ"), "virus.exe:"),
    ],
)
def test_a_bad_file_brings_the_form_back_with_everything_typed_and_nothing_saved(world, file, problem):
    browser = world.client("legal.babel")
    answer = new(browser, file)
    assert answer.status_int == 422
    assert problem in answer.text
    assert answer.forms["form"]["title"].value == TITLE
    assert answer.forms["form"]["number"].value == "48"
    assert TITLE not in browser.get("/regulations").text


def test_a_good_file_survives_a_mistake_elsewhere_in_the_form(world):
    browser = world.client("legal.babel")
    answer = new(browser, Upload("Pergub 48.pdf", pdf()), promulgated_on="2018-09-30")
    assert answer.status_int == 422
    form = answer.forms["form"]
    form["promulgated_on"] = "2018-10-01"
    assert "Pergub 48.pdf" in form.submit("save", status=303).follow().text


def test_a_number_that_is_taken_is_said_at_the_number(world):
    browser = world.client("legal.babel")
    new(browser).follow()
    answer = new(browser)
    assert answer.status_int == 422
    assert answer.html.find(attrs={"name": "number"})["aria-invalid"] == "true"


def test_a_title_is_shown_as_text_whatever_it_contains(world):
    browser = world.client("legal.babel")
    evil = "<script>alert(1)</script> {{ 7*7 }} ${x}"
    page = new(browser, title=evil).follow()
    assert "<script>alert(1)" not in page.text
    assert "{{ 7*7 }}" in page.text
    assert "<script>alert(1)" not in browser.get("/regulations").text


def test_a_double_click_registers_once(world):
    browser = world.client("legal.babel")
    form = browser.get("/regulations/new").forms["form"]
    for name, value in {"kind": "pergub", "title": TITLE}.items():
        form[name] = value
    first, second = (form.submit("save", status=303).location for _ in range(2))
    assert first == second


def test_a_draft_is_enacted_from_its_page(world, seeded):
    browser = world.client("legal.babel")
    draft = f"/regulations/{seeded['r3']}"
    assert "Rancangan Pergub tentang" in browser.get(draft).text
    form = browser.get(f"{draft}/enact").forms["form"]
    page = fill(form, number="7", year="2024", enacted_on="2024-05-02", promulgated_on="2024-05-02").follow()
    assert "Pergub 7/2024 tentang" in page.text
    amended = browser.get(f"/regulations/{seeded['r2']}").text
    assert "Pergub 7/2024" in amended


def test_a_draft_is_withdrawn_by_a_button(world, seeded):
    browser = world.client("legal.babel")
    page = browser.get(f"/regulations/{seeded['r3']}")
    button = next(form for form in page.forms.values() if form.action.endswith("/withdraw"))
    button.submit(status=303)
    again = browser.get(f"/regulations/{seeded['r3']}")
    assert not [form for form in again.forms.values() if form.action.endswith("/withdraw")]


def test_an_older_version_is_never_saved_over_a_newer_one(world, seeded):
    browser = world.client("legal.babel")
    address = f"/regulations/{seeded['r2']}/edit"
    mine, theirs = browser.get(address).forms["form"], browser.get(address).forms["form"]
    assert fill(theirs, title="Judul orang lain").status_int == 303
    answer = fill(mine, title="Judul saya")
    assert answer.status_int == 409
    assert "Judul orang lain" in answer.text
    assert answer.forms["form"]["title"].value == "Judul saya"


def test_a_relation_is_recorded_with_written_out_articles(world, seeded):
    browser = world.client("legal.babel")
    form = browser.get(f"/regulations/{seeded['r3']}/relate").forms["form"]
    page = fill(form, kind="refers_to", target_id=str(seeded["r1"]), articles="ps 5 ay 2").follow()
    assert "Pasal 5 ayat (2)" in page.text


def test_the_field_finds_regulations_without_javascript_too(world, seeded):
    browser = world.client("legal.babel")
    form = browser.get(f"/regulations/{seeded['r3']}/relate").forms["form"]
    form["__sought__target_id"] = "Perda 13/2017"
    answer = form.submit("__find__target_id")
    assert str(seeded["r1"]) in [value for value, *_ in answer.forms["form"]["target_id"].options]


def test_files_are_attached_to_what_is_there(world, seeded):
    browser = world.client("legal.babel")
    form = browser.get(f"/regulations/{seeded['r2']}/attach").forms["form"]
    page = fill(form, Upload("Lampiran.pdf", pdf("lampiran")), role="annex").follow()
    assert "Lampiran.pdf" in page.text


# -- reading --------------------------------------------------------------------------------------------------


def test_the_page_shows_the_chain_both_ways(world, seeded):
    page = world.client("legal.babel").get(f"/regulations/{seeded['r2']}")
    assert f"Perda 13/2017 tentang {TITLE}" in page.text
    assert "Rancangan Pergub tentang Perubahan atas" in page.text
    public = world.client("monitor.babel").get(f"/regulations/{seeded['r2']}")
    assert f"Perda 13/2017 tentang {TITLE}" in public.text
    assert "Rancangan Pergub" not in public.text


def test_the_state_follows_the_day_asked_for(world, seeded):
    # the seed was recorded today: the register of an earlier day knows nothing of it
    browser = world.client("monitor.babel")
    assert browser.get(f"/regulations/{seeded['r2']}?as_of=2018-09-30").status_int == 200
    assert "Pergub 48/2018" not in browser.get("/regulations?as_of=2018-09-30").html.main.text
    assert "Pergub 48/2018" in browser.get("/regulations").html.main.text


READING = [
    ("legal.babel", 200),
    ("coordinator.babel", 200),
    ("monitor.babel", 404),
    ("auditor.babel", 404),
    ("admin.babel", 404),
    ("liaison.kopukm.babel", 404),
    ("partner.okeoce", 404),
    ("legal.kalteng", 404),
]


def test_each_role_sees_and_does_what_is_its_own(world, seeded):
    draft, enacted = seeded["r3"], seeded["r2"]
    for who, status in READING:
        browser = world.client(who)
        assert browser.get(f"/regulations/{draft}", status="*").status_int == status, who
        assert browser.get(f"/regulations/{enacted}").status_int == 200, who
        assert browser.get("/regulations").status_int == 200, who
        writes = 200 if who == "legal.babel" else 403
        for verb in ("edit", "relate", "attach"):
            assert browser.get(f"/regulations/{enacted}/{verb}", status="*").status_int == writes, (who, verb)
        may_start = 200 if who.startswith("legal") else 403
        assert browser.get("/regulations/new", status="*").status_int == may_start, who


def test_a_visitor_is_asked_to_sign_in(world, seeded):
    for address in (
        "/regulations",
        f"/regulations/{seeded['r2']}",
        "/regulations/new",
        "/regulations/999",
        "/documents/1",
    ):
        answer = world.client().get(address, status=303)
        assert "/login" in answer.location


@pytest.mark.parametrize(
    "query, status",
    [
        ("?kind=pergub&q=koperasi&year=2018&state=in_force", 200),
        ("?kind=nonsense", 422),
        ("?year=99999", 422),
        ("?unknown=1", 422),
        ("?cursor=AAAA", 422),
        ("?as_of=2999-01-01", 422),
        ("?q=%00", 422),
        ("?q=%27%20OR%201%3D1", 200),
        ("?sort=title", 200),
        ("?sort=price", 422),
    ],
)
def test_the_list_answers_every_address_calmly(world, query, status):
    assert world.client("monitor.babel").get(f"/regulations{query}", status="*").status_int == status


def test_filters_in_force_stand_as_chips_that_take_themselves_off(world, seeded):
    page = world.client("monitor.babel").get("/regulations?kind=pergub&year=2018&q=koperasi")
    chips = {chip.span.text: chip["href"] for chip in page.html.find_all(class_="filter-chip")}
    assert set(chips) == {"koperasi", "Peraturan Gubernur", "2018"}
    assert "year" not in chips["2018"]
    assert "q=koperasi" in chips["2018"]


def test_relations_stand_under_the_day_from_which_they_bear(world, seeded):
    page = world.client("legal.babel").get(f"/regulations/{seeded['r2']}")
    days = [entry.time["datetime"] for entry in page.html.find_all(class_="timeline-entry")]
    assert days[1] == "2018-10-01"
    assert days[0] > days[1]


def test_csv_and_xlsx_carry_the_very_rows_of_the_page(world, seeded):
    browser = world.client("monitor.babel")
    csv = browser.get("/regulations.csv?year=2018").body.decode("utf-8-sig")
    assert csv.count("\n") == 2
    assert "Peraturan Gubernur" in csv
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/regulations.xlsx?year=2018").body))
    assert book.active.max_row == 2


def test_the_field_is_answered_as_json(world, seeded):
    items = world.client("monitor.babel").get("/regulations/find.json?q=koperasi").json["items"]
    assert [item["id"] for item in items] == [seeded["r2"], seeded["r1"]]
    assert items[0]["text"].startswith("Pergub 48/2018 tentang")


def test_pages_keep_to_their_budget_of_queries(world, seeded):
    with world.session() as session:
        actor = world.identity(session, "legal.babel")
        for number in range(30):
            row = services.create(
                session, actor=actor, government_id=world.government("19"), kind=RegulationKind.KEPGUB,
                title=f"Penetapan {number}", number=str(number + 1), year=2020,
            )  # fmt: skip
            services.relate(
                session, row.id, actor=actor, kind=RelationKind.LEGAL_BASIS, target_id=seeded["r1"]
            )
    browser = world.client("legal.babel")
    with world.counting() as seen:
        browser.get("/regulations")
    assert len(seen) <= 6, seen
    with world.counting() as seen:
        browser.get(f"/regulations/{seeded['r1']}")
    assert len(seen) <= 12, seen


def test_a_list_refuses_in_the_language_of_the_reader(world):
    browser = world.client("legal.babel")
    for path in ("/regulations", "/api/v1/regulations"):
        answer = browser.get(f"{path}?kind=nonsense", status=422)
        assert "Pilih salah satu yang tersedia." in answer.text
