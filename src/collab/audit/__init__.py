"""The journal: who did what to which subject, chained, readable, and verifiable."""

from pyramid.config import Configurator

from collab.audit.policies import POLICIES
from collab.audit.tasks import write_events
from collab.audit.vocabulary import Permission
from collab.core.text import _


def includeme(config: Configurator) -> None:
    """Compose this feature."""
    config.include(".routes")
    config.add_policies(POLICIES)
    config.add_menu_item(_("Journal"), "journal", icon="journal-text", permission=Permission.READ, order=80)
    config.set_event_sink(write_events)
    config.add_subject_kind("request", title=_("Address"))
    config.add_subject_kind("sign_in", title=_("Sign-in"))
    config.add_journal_sentence("web:request:denied", _("${actor} was refused ${subject}"))
    config.add_journal_sentence("web:list:exported", _("${actor} exported the list ${subject}"))
    config.scan(".views")
    config.scan(".api")
