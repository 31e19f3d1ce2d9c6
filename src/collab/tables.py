"""Import every feature's models: the whole metadata, for migrations and tests."""

from collab.agreements import models as agreements
from collab.audit import models as audit
from collab.auth import models as auth
from collab.commitments import models as commitments
from collab.core.db import Base, mirror_checks
from collab.documents import models as documents
from collab.mandates import models as mandates
from collab.organizations import models as organizations
from collab.regulations import models as regulations
from collab.search import models as search
from collab.web import idempotency

__all__ = [
    "agreements",
    "audit",
    "auth",
    "commitments",
    "documents",
    "idempotency",
    "mandates",
    "metadata",
    "organizations",
    "regulations",
    "search",
]

metadata = Base.metadata
mirror_checks(metadata)
