"""Closed words and rights of mandates: what obliges."""

from enum import StrEnum

from collab.core.text import Sentence, _


class Permission(StrEnum):
    """What one may do with any mandate."""

    READ = "mandates:mandate:read"
    CHOOSE = "mandates:mandate:choose"
    LEAD = "mandates:lead:assign"
    CITE = "mandates:basis:cite"
    NOTE = "mandates:note:add"


class MandateKind(StrEnum):
    """What a mandate is."""

    AGREEMENT = "agreement"
    MEETING = "meeting"
    PROGRAMME = "programme"
    ASSESSMENT = "assessment"


class LeadRole(StrEnum):
    """Part of an organization in a mandate: leading sector or supporting."""

    LEAD = "lead"
    SUPPORTING = "supporting"

    @property
    def title(self) -> Sentence:
        """Name the part for people."""
        return LEAD_TITLES[self]


LEAD_TITLES = {LeadRole.LEAD: _("Leading sector"), LeadRole.SUPPORTING: _("Supporting")}
