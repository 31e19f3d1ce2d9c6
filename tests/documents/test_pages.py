"""Pages and API of documents: what is sent, what comes back, and to whom."""

import pytest
from webtest import Upload

from collab.audit.models import JournalEntry
from collab.core.errors import TooLarge
from collab.core.inspection import RejectedFile
from collab.core.storage import NullFileStore
from collab.documents import services
from collab.documents.errors import refusal_of
from collab.documents.models import Document, DocumentVersion
from tests.support.files import pdf, png

BASE = "/api/v1/documents"


def send(program, name="Pergub 48.pdf", content=None, status=201, **fields):
    values = {"title": "Pergub 48", "kind": "text"} | fields
    file = [("file", name, pdf() if content is None else content)]
    return program.post(BASE, values, upload_files=file, status=status)


@pytest.fixture
def legal(world):
    return world.program("legal.babel")


# -- sending --------------------------------------------------------------------------------------------------


def test_an_upload_is_answered_with_its_address_and_can_be_read_back(world, legal):
    sent = send(legal)
    assert sent.headers["Location"].endswith(f"{BASE}/{sent.json['id']}")
    read = legal.get(f"{BASE}/{sent.json['id']}").json
    assert (read["title"], read["kind"], read["is_claimed"]) == ("Pergub 48", "text", False)
    assert (read["newest_version"]["number"], read["newest_version"]["filename"]) == (1, "Pergub 48.pdf")
    assert [item["id"] for item in legal.get(BASE).json["items"]] == [sent.json["id"]]


def test_title_and_kind_have_defaults(world, legal):
    file = [("file", "Foto.png", png())]
    assert legal.post(BASE, {}, upload_files=file, status=201).json["title"] == "Foto.png"


def test_an_upload_never_tells_whether_the_file_was_known(world, legal):
    first = send(legal)
    again = send(world.program("legal.kalteng"))
    bodies = [
        {name: value for name, value in answer.json.items() if name != "id"} for answer in (first, again)
    ]
    assert bodies[0] == bodies[1]
    assert set(first.headers) == set(again.headers)


@pytest.mark.parametrize(
    "name, content, status",
    [
        ("virus.exe", b"MZ", 415),
        ("script.html", b"<script>", 415),
        ("palsu.pdf", b"<html></html>", 422),
        ("kosong.pdf", b"", 422),
        ("a/b.pdf", pdf(), 422),
        ("..\\..\\x.pdf", pdf(), 422),
        ("gambar.png", pdf(), 422),
        ("balik\u202efdp.pdf", pdf(), 422),
    ],
)
def test_bad_files_are_refused_in_words_and_leave_nothing(world, legal, name, content, status):
    answer = send(legal, name, content, status=status)
    assert answer.content_type == "application/problem+json"
    assert answer.json["detail"]
    with world.session() as session:
        assert session.query(Document).count() == 0
    assert list(world.registry["collab.store"].iter_digests()) == []


def test_a_file_beyond_the_bound_is_413_whoever_measures_it(world, legal):
    world.registry["collab.store"] = NullFileStore(max_bytes=100)
    assert "detail" in send(legal, status=413).json
    gate = RejectedFile("too_large", limit=25)
    assert isinstance(refusal_of(gate.sentence), TooLarge)


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"title": "x" * 301}, "title"),
        ({"kind": "novel"}, "kind"),
        ({"owner": "1"}, "owner"),
        ({"title": "a\x00b"}, "title"),
    ],
)
def test_wrong_fields_are_refused_at_their_name(world, legal, fields, field):
    assert list(send(legal, status=422, **fields).json["errors"]) == [field]


def test_other_bodies_and_missing_files_are_refused(world, legal):
    assert legal.post_json(BASE, {"title": "x"}, status=415)
    assert legal.post(BASE, {"title": "x"}, status=415)
    two = [("file", "a.pdf", pdf()), ("file", "b.pdf", pdf("b"))]
    assert list(legal.post(BASE, {}, upload_files=two, status=422).json["errors"]) == ["file"]
    assert list(
        legal.post(BASE, {}, upload_files=[("other", "a.pdf", pdf())], status=422).json["errors"]
    ) == ["other"]


def test_the_same_key_with_the_same_file_sends_once_and_with_another_is_refused(world, legal):
    def keyed(content):
        headers = {"Idempotency-Key": "a-key-of-the-test"}
        return legal.post(
            BASE, {"title": "x"}, upload_files=[("file", "a.pdf", content)], headers=headers, status="*"
        )

    first, again, other = keyed(pdf()), keyed(pdf()), keyed(pdf("other"))
    assert (first.status_int, again.status_int, other.status_int) == (201, 201, 409)
    assert first.json["id"] == again.json["id"]


def test_who_attaches_nothing_in_their_work_sends_nothing(world):
    for who in ("admin", "monitor.babel", "auditor.babel"):
        assert send(world.program(who), status=403)
    for who in ("coordinator.babel", "liaison.kopukm.babel", "partner.okeoce"):
        assert send(world.program(who), status=201)
    assert world.client().post(BASE, {}, upload_files=[("file", "a.pdf", pdf())], status="*").status_int in (
        400,
        401,
    )


# -- reading --------------------------------------------------------------------------------------------------


