"""Send hostile input to every door, and name each answer that is no answer: a 5xx, a half write, a live script."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

import colander
from webob import Response

from tests.support import hostile
from tests.support.callers import Caller
from tests.support.doors import Door, doors
from tests.support.house import House
from tests.support.oracle import NOBODY, NoRule, Who, may
from tests.support.rights import FIELDS, Examiner, kinds_of
from tests.support.subjects import MISSING, Subject
from tests.support.watching import SqliteWatch

#: Answers that may leave something written.
WRITTEN = frozenset({200, 201, 303})


@dataclass
class Outcome:
    """What was tried and what was wrong with the answers."""

    tried: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def report(self) -> str:
        """Say it all, each fault of a door once."""
        return "\n".join([f"{sum(self.tried.values())} inputs: {dict(self.tried)}", *self.wrong[:60]])


@dataclass(frozen=True)
class Attempt:
    """One hostile request: what it is called, and what is sent."""

    kind: str
    name: str
    path: str
    options: dict[str, Any] = field(default_factory=dict)


class Attacker:
    """Tries a house's doors as somebody who is let through them; with `every=5` a fifth of the inputs."""

    def __init__(self, house: House, *, every: int = 1) -> None:
        self.house, self.every = house, every
        # The rights harness's memory of identities: what is tried here is input, not sign-in.
        self.examiner = Examiner(house.world, house.subjects, house.watch, house.callers)
        self.outcome = Outcome()
        self.rotating = cycle(hostile.TEXTS.items())

    def attack(self, chosen: Iterable[Door]) -> Outcome:
        """Try everything at each door."""
        for door in chosen:
            caller, path = self.way_in(door)
            for attempt in islice(self.attempts(door, caller, path), None, None, self.every):
                self._try(door, caller, attempt)
        return self.outcome

    def way_in(self, door: Door) -> tuple[Caller, str]:
        """Find somebody who may, and a row they may do it to."""
        rows = self._rows(door)
        for who, caller in self.house.callers:
            if bool(caller.bearer) != door.is_api or not who.is_signed_in:
                continue
            for row in rows:
                if self._lets(door, who, row):
                    return caller, self._path(door, row)
        caller = self.house.caller("admin.babel", by_token=door.is_api)
        return caller, self._path(door, rows[0])

    def _rows(self, door: Door) -> list[Subject | None]:
        rows: list[Subject | None] = []
        for kind in kinds_of(door):
            rows += self.examiner.rows(kind)
        return rows or [Subject("missing", "", MISSING, "", "") if "id" in door.fields else None]

    def _lets(self, door: Door, who: Who, row: Subject | None) -> bool:
        if door.is_public:
            return True
        try:
            return bool(may(str(door.permission), who, row))
        except (NoRule, KeyError):
            return False

    def _path(self, door: Door, row: Subject | None) -> str:
        values = FIELDS | {"id": row.id if row else MISSING}
        return door.path(**{name: values.get(name, "1") for name in door.fields})

    # -- what is tried -------------------------------------------------------------------------------------------

    def attempts(self, door: Door, caller: Caller, path: str) -> Iterator[Attempt]:
        """Give the attempts for a door."""
        yield from self.addresses(door)
        if door.is_safe:
            yield from self.queries(door, path)
            yield from self.headers(path, ("If-None-Match", "Accept-Language", "Authorization", "Cookie", "Range",
                                           "If-Modified-Since", "Accept"))  # fmt: skip
        elif door.is_api:
            yield from self.bodies(door, path)
            yield from self.headers(
                path, ("If-Match", "Idempotency-Key", "Authorization", "Content-Encoding"), body=b"{}"
            )
        else:
            yield from self.forms(caller, door, path)

    def addresses(self, door: Door) -> Iterator[Attempt]:
        """Give ids and other parts of the address that are none."""
        options = {} if door.is_safe else {"form": []} if not door.is_api else {"body": b"{}"}
        for name in door.fields:
            for wrong in islice(self._shifted(hostile.IDS, door), 3):
                values = FIELDS | {"id": "1"} | {name: wrong}
                path = door.path(**{one: values.get(one, "1") for one in door.fields})
                yield Attempt("address", f"{name}={wrong[:20]}", path, dict(options))

    def queries(self, door: Door, path: str) -> Iterator[Attempt]:
        """Give query strings that are none: known names with wrong values, and broken ones."""
        values = self._shifted(hostile.QUERY_VALUES, door)
        scripts = self._shifted((hostile.SCRIPT_QUOTED, "", ""), door)
        is_export = door.route.endswith((".csv", ".xlsx"))  # the same query as the list's
        names = ["q", *islice(self._shifted(hostile.QUERY_NAMES, path), 3 if is_export else 6)]
        for name in dict.fromkeys([*names, *self.filters(door)]):
            for value in filter(
                None, (*islice(values, 1), hostile.SCRIPT_QUOTED if name == "q" else next(scripts))
            ):
                yield Attempt("query", f"{name}={value[:20]}", f"{path}?{name}={value}")
        for text in islice(self._shifted(hostile.QUERY_STRINGS, door), 2):
            yield Attempt("query", text[:20], f"{path}?{text}")

    def filters(self, door: Door) -> list[str]:
        """Name the filters of the list behind a door, as its operation of the API describes them."""
        name = door.route.removeprefix("api.").removesuffix(".csv").removesuffix(".xlsx")
        for operation in self.house.world.registry["collab.operations"]:
            if operation.route == f"api.{name}" and operation.listing is not None:
                return [node.name for node in operation.listing.filters().children]
        return []

    def headers(self, path: str, names: Iterable[str], body: bytes | None = None) -> Iterator[Attempt]:
        """Give headers that are none."""
        for name in names:
            for value in islice(self._shifted(hostile.HEADERS[name], path), 1):
                options: dict[str, Any] = {"headers": {name: value}}
                if body is not None:
                    options |= {"body": body, "content_type": "application/json"}
                yield Attempt("header", f"{name}: {value[:20]}", path, options)

    def bodies(self, door: Door, path: str) -> Iterator[Attempt]:
        """Give JSON bodies: broken ones, wrong types for each field, hostile texts in each field."""
        plain = {"content_type": "application/json", "headers": {"If-Match": "*"}}
        for name, body in islice(self._shifted(tuple(hostile.BODIES.items()), door), 10):
            yield Attempt("body", name, path, plain | {"body": body})
        for kind in islice(self._shifted(hostile.CONTENT_TYPES, door), 2):
            yield Attempt(
                "content type", kind, path, plain | {"body": b'{"title": "x"}', "content_type": kind}
            )
        described = next(
            (
                o
                for o in self.house.world.registry["collab.operations"]
                if (o.route, o.method) == (door.route, door.method)
            ),
            None,
        )
        names = field_paths(described.body()) if described is not None and described.body else []
        for parts in names:
            for label, value in islice(self._shifted(tuple(hostile.VALUES.items()), (door, parts)), 2):
                yield Attempt(
                    "value", f"{'.'.join(parts)}={label}", path, plain | {"body": nested(parts, value)}
                )
            for label, text in islice(self.rotating, 1):
                yield Attempt(
                    "value", f"{'.'.join(parts)}={label}", path, plain | {"body": nested(parts, text)}
                )
        for label, text in islice(self.rotating, 10):
            whole = {parts[0]: text for parts in names if len(parts) == 1}
            yield Attempt("value", f"every field={label}", path, plain | {"body": hostile.json_body(whole)})

    def forms(self, caller: Caller, door: Door, path: str) -> Iterator[Attempt]:
        """Give forms: each field with hostile texts, broken marks, broken multipart, raw bytes."""
        shown = caller.send("GET", path)
        controls = hostile.field_names(shown.text) if shown.status_int == 200 else []
        names = list(dict.fromkeys(name for name, _value in controls if not name.startswith("__")))
        for label, text in islice(self.rotating, 11):
            filled = [(name, value if name.startswith("__") else text) for name, value in controls]
            yield Attempt("form", f"every field={label}", path, {"form": filled or [("x", text)]})
        for position, (name, _value) in enumerate(controls):
            if name.startswith("__"):
                continue
            for label, text in islice(self.rotating, 2):
                filled = [*controls[:position], (name, text), *controls[position + 1 :]]
                yield Attempt("form", f"{name}={label}", path, {"form": filled})
        for label, filled in islice(self._shifted(tuple(hostile.markers(names)), door), 6):
            yield Attempt("marks", label, path, {"form": filled})
        broken = tuple(hostile.broken_multiparts(caller.csrf))
        for label, kind, body in islice(self._shifted(broken, door), 4):
            yield Attempt("multipart", label, path, {"body": body, "content_type": kind})
        for label, raw in hostile.RAW_BYTES.items():
            field_name = names[0].encode() if names else b"x"
            body = b"csrf_token=" + caller.csrf.encode() + b"&" + field_name + b"=" + raw
            yield Attempt(
                "bytes", label, path, {"body": body, "content_type": "application/x-www-form-urlencoded"}
            )
        yield Attempt("csrf", "none", path, {"body": b"x=y", "content_type": "text/plain"})

    def _shifted(self, values: tuple[Any, ...], start: Any) -> Iterator[Any]:
        """Give the values over and over, beginning elsewhere for each door, always in the same way."""
        begin = sum(str(start).encode()) % len(values)
        return islice(cycle(values), begin, None)

    # -- judging -------------------------------------------------------------------------------------------------

    def _try(self, door: Door, caller: Caller, attempt: Attempt) -> None:
        self.outcome.tried[attempt.kind] += 1
        what = f"{caller.label}: {door.method} {attempt.path[:80]} [{attempt.kind}: {attempt.name}]"
        try:
            answer = caller.send(door.method, attempt.path, **attempt.options)
        except Exception as error:  # noqa: BLE001 (what escapes the application is a finding, whatever it is)
            self.outcome.wrong.append(f"{what}: let {type(error).__name__} escape: {str(error)[:80]}")
            self.house.watch.restore()
            return
        self.outcome.statuses[answer.status_int] += 1
        problems = list(self._problems(door, answer))
        self.outcome.wrong += [f"{what}: {problem}" for problem in problems]

    def _problems(self, door: Door, answer: Response) -> Iterator[str]:
        status = answer.status_int
        if status >= 500:
            yield f"answered {status}"
        if door.is_api and status >= 400 and answer.content_type != "application/problem+json":
            yield f"answered {status} as {answer.content_type}"
        if answer.content_type == "text/html":
            yield from (f"gives back {part}" for part in hostile.ALIVE if part in answer.text)
        if "\n" in (answer.location or "") or (answer.location or "").startswith(
            ("//", "http://evil", "javascript:")
        ):
            yield f"leads to {answer.location!r}"
        if self.house.watch.changed():
            differs = self.house.watch.differs()
            if differs and (door.is_safe or status not in WRITTEN):
                yield f"answered {status} and yet wrote"
            if differs or isinstance(self.house.watch, SqliteWatch):
                self.house.watch.restore()


def field_paths(schema: colander.SchemaNode, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Name every field of a body, those of its lists and objects too."""
    found: list[tuple[str, ...]] = []
    for node in schema.children:
        found.append((*above, node.name))
        if isinstance(node.typ, colander.Mapping):
            found += field_paths(node, (*above, node.name))
        elif isinstance(node.typ, colander.Sequence) and isinstance(node.children[0].typ, colander.Mapping):
            found += field_paths(node.children[0], (*above, node.name, "0"))
    return found


def nested(parts: tuple[str, ...], value: Any) -> bytes:
    """Write a body that holds a value at a path; `0` is the first row of a list."""
    for part in reversed(parts):
        value = [value] if part == "0" else {part: value}
    return hostile.json_body(value)


def every_door(house: House) -> list[Door]:
    """List the doors to attack; the sign-in is attacked by nobody in particular."""
    return doors(house.world.config)


__all__ = ["NOBODY", "Attacker", "Outcome", "every_door", "nested"]
