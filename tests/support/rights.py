"""The generator of requests about rights: every door, every caller, every owner's row, checked against the oracle."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from webob import Response

from collab.core.identity import Role
from tests.support.callers import Caller, browser_of, nobody, program_of, words_in
from tests.support.doors import Door
from tests.support.oracle import NOBODY, NoRule, Who, may, sees, sees_in_journal
from tests.support.subjects import MISSING, Subject, Subjects, visible_words
from tests.support.watching import PostgresWatch, Watch
from tests.support.world import World

_SEGMENT = re.compile(r"/([\w-]+)/\{id[:}]")
#: Which kinds of rows the part of an address before `{id}` names.
KINDS: dict[str, tuple[str, ...]] = {
    "agencies": ("agency",),
    "agreements": ("agreement",),
    "checkpoints": ("checkpoint",),
    "commitments": ("commitment",),
    "deadline-changes": ("deadline_request",),
    "deadline-requests": ("deadline_request",),
    "documents": (
        "evidence",
        "mandate_document",
        "regulation_document",
        "draft_document",
        "unclaimed",
    ),
    "governments": ("government",),
    "holdings": ("holding",),
    "journal": ("entry",),
    "mandates": ("agreement",),
    "obstacles": ("obstacle",),
    "organizations": ("organization",),
    "persons": ("person",),
    "positions": ("position",),
    "progress-reports": ("report",),
    "regulations": ("regulation", "draft"),
    "reports": ("report",),
    "roles": ("assignment",),
    "sessions": ("session",),
    "tokens": ("token",),
    "users": ("user",),
}
#: Values of the other variable parts of addresses.
FIELDS = {"number": "1", "code": "19"}
#: Programs use tokens; these users also call the API by their browser's session.
BY_SESSION = frozenset(
    {"nothing.at.all", "coordinator.babel", "legal.kalteng", "liaison.kopukm.babel", "partner.okeoce"}
)
ALLOWED_TO_ANSWER = frozenset({401, 403, 404})


def who_asks() -> list[Who]:
    """List the users of the world with what the oracle knows of them."""
    asking = [NOBODY, Who("nothing.at.all"), Who("coordinator.ended"), Who("coordinator.later")]
    asking += [Who("admin", Role.ADMIN, "id"), Who("auditor.pusat", Role.AUDITOR, "id")]
    for word, code in (("babel", "19"), ("kalteng", "62")):
        for role in (Role.ADMIN, Role.MONITOR, Role.COORDINATOR, Role.LEGAL, Role.AUDITOR):
            asking.append(Who(f"{role}.{word}", role, code))
    asking.append(Who("coordinator.pulpis", Role.COORDINATOR, "62.11"))
    for name, scopes in {
        "liaison.kopukm.babel": {"19/kopukm"},
        "liaison.perindag.babel": {"19/perindag"},
        "liaison.kominfo.babel": {"19/kominfo"},
        "liaison.setda.babel": {"19/setda", "19/hukum", "19/kerjasama"},
        "liaison.kopukm.kalteng": {"62/kopukm"},
    }.items():
        asking.append(Who(name, Role.LIAISON, units=frozenset(scopes)))
    asking.append(Who("partner.okeoce", Role.PARTNER, units=frozenset({"okeoce"})))
    return asking


@dataclass
class Findings:
    """What was tried, and what was wrong."""

    tried: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    def report(self) -> str:
        """Say it all, the first forty of each."""
        lines = [f"{sum(self.tried.values())} requests: {dict(self.tried)}"]
        lines += sorted(self.unknown)[:40] + self.wrong[:40]
        return "\n".join(lines)


def kinds_of(door: Door) -> tuple[str, ...]:
    """Name the kinds of rows that a door's address names; raise `NoRule` for an unknown one."""
    found = _SEGMENT.search(door.pattern)
    if found is None:
        return ()
    try:
        return KINDS[found.group(1)]
    except KeyError:
        raise NoRule(f"tests/support/rights.py does not know what {door.pattern} names") from None


