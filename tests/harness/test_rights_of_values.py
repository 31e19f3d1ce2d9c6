"""Rights that depend on what is sent: ids in a body reach no further than ids in an address.

Policies look at the address alone. Here each body names, in turn, a row of one's own and of others; whoever may not
write there is refused and nothing is written; whoever may, succeeds, so that each body is known to be a proper one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from collab.core.identity import Role
from tests.support.doors import doors
from tests.support.house import House
from tests.support.oracle import KEEPERS, REPORTERS, Answer, Who
from tests.support.subjects import MISSING, SETTINGS

pytestmark = pytest.mark.timeout(600)
REFUSED = frozenset({401, 403, 404, 409, 422})
OWNERS = ("kopukm", "perindag", "okeoce", "kalteng", "pulpis")

Body = Callable[[House, str], dict[str, Any]]
Rule = Callable[[Who, str], Answer]


@dataclass(frozen=True)
class Case:
    """A body that names a row of an owner, and who may send it (the English stands in the rule)."""

    name: str
    route: str
    body: Body
    may: Rule
    owners: tuple[str, ...] = OWNERS


def government_of(owner: str) -> str:
    return SETTINGS[owner].government


def staff(*roles: Role) -> Rule:
    """The roles in the government of the row that the body names."""
    return lambda who, owner: who.role in roles and who.government == government_of(owner)


def reporters(who: Who, owner: str) -> Answer:
    """Liaisons and partners of the organization that owes."""
    return who.role in REPORTERS and SETTINGS[owner].organization in who.units


def never(who: Who, owner: str) -> Answer:
    """Nobody."""
    return False


def agreement(house: House, owner: str) -> dict[str, Any]:
    """A plan of the owner's government."""
    code = government_of(owner)
    return {
        "government_id": house.world.government(code),
        "scheme": "internal",
        "document_kind": "internal_plan",
        "title": "Rencana dari badan permintaan",
        "parties": [{"organization_id": house.world.organization(f"{code}/pemerintah")}],
    }


def commitment(house: House, owner: str) -> dict[str, Any]:
    """A promise under the owner's mandate."""
    return {
        "mandate_id": house.subjects.one("agreement", owner).id,
        "statement": "Komitmen dari badan permintaan",
        "accountable_id": house.world.organization(SETTINGS[owner].organization),
    }


def report(house: House, owner: str) -> dict[str, Any]:
    """A report on the owner's checkpoint, in place of the one that waits."""
    return {
        "checkpoint_id": house.subjects.one("checkpoint", owner).id,
        "status": "in_progress",
        "narrative": "Laporan dari badan permintaan",
        "supersedes_id": house.subjects.one("report", owner).id,
    }


def regulation(house: House, owner: str) -> dict[str, Any]:
    """A draft of the owner's government."""
    return {
        "kind": "perbup" if owner == "pulpis" else "pergub",
        "government_id": house.world.government(government_of(owner)),
        "title": "Rancangan dari badan permintaan",
        "lifecycle": "draft",
    }


def body_of_government(house: House, owner: str) -> dict[str, Any]:
    """An agency of the owner's government."""
    return {
        "name": "Badan dari badan permintaan",
        "org_class": "badan",
        "government_id": house.world.government(government_of(owner)),
    }


def position(house: House, owner: str) -> dict[str, Any]:
    """A post in the owner."""
    return {
        "title": "Kepala Bidang Uji",
        "organization_id": house.world.organization(SETTINGS[owner].organization),
    }


def holding(house: House, owner: str) -> dict[str, Any]:
    """A person in the owner's post, as a deputy."""
    return {
        "person_id": house.subjects.one("person", owner).id,
        "position_id": house.subjects.one("position", owner).id,
        "holding_kind": "plh",
        "valid_from": "2026-06-01",
        "valid_until": "2026-06-10",
    }


def keeping(who: Who, owner: str) -> Answer:
    """Administrators of the government; a partner's by any of them; the nation's reach is left open."""
    if who.role is not Role.ADMIN:
        return False
    if owner == "okeoce":
        return True
    return True if who.government == government_of(owner) else None if who.government == "id" else False


