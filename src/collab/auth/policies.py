"""Who may do what with accounts."""

from typing import Any

from collab.auth.vocabulary import Permission
from collab.core.identity import Identity, Role
from collab.core.policy import Policies, all_of, has_role, signed_in


def within_reach(identity: Identity | None, context: Any) -> bool:
    """Tell whether this administrator may change the account; pages that concern none are always within reach."""
    return bool(getattr(context, "is_manageable", True))


POLICIES: Policies = {
    # Everyone manages the account they are signed in with: password, language, sessions, tokens.
    Permission.OWN_ACCOUNT: signed_in,
    # Administrators read accounts. Which ones, the query says: those with a role in a government they administer,
    # those of partners, and those without any role; an administrator of the national government reads all.
    Permission.READ_USERS: has_role(Role.ADMIN),
    # Administrators change an account they read, unless it holds a role outside their governments: whoever resets
    # a password could otherwise act in another government.
    Permission.MANAGE_USERS: all_of(has_role(Role.ADMIN), within_reach),
}
