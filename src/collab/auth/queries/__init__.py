"""Reads of accounts: identities, users, roles, sessions and tokens."""

from collab.auth.queries.identities import identity_for_user, is_signed_in, load_identity

__all__ = ["identity_for_user", "is_signed_in", "load_identity"]
