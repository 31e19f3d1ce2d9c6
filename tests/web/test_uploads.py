"""The intake: files are taken in before the transaction, by whom may bring them, and survive a form shown again."""

import base64
import errno
import io
import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import colander
import deform
import pytest
import transaction
import webtest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest
from pyramid.interfaces import ITweens
from pyramid.response import Response

from collab.auth.models import User
from collab.core import clock
from collab.core.errors import CollabError, StorageFull
from collab.core.storage import NullFileStore
from collab.web import sizes, uploads
from collab.web.uploads import KEPT_FOR, Arrived, Refused, files_node, read_kept, sign_kept

SECRET = "a secret of the tests"
ARRIVED = Arrived("PKS.pdf", "ab" * 32, 12345, "application/pdf")


def picture(colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), colour).save(out, "PNG")
    return out.getvalue()


PICTURE = picture()
PAGE = b"<html><script>alert(1)</script></html>"


class WatchfulStore(NullFileStore):
    """A store in memory that notes whether a transaction was open while it was written to."""

    def __init__(self, manager: transaction.TransactionManager) -> None:
        super().__init__()
        self.manager = manager
        self.in_transaction: list[bool] = []
        self.failure: OSError | None = None

    def put(self, stream):
        try:
            self.manager.get()
            self.in_transaction.append(True)
        except transaction.interfaces.NoTransaction:
            self.in_transaction.append(False)
        if self.failure:
            raise self.failure
        return super().put(stream)


class Schema(colander.MappingSchema):
    title = colander.SchemaNode(colander.String())
    evidence = files_node("evidence")
    copies = files_node("copies", most=2)


class House:
    """A small application with the intake, a transaction manager and one form."""

    def __init__(self, *, signed_in=lambda request: True) -> None:
        self.manager = transaction.TransactionManager(explicit=True)
        self.store = WatchfulStore(self.manager)
        self.seen: list[dict] = []
        self.raw: list = []
        self.values: list = []
        self.again: list = []
        self.config = config = Configurator(
            settings={"tm.manager_hook": lambda request: self.manager, "tm.annotate_user": False}
        )
        config.include("pyramid_tm")
        config.include("collab.web.uploads")
        config.include("collab.web.sizes")
        config.registry["collab.store"] = self.store
        config.registry["collab.settings"] = SimpleNamespace(secret=SECRET)
        if signed_in is not None:
            config.registry["collab.may_bring_files"] = signed_in
        config.add_request_method(
            lambda request: SimpleNamespace(user_id=7, locale="id"), "identity", property=True
        )
        for name, view in (("look", self.look), ("form", self.form)):
            config.add_route(name, f"/{name}")
            config.add_view(view, route_name=name)
        self.app = webtest.TestApp(config.make_wsgi_app())

    def look(self, request):
        self.raw.append(request.environ.get("collab.uploads"))
        assert self.manager.get() is not None
        return Response("seen")

    def form(self, request):
        form = deform.Form(Schema().bind(request=request))
        try:
            self.values.append(form.validate(request.POST.items()))
        except deform.ValidationFailure as failure:
            self.again.append(failure)
            return Response("again", status=422)
        return Response("saved")

    def send(self, *files, fields=(), path="/form", status=None, kept=()):
        """Send the form as a browser would, files under `evidence` unless named otherwise."""
        controls = [("title", "Bukti"), *fields]
        controls += [("__start__", "evidence:mapping"), ("__start__", "kept:sequence")]
        controls += [("kept", token) for token in kept]
        controls += [("__end__", "kept:sequence"), ("__start__", "files:sequence")]
        controls += [("files", webtest.Upload(name, content)) for name, content in files]
        controls += [("__end__", "files:sequence"), ("__end__", "evidence:mapping")]
        return self.app.post(path, controls, status=status)


@pytest.fixture(name="house")
def _house():
    return House()


def problems(failure, name="evidence") -> list[str]:
    return failure.field[name].error.messages()


def kept_ids(failure, name="evidence") -> list[dict]:
    """Give what the widget would draw as kept."""
    field = failure.field[name]
    return list(field.widget.describe(failure.cstruct[name]))


# -- taking in ------------------------------------------------------------------------------------------------


def test_a_file_is_stored_before_the_transaction_begins(house):
    house.send(("foto.png", PICTURE), path="/look")
    assert house.store.in_transaction == [False]
    (arrived,) = house.raw[0]["files"]
    assert (arrived.name, arrived.size, arrived.media_type) == ("foto.png", len(PICTURE), "image/png")
    assert house.store.open(arrived.sha256).read() == PICTURE


