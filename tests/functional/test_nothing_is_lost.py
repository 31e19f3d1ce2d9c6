"""What a person has typed is never lost, and never counted twice."""

import re

import pytest

from tests.functional import steps
from tests.functional.conftest import Visit
from tests.support.site import PASSWORD, Site
from tests.support.visitor import Visitor

pytestmark = pytest.mark.timeout(600)
LIAISON = "liaison.pertanian.babel"
WORK = "Penyediaan benih unggul bagi kelompok tani (contoh)"
TEXT = "Benih dibagikan; satu desa menyusul pekan depan."


def begin_report(visitor: Visitor) -> None:
    """Fill a report in, ready to be sent."""
    steps.open_report(visitor, WORK)
    steps.write_report(visitor, TEXT)


def require_one_report(visitor: Visitor) -> None:
    """Fail unless the commitment's history holds the text exactly once."""
    visitor.open("/commitments")
    visitor.follow(WORK)
    assert visitor.text.count(TEXT) == 1


def test_a_sign_in_that_ended_meanwhile_costs_no_word(visit: Visit, own_site: Site) -> None:
    phone = visit(own_site, LIAISON, width=360)
    begin_report(phone)
    desk = visit(own_site, LIAISON)
    desk.open("/account")
    desk.press("Akhiri semua yang lain")

    phone.press("Kirim laporan", status=401)
    phone.sees("Silakan masuk lagi")
    phone.require_sound()
    phone.page.get_by_label("Nama akun").fill(LIAISON)
    phone.page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    phone.press("Masuk")
    phone.sees("Anda sudah masuk kembali")
    phone.require_sound()
    phone.press("Kirim sekarang")
    phone.sees("Laporan Anda tercatat.")
    require_one_report(phone)


def test_two_who_edit_at_once_see_both_texts(visit: Visit, own_site: Site) -> None:
    first = visit(own_site, "coordinator.babel")
    second = visit(own_site, "coordinator.babel")
    first.open("/commitments?q=suvenir")
    first.follow("Gerai suvenir di destinasi wisata (contoh)")
    form = f"/commitments/{steps.number_of(first)}/edit"
    for person in (first, second):
        person.open(form)
    first.fill("Yang dijanjikan", "Gerai suvenir di tiga destinasi")
    first.press("Simpan")
    second.fill("Yang dijanjikan", "Gerai suvenir di empat destinasi")
    second.press("Simpan", status=409)
    second.sees("Gerai suvenir di tiga destinasi", "Bandingkan kedua teks")
    assert second.field("Yang dijanjikan").input_value() == "Gerai suvenir di empat destinasi"
    second.require_sound()
    second.press("Simpan")
    second.sees("Gerai suvenir di empat destinasi")


def test_an_error_is_said_on_top_and_at_its_field(visit: Visit, own_site: Site) -> None:
    coordinator = visit(own_site, "coordinator.babel", width=360)
    coordinator.open("/commitments/new")
    coordinator.fill("Yang dijanjikan", "Janji tanpa pemilik")
    coordinator.press("Catat komitmen", status=422)
    page = coordinator.page
    summary = page.get_by_role("alert")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    coordinator.require_sound()
    assert coordinator.field("Yang dijanjikan").input_value() == "Janji tanpa pemilik"
    summary.get_by_role("link", name="Penanggung jawab").press("Enter")
    box = coordinator.field("Penanggung jawab")
    assert box.evaluate("box => box === document.activeElement")
    assert box.get_attribute("aria-invalid") == "true"
    words = [page.locator(f"[id='{name}']") for name in str(box.get_attribute("aria-describedby")).split()]
    assert any(re.search("[Ww]ajib|[Pp]ilih", word.inner_text()) for word in words)


@pytest.mark.parametrize("script", [True, False])
def test_a_double_click_makes_one_report(visit: Visit, own_site: Site, script: bool) -> None:
    liaison = visit(own_site, LIAISON, width=360, script=script)
    begin_report(liaison)
    with liaison.page.expect_navigation(url=re.compile("/work")):
        liaison.page.locator("main").get_by_role("button", name="Kirim laporan", exact=True).dblclick()
    require_one_report(liaison)


def test_a_page_kept_by_the_browser_and_sent_again_makes_one_report(visit: Visit, own_site: Site) -> None:
    liaison = visit(own_site, LIAISON, width=360)
    begin_report(liaison)
    sent = liaison.page.evaluate_handle("new FormData(document.querySelector('main form.form'))")
    again = "body => fetch(location.href, {method: 'POST', body}).then(answer => answer.status)"
    assert [liaison.page.evaluate(again, sent) for _time in range(2)] == [200, 200]
    require_one_report(liaison)


def test_back_after_sending_says_that_another_report_would_replace_the_first(
    visit: Visit, own_site: Site
) -> None:
    liaison = visit(own_site, LIAISON, width=360)
    begin_report(liaison)
    liaison.press("Kirim laporan")
    liaison.page.go_back()
    liaison.sees("Yang Anda kirim sekarang menggantikannya.")
    assert liaison.field("Yang sudah dikerjakan").input_value() == TEXT
    liaison.press("Kirim laporan")
    monitor = visit(own_site, "monitor.babel")
    monitor.open("/verify")
    assert monitor.page.locator("main li").filter(has_text=WORK).count() == 1
