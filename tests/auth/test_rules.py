"""Rules of waiting, passwords and targets, as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.auth import rules
from collab.core.identity import Role

NOW = datetime(2026, 3, 30, 1, 0, tzinfo=UTC)


def failures(count: int) -> list[datetime]:
    return [NOW - timedelta(seconds=n) for n in range(count)]


@pytest.mark.parametrize(
    "count, seconds",
    [(0, 0), (4, 0), (5, 15), (6, 30), (7, 60), (10, 480), (11, 600), (99, 600)],
)
def test_each_failure_beyond_the_free_ones_doubles_the_wait_up_to_ten_minutes(
    count: int, seconds: int
) -> None:
    until = rules.throttled_until(failures(count), free=5)
    assert until == (NOW + timedelta(seconds=seconds) if seconds else None)


@given(st.integers(0, 1000))
def test_nobody_ever_waits_longer_than_the_longest_delay(count: int) -> None:
    until = rules.throttled_until(failures(count), free=rules.FREE_TRIES_NAME)
    assert rules.wait_seconds(until, NOW) <= rules.LONGEST_DELAY.total_seconds() + 1


@pytest.mark.parametrize(
    "path, target",
    [
        ("/commitments?signal=red", "/commitments?signal=red"),
        ("/", "/"),
        ("/a%20b", "/a%20b"),
        (None, "/"),
        ("", "/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("\\\\elsewhere", "/"),
        ("/a\\b", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("/a\tb", "/"),
        ("/é", "/"),
        (" /a", "/"),
        ("/login?next=/x", "/"),
        ("/logout", "/"),
        ("/" + "a" * 3000, "/"),
    ],
)
def test_one_is_sent_to_a_path_of_this_site_only(path: str | None, target: str) -> None:
    assert rules.safe_target(path) == target


@given(st.text(max_size=60))
def test_no_text_leads_off_this_site(text: str) -> None:
    target = rules.safe_target(text)
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "elevenchars",
        "123456789012",
        "abcdefghijklm",
        "PASSWORD1234",
        "aaaaaaaaaaaaaaa",
        "abababababababab",
        "Bismillah123",
        "siti.rahma.siti",
        "collab-siti-rahma",
        "x" * 201,
    ],
)
def test_a_weak_password_is_refused_with_a_sentence(password: str) -> None:
    assert rules.password_problems(password, words=rules.person_words("siti.rahma", "Siti Rahma"))


@pytest.mark.parametrize(
    "password", ["kuda putih berlari", "Sinergi-Daerah-2026", "élan vital öffnet", "q" + "z7Kp!" * 4]
)
def test_a_long_unknown_password_will_do(password: str) -> None:
    assert rules.password_problems(password, words=rules.person_words("siti.rahma", "Siti Rahma")) == []


def test_one_password_typed_on_two_keyboards_is_one_password() -> None:
    assert rules.password_text("caf\u00e9 panjang sekali") == rules.password_text("cafe\u0301 panjang sekali")


def test_every_common_password_is_long_enough_to_matter() -> None:
    assert len(rules.common_passwords()) > 80
    assert all(
        len(word) >= rules.SHORTEST_PASSWORD and word == word.casefold() for word in rules.common_passwords()
    )


@pytest.mark.parametrize("day, holds", [(9, False), (10, True), (15, True), (20, True), (21, False)])
def test_a_dated_row_holds_from_its_first_through_its_last_day(day: int, holds: bool) -> None:
    assert rules.holds_on(date(2026, 3, day), date(2026, 3, 10), date(2026, 3, 20)) is holds


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("is_government, is_partner", [(True, False), (False, False), (False, True)])
def test_each_role_is_held_for_its_kind_of_scope_only(
    role: Role, is_government: bool, is_partner: bool
) -> None:
    fits = {Role.LIAISON: (False, False), Role.PARTNER: (False, True)}.get(role, (True, False))
    problem = rules.scope_problem(role, is_government=is_government, is_partner=is_partner)
    assert (problem is None) == (fits == (is_government, is_partner))