def test_the_intake_stands_outside_the_transaction_and_inside_the_guard():
    config = Configurator()
    config.include("pyramid_tm")
    config.add_tween("collab.web.transactions.guard_tween_factory", over="pyramid_tm.tm_tween_factory")
    config.include("collab.web.uploads")
    config.commit()
    order = [name for name, _factory in config.registry.getUtility(ITweens).implicit()]
    names = ("transactions.guard", "uploads.intake", "pyramid_tm.tm")
    places = [next(place for place, name in enumerate(order) if part in name) for part in names]
    assert places == sorted(places)


@pytest.mark.parametrize("signed_in", [None, lambda request: False])
def test_files_of_people_who_are_not_signed_in_are_left_alone(monkeypatch, signed_in):
    monkeypatch.setattr(uploads, "take_in", lambda request: pytest.fail("the files were read"))
    house = House(signed_in=signed_in)
    house.send(("foto.png", PICTURE), path="/look")
    assert house.raw == [None]
    assert list(house.store.iter_digests()) == []


@pytest.mark.parametrize("send", ["get", "plain"])
def test_other_requests_are_not_looked_at(house, monkeypatch, send):
    monkeypatch.setattr(uploads, "take_in", lambda request: pytest.fail("the files were read"))
    house.app.get("/look") if send == "get" else house.app.post("/look", {"a": "b"})
    assert house.raw == [None]


def test_a_refused_file_is_recorded_with_its_reason_and_not_stored(house):
    house.send(("laporan.pdf", PAGE), ("foto.png", PICTURE), path="/look")
    refused, arrived = house.raw[0]["files"]
    assert isinstance(refused, Refused)
    assert refused.name == "laporan.pdf"
    assert isinstance(arrived, Arrived)
    assert list(house.store.iter_digests()) == [arrived.sha256]


def test_an_empty_file_box_brings_nothing(house):
    house.app.post("/look", [("files", webtest.Upload("", b""))])
    assert house.raw == [{}]


def test_the_eleventh_file_is_refused(house, monkeypatch):
    monkeypatch.setattr(uploads, "inspect", lambda path, name: SimpleNamespace(media_type="image/png"))
    house.send(*((f"{number}.png", PICTURE) for number in range(11)), path="/look")
    outcomes = house.raw[0]["files"]
    assert [type(outcome) for outcome in outcomes] == [Arrived] * 10 + [Refused]


def test_a_file_above_the_bound_is_refused_at_its_field(house, monkeypatch):
    monkeypatch.setattr(house.store, "_max_bytes", 10)
    house.send(("foto.png", PICTURE), path="/look")
    assert isinstance(house.raw[0]["files"][0], Refused)


def test_a_request_beyond_all_bounds_is_refused_before_it_is_read(house, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 1)
    monkeypatch.setattr(sizes, "MOST_BYTES", 1)
    with pytest.raises(CollabError) as refused:
        house.send(("foto.png", PICTURE))
    assert refused.value.status == 413
    assert house.raw == []


def test_a_full_disk_is_told_as_such(house):
    house.store.failure = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(StorageFull) as refused:
        house.send(("foto.png", PICTURE))
    assert refused.value.status == 507
    assert house.values == []


def test_a_temporary_folder_without_room_is_a_full_disk_too(house, monkeypatch):
    @contextmanager
    def full(**_kw):
        raise OSError(errno.ENOSPC, "No space left on device")
        yield

    monkeypatch.setattr(uploads.tempfile, "NamedTemporaryFile", full)
    with pytest.raises(StorageFull):
        house.send(("foto.png", PICTURE))


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\u00ff\u00fe",
        "multipart/form-data; boundary=x; charset=utf-16",
    ],
)
def test_a_body_that_cannot_be_read_is_the_senders_fault(house, content_type):
    with pytest.raises(HTTPBadRequest):
        house.app.post("/look", b"--x\r\n\r\n--x--", headers={"Content-Type": content_type})
    assert house.raw == []


