"""Rights over commitments, as data; the rule of each stands in English above it."""

from typing import Any

from collab.commitments.vocabulary import Permission
from collab.core.identity import Identity, Role
from collab.core.policy import Predicate, any_of, has_role, role_in_government, signed_in


def covers_owner(identity: Identity | None, context: Any) -> bool:
    """Liaison or partner of an organization that owes or supports the commitment (or of a unit above it)."""
    return identity is not None and not identity.organizations(Role.LIAISON, Role.PARTNER).isdisjoint(
        getattr(context, "assigned_ids", ())
    )


def reports(identity: Identity | None, context: Any) -> bool:
    """Liaison or partner: of who owes or supports; of any where no checkpoint is chosen yet (the view checks then)."""
    if getattr(context, "assigned_ids", None) is None:
        return has_role(Role.LIAISON, Role.PARTNER)(identity, context)
    return covers_owner(identity, context)


def covers_accountable(identity: Identity | None, context: Any) -> bool:
    """Liaison or partner of the organization that owes the commitment (or of a unit above it)."""
    return identity is not None and getattr(context, "accountable_id", None) in identity.organizations(
        Role.LIAISON, Role.PARTNER
    )


def leads(identity: Identity | None, context: Any) -> bool:
    """Liaison of the mandate's accountable lead."""
    return identity is not None and not identity.organizations(Role.LIAISON).isdisjoint(
        getattr(context, "lead_ids", ())
    )


def starting_or_in_government(identity: Identity | None, context: Any) -> bool:
    """Coordinator: of the commitment's government; of any where none is chosen yet (the service checks then)."""
    if getattr(context, "government_id", None) is None:
        return has_role(Role.COORDINATOR)(identity, context)
    return role_in_government(Role.COORDINATOR)(identity, context)


deciding = role_in_government(Role.COORDINATOR, Role.MONITOR)

POLICIES: dict[str, Predicate] = {
    # Whoever is signed in may ask; the query shows only what is theirs to see.
    Permission.COMMITMENT_READ: signed_in,
    # Coordinators write the commitments of their government's mandates.
    Permission.COMMITMENT_WRITE: starting_or_in_government,
    # Coordinators and the governor's office cancel; the service refuses the owner's own unit.
    Permission.COMMITMENT_CANCEL: deciding,
    # Those who report may also attest that nothing changed.
    Permission.COMMITMENT_ATTEST: covers_owner,
    # Liaisons and partners report for the organizations that owe or support.
    Permission.REPORT_WRITE: reports,
    # Coordinators, the governor's office and the accountable lead decide; the service refuses the reporter's line.
    Permission.REPORT_DECIDE: any_of(deciding, leads),
    # Only the accountable organization asks for another day.
    Permission.DEADLINE_ASK: covers_accountable,
    # Coordinators and the governor's office decide about another day.
    Permission.DEADLINE_DECIDE: deciding,
    # Owners, supporters, leaders and deciders raise and clear obstacles.
    Permission.OBSTACLE_WRITE: any_of(covers_owner, leads, deciding),
    # "My work" is for those who report.
    Permission.WORK_READ: has_role(Role.LIAISON, Role.PARTNER),
    # The verification queue is for those who decide.
    Permission.QUEUE_READ: has_role(Role.COORDINATOR, Role.MONITOR, Role.LIAISON),
}
