"""Who leads: one accountable leading sector, nobody twice."""

from datetime import date

import pytest

from collab.core.errors import Invalid
from collab.mandates.rules import MOST_LEADS, LeadWish, check_leads, last_day
from collab.mandates.vocabulary import LeadRole

LEAD, HELP = LeadRole.LEAD, LeadRole.SUPPORTING


@pytest.mark.parametrize(
    "wishes",
    [
        [],
        [LeadWish(1, LEAD, True)],
        [LeadWish(1, LEAD, False), LeadWish(2, LEAD, True), LeadWish(3, HELP, False)],
    ],
)
def test_leads_with_one_accountable_are_taken(wishes) -> None:
    check_leads(wishes)


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ([LeadWish(1, LEAD, False)], "leads"),
        ([LeadWish(1, HELP, True)], "leads.0.accountable"),
        ([LeadWish(1, LEAD, True), LeadWish(2, LEAD, True)], "leads.1.accountable"),
        ([LeadWish(1, LEAD, True), LeadWish(1, HELP, False)], "leads.1.organization_id"),
        ([LeadWish(n, LEAD, n == 0) for n in range(MOST_LEADS + 1)], "leads"),
    ],
)
def test_other_leads_are_refused_at_their_field(wishes, field) -> None:
    with pytest.raises(Invalid) as caught:
        check_leads(wishes)
    assert field in caught.value.errors


def test_a_lead_ends_yesterday() -> None:
    assert last_day(date(2026, 3, 1)) == date(2026, 2, 28)
