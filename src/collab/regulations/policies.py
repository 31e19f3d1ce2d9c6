"""Who may do what with regulations, as data; unknown means no."""

from collab.core.identity import Role
from collab.core.policy import Predicate, has_role, role_in_government, signed_in
from collab.regulations.vocabulary import Permission

POLICIES: dict[Permission, Predicate] = {
    # Any signed-in user; drafts are kept from others than legal staff and coordinators by the queries (404).
    Permission.READ: signed_in,
    # Legal staff start regulations; the service checks that it is for their own government.
    Permission.CREATE: has_role(Role.LEGAL),
    # Legal staff of the regulation's government change, relate, enact, withdraw it and attach documents.
    Permission.EDIT: role_in_government(Role.LEGAL),
    Permission.RELATE: role_in_government(Role.LEGAL),
    Permission.ATTACH: role_in_government(Role.LEGAL),
    Permission.ENACT: role_in_government(Role.LEGAL),
    Permission.WITHDRAW: role_in_government(Role.LEGAL),
}