CASES = (
    Case("an agreement of a government", "api.agreements", agreement, staff(*KEEPERS)),
    Case("a promise under a mandate", "api.commitments", commitment, staff(Role.COORDINATOR)),
    Case("a report on a checkpoint", "api.progress_reports", report, reporters),
    Case("a regulation of a government", "api.regulations", regulation, staff(Role.LEGAL)),
    Case(
        "an organization of a government",
        "api.organizations",
        body_of_government,
        keeping,
        ("kopukm", "kalteng", "pulpis"),
    ),
    Case("a post of an organization", "api.positions", position, keeping),
    Case("a person in a post", "api.holdings", holding, keeping, ("kopukm", "perindag", "kalteng", "pulpis")),
)
#: Acts whose bodies name nothing that belongs to anybody.
FREE = {
    "api.documents",  # one's own file
    "api.persons",  # persons belong to no government
    "api.governments",  # the nation's administrators only: the address says it all
    "api.tokens",  # one's own token
    "api.users",  # an account without any right; its roles have an address of their own
}


def callers(house: House) -> Iterator[tuple[Who, Any]]:
    """Give everybody's program."""
    for who, caller in house.callers:
        if caller.bearer:
            yield who, caller


def refused_and_unwritten(house: House, answer: Any, what: str) -> Iterator[str]:
    if answer.status_int not in REFUSED:
        yield f"{what}: answered {answer.status}"
    if house.watch.changed():
        if house.watch.differs():
            yield f"{what}: wrote something"
        house.watch.restore()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_ids_in_a_body_reach_only_what_is_ones_own(house: House, case: Case) -> None:
    wrong: list[str] = []
    done = 0
    door = next(d for d in doors(house.world.config) if (d.route, d.method) == (case.route, "POST"))
    for owner in case.owners:
        for who, caller in callers(house):
            answer = caller.send_json("POST", door.pattern, case.body(house, owner))
            what = f"{caller.label}: {case.name} ({owner})"
            allowed = case.may(who, owner)
            if allowed is False:
                wrong += refused_and_unwritten(house, answer, what)
            elif allowed and answer.status_int != 201:
                wrong.append(f"{what}: is theirs and answered {answer.status} {answer.text[:200]}")
            done += bool(allowed)
            if house.watch.changed() or allowed is not False:
                house.watch.restore()
    assert not wrong, "\n".join(wrong[:30])
    assert done, "nobody may: the bodies were never proved"


def test_every_act_without_an_id_in_its_address_has_a_case(house: House) -> None:
    acts = {
        door.route
        for door in doors(house.world.config)
        if door.is_api and not door.is_safe and not door.fields and not door.is_public
    }
    assert acts <= {case.route for case in CASES} | FREE, "say here whom the new act's body may name"


# -- what an act on one's own row may name of others -----------------------------------------------------------------


@dataclass(frozen=True)
class Reach:
    """An act on one's own row whose body names something; `own` is a body that is accepted."""

    name: str
    who: str
    path: Callable[[House], str]
    foreign: Callable[[House], Iterator[dict[str, Any]]]
    own: Callable[[House], dict[str, Any]] | None = None
    method: str = "POST"


def one(house: House, kind: str, owner: str) -> int:
    return house.subjects.one(kind, owner).id


def documents_of_others(house: House, *, may_read: tuple[tuple[str, str], ...] = ()) -> Iterator[int]:
    """Give documents that the asker neither uploaded nor may read."""
    for kind in ("unclaimed", "evidence", "mandate_document", "draft_document"):
        for subject in house.subjects.of(kind):
            if (kind, subject.owner) not in may_read:
                yield subject.id
    yield MISSING


