"""Pages by which things change: rows without scripts, supporters, corrections, repair, everything typed is kept."""

from datetime import timedelta
from typing import Any

import pytest

from collab.commitments.models import Commitment
from collab.commitments.vocabulary import Decision
from collab.core import clock
from tests.support import commitments as made
from tests.support.forms import controls
from tests.support.world import World


@pytest.fixture
def row(world: World) -> dict[str, int]:
    """A commitment of Babel's agriculture agency; its own id, its checkpoint's and its mandate's."""
    with world.session() as session:
        mandate_id = made.mandate(session, world, on=-20)
        made_one = made.promise(session, world, mandate_id, on=-20, due=10)
        return {
            "id": made_one.id,
            "point": made.checkpoint(session, made_one).id,
            "mandate": mandate_id,
        }


def as_json(world: World, number: int) -> Any:
    return world.program("monitor.babel").get(f"/api/v1/commitments/{number}").json


def sent_by(page: Any) -> list[tuple[str, str]]:
    """Give what a browser without scripts would send of a page's form, without its buttons."""
    return list(controls(page.html.select_one("#form")))


def typed(pairs: list[tuple[str, str]], **values: list[str]) -> list[tuple[str, str]]:
    """Type into the fields of each name, in the order of the document."""
    rest = {name: list(given) for name, given in values.items()}
    return [(name, rest[name].pop(0)) if rest.get(name) else (name, value) for name, value in pairs]


def test_a_plan_of_checkpoints_is_written_without_scripts(world: World, row: Any) -> None:
    today = clock.today("Asia/Jakarta")
    days = {n: (today + timedelta(days=n)).isoformat() for n in (10, 20, 21)}
    coordinator = world.client("coordinator.babel")
    address = f"/commitments/new?mandate={row['mandate']}"
    page = coordinator.get(address)
    pairs = typed(
        sent_by(page),
        statement=["Dengan tonggak"],
        accountable_id=[str(world.organization("19/pertanian"))],
    )
    for _row in range(2):
        page = coordinator.post(address, [*pairs, ("__add__checkpoints", "1")], status=200)
        pairs = sent_by(page)
    assert ("statement", "Dengan tonggak") in pairs
    pairs = typed(pairs, code=["B1", "B2"], due_on=[days[21], days[10], days[20]])
    refused = coordinator.post(address, [*pairs, ("save", "save")], status=422)
    assert refused.html.select(".field-error")
    pairs = sent_by(refused)
    assert [value for name, value in pairs if name == "code"] == ["B1", "B2"]
    pairs = typed(pairs, due_on=[days[20]])
    number = int(coordinator.post(address, [*pairs, ("save", "save")], status=303).location.rsplit("/", 1)[1])
    points = as_json(world, number)["checkpoints"]
    assert [(p["code"], p["due_on"]) for p in points] == [("B1", days[10]), ("B2", days[20])]


def test_supporters_are_changed_on_their_own_page(world: World, row: Any) -> None:
    coordinator = world.client("coordinator.babel")
    address = f"/commitments/{row['id']}/support"
    page = coordinator.get(f"/commitments/{row['id']}").click("Ubah pendukung")
    page = coordinator.post(address, [*sent_by(page), ("__add__supporting_ids", "1")], status=200)
    pairs = typed(sent_by(page), organization=[str(world.organization("19/budpar"))])
    assert "Dinas Kebudayaan" in coordinator.post(address, [*pairs, ("save", "save")], status=303).follow()
    assert as_json(world, row["id"])["supporting_ids"] == [world.organization("19/budpar")]
    assert world.client("liaison.budpar.babel").get(f"/commitments/{row['id']}").status_int == 200
    pairs = sent_by(coordinator.get(address))
    assert ("organization", str(world.organization("19/budpar"))) in pairs
    pairs = typed(pairs, organization=[str(world.organization("19/pertanian"))])
    refused = coordinator.post(address, [*pairs, ("save", "save")], status=422)
    assert refused.html.select(".field-error")
    world.client("monitor.babel").get(f"/commitments/{row['id']}/support", status=403)


def test_somebody_elses_change_is_shown_beside_ones_own(world: World, row: Any) -> None:
    coordinator = world.client("coordinator.babel")
    form = coordinator.get(f"/commitments/{row['id']}/edit").forms["form"]
    with world.session() as session:
        from collab.commitments.services import commitments

        commitments.edit(
            session,
            session.get(Commitment, row["id"]),
            actor=world.identity(session, "coordinator.babel"),
            statement="Milik orang lain",
        )
    form["statement"] = "Milik saya"
    stale = form.submit("save", status=409)
    assert "Milik orang lain" in stale
    again = stale.forms["form"]
    assert again["statement"].value == "Milik saya"
    assert again.submit("save", status=303)
    assert as_json(world, row["id"])["statement"] == "Milik saya"