class Examiner:
    """Sends the requests and judges the answers."""

    def __init__(
        self, world: World, subjects: Subjects, watch: Watch, callers: list[tuple[Who, Caller]]
    ) -> None:
        self.world, self.subjects, self.watch, self.callers = world, subjects, watch, callers
        self.words = list(visible_words(subjects))
        self.hidden = {id(caller): self._hidden_from(who, sees) for who, caller in callers}
        self.hidden_in_journal = {
            id(caller): self._hidden_from(who, sees_in_journal) for who, caller in callers
        }
        self.events: list[Any] = []
        world.registry["collab.event_sink"] = lambda registry, events: self.events.extend(events)
        self.found = Findings()
        self.identities: dict[tuple[str, str], Any] = {}
        self._remember_identities()

    def _hidden_from(self, who: Who, rule: Any) -> list[str]:
        return [word for word, subject in self.words if rule(who, subject) is False]

    def _remember_identities(self) -> None:
        """Load each caller's identity once: the database is put back after every change, so that it stays the same."""
        registry = self.world.registry
        load = registry.setdefault("collab.identity_loader.real", registry["collab.identity_loader"])

        def remembered(request: Any) -> Any:
            key = (request.headers.get("Authorization", ""), request.headers.get("Cookie", ""))
            if key not in self.identities:
                self.identities[key] = load(request)
            return self.identities[key]

        registry["collab.identity_loader"] = remembered

    def examine(self, doors: Iterable[Door]) -> Findings:
        """Try every door, for every caller, with every row."""
        for door in doors:
            try:
                self._examine(door)
            except NoRule as missing:
                self.found.unknown.add(f"{door}: {missing}")
        return self.found

    def _examine(self, door: Door) -> None:
        for name in door.fields:
            if name != "id" and name not in FIELDS:
                raise NoRule(f"tests/support/rights.py has no value for {{{name}}}")
        rows: list[Subject | None] = [row for kind in kinds_of(door) for row in self.rows(kind)] or [None]
        if rows != [None]:
            rows.append(Subject("missing", "", MISSING, "", ""))
        for who, caller in self.callers:
            if (
                bool(caller.bearer) != door.is_api
                and who.is_signed_in
                and not (door.is_api and who.name in BY_SESSION)
            ):
                continue
            for row in rows:
                self._try(door, who, caller, row)

    def rows(self, kind: str) -> list[Subject]:
        """List the rows of a kind; an agency is an organization seen by its figures."""
        if kind == "agency":
            return [
                Subject("agency", s.owner, s.id, "", s.government, extra=s.extra)
                for s in self.subjects.of("organization")
            ]
        return self.subjects.of(kind)

    def _try(self, door: Door, who: Who, caller: Caller, row: Subject | None) -> None:
        values = FIELDS | ({"id": row.id} if row else {})
        path = door.path(**{name: values[name] for name in door.fields})
        self.events.clear()
        before = self.watch.count("journal_entry") if not door.is_safe else 0
        answer = followed(caller, send(caller, door, path)) if door.is_safe else send(caller, door, path)
        what = f"{caller.label}: {door.method} {path} ({door.route}{f', {row.kind} of {row.owner}' if row else ''})"
        verdict = "public" if door.is_public else expected(str(door.permission), who, row)
        self.found.tried[verdict] += 1
        self.found.wrong += [f"{what}: {problem}" for problem in judge(verdict, door, who, answer)]
        self._look_for_leaks(door, caller, answer, what)
        self._look_for_changes(door, verdict, answer, what, before)
        if answer.status_int in (401, 403) and not self.events:
            self.found.wrong.append(f"{what}: refused without a security event")

    def _look_for_leaks(self, door: Door, caller: Caller, answer: Response, what: str) -> None:
        text = words_in(answer)
        hidden = self.hidden_in_journal if "journal" in door.route else self.hidden
        leaked = [word for word in hidden[id(caller)] if word in text]
        if leaked:
            self.found.wrong.append(f"{what}: gives away {', '.join(leaked)}")

    def _look_for_changes(self, door: Door, verdict: str, answer: Response, what: str, before: int) -> None:
        if not self.watch.changed():
            return
        if isinstance(self.watch, PostgresWatch) and not self.watch.differs():
            return  # a lock was taken, or something was written beside the act
        if door.is_safe:
            self.found.wrong.append(f"{what}: a GET changed the database")
        elif not self.watch.differs():
            pass  # tries at signing in are counted, whatever the answer
        elif verdict in ("hidden", "denied", "visitor"):
            self.found.wrong.append(f"{what}: a refused request changed the database")
        elif answer.status_int >= 400:
            self.found.wrong.append(f"{what}: answered {answer.status_int} and yet changed the database")
        elif self.watch.count("journal_entry") == before:
            self.found.wrong.append(f"{what}: changed the database without a journal row")
        self.watch.restore()
        self.identities.clear()