@pytest.mark.parametrize(
    "head, content",
    [
        (b'name="\xff"; filename="\xff"', b"a"),
        (b'name="files"; filename="a\x00.png"', PICTURE),
        (b'name="files"; filename="../a.png"', PICTURE),
        (b'name="files"; filename="a.png"\r\nContent-Length: 99999999999', b"a"),
        (b'name="files"; filename="a.png"\r\nContent-Length: -5', b"a"),
        (b'name="files"; filename="a.png"\r\nContent-Type: application/x-www-form-urlencoded', b"a=1"),
        (
            b'name="files"; filename="a.png"\r\nContent-Type: multipart/mixed; boundary=y',
            b"--y\r\n\r\na\r\n--y--",
        ),
    ],
)
def test_odd_parts_are_refused_or_ignored_but_never_stored(house, head, content):
    body = b"--x\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + content + b"\r\n--x--\r\n"
    house.app.post("/look", body, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert all(isinstance(item, Refused) for items in house.raw[0].values() for item in items)
    assert list(house.store.iter_digests()) == []


def test_a_part_that_was_not_taken_in_is_refused_at_its_field():
    request = SimpleNamespace(environ={})
    part = SimpleNamespace(filename="a.png", file=None)
    assert isinstance(uploads.outcome_of(request, part), Refused)
    assert uploads.kept_token(request, part) is None


def test_a_request_that_is_tried_again_is_taken_in_once(house):
    request = SimpleNamespace(
        environ={},
        content_length=10,
        POST={"files": SimpleNamespace(filename="foto.png", file=io.BytesIO(PICTURE))},
        registry={"collab.store": house.store},
    )
    uploads.take_in(request)
    uploads.take_in(request)
    assert house.store.in_transaction == [False]
    assert len(uploads.uploads(request, "files")) == 1
    assert uploads.uploads(request, "other") == []


# -- in forms -------------------------------------------------------------------------------------------------


def test_a_form_gives_what_arrived(house):
    house.send(("foto.png", PICTURE), ("lain.png", picture("red")))
    found = house.values[0]["evidence"]
    assert [file.name for file in found] == ["foto.png", "lain.png"]
    assert all(house.store.exists(file.sha256) for file in found)
    assert house.values[0]["copies"] == ()


def test_a_refused_file_is_an_error_at_its_field_in_words_with_its_name(house):
    house.send(("laporan.pdf", PAGE), ("foto.png", PICTURE), status=422)
    (problem,) = problems(house.again[0])
    assert problem.startswith("laporan.pdf: ")
    assert "${" not in problem
    assert house.again[0].field["copies"].error is None


def test_a_form_shown_again_keeps_the_files_that_arrived(house):
    house.send(("laporan.pdf", PAGE), ("foto.png", PICTURE), status=422)
    (kept,) = kept_ids(house.again[0])
    assert (kept["name"], kept["size"]) == ("foto.png", len(PICTURE))
    house.send(kept=[kept["id"]])
    (arrived,) = house.values[0]["evidence"]
    assert house.store.open(arrived.sha256).read() == PICTURE


def test_a_kept_file_and_the_same_one_sent_anew_count_once(house):
    house.send(("laporan.pdf", PAGE), ("foto.png", PICTURE), status=422)
    house.send(("foto.png", PICTURE), kept=[kept_ids(house.again[0])[0]["id"]])
    assert len(house.values[0]["evidence"]) == 1


def test_a_kept_file_that_is_taken_off_is_gone(house):
    house.store.put(io.BytesIO(PICTURE))
    token = sign_kept(ARRIVED, 7, SECRET)
    house.send(kept=[token, f"remove:{token}"])
    assert house.values[0]["evidence"] == ()


@pytest.mark.parametrize(
    "item",
    [
        "x",
        "",
        "refused.0",
        "refused.-",
        "17",
        "9" * 30,
        "\u0661",
        sign_kept(ARRIVED, 8, SECRET),
        sign_kept(ARRIVED, 7, "other"),
    ],
)
def test_a_token_that_is_not_ours_is_an_error_at_the_field(house, item):
    if not item:
        house.send(kept=[item])
        assert house.values[0]["evidence"] == ()
        return
    house.send(kept=[item], status=422)
    assert len(problems(house.again[0])) == 1
    assert kept_ids(house.again[0]) == []


def test_a_kept_file_that_the_store_no_longer_has_is_an_error_at_the_field(house):
    house.send(kept=[sign_kept(ARRIVED, 7, SECRET)], status=422)
    assert len(problems(house.again[0])) == 1


def test_more_files_than_the_field_takes_are_refused(house):
    def request() -> SimpleNamespace:
        return SimpleNamespace(
            environ={},
            identity=SimpleNamespace(user_id=7),
            registry={"collab.store": house.store, "collab.settings": SimpleNamespace(secret=SECRET)},
        )

    digests = [house.store.put(io.BytesIO(bytes([number]))).sha256 for number in range(3)]
    tokens = [sign_kept(replace(ARRIVED, sha256=digest), 7, SECRET) for digest in digests]
    node = files_node("copies", most=2).bind(request=request())
    assert len(node.deserialize(tokens[:2])) == 2
    with pytest.raises(colander.Invalid):
        node.deserialize(tokens)


def test_a_required_field_says_so():
    node = files_node("evidence", required=True).bind(request=None)
    with pytest.raises(colander.Invalid):
        node.deserialize(colander.null)


def test_something_else_than_a_list_is_refused():
    with pytest.raises(colander.Invalid):
        files_node("evidence").bind(request=None).deserialize("abc")


def test_documents_may_stand_beside_files(house):
    request = SimpleNamespace(
        environ={},
        identity=SimpleNamespace(user_id=7),
        localizer=SimpleNamespace(translate=lambda sentence, **_kw: sentence),
        registry={"collab.store": house.store, "collab.settings": SimpleNamespace(secret=SECRET)},
    )

    def document(_request, number):
        return {"id": str(number), "name": "Notulen"} if number == 17 else None

    stored = house.store.put(io.BytesIO(PICTURE))
    arrived = replace(ARRIVED, sha256=stored.sha256)
    node = files_node("evidence", describe_document=document, upload_url="/api/v1/documents").bind(
        request=request
    )
    shown = node.serialize((arrived, 17))
    assert [item["name"] for item in node.widget.describe(shown)] == ["PKS.pdf", "Notulen"]
    assert node.deserialize(shown) == (arrived, 17)
    with pytest.raises(colander.Invalid):
        node.deserialize(["18"])


# -- tokens ---------------------------------------------------------------------------------------------------


def test_a_token_is_read_by_its_user_within_its_time():
    token = sign_kept(ARRIVED, 7, SECRET)
    assert read_kept(token, 7, SECRET, KEPT_FOR) == ARRIVED


def test_a_token_is_nothing_to_another_user_another_secret_or_another_day():
    token = sign_kept(ARRIVED, 7, SECRET)
    assert read_kept(token, 8, SECRET) is None
    assert read_kept(token, 7, SECRET + "x") is None
    with clock.travel(clock.now() + KEPT_FOR + timedelta(minutes=1)):
        assert read_kept(token, 7, SECRET) is None
    with clock.travel(clock.now() - timedelta(days=1)):
        assert read_kept(token, 7, SECRET) is None


def test_no_changed_token_is_accepted():
    token = sign_kept(ARRIVED, 7, SECRET)
    payload, mac = token.split(".")
    content = json.loads(base64.urlsafe_b64decode(payload))
    forged = base64.urlsafe_b64encode(json.dumps({**content, "user": 8}).encode()).decode()
    assert read_kept(f"{forged}.{mac}", 8, SECRET) is None
    for place in range(len(token)):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        found = read_kept(changed, 7, SECRET)
        # the last digit of Base64 has bits that carry nothing
        assert found is None or (found == ARRIVED and token[place + 1 : place + 2] in ("", "=", "."))


@given(st.text(max_size=60) | st.builds("{}.{}".format, st.text(max_size=30), st.text(max_size=30)))
def test_any_text_that_is_no_token_is_nothing(text):
    assert read_kept(text, 7, SECRET) is None


# -- whose files are stored -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["auditor.babel", "monitor.babel", "admin.babel", None])
def test_who_may_not_bring_files_fills_no_disk(world, who):
    files = [("file", "a.png", PICTURE)]
    for path in ("/login", "/account/language", "/api/v1/documents", "/nowhere"):
        world.client(who).post(path, {}, upload_files=files, expect_errors=True)
    assert list(world.registry["collab.store"].iter_digests()) == []


def test_who_must_choose_a_password_first_fills_no_disk(world):
    browser = world.client("legal.babel")
    with world.session() as session:
        session.get_one(User, world.user("legal.babel")).must_change_password = True
    browser.post("/api/v1/documents", {}, upload_files=[("file", "a.png", PICTURE)], expect_errors=True)
    assert list(world.registry["collab.store"].iter_digests()) == []
