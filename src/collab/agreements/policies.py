"""Who may do what with agreements, as data; unknown means no."""

from typing import Any

from collab.agreements.vocabulary import Permission
from collab.core.identity import Identity, Role
from collab.core.policy import Predicate, all_of, any_of, has_role, role_in_government

#: Roles that read all agreements of their government.
READERS = (Role.MONITOR, Role.COORDINATOR, Role.LEGAL, Role.AUDITOR)
#: Roles that read what concerns their organizations.
ORGANIZATION_READERS = (Role.LIAISON, Role.PARTNER)
#: Roles that keep the file of an agreement: its text up to the signature, its documents, leads and legal bases.
KEEPERS = (Role.COORDINATOR, Role.LEGAL)


def unsigned(identity: Identity | None, context: Any) -> bool:
    """Tell whether the agreement is not signed yet."""
    return getattr(context, "signed_on", None) is None


POLICIES: dict[Permission, Predicate] = {
    # Whoever has business with agreements; which ones they see is the query's matter (404 for the others).
    Permission.READ: has_role(*READERS, *ORGANIZATION_READERS),
    # Coordinators and legal staff start agreements of their own government (the service checks which).
    Permission.CREATE: has_role(*KEEPERS),
    # Coordinators and legal staff of the agreement's government; after the signature the service takes only
    # leads and legal bases.
    Permission.EDIT: role_in_government(*KEEPERS),
    # Legal staff lead an agreement up to its signature, coordinators to the end.
    Permission.ADVANCE: any_of(
        role_in_government(Role.COORDINATOR), all_of(role_in_government(Role.LEGAL), unsigned)
    ),
    # Only a coordinator of the agreement's government records its signature.
    Permission.SIGN: role_in_government(Role.COORDINATOR),
    # Coordinators and legal staff of the agreement's government keep its documents.
    Permission.ATTACH: role_in_government(*KEEPERS),
}
