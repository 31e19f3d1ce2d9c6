"""Idempotency keys: the same key and content answer the same again, other content under it is refused.

The key is kept in the transaction of the write it guards. A concurrent twin waits on the unique index, is retried
and then finds the first one's answer (ADR 0008).
"""

import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pyramid.request import Request
from sqlalchemy import Delete, ForeignKey, Index, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from collab.core import clock
from collab.core.db import Base, UtcDateTime
from collab.core.errors import Invalid, KeyReused
from collab.core.text import _

KEPT_FOR = timedelta(days=30)
FIELD = "idempotency_key"
HEADER = "Idempotency-Key"
#: Fields that are never kept in any form.
PASSWORDS = frozenset({"password", "present_password", "new_password", "repeated_password"})
_SHAPE = re.compile(r"[A-Za-z0-9_.:-]{8,100}")


class IdempotencyKey(Base):
    """A key that a user spent on one route and path, with what was answered."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        UniqueConstraint("user_id", "route", "path", "key", name="uq_idempotency_key"),
        Index("ix_idempotency_key_recorded_at", "recorded_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    route: Mapped[str] = mapped_column(String(120))
    path: Mapped[str] = mapped_column(String(300))
    key: Mapped[str] = mapped_column(String(100))
    #: SHA-256 of the canonical content.
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    location: Mapped[str | None] = mapped_column(String(500))
    subject_id: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


def new_key() -> str:
    """Give a fresh key for a form."""
    return secrets.token_urlsafe(18)


def key_of(request: Request) -> str | None:
    """Read the key that a request carries, from the header or the form; raise `Invalid` for a misshapen one."""
    key = request.headers.get(HEADER) or (
        request.POST.get(FIELD) if request.content_type != "application/json" else None
    )
    if not key:
        return None
    if not isinstance(key, str) or not _SHAPE.fullmatch(key):
        raise Invalid({FIELD: [_("An idempotency key has 8 to 100 letters, digits or - _ . :")]})
    return key


def fingerprint(content: Any) -> str:
    """Digest canonical content: sorted keys, everything else as text."""
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def form_content(fields: Iterable[tuple[str, Any]], files: Any) -> Any:
    """Give a form's content without its guards and passwords; files by their digests.

    A fingerprint of a password would be a quick hash of it, kept for thirty days.
    """
    guards = {"csrf_token", FIELD, "version"} | PASSWORDS
    plain = [(name, value) for name, value in fields if name not in guards and isinstance(value, str)]
    return [plain, files]


def find(session: Session, request: Request, key: str, digest: str) -> IdempotencyKey | None:
    """Give the answer kept for this key; raise `KeyReused` if it was spent on other content."""
    kept = session.scalar(
        select(IdempotencyKey).where(
            IdempotencyKey.user_id == request.identity.user_id,
            IdempotencyKey.route == request.matched_route.name,
            IdempotencyKey.path == request.path,
            IdempotencyKey.key == key,
        )
    )
    if kept is not None and kept.fingerprint != digest:
        raise KeyReused(
            _("This form was already sent with other content. Check below and send it as a new change.")
        )
    return kept


def keep(
    session: Session,
    request: Request,
    key: str,
    digest: str,
    *,
    status: int,
    location: str | None,
    subject_id: int | None,
) -> None:
    """Keep the answer of a write, in its own transaction."""
    session.add(
        IdempotencyKey(
            user_id=request.identity.user_id,
            route=request.matched_route.name,
            path=request.path,
            key=key,
            fingerprint=digest,
            status=status,
            location=location,
            subject_id=subject_id,
            recorded_at=clock.now(),
        )
    )
    session.flush()  # the unique index must speak before the answer is given


def expired() -> Delete:
    """Give the statement that forgets keys older than thirty days."""
    return delete(IdempotencyKey).where(IdempotencyKey.recorded_at < clock.now() - KEPT_FOR)
