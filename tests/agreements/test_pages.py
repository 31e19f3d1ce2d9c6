"""Pages of agreements as each role gets them: the list, one agreement, its forms and verbs."""

from typing import Any

import pytest

from collab.agreements import queries, services
from collab.agreements.models import Agreement, AgreementParty, StageEvent
from collab.agreements.vocabulary import Stage
from collab.documents.vocabulary import DocumentKind
from tests.support import agreements as made

READERS = (
    "monitor.babel",
    "coordinator.babel",
    "legal.babel",
    "auditor.babel",
    "liaison.kopukm.babel",
    "partner.okeoce",
)
STRANGERS = ("coordinator.kalteng", "monitor.kalteng", "liaison.pertanian.babel", "liaison.kopukm.kalteng")


@pytest.fixture
def agreement_id(world) -> int:
    with world.session() as session:
        pergub = made.regulation(session, world.government("19"))
        return made.create(session, world, legal_bases=[{"regulation_id": pergub, "article": "ps 5 ay 2"}]).id


def fill(form: Any, world: Any, **changes: Any) -> list[tuple[str, str]]:
    """Give what a browser sends for the OKE OCE agreement, in the order of the form."""
    plain = {
        "scheme": "ksdpk",
        "document_kind": "joint_agreement",
        "title": "Kesepakatan Bersama OKE OCE (contoh)",
        "parent_id": "",
        "scope": "",
        "valid_from": "2026-01-01",
        "valid_until": "2030-12-31",
    } | changes
    parties = changes.get("parties", [("19/pemerintah", "119/KB/2026"), ("okeoce", "")])
    leads = changes.get("leads", [("19/kopukm", True), ("19/perindag", False)])
    sent = [(name, form[name].value) for name in ("csrf_token", "idempotency_key")]
    if "version" in form.fields:
        sent.append(("version", form["version"].value))
    sent.append(("government_id", str(world.government("19"))))
    sent += [(name, plain[name]) for name in ("scheme", "document_kind", "title", "parent_id", "scope")]
    sent.append(("__start__", "parties:sequence"))
    for scope, number in parties:
        sent += [
            ("__start__", "party:mapping"),
            ("organization_id", str(world.people.organizations.get(scope, scope))),
            ("own_number", number),
            ("printed_name", ""),
            ("__end__", "party:mapping"),
        ]
    sent += [("__end__", "parties:sequence"), ("__start__", "leads:sequence")]
    for scope, accountable in leads:
        sent += [
            ("__start__", "lead:mapping"),
            ("organization_id", str(world.organization(scope))),
            ("role", "lead"),
            *([("accountable", "true")] if accountable else []),
            ("__end__", "lead:mapping"),
        ]
    sent += [("__end__", "leads:sequence"), ("__start__", "legal_bases:sequence")]
    for regulation, article in changes.get("bases", []):
        sent += [
            ("__start__", "basis:mapping"),
            ("regulation_id", str(regulation)),
            ("article", article),
            ("__end__", "basis:mapping"),
        ]
    sent.append(("__end__", "legal_bases:sequence"))
    return [
        *sent,
        ("valid_from", plain["valid_from"]),
        ("valid_until", plain["valid_until"]),
        ("save", "save"),
    ]


def count(world: Any) -> int:
    with world.session() as session:
        return session.query(Agreement).count()


# -- who sees what ----------------------------------------------------------------------------------------------


def test_whoever_it_concerns_finds_and_opens_it(world, agreement_id) -> None:
    for name in READERS:
        browser = world.client(name)
        assert "OKE OCE" in browser.get("/agreements", status=200), name
        page = browser.get(f"/agreements/{agreement_id}", status=200)
        for words in ("Dinas Koperasi", "Pergub 48/2018", "Pasal 5 ayat (2)"):
            assert words in page, name


def test_whom_it_does_not_concern_finds_nothing(world, agreement_id) -> None:
    for name in STRANGERS:
        browser = world.client(name)
        assert "OKE OCE" not in browser.get("/agreements", status=200), name
        browser.get(f"/agreements/{agreement_id}", status=404)
        browser.get(f"/agreements/{agreement_id}/edit", status=404)


