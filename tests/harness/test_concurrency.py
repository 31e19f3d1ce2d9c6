"""Several people at once: nobody's text is lost, nothing is written twice, nobody gets an error of ours.

On both databases: two editors on every form that carries a version, two programs on every change by the API, twins of
one request under one key, and eight writers at the same moment.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import colander
import pytest
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response as PyramidResponse
from sqlalchemy import func, select
from webob import Response

from collab.audit import queries as journal
from collab.regulations.models import Regulation
from collab.web.schema import Line
from tests.support import hostile
from tests.support.callers import Caller, browser_of, program_of
from tests.support.databases import Databases
from tests.support.doors import Door, doors
from tests.support.house import furnish
from tests.support.oracle import Who, may, sees
from tests.support.rights import FIELDS, kinds_of, who_asks
from tests.support.subjects import Subject, Subjects
from tests.support.watching import digest
from tests.support.world import World

pytestmark = pytest.mark.timeout(600)
FIRST, SECOND = "Suntingan yang pertama", "Suntingan yang kedua"
#: Fields in which two editors may differ, best first, with what each of them writes.
FIELDS_TO_EDIT = {
    **dict.fromkeys(("title", "statement", "name", "display_name", "short_name", "scope"), (FIRST, SECOND)),
    "code": ("kode-pertama", "kode-kedua"),
    "valid_from": ("2019-03-01", "2019-04-01"),
}


@dataclass
class Office:
    """A furnished house in which people work at the same time, on either database."""

    world: World
    subjects: Subjects
    browsers: dict[str, Caller]
    programs: dict[str, Caller]

    def caller(self, name: str, *, by_token: bool = False) -> Caller:
        """Give a user's browser or program, signed in once."""
        kept, make = (self.programs, program_of) if by_token else (self.browsers, browser_of)
        if name not in kept:
            kept[name] = make(self.world, name)
        return kept[name]

    def rows(self, door: Door) -> Iterator[Subject]:
        """List the rows that a door's address may name."""
        for kind in kinds_of(door):
            yield from self.subjects.of(kind)

    def ways_in(self, door: Door) -> Iterator[tuple[Who, Subject]]:
        """List who may do what a door does, to which row."""
        for row in self.rows(door):
            for who in who_asks():
                if may(str(door.permission), who, row) and sees(who, row):
                    yield who, row


