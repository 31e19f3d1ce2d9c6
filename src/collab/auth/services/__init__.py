"""Writes of accounts: signing in and out, passwords, users, roles, tokens."""

from collab.auth.services.accounts import (
    change_password,
    choose_locale,
    create_user,
    deactivate,
    edit_user,
    end_sessions,
    reactivate,
    reset_password,
)
from collab.auth.services.passwords import fits, hash_password, one_time_password
from collab.auth.services.roles import assign_role, assignment_row, end_role
from collab.auth.services.signing_in import (
    SignedIn,
    check_present_password,
    digest_of_name,
    end_session,
    sign_in,
    sweep_tries,
)
from collab.auth.services.tokens import LIFE_DAYS, create_token, revoke_token

__all__ = [
    "LIFE_DAYS",
    "SignedIn",
    "assign_role",
    "assignment_row",
    "change_password",
    "check_present_password",
    "choose_locale",
    "create_token",
    "create_user",
    "deactivate",
    "digest_of_name",
    "edit_user",
    "end_role",
    "end_session",
    "end_sessions",
    "fits",
    "hash_password",
    "one_time_password",
    "reactivate",
    "reset_password",
    "revoke_token",
    "sign_in",
    "sweep_tries",
]
