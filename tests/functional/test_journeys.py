"""The main job, as people do it: a regulation, an agreement under it, what agencies owe, progress with a photo, its verdict."""

import re
from datetime import timedelta

import pytest

from collab.core import clock
from tests.functional import steps
from tests.functional.conftest import Visit
from tests.support import files
from tests.support.site import Site
from tests.support.visitor import Visitor

pytestmark = pytest.mark.timeout(600)

TRAINING = "Melatih petani Jahe Merah menjadi wirausaha"


def test_legal_staff_add_a_pergub_with_its_text_and_link_it_to_the_perda(
    visit: Visit, own_site: Site
) -> None:
    legal = visit(own_site, "legal.babel")
    text = files.pdf("Pergub tentang pendampingan")
    legal.open("/regulations")
    legal.follow("Catat peraturan")
    legal.field("Jenis").select_option(label="Peraturan Gubernur")
    legal.fill("Judul", "Pendampingan Usaha Mikro oleh Perangkat Daerah")
    legal.fill("Nomor", "7")
    legal.fill("Tahun", "2026")
    legal.field("Ditetapkan").fill("2026-02-02")
    legal.page.get_by_label("Tambah berkas").set_input_files(
        {"name": "pergub-7-2026.pdf", "mimeType": "application/pdf", "buffer": text}
    )
    legal.page.locator(".upload-kept li").first.wait_for()
    legal.press("Catat")
    legal.sees("Pergub 7/2026 tentang Pendampingan Usaha Mikro", "Berlaku", "pergub-7-2026.pdf")
    pergub = legal.page.url

    legal.follow("Hubungkan")
    legal.field("Peraturan ini").select_option(label="Melaksanakan")
    legal.find("Peraturan yang lain", "13/2017", "Perda 13/2017")
    legal.press("Catat hubungan")
    legal.sees("Melaksanakan", "Perda 13/2017 tentang Pemberdayaan Koperasi dan Usaha Kecil")
    legal.require_sound()

    legal.follow("pergub-7-2026.pdf")
    address = legal.page.get_by_role("link", name="Buka berkas").get_attribute("href")
    opened = legal.context.request.get(str(address))
    assert (opened.status, opened.headers["content-type"], opened.body()) == (200, "application/pdf", text)

    legal.page.goto(pergub)
    legal.follow("Perda 13/2017 tentang Pemberdayaan Koperasi dan Usaha Kecil (Babel)")
    legal.sees("Pergub 7/2026")


def test_a_promise_goes_from_the_agreement_to_the_governors_overview(visit: Visit, own_site: Site) -> None:
    yesterday = clock.today("Asia/Jakarta") - timedelta(days=1)
    monitor = visit(own_site, "monitor.babel")
    then = {path: figures(monitor, f"{path}?as_of={yesterday}") for path in ("/", "/agencies")}

    coordinator = visit(own_site, "coordinator.babel")
    agreement = steps.record_agreement(coordinator)
    coordinator.sees(
        steps.JOINT_AGREEMENT, "OKE OCE", *steps.LEADS, "Penanggung jawab", "Pergub 48/2018", "Pasal 5"
    )
    coordinator.require_sound()
    promised = {}
    for agency, statement, target in (
        ("Dinas Pertanian", TRAINING, 40),
        ("Dinas Koperasi dan UMKM", "Menyiapkan pendamping OKE OCE", None),
        ("Dinas Perindustrian dan Perdagangan", "Membuka gerai produk binaan", None),
    ):
        due_on = clock.today("Asia/Jakarta") + timedelta(days=40)
        promised[statement] = steps.record_commitment(
            coordinator, agreement, agency=agency, statement=statement, due_on=due_on, target=target
        )
    coordinator.open(f"/agreements/{agreement}")
    coordinator.sees(*promised)

    liaison = visit(own_site, "liaison.pertanian.babel", width=360)
    steps.open_report(liaison, TRAINING)
    steps.write_report(liaison, "Empat puluh petani lulus.", actual=40, files=[steps.photo()])
    liaison.require_sound()
    liaison.press("Kirim laporan")
    liaison.sees("Laporan Anda tercatat.")
    liaison.open("/work")
    assert TRAINING in liaison.card("Menunggu verifikasi").inner_text()

    before = {path: figures(monitor, path) for path in ("/", "/agencies")}
    dashboard = f"/agencies/{own_agency(monitor, 'Dinas Pertanian')}"
    agency_before = figures(monitor, dashboard)
    monitor.open("/verify")
    line = monitor.page.locator("main li").filter(has_text=TRAINING)
    with monitor.page.expect_navigation():
        line.get_by_role("link", name="Baca dan putuskan").click()
    monitor.sees(TRAINING, "Empat puluh petani lulus.", "pelatihan.jpg")
    link = monitor.page.get_by_role("link", name="pelatihan.jpg").get_attribute("href")
    opened = monitor.context.request.get(str(link))
    assert (opened.status, opened.headers["content-type"]) == (200, "image/jpeg")
    monitor.press("Verifikasi")
    monitor.sees("Laporan diverifikasi.")

    monitor.open(f"/commitments/{promised[TRAINING]}")
    monitor.sees("Terpenuhi", "Memverifikasi laporan")
    assert figures(monitor, dashboard) != agency_before
    assert {path: figures(monitor, path) != said for path, said in before.items()} == dict.fromkeys(
        before, True
    )
    assert {path: figures(monitor, f"{path}?as_of={yesterday}") for path in then} == then


def figures(visitor: Visitor, path: str) -> str:
    """Give what a page of figures says."""
    visitor.open(path)
    return visitor.text


def own_agency(visitor: Visitor, name: str) -> int:
    """Give the number of an agency from the list of agencies."""
    visitor.open("/agencies")
    link = visitor.page.locator("main").get_by_role("link", name=name, exact=True)
    return int(re.findall(r"\d+", str(link.get_attribute("href")))[0])


def test_a_liaison_meets_nothing_of_other_agencies(visit: Visit, site: Site) -> None:
    liaison = visit(site, "liaison.pertanian.babel", width=360)
    monitor = visit(site, "monitor.babel")
    foreign = "Gerai suvenir di destinasi wisata (contoh)"
    monitor.open("/commitments?q=suvenir")
    monitor.follow(foreign)
    commitment = steps.number_of(monitor)
    photo = str(monitor.page.locator("main a[href*='/documents/']").first.get_attribute("href"))
    agency = own_agency(monitor, "Dinas Perindustrian dan Perdagangan")
    for path in (f"/agencies/{agency}", f"/commitments/{commitment}", photo):
        monitor.open(path)
        liaison.open(path, status=404)
        liaison.sees("Halaman ini tidak ada")
        liaison.require_sound()
    for path in ("/commitments.csv", "/api/v1/commitments?limit=200"):
        assert foreign not in liaison.read(path), path
        assert foreign in monitor.read(path), path
    for person, finds in ((liaison, False), (monitor, True)):
        person.open("/search?q=suvenir")
        assert (foreign in person.text) is finds
    liaison.open("/commitments/new", status=403)
    liaison.sees("Ini bukan wewenang Anda")
