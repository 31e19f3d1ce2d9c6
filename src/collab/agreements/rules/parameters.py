"""Numbers and switches that no article fixes for everyone (marked P or [U] in the law's table): defaults as data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameters:
    """What a government may set for itself; days count calendar days."""

    #: From how many days before its last day an agreement counts as ending soon (R29).
    expiring_days: int = 180
    #: How long a decision on renewal takes before notice can be given.
    renewal_lead_days: int = 60
    #: Notice before the end where the document names none (foreign ones: PMDN 25/2020 art. 33, six months).
    notice_days: int = 30
    foreign_notice_days: int = 183
    #: After how many months a joint agreement without a cooperation agreement is called out (R27).
    followup_months: int = 12
    #: After how many days in one stage the age is called out (R30).
    stage_alarm_days: int = 90
    #: Whether the offer letter and its attachments must lie there before the offer is left (R15).
    offer_letter_required: bool = False


DEFAULTS = Parameters()
