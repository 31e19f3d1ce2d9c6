"""Who may read the journal."""

from collab.audit.vocabulary import Permission
from collab.core.identity import Role
from collab.core.policy import Policies, has_role

POLICIES: Policies = {
    # Auditors alone read the journal. Which rows, the query says: those of the governments they audit, and every
    # row, also those of no government, for an auditor of the nation. Administrators keep accounts, not histories.
    Permission.READ: has_role(Role.AUDITOR),
}
