"""Why a step cannot be taken: what is missing, who can clear it, under which law. Pure.

Hard rules (H in the law's table) block; uncertain ones (W, P) only warn.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from collab.agreements.rules.parameters import DEFAULTS, Parameters
from collab.agreements.rules.stages import is_signing, next_stage, previous_stage
from collab.agreements.vocabulary import AgreementDocumentKind, Scheme, Stage
from collab.core.text import Sentence, _
from collab.documents.vocabulary import DocumentKind
from collab.organizations.vocabulary import AGENCY_CLASSES, GovernmentKind, OrganizationClass, PartnerKind


class Hint(StrEnum):
    """Where the missing thing can be put right."""

    EDIT = "edit"
    DOCUMENTS = "documents"
    PARENT = "parent"
    SIGN = "sign"


@dataclass(frozen=True)
class Blocker:
    """One thing in the way: the sentence, the law, who can clear it and where."""

    rule: str
    sentence: Sentence
    law: str
    who: Sentence
    hint: Hint


@dataclass(frozen=True)
class PartyFacts:
    """A party as far as the law asks."""

    organization_id: int
    name: str
    org_class: OrganizationClass
    partner_kind: PartnerKind | None = None
    government_id: int | None = None
    government_kind: GovernmentKind | None = None


@dataclass(frozen=True)
class ParentFacts:
    """The joint agreement above a cooperation agreement."""

    id: int
    title: str
    document_kind: AgreementDocumentKind
    signed_on: date | None
    valid_until: date | None


@dataclass(frozen=True)
class StageFacts:
    """What is known of an agreement at the moment of the step."""

    scheme: Scheme
    document_kind: AgreementDocumentKind
    stage: Stage
    government_id: int
    parties: tuple[PartyFacts, ...] = ()
    #: Classes of the organizations of the own government that lead or support now.
    executors: tuple[OrganizationClass, ...] = ()
    documents: frozenset[DocumentKind] = frozenset()
    signed_on: date | None = None
    valid_until: date | None = None
    parent: ParentFacts | None = None

    @property
    def counterparties(self) -> tuple[PartyFacts, ...]:
        """Give the parties that are not of the own government."""
        return tuple(party for party in self.parties if party.government_id != self.government_id)


COORDINATOR: Sentence = _("the cooperation coordinator")
COORDINATOR_OR_LEGAL: Sentence = _("the cooperation coordinator or the legal staff")

_REGIONS = (GovernmentKind.PROVINCE, GovernmentKind.REGENCY, GovernmentKind.CITY)
_THIRD_PARTIES = (PartnerKind.INDIVIDUAL, PartnerKind.BUSINESS, PartnerKind.ORGANIZATION)
_COUNTERPARTY_LAW = "UU 23/2014 Pasal 363 ayat (2); PP 28/2018 Pasal 14, 23-25, 46"
_EXPECTED: dict[Scheme, Sentence] = {
    Scheme.KSDD_MANDATORY: _(
        "“${name}” is not another region. Cooperation between regions (KSDD) is made with regions."
    ),
    Scheme.KSDD_VOLUNTARY: _(
        "“${name}” is not another region. Cooperation between regions (KSDD) is made with regions."
    ),
    Scheme.KSDPK: _(
        "“${name}” is not a third party. KSDPK is made with persons, legal businesses or organizations."
    ),
    Scheme.KSDPL: _(
        "“${name}” is not a foreign body. This scheme is made with foreign regional governments."
    ),
    Scheme.KSDLL: _("“${name}” is not a foreign body. This scheme is made with foreign institutions."),
    Scheme.SYNERGY: _(
        "“${name}” does not belong to the central government. Synergy is made with central bodies."
    ),
    Scheme.INTERNAL: _(
        "“${name}” does not belong to this government. A plan among agencies stays inside it."
    ),
}


def may_advance(facts: StageFacts, parameters: Parameters = DEFAULTS) -> list[Blocker]:
    """Give what stands in the way of the next stage; empty when the step is free (R09).

    Out of the stage of signing leads only the signature itself; once signed, contents no longer block.
    """
    following = next_stage(facts.document_kind, facts.stage)
    if following is None:
        return [
            Blocker(
                "R09", _("This is the last stage."), "PP 28/2018 Pasal 6 ayat (1)", COORDINATOR, Hint.EDIT
            )
        ]
    if facts.signed_on is not None:
        return []
    found = [
        *_parties(facts),
        *_parent(facts),
        *_feasibility(facts),
        *_offer(facts, parameters, required=True),
    ]
    if is_signing(following) or is_signing(facts.stage):
        found += _executor(facts)
    if is_signing(facts.stage):
        found.append(
            Blocker(
                "R09",
                _("The signature is not recorded yet."),
                "PP 28/2018 Pasal 6 ayat (1)",
                COORDINATOR,
                Hint.SIGN,
            )
        )
    return found


def may_sign(facts: StageFacts) -> list[Blocker]:
    """Give what stands in the way of recording the signature; empty when it is free."""
    found: list[Blocker] = []
    if not is_signing(facts.stage):
        found.append(
            Blocker(
                "R09",
                _("The agreement has not reached the stage of signing."),
                "PP 28/2018 Pasal 6 ayat (1)",
                COORDINATOR_OR_LEGAL,
                Hint.EDIT,
            )
        )
    found += [*_parties(facts), *_parent(facts), *_executor(facts)]
    if facts.parent is not None and _is_pks(facts) and facts.parent.signed_on is None:
        found.append(
            Blocker(
                "R10",
                _(
                    "The joint agreement “${title}” is not signed yet. It comes before the cooperation agreement.",
                    mapping={"title": facts.parent.title},
                ),
                "PP 28/2018 Pasal 6 ayat (1) dan (3)",
                COORDINATOR,
                Hint.PARENT,
            )
        )
    return found


def may_return(facts: StageFacts) -> list[Blocker]:
    """Give what stands in the way of going one stage back; a signed document never goes back before its signature."""
    earlier = previous_stage(facts.document_kind, facts.stage)
    if earlier is None:
        return [
            Blocker(
                "R09", _("This is the first stage."), "PP 28/2018 Pasal 6 ayat (1)", COORDINATOR, Hint.EDIT
            )
        ]
    if facts.signed_on is not None and is_signing(earlier):
        return [
            Blocker(
                "R33",
                _("The document is signed. A change needs a numbered addendum by the same parties."),
                "Permendagri 25/2020 Pasal 20 ayat (5)",
                COORDINATOR,
                Hint.EDIT,
            )
        ]
    return []


def warnings(facts: StageFacts, parameters: Parameters = DEFAULTS) -> list[Blocker]:
    """Give what is uncertain or advised: it never blocks, but must be seen before the step."""
    return [
        *_offer(facts, parameters, required=False),
        *_bordering(facts),
        *_council(facts),
        *_term(facts),
        *_signed_copy(facts),
    ]


# -- hard rules -------------------------------------------------------------------------------------------------


def _parties(facts: StageFacts) -> Iterable[Blocker]:
    """R01: the class of the counter-party fixes the scheme; R03: a business partner must be a legal body."""
    if not facts.parties or not any(party.government_id == facts.government_id for party in facts.parties):
        yield Blocker(
            "R01",
            _("The own government is not among the parties."),
            _COUNTERPARTY_LAW,
            COORDINATOR_OR_LEGAL,
            Hint.EDIT,
        )
    if facts.scheme is not Scheme.INTERNAL and not facts.counterparties:
        yield Blocker(
            "R01", _("There is no counter-party yet."), _COUNTERPARTY_LAW, COORDINATOR_OR_LEGAL, Hint.EDIT
        )
    for party in facts.counterparties:
        if (
            facts.scheme is Scheme.KSDPK
            and party.org_class is OrganizationClass.PARTNER
            and party.partner_kind is None
        ):
            yield Blocker(
                "R03",
                _(
                    "It is not recorded what “${name}” is: a person, a legal business or an organization."
                    " A business must be a legal body.",
                    mapping={"name": party.name},
                ),
                "PP 28/2018 Pasal 14 huruf b dan c",
                _("the administrator"),
                Hint.EDIT,
            )
        elif not _fits(facts.scheme, party):
            sentence = _(_EXPECTED[facts.scheme], mapping={"name": party.name})
            yield Blocker("R01", sentence, _COUNTERPARTY_LAW, COORDINATOR_OR_LEGAL, Hint.EDIT)


def _fits(scheme: Scheme, party: PartyFacts) -> bool:
    if scheme in (Scheme.KSDD_MANDATORY, Scheme.KSDD_VOLUNTARY):
        return party.government_kind in _REGIONS
    if scheme is Scheme.KSDPK:
        return party.partner_kind in _THIRD_PARTIES
    if scheme in (Scheme.KSDPL, Scheme.KSDLL):
        return party.partner_kind is PartnerKind.FOREIGN
    if scheme is Scheme.SYNERGY:
        return party.government_kind is GovernmentKind.NATIONAL
    return False


def _is_pks(facts: StageFacts) -> bool:
    return facts.document_kind is AgreementDocumentKind.COOPERATION_AGREEMENT


def _parent(facts: StageFacts) -> Iterable[Blocker]:
    """R10: no cooperation agreement without its joint agreement (PP 28/2018 art. 6(1), (3))."""
    if not _is_pks(facts):
        return
    if facts.parent is None or facts.parent.document_kind is not AgreementDocumentKind.JOINT_AGREEMENT:
        yield Blocker(
            "R10",
            _("A cooperation agreement (PKS) needs the joint agreement it carries out."),
            "PP 28/2018 Pasal 6 ayat (1) dan (3)",
            COORDINATOR_OR_LEGAL,
            Hint.EDIT,
        )


def _feasibility(facts: StageFacts) -> Iterable[Blocker]:
    """R11: cooperation with a third party leaves preparation only with a feasibility study (UU 23/2014 art. 366(3))."""
    if facts.scheme is not Scheme.KSDPK or facts.stage is not Stage.PREPARATION:
        return
    if DocumentKind.FEASIBILITY_STUDY not in facts.documents:
        yield Blocker(
            "R11",
            _("The feasibility study is missing. Attach it with the role “Feasibility study”."),
            "UU 23/2014 Pasal 366 ayat (3)",
            COORDINATOR_OR_LEGAL,
            Hint.DOCUMENTS,
        )


def _executor(facts: StageFacts) -> Iterable[Blocker]:
    """R39: each agreement has at least one agency of the own government that carries it out (PP 28/2018 art. 44(3))."""
    if not any(org_class in AGENCY_CLASSES for org_class in facts.executors):
        yield Blocker(
            "R39",
            _("No agency carries this out yet. Name at least one leading sector."),
            "PP 28/2018 Pasal 44 ayat (3); PP 12/2017 Pasal 17",
            COORDINATOR_OR_LEGAL,
            Hint.EDIT,
        )


# -- what only warns --------------------------------------------------------------------------------------------


def _offer(facts: StageFacts, parameters: Parameters, *, required: bool) -> Iterable[Blocker]:
    """R15 (parameter): the offer letter lies there, with terms of reference (KSDD, synergy) or the study (KSDPK)."""
    if facts.stage is not Stage.OFFER or parameters.offer_letter_required is not required:
        return
    second = (
        DocumentKind.FEASIBILITY_STUDY if facts.scheme is Scheme.KSDPK else DocumentKind.TERMS_OF_REFERENCE
    )
    for kind in (DocumentKind.OFFER_LETTER, second, DocumentKind.DRAFT):
        if kind not in facts.documents:
            yield Blocker(
                "R15",
                _("An offer usually carries this document: ${kind}.", mapping={"kind": kind.title}),
                "Permendagri 22/2020",
                COORDINATOR_OR_LEGAL,
                Hint.DOCUMENTS,
            )


def _bordering(facts: StageFacts) -> Iterable[Blocker]:
    """R02 (warns): mandatory cooperation needs bordering regions and a shared affair (PP 28/2018 art. 3(2))."""
    if facts.scheme is Scheme.KSDD_MANDATORY and facts.stage is Stage.PREPARATION:
        yield Blocker(
            "R02",
            _(
                "Mandatory cooperation is for bordering regions with a shared affair or service. Check that this holds."
            ),
            "UU 23/2014 Pasal 364; PP 28/2018 Pasal 3 ayat (2)",
            COORDINATOR_OR_LEGAL,
            Hint.EDIT,
        )


def _council(facts: StageFacts) -> Iterable[Blocker]:
    """R21 (warns for now): a burden on people or region, or an unbudgeted cost, needs the council; unknown is not no."""
    if _is_pks(facts) and facts.stage is Stage.COUNCIL_APPROVAL:
        yield Blocker(
            "R21",
            _(
                "If this burdens the people or the region, or is not in this year's budget, the council must approve first."
                " Not knowing is not a no."
            ),
            "PP 28/2018 Pasal 6 ayat (2)",
            COORDINATOR,
            Hint.DOCUMENTS,
        )


def _term(facts: StageFacts) -> Iterable[Blocker]:
    """R26 (parameter, warns): a cooperation agreement ends with its joint agreement at the latest."""
    parent = facts.parent
    if parent is None or parent.valid_until is None or facts.signed_on is not None:
        return
    if facts.valid_until is None or facts.valid_until > parent.valid_until:
        yield Blocker(
            "R26",
            _(
                "This runs longer than the joint agreement above it. Extend that one first, or shorten this one."
            ),
            "PP 28/2018 Pasal 6",
            COORDINATOR,
            Hint.EDIT,
        )


def _signed_copy(facts: StageFacts) -> Iterable[Blocker]:
    """R64 (warns): the signed copy belongs to the file of a signed document."""
    if facts.signed_on is not None and DocumentKind.SIGNED_COPY not in facts.documents:
        yield Blocker(
            "R64",
            _("The signed copy is not attached yet."),
            "UU 43/2009",
            COORDINATOR_OR_LEGAL,
            Hint.DOCUMENTS,
        )
