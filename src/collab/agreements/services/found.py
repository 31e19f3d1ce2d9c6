"""Find and lock the agreement that a write is about, and write its acts down."""

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.agreements.models import Agreement
from collab.agreements.queries import absent, readable
from collab.audit.services import record
from collab.core.errors import Forbidden
from collab.core.identity import Identity, Role
from collab.core.text import _
from collab.search.services import index


class HasId(Protocol):
    """Anything that names an agreement: a row, or a page's context."""

    @property
    def id(self) -> int:
        """Give the agreement's id."""


def locked(session: Session, agreement: HasId | int, *, actor: Identity) -> Agreement:
    """Give the agreement's row, locked; raise `NotFound` when it is absent or not visible to the actor."""
    wanted = agreement if isinstance(agreement, int) else agreement.id
    statement = (
        select(Agreement)
        .where(Agreement.id == wanted, readable(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalar(statement)
    if found is None:
        raise absent()
    return found


def need(actor: Identity, government_id: int, *roles: Role) -> None:
    """Raise `Forbidden` unless the actor holds one of the roles for the government."""
    if government_id not in actor.governments(*roles):
        raise Forbidden(_("Your role does not include this for this government."))


def note(
    session: Session,
    agreement: Agreement,
    tag: str,
    *,
    actor: Identity,
    changes: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write an act into the journal, and keep the search index."""
    index(session, "agreement", agreement.id, title=agreement.title, body=agreement.scope or "")
    record(
        session,
        actor=actor,
        tag=tag,
        subject_kind="agreement",
        subject_id=agreement.id,
        subject_name=agreement.title,
        government_id=agreement.government_id,
        changes=changes,
        detail=detail,
    )