def test_a_verified_report_is_corrected_by_a_new_one(world: World, row: Any) -> None:
    with world.session() as session:
        made.settle(session, world, session.get(Commitment, row["id"]))
    liaison = world.client("liaison.pertanian.babel")
    form = liaison.get(f"/commitments/{row['id']}").click("Perbaiki laporan").forms["form"]
    assert form["narrative"].value == "Dua kelompok sudah dilatih."
    form["narrative"] = "Tiga kelompok."
    assert form.submit("send", status=303).location.endswith("/work")
    reports = as_json(world, row["id"])["reports"]
    assert reports[1]["supersedes_id"] == reports[0]["id"]
    assert as_json(world, row["id"])["checkpoints"][0]["state"] == "met"


def test_a_waiting_report_is_replaced_and_a_draft_of_it_continued(world: World, row: Any) -> None:
    liaison = world.client("liaison.pertanian.babel")
    with world.session() as session:
        made.report(session, world, session.get(Commitment, row["id"]))
    form = liaison.get(f"/checkpoints/{row['point']}/report").forms["form"]
    assert form["narrative"].value == "Dua kelompok sudah dilatih."
    form["narrative"] = "Belum selesai ditulis"
    form.submit("draft", status=303)
    form = liaison.get(f"/checkpoints/{row['point']}/report").forms["form"]
    assert form["narrative"].value == "Belum selesai ditulis"
    form.submit("send", status=303)
    reports = as_json(world, row["id"])["reports"]
    assert [report["supersedes_id"] for report in reports] == [None, reports[0]["id"]]


def test_work_leads_straight_to_the_form_and_back(world: World, row: Any) -> None:
    with world.session() as session:
        commitment = session.get(Commitment, row["id"])
        report = made.report(session, world, commitment)
        made.decide(session, world, report, Decision.RETURNED, note="Foto kabur, ulangi.")
    liaison = world.client("liaison.pertanian.babel")
    work = liaison.get("/work")
    assert "Foto kabur, ulangi." in work
    page = work.click("Perbaiki")
    assert "Foto kabur, ulangi." in page
    form = page.forms["form"]
    silent = form.submit("send", status=422)
    assert silent.html.select_one(".error-summary")
    form = silent.forms["form"]
    radio = next(name for name in form.fields if name and name.startswith("deformField"))
    form[radio], form["narrative"] = "done", "Sudah diulangi."
    back = form.submit("send", status=303)
    assert back.location.endswith("/work")
    assert "Menunggu verifikasi" in back.follow()


def test_nothing_has_changed_is_one_tap_from_work(world: World, row: Any) -> None:
    with world.session() as session:
        from collab.commitments.vocabulary import ReportCycle, ReportStatus

        old = made.promise(
            session,
            world,
            row["mandate"],
            on=-20,
            due=90,
            statement="Rutin",
            report_cycle=ReportCycle.MONTH,
        )
        made.settle(session, world, old, on=-19, status=ReportStatus.IN_PROGRESS)
        number = old.id
    liaison = world.client("liaison.pertanian.babel")
    work = liaison.get("/work")
    forms = [form for form in work.forms.values() if form.action.endswith(f"/commitments/{number}/attest")]
    first, second = forms[0].submit(), forms[0].submit()
    assert first.location == second.location, "a double tap is one act"
    assert "/attest" not in liaison.get("/work")
    assert "Menyatakan" in liaison.get(f"/commitments/{number}")


def test_a_cancelled_checkpoint_is_not_reported_on(world: World, row: Any) -> None:
    liaison = world.client("liaison.pertanian.babel")
    form = liaison.get(f"/checkpoints/{row['point']}/report").forms["form"]
    cancel = world.client("coordinator.babel").get(f"/commitments/{row['id']}/cancel").forms["form"]
    empty = cancel.submit("save", status=422)
    cancel = empty.forms["form"]
    cancel["reason"] = "Digabung."
    cancel.submit("save", status=303)
    radio = next(name for name in form.fields if name and name.startswith("deformField"))
    form[radio], form["narrative"] = "in_progress", "Masih ditulis"
    refused = form.submit("send", status=409)
    assert "dibatalkan" in refused
    assert refused.forms["form"]["narrative"].value == "Masih ditulis"
    assert "Catat kemajuan" not in liaison.get(f"/commitments/{row['id']}")
    world.client("coordinator.babel").get(f"/commitments/{row['id']}/cancel")


def test_the_forms_of_one_checkpoint_leave_those_of_others_as_they_are(world: World, row: Any) -> None:
    with world.session() as session:
        counted = made.promise(
            session, world, row["mandate"], due=20, indicator="UMKM", unit="UMKM terlatih", statement="Hitung"
        )
        people = made.promise(session, world, row["mandate"], due=20, indicator="Orang", statement="Orang")
        points = [made.checkpoint(session, one).id for one in (counted, people)]
    liaison = world.client("liaison.pertanian.babel")
    form = liaison.get(f"/checkpoints/{points[0]}/report").forms["form"]
    form.submit("draft", status=303)
    page = liaison.get(f"/checkpoints/{points[1]}/report")
    assert "UMKM terlatih" not in page
    refused = page.forms["form"].submit("send", status=422)
    assert len(refused.html.select(".field-error")) == 2, "a draft elsewhere leaves these needed"
