"""What obliges: the common part of agreements, meetings, programmes and assessments."""

from pyramid.config import Configurator

from collab.core.text import _
from collab.mandates.policies import POLICIES
from collab.mandates.vocabulary import MandateKind


def add_mandate_kind(config: Configurator, kind: MandateKind, route: str) -> None:
    """Name the route (with `id`) of the page of a kind of mandate; the same kind twice stops the start."""
    config.action(
        ("collab mandate kind", kind),
        lambda: config.registry["collab.mandate_kinds"].__setitem__(kind, route),
    )


def includeme(config: Configurator) -> None:
    """Compose this feature."""
    config.registry["collab.mandate_kinds"] = {}
    config.add_directive("add_mandate_kind", add_mandate_kind)
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
