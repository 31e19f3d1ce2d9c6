"""Accounts: users, dated roles, sign-in, sessions and API tokens; loads the identity of each request."""

from pyramid.config import Configurator

from collab.auth.policies import POLICIES
from collab.core.text import _


def includeme(config: Configurator) -> None:
    """Compose this feature."""
    config.include(".routes")
    config.include(".views.identities")
    config.add_policies(POLICIES)
    config.add_subject_kind("user", title=_("Account"))
    config.add_journal_sentence("auth:session:opened", _("${actor} signed in"))
    config.add_journal_sentence("auth:session:ended", _("${actor} ended a sign-in"))
    config.add_journal_sentence("auth:session:refused", _("Someone failed to sign in"))
    config.add_journal_sentence(
        "auth:session:throttled", _("Someone was made to wait before signing in again")
    )
    config.explain_constraint("uq_user_account_name", "name", _("This account name is already taken."))
    config.scan(".views")
