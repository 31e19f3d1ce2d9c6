"""The pages of commitments: record, report with proof, verify by another unit, move a day, as a person would."""

from datetime import timedelta

import pytest
from webtest import Upload

from collab.agreements import services as agreements
from collab.agreements.vocabulary import AgreementDocumentKind, Scheme
from collab.core import clock
from tests.support.files import png
from tests.support.world import World


@pytest.fixture
def mandate_id(world: World) -> int:
    """An internal plan of Babel, as a directive is kept."""
    with world.session() as session:
        row = agreements.create(
            session,
            actor=world.identity(session, "coordinator.babel"),
            scheme=Scheme.INTERNAL,
            document_kind=AgreementDocumentKind.INTERNAL_PLAN,
            title="Arahan Gubernur: UMKM terpadu",
            government_id=world.government("19"),
            parties=[{"organization_id": world.organization("19/pemerintah")}],
            leads=[{"organization_id": world.organization("19/kopukm"), "role": "lead", "accountable": True}],
            legal_bases=[],
        )
        session.flush()
        return int(row.id)


def record(world: World, mandate_id: int, **fields: str) -> int:
    """Record a commitment of the agriculture agency through the form; gives its id."""
    coordinator = world.client("coordinator.babel")
    form = coordinator.get(f"/commitments/new?mandate={mandate_id}").forms["form"]
    form["mandate_id"].force_value(str(mandate_id))
    form["statement"] = fields.get("statement", "Melatih kelompok tani Jahe Merah")
    form["accountable_id"].force_value(str(world.organization("19/pertanian")))
    for name, value in fields.items():
        if name != "statement":
            form.set(name, value, 0)
    answer = form.submit("save")
    assert answer.status_int == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def checkpoint_of(world: World, commitment_id: int) -> int:
    """Give the id of a commitment's only checkpoint, as the API tells it."""
    body = world.program("coordinator.babel").get(f"/api/v1/commitments/{commitment_id}").json
    return int(body["checkpoints"][0]["id"])


def report(world: World, checkpoint_id: int, *, with_photo: bool = True, **fields: str) -> None:
    """Log progress as the agriculture agency's liaison, with a photo."""
    liaison = world.client("liaison.pertanian.babel")
    form = liaison.get(f"/checkpoints/{checkpoint_id}/report").forms["form"]
    radio = next(name for name in form.fields if name and name.startswith("deformField"))
    form[radio] = fields.get("status", "done")
    form["narrative"] = fields.get("narrative", "Dua kelompok sudah dilatih.")
    if "actual" in fields:
        form["actual"] = fields["actual"]
    if with_photo:
        form.set("files", [Upload("foto lapangan.png", png(), "image/png")], 0)
    answer = form.submit("send")
    assert answer.status_int == 303, answer.text


def test_the_main_job_from_promise_to_verified_progress(world: World, mandate_id: int) -> None:
    due = (clock.today("Asia/Jakarta") + timedelta(days=40)).isoformat()
    commitment_id = record(
        world, mandate_id, indicator="Kelompok terlatih", unit="kelompok", target="2", due_on=due
    )
    checkpoint_id = checkpoint_of(world, commitment_id)
    work = world.client("liaison.pertanian.babel").get("/work")
    assert "Melatih kelompok tani Jahe Merah" in work
    report(world, checkpoint_id, actual="2")
    page = world.client("liaison.pertanian.babel").get(f"/commitments/{commitment_id}")
    assert "foto lapangan" in page

    verifier = world.client("monitor.babel")
    queue = verifier.get("/verify")
    assert "Melatih kelompok tani Jahe Merah" in queue
    decide = queue.click(href=r"/reports/\d+/decide")
    answer = decide.forms["form"].submit("verify")
    assert answer.status_int == 303, answer.text
    body = world.program("monitor.babel").get(f"/api/v1/commitments/{commitment_id}").json
    assert body["checkpoints"][0]["state"] == "met"
    assert body["signal"] == "green"
    agency = verifier.get(f"/agencies/{world.organization('19/pertanian')}")
    assert "Melatih kelompok tani Jahe Merah" in agency
    assert verifier.get("/").status_int == 200
    assert verifier.get("/agencies").status_int == 200


def test_a_report_without_evidence_is_not_verified_but_returned(world: World, mandate_id: int) -> None:
    commitment_id = record(world, mandate_id)
    report(world, checkpoint_of(world, commitment_id), with_photo=False)
    page = world.client("monitor.babel").get("/verify").click(href=r"/reports/\d+/decide")
    refused = page.forms["form"].submit("verify", status=409)
    assert "bukti" in refused.text.lower()
    silent = refused.forms["form"].submit("return", status=422)
    silent.forms["form"]["note"] = "Lampirkan foto kegiatan."
    assert silent.forms["form"].submit("return").status_int == 303
    work = world.client("liaison.pertanian.babel").get("/work")
    assert "Lampirkan foto kegiatan." in work


