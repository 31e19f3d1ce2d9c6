"""Closed words and rights of agreements (schemes, documents and stages of PP 28/2018)."""

from enum import StrEnum

from collab.core.text import Sentence, _


class Permission(StrEnum):
    """What one may do with agreements."""

    READ = "agreements:agreement:read"
    CREATE = "agreements:agreement:create"
    EDIT = "agreements:agreement:edit"
    ADVANCE = "agreements:stage:advance"
    SIGN = "agreements:agreement:sign"
    ATTACH = "agreements:document:attach"


class Scheme(StrEnum):
    """Legal type of a cooperation (UU 23/2014 art. 363-367; PP 28/2018)."""

    KSDD_MANDATORY = "ksdd_mandatory"
    KSDD_VOLUNTARY = "ksdd_voluntary"
    KSDPK = "ksdpk"
    KSDPL = "ksdpl"
    KSDLL = "ksdll"
    SYNERGY = "synergy"
    INTERNAL = "internal"

    @property
    def title(self) -> Sentence:
        """Name the scheme for people."""
        return SCHEME_TITLES[self]


SCHEME_TITLES = {
    Scheme.KSDD_MANDATORY: _("Mandatory cooperation with another region (KSDD)"),
    Scheme.KSDD_VOLUNTARY: _("Voluntary cooperation with another region (KSDD)"),
    Scheme.KSDPK: _("Cooperation with a third party (KSDPK)"),
    Scheme.KSDPL: _("Cooperation with a foreign regional government (KSDPL)"),
    Scheme.KSDLL: _("Cooperation with a foreign institution (KSDLL)"),
    Scheme.SYNERGY: _("Synergy with the central government"),
    Scheme.INTERNAL: _("Collaboration among agencies"),
}


class AgreementDocumentKind(StrEnum):
    """Kind of the document itself."""

    JOINT_AGREEMENT = "joint_agreement"
    COOPERATION_AGREEMENT = "cooperation_agreement"
    SYNERGY_NOTE = "synergy_note"
    WORK_PLAN = "work_plan"
    LETTER_OF_INTENT = "letter_of_intent"
    FOREIGN_COOPERATION_PLAN = "foreign_cooperation_plan"
    FOREIGN_AGREEMENT = "foreign_agreement"
    ANNUAL_ACTIVITY_PLAN = "annual_activity_plan"
    INTERNAL_PLAN = "internal_plan"

    @property
    def title(self) -> Sentence:
        """Name the document for people."""
        return DOCUMENT_KIND_TITLES[self]


DOCUMENT_KIND_TITLES = {
    AgreementDocumentKind.JOINT_AGREEMENT: _("Joint agreement (Kesepakatan Bersama)"),
    AgreementDocumentKind.COOPERATION_AGREEMENT: _("Cooperation agreement (PKS)"),
    AgreementDocumentKind.SYNERGY_NOTE: _("Synergy note (Nota Kesepakatan)"),
    AgreementDocumentKind.WORK_PLAN: _("Work plan"),
    AgreementDocumentKind.LETTER_OF_INTENT: _("Letter of intent"),
    AgreementDocumentKind.FOREIGN_COOPERATION_PLAN: _("Foreign cooperation plan"),
    AgreementDocumentKind.FOREIGN_AGREEMENT: _("Foreign agreement"),
    AgreementDocumentKind.ANNUAL_ACTIVITY_PLAN: _("Annual activity plan"),
    AgreementDocumentKind.INTERNAL_PLAN: _("Internal action plan"),
}


class Stage(StrEnum):
    """Stages of KSDD and KSDPK in the order of PP 28/2018 art. 6(1)."""

    PREPARATION = "preparation"
    OFFER = "offer"
    JOINT_DRAFTING = "joint_drafting"
    JOINT_SIGNING = "joint_signing"
    COUNCIL_APPROVAL = "council_approval"
    COOPERATION_DRAFTING = "cooperation_drafting"
    COOPERATION_SIGNING = "cooperation_signing"
    IMPLEMENTATION = "implementation"
    REGISTRATION = "registration"
    REPORTING = "reporting"

    @property
    def title(self) -> Sentence:
        """Name the stage for people."""
        return STAGE_TITLES[self]


STAGE_TITLES = {
    Stage.PREPARATION: _("Preparation"),
    Stage.OFFER: _("Offer"),
    Stage.JOINT_DRAFTING: _("Drafting the joint agreement"),
    Stage.JOINT_SIGNING: _("Signing the joint agreement"),
    Stage.COUNCIL_APPROVAL: _("Council approval (DPRD)"),
    Stage.COOPERATION_DRAFTING: _("Drafting the cooperation agreement"),
    Stage.COOPERATION_SIGNING: _("Signing the cooperation agreement"),
    Stage.IMPLEMENTATION: _("Implementation"),
    Stage.REGISTRATION: _("Registration"),
    Stage.REPORTING: _("Reporting"),
}


class AgreementState(StrEnum):
    """Derived as of a day from signature and validity; never stored. Past its last day: ended, not achieved (R29)."""

    IN_PROCESS = "in_process"
    SIGNED_NOT_YET_VALID = "signed_not_yet_valid"
    IN_FORCE = "in_force"
    EXPIRING = "expiring"
    ENDED = "ended"

    @property
    def title(self) -> Sentence:
        """Name the state for people."""
        return AGREEMENT_STATE_TITLES[self]


AGREEMENT_STATE_TITLES = {
    AgreementState.IN_PROCESS: _("In process"),
    AgreementState.SIGNED_NOT_YET_VALID: _("Signed, not yet valid"),
    AgreementState.IN_FORCE: _("In force"),
    AgreementState.EXPIRING: _("Ending soon"),
    AgreementState.ENDED: _("Ended"),
}


class StageMove(StrEnum):
    """How a stage was entered."""

    OPENED = "opened"
    ADVANCED = "advanced"
    RETURNED = "returned"
