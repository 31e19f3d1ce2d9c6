"""Accounts, roles and tokens by their services: scopes, refusals, and a journal row for every change."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from collab.audit.models import JournalEntry
from collab.auth import queries, services, tasks
from collab.auth.models import ApiToken, LoginSession, RoleAssignment, SignInAttempt, User
from collab.auth.rules import digest
from collab.core import clock
from collab.core.errors import Forbidden, Invalid, NotFound, Refused
from collab.core.identity import SYSTEM, Identity, Role
from collab.organizations.models import Organization
from tests.support import builders
from tests.support.world import People, World


@pytest.fixture
def admin(session: Session, people: People) -> Identity:
    return people.identity(session, "admin.babel")


def user(session: Session, people: People, name: str) -> User:
    return session.get_one(User, people.user(name))


def tags(session: Session) -> list[str]:
    session.commit()
    return list(session.scalars(select(JournalEntry.tag).order_by(JournalEntry.id)))


def opened(session: Session, user_id: int, word: str = "x") -> LoginSession:
    now = clock.now()
    row = LoginSession(
        user_id=user_id, token_hash=digest(word), created_at=now, expires_at=now + timedelta(hours=1)
    )
    session.add(row)
    session.flush()
    return row


def all_acts(session: Session, people: People, admin: Identity) -> dict[str, Callable[[], Any]]:
    """Every way to write accounts."""
    legal = user(session, people, "legal.babel")
    own = people.identity(session, "legal.babel")
    token = services.create_token(session, user_id=legal.id, title="t", actor=own)[0]
    role = session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == legal.id)).one()
    signed_in = opened(session, legal.id)
    session.commit()
    return {
        "auth:user:created": lambda: services.create_user(
            session, name="siti", display_name="Siti", actor=admin
        ),
        "auth:user:edited": lambda: services.edit_user(
            session, legal, values={"display_name": "L"}, actor=admin
        ),
        "auth:user:closed": lambda: services.deactivate(session, legal, actor=admin),
        "auth:user:password-reset": lambda: services.reset_password(
            session, legal, password_hash="h", actor=admin
        ),
        "auth:user:password-changed": lambda: services.change_password(
            session, legal, checked=legal.password_hash, password_hash="h", actor=own
        ),
        "auth:user:token-created": lambda: services.create_token(
            session, user_id=legal.id, title="x", actor=own
        ),
        "auth:user:token-revoked": lambda: services.revoke_token(session, token.id, actor=own),
        "auth:session:ended": lambda: services.end_session(session, signed_in.id, actor=own),
        "auth:user:sessions-ended": lambda: services.end_sessions(session, legal, actor=own),
        "auth:role:given": lambda: services.assign_role(
            session, user_id=legal.id, role=Role.MONITOR, scope="19", actor=admin
        ),
        "auth:role:ended": lambda: services.end_role(
            session, role, on=clock.today("Asia/Jakarta"), actor=admin
        ),
    }


ACTS = (
    "auth:user:created", "auth:user:edited", "auth:user:closed", "auth:user:password-reset",
    "auth:user:password-changed", "auth:user:token-created", "auth:user:token-revoked", "auth:session:ended",
    "auth:user:sessions-ended", "auth:role:given", "auth:role:ended",
)  # fmt: skip


@pytest.mark.parametrize("tag", ACTS)
def test_every_act_on_accounts_is_journaled(
    session: Session, people: People, admin: Identity, tag: str
) -> None:
    act = all_acts(session, people, admin)[tag]
    before = len(tags(session))
    act()
    written = tags(session)[before:]
    assert tag in written
    entry = session.scalars(
        select(JournalEntry).where(JournalEntry.tag == tag).order_by(JournalEntry.id.desc())
    ).first()
    assert entry is not None
    assert entry.government_id == people.government("19")


@pytest.mark.parametrize("tag", ACTS)
def test_no_row_of_accounts_changes_without_a_journal_row(
    session: Session, people: People, admin: Identity, tag: str
) -> None:
    act = all_acts(session, people, admin)[tag]
    changed: set[str] = set()
    before = len(tags(session))

    def note(session: Session, context: Any) -> None:
        for row in (*session.new, *session.dirty):
            changed.add(type(row).__name__)

    event.listen(session, "after_flush", note)
    act()
    event.remove(session, "after_flush", note)
    names = {User.__name__, RoleAssignment.__name__, LoginSession.__name__, ApiToken.__name__}
    assert changed & names
    assert len(tags(session)) > before


def test_a_secret_is_never_in_the_journal(session: Session, people: People, admin: Identity) -> None:
    own = people.identity(session, "legal.babel")
    _token, secret = services.create_token(session, user_id=people.user("legal.babel"), title="t", actor=own)
    services.reset_password(
        session, user(session, people, "legal.babel"), password_hash="$argon2id$x", actor=admin
    )
    session.commit()
    for payload in session.scalars(select(JournalEntry.payload)):
        assert secret not in payload
        assert digest(secret) not in payload
        assert "argon2" not in payload


@pytest.mark.parametrize(
    "name",
    [
        "Siti",
        "siti rahma",
        "",
        ".siti",
        "siti.",
        "siti..rahma",
        "sïti",
        "1siti",
        "a" * 81,
        "siti@x",
        "legal.babel",
    ],
)
def test_a_misshapen_or_taken_name_is_refused_at_its_field(
    session: Session, people: People, name: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        services.create_user(session, name=name, display_name="X", actor=SYSTEM)
    assert "name" in refusal.value.errors


@pytest.mark.parametrize(
    "role, scope, field",
    [
        (Role.MONITOR, "19/kopukm", "scope"),
        (Role.LIAISON, "19", "scope"),
        (Role.LIAISON, "partner/okeoce", "scope"),
        (Role.PARTNER, "19/kopukm", "scope"),
        (Role.LEGAL, "99", "scope"),
        (Role.LIAISON, "19/nothing", "scope"),
        (Role.LIAISON, "19/", "scope"),
    ],
)
def test_a_role_for_the_wrong_kind_of_scope_is_refused(
    session: Session, people: People, role: Role, scope: str, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        services.assign_role(
            session, user_id=people.user("legal.babel"), role=role, scope=scope, actor=SYSTEM
        )
    assert field in refusal.value.errors


def test_roles_are_given_only_in_ones_own_government(
    session: Session, people: People, admin: Identity
) -> None:
    who = people.user("legal.babel")
    with pytest.raises(Forbidden):
        services.assign_role(session, user_id=who, role=Role.LEGAL, scope="62", actor=admin)
    with pytest.raises(Forbidden):
        services.assign_role(session, user_id=who, role=Role.ADMIN, scope="id", actor=admin)
    with pytest.raises(NotFound):
        services.assign_role(
            session, user_id=people.user("legal.kalteng"), role=Role.LEGAL, scope="19", actor=admin
        )
    nation = people.identity(session, "admin")
    assert services.assign_role(session, user_id=who, role=Role.LEGAL, scope="62", actor=nation).id


def test_only_administrators_give_roles(session: Session, people: People) -> None:
    coordinator = people.identity(session, "coordinator.babel")
    with pytest.raises(Forbidden):
        services.assign_role(
            session, user_id=coordinator.user_id, role=Role.ADMIN, scope="19", actor=coordinator
        )
    with pytest.raises(Forbidden):
        services.create_user(session, name="siti", display_name="Siti", actor=coordinator)


def test_a_role_is_not_given_twice_nor_in_the_past(session: Session, people: People, admin: Identity) -> None:
    who = people.user("legal.babel")
    with pytest.raises(Refused):
        services.assign_role(session, user_id=who, role=Role.LEGAL, scope="19", actor=admin)
    with pytest.raises(Invalid) as refusal:
        services.assign_role(
            session, user_id=who, role=Role.MONITOR, scope="19", actor=admin,
            valid_from=clock.today("Asia/Jakarta") - timedelta(days=1),
        )  # fmt: skip
    assert "valid_from" in refusal.value.errors


def test_a_role_ended_yesterday_is_gone_at_once_and_not_ended_twice(
    session: Session, people: People, admin: Identity
) -> None:
    who = people.user("legal.babel")
    role = session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == who)).one()
    yesterday = clock.today("Asia/Jakarta") - timedelta(days=1)
    with pytest.raises(Invalid):
        services.end_role(session, role, on=yesterday - timedelta(days=1), actor=admin)
    services.end_role(session, role, on=yesterday, actor=admin)
    session.commit()
    assert not people.identity(session, "legal.babel").has(Role.LEGAL)
    with pytest.raises(Refused):
        services.end_role(session, role, on=yesterday, actor=admin)


def test_whoever_holds_a_role_elsewhere_is_not_changed_from_here(
    session: Session, people: People, admin: Identity
) -> None:
    nation = people.identity(session, "admin")
    legal = user(session, people, "legal.babel")
    services.assign_role(session, user_id=legal.id, role=Role.LEGAL, scope="62", actor=nation)
    for act in (
        lambda: services.deactivate(session, legal, actor=admin),
        lambda: services.reset_password(session, legal, password_hash="h", actor=admin),
        lambda: services.edit_user(session, legal, values={"display_name": "x"}, actor=admin),
    ):
        with pytest.raises(Forbidden):
            act()
    assert queries.account(session, legal.id, identity=nation).is_manageable


def test_nobody_closes_their_own_account(session: Session, people: People, admin: Identity) -> None:
    with pytest.raises(Refused):
        services.deactivate(session, user(session, people, "admin.babel"), actor=admin)


def test_tokens_are_for_oneself_and_make_no_tokens(session: Session, people: People, admin: Identity) -> None:
    with pytest.raises(Forbidden):
        services.create_token(session, user_id=people.user("legal.babel"), title="t", actor=admin)
    token, _secret = services.create_token(session, user_id=admin.user_id or 0, title="t", actor=admin)
    with pytest.raises(NotFound):
        services.revoke_token(session, token.id, actor=people.identity(session, "legal.babel"))
    services.revoke_token(session, token.id, actor=admin)
    with pytest.raises(Refused):
        services.revoke_token(session, token.id, actor=admin)


def test_a_present_password_is_checked_before_it_is_changed(world: World) -> None:
    with world.session() as session:
        legal = session.get_one(User, world.user("legal.babel"))
        own = world.identity(session, "legal.babel")
        with pytest.raises(Refused):
            services.change_password(session, legal, checked="another", password_hash="h", actor=own)
        with pytest.raises(Forbidden):
            services.change_password(
                session,
                legal,
                checked=legal.password_hash,
                password_hash="h",
                actor=world.identity(session, "admin"),
            )


def test_tries_that_no_longer_count_are_forgotten(session: Session) -> None:
    now = clock.now()
    for age in (timedelta(hours=2), timedelta(hours=25)):
        session.add(SignInAttempt(name=digest("x"), address=None, attempted_at=now - age))
    session.flush()
    assert tasks.sweep(session) == 1
    assert tasks.sweep(session) == 0


# -- reaching into another government -------------------------------------------------------------------------


def official(
    session: Session, people: People, government: str, *, since: int = -10, until: int | None = None
) -> int:
    """Make a person who holds the head's post of an agency of a government; give the person's id."""
    agency = session.get_one(Organization, people.organization(f"{government}/kopukm"))
    who, day = builders.person(session, f"Pejabat {government}"), clock.today("Asia/Jakarta")
    last = None if until is None else day + timedelta(days=until)
    post = builders.position(session, agency)
    builders.holding(session, who, post, valid_from=day + timedelta(days=since), valid_until=last)
    return who.id


@pytest.mark.parametrize("since", [-10, 10])
def test_an_administrator_makes_nobody_an_official_of_another_government(
    session: Session, people: People, admin: Identity, since: int
) -> None:
    stranger = official(session, people, "62", since=since)
    own = user(session, people, "admin.babel")
    for link in (
        lambda: services.edit_user(session, own, values={"person_id": stranger}, actor=admin),
        lambda: services.create_user(session, name="siti", display_name="S", person_id=stranger, actor=admin),
    ):
        with pytest.raises(Invalid) as caught:
            link()
        assert list(caught.value.errors) == ["person_id"]


def test_an_administrator_links_accounts_to_officials_of_the_own_government_and_to_former_ones(
    session: Session, people: People, admin: Identity
) -> None:
    own, former = official(session, people, "19"), official(session, people, "62", until=-3)
    for number, person_id in enumerate((own, former)):
        row = services.create_user(
            session, name=f"siti.{'ab'[number]}", display_name="S", person_id=person_id, actor=admin
        )
        assert row.person_id == person_id
    national = people.identity(session, "admin")
    linked = services.edit_user(
        session, user(session, people, "legal.babel"), values={"person_id": former}, actor=national
    )
    assert linked.person_id == former


@pytest.mark.parametrize(
    ("role", "scope", "acting"),
    [
        (Role.MONITOR, "19", "62/setda"),
        (Role.LIAISON, "19/kopukm", "62/kopukm"),
        (Role.LIAISON, "19/kopukm", "okeoce"),
        (Role.PARTNER, "partner/okeoce", "19/kopukm"),
    ],
)
def test_nobody_acts_for_a_unit_of_another_government(
    session: Session, people: People, admin: Identity, role: Role, scope: str, acting: str
) -> None:
    with pytest.raises(Invalid) as caught:
        services.assign_role(
            session,
            role=role,
            scope=scope,
            user_id=people.user("legal.babel"),
            acting_organization_id=people.organization(acting),
            actor=admin,
        )
    assert list(caught.value.errors) == ["acting_organization_id"]


def test_who_is_no_administrator_is_not_told_which_accounts_exist(world: World) -> None:
    from tests.support.world import add_user

    with world.session() as session:
        plain = add_user(session, world.people, "tanpa.peran")
    program = world.program("liaison.kopukm.babel")
    numbers = [plain, world.user("partner.okeoce"), world.user("legal.kalteng"), 99_999]
    for path in ("/users/{}", "/api/v1/users/{}", "/users/{}/edit"):
        answers = {program.get(path.format(number), expect_errors=True).status_int for number in numbers}
        assert answers == {403}, path