def test_the_administrator_has_no_business_here(world, agreement_id) -> None:
    browser = world.client("admin.babel")
    browser.get("/agreements", status=403)
    browser.get(f"/agreements/{agreement_id}", status=404)


def test_without_signing_in_one_is_asked_to(world, agreement_id) -> None:
    for path in ("/agreements", f"/agreements/{agreement_id}", "/agreements/new", "/mandates/find.json"):
        assert "/login" in world.client().get(path, status=303).location


def test_readers_are_offered_no_acts(world, agreement_id) -> None:
    for name in ("monitor.babel", "auditor.babel", "liaison.kopukm.babel", "partner.okeoce"):
        browser = world.client(name)
        page = browser.get(f"/agreements/{agreement_id}")
        for verb in ("edit", "sign", "attach", "return"):
            browser.get(f"/agreements/{agreement_id}/{verb}", status=403)
            assert f"/agreements/{agreement_id}/{verb}" not in page


def test_legal_staff_do_not_sign(world, agreement_id) -> None:
    world.client("legal.babel").get(f"/agreements/{agreement_id}/sign", status=403)


# -- the list ---------------------------------------------------------------------------------------------------


def test_the_list_asks_few_questions_however_long_it_is(world, agreement_id) -> None:
    with world.session() as session:
        for number in range(30):
            made.create(session, world, title=f"Kesepakatan {number} (contoh)")
    browser = world.client("monitor.babel")
    with world.counting() as seen:
        browser.get("/agreements", status=200)
    with world.counting() as login:
        browser.get("/agreements/find.json", status=200)
    assert len(seen) - (len(login) - 1) <= 2, seen


def test_one_agreement_asks_a_bounded_number_of_questions(world, agreement_id) -> None:
    browser = world.client("monitor.babel")
    with world.counting() as seen:
        browser.get(f"/agreements/{agreement_id}", status=200)
    assert len(seen) <= 25, seen


def test_filters_and_sorts_answer(world, agreement_id) -> None:
    browser = world.client("monitor.babel")
    for query in (
        "stage=preparation",
        "state=in_process",
        "q=oke",
        "scheme=ksdpk",
        "sort=title",
        "sort=stage_age",
    ):
        assert "OKE OCE" in browser.get(f"/agreements?{query}", status=200), query
    assert "OKE OCE" not in browser.get("/agreements?as_of=2020-01-01", status=200)


def test_bad_filters_are_refused(world) -> None:
    browser = world.client("monitor.babel")
    for query in (
        "stage=nowhere",
        "wrong=1",
        "sort=secret",
        "organization=x",
        "cursor=zzz",
        "as_of=2100-01-01",
    ):
        browser.get(f"/agreements?{query}", status=422)


def test_filters_by_others_show_chips_that_take_them_off(world, agreement_id) -> None:
    page = world.client("monitor.babel").get(f"/agreements?organization={world.organization('okeoce')}")
    assert "OK OCE Indonesia" in page
    assert "filter-chip" in page


def test_the_files_hold_the_same_rows(world, agreement_id) -> None:
    browser = world.client("partner.okeoce")
    text = browser.get("/agreements.csv", status=200).text
    assert "OKE OCE" in text
    assert "OKE OCE" not in world.client("liaison.pertanian.babel").get("/agreements.csv").text
    assert browser.get("/agreements.xlsx", status=200).body[:2] == b"PK"


def test_the_kabupaten_below_have_a_page_of_their_own(world) -> None:
    assert "/agreements/below" in world.client("monitor.kalteng").get("/agreements")
    world.client("monitor.kalteng").get("/agreements/below", status=200)
    assert "/agreements/below" not in world.client("partner.okeoce").get("/agreements")


# -- creating ---------------------------------------------------------------------------------------------------


