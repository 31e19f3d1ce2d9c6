"""Sign in and out: short transactions of their own, hashing between them, tries counted before they are heard."""

import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.orm import Session, sessionmaker

from collab.audit.services import instant, record
from collab.auth import queries
from collab.auth.errors import SignInRefused, TriesExhausted
from collab.auth.models import LoginSession, SignInAttempt, User
from collab.auth.rules import (
    FREE_TRIES_ADDRESS,
    FREE_TRIES_NAME,
    SESSION_LENGTH,
    TRY_WINDOW,
    digest,
    throttled_until,
    wait_seconds,
)
from collab.auth.services import passwords
from collab.core import clock
from collab.core.db import unit_of_work
from collab.core.identity import Identity

#: Advisory locks of sign-in tries on PostgreSQL; SQLite's BEGIN IMMEDIATE serves there.
TRY_LOCK = 1_907_202_612


@dataclass(frozen=True)
class SignedIn:
    """A new sign-in: its secret (kept nowhere else) and what the page must know."""

    token: str
    user_id: int
    session_id: int
    must_change_password: bool
    locale: str


@dataclass(frozen=True)
class _Known:
    user_id: int | None = None
    password_hash: str | None = None
    may_enter: bool = False
    display_name: str = ""
    government_id: int | None = None


def sign_in(
    sessions: sessionmaker[Session],
    *,
    strength: str,
    name: str,
    password: str,
    address: str | None = None,
    agent: str | None = None,
) -> SignedIn:
    """Check name and password and open a session of twelve hours.

    Raise `SignInRefused`, always with the same words and the same work whether or not the name exists, and
    `TriesExhausted` after too many failures. No transaction is open while the password is hashed.
    """
    wanted = account_name(name)
    attempt_id = reserve_try(sessions, name=wanted, address=address)
    known = _look_up(sessions, wanted)
    if not passwords.fits(known.password_hash, password, strength=strength) or not known.may_enter:
        raise SignInRefused(known.user_id, known.display_name, known.government_id)
    assert known.user_id is not None
    assert known.password_hash is not None
    renewed = None
    if passwords.outdated(known.password_hash, strength=strength):
        renewed = passwords.hash_password(password, strength=strength)
    return _open(sessions, known, attempt_id, renewed, address, agent)


def check_present_password(
    sessions: sessionmaker[Session], *, strength: str, actor: Identity, password: str
) -> str | None:
    """Check the present password of whoever is signed in, counted like a sign-in; give the stored hash if it fits.

    None if it does not. Raise `TriesExhausted` after too many failures. No transaction stays open.
    """
    attempt_id = reserve_try(sessions, name=actor.name, address=actor.address)
    stored = _look_up(sessions, actor.name).password_hash
    if not passwords.fits(stored, password, strength=strength):
        return None
    with unit_of_work(sessions) as session:
        forgive_try(session, attempt_id)
    return stored


def account_name(typed: str) -> str:
    """Give the account name that was typed; what can be none (too long, unprintable) becomes a name nobody has."""
    name = typed.strip().casefold()
    return name if len(name) <= 80 and name.isprintable() else f"#{digest(name)[:40]}"


def digest_of_name(typed: str) -> str:
    """Give what the journal says of a name that was typed in vain: the start of its digest."""
    return digest(account_name(typed))[:16]


def reserve_try(sessions: sessionmaker[Session], *, name: str, address: str | None) -> int:
    """Count one try as failed before it is heard, so that many at once are no way around; give its id.

    Raise `TriesExhausted` while the name or the address must wait.
    """
    hashed = digest(name)
    with unit_of_work(sessions) as session:
        _lock(session, hashed, address)
        now = clock.now()
        wait = max(
            wait_seconds(throttled_until(_by_name(session, name, hashed, now), free=FREE_TRIES_NAME), now),
            wait_seconds(throttled_until(_by_address(session, address, now), free=FREE_TRIES_ADDRESS), now),
        )
        if wait:
            raise TriesExhausted(wait)
        attempt = SignInAttempt(name=hashed, address=address, attempted_at=now)
        session.add(attempt)
        session.flush()  # its id goes back to the caller
        return attempt.id


