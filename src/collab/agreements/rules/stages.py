"""Stages that each kind of document walks, in order. Pure.

KSDD and KSDPK follow PP 28/2018 art. 6(1) and 19(1): a joint agreement walks the first four stages and the last
three, a cooperation agreement the last six. The lists of the other kinds are parameters: their law orders them by
other names (PMDN 25/2020 art. 9 for foreign ones; PP 28/2018 art. 46 for synergy), and plans among agencies of one
government have no stages in law at all.
"""

from collab.agreements.vocabulary import STAGE_TITLES, AgreementDocumentKind, Scheme, Stage
from collab.core.text import Sentence, _

_ALL = tuple(Stage)
_LAST_THREE = _ALL[-3:]

#: Stages by kind of document, in order.
STAGES: dict[AgreementDocumentKind, tuple[Stage, ...]] = {
    AgreementDocumentKind.JOINT_AGREEMENT: (*_ALL[:4], *_LAST_THREE),
    AgreementDocumentKind.COOPERATION_AGREEMENT: _ALL[-6:],
    AgreementDocumentKind.SYNERGY_NOTE: (*_ALL[:4], *_LAST_THREE),
    AgreementDocumentKind.WORK_PLAN: (
        Stage.PREPARATION,
        Stage.JOINT_DRAFTING,
        Stage.JOINT_SIGNING,
        Stage.IMPLEMENTATION,
        Stage.REPORTING,
    ),
    AgreementDocumentKind.LETTER_OF_INTENT: (
        Stage.PREPARATION,
        Stage.OFFER,
        Stage.JOINT_DRAFTING,
        Stage.JOINT_SIGNING,
        Stage.REGISTRATION,
    ),
    AgreementDocumentKind.FOREIGN_COOPERATION_PLAN: (
        Stage.PREPARATION,
        Stage.JOINT_DRAFTING,
        Stage.COUNCIL_APPROVAL,
        Stage.JOINT_SIGNING,
        Stage.REGISTRATION,
    ),
    AgreementDocumentKind.FOREIGN_AGREEMENT: (
        Stage.PREPARATION,
        Stage.JOINT_DRAFTING,
        Stage.JOINT_SIGNING,
        *_LAST_THREE,
    ),
    AgreementDocumentKind.ANNUAL_ACTIVITY_PLAN: (
        Stage.PREPARATION,
        Stage.JOINT_SIGNING,
        Stage.IMPLEMENTATION,
        Stage.REPORTING,
    ),
    AgreementDocumentKind.INTERNAL_PLAN: (
        Stage.PREPARATION,
        Stage.JOINT_SIGNING,
        Stage.IMPLEMENTATION,
        Stage.REPORTING,
    ),
}

_REGIONAL = (AgreementDocumentKind.JOINT_AGREEMENT, AgreementDocumentKind.COOPERATION_AGREEMENT)
_FOREIGN = (
    AgreementDocumentKind.LETTER_OF_INTENT,
    AgreementDocumentKind.FOREIGN_COOPERATION_PLAN,
    AgreementDocumentKind.FOREIGN_AGREEMENT,
    AgreementDocumentKind.ANNUAL_ACTIVITY_PLAN,
)
#: Document set of each scheme (R01; UU 23/2014 art. 363; PP 28/2018 art. 6(3), 30, 46).
DOCUMENT_SETS: dict[Scheme, tuple[AgreementDocumentKind, ...]] = {
    Scheme.KSDD_MANDATORY: _REGIONAL,
    Scheme.KSDD_VOLUNTARY: _REGIONAL,
    Scheme.KSDPK: _REGIONAL,
    Scheme.KSDPL: _FOREIGN,
    Scheme.KSDLL: _FOREIGN,
    Scheme.SYNERGY: (AgreementDocumentKind.SYNERGY_NOTE, AgreementDocumentKind.WORK_PLAN),
    Scheme.INTERNAL: (AgreementDocumentKind.INTERNAL_PLAN,),
}

_SIGNING = (Stage.JOINT_SIGNING, Stage.COOPERATION_SIGNING)

#: What the two "joint" stages are called for documents that are no Kesepakatan Bersama.
_OTHER_TITLES: dict[Stage, Sentence] = {
    Stage.JOINT_DRAFTING: _("Drafting the document"),
    Stage.JOINT_SIGNING: _("Signing the document"),
}
_PLAN_TITLES: dict[Stage, Sentence] = {Stage.JOINT_SIGNING: _("Adopting the plan")}


def allowed_kinds(scheme: Scheme) -> tuple[AgreementDocumentKind, ...]:
    """Give the kinds of document that a scheme knows (R01, R10: synergy has no cooperation agreement)."""
    return DOCUMENT_SETS[scheme]


def stages_of(kind: AgreementDocumentKind) -> tuple[Stage, ...]:
    """Give the stages that a kind of document walks, in order (PP 28/2018 art. 6(1), 19(1); others: parameter)."""
    return STAGES[kind]


def first_stage(kind: AgreementDocumentKind) -> Stage:
    """Give the stage in which a document of this kind begins."""
    return STAGES[kind][0]


def next_stage(kind: AgreementDocumentKind, stage: Stage) -> Stage | None:
    """Give the stage after this one; None at the end (R09)."""
    walk = STAGES[kind]
    place = walk.index(stage)
    return walk[place + 1] if place + 1 < len(walk) else None


def previous_stage(kind: AgreementDocumentKind, stage: Stage) -> Stage | None:
    """Give the stage before this one; None at the beginning (R09)."""
    walk = STAGES[kind]
    place = walk.index(stage)
    return walk[place - 1] if place else None


def signing_stage(kind: AgreementDocumentKind) -> Stage:
    """Give the stage in which a document of this kind is signed."""
    return next(stage for stage in STAGES[kind] if stage in _SIGNING)


def is_signing(stage: Stage) -> bool:
    """Tell whether a stage is one of signing."""
    return stage in _SIGNING


def stage_title(kind: AgreementDocumentKind, stage: Stage) -> Sentence:
    """Name a stage for people, in the words that fit the kind of document."""
    if kind is AgreementDocumentKind.INTERNAL_PLAN and stage in _PLAN_TITLES:
        return _PLAN_TITLES[stage]
    if kind not in _REGIONAL and stage in _OTHER_TITLES:
        return _OTHER_TITLES[stage]
    return STAGE_TITLES[stage]
