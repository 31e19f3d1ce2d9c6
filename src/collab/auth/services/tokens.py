"""API tokens: made with a title, shown once, revoked at any time."""

import secrets
from datetime import timedelta

from sqlalchemy.orm import Session

from collab.audit.services import instant
from collab.auth import queries
from collab.auth.models import ApiToken, User
from collab.auth.rules import digest
from collab.auth.services.accounts import record_user
from collab.core.errors import Forbidden, Invalid, NotFound, Refused
from collab.core.identity import SYSTEM, Identity
from collab.core.text import _

LIFE_DAYS = (30, 90, 180, 365)
#: Recognisable in a log or a repository by those who look for lost secrets.
PREFIX = "collab_"


def create_token(
    session: Session, *, user_id: int, title: str, actor: Identity, valid_days: int = 365
) -> tuple[ApiToken, str]:
    """Make a token for one's own account (commands: for any); give it and its secret, which is kept nowhere."""
    if actor != SYSTEM and actor.user_id != user_id:
        raise Forbidden(_("Tokens are made for one's own account only."))
    if actor.token_id is not None:
        raise Forbidden(_("A token does not make tokens. Sign in on the site."))
    if not 1 <= valid_days <= max(LIFE_DAYS):
        raise Invalid(
            {
                "valid_days": [
                    _(
                        "Choose a number from ${least} to ${most}.",
                        mapping={"least": 1, "most": max(LIFE_DAYS)},
                    )
                ]
            }
        )
    user = queries.user(session, user_id)
    if not user.is_active:
        raise Refused(_("This account is closed."))
    secret = PREFIX + secrets.token_urlsafe(32)
    moment = instant(session)
    token = ApiToken(
        user_id=user_id,
        title=title,
        token_hash=digest(secret),
        created_at=moment,
        expires_at=moment + timedelta(days=valid_days),
    )
    session.add(token)
    session.flush()  # its id is part of the journal
    record_user(session, user, "token-created", actor=actor, detail={"token_id": token.id, "title": title})
    return token, secret


def revoke_token(session: Session, token_id: int, *, actor: Identity) -> ApiToken:
    """Revoke one of one's own tokens; raise `NotFound` for another's, `Refused` if it is revoked already."""
    token = session.get(ApiToken, token_id)
    if token is None or (actor != SYSTEM and token.user_id != actor.user_id):
        raise NotFound(_("There is no such token."))
    if token.revoked_at is not None:
        raise Refused(_("This token is already revoked."))
    token.revoked_at = instant(session)
    session.flush()  # revoked before the journal says so
    owner = session.get_one(User, token.user_id)
    record_user(
        session, owner, "token-revoked", actor=actor, detail={"token_id": token.id, "title": token.title}
    )
    return token