def forgive_try(session: Session, attempt_id: int) -> None:
    """Take a counted try back: it succeeded."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt_id))


def sweep_tries(session: Session) -> int:
    """Forget tries that no longer count; give how many."""
    old = clock.now() - timedelta(days=1)
    result = session.execute(delete(SignInAttempt).where(SignInAttempt.attempted_at < old))
    return int(result.rowcount)  # type: ignore[attr-defined]


def _lock(session: Session, *keys: str | None) -> None:
    if session.get_bind().dialect.name != "postgresql":
        return
    for number in sorted({zlib.crc32(key.encode()) - 2**31 for key in keys if key}):
        session.execute(text("SELECT pg_advisory_xact_lock(:room, :key)"), {"room": TRY_LOCK, "key": number})


def _by_name(session: Session, name: str, hashed: str, now: datetime) -> Sequence[datetime]:
    """List the failures for a name since its last success."""
    entered = session.scalar(
        select(func.max(LoginSession.created_at))
        .join(User, User.id == LoginSession.user_id)
        .where(User.name == name)
    )
    begin = max(now - TRY_WINDOW, entered) if entered else now - TRY_WINDOW
    return _failures(session, SignInAttempt.name == hashed, begin)


def _by_address(session: Session, address: str | None, now: datetime) -> Sequence[datetime]:
    """List the failures from an address; a success of one's own account takes none of them back."""
    return _failures(session, SignInAttempt.address == address, now - TRY_WINDOW) if address else []


def _failures(session: Session, whose: ColumnElement[bool], begin: datetime) -> Sequence[datetime]:
    statement = select(SignInAttempt.attempted_at).where(whose, SignInAttempt.attempted_at > begin)
    return session.scalars(statement.order_by(SignInAttempt.attempted_at.desc()).limit(100)).all()


def _look_up(sessions: sessionmaker[Session], name: str) -> _Known:
    with sessions() as session:
        row = session.execute(
            select(User.id, User.password_hash, User.is_active, User.display_name).where(User.name == name)
        ).one_or_none()
        home = queries.home_government(session, row.id if row else 0)
    return _Known(row.id, row.password_hash, row.is_active, row.display_name, home) if row else _Known()


def _open(
    sessions: sessionmaker[Session],
    known: _Known,
    attempt_id: int,
    renewed: str | None,
    address: str | None,
    agent: str | None,
) -> SignedIn:
    token = secrets.token_urlsafe(32)
    with unit_of_work(sessions) as session:
        user = session.get_one(User, known.user_id, with_for_update=True)
        if not user.is_active or user.password_hash != known.password_hash:
            raise SignInRefused(
                known.user_id, known.display_name, known.government_id
            )  # deactivated or changed while the password was checked
        moment = instant(session)
        forgive_try(session, attempt_id)
        if renewed:
            user.password_hash, user.changed_at = renewed, moment
        opened = LoginSession(
            user_id=user.id,
            token_hash=digest(token),
            created_at=moment,
            expires_at=moment + SESSION_LENGTH,
            address=address,
            agent="".join(c for c in agent or "" if c.isprintable())[:200] or None,
        )
        session.add(opened)
        session.flush()  # its id is part of the journal
        actor = Identity(user.id, user.name, user.display_name, address=address, session_id=opened.id)
        record(
            session,
            actor=actor,
            tag="auth:session:opened",
            subject_kind="user",
            subject_id=user.id,
            subject_name=user.display_name,
            government_id=known.government_id,
            detail={"session_id": opened.id, "rehashed": bool(renewed)},
        )
        return SignedIn(token, user.id, opened.id, user.must_change_password, user.locale)


def end_session(session: Session, session_id: int, *, actor: Identity) -> LoginSession | None:
    """End one of the actor's own sessions; None when there is no such open session."""
    found = session.scalar(
        select(LoginSession).where(
            LoginSession.id == session_id,
            LoginSession.user_id == actor.user_id,
            LoginSession.ended_at.is_(None),
        )
    )
    if found is None:
        return None
    found.ended_at = instant(session)
    session.flush()  # before the journal names it
    record(
        session,
        actor=actor,
        tag="auth:session:ended",
        subject_kind="user",
        subject_id=found.user_id,
        subject_name=actor.display_name,
        government_id=actor.home_government_id,
        detail={"session_id": found.id},
    )
    return found
