"""Rights over the journal."""

from enum import StrEnum

from collab.core.text import _


class Permission(StrEnum):
    """What one may do with the journal: read it. Nobody writes it but the services."""

    READ = "audit:journal:read"


#: The first word of a tag, in words for the filter; others show as they are.
PART_TITLES = {
    "agreements": _("Agreements"),
    "auth": _("Accounts"),
    "commitments": _("Commitments"),
    "documents": _("Documents"),
    "mandates": _("Mandates"),
    "organizations": _("Organizations"),
    "regulations": _("Regulations"),
    "web": _("Access"),
}
