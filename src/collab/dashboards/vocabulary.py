"""Rights over dashboards."""

from enum import StrEnum


class Permission(StrEnum):
    """What one may see of figures."""

    HOME = "dashboards:home:read"
    OVERVIEW = "dashboards:overview:read"
    AGENCY = "dashboards:agency:read"
