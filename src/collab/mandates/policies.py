"""Who may do what with any mandate, as data; unknown means no."""

from collab.core.identity import Role
from collab.core.policy import Predicate, has_role, role_in_government
from collab.mandates.vocabulary import Permission

POLICIES: dict[Permission, Predicate] = {
    # Whoever has business with mandates; which ones they see is the query's matter.
    Permission.READ: has_role(
        Role.MONITOR, Role.COORDINATOR, Role.LEGAL, Role.AUDITOR, Role.LIAISON, Role.PARTNER
    ),
    # Coordinators choose a mandate to write commitments under; the query gives those of their governments.
    Permission.CHOOSE: has_role(Role.COORDINATOR),
    # Coordinators and legal staff of the mandate's government keep its leads and legal bases.
    Permission.LEAD: role_in_government(Role.COORDINATOR, Role.LEGAL),
    Permission.CITE: role_in_government(Role.COORDINATOR, Role.LEGAL),
    # The governor's office remarks on mandates, too.
    Permission.NOTE: role_in_government(Role.COORDINATOR, Role.LEGAL, Role.MONITOR),
}
