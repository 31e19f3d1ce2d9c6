"""Writes of accounts: signing in and out, passwords, users, roles, tokens."""

from collab.auth.services.passwords import hash_password, one_time_password
from collab.auth.services.signing_in import SignedIn, digest_of_name, end_session, sign_in

__all__ = ["SignedIn", "digest_of_name", "end_session", "hash_password", "one_time_password", "sign_in"]