def test_the_oke_oce_agreement_is_recorded_in_one_form(world) -> None:
    with world.session() as session:
        pergub = made.regulation(session, world.government("19"))
    browser = world.client("coordinator.babel")
    page = browser.get("/agreements/new")
    answer = browser.post(
        "/agreements/new", fill(page.forms["form"], world, bases=[(pergub, "ps 5")]), status=303
    )
    shown = answer.follow(status=200)
    for words in ("119/KB/2026", "OK OCE Indonesia", "Dinas Perindustrian", "Pergub 48/2018", "Pasal 5"):
        assert words in shown


def test_sending_the_same_form_twice_records_one_agreement(world) -> None:
    browser = world.client("coordinator.babel")
    sent = fill(browser.get("/agreements/new").forms["form"], world)
    first = browser.post("/agreements/new", sent, status=303)
    second = browser.post("/agreements/new", sent, status=303)
    assert (first.location, count(world)) == (second.location, 1)


BAD = [
    {"title": ""},
    {"valid_from": "2030-01-02", "valid_until": "2030-01-01"},
    {"valid_from": "0202-01-01"},
    {"document_kind": "synergy_note"},
    {"scheme": "friendship"},
    {"parties": [("okeoce", ""), ("okeoce", "")]},
    {"parties": [("99999", ""), ("okeoce", "")]},
    {"parties": [("-1", ""), ("okeoce", "")]},
    {"parties": []},
    {"leads": [("19/kopukm", True), ("19/perindag", True)]},
    {"leads": [("19/kopukm", False)]},
    {"parent_id": "99999"},
    {"title": "x" * 501},
    {"bases": [("99999", "")]},
]


def test_bad_input_comes_back_with_all_that_was_typed(world) -> None:
    browser = world.client("coordinator.babel")
    form = browser.get("/agreements/new").forms["form"]
    for changes in BAD:
        sent = fill(form, world, scope="Pelatihan dan pemasaran", **changes)
        page = browser.post("/agreements/new", sent, status="*")
        assert page.status_code == 422, changes
        assert "Pelatihan dan pemasaran" in page, changes
        assert "error-summary" in page or 'role="alert"' in page, changes
    assert count(world) == 0


def test_another_governments_id_in_the_form_is_refused(world) -> None:
    browser = world.client("coordinator.babel")
    sent = [
        (name, str(world.government("62")) if name == "government_id" else value)
        for name, value in fill(browser.get("/agreements/new").forms["form"], world)
    ]
    browser.post("/agreements/new", sent, status=403)
    assert count(world) == 0


def test_broken_markers_are_bad_input(world) -> None:
    browser = world.client("coordinator.babel")
    sent = [
        pair for pair in fill(browser.get("/agreements/new").forms["form"], world) if pair[0] != "__end__"
    ]
    browser.post("/agreements/new", sent, status=422)


def test_a_row_is_added_without_javascript_and_nothing_typed_is_lost(world) -> None:
    browser = world.client("coordinator.babel")
    sent = fill(browser.get("/agreements/new").forms["form"], world)
    page = browser.post("/agreements/new", [*sent[:-1], ("__add__parties", "1")], status=200)
    assert page.text.count("party:mapping") >= 3 * 2
    assert "119/KB/2026" in page


def test_leads_are_sought_among_ones_own_agencies(world) -> None:
    page = world.client("coordinator.babel").get("/agreements/new")
    assert f'data-url="/organizations/find.json?government={world.government("19")}"' in page.text


def test_a_cooperation_agreement_starts_from_its_joint_agreement(world, agreement_id) -> None:
    page = world.client("coordinator.babel").get(f"/agreements/new?parent={agreement_id}")
    form = page.forms["form"]
    assert (form["document_kind"].value, form["scheme"].value) == ("cooperation_agreement", "ksdpk")
    assert form["parent_id"].value == str(agreement_id)
    assert "OK OCE Indonesia" in page
    world.client("coordinator.kalteng").get(f"/agreements/new?parent={agreement_id}", status=404)


