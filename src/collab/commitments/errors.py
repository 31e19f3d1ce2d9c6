"""What commitments refuse, in sentences fit for a user."""

from collab.core.errors import Forbidden, Invalid, Refused


class ReportRefused(Refused):
    """A report does not fit the present state of its checkpoint."""


class DecisionRefused(Refused):
    """A report cannot be verified or returned in its present state."""


class DeadlineRefused(Refused):
    """A due day cannot be moved in the present state of its checkpoint."""


class CancellationRefused(Refused):
    """A checkpoint or commitment cannot be cancelled in its present state."""


class AttestationRefused(Refused):
    """Nothing stands that "no change" could be attested of."""


class NotIndependent(Forbidden):
    """Who decides is, contains or belongs to the unit that is decided about."""


class PlanInvalid(Invalid):
    """The checkpoints of a commitment do not fit together."""
