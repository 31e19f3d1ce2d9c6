"""Stages, blockers and states as the law has them: tables of cases with both edges, and properties."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.agreements import rules
from collab.agreements.rules import DEFAULTS, Parameters, ParentFacts, PartyFacts, StageFacts
from collab.agreements.vocabulary import AgreementDocumentKind as Kind
from collab.agreements.vocabulary import AgreementState as State
from collab.agreements.vocabulary import Scheme, Stage
from collab.documents.vocabulary import DocumentKind
from collab.organizations.vocabulary import GovernmentKind, OrganizationClass, PartnerKind

OWN = 1
REGION = PartyFacts(1, "Pemprov", OrganizationClass.GOVERNMENT, None, OWN, GovernmentKind.PROVINCE)
OTHER_REGION = PartyFacts(2, "Pemkab", OrganizationClass.GOVERNMENT, None, 2, GovernmentKind.REGENCY)
MINISTRY = PartyFacts(3, "Kementerian", OrganizationClass.MINISTRY, None, 9, GovernmentKind.NATIONAL)
PERSON = PartyFacts(4, "Orang", OrganizationClass.PARTNER, PartnerKind.INDIVIDUAL)
BUSINESS = PartyFacts(5, "PT", OrganizationClass.PARTNER, PartnerKind.BUSINESS)
CLUB = PartyFacts(6, "OKE OCE", OrganizationClass.PARTNER, PartnerKind.ORGANIZATION)
FOREIGN = PartyFacts(7, "Sister city", OrganizationClass.PARTNER, PartnerKind.FOREIGN)
UNCLEAR = PartyFacts(8, "Mitra", OrganizationClass.PARTNER, None)

KB = StageFacts(
    scheme=Scheme.KSDPK,
    document_kind=Kind.JOINT_AGREEMENT,
    stage=Stage.PREPARATION,
    government_id=OWN,
    parties=(REGION, CLUB),
    executors=(OrganizationClass.DINAS,),
    documents=frozenset({DocumentKind.FEASIBILITY_STUDY}),
)
SIGNED_KB = ParentFacts(1, "KB", Kind.JOINT_AGREEMENT, date(2026, 1, 1), date(2030, 12, 31))
PKS = replace(
    KB,
    document_kind=Kind.COOPERATION_AGREEMENT,
    stage=Stage.COOPERATION_SIGNING,
    parent=SIGNED_KB,
    valid_until=date(2030, 12, 31),
)


def names(blockers: list[rules.Blocker]) -> set[str]:
    return {blocker.rule for blocker in blockers}


# -- stages -----------------------------------------------------------------------------------------------------


def test_a_joint_agreement_walks_the_first_four_stages_and_the_last_three() -> None:
    assert rules.stages_of(Kind.JOINT_AGREEMENT) == (*tuple(Stage)[:4], *tuple(Stage)[-3:])


def test_a_cooperation_agreement_walks_the_last_six_stages() -> None:
    assert rules.stages_of(Kind.COOPERATION_AGREEMENT) == tuple(Stage)[-6:]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_one_signing_and_steps_there_and_back(kind) -> None:
    walk = rules.stages_of(kind)
    assert len(set(walk)) == len(walk)
    assert sum(rules.is_signing(stage) for stage in walk) == 1
    assert rules.first_stage(kind) == walk[0]
    assert rules.previous_stage(kind, walk[0]) is None
    assert rules.next_stage(kind, walk[-1]) is None
    for before, after in pairwise(walk):
        assert rules.next_stage(kind, before) is after
        assert rules.previous_stage(kind, after) is before
    assert all(str(rules.stage_title(kind, stage)) for stage in walk)


def test_each_kind_of_document_belongs_to_a_scheme_and_synergy_has_no_cooperation_agreement() -> None:
    assert {kind for scheme in Scheme for kind in rules.allowed_kinds(scheme)} == set(Kind)
    assert Kind.COOPERATION_AGREEMENT not in rules.allowed_kinds(Scheme.SYNERGY)
    assert rules.allowed_kinds(Scheme.INTERNAL) == (Kind.INTERNAL_PLAN,)


# -- R01, R03: who may be the other side ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "fitting"),
    [
        (Scheme.KSDD_MANDATORY, {OTHER_REGION}),
        (Scheme.KSDD_VOLUNTARY, {OTHER_REGION}),
        (Scheme.KSDPK, {PERSON, BUSINESS, CLUB}),
        (Scheme.KSDPL, {FOREIGN}),
        (Scheme.KSDLL, {FOREIGN}),
        (Scheme.SYNERGY, {MINISTRY}),
        (Scheme.INTERNAL, set()),
    ],
)
def test_the_class_of_the_counterparty_fixes_the_scheme(scheme, fitting) -> None:
    kind = rules.allowed_kinds(scheme)[0]
    for party in (OTHER_REGION, MINISTRY, PERSON, BUSINESS, CLUB, FOREIGN):
        facts = replace(KB, scheme=scheme, document_kind=kind, parties=(REGION, party))
        found = rules.may_advance(facts)
        assert ("R01" in names(found)) == (party not in fitting), party.name
        assert all("UU 23/2014 Pasal 363" in b.law for b in found if b.rule == "R01")


def test_a_partner_of_unknown_kind_is_asked_about() -> None:
    found = rules.may_advance(replace(KB, parties=(REGION, UNCLEAR)))
    assert [(b.rule, b.law) for b in found] == [("R03", "PP 28/2018 Pasal 14 huruf b dan c")]


@pytest.mark.parametrize("parties", [(), (CLUB,), (REGION,)])
def test_both_sides_must_be_there(parties) -> None:
    assert names(rules.may_advance(replace(KB, parties=parties))) == {"R01"}


# -- R10, R11, R39, R09 -----------------------------------------------------------------------------------------


def test_a_complete_agreement_moves_on() -> None:
    assert rules.may_advance(KB) == []


@pytest.mark.parametrize(
    ("stage", "blocked"), [(Stage.PREPARATION, True), (Stage.OFFER, False), (Stage.JOINT_DRAFTING, False)]
)
def test_the_feasibility_study_is_asked_for_on_leaving_preparation(stage, blocked) -> None:
    facts = replace(KB, stage=stage, documents=frozenset())
    assert ("R11" in names(rules.may_advance(facts))) is blocked


def test_cooperation_between_regions_needs_no_feasibility_study() -> None:
    facts = replace(KB, scheme=Scheme.KSDD_VOLUNTARY, parties=(REGION, OTHER_REGION), documents=frozenset())
    assert rules.may_advance(facts) == []


@pytest.mark.parametrize(
    ("stage", "executors", "blocked"),
    [
        (Stage.OFFER, (), False),
        (Stage.JOINT_DRAFTING, (), True),
        (Stage.JOINT_DRAFTING, (OrganizationClass.TEAM, OrganizationClass.UNIT), True),
        (Stage.JOINT_DRAFTING, (OrganizationClass.BADAN,), False),
    ],
)
def test_an_agency_must_carry_it_out_before_the_signing(stage, executors, blocked) -> None:
    found = rules.may_advance(replace(KB, stage=stage, executors=executors))
    assert ("R39" in names(found)) is blocked


def test_out_of_the_signing_leads_only_the_signature() -> None:
    assert names(rules.may_advance(replace(KB, stage=Stage.JOINT_SIGNING))) == {"R09"}
    assert rules.may_sign(replace(KB, stage=Stage.JOINT_SIGNING)) == []
    assert names(rules.may_sign(KB)) == {"R09"}


def test_once_signed_the_contents_no_longer_block() -> None:
    facts = replace(KB, stage=Stage.IMPLEMENTATION, signed_on=date(2026, 1, 1), parties=(), executors=())
    assert rules.may_advance(facts) == []


def test_the_last_stage_is_the_last() -> None:
    assert names(rules.may_advance(replace(KB, stage=Stage.REPORTING))) == {"R09"}


@pytest.mark.parametrize(
    ("parent", "blocked"),
    [
        (SIGNED_KB, False),
        (replace(SIGNED_KB, signed_on=None), True),
        (replace(SIGNED_KB, document_kind=Kind.SYNERGY_NOTE), True),
        (None, True),
    ],
)
def test_a_cooperation_agreement_is_signed_under_a_signed_joint_agreement(parent, blocked) -> None:
    assert ("R10" in names(rules.may_sign(replace(PKS, parent=parent)))) is blocked


@pytest.mark.parametrize(
    ("stage", "signed", "found"),
    [
        (Stage.PREPARATION, None, {"R09"}),
        (Stage.OFFER, None, set()),
        (Stage.IMPLEMENTATION, date(2026, 1, 1), {"R33"}),
        (Stage.REGISTRATION, date(2026, 1, 1), set()),
    ],
)
def test_a_return_goes_one_stage_back_but_not_behind_the_signature(stage, signed, found) -> None:
    assert names(rules.may_return(replace(KB, stage=stage, signed_on=signed))) == found


# -- what only warns --------------------------------------------------------------------------------------------


def test_the_offer_asks_for_its_papers_as_a_warning_or_where_the_parameter_says_so_as_a_block() -> None:
    offer = replace(KB, stage=Stage.OFFER, documents=frozenset())
    assert [b.rule for b in rules.warnings(offer)] == ["R15"] * 3
    assert rules.may_advance(offer) == []
    strict = Parameters(offer_letter_required=True)
    assert names(rules.may_advance(offer, strict)) == {"R15"}
    assert rules.warnings(offer, strict) == []
    complete = {DocumentKind.OFFER_LETTER, DocumentKind.FEASIBILITY_STUDY, DocumentKind.DRAFT}
    assert rules.warnings(replace(offer, documents=frozenset(complete))) == []


def test_the_council_is_called_to_mind_before_a_cooperation_agreement() -> None:
    assert names(rules.warnings(replace(PKS, stage=Stage.COUNCIL_APPROVAL))) == {"R21"}


@pytest.mark.parametrize(
    ("until", "warned"),
    [(date(2030, 12, 31), False), (date(2031, 1, 1), True), (None, True)],
)
def test_a_cooperation_agreement_that_outlasts_its_joint_agreement_is_called_out(until, warned) -> None:
    assert ("R26" in names(rules.warnings(replace(PKS, valid_until=until)))) is warned


def test_a_missing_signed_copy_and_bordering_regions_are_called_to_mind() -> None:
    assert names(rules.warnings(replace(KB, stage=Stage.IMPLEMENTATION, signed_on=date(2026, 1, 1)))) == {
        "R64"
    }
    assert names(rules.warnings(replace(KB, scheme=Scheme.KSDD_MANDATORY))) == {"R02"}


# -- states, ages, renewal --------------------------------------------------------------------------------------

DAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("signed", "first", "last", "state"),
    [
        (None, None, None, State.IN_PROCESS),
        (date(2026, 7, 1), None, None, State.IN_PROCESS),
        (date(2026, 6, 30), None, None, State.IN_FORCE),
        (date(2026, 1, 1), date(2026, 7, 1), None, State.SIGNED_NOT_YET_VALID),
        (date(2026, 1, 1), date(2026, 6, 30), None, State.IN_FORCE),
        (date(2020, 1, 1), None, date(2026, 6, 29), State.ENDED),
        (date(2020, 1, 1), None, date(2026, 6, 30), State.EXPIRING),
        (date(2020, 1, 1), None, date(2026, 12, 27), State.EXPIRING),
        (date(2020, 1, 1), None, date(2026, 12, 28), State.IN_FORCE),
    ],
)
def test_the_state_on_a_day(signed, first, last, state) -> None:
    assert rules.state_on(signed, first, last, DAY) is state


days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@given(days, st.one_of(st.none(), days), st.one_of(st.none(), days), days)
def test_an_agreement_ends_after_its_last_day_and_only_if_signed(signed, first, last, day) -> None:
    state = rules.state_on(signed, first, last, day)
    assert (state is State.IN_PROCESS) == (signed > day)
    if state is State.ENDED:
        assert last is not None
        assert last < day


@given(days, st.integers(0, 4000))
def test_the_age_of_a_stage_counts_local_days(first, later) -> None:
    # 16:59 UTC is 23:59 in Jakarta: one minute before the next local day
    entered = datetime(first.year, first.month, first.day, 16, 59, tzinfo=UTC)
    day = first + timedelta(days=later)
    assert rules.days_in_stage(entered, day, "Asia/Jakarta") == later
    after = rules.days_in_stage(entered + timedelta(minutes=1), day, "Asia/Jakarta")
    assert after == max(later - 1, 0)


def test_renewal_is_decided_before_notice_and_decision_time_are_used_up() -> None:
    last = date(2030, 12, 31)
    assert rules.decide_by(None, Scheme.KSDPK) is None
    usual = last - timedelta(days=DEFAULTS.notice_days + DEFAULTS.renewal_lead_days)
    assert rules.decide_by(last, Scheme.KSDPK) == usual
    foreign = last - timedelta(days=183 + DEFAULTS.renewal_lead_days)
    assert rules.decide_by(last, Scheme.KSDPL) == foreign