def test_forty_parties_with_long_names_are_shown_and_saved_with_few_questions(world) -> None:
    with world.session() as session:
        ids = [world.organization("19/pemerintah"), *made.partners(session, 39)]
        number = made.create(session, world, parties=[{"organization_id": one} for one in ids]).id
    browser = world.client("coordinator.babel")
    browser.get(f"/agreements/{number}", status=200)
    with world.counting() as seen:
        page = browser.get(f"/agreements/{number}/edit", status=200)
    assert len(seen) <= 20, seen
    turned = [(one, "") for one in reversed(ids)]
    sent = fill(page.forms["form"], world, parties=turned)
    with world.counting() as seen:
        browser.post(f"/agreements/{number}/edit", sent, status=303)
    assert len([line for line in seen if line.startswith("SELECT")]) <= 30
    with world.session() as session:
        rows = session.query(AgreementParty).filter_by(agreement_id=number).order_by("position")
        assert [row.organization_id for row in rows] == ids[::-1]


# -- editing ----------------------------------------------------------------------------------------------------


def test_an_edit_is_saved_and_an_older_form_is_shown_both_texts(world, agreement_id) -> None:
    browser = world.client("coordinator.babel")
    page = browser.get(f"/agreements/{agreement_id}/edit")
    older = fill(page.forms["form"], world, title="Judul kedua")
    browser.post(
        f"/agreements/{agreement_id}/edit", fill(page.forms["form"], world, title="Judul pertama"), status=303
    )
    again = browser.get(f"/agreements/{agreement_id}/edit")
    older = [
        (n, again.forms["form"]["idempotency_key"].value if n == "idempotency_key" else v) for n, v in older
    ]
    shown = browser.post(f"/agreements/{agreement_id}/edit", older, status=409)
    assert "Judul pertama" in shown
    assert "Judul kedua" in shown


def test_of_a_signed_agreement_only_leads_and_legal_bases_are_offered(world, agreement_id) -> None:
    with world.session() as session:
        made.sign(session, world, session.get(Agreement, agreement_id))
    page = world.client("coordinator.babel").get(f"/agreements/{agreement_id}/edit")
    assert 'name="title"' not in page
    assert "leads:sequence" in page


# -- verbs ------------------------------------------------------------------------------------------------------


def test_what_blocks_the_next_stage_is_named_with_its_law_and_the_place_to_clear_it(
    world, agreement_id
) -> None:
    page = world.client("coordinator.babel").get(f"/agreements/{agreement_id}")
    assert "UU 23/2014 Pasal 366 ayat (3)" in page
    assert f"/agreements/{agreement_id}/attach" in page
    assert f'action="/agreements/{agreement_id}/advance"' not in page.text
    seen_by_liaison = world.client("liaison.kopukm.babel").get(f"/agreements/{agreement_id}")
    assert "UU 23/2014 Pasal 366 ayat (3)" in seen_by_liaison
    assert "/attach" not in seen_by_liaison


def study(world: Any, agreement_id: int) -> None:
    with world.session() as session:
        actor = world.identity(session, "legal.babel")
        document = made.document(session, actor)
        services.attach(session, agreement_id, [document], DocumentKind.FEASIBILITY_STUDY, actor=actor)


def stage_of(world: Any, agreement_id: int) -> Stage:
    with world.session() as session:
        return queries.get(session, agreement_id, identity=world.identity(session, "coordinator.babel")).stage


def advance_form(page: Any) -> Any:
    return next(form for form in page.forms.values() if form.action.endswith("/advance"))


def test_the_button_moves_on_once_however_often_it_is_pressed(world, agreement_id) -> None:
    study(world, agreement_id)
    browser = world.client("coordinator.babel")
    form = advance_form(browser.get(f"/agreements/{agreement_id}"))
    form.submit(status=303)
    form.submit(status=303)
    assert stage_of(world, agreement_id) is Stage.OFFER


def test_a_button_of_an_older_page_does_not_skip_a_stage(world, agreement_id) -> None:
    study(world, agreement_id)
    browser = world.client("coordinator.babel")
    first = advance_form(browser.get(f"/agreements/{agreement_id}"))
    second = advance_form(browser.get(f"/agreements/{agreement_id}"))
    first.submit(status=303)
    second.submit(status=409)
    assert stage_of(world, agreement_id) is Stage.OFFER


