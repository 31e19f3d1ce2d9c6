"""Pages and JSON of figures: who sees which, past and future days, exports, addresses, how many statements."""

import csv
import io
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from collab.core import clock
from collab.core.identity import Role
from tests.dashboards.conftest import TODAY, tell
from tests.support import commitments as made
from tests.support import world as worlds
from tests.support.world import World

API = "/api/v1/dashboards"


@pytest.fixture
def year(world: World) -> SimpleNamespace:
    """The year, committed; gives ids by letter."""
    with world.session() as session:
        told = tell(session, world)
        return SimpleNamespace(
            mandate_id=told.mandate_id,
            **{key: row.id for key, row in vars(told).items() if key != "mandate_id"},
        )


@pytest.fixture
def present(year: SimpleNamespace) -> Any:
    """Let the whole test happen on the evening of the day of the figures."""
    with clock.travel(made.noon(TODAY, hour=12)):
        yield


def test_the_governors_office_reads_the_day_in_one_page(world: World, present: Any) -> None:
    monitor = world.client("monitor.babel")
    with world.counting() as statements:
        page = monitor.get("/")
    assert len(statements) <= 12, statements
    assert "3 dari 10 komitmen terlambat; terlama 258 hari." in page
    assert page.html.find("h1").text == "Ringkasan"
    names = [cell.find("a").text for cell in page.html.select(".table-ranking .cell-main")]
    assert names == ["Disbudpar", "Distan", "Setda", "Diskominfo", "DKUKM", "Disperindag"]
    assert (
        page.html.select(".cell-share")[0].get_text(" ", strip=True).startswith("Tepat waktu") or "0%" in page
    )
    assert "100%" in page.html.select("tbody .cell-share")[2].text
    assert "100%" not in page.html.select("tbody .cell-share")[3].text, "nothing due is no full share"
    agency = page.click("Distan")
    assert "2 dari 5 komitmen terlambat" in agency
    listed = page.click(href=r"signal=red")
    assert sorted(link.text for link in listed.html.select("tbody .cell-main a")) == ["B", "D", "K"]
    ranking = page.click("Semua perangkat daerah")
    assert "OK OCE" in ranking
    with world.counting() as statements:
        monitor.get(f"/agencies/{world.organization('19/pertanian')}")
    assert len(statements) <= 12, statements
    with world.counting() as statements:
        monitor.get("/agencies")
    assert len(statements) <= 12


def test_the_ranking_is_exported_as_it_stands_on_the_page(world: World, present: Any) -> None:
    monitor = world.client("monitor.babel")
    page = monitor.get("/agencies?sort=name")
    on_page = [cell.find("a").text for cell in page.html.select(".table-ranking .cell-main")]
    rows = list(csv.reader(io.StringIO(page.click("CSV").body.decode("utf-8-sig"))))
    shorts = {
        "Dinas Kebudayaan": "Disbudpar",
        "Dinas Komunikasi": "Diskominfo",
        "Dinas Koperasi": "DKUKM",
        "Dinas Perindustrian": "Disperindag",
        "Dinas Pertanian": "Distan",
        "Sekretariat Daerah": "Setda",
        "OK OCE": "OK OCE",
    }
    exported = [
        next(short for start, short in shorts.items() if row[3].startswith(start)) for row in rows[1:]
    ]
    assert exported == on_page
    agriculture = next(row for row in rows if row[3].startswith("Dinas Pertanian"))
    assert agriculture[:2] == ["2026-09-15", "2026-01-01"]
    assert agriculture[5:12] == ["2", "1", "0", "2", "3", "2", "66.7"]
    assert monitor.get("/agencies.xlsx").content_type.endswith("sheet")
    monitor.get("/agencies?sort=colour", status=422)


def test_past_days_stay_and_future_ones_are_refused(world: World, year: Any, present: Any) -> None:
    monitor, program = world.client("monitor.babel"), world.program("monitor.babel")
    yesterday = (TODAY - timedelta(1)).isoformat()
    before = program.get(f"{API}/overview?as_of={yesterday}").json
    assert "2 dari 10 komitmen terlambat" in monitor.get(f"/?as_of={yesterday}")
    with world.session() as session:
        row = session.get(made.Commitment, year.B)
        made.settle(session, world, row)
    assert program.get(f"{API}/overview?as_of={yesterday}").json == before
    assert program.get(f"{API}/overview").json["total"]["signals"]["red"] == 2
    tomorrow = (TODAY + timedelta(1)).isoformat()
    for address in ("/", "/agencies", f"/agencies/{world.organization('19/pertanian')}", "/agencies.csv"):
        monitor.get(f"{address}?as_of={tomorrow}", status=422)
        monitor.get(f"{address}?from={tomorrow}", status=422)
        monitor.get(f"{address}?from=x", status=422)
    for address in (f"{API}/overview", f"{API}/agencies/{world.organization('19/pertanian')}"):
        assert list(program.get(f"{address}?as_of={tomorrow}", status=422).json["errors"]) == ["as_of"]
        assert list(program.get(f"{address}?from={tomorrow}", status=422).json["errors"]) == ["from"]
    page = monitor.get(f"/?as_of={yesterday}&from=2025-12-31")
    assert all(f"as_of={yesterday}" in link["href"] for link in page.html.select(".cell-main a"))


