"""Keep accounts: create, edit, close and reopen them, and set their passwords."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collab.audit.services import changes_of, created_values, instant, record
from collab.auth import queries
from collab.auth.models import ApiToken, LoginSession, User
from collab.auth.rules import ACCOUNT_NAME
from collab.core.errors import Forbidden, Invalid, Refused
from collab.core.identity import SYSTEM, Identity, Role
from collab.core.text import _
from collab.organizations.models import Person

LOCALES = ("id", "en")


def create_user(
    session: Session,
    *,
    name: str,
    display_name: str,
    actor: Identity,
    password_hash: str | None = None,
    must_change_password: bool = False,
    person_id: int | None = None,
    locale: str = "id",
) -> User:
    """Create an account without any role; hash the password before, outside the transaction.

    Raise `Invalid` at `name` for a misshapen or taken one.
    """
    if actor != SYSTEM and not actor.has(Role.ADMIN):
        raise Forbidden(_("Only administrators create accounts."))
    if not ACCOUNT_NAME.fullmatch(name) or len(name) > 80:
        raise Invalid({"name": [_("Use lower-case letters, digits and dots, for example siti.rahma.")]})
    if queries.by_name(session, name) is not None:
        raise Invalid({"name": [_("This account name is already taken.")]})
    _check_person(session, person_id, actor)
    values = {"name": name, "display_name": display_name, "person_id": person_id, "locale": locale}
    user = User(
        **values,
        password_hash=password_hash,
        must_change_password=must_change_password,
        changed_at=instant(session),
    )
    session.add(user)
    session.flush()  # its id is part of the journal
    kept = created_values(values | {"must_change_password": must_change_password})
    record_user(session, user, "created", actor=actor, changes=kept)
    return user


def edit_user(session: Session, user: User, *, values: Mapping[str, Any], actor: Identity) -> User:
    """Change display name, person or language of an account."""
    require_reach(session, user, actor)
    allowed = {
        name: value for name, value in values.items() if name in ("display_name", "person_id", "locale")
    }
    if allowed.get("locale", "id") not in LOCALES:
        raise Invalid({"locale": [_("Choose one of the values offered.")]})
    if allowed.get("person_id") != user.person_id:
        _check_person(session, allowed.get("person_id"), actor)
    return _change(session, user, allowed, "edited", actor)


def choose_locale(session: Session, user: User, *, locale: str, actor: Identity) -> User:
    """Change the language of one's own account."""
    _require_own(user, actor)
    if locale not in LOCALES:
        raise Invalid({"locale": [_("Choose one of the values offered.")]})
    return _change(session, user, {"locale": locale}, "edited", actor)


def deactivate(session: Session, user: User, *, actor: Identity) -> User:
    """Close an account: its sessions end and its tokens are revoked at once; nothing is removed."""
    require_reach(session, user, actor)
    if user.id == actor.user_id:
        raise Refused(_("Nobody closes their own account. Ask another administrator."))
    if not user.is_active:
        return user
    _change(session, user, {"is_active": False}, "closed", actor)
    end_sessions(session, user, actor=actor)
    for token in session.scalars(
        select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    ).all():
        token.revoked_at = instant(session)
        record_user(
            session, user, "token-revoked", actor=actor, detail={"token_id": token.id, "title": token.title}
        )
    session.flush()  # the tokens end in this very transaction
    return user


def reactivate(session: Session, user: User, *, actor: Identity) -> User:
    """Open a closed account again; old sessions and tokens stay ended."""
    require_reach(session, user, actor)
    return user if user.is_active else _change(session, user, {"is_active": True}, "reopened", actor)


def reset_password(session: Session, user: User, *, password_hash: str, actor: Identity) -> User:
    """Give an account a password to hand over: all its sessions end, and it must be changed at the next sign-in."""
    require_reach(session, user, actor)
    user.password_hash = password_hash
    _change(session, user, {"must_change_password": True}, "password-reset", actor, always=True)
    end_sessions(session, user, actor=actor)
    return user


def change_password(
    session: Session, user: User, *, checked: str | None, password_hash: str, actor: Identity
) -> User:
    """Set one's own new password; every other session of the account ends.

    `checked` is the stored hash that the present password was found to fit; if it is no longer stored, raise
    `Refused`.
    """
    _require_own(user, actor)
    if user.password_hash != checked:
        raise Refused(_("The password was changed at the same moment. Sign in again."))
    user.password_hash = password_hash
    _change(session, user, {"must_change_password": False}, "password-changed", actor, always=True)
    end_sessions(session, user, actor=actor, but=actor.session_id)
    return user


def end_sessions(session: Session, user: User, *, actor: Identity, but: int | None = None) -> int:
    """End an account's open sessions, except one; give how many."""
    opened = session.scalars(
        select(LoginSession).where(LoginSession.user_id == user.id, LoginSession.ended_at.is_(None))
    ).all()
    ended = [row for row in opened if row.id != but]
    for row in ended:
        row.ended_at = instant(session)
    session.flush()  # ended in this very transaction
    if ended:
        numbers = [row.id for row in ended]
        record_user(session, user, "sessions-ended", actor=actor, detail={"session_ids": numbers})
    return len(ended)


def require_reach(session: Session, user: User, actor: Identity) -> None:
    """Let an administrator change only accounts whose roles lie in their governments; raise `Forbidden`."""
    if actor == SYSTEM:
        return
    if not actor.has(Role.ADMIN) or not queries.account(session, user.id, identity=actor).is_manageable:
        raise Forbidden(_("This account holds a role of another government; its administrator changes it."))


def record_user(
    session: Session,
    user: User,
    act: str,
    *,
    actor: Identity,
    changes: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Journal an act on an account, in the journal of its own government."""
    record(
        session,
        actor=actor,
        tag=f"auth:user:{act}",
        subject_kind="user",
        subject_id=user.id,
        subject_name=user.display_name,
        government_id=queries.home_government(session, user.id) or actor.home_government_id,
        changes=changes,
        detail=detail,
    )


def _change(
    session: Session,
    user: User,
    values: Mapping[str, Any],
    act: str,
    actor: Identity,
    *,
    always: bool = False,
) -> User:
    changes = changes_of(user, values)
    if not changes and not always:
        return user
    for name, value in values.items():
        setattr(user, name, value)
    user.changed_at = instant(session)
    session.flush()  # constraints and the version speak before the journal does
    record_user(session, user, act, actor=actor, changes=changes)
    return user


def _require_own(user: User, actor: Identity) -> None:
    if user.id != actor.user_id:
        raise Forbidden(_("This concerns one's own account only."))


def _check_person(session: Session, person_id: int | None, actor: Identity) -> None:
    """Raise `Invalid` for a person unknown, or in office elsewhere: the link gives the account the roles of posts."""
    if person_id is None:
        return
    if session.get(Person, person_id) is None:
        raise Invalid({"person_id": [_("There is no such person.")]})
    if queries.holds_office_elsewhere(session, person_id, identity=actor):
        raise Invalid(
            {"person_id": [_("You give roles only to positions of the governments that you administer.")]}
        )