REACHES = (
    Reach(
        "a document of somebody else at a regulation",
        "legal.babel",
        lambda h: f"/api/v1/regulations/{one(h, 'draft', 'kopukm')}/documents",
        lambda h: (
            {"document_id": number, "role": "other"}
            for number in documents_of_others(
                h,
                may_read=(
                    ("draft_document", "kopukm"),
                    *(
                        (k, o)
                        for k in ("evidence", "mandate_document")
                        for o in ("kopukm", "perindag", "okeoce")
                    ),
                ),
            )
        ),
        lambda h: {"document_id": one(h, "mandate_document", "kopukm"), "role": "other"},
    ),
    Reach(
        "a document of somebody else at an agreement",
        "coordinator.babel",
        lambda h: f"/api/v1/agreements/{one(h, 'agreement', 'kopukm')}/documents",
        lambda h: (
            {"document_id": number, "role": "other"}
            for number in documents_of_others(
                h,
                may_read=(
                    ("draft_document", "kopukm"),
                    *(
                        (k, o)
                        for k in ("evidence", "mandate_document")
                        for o in ("kopukm", "perindag", "okeoce")
                    ),
                ),
            )
        ),
    ),
    Reach(
        "evidence of somebody else",
        "liaison.kopukm.babel",
        lambda h: "/api/v1/progress-reports",
        lambda h: (
            report(h, "kopukm") | {"evidence_ids": [number]}
            for number in documents_of_others(
                h,
                may_read=(("unclaimed", "kopukm"), ("evidence", "kopukm"), ("mandate_document", "kopukm")),
            )
        ),
        lambda h: report(h, "kopukm") | {"evidence_ids": [one(h, "unclaimed", "kopukm")]},
    ),
    Reach(
        "a report of another checkpoint in one's place",
        "liaison.kopukm.babel",
        lambda h: "/api/v1/progress-reports",
        lambda h: (
            report(h, "kopukm") | {"supersedes_id": number}
            for number in (one(h, "report", "perindag"), one(h, "report", "kalteng"), MISSING)
        ),
        lambda h: report(h, "kopukm"),
    ),
    Reach(
        "a relation to a draft that one may not know of",
        "legal.babel",
        lambda h: f"/api/v1/regulations/{one(h, 'regulation', 'kopukm')}/relations",
        lambda h: (
            {"kind": "refers_to", "target_id": number}
            for number in (one(h, "draft", "kalteng"), one(h, "draft", "pulpis"), MISSING)
        ),
        lambda h: {"kind": "refers_to", "target_id": one(h, "regulation", "kalteng")},
    ),
    Reach(
        "an agreement under somebody else's",
        "coordinator.babel",
        lambda h: "/api/v1/agreements",
        lambda h: (
            agreement(h, "kopukm") | {"parent_id": one(h, "agreement", owner)}
            for owner in ("kalteng", "pulpis")
        ),
        lambda h: agreement(h, "kopukm"),
    ),
    Reach(
        "a draft of somebody else as legal basis",
        "coordinator.babel",
        lambda h: "/api/v1/agreements",
        lambda h: (
            agreement(h, "kopukm") | {"legal_bases": [{"regulation_id": number}]}
            for number in (one(h, "draft", "kalteng"), MISSING)
        ),
        lambda h: (
            agreement(h, "kopukm") | {"legal_bases": [{"regulation_id": one(h, "regulation", "kalteng")}]}
        ),
    ),
    Reach(
        "a role beyond one's own government",
        "admin.babel",
        lambda h: f"/api/v1/users/{one(h, 'user', 'kopukm')}/roles",
        lambda h: (
            {"role": role, "scope": scope}
            for role, scope in (
                ("admin", "id"),
                ("admin", "62"),
                ("coordinator", "62"),
                ("liaison", "62/kopukm"),
                ("auditor", "id"),
                ("monitor", "62.11"),
            )
        ),
        lambda h: {"role": "liaison", "scope": "19/perindag"},
    ),
    Reach(
        "a merger with bodies of another government",
        "admin.babel",
        lambda h: f"/api/v1/organizations/{one(h, 'organization', 'kopukm')}/merge",
        lambda h: (
            {"predecessor_ids": [number], "effective_on": "2026-06-01"}
            for number in (one(h, "organization", "kalteng"), one(h, "organization", "pulpis"), MISSING)
        ),
        lambda h: {"predecessor_ids": [one(h, "organization", "perindag")], "effective_on": "2026-06-01"},
    ),
    Reach(
        "a place below another government's body",
        "admin.babel",
        lambda h: f"/api/v1/organizations/{one(h, 'organization', 'kopukm')}",
        lambda h: ({"parent_id": one(h, "organization", owner)} for owner in ("kalteng", "pulpis", "okeoce")),
        lambda h: {"parent_id": h.world.organization("19/setda")},
        "PATCH",
    ),
)


@pytest.mark.parametrize("reach", REACHES, ids=lambda reach: reach.name)
def test_an_act_on_ones_own_row_cannot_name_what_is_not_ones_own(house: House, reach: Reach) -> None:
    caller = house.caller(reach.who, by_token=True)
    headers = {"If-Match": "*"} if reach.method == "PATCH" else {}
    wrong: list[str] = []
    for body in reach.foreign(house):
        answer = caller.send_json(reach.method, reach.path(house), body, **headers)
        wrong += refused_and_unwritten(house, answer, f"{reach.name} {body}")
        wrong += [
            f"{body} gives away {word}" for word in hidden_words(house, reach.who) if word in answer.text
        ]
    assert not wrong, "\n".join(wrong)
    if reach.own is not None:
        answer = caller.send_json(reach.method, reach.path(house), reach.own(house), **headers)
        assert answer.status_int in (200, 201), answer.text
        house.watch.restore()


def hidden_words(house: House, name: str) -> list[str]:
    """List the words that somebody may not see."""
    from tests.support.oracle import sees
    from tests.support.subjects import visible_words

    who = next(who for who, _caller in house.callers if who.name == name)
    return [word for word, subject in visible_words(house.subjects) if sees(who, subject) is False]