@pytest.fixture(scope="module")
def office(
    databases: Databases, database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """A furnished house on this database; what the tests write stays until the file is done."""
    url = databases.fresh(database_kind)
    folder = tmp_path_factory.mktemp("office")
    world, subjects = furnish(url, folder)
    yield Office(world, subjects, {}, {})
    world.close()
    databases.drop(url)
    shutil.rmtree(folder, ignore_errors=True)


def together(*acts: Callable[[], Response]) -> list[Response]:
    """Do all acts at the same moment; give their answers in order."""
    barrier = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Response]) -> None:
        barrier.wait(timeout=30)
        try:
            answers[number] = act()
        except Exception as error:  # noqa: BLE001 (raised again below, in the test's own thread)
            answers[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers


# -- two editors on one form -------------------------------------------------------------------------------------


def edit_forms(office: Office) -> Iterator[tuple[Door, Caller, str, list[tuple[str, str]]]]:
    """Find every form that carries a version, with somebody who may use it."""
    for door in doors(office.world.config):
        if not door.is_safe or door.is_api or "id" not in door.fields:
            continue
        posts = [d for d in doors(office.world.config) if (d.route, d.method) == (door.route, "POST")]
        for who, row in office.ways_in(door) if posts else ():
            caller = office.caller(who.name)
            path = door.path(**{name: (FIELDS | {"id": str(row.id)})[name] for name in door.fields})
            answer = caller.send("GET", path)
            controls = hostile.field_names(answer.text) if answer.status_int == 200 else []
            if any(name == "version" for name, _value in controls):
                yield door, caller, path, controls
                break


def with_text(controls: list[tuple[str, str]], name: str, text: str) -> list[tuple[str, str]]:
    return [(one, text if one == name else value) for one, value in controls]


def test_two_editors_on_every_form_lose_nothing(office: Office) -> None:
    edited, acted = set(), set()
    for door, caller, path, controls in edit_forms(office):
        if door.route.endswith(".edit"):
            edited.add(door.route)
            assert edited_twice(office, caller, path), (
                f"{door.route}: no field of text could be edited at {path}"
            )
        else:
            acted.add(door.route)
            acted_on_what_has_changed(office, caller, path, controls)
    assert {"agreement.edit", "regulation.edit", "organization.edit", "commitment.edit"} <= edited, edited
    assert acted


def acted_on_what_has_changed(
    office: Office, caller: Caller, path: str, controls: list[tuple[str, str]]
) -> None:
    """Let somebody act on a page that is older than the row: refused, what was typed is kept, nothing is written."""
    engine = office.world.registry["collab.engine"]
    texts = {"note", "reason", "signed_place", "narrative", "description"}
    old = [
        (name, "0" if name == "version" else "Catatan yang diketik" if name in texts else value)
        for name, value in controls
    ]
    before = digest(engine)
    answer = caller.send("POST", path, form=old)
    assert answer.status_int in (409, 422), f"{path}: an act on an old page got {answer.status}"
    assert digest(engine) == before, f"{path}: an act on an old page was written"
    if texts & {name for name, _value in controls}:
        assert "Catatan yang diketik" in answer.text, f"{path}: what was typed is lost"


def edited_twice(office: Office, caller: Caller, path: str) -> bool:
    """Let two people edit the same field; False if the form has none that can be."""
    engine = office.world.registry["collab.engine"]
    for name, (one, other) in FIELDS_TO_EDIT.items():
        first = hostile.field_names(caller.send("GET", path).text)
        second = hostile.field_names(caller.send("GET", path).text)
        if name not in dict(first):
            continue
        saved = caller.send("POST", path, form=with_text(first, name, one))
        if saved.status_int != 303:
            continue
        before = digest(engine)
        refused = caller.send("POST", path, form=with_text(second, name, other))
        assert refused.status_int == 409, f"{path}: the second editor got {refused.status}"
        assert one in refused.text, f"{path}: the text stored meanwhile is not shown"
        assert other in refused.text, f"{path}: the text typed is lost"
        assert digest(engine) == before, f"{path}: a refused form was written"
        again = caller.send("POST", path, form=hostile.field_names(refused.text))
        assert again.status_int == 303, f"{path}: sending the form of the refusal again got {again.status}"
        assert other in caller.send("GET", path).text
        return True
    return False


# -- two programs on one object -----------------------------------------------------------------------------------


def text_field(schema: colander.SchemaNode) -> str | None:
    """Choose a body's field in which two programs may differ."""
    names = [
        node.name
        for node in schema.children
        if isinstance(node.typ, Line) and type(node.typ).json_type is str
    ]
    return next((name for name in FIELDS_TO_EDIT if name in names), None)


def changes(office: Office) -> Iterator[tuple[Door, Caller, str, str]]:
    """Find every change by the API, with a program that may make it and a field of text."""
    described = {(o.route, o.method): o for o in office.world.registry["collab.operations"]}
    for door in doors(office.world.config):
        if door.method != "PATCH":
            continue
        field = text_field(described[door.route, door.method].body())
        way = next(office.ways_in(door), None)
        assert field is not None, f"{door}: no field of text"
        assert way is not None, f"{door}: nobody of the world may use it"
        yield door, office.caller(way[0].name, by_token=True), door.path(id=way[1].id), field


def test_two_programs_change_one_object_and_one_is_told(office: Office) -> None:
    tried = 0
    for door, caller, path, field in changes(office):
        tag = caller.send("GET", path).headers["ETag"]

        def change(
            text: str, caller: Caller = caller, path: str = path, field: str = field, tag: str = tag
        ) -> Callable[[], Response]:
            return lambda: caller.send_json("PATCH", path, {field: text}, **{"If-Match": tag})

        # Texts that stand nowhere yet: sending what is stored already changes nothing, and refuses nobody.
        first, second = (f"{text}-lewat-program" for text in FIELDS_TO_EDIT[field])
        answers = together(change(first), change(second))
        statuses = sorted(answer.status_int for answer in answers)
        assert statuses == [200, 412], f"{door}: {statuses}"
        winner = next(
            text for answer, text in zip(answers, (first, second), strict=True) if answer.status_int == 200
        )
        assert winner in caller.send("GET", path).text, f"{door}: the accepted change is lost"
        tried += 1
    assert tried >= 4


# -- one request twice ---------------------------------------------------------------------------------------------


def count_regulations(office: Office, title: str) -> int:
    with office.world.session() as session:
        return session.scalar(select(func.count()).where(Regulation.title == title)) or 0


def draft(office: Office, title: str) -> dict[str, Any]:
    return {
        "kind": "pergub",
        "government_id": office.world.government("19"),
        "title": title,
        "lifecycle": "draft",
    }


@pytest.mark.parametrize("turn", range(4))
def test_twins_under_one_key_write_once_and_are_answered_alike(office: Office, turn: int) -> None:
    program = office.caller("legal.babel", by_token=True)
    body = draft(office, f"Rancangan kembar {turn}")

    def send() -> Response:
        return program.send_json(
            "POST", "/api/v1/regulations", body, **{"Idempotency-Key": f"kembar-program-{turn}"}
        )

    answers = together(send, send, send)
    assert [answer.status_int for answer in answers] == [201] * 3, [answer.text for answer in answers]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert count_regulations(office, body["title"]) == 1


@pytest.mark.parametrize("turn", range(4))
def test_a_form_sent_twice_writes_once(office: Office, turn: int) -> None:
    browser = office.caller("legal.babel")
    title = f"Rancangan dari formulir {turn}"
    values = {name: str(value) for name, value in draft(office, title).items()}
    controls = hostile.field_names(browser.send("GET", "/regulations/new").text)
    filled = [(name, values.get(name, value)) for name, value in controls]

    def send() -> Response:
        return browser.send("POST", "/regulations/new", form=filled)

    answers = together(send, send)
    assert [answer.status_int for answer in answers] == [303, 303], [answer.status for answer in answers]
    assert len({answer.location for answer in answers}) == 1
    assert count_regulations(office, title) == 1


def test_the_same_key_with_other_content_is_refused(office: Office) -> None:
    program = office.caller("legal.babel", by_token=True)
    answers = together(
        *(
            lambda n=number: program.send_json(
                "POST",
                "/api/v1/regulations",
                draft(office, f"Rancangan berbeda {n}"),
                **{"Idempotency-Key": "kunci-yang-sama"},
            )
            for number in range(2)
        )
    )
    assert sorted(answer.status_int for answer in answers) == [201, 409]


# -- eight at once -------------------------------------------------------------------------------------------------


def test_eight_writers_at_once_are_all_served(office: Office) -> None:
    """Writers wait for each other, briefly; the journal keeps one chain."""
    legal = {
        "19": office.caller("legal.babel", by_token=True),
        "62": office.caller("legal.kalteng", by_token=True),
    }
    places = [office.subjects.one("commitment", owner).id for owner in ("kopukm", "kalteng")]
    monitors = [
        office.caller("monitor.babel", by_token=True),
        office.caller("monitor.kalteng", by_token=True),
    ]
    for turn in range(3):
        acts: list[Callable[[], Response]] = []
        for number, (code, program) in enumerate([*legal.items()] * 2):
            body = draft(office, f"Rancangan serentak {turn} {number}") | {
                "government_id": office.world.government(code)
            }
            acts.append(lambda p=program, b=body: p.send_json("POST", "/api/v1/regulations", b))
        for number, (place, monitor) in enumerate([*zip(places, monitors, strict=True)] * 2):
            text = {"description": f"Kendala serentak {turn} {number}"}
            acts.append(
                lambda m=monitor, p=place, t=text: m.send_json(
                    "POST", f"/api/v1/commitments/{p}/obstacles", t
                )
            )
        answers = together(*acts)
        assert [answer.status_int for answer in answers] == [201] * 8, [a.text[:200] for a in answers]
    with office.world.session() as session:
        assert journal.first_break(session) is None


# -- a harness that bites --------------------------------------------------------------------------------------------


def careless(request: Any) -> Any:
    """Edit a regulation with a form that carries a version which nobody compares."""
    row = request.db.get_one(Regulation, int(request.matchdict["id"]))
    if request.method == "POST":
        row.title = request.POST["title"]
        return HTTPSeeOther(request.path)
    form = f'<form id="form"><input name="version" value="1"><input name="title" value="{row.title}"></form>'
    return PyramidResponse(form)


def test_a_form_that_overwrites_is_found(office: Office) -> None:
    config = office.world.config
    config.add_route("planted", "/planted/regulations/{id}/edit")
    config.add_view(
        careless,
        route_name="planted",
        permission="regulations:regulation:create",
        request_method=("GET", "POST"),
        collab_methods=("GET", "POST"),
    )
    config.commit()
    path = f"/planted/regulations/{office.subjects.one('draft', 'kopukm').id}/edit"
    with pytest.raises(AssertionError, match="the second editor got 303"):
        edited_twice(office, office.caller("legal.babel"), path)
    office.world.restart()


def test_a_form_without_its_version_does_not_overwrite(office: Office) -> None:
    """A browser that lost the hidden field is treated as one that read nothing."""
    _door, caller, path, _controls = next(f for f in edit_forms(office) if f[0].route == "regulation.edit")
    first = hostile.field_names(caller.send("GET", path).text)
    second = [pair for pair in hostile.field_names(caller.send("GET", path).text) if pair[0] != "version"]
    assert caller.send("POST", path, form=with_text(first, "title", FIRST + "!")).status_int == 303
    assert caller.send("POST", path, form=with_text(second, "title", SECOND + "!")).status_int == 409
