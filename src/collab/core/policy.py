"""Rights as data: permission words mapped to predicates over (identity, context); unknown means no."""

from collections.abc import Callable, Mapping
from typing import Any

from collab.core.identity import Identity, Role

#: Answers from the identity's own few facts and the context's attributes; never queries.
Predicate = Callable[[Identity | None, Any], bool]
Policies = Mapping[str, Predicate]


def anyone(identity: Identity | None, context: Any) -> bool:
    """Anyone, signed in or not."""
    return True


def signed_in(identity: Identity | None, context: Any) -> bool:
    """Any signed-in user."""
    return identity is not None


def any_of(*predicates: Predicate) -> Predicate:
    """One of the predicates holds."""

    def holds(identity: Identity | None, context: Any) -> bool:
        return any(predicate(identity, context) for predicate in predicates)

    return holds


def all_of(*predicates: Predicate) -> Predicate:
    """Each of the predicates holds."""

    def holds(identity: Identity | None, context: Any) -> bool:
        return all(predicate(identity, context) for predicate in predicates)

    return holds


def has_role(*roles: Role) -> Predicate:
    """Say "the role is held in some scope" (for pages that start something new; the service checks the scope)."""

    def holds(identity: Identity | None, context: Any) -> bool:
        return identity is not None and identity.has(*roles)

    return holds


def role_in_government(*roles: Role, attribute: str = "government_id") -> Predicate:
    """Say "the role is held for the government that the context belongs to"."""

    def holds(identity: Identity | None, context: Any) -> bool:
        government_id = getattr(context, attribute, None)
        return (
            identity is not None
            and government_id is not None
            and government_id in identity.governments(*roles)
        )

    return holds


def role_in_organization(*roles: Role, attribute: str = "organization_id") -> Predicate:
    """Say "the role is held for the organization that the context names, or for one above it"."""

    def holds(identity: Identity | None, context: Any) -> bool:
        organization_id = getattr(context, attribute, None)
        return (
            identity is not None
            and organization_id is not None
            and organization_id in identity.organizations(*roles)
        )

    return holds
