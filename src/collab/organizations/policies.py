"""Rights over organizations (decisions 5). A context has `government_id` and `is_partner`."""

from typing import Any

from collab.core.identity import Identity, Role
from collab.core.policy import Predicate, all_of, any_of, has_role, role_in_government, signed_in
from collab.organizations.vocabulary import Permission


def is_partner(identity: Identity | None, context: Any) -> bool:
    """Tell whether the context is a partner, who belongs to no government."""
    return bool(getattr(context, "is_partner", False))


def for_body(*roles: Role) -> Predicate:
    """Ask for the role in the body's government; for a partner, in any government."""
    return any_of(role_in_government(*roles), all_of(is_partner, has_role(*roles)))


POLICIES = {
    # Names of organizations, regions, persons and posts are readable by every signed-in user.
    Permission.READ: signed_in,
    # Administrators make organizations; the service checks that the government is theirs.
    Permission.CREATE: has_role(Role.ADMIN),
    # An administrator edits the organizations of their government; any administrator edits partners.
    Permission.EDIT: for_body(Role.ADMIN),
    # Administrators and coordinators add aliases in their government; any of them for a partner.
    Permission.ADD_ALIAS: for_body(Role.ADMIN, Role.COORDINATOR),
    # An administrator keeps posts and their holders in their government.
    Permission.MANAGE_POSITIONS: for_body(Role.ADMIN),
    # Persons belong to no government: any administrator keeps the register.
    Permission.MANAGE_PEOPLE: has_role(Role.ADMIN),
    # Governments are made by an administrator of the national government; the service checks which it is.
    Permission.MANAGE_GOVERNMENTS: has_role(Role.ADMIN),
}
