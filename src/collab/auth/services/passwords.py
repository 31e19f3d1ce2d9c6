"""Password hashes: argon2id, never computed while a transaction is open."""

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from collab.auth.rules import LONGEST_PASSWORD, password_text

#: Letters and digits that nobody confuses when reading them out.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@lru_cache
def hasher(strength: str) -> PasswordHasher:
    """Give the hasher of a strength: `standard` (OWASP: 19 MiB, two passes), or `cheap` for tests."""
    if strength == "cheap":
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, hash_len=16, salt_len=8)
    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


@lru_cache
def dummy_hash(strength: str) -> str:
    """Give the hash that stands in for an unknown name, so that it takes as long as a known one."""
    return hasher(strength).hash(secrets.token_urlsafe(32))


def hash_password(password: str, *, strength: str = "standard") -> str:
    """Hash a password as it will be stored."""
    return hasher(strength).hash(password_text(password))


def fits(stored: str | None, password: str, *, strength: str) -> bool:
    """Tell whether a password gives the stored hash; without one the same work is done and the answer is no."""
    text = password_text(password)[:LONGEST_PASSWORD]
    try:
        return hasher(strength).verify(stored or dummy_hash(strength), text) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str, *, strength: str) -> bool:
    """Tell whether a stored hash was made with other parameters than today's."""
    return hasher(strength).check_needs_rehash(stored)


def one_time_password() -> str:
    """Make a password to hand over: four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
