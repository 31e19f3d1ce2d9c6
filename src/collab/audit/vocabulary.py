"""Rights over the journal."""

from enum import StrEnum


class Permission(StrEnum):
    """What one may do with the journal: read it. Nobody writes it but the services."""

    READ = "audit:journal:read"
