"""Agreements: cooperation documents by the law, their parties, stages and signatures."""

from pyramid.config import Configurator

from collab.agreements.policies import POLICIES
from collab.agreements.vocabulary import Permission
from collab.core.text import _
from collab.mandates.vocabulary import MandateKind


def includeme(config: Configurator) -> None:
    """Compose this feature: addresses, rights, menu, words, constraints, panels, views."""
    queries = config.maybe_dotted("collab.agreements.queries")
    panels = config.maybe_dotted("collab.agreements.views.panels")
    config.add_policies(POLICIES)
    config.add_menu_item(
        _("Agreements"), "agreements", icon="file-earmark-text", permission=Permission.READ, order=40
    )
    config.add_subject_kind("agreement", title=_("Agreement"), route="agreement")
    config.add_mandate_kind(MandateKind.AGREEMENT, "agreement")
    config.add_search_kind("agreement", queries.scope.visible_ids)
    config.add_document_owner("agreement", queries.reads_document)
    config.add_document_editor("agreement", queries.edits_document)
    config.add_regulation_dependants("agreements", panels.count_resting, panels.first_resting)
    for tag, sentence in (
        ("agreements:agreement:created", _("${actor} recorded the agreement “${subject}”")),
        ("agreements:agreement:edited", _("${actor} edited the agreement “${subject}”")),
        ("agreements:agreement:signed", _("${actor} recorded the signature of “${subject}”")),
        ("agreements:stage:advanced", _("${actor} moved “${subject}” to its next stage")),
        ("agreements:stage:returned", _("${actor} returned “${subject}” to the stage before")),
    ):
        config.add_journal_sentence(tag, sentence)
    twice = _("This organization is named twice.")
    config.explain_constraint("uq_agreement_party_organization", "parties", twice)
    config.explain_constraint(
        "uq_agreement_party_position", "parties", _("Two parties have the same place in the order.")
    )
    config.explain_constraint(
        "ck_agreement_valid_order", "valid_until", _("The end lies before the beginning.")
    )
    config.explain_constraint(
        "ck_agreement_pks_under_kb",
        "parent_id",
        _("A cooperation agreement (PKS) needs the joint agreement it carries out."),
    )
    for place, fill in (("organization", panels.of_organization), ("regulation", panels.on_regulation)):
        config.add_panel(
            place, order=40, template="collab.agreements:templates/agreements_panel.jinja2", fill=fill
        )
    config.add_panel(
        "document",
        order=40,
        template="collab.agreements:templates/document_owners.jinja2",
        fill=panels.owning_document,
    )
    config.include("collab.agreements.routes")
    config.scan("collab.agreements.views")
    config.scan("collab.agreements.api")
