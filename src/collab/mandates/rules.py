"""Who leads: exactly one accountable leading sector. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from collab.core.errors import Invalid
from collab.core.text import Sentence, _
from collab.mandates.vocabulary import LeadRole

#: Most leading and supporting organizations of one mandate.
MOST_LEADS = 60
#: Most legal bases of one mandate.
MOST_BASES = 60


@dataclass(frozen=True)
class LeadWish:
    """One organization as it is to lead or support from now on."""

    organization_id: int
    role: LeadRole
    accountable: bool = False


def check_leads(wishes: Sequence[LeadWish]) -> None:
    """Refuse leads that name a body twice, or not exactly one accountable one on a lead (R48; UU 23/2014 art. 213(2)).

    An empty list is allowed: the leads of a draft may still be open. Raise `Invalid` at the row's field.
    """
    errors: dict[str, list[Sentence]] = {}
    seen: set[int] = set()
    for index, wish in enumerate(wishes):
        if wish.organization_id in seen:
            errors[f"leads.{index}.organization_id"] = [_("This organization is named twice.")]
        seen.add(wish.organization_id)
        if wish.accountable and wish.role is not LeadRole.LEAD:
            errors[f"leads.{index}.accountable"] = [_("Only a leading sector can be the accountable one.")]
    accountable = [index for index, wish in enumerate(wishes) if wish.accountable]
    for index in accountable[1:]:
        errors.setdefault(
            f"leads.{index}.accountable", [_("Only one organization can be the accountable one.")]
        )
    if wishes and not accountable:
        errors["leads"] = [_("Say which leading sector is the accountable one.")]
    if len(wishes) > MOST_LEADS:
        errors["leads"] = [_("Name at most ${limit} organizations.", mapping={"limit": MOST_LEADS})]
    if errors:
        raise Invalid(errors)


def last_day(today: date) -> date:
    """Give the last day of a lead that is no longer named: yesterday.

    One that began today thereby never stood: on every day exactly one organization is accountable.
    """
    return today - timedelta(days=1)
