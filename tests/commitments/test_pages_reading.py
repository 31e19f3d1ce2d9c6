"""Pages that are read: budgets of statements, files equal to the page, past days, hints, words for nothing and for much."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from collab.commitments.models import Commitment
from collab.commitments.vocabulary import Decision, ReportStatus
from collab.core import clock
from tests.support import commitments as made
from tests.support.world import World

LONG = "Pemberdayaan berkelanjutan " * 11 + "akhir."


@pytest.fixture
def busy(world: World) -> dict[str, Any]:
    """A directive with commitments in every light, and one with everything recorded on it; ids by name."""
    with world.session() as session:
        mandate_id = made.mandate(session, world, on=-60)
        rows = {
            "full": made.promise(
                session, world, mandate_id, on=-60, due=-5, support=("okeoce", "19/budpar"), statement=LONG
            ),
            "soon": made.promise(session, world, mandate_id, on=-60, due=5, statement="Segera"),
            "open": made.promise(session, world, mandate_id, on=-60, due=60, statement="=1+1 terbuka"),
            "none": made.promise(session, world, mandate_id, on=-60, owner="okeoce", statement="Tanpa"),
        }
        full = rows["full"]
        made.decide(session, world, made.report(session, world, full, on=-50), Decision.RETURNED, on=-49)
        made.settle(session, world, full, on=-40, status=ReportStatus.IN_PROGRESS)
        made.hinder(session, world, full, on=-39, needs="19/budpar")
        made.answer(session, world, made.ask(session, world, full, made.day(-4), on=-30), on=-29)
        made.ask(session, world, full, made.day(9), on=-3)
        made.report(session, world, full, on=-2)
        return {name: row.id for name, row in rows.items()} | {"mandate": mandate_id}


def test_lists_and_pages_ask_few_questions(world: World, busy: Any) -> None:
    monitor, liaison = world.client("monitor.babel"), world.client("liaison.pertanian.babel")
    coordinator = world.client("coordinator.babel")
    for client, path, most in (
        (monitor, "/commitments", 6),
        (liaison, "/commitments", 6),
        (monitor, "/commitments?signal=red&sort=agency", 6),
        (monitor, f"/commitments/{busy['full']}", 18),
        (liaison, f"/commitments/{busy['full']}", 18),
        (coordinator, f"/commitments/{busy['full']}", 18),
        (liaison, "/work", 6),
        (monitor, "/verify", 7),
    ):
        with world.counting() as statements:
            client.get(path)
        assert len(statements) <= most, (path, len(statements), statements)


def test_files_hold_what_the_list_shows(world: World, busy: Any) -> None:
    monitor = world.client("monitor.babel")
    for query in ("?sort=newest", "?signal=red", "?q=segera", f"?agency={world.organization('okeoce')}"):
        page = monitor.get(f"/commitments{query}")
        shown = [link["href"].rsplit("/", 1)[1] for link in page.html.select("tbody .cell-main a")]
        assert shown
        rows = list(csv.reader(io.StringIO(page.click("CSV").body.decode("utf-8-sig"))))
        assert [row[0] for row in rows[1:]] == shown
        sheet = load_workbook(io.BytesIO(page.click("XLSX").body), read_only=True).active
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert [str(row[0]) for row in cells[1:]] == shown
    everything = monitor.get("/commitments.csv").body.decode("utf-8-sig")
    assert "'=1+1 terbuka" in everything, "a formula is disarmed"
    monitor.get("/commitments.csv?colour=red", status=422)


def test_a_past_day_is_shown_without_buttons_and_as_it_was(world: World, busy: Any) -> None:
    monitor = world.client("monitor.babel")
    today = clock.today("Asia/Jakarta")
    past = (today - timedelta(days=45)).isoformat()
    page = monitor.get(f"/commitments/{busy['full']}?as_of={past}")
    assert "Dikembalikan" in page
    assert "Bibit belum datang." not in page
    assert page.html.select("main form[method=post]") == []
    assert "/decide" not in page
    before = monitor.get(f"/commitments/{busy['full']}?as_of={(today - timedelta(days=61)).isoformat()}")
    assert "Riwayat" not in before.html.select_one("main").text
    assert "Tanpa" in monitor.get(f"/commitments?as_of={past}")
    monitor.get(f"/commitments?as_of={(today + timedelta(days=2)).isoformat()}", status=422)


def test_everyone_is_told_why_a_button_is_missing(world: World, busy: Any) -> None:
    place = f"/commitments/{busy['full']}"
    liaison = world.client("liaison.pertanian.babel").get(place)
    assert "Mengapa tidak bisa menyatakan tidak ada perubahan?" in liaison
    assert "Mengapa tidak bisa meminta tenggat lain?" in liaison
    assert "/attest" not in liaison
    assert "/deadline" not in liaison
    assert "Ganti laporan" in liaison
    own = world.client("liaison.pertanian.babel")
    with world.session() as session:
        row = made.promise(session, world, busy["mandate"], owner="19/kerjasama", due=5, statement="Naskah")
        report = made.report(session, world, row, by="liaison.setda.babel").id
        made.ask(session, world, row, made.day(20), by="liaison.setda.babel")
        own_place = f"/commitments/{row.id}"
    page = world.client("coordinator.babel").get(own_place)
    assert page.text.count("Mengapa tidak bisa memutuskannya?") == 2
    assert "Mengapa tidak bisa membatalkannya?" in page
    assert "PP 18/2016" in page
    assert "/decide" not in page
    refused = world.client("coordinator.babel").get(f"/reports/{report}/decide", status=403)
    assert "PP 18/2016" in refused
    assert "/decide" in world.client("monitor.babel").get(place)
    assert own.get("/verify").text.count("Baca dan putuskan") == 0


def test_a_decided_report_is_not_offered_for_decision_again(world: World, busy: Any) -> None:
    with world.session() as session:
        row = session.get(Commitment, busy["soon"])
        report = made.settle(session, world, row).id
    page = world.client("monitor.babel").get(f"/reports/{report}/decide", status=303).follow()
    assert "Laporan ini sudah diputuskan atau diganti." in page


def test_nothing_says_what_would_be_here_and_much_does_not_break(world: World, busy: Any) -> None:
    monitor, kalteng = world.client("monitor.babel"), world.client("monitor.kalteng")
    assert kalteng.get("/commitments").html.select_one(".empty-title")
    assert kalteng.get("/verify").html.select_one(".empty-title")
    assert world.client("liaison.kominfo.babel").get("/work").html.select_one(".empty-title")
    assert monitor.get("/commitments?q=tidakada").html.select_one(".empty a")
    page = monitor.get(f"/commitments/{busy['full']}")
    assert page.html.select_one("h1").text == LONG
    assert page.html.select_one(".breadcrumbs li").text.strip() == "Komitmen"
    for client, path in (
        (monitor, "/commitments?lang=en"),
        (monitor, f"/commitments/{busy['full']}?lang=en"),
        (monitor, "/verify?lang=en"),
        (world.client("liaison.pertanian.babel"), "/work?lang=en"),
    ):
        english = client.get(path)
        assert english.html.html["lang"] == "en"
        assert english.html.select_one("h1").text in ("Commitments", LONG, "Verify", "My work")
        assert english.html.select_one(".lead")
