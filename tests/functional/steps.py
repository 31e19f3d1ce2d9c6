"""What people do again and again in the journeys, and the papers they bring."""

import io
import re
from datetime import date
from typing import Any

from PIL import Image

from tests.support.visitor import Visitor

JOINT_AGREEMENT = "Kesepakatan Bersama OKE OCE Peningkatan UMKM"
LEADS = ("Dinas Koperasi dan UMKM", "Dinas Perindustrian dan Perdagangan")


def photo() -> dict[str, Any]:
    """Give a photo as a phone makes it."""
    out = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(out, "JPEG", quality=80)
    return {"name": "pelatihan.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def number_of(visitor: Visitor) -> int:
    """Give the number of the row whose page is open."""
    found = re.search(r"/(\d+)(?:$|[?#/])", visitor.page.url)
    assert found, visitor.page.url
    return int(found[1])


def fieldset(visitor: Visitor, name: str) -> Any:
    """Find the section of a form that bears a name."""
    return visitor.page.locator("fieldset.section").filter(
        has=visitor.page.locator("legend", has_text=re.compile(f"^{name}$"))
    )


def record_agreement(visitor: Visitor) -> int:
    """Record the joint agreement with OKE OCE: two leads, one of them accountable, under Pergub 48/2018."""
    visitor.open("/agreements")
    visitor.follow("Catat kerja sama")
    visitor.field("Jenis naskah").select_option(label="Kesepakatan Bersama")
    visitor.fill("Judul", JOINT_AGREEMENT)
    parties = fieldset(visitor, "Para pihak").locator("[data-rows-item]")
    visitor.find("Organisasi", "OKE OCE", "OKE OCE", within=parties.nth(1))
    _name_leads(visitor)
    _name_basis(visitor)
    visitor.press("Catat kerja sama")
    return number_of(visitor)


def _name_leads(visitor: Visitor) -> None:
    section = fieldset(visitor, "PD pengampu")
    rows, add = section.locator("[data-rows-item]"), section.get_by_role("button", name="Tambah organisasi")
    visitor.find("Organisasi", "Koperasi", LEADS[0], within=rows.nth(0))
    for _more in range(2):
        add.focus()
        add.press("Enter")
    visitor.find("Organisasi", "Perindustrian", LEADS[1], within=rows.nth(1))
    visitor.field("Peran", within=rows.nth(1)).select_option(label="PD pengampu")
    # one row too many: taken off by the keyboard, and nothing else goes with it
    rows.nth(2).get_by_role("button", name="Hapus").press("Enter")
    assert rows.count() == 2
    assert [LEADS[n] in visitor.field("Organisasi", within=rows.nth(n)).input_value() for n in (0, 1)] == [
        True,
        True,
    ]


def _name_basis(visitor: Visitor) -> None:
    section = fieldset(visitor, "Dasar hukum")
    section.get_by_role("button", name="Tambah peraturan").click()
    row = section.locator("[data-rows-item]").nth(0)
    visitor.find("Peraturan", "48", "Pergub 48/2018", within=row)
    visitor.fill("Pasal", "Pasal 5", within=row)


def record_commitment(
    visitor: Visitor, agreement: int, *, agency: str, statement: str, due_on: date, target: int | None = None
) -> int:
    """Record what one agency owes under an agreement, from the agreement's page."""
    visitor.open(f"/agreements/{agreement}")
    visitor.follow("Catat komitmen")
    assert JOINT_AGREEMENT in visitor.field("Berdasarkan amanat").input_value()
    visitor.fill("Yang dijanjikan", statement)
    visitor.find("Penanggung jawab", agency.split()[1], agency)
    if target is not None:
        visitor.fill("Indikator", "UMKM terlatih")
        visitor.fill("Satuan", "UMKM")
        visitor.fill("Target", str(target))
    visitor.field("Tenggat").fill(due_on.isoformat())
    visitor.press("Catat komitmen")
    visitor.sees("Komitmen tercatat.", statement)
    return number_of(visitor)


def open_report(visitor: Visitor, statement: str) -> None:
    """Go from one's work to the report on a commitment."""
    visitor.open("/work")
    visitor.follow(statement)
    assert "/checkpoints/" in visitor.page.url


def write_report(visitor: Visitor, narrative: str, *, actual: int | None = None, files: Any = ()) -> None:
    """Fill the report in: done, with what was done, the number reached and evidence."""
    visitor.page.locator("label").get_by_text("Selesai", exact=True).click()
    assert visitor.page.get_by_label("Selesai", exact=True).is_checked()
    visitor.fill("Yang sudah dikerjakan", narrative)
    if actual is not None:
        visitor.fill("Angka yang tercapai (UMKM)", str(actual))
    if files:
        visitor.page.get_by_label("Tambah berkas").set_input_files(files)
        if visitor.script:
            visitor.page.locator(".upload-kept li").first.wait_for()


def count_of(visitor: Visitor, path: str, text: str) -> int:
    """Count how often a page says a text."""
    visitor.open(path)
    return visitor.text.count(text)