def test_an_agreement_goes_back_with_a_reason(world, agreement_id) -> None:
    study(world, agreement_id)
    browser = world.client("legal.babel")
    advance_form(browser.get(f"/agreements/{agreement_id}")).submit(status=303)
    form = browser.get(f"/agreements/{agreement_id}/return").forms["form"]
    form.submit(status=422)
    form["note"] = "Studi belum lengkap"
    page = form.submit(status=303).follow()
    assert "Studi belum lengkap" in page
    assert stage_of(world, agreement_id) is Stage.PREPARATION


def test_the_signature_is_recorded_with_each_partys_number(world, agreement_id) -> None:
    with world.session() as session:
        made.to_signing(session, world, session.get(Agreement, agreement_id))
    browser = world.client("coordinator.babel")
    form = browser.get(f"/agreements/{agreement_id}/sign").forms["form"]
    form["signed_place"] = "Pangkalpinang"
    form[f"number_{world.organization('okeoce')}"] = "01/OKOCE/2026"
    page = form.submit(status=303).follow()
    for words in ("Pangkalpinang", "01/OKOCE/2026", "119/KB/2026"):
        assert words in page
    assert stage_of(world, agreement_id) is Stage.IMPLEMENTATION
    again = browser.get(f"/agreements/{agreement_id}/sign").forms["form"]
    again.submit(status=409)


def test_a_signature_before_its_stage_is_refused_with_the_law(world, agreement_id) -> None:
    form = world.client("coordinator.babel").get(f"/agreements/{agreement_id}/sign").forms["form"]
    assert "PP 28/2018" in form.submit(status=409)


def test_a_note_is_kept_with_its_source(world, agreement_id) -> None:
    form = world.client("monitor.babel").get(f"/agreements/{agreement_id}/note").forms["form"]
    form["text"], form["source"] = "Target 1.000 wirausaha <b>", "Berita 13-3-2021"
    page = form.submit(status=303).follow()
    assert "Target 1.000 wirausaha &lt;b&gt;" in page
    assert "Berita 13-3-2021" in page


# -- on other pages ---------------------------------------------------------------------------------------------


def test_a_regulation_shows_the_agreements_that_rest_on_it_to_whom_they_concern(world, agreement_id) -> None:
    with world.session() as session:
        regulation_id = (
            session.execute(Agreement.__table__.metadata.tables["legal_basis"].select()).one().regulation_id
        )
    assert "OKE OCE" in world.client("legal.babel").get(f"/regulations/{regulation_id}")
    assert "OKE OCE" not in world.client("liaison.pertanian.babel").get(f"/regulations/{regulation_id}")


def test_an_organization_shows_its_agreements_to_whom_they_concern(world, agreement_id) -> None:
    path = f"/organizations/{world.organization('okeoce')}"
    assert "Kewirausahaan Terpadu" in world.client("coordinator.babel").get(path)
    assert "Kewirausahaan Terpadu" not in world.client("coordinator.kalteng").get(path)


def test_the_search_boxes_find_only_what_is_ones_own(world, agreement_id) -> None:
    found = world.client("coordinator.babel").get("/mandates/find.json?q=oke").json["items"]
    assert [item["id"] for item in found] == [agreement_id]
    assert world.client("coordinator.kalteng").get("/mandates/find.json?q=oke").json == {"items": []}
    world.client("liaison.kopukm.babel").get("/mandates/find.json?q=oke", status=403)
    assert world.client("coordinator.kalteng").get("/agreements/find.json?q=oke").json == {"items": []}


def test_reading_writes_nothing(world, agreement_id) -> None:
    with world.session() as session:
        before = session.query(StageEvent).count(), session.get(Agreement, agreement_id).version
    world.client("coordinator.babel").get(f"/agreements/{agreement_id}")
    with world.session() as session:
        assert (session.query(StageEvent).count(), session.get(Agreement, agreement_id).version) == before
