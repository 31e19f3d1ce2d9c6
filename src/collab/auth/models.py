"""Users, their dated role assignments, sign-ins, attempts and API tokens."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from collab.core import triggers
from collab.core.db import Base, UtcDateTime, words
from collab.core.identity import Role


class User(Base):
    """An account. Roles are elsewhere, dated; a user who leaves is made inactive, never removed."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("name = lower(name)", name="name_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Sign-in name: lower case, digits, dots.
    name: Mapped[str] = mapped_column(String(80), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: argon2id; none for accounts that only hold tokens.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(String(5), default="id")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class RoleAssignment(Base):
    """A role for a user or for whoever holds a position, scoped to a government or an organization, dated."""

    __tablename__ = "role_assignment"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (position_id IS NULL)", name="user_or_position"),
        CheckConstraint("(government_id IS NULL) <> (organization_id IS NULL)", name="one_scope"),
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="valid_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"), index=True)
    role: Mapped[Role] = mapped_column(words(Role))
    government_id: Mapped[int | None] = mapped_column(ForeignKey("government.id"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    #: Unit the holder acts for when it is not the position's own.
    acting_organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    valid_from: Mapped[date]
    #: Last day; none while it goes on.
    valid_until: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class LoginSession(Base):
    """One signed-in browser: only a hash of its secret is kept; it can be listed and ended."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str | None] = mapped_column(String(45))
    agent: Mapped[str | None] = mapped_column(String(200))


class SignInAttempt(Base):
    """A failed sign-in, kept in the database so that throttling survives restarts."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_name_at", "name", "attempted_at"),
        Index("ix_sign_in_attempt_address_at", "address", "attempted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the name as typed (people type passwords there).
    name: Mapped[str] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(45))
    attempted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApiToken(Base):
    """A bearer token of a user: only its hash is kept; shown once."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


for _table in ("user_account", "role_assignment", "login_session", "api_token"):
    triggers.refuse_delete(_table)