def expected(permission: str, who: Who, row: Subject | None) -> str:
    """Say what the oracle expects: visitor, hidden, denied, allowed, or open."""
    if not who.is_signed_in:
        may(permission, who, None)  # a permission without a rule is named all the same
        return "visitor"
    if row is None:
        return {True: "allowed", False: "denied", None: "open"}[may(permission, who, None)]
    if row.kind == "missing":
        may(permission, who, None)
        return "missing"
    seen = sees(who, row)
    if seen is False:
        return "hidden"
    allowed = may(permission, who, row)
    if seen is None:
        return "open" if allowed is not False else "not allowed"
    return {True: "allowed", False: "denied", None: "open"}[allowed]


def judge(verdict: str, door: Door, who: Who, answer: Response) -> Iterator[str]:
    """Name what is wrong with an answer."""
    status = answer.status_int
    if status >= 500:
        yield f"answered {status}"
    if verdict == "visitor":
        if not door.is_api and door.is_safe:
            if status != 303 or "/login" not in (answer.location or ""):
                yield f"a visitor was not sent to the sign-in but got {status}"
        elif status != 401:
            yield f"a visitor got {status} instead of 401"
    elif verdict == "missing" and status not in (404, 403):
        yield f"what does not exist answered {status}"
    elif verdict == "hidden" and status not in (404, 403):
        yield f"what is not theirs to know answered {status}"
    elif verdict == "hidden" and status == 403 and may(str(door.permission), who, None) is True:
        yield "403 tells that it exists"
    elif verdict in ("denied", "not allowed") and status not in (403, 404):
        yield f"what is not theirs to do answered {status}"
    elif verdict == "allowed" and status in ALLOWED_TO_ANSWER:
        yield f"what is theirs answered {status}"


def send(caller: Caller, door: Door, path: str) -> Response:
    """Send a door's method with an empty body of its kind."""
    if door.is_safe:
        return caller.send(door.method, path)
    if door.is_api:
        headers = {"If-Match": "*"} if door.method == "PATCH" else {}
        return caller.send_json(door.method, path, {}, **headers)
    return caller.send(door.method, path, form=[])


def followed(caller: Caller, answer: Response) -> Response:
    """Follow a redirect inside the house once: the page it leads to decides."""
    location = (answer.location or "").removeprefix("http://localhost")
    if answer.status_int != 303 or not location.startswith("/") or location.startswith(("//", "/login")):
        return answer
    return caller.send("GET", location)


def all_callers(world: World) -> list[tuple[Who, Caller]]:
    """Sign everybody in, by page and by token."""
    callers: list[tuple[Who, Caller]] = []
    for who in who_asks():
        if not who.is_signed_in:
            callers.append((who, nobody(world)))
            continue
        callers.append((who, browser_of(world, who.name)))
        callers.append((who, program_of(world, who.name)))
    return callers
