"""State, age and renewal of an agreement as of a day. Pure; days are local days, both ends included."""

from datetime import date, datetime, timedelta

from collab.agreements.rules.parameters import DEFAULTS, Parameters
from collab.agreements.vocabulary import AgreementState, Scheme
from collab.core import clock

_FOREIGN = (Scheme.KSDPL, Scheme.KSDLL)


def state_on(
    signed_on: date | None,
    valid_from: date | None,
    valid_until: date | None,
    day: date,
    parameters: Parameters = DEFAULTS,
) -> AgreementState:
    """Give the state on a day: past its last day it is ended, not achieved (R29; PP 28/2018 art. 9(1) a against b).

    Not signed by the day: in process. The last day itself still counts as in force.
    """
    if signed_on is None or signed_on > day:
        return AgreementState.IN_PROCESS
    if valid_from is not None and valid_from > day:
        return AgreementState.SIGNED_NOT_YET_VALID
    if valid_until is None:
        return AgreementState.IN_FORCE
    if valid_until < day:
        return AgreementState.ENDED
    if ends_within(valid_until, day, parameters.expiring_days):
        return AgreementState.EXPIRING
    return AgreementState.IN_FORCE


def ends_within(valid_until: date | None, day: date, days: int) -> bool:
    """Tell whether the last day lies at most so many days ahead (R29), today included."""
    return valid_until is not None and day <= valid_until <= day + timedelta(days=days)


def days_in_stage(entered_at: datetime, day: date, zone: str) -> int:
    """Count the local days since the stage was entered; 0 on the first (R30)."""
    return max((day - clock.local_day(entered_at, zone)).days, 0)


def decide_by(valid_until: date | None, scheme: Scheme, parameters: Parameters = DEFAULTS) -> date | None:
    """Give the last day to decide on renewal: the end, less notice, less the time a decision takes.

    Notice before the end of foreign cooperation is six months (R25; PMDN 25/2020 art. 33); otherwise a parameter.
    """
    if valid_until is None:
        return None
    notice = parameters.foreign_notice_days if scheme in _FOREIGN else parameters.notice_days
    return valid_until - timedelta(days=notice + parameters.renewal_lead_days)