def test_the_bytes_are_served_as_a_file_without_any_right(world, legal):
    number = send(legal).json["id"]
    answer = legal.get(f"/documents/{number}/content")
    assert answer.body == pdf()
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="Pergub 48.pdf"')
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer.headers["Cache-Control"]
    again = legal.get(
        f"/documents/{number}/content", headers={"If-None-Match": answer.headers["ETag"]}, status=304
    )
    assert again.body == b""


def test_a_picture_may_be_shown_in_place(world, legal):
    number = send(legal, "Foto.png", png()).json["id"]
    assert legal.get(f"/documents/{number}/content").headers["Content-Disposition"].startswith("inline;")


def test_a_strange_name_travels_whole(world, legal):
    number = send(legal, "Perjanjian “é” 100%.pdf").json["id"]
    said = legal.get(f"/documents/{number}/content").headers["Content-Disposition"]
    assert "filename*=UTF-8''Perjanjian%20%E2%80%9C%C3%A9%E2%80%9D%20100%25.pdf" in said
    assert said.isascii()


def test_a_damaged_file_is_never_served(world, legal):
    number = send(legal).json["id"]
    [path] = [p for p in (world.folder / "files").rglob("*") if p.is_file() and len(p.name) == 64]
    path.chmod(0o600)
    path.write_bytes(pdf().replace(b"Peraturan", b"Palsu    "))
    answer = legal.get(f"{BASE}/{number}/content", status=500)
    assert b"%PDF" not in answer.body


def test_nobody_else_learns_of_an_unclaimed_document(world, legal):
    number = send(legal).json["id"]
    for who in ("coordinator.babel", "legal.kalteng", "auditor.babel", "admin"):
        program = world.program(who)
        for part in ("", "/content", "/versions", "/versions/1/content"):
            assert program.get(f"{BASE}/{number}{part}", status=404)
        assert program.get(f"/documents/{number}", status=404)
        assert program.get(BASE).json["items"] == []
    assert world.client().get(f"{BASE}/{number}", status=401)


def test_opening_a_file_is_remembered(world, legal):
    number = send(legal).json["id"]
    legal.get(f"/documents/{number}/content")
    with world.session() as session:
        entry = session.query(JournalEntry).filter_by(tag="documents:document:read").one()
        assert (entry.subject_id, entry.user_id) == (number, world.user("legal.babel"))


@pytest.mark.parametrize(
    "address", ["/documents/999", "/documents/999/content", f"{BASE}/999/versions/1/content"]
)
def test_what_is_not_there_is_404(legal, address):
    assert legal.get(address, status=404)


# -- the page -------------------------------------------------------------------------------------------------


def test_the_page_shows_versions_hash_and_who_sent_them(world):
    number = send(world.program("legal.babel")).json["id"]
    page = world.client("legal.babel").get(f"/documents/{number}")
    with world.session() as session:
        digest = session.query(DocumentVersion.sha256).scalar()
    for shown in ("Pergub 48", digest, "Legal Babel"):
        assert shown in page.text
    with world.counting() as seen:
        world.client("legal.babel").get(f"/documents/{number}")
    assert len([s for s in seen if "document" in s]) <= 6


def test_a_new_version_is_sent_on_its_own_form_and_the_old_one_stays(world):
    number = send(world.program("legal.babel")).json["id"]
    browser = world.client("legal.babel")
    form = browser.get(f"/documents/{number}/versions/new").forms["form"]
    sent = form.submit_fields("save")
    sent.insert(
        sent.index(("__end__", "files:sequence")), ("files", Upload("Pergub 48 revisi.pdf", pdf("dua")))
    )
    page = browser.post(form.action, sent, status=303).follow()
    assert "Pergub 48 revisi.pdf" in page.text
    assert browser.get(f"/documents/{number}/content").body == pdf("dua")
    assert browser.get(f"/documents/{number}/versions/1/content").body == pdf()
    assert browser.get(f"/documents/{number}/versions/3/content", status=404)


def test_a_version_is_refused_to_whoever_only_reads(world):
    legal = world.program("legal.babel")
    number = send(legal).json["id"]
    with world.session() as session:
        services.claim(session, [number], actor=world.identity(session, "legal.babel"))
    world.registry["collab.document_owners"]["test"] = lambda *_: True
    version = [("file", "b.pdf", pdf("b"))]
    assert legal.post(f"{BASE}/{number}/versions", {}, upload_files=version, status=403)
    world.registry["collab.document_editors"]["test"] = lambda *_: True
    assert legal.post(f"{BASE}/{number}/versions", {}, upload_files=version, status=201).json["number"] == 2
    assert legal.post(f"{BASE}/{number}/versions", {}, upload_files=version, status=409)


def test_a_signed_in_browser_sends_a_file_at_once_with_its_token(world):
    browser = world.client("legal.babel")
    token = browser.get("/regulations/new").forms["form"]["csrf_token"].value
    file = [("file", "a.pdf", pdf())]
    sent = browser.post(
        BASE,
        {"title": "a.pdf", "kind": "text"},
        upload_files=file,
        headers={"X-CSRF-Token": token},
        status=201,
    )
    assert browser.post(BASE, {"title": "a.pdf"}, upload_files=file, status=400)
    form = browser.get("/regulations/new").forms["form"]
    form["kind"], form["title"] = "pergub", "Rancangan dengan berkas"
    fields = form.submit_fields("save")
    fields.insert(fields.index(("__end__", "kept:sequence")), ("kept", str(sent.json["id"])))
    page = browser.post(form.action, fields, status=303).follow()
    assert f"/documents/{sent.json['id']}" in page.text
