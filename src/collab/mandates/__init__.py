"""What obliges: the common part of agreements, meetings, programmes and assessments."""

from pyramid.config import Configurator

from collab.core.text import _
from collab.mandates.policies import POLICIES


def includeme(config: Configurator) -> None:
    """Compose this feature."""
    config.add_policies(POLICIES)
    for tag, sentence in (
        ("mandates:lead:assigned", _("${actor} changed who leads “${subject}”")),
        ("mandates:basis:cited", _("${actor} changed the legal bases of “${subject}”")),
        ("mandates:document:attached", _("${actor} attached documents to “${subject}”")),
        ("mandates:note:added", _("${actor} added a note to “${subject}”")),
    ):
        config.add_journal_sentence(tag, sentence)
    taken = _("Only one organization can be the accountable one.")
    config.explain_constraint("uq_mandate_lead_accountable", "leads", taken)
    config.explain_constraint("uq_mandate_lead_organization", "leads", _("This organization is named twice."))
    config.explain_constraint("uq_legal_basis_citation", "legal_bases", _("This article is cited twice."))
    config.explain_constraint(
        "uq_mandate_document_pair", "documents", _("This document is already attached here.")
    )
    config.include("collab.mandates.routes")
    config.scan("collab.mandates.views")
