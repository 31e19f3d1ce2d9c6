"""Who sees figures: the roles of a government its overview; others the agencies that are theirs."""

from collab.core.identity import GOVERNMENT_ROLES
from collab.core.policy import Predicate, has_role, signed_in
from collab.dashboards.vocabulary import Permission

POLICIES: dict[str, Predicate] = {
    # Everyone signed in has a start page; which one depends on the role.
    Permission.HOME: signed_in,
    # The overview is for the roles held for a whole government; liaisons and partners go to their own work.
    Permission.OVERVIEW: has_role(*GOVERNMENT_ROLES),
    # Any signed-in user; the factory answers 404 for an agency outside the scope.
    Permission.AGENCY: signed_in,
}
