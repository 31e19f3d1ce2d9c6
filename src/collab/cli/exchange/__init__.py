"""Exchange of whole registers with files: what is exported is imported again unchanged."""

from collab.cli.exchange.kinds import KINDS, Kind
from collab.cli.exchange.taking import Outcome, take

__all__ = ["KINDS", "Kind", "Outcome", "take"]
