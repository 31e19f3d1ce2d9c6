"""Rules of sign-in: who may wait how long, which passwords will do, where one may be sent afterwards. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from collab.core.identity import GOVERNMENT_ROLES, Role
from collab.core.text import Sentence, _

#: A sign-in in a browser ends after twelve hours (ADR: sessions are short, tokens are named).
SESSION_LENGTH = timedelta(hours=12)
#: Failures older than this no longer count.
TRY_WINDOW = timedelta(hours=1)
#: Failures for one name, and from one address, that cost nothing.
FREE_TRIES_NAME = 5
FREE_TRIES_ADDRESS = 30
FIRST_DELAY = timedelta(seconds=15)
LONGEST_DELAY = timedelta(minutes=10)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
#: So many different characters make a password more than one key held down.
FEWEST_CHARACTERS = 5
LONGEST_TOKEN_LIFE = timedelta(days=366)

ACCOUNT_NAME = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*")
_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,1999}")


def digest(secret: str) -> str:
    """Give what is stored of a session's or a token's secret: its SHA-256."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def throttled_until(failures: Sequence[datetime], *, free: int) -> datetime | None:
    """Give the instant before which no further try is heard; None when the next one is.

    `failures` are the recent ones. After `free` of them each further one doubles the wait, counted from the
    newest, never beyond ten minutes: tries made while waiting are not counted, so nobody can lock another out
    for longer (OWASP ASVS 2.2.1).
    """
    if len(failures) < free:
        return None
    delay = min(FIRST_DELAY * 2 ** min(len(failures) - free, 20), LONGEST_DELAY)
    return max(failures) + delay


def wait_seconds(until: datetime | None, now: datetime) -> int:
    """Give the whole seconds still to wait, 0 when none."""
    return 0 if until is None or until <= now else int((until - now).total_seconds()) + 1


def safe_target(path: str | None, *, default: str = "/") -> str:
    """Give a path on this site to go to after signing in; anything else becomes the default."""
    if not path or not _PATH.fullmatch(path):
        return default
    return default if path.split("?")[0] in ("/login", "/logout") else path


def password_text(typed: str) -> str:
    """Give the one form of a typed password that is hashed (NFKC, RFC 8265 opaque strings).

    What is far too long is cut: anybody may type it, and piled-up marks take the square of their number to put in order.
    """
    return unicodedata.normalize("NFKC", typed[: LONGEST_PASSWORD * 4])


def password_problems(password: str, *, words: Iterable[str] = ()) -> list[Sentence]:
    """Say what is wrong with a new password; length and being unknown count, not kinds of characters (NIST 800-63B 5.1.1).

    `words` are the person's own: a password that is little more than them is refused.
    """
    text = password_text(password)
    if len(text) < SHORTEST_PASSWORD:
        return [
            _(
                "Use at least ${least} characters; a short sentence is easy to remember.",
                mapping={"least": SHORTEST_PASSWORD},
            )
        ]
    if len(text) > LONGEST_PASSWORD:
        return [_("Use at most ${most} characters.", mapping={"most": LONGEST_PASSWORD})]
    bare = text.casefold()
    if len(set(bare)) < FEWEST_CHARACTERS or bare in common_passwords() or _is_run(bare):
        return [_("This password is among the first ones that others try. Choose another.")]
    rest = bare
    for word in sorted({w.casefold() for w in words if len(w) >= 3}, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < SHORTEST_PASSWORD // 2:
        return [_("This password is little more than a name that others know. Choose another.")]
    return []


def _is_run(text: str) -> bool:
    """Tell whether each character follows the one before it (123456789012, abcdefghijkl)."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return len(steps - {-9, 9}) <= 1 and steps <= {-9, -1, 0, 1, 9}


@lru_cache
def common_passwords() -> frozenset[str]:
    """Give the well-known passwords that are long enough, in lower case."""
    text = files("collab.auth").joinpath("data/common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def holds_on(day: date, first: date, last: date | None) -> bool:
    """Tell whether a dated row holds on a day; both ends are included."""
    return first <= day and (last is None or day <= last)


def days_around(now: datetime) -> tuple[date, date]:
    """Give the first and last day that some zone may call today."""
    utc = now.astimezone(UTC).date()
    return utc - timedelta(days=1), utc + timedelta(days=1)


def scope_problem(role: Role, *, is_government: bool, is_partner: bool) -> Sentence | None:
    """Say why a role cannot be held for such a scope; None if it can (decisions: roles and scopes)."""
    if role in GOVERNMENT_ROLES:
        return None if is_government else _("This role is held for a whole government. Choose a government.")
    if is_government:
        return _("This role is held for one organization. Choose an organization.")
    if (role is Role.PARTNER) != is_partner:
        return _("Partners hold the role of a partner; liaisons belong to a government's organization.")
    return None


def person_words(name: str, display_name: str) -> list[str]:
    """Give the words that a person's password must not consist of."""
    parts = re.split(r"[^0-9a-z]+", f"{name} {display_name}".casefold())
    return [part for part in parts if part] + ["collab", "sinergi", "password", "sandi"]
