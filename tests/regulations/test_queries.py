"""What each reader finds in the register; the SQL of states agrees with the rule; what rests on what."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import event

from collab.core import clock
from collab.core.errors import NotFound
from collab.documents.services import store
from collab.documents.vocabulary import DocumentKind
from collab.regulations import queries, services
from collab.regulations.models import Regulation, RegulationRelation
from collab.regulations.vocabulary import Lifecycle, RegulationKind, RegulationState, RelationKind
from tests.regulations.conftest import R2_ON
from tests.regulations.test_services import File

TODAY = date(2100, 1, 1)
READERS = [
    ("legal.babel", True),
    ("coordinator.babel", True),
    ("monitor.babel", False),
    ("auditor.babel", False),
    ("admin.babel", False),
    ("admin", False),
    ("liaison.kopukm.babel", False),
    ("partner.okeoce", False),
    ("legal.kalteng", False),
    ("coordinator.kalteng", False),
]


def ids(session, identity, **filters):
    return {row.id for row in session.execute(queries.listing(identity=identity, day=TODAY, **filters))}


@pytest.mark.parametrize("who, drafts", READERS)
def test_enacted_ones_are_everybodys_and_drafts_only_legal_staffs_and_coordinators(
    session, people, seed, who, drafts
):
    reader = people.identity(session, who)
    enacted = {seed.r1.id, seed.r2.id}
    assert ids(session, reader) == (enacted | {seed.r3.id} if drafts else enacted)
    assert queries.get(session, seed.r2.id, identity=reader).citation.startswith("Pergub 48/2018 tentang")
    if drafts:
        assert queries.get(session, seed.r3.id, identity=reader).citation.startswith(
            "Rancangan Pergub tentang"
        )
    else:
        with pytest.raises(NotFound):
            queries.get(session, seed.r3.id, identity=reader)


@pytest.mark.parametrize("who, drafts", READERS)
def test_relations_closure_and_search_never_name_a_hidden_draft(session, people, seed, who, drafts):
    reader = people.identity(session, who)
    others = {row.other_id for row in queries.relations(session, seed.r2.id, identity=reader)}
    assert others == ({seed.r1.id, seed.r3.id} if drafts else {seed.r1.id})
    assert queries.closure(session, seed.r1.id, identity=reader) == (
        {seed.r2.id, seed.r3.id} if drafts else {seed.r2.id}
    )
    found = {number for number, _cited in queries.search(session, "Perubahan", identity=reader)}
    assert found == ({seed.r3.id} if drafts else set())
    assert (queries.label(session, seed.r3.id, identity=reader) is not None) is drafts


def test_relations_are_read_both_ways(session, seed, legal):
    rows = queries.relations(session, seed.r2.id, identity=legal)
    assert [(row.kind, bool(row.is_acting), row.other_id) for row in rows] == [
        (RelationKind.IMPLEMENTS, True, seed.r1.id),
        (RelationKind.AMENDS, False, seed.r3.id),
    ]


def test_what_rests_on_a_regulation_is_listed_direct_ones_first(session, seed, legal):
    rows = queries.dependants(session, seed.r1.id, identity=legal)
    assert [(row.id, bool(row.is_direct)) for row in rows] == [(seed.r2.id, True), (seed.r3.id, False)]


def test_a_circle_of_relations_ends(session, seed, legal):
    services.relate(session, seed.r1.id, actor=legal, kind=RelationKind.LEGAL_BASIS, target_id=seed.r3.id)
    found = queries.closure(session, seed.r1.id, identity=legal)
    assert found == {seed.r2.id, seed.r3.id}


def test_a_mere_reference_rests_on_nothing(session, seed, legal, people):
    other = services.create(
        session, actor=legal, government_id=people.government("19"), kind=RegulationKind.SE, title="Edaran"
    )
    services.relate(session, other.id, actor=legal, kind=RelationKind.REFERS_TO, target_id=seed.r1.id)
    assert other.id not in queries.closure(session, seed.r1.id, identity=legal)


# -- the list -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "filters, found",
    [
        ({"kind": RegulationKind.PERDA_PROV}, {"r1"}),
        ({"year": 2018}, {"r2"}),
        ({"text": "Pergub 48/2018"}, {"r2"}),
        ({"text": "pergub nomor 48 tahun 2018"}, {"r2"}),
        ({"text": "48"}, {"r2", "r3"}),
        ({"text": "koperasi pemberdayaan"}, {"r1", "r2"}),
        ({"text": "100%"}, set()),
        ({"text": "_"}, set()),
        ({"text": "' OR 1=1 --"}, set()),
        ({"state": RegulationState.DRAFT}, {"r3"}),
        ({"state": RegulationState.IN_FORCE}, {"r1", "r2"}),
        ({"state": RegulationState.REVOKED}, set()),
    ],
)
def test_filters_find_what_they_say(session, seed, legal, filters, found):
    names = {getattr(seed, name).id: name for name in ("r1", "r2", "r3")}
    assert {names[number] for number in ids(session, legal, **filters)} == found


def test_own_regulations_are_offered_first(session, people, seed, legal):
    other = people.identity(session, "legal.kalteng")
    services.create(
        session, actor=other, government_id=people.government("62"), kind=RegulationKind.PERGUB,
        title="Koperasi", number="1", year=2099,
    )  # fmt: skip
    offered = queries.search(session, "koperasi", identity=legal)
    assert [cited.rpartition("(")[2] for _number, cited in offered] == ["Babel)", "Babel)", "Kalteng)"]


# -- as of a day ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "government, zone_hours, who",
    [("19", 7, "legal.babel"), ("62", 7, "legal.kalteng")],
)
def test_a_regulation_is_known_from_the_local_day_on_which_it_was_recorded(
    session, people, government, zone_hours, who
):
    last_second = datetime(2031, 5, 4, 23, 59, 59, tzinfo=UTC) - timedelta(hours=zone_hours)
    with clock.travel(last_second):
        actor = people.identity(session, who)
        row = services.create(
            session,
            actor=actor,
            government_id=people.government(government),
            kind=RegulationKind.PERGUB,
            title="Baru",
        )
    known = {
        day: bool([r for r in session.execute(queries.listing(identity=actor, day=day)) if r.id == row.id])
        for day in (date(2031, 5, 3), date(2031, 5, 4))
    }
    assert known == {date(2031, 5, 3): False, date(2031, 5, 4): True}


@pytest.mark.parametrize("seed_number", range(6))
def test_the_sql_of_states_is_the_rule_of_states(session, people, legal, seed_number):
    random = Random(seed_number)
    days = [date(2031, 5, n) for n in range(1, 8)]

    def maybe():
        return random.choice([None, *days])

    rows = [
        _row(random, people.government(random.choice(["19", "62"])), number, maybe) for number in range(14)
    ]
    session.add_all(rows)
    session.flush()
    for source in rows:
        for target in random.sample(rows, 4):
            if source is not target:
                session.add(
                    RegulationRelation(
                        source_id=source.id,
                        target_id=target.id,
                        kind=random.choice(list(RelationKind)),
                        effective_on=maybe(),
                        recorded_at=_instant(random),
                    )
                )
    session.flush()
    for day in days:
        listed = {
            row.id: RegulationState(row.state)
            for row in session.execute(queries.listing(identity=legal, day=day))
        }
        standings = queries.standings(session, listed, day=day)
        assert listed == {number: standing.state for number, standing in standings.items()}


def _instant(random):
    return datetime(2031, 5, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(0, 7 * 24 * 60))


def _row(random, government_id, number, maybe):
    enacted = random.random() < 0.8
    first, second = sorted((random.choice([date(2031, 5, 1), date(2031, 5, 3)]), date(2031, 5, 3)))
    promulgated = random.choice([None, second])
    moment = _instant(random)
    return Regulation(
        government_id=government_id, kind=random.choice([RegulationKind.PERGUB, RegulationKind.KEPGUB]),
        number=str(number) if enacted else None, year=2031 if enacted else None, title=f"Judul {number}",
        lifecycle=Lifecycle.ENACTED if enacted else Lifecycle.DRAFT, enacted_on=first if enacted else None,
        promulgated_on=promulgated if enacted else None, effective_on=maybe() if enacted else None,
        recorded_at=moment, changed_at=moment,
    )  # fmt: skip


def test_a_standing_names_what_made_it(session, seed, legal, people):
    revoker = services.create(
        session, actor=legal, government_id=people.government("19"), kind=RegulationKind.PERGUB, title="Pencabutan",
        number="3", year=2030, enacted_on=date(2030, 3, 1), promulgated_on=date(2030, 3, 1),
    )  # fmt: skip
    services.relate(session, revoker.id, actor=legal, kind=RelationKind.REVOKES, target_id=seed.r2.id)
    rows = queries.relations(session, seed.r2.id, identity=legal)
    found = queries.standing(seed.r2, rows, TODAY)
    assert (found.state, found.since, found.by) == (RegulationState.REVOKED, date(2030, 3, 1), (revoker.id,))
    assert queries.standing(seed.r2, rows, R2_ON).state is RegulationState.IN_FORCE


# -- documents ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who, drafts", READERS)
def test_documents_follow_their_regulation_and_working_drafts_stay_inside(
    session, people, seed, legal, who, drafts
):
    reader = people.identity(session, who)
    for regulation, role, number in (
        (seed.r2, DocumentKind.COPY, 1),
        (seed.r2, DocumentKind.DRAFT, 2),
        (seed.r3, DocumentKind.TEXT, 3),
    ):
        row = store(session, File(sha256=f"{number:064x}"), title=f"d{number}", kind=role, actor=legal)
        services.attach(session, regulation.id, actor=legal, documents=[row.id], role=role)
        assert queries.sees_document(session, reader, row.id) is (number == 1 or drafts)
        assert queries.edits_document(session, reader, row.id) is (who == "legal.babel")
        assert bool(queries.owners_of(session, row.id, identity=reader)) is (number == 1 or drafts)
    shown = [
        document.title for _attachment, document in queries.documents(session, seed.r2.id, identity=reader)
    ]
    assert shown == (["d1", "d2"] if drafts else ["d1"])


def test_many_standings_cost_two_queries(session, engine, seed):
    seen = []
    note = lambda *arguments: seen.append(arguments[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert (
            len(queries.standings(session, [seed.r1.id, seed.r2.id, seed.r3.id, seed.r1.id], day=TODAY)) == 3
        )
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(seen) == 2
