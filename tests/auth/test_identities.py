"""Identities: effective roles follow the local day, the position held and the scope; secrets open nothing twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from collab.auth import queries
from collab.auth.models import ApiToken, LoginSession, RoleAssignment, User
from collab.auth.rules import SESSION_LENGTH, digest
from collab.core import clock
from collab.core.identity import Identity, Role
from collab.organizations.models import Organization, Person, Position, PositionHolding
from collab.organizations.vocabulary import HoldingKind
from tests.support.world import LONG_AGO, People, add_user

#: 00:30 on 1 June in Jakarta and Pontianak, still 31 May in UTC.
JUST_AFTER_MIDNIGHT = datetime(2026, 5, 31, 17, 30, tzinfo=UTC)


def at(session: Session, user_id: int, moment: datetime) -> Identity:
    found = queries.identity_for_user(session, user_id, now=moment)
    assert found is not None
    return found


def position(session: Session, people: People, scope: str, title: str) -> int:
    row = Position(organization_id=people.organization(scope), title=title, is_head=True, changed_at=LONG_AGO)
    session.add(row)
    session.flush()
    return row.id


def hold(
    session: Session, person_id: int, position_id: int, kind: HoldingKind, first: date, last: date | None
) -> None:
    session.add(
        PositionHolding(
            person_id=person_id, position_id=position_id, holding_kind=kind,
            valid_from=first, valid_until=last, changed_at=LONG_AGO,
        )
    )  # fmt: skip
    session.flush()


def person(session: Session, name: str) -> int:
    row = Person(name=name, changed_at=LONG_AGO)
    session.add(row)
    session.flush()
    return row.id


def test_a_government_role_acts_for_the_governments_root(session: Session, people: People) -> None:
    add_user(session, people, "plain", Role.ADMIN, government="19")
    identity = people.identity(session, "plain")
    assert identity.governments(Role.ADMIN) == {people.government("19")}
    assert identity.acts_for(Role.ADMIN) == {people.organization("19/pemerintah")}
    assert (identity.home_government_id, identity.home_zone) == (people.government("19"), "Asia/Jakarta")
    assert not identity.is_national(Role.ADMIN)


def test_an_organization_role_reaches_the_units_below_and_nothing_beside(
    session: Session, people: People
) -> None:
    identity = people.identity(session, "liaison.setda.kalteng")
    wanted = {people.organization(f"62/{code}") for code in ("setda", "hukum", "kerjasama")}
    assert identity.organizations(Role.LIAISON) == wanted
    assert identity.acts_for(Role.LIAISON) == {people.organization("62/setda")}
    assert (identity.home_government_id, identity.home_zone) == (people.government("62"), "Asia/Pontianak")


def test_a_partner_has_no_government(session: Session, people: People) -> None:
    identity = people.identity(session, "partner.okeoce")
    assert identity.organizations(Role.PARTNER) == {people.organization("okeoce")}
    assert (identity.home_government_id, identity.home_zone) == (None, "Asia/Jakarta")


def test_only_the_nations_administrator_is_national(session: Session, people: People) -> None:
    assert people.identity(session, "admin").is_national(Role.ADMIN)
    assert not people.identity(session, "admin.babel").is_national(Role.ADMIN)


def test_a_circle_of_parents_ends(session: Session, people: People) -> None:
    setda = session.get_one(Organization, people.organization("62/setda"))
    setda.parent_id = people.organization("62/hukum")
    session.flush()
    assert len(people.identity(session, "liaison.setda.kalteng").organizations(Role.LIAISON)) == 3


@pytest.mark.parametrize(
    "moment, holds",
    [
        (datetime(2026, 5, 31, 16, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 5, 31, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 5, 30, 16, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 5, 30, 17, 0, tzinfo=UTC), True),
    ],
)
def test_a_role_holds_from_local_midnight_to_local_midnight(
    session: Session, people: People, moment: datetime, holds: bool
) -> None:
    day = date(2026, 5, 31)
    user_id = add_user(session, people, "brief", Role.LEGAL, government="62", valid_from=day, valid_until=day)
    assert at(session, user_id, moment).has(Role.LEGAL) is holds


def test_a_deputy_gains_the_roles_of_the_position_for_as_long_as_it_is_held(
    session: Session, people: People
) -> None:
    head = position(session, people, "19/kopukm", "Kepala Dinas")
    session.add(
        RoleAssignment(
            position_id=head, role=Role.LIAISON, organization_id=people.organization("19/kopukm"),
            valid_from=date(2020, 1, 1), changed_at=LONG_AGO,
        )
    )  # fmt: skip
    chief, deputy = person(session, "Elfiyena"), person(session, "Bujang")
    hold(session, chief, head, HoldingKind.DEFINITIVE, date(2020, 1, 1), date(2026, 5, 31))
    hold(session, deputy, head, HoldingKind.PLH, date(2026, 6, 1), date(2026, 6, 14))
    chiefs = add_user(session, people, "elfiyena", person_id=chief)
    deputys = add_user(session, people, "bujang", person_id=deputy)

    before, after = JUST_AFTER_MIDNIGHT - timedelta(hours=1), JUST_AFTER_MIDNIGHT
    assert at(session, chiefs, before).has(Role.LIAISON)
    assert not at(session, chiefs, after).has(Role.LIAISON)
    assert not at(session, deputys, before).has(Role.LIAISON)
    acting = at(session, deputys, after)
    assert acting.has(Role.LIAISON)
    assert acting.position_title == "Plh. Kepala Dinas, DKUKM"
    assert acting.acts_for(Role.LIAISON) == {people.organization("19/kopukm")}
    assert not at(session, deputys, after + timedelta(days=14)).has(Role.LIAISON)


def test_one_role_of_a_position_held_twice_is_one_grant(session: Session, people: People) -> None:
    head = position(session, people, "19/kopukm", "Kepala Dinas")
    session.add(
        RoleAssignment(
            position_id=head, role=Role.LIAISON, organization_id=people.organization("19/kopukm"),
            valid_from=date(2020, 1, 1), changed_at=LONG_AGO,
        )
    )  # fmt: skip
    who = person(session, "Elfiyena")
    hold(session, who, head, HoldingKind.PLT, date(2020, 1, 1), None)
    hold(session, who, head, HoldingKind.DEFINITIVE, date(2021, 1, 1), None)
    user_id = add_user(session, people, "elfiyena", person_id=who)
    assert len(at(session, user_id, JUST_AFTER_MIDNIGHT).grants) == 1


def opened(session: Session, user_id: int, **values: object) -> None:
    moment = clock.now()
    given = {
        "created_at": moment,
        "expires_at": moment + SESSION_LENGTH,
        "token_hash": digest("secret"),
    } | values
    session.add(LoginSession(user_id=user_id, **given))
    session.flush()


def test_a_session_opens_until_it_ends_expires_or_its_account_closes(
    session: Session, people: People
) -> None:
    user_id, now = people.user("monitor.babel"), clock.now()
    opened(session, user_id)

    def found(moment: datetime = now) -> Identity | None:
        return queries.load_identity(session, session_token="secret", now=moment)

    identity = found()
    assert identity is not None
    assert (identity.name, identity.channel) == ("monitor.babel", "web")
    assert found(now + SESSION_LENGTH + timedelta(seconds=1)) is None
    assert queries.load_identity(session, session_token="Secret", now=now) is None
    assert queries.load_identity(session, session_token=digest("secret"), now=now) is None
    assert queries.load_identity(session, bearer="secret", now=now) is None
    assert queries.load_identity(session, now=now) is None
    session.get_one(User, user_id).is_active = False
    session.flush()
    assert found() is None


def test_a_token_opens_the_api_until_it_is_revoked_or_expires(session: Session, people: People) -> None:
    now = clock.now()
    token = ApiToken(
        user_id=people.user("legal.babel"), title="x", token_hash=digest("secret"),
        created_at=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip
    session.add(token)
    session.flush()
    identity = queries.load_identity(session, bearer="secret", now=now)
    assert identity is not None
    assert (identity.channel, identity.token_id) == ("api", token.id)
    assert queries.load_identity(session, bearer="secret", now=now + timedelta(days=2)) is None
    token.revoked_at = now
    session.flush()
    assert queries.load_identity(session, bearer="secret", now=now) is None


@pytest.mark.parametrize(
    "name, most", [("monitor.babel", 2), ("liaison.setda.babel", 3), ("partner.okeoce", 3)]
)
def test_an_identity_costs_at_most_three_statements(
    session: Session, people: People, name: str, most: int
) -> None:
    opened(session, people.user(name))
    seen: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))
    assert queries.load_identity(session, session_token="secret", now=clock.now()) is not None
    assert len(seen) <= most
