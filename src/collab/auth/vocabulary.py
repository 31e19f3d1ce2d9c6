"""Closed words and rights of users and sign-in."""

from enum import StrEnum


class Permission(StrEnum):
    """What one may do with users, roles and one's own account."""

    OWN_ACCOUNT = "auth:account:own"
    READ_USERS = "auth:user:read"
    MANAGE_USERS = "auth:user:manage"
