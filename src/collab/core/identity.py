"""Who asks: a frozen identity with its effective, dated and scoped roles of the day."""

from dataclasses import dataclass, field
from enum import StrEnum

from collab.core.text import Sentence, _


class Role(StrEnum):
    """The roles of a user; each is held for a government or for an organization."""

    ADMIN = "admin"
    MONITOR = "monitor"
    COORDINATOR = "coordinator"
    LEGAL = "legal"
    LIAISON = "liaison"
    AUDITOR = "auditor"
    PARTNER = "partner"

    @property
    def title(self) -> Sentence:
        """Name the role for people."""
        return ROLE_TITLES[self]


ROLE_TITLES = {
    Role.ADMIN: _("Administrator"),
    Role.MONITOR: _("Governor's office"),
    Role.COORDINATOR: _("Cooperation coordinator"),
    Role.LEGAL: _("Legal staff"),
    Role.LIAISON: _("Agency liaison"),
    Role.AUDITOR: _("Auditor"),
    Role.PARTNER: _("Partner"),
}

#: Roles held for a whole government; the others are held for an organization.
GOVERNMENT_ROLES = frozenset({Role.ADMIN, Role.MONITOR, Role.COORDINATOR, Role.LEGAL, Role.AUDITOR})


@dataclass(frozen=True)
class Grant:
    """One effective role.

    `government_id` is set for government roles; `organization_id` for organization roles, with
    `organization_ids` = that unit and all its descendants. `acting_organization_id` is the unit the
    holder acts for (its position's, or the one named in the assignment).
    """

    role: Role
    government_id: int | None = None
    organization_id: int | None = None
    organization_ids: frozenset[int] = frozenset()
    acting_organization_id: int | None = None
    position_title: str | None = None
    #: Whether the government is the nation's: its administrators and auditors reach every government.
    is_national: bool = False


@dataclass(frozen=True)
class Identity:
    """A signed-in user (or a command acting as one) for the time of one request."""

    user_id: int | None
    name: str
    display_name: str
    grants: tuple[Grant, ...] = ()
    channel: str = "web"
    address: str | None = None
    session_id: int | None = None
    token_id: int | None = None
    locale: str = "id"
    home_government_id: int | None = None
    home_zone: str = "Asia/Jakarta"
    home_government_name: str | None = None
    must_change_password: bool = False
    _roles: frozenset[Role] = field(init=False, repr=False, compare=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_roles", frozenset(grant.role for grant in self.grants))

    def has(self, *roles: Role) -> bool:
        """Tell whether any of the roles is held, in whatever scope."""
        return not self._roles.isdisjoint(roles)

    def governments(self, *roles: Role) -> frozenset[int]:
        """Give the governments for which any of the roles is held."""
        return frozenset(
            grant.government_id
            for grant in self.grants
            if grant.role in roles and grant.government_id is not None
        )

    def is_national(self, *roles: Role) -> bool:
        """Tell whether any of the roles is held for the national government."""
        return any(grant.is_national for grant in self.grants if grant.role in roles)

    def organizations(self, *roles: Role) -> frozenset[int]:
        """Give the organizations (units with their descendants) for which any of the roles is held."""
        return frozenset(
            unit for grant in self.grants if grant.role in roles for unit in grant.organization_ids
        )

    def acts_for(self, *roles: Role) -> frozenset[int]:
        """Give the units the holder acts for in any of the roles."""
        return frozenset(
            grant.acting_organization_id
            for grant in self.grants
            if grant.role in roles and grant.acting_organization_id is not None
        )

    @property
    def position_title(self) -> str | None:
        """Title of the position the first grant comes from, as shown beside the name."""
        return next((grant.position_title for grant in self.grants if grant.position_title), None)


#: The house itself: migrations, commands without a named user.
SYSTEM = Identity(user_id=None, name="system", display_name="collab", channel="cli")
