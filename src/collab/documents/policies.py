"""Who may do what with documents, as data; unknown means no."""

from typing import Any

from collab.core.identity import Identity, Role
from collab.core.policy import Predicate, has_role, signed_in
from collab.documents.vocabulary import Permission


def may_revise(identity: Identity | None, context: Any) -> bool:
    """Tell what the document's query found by asking its owners: whether this reader may add a version."""
    return identity is not None and bool(getattr(context, "may_revise", False))


POLICIES: dict[Permission, Predicate] = {
    # Whoever attaches documents in their work sends files: legal staff, coordinators, liaisons, partners.
    Permission.UPLOAD: has_role(Role.LEGAL, Role.COORDINATOR, Role.LIAISON, Role.PARTNER),
    # Any signed-in user; which documents they may know of is the query's matter (404 for the others).
    Permission.READ: signed_in,
    # A new version: the uploader while nobody has claimed it, afterwards whoever keeps all of its owners.
    Permission.REVISE: may_revise,
}
