"""What the law says about cooperation documents: stages, what blocks a step, states. Pure."""

from collab.agreements.rules.blockers import (
    Blocker,
    Hint,
    ParentFacts,
    PartyFacts,
    StageFacts,
    may_advance,
    may_return,
    may_sign,
    warnings,
)
from collab.agreements.rules.parameters import DEFAULTS, Parameters
from collab.agreements.rules.stages import (
    allowed_kinds,
    first_stage,
    is_signing,
    next_stage,
    previous_stage,
    signing_stage,
    stage_title,
    stages_of,
)
from collab.agreements.rules.states import days_in_stage, decide_by, ends_within, state_on

__all__ = [
    "DEFAULTS",
    "Blocker",
    "Hint",
    "Parameters",
    "ParentFacts",
    "PartyFacts",
    "StageFacts",
    "allowed_kinds",
    "days_in_stage",
    "decide_by",
    "ends_within",
    "first_stage",
    "is_signing",
    "may_advance",
    "may_return",
    "may_sign",
    "next_stage",
    "previous_stage",
    "signing_stage",
    "stage_title",
    "stages_of",
    "state_on",
    "warnings",
]
