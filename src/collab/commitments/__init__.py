"""What is owed: commitments, checkpoints, progress reports, verification, deadline changes, obstacles."""

from pyramid.config import Configurator

from collab.core.text import _

SENTENCES = {
    "commitments:commitment:create": _("${actor} recorded the commitment “${subject}”"),
    "commitments:commitment:edit": _("${actor} changed the commitment “${subject}”"),
    "commitments:commitment:support": _("${actor} changed who supports “${subject}”"),
    "commitments:commitment:cancel": _("${actor} cancelled “${subject}”: ${reason}"),
    "commitments:commitment:attest": _("${actor} attested that nothing has changed in “${subject}”"),
    "commitments:report:submit": _("${actor} reported on ${checkpoint} of “${subject}”"),
    "commitments:report:verify": _("${actor} verified the report on ${checkpoint} of “${subject}”"),
    "commitments:report:return": _("${actor} returned the report on ${checkpoint} of “${subject}”: ${note}"),
    "commitments:draft:save": _("${actor} kept a draft on ${checkpoint} of “${subject}”"),
    "commitments:deadline:ask": _(
        "${actor} asked for another due day for ${checkpoint} of “${subject}”: ${reason}"
    ),
    "commitments:deadline:approve": _("${actor} granted another due day for ${checkpoint} of “${subject}”"),
    "commitments:deadline:reject": _("${actor} refused another due day for ${checkpoint} of “${subject}”"),
    "commitments:obstacle:raise": _("${actor} raised an obstacle of “${subject}”"),
    "commitments:obstacle:note": _("${actor} remarked on an obstacle of “${subject}”"),
    "commitments:obstacle:resolve": _("${actor} cleared an obstacle of “${subject}”"),
}


def includeme(config: Configurator) -> None:
    """Compose this feature: addresses, rights, menu, words, constraints, panels, views."""
    policies = config.maybe_dotted("collab.commitments.policies")
    vocabulary = config.maybe_dotted("collab.commitments.vocabulary")
    panels = config.maybe_dotted("collab.commitments.views.panels")
    scope = config.maybe_dotted("collab.commitments.queries.scope")
    permission = vocabulary.Permission
    config.include("collab.commitments.routes")
    config.add_policies(policies.POLICIES)
    config.add_menu_item(
        _("My work"), "work", icon="check2-square", permission=permission.WORK_READ, order=20
    )
    config.add_menu_item(
        _("Commitments"), "commitments", icon="flag", permission=permission.COMMITMENT_READ, order=60
    )
    config.add_menu_item(
        _("Verify"), "verify", icon="clipboard-check", permission=permission.QUEUE_READ, order=70
    )
    config.add_bottom_item(_("Work"), "work", icon="check2-square", order=10)
    config.add_bottom_item(_("Commitments"), "commitments", icon="flag", order=20)
    config.add_subject_kind("commitment", title=_("Commitment"), route="commitment")
    config.add_document_owner("commitment", scope.sees_evidence)
    config.add_document_editor("commitment", scope.edits_evidence)
    config.add_search_kind("commitment", scope.visible_ids)
    for tag, sentence in SENTENCES.items():
        config.add_journal_sentence(tag, sentence)
    config.explain_constraint(
        "uq_checkpoint_commitment_id_code", "checkpoints", _("Each checkpoint needs a code of its own.")
    )
    config.explain_constraint(
        "uq_progress_report_supersedes_id", "supersedes_id", _("That report is replaced already.")
    )
    config.explain_constraint("uq_report_decision_report_id", "note", _("This report is decided already."))
    config.explain_constraint(
        "uq_deadline_decision_request_id", "note", _("This request is decided already.")
    )
    config.explain_constraint(
        "uq_cancellation_checkpoint_id", "reason", _("This checkpoint is cancelled already.")
    )
    config.add_panel(
        "mandate",
        order=10,
        template="collab.commitments:templates/mandate_panel.jinja2",
        fill=panels.of_mandate,
    )
    config.scan("collab.commitments.views")
    config.scan("collab.commitments.api")