def test_the_reporters_own_unit_cannot_decide(world: World, mandate_id: int) -> None:
    commitment_id = record(world, mandate_id)
    report(world, checkpoint_of(world, commitment_id))
    liaison = world.client("liaison.pertanian.babel")
    number = world.program("monitor.babel").get("/api/v1/progress-reports").json["items"][0]["id"]
    liaison.get(f"/reports/{number}/decide", status=403)


def test_a_draft_is_kept_and_continued(world: World, mandate_id: int) -> None:
    checkpoint_id = checkpoint_of(world, record(world, mandate_id))
    liaison = world.client("liaison.pertanian.babel")
    form = liaison.get(f"/checkpoints/{checkpoint_id}/report").forms["form"]
    form["narrative"] = "Baru setengah jalan"
    assert form.submit("draft").status_int == 303
    again = liaison.get(f"/checkpoints/{checkpoint_id}/report").forms["form"]
    assert again["narrative"].value == "Baru setengah jalan"


def test_another_day_is_asked_for_and_granted_by_another_unit(world: World, mandate_id: int) -> None:
    today = clock.today("Asia/Jakarta")
    due, later = today + timedelta(days=5), today + timedelta(days=30)
    commitment_id = record(world, mandate_id, due_on=due.isoformat())
    checkpoint_id = checkpoint_of(world, commitment_id)
    liaison = world.client("liaison.pertanian.babel")
    form = liaison.get(f"/checkpoints/{checkpoint_id}/deadline").forms["form"]
    form["new_due_on"] = later.isoformat()
    form["reason"] = "Panen mundur karena banjir."
    assert form.submit("save").status_int == 303
    decide = world.client("coordinator.babel").get("/verify").click(href=r"/deadline-requests/\d+/decide")
    assert decide.forms["form"].submit("approve").status_int == 303
    body = world.program("coordinator.babel").get(f"/api/v1/commitments/{commitment_id}").json
    assert body["checkpoints"][0]["due_on"] == later.isoformat()
    assert body["checkpoints"][0]["original_due_on"] == due.isoformat()
    assert body["checkpoints"][0]["scoring_due_on"] == later.isoformat()


def test_an_obstacle_is_raised_and_cleared(world: World, mandate_id: int) -> None:
    commitment_id = record(world, mandate_id)
    liaison = world.client("liaison.pertanian.babel")
    form = liaison.get(f"/commitments/{commitment_id}/obstacle").forms["form"]
    form["description"] = "Bibit belum datang."
    page = form.submit("save").follow()
    assert "Bibit belum datang." in page
    follow = page.click(href=r"/obstacles/\d+").forms["form"]
    follow["note"] = "Bibit tiba."
    assert "Bibit tiba." in follow.submit("clear").follow()


def test_a_cancelled_commitment_keeps_its_history(world: World, mandate_id: int) -> None:
    commitment_id = record(world, mandate_id)
    coordinator = world.client("coordinator.babel")
    form = coordinator.get(f"/commitments/{commitment_id}/cancel").forms["form"]
    form["reason"] = "Program digabung."
    assert "Program digabung." in form.submit("save").follow()


def test_a_foreign_liaison_sees_nothing(world: World, mandate_id: int) -> None:
    commitment_id = record(world, mandate_id)
    foreign = world.client("liaison.pertanian.kalteng")
    foreign.get(f"/commitments/{commitment_id}", status=404)
    foreign.get(f"/agencies/{world.organization('19/pertanian')}", status=404)
    assert "Jahe Merah" not in foreign.get("/commitments").text
    assert "Jahe Merah" not in foreign.get("/commitments.csv").text


def test_the_same_form_sent_twice_makes_one_commitment(world: World, mandate_id: int) -> None:
    coordinator = world.client("coordinator.babel")
    form = coordinator.get("/commitments/new").forms["form"]
    form["mandate_id"].force_value(str(mandate_id))
    form["statement"] = "Sekali saja"
    form["accountable_id"].force_value(str(world.organization("19/pertanian")))
    first, second = form.submit("save"), form.submit("save")
    assert first.location == second.location
    found = world.program("coordinator.babel").get("/api/v1/commitments?q=Sekali").json["items"]
    assert len(found) == 1
