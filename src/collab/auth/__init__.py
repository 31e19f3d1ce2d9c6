"""Accounts: users, dated roles, sign-in, sessions and API tokens; loads the identity of each request."""

from pyramid.config import Configurator

from collab.auth.policies import POLICIES
from collab.auth.vocabulary import Permission
from collab.core.text import _

SENTENCES = {
    "auth:session:opened": _("${actor} signed in"),
    "auth:session:ended": _("${actor} signed out"),
    "auth:session:refused": _("A sign-in as ${subject} failed"),
    "auth:session:throttled": _("Sign-ins as ${subject} were made to wait"),
    "auth:user:created": _("${actor} created the account of ${subject}"),
    "auth:user:edited": _("${actor} changed the account of ${subject}"),
    "auth:user:closed": _("${actor} closed the account of ${subject}"),
    "auth:user:reopened": _("${actor} reopened the account of ${subject}"),
    "auth:user:password-reset": _("${actor} gave ${subject} a new password to hand over"),
    "auth:user:password-changed": _("${actor} changed their password"),
    "auth:user:sessions-ended": _("${actor} ended sign-ins of ${subject}"),
    "auth:user:token-created": _("${actor} made the API token “${title}” for ${subject}"),
    "auth:user:token-revoked": _("${actor} revoked the API token “${title}” of ${subject}"),
    "auth:role:given": _("${actor} gave ${subject} the role ${role}"),
    "auth:role:ended": _("${actor} let the role ${role} of ${subject} end"),
}


def includeme(config: Configurator) -> None:
    """Compose this feature."""
    config.include(".routes")
    config.include(".views.identities")
    config.add_policies(POLICIES)
    config.add_bottom_item(_("Me"), "account", icon="person-circle", order=40)
    config.add_menu_item(_("Accounts"), "users", icon="people", permission=Permission.READ_USERS, order=90)
    config.add_subject_kind("user", title=_("Account"), route="user")
    for tag, sentence in SENTENCES.items():
        config.add_journal_sentence(tag, sentence)
    config.explain_constraint("uq_user_account_name", "name", _("This account name is already taken."))
    config.explain_constraint(
        "ck_user_account_name_lower",
        "name",
        _("Use lower-case letters, digits and dots, for example siti.rahma."),
    )
    config.explain_constraint(
        "ck_role_assignment_valid_order", "valid_until", _("The end lies before the beginning.")
    )
    config.explain_constraint(
        "ck_role_assignment_one_scope", "scope", _("Choose one government or one organization.")
    )
    config.explain_constraint(
        "ck_role_assignment_user_or_position", "", _("Choose either an account or a position.")
    )
    config.scan(".views")
    config.scan(".api")
