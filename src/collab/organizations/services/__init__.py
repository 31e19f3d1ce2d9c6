"""Writes of organizations: one verb, one function `(session, ..., *, actor)`; each leaves a line in the journal."""

from collab.organizations.services.governments import EDITABLE as GOVERNMENT_EDITABLE
from collab.organizations.services.governments import create_government, edit_government
from collab.organizations.services.organizations import EDITABLE as ORGANIZATION_EDITABLE
from collab.organizations.services.organizations import (
    add_alias,
    create_organization,
    edit_organization,
    rename,
)
from collab.organizations.services.people import create_person, edit_person
from collab.organizations.services.positions import create_position, edit_position, end_holding, hold_position
from collab.organizations.services.regions import load_regions
from collab.organizations.services.reorganisation import merge, split
from collab.organizations.services.rights import may_manage_governments

__all__ = [
    "GOVERNMENT_EDITABLE",
    "ORGANIZATION_EDITABLE",
    "add_alias",
    "create_government",
    "create_organization",
    "create_person",
    "create_position",
    "edit_government",
    "edit_organization",
    "edit_person",
    "edit_position",
    "end_holding",
    "hold_position",
    "load_regions",
    "may_manage_governments",
    "merge",
    "rename",
    "split",
]