def test_json_says_what_the_page_says(world: World, year: Any, present: Any) -> None:
    program = world.program("monitor.babel")
    body = program.get(f"{API}/overview").json
    assert (body["as_of"], body["from"]) == ("2026-09-15", "2026-01-01")
    first = body["agencies"][0]
    assert first | {"newest_evidence_on": None} == {
        "id": world.organization("19/budpar"),
        "name": "Dinas Kebudayaan dan Pariwisata Provinsi Kepulauan Bangka Belitung",
        "short_name": "Disbudpar",
        "org_class": "dinas",
        "signals": {"green": 0, "yellow": 0, "red": 1, "grey": 1},
        "without_signal": 0,
        "due": 1,
        "met_on_time": 0,
        "compliance_percent": 0,
        "overdue_checkpoints": 1,
        "stale": 2,
        "silent": 2,
        "newest_evidence_on": None,
    }
    assert body["agencies"][-1]["compliance_percent"] is None
    assert [row["statement"] for row in body["overdue"]] == ["K", "B", "D"]
    assert body["trend"][2] == {"month": "2025-12", "met_on_time": 0, "due": 1, "compliance_percent": 0}
    own = program.get(f"{API}/agencies/{world.organization('19/pertanian')}?from=2025-12-31").json
    assert (own["due"], own["met_on_time"], own["compliance_percent"]) == (4, 2, 50)
    assert [row["statement"] for row in own["overdue"]] == ["K", "B"]
    assert [len(bucket["checkpoints"]) for bucket in own["next"]] == [1, 0, 0]


def test_who_is_sent_where_and_sees_which_agency(world: World, present: Any) -> None:
    own, other = world.organization("19/pertanian"), world.organization("19/budpar")
    liaison = world.client("liaison.pertanian.babel")
    assert liaison.get("/", status=303).location.endswith("/work")
    assert liaison.get(f"/agencies/{own}").status_int == 200
    liaison.get(f"/agencies/{other}", status=404)
    liaison.get("/agencies", status=403)
    partner = world.client("partner.okeoce")
    assert partner.get("/", status=303).location.endswith("/agreements")
    assert partner.get(f"/agencies/{world.organization('okeoce')}").status_int == 200
    partner.get(f"/agencies/{own}", status=404)
    stranger = world.client("monitor.kalteng")
    stranger.get(f"/agencies/{own}", status=404)
    assert "Distan" in stranger.get("/").text, "the own agencies are ranked without figures"
    assert "komitmen terlambat" not in stranger.get("/")
    stranger.get(f"/?government={world.government('19')}", status=422)
    program = world.program("liaison.pertanian.babel")
    program.get(f"{API}/overview", status=403)
    program.get(f"{API}/agencies/{other}", status=404)
    assert program.get(f"{API}/agencies/{own}").json["due"] == 3
    assert world.client().get("/agencies", status=303).location.startswith("http://localhost/login")


def test_who_serves_two_governments_chooses_between_them(world: World, present: Any) -> None:
    with world.session() as session:
        worlds.add_user(
            session, world.people, "auditor.dua", Role.AUDITOR, government="19", valid_from=date(2020, 1, 1)
        )
        from collab.auth.models import RoleAssignment

        session.add(
            RoleAssignment(
                user_id=world.user("auditor.dua"),
                role=Role.AUDITOR,
                government_id=world.government("62"),
                valid_from=date(2020, 1, 1),
                changed_at=worlds.LONG_AGO,
            )
        )
    client = world.client("auditor.dua")
    page = client.get("/")
    assert "3 dari 10 komitmen terlambat" in page
    form = next(form for form in page.forms.values() if "government" in form.fields)
    form["government"] = str(world.government("62"))
    other = form.submit()
    assert "komitmen terlambat" not in other
    ranking = other.click("Semua perangkat daerah")
    assert f"government={world.government('62')}" in ranking.request.url
    program = world.program("auditor.dua")
    assert program.get(f"{API}/overview?government={world.government('62')}").json["total"]["due"] == 0
    program.get(f"{API}/overview?government=x", status=422)
    program.get(f"{API}/overview?government={world.government('62.11')}", status=422)
