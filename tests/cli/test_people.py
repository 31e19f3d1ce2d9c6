"""Governments, accounts and tokens made from the command line: shown once, usable at once, refused in one line."""

from pathlib import Path

import pytest

from collab.auth import queries, services
from collab.cli.house import House
from collab.core import clock
from collab.core.identity import Role
from tests.cli.conftest import Collab, answer

PROVINCE = ("government", "add", "19", "--kind", "province", "--name", "Provinsi Kepulauan Bangka Belitung")


@pytest.fixture
def province(collab: Collab) -> None:
    collab("init")
    collab(*PROVINCE, "--short-name", "Babel")


def signed_in_roles(name: str, password: str) -> set[Role]:
    """Sign in as the browser does; give the roles that result."""
    house = House(Path("development.ini"))
    sessions = house.sessions
    entered = services.sign_in(sessions, strength=house.settings.argon2, name=name, password=password)
    with house.reading() as session:
        identity = queries.identity_for_user(session, entered.user_id)
    house.close()
    assert identity is not None
    return {grant.role for grant in identity.grants}


def test_a_made_account_signs_in_with_the_password_shown_once(collab: Collab, province: None) -> None:
    made = answer(collab("user", "add", "siti.rahma", "--role", "coordinator", "--scope", "19", "--json"))
    assert signed_in_roles("siti.rahma", made["password"]) == {Role.COORDINATOR}


def test_a_password_of_ones_own_is_asked_for_twice_and_not_printed(collab: Collab, province: None) -> None:
    typed = "empat kuda berlari\n" * 2
    said = collab("user", "add", "siti.rahma", "--role", "auditor", "--scope", "19", "--ask", input=typed)
    assert "empat kuda" not in said.stdout
    assert signed_in_roles("siti.rahma", "empat kuda berlari") == {Role.AUDITOR}


def test_a_weak_password_is_refused(collab: Collab, province: None) -> None:
    arguments = ("user", "add", "siti.rahma", "--role", "auditor", "--scope", "19", "--ask")
    assert "at least 12 characters" in collab(*arguments, input="short\n" * 2, code=1).stderr


@pytest.mark.parametrize(
    ("name", "role", "scope", "said"),
    [
        ("siti.rahma", "auditor", "99", "scope: There is no such government or organization."),
        ("siti.rahma", "liaison", "19", "scope: "),
        ("Siti Rahma", "auditor", "19", "name: Use lower-case letters"),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(
    collab: Collab, province: None, name: str, role: str, scope: str, said: str
) -> None:
    refused = collab("user", "add", name, "--role", role, "--scope", scope, code=1).stderr
    assert said in refused
    assert refused.count("\n") == 1
    collab("user", "add", "siti.rahma", "--role", "auditor", "--scope", "19")


def test_a_name_that_is_taken_is_refused(collab: Collab, province: None) -> None:
    collab("user", "add", "siti.rahma", "--role", "auditor", "--scope", "19")
    again = collab("user", "add", "siti.rahma", "--role", "monitor", "--scope", "19", code=1)
    assert "already taken" in again.stderr


def test_an_unknown_role_is_wrong_usage(collab: Collab, province: None) -> None:
    collab("user", "add", "siti.rahma", "--role", "king", "--scope", "19", code=2)


def test_a_token_is_printed_once_and_opens_the_house(collab: Collab, province: None) -> None:
    collab("user", "add", "siti.rahma", "--role", "auditor", "--scope", "19")
    secret = answer(collab("token", "add", "siti.rahma", "--json"))["token"]
    house = House(Path("development.ini"))

    with house.reading() as session:
        identity = queries.load_identity(session, bearer=secret, now=clock.now())
    house.close()
    assert identity is not None
    assert identity.name == "siti.rahma"


def test_a_token_for_nobody_is_refused(collab: Collab, province: None) -> None:
    assert "there is no account nobody" in collab("token", "add", "nobody", code=1).stderr


def test_a_government_is_made_once(collab: Collab, province: None) -> None:
    assert "already has this code" in collab(*PROVINCE, "--short-name", "Babel", code=1).stderr
