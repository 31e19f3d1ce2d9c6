"""A browser without JavaScript, on a phone: everything works, with one more press here and there."""

import pytest

from tests.functional import steps
from tests.functional.conftest import Visit
from tests.support.site import Site

pytestmark = pytest.mark.timeout(600)
WORK = "Penyediaan benih unggul bagi kelompok tani (contoh)"


def test_a_liaison_logs_progress_with_a_photo(visit: Visit, own_site: Site) -> None:
    liaison = visit(own_site, "liaison.pertanian.babel", width=360, script=False)
    steps.open_report(liaison, WORK)
    steps.write_report(liaison, "Benih dibagikan di dua desa.", files=[steps.photo()])
    liaison.press("Kirim laporan")
    liaison.sees("Laporan Anda tercatat.")
    liaison.open("/work")
    assert WORK in liaison.card("Menunggu verifikasi").inner_text()

    monitor = visit(own_site, "monitor.babel", script=False)
    monitor.open("/verify")
    line = monitor.page.locator("main li").filter(has_text=WORK)
    with monitor.page.expect_navigation():
        line.get_by_role("link", name="Baca dan putuskan").click()
    monitor.sees("Benih dibagikan di dua desa.", "pelatihan.jpg")


def test_a_coordinator_adds_removes_and_searches_rows(visit: Visit, own_site: Site) -> None:
    coordinator = visit(own_site, "coordinator.babel", width=360, script=False)
    coordinator.open("/agreements/new")
    coordinator.fill("Judul", "Kesepakatan tanpa skrip")
    rows = steps.fieldset(coordinator, "Para pihak").locator("[data-rows-item]")
    start = rows.count()
    coordinator.press("Tambah pihak")
    assert rows.count() == start + 1
    rows.nth(start).get_by_role("button", name="Hapus").click()
    assert rows.count() == start
    assert coordinator.field("Judul").input_value() == "Kesepakatan tanpa skrip"

    coordinator.fill("Nomor dari pihak ini", "119/7", within=rows.nth(0))
    rows.nth(1).get_by_role("textbox", name="Cari dalam daftar ini").fill("OKE OCE")
    rows.nth(1).get_by_role("button", name="Cari").click()
    coordinator.field("Organisasi", within=rows.nth(1)).select_option(label="OKE OCE")
    leads = steps.fieldset(coordinator, "PD pengampu").locator("[data-rows-item]")
    leads.nth(0).get_by_role("textbox", name="Cari dalam daftar ini").fill("Koperasi")
    leads.nth(0).get_by_role("button", name="Cari").click()
    coordinator.field("Organisasi", within=leads.nth(0)).select_option(index=1)
    coordinator.press("Catat kerja sama")
    coordinator.sees("Kesepakatan tanpa skrip", "OKE OCE", "119/7", "Dinas Koperasi dan UMKM")
