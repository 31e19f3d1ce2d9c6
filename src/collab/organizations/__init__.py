"""Governments, organizations with dated names, regions, persons, posts and who holds them."""

from pyramid.config import Configurator

from collab.core.text import _
from collab.organizations.policies import POLICIES
from collab.organizations.vocabulary import Permission

SENTENCES = {
    "organizations:region:load": _("${actor} loaded ${count} regions from the table of region codes"),
    "organizations:government:create": _("${actor} entered the government ${subject}"),
    "organizations:government:edit": _("${actor} changed the government ${subject}"),
    "organizations:organization:create": _("${actor} entered the organization ${subject}"),
    "organizations:organization:edit": _("${actor} changed the organization ${subject}"),
    "organizations:organization:rename": _(
        "${actor} recorded the name ${name} for ${before}, in force from ${day}"
    ),
    "organizations:alias:add": _("${actor} added the name ${alias} to ${subject}"),
    "organizations:organization:merge": _(
        "${actor} recorded that ${predecessors} went over into ${successor} on ${day}"
    ),
    "organizations:organization:split": _(
        "${actor} recorded that ${predecessor} was split into ${successors} on ${day}"
    ),
    "organizations:person:create": _("${actor} entered the person ${subject}"),
    "organizations:person:edit": _("${actor} changed the person ${subject}"),
    "organizations:position:create": _("${actor} entered the position ${subject}"),
    "organizations:position:edit": _("${actor} changed the position ${subject}"),
    "organizations:holding:create": _(
        "${actor} recorded that ${person} is ${office} from ${day} (${subject})"
    ),
    "organizations:holding:end": _("${actor} recorded that ${person} holds ${subject} until ${day}"),
}

#: What the database refuses, at which field, in words: [(constraint, field, sentence)].
CONSTRAINTS = (
    ("uq_government_code", "code", _("Another government already has this code.")),
    (
        "uq_organization_government_id_code",
        "code",
        _("Another organization of this government already has this code."),
    ),
    ("uq_organization_partner_code", "code", _("Another partner already has this code.")),
    (
        "ck_organization_partner_without_government",
        "government_id",
        _("Only partners belong to no government."),
    ),
    ("ck_organization_partner_kind_of_partner", "partner_kind", _("Only a partner has a kind of partner.")),
    ("ck_organization_valid_order", "valid_until", _("The end lies before the beginning.")),
    ("uq_succession_pair", "", _("This succession is already recorded.")),
    ("ck_succession_two_bodies", "", _("An organization cannot follow itself.")),
    (
        "uq_position_organization_id_title",
        "title",
        _("The organization already has a position of this title."),
    ),
    ("uq_position_head", "is_head", _("Another position already heads this organization.")),
    ("ck_position_holding_valid_order", "valid_until", _("The end lies before the beginning.")),
)


def includeme(config: Configurator) -> None:
    """Compose this feature."""
    config.include(".routes")
    queries = config.maybe_dotted("collab.organizations.queries.organizations")
    config.add_policies(POLICIES)
    config.add_search_kind("organization", queries.visible_ids)
    config.add_menu_item(
        _("Organizations"), "organizations", icon="diagram-3", permission=Permission.READ, order=35
    )
    for tag, sentence in SENTENCES.items():
        config.add_journal_sentence(tag, sentence)
    for name, field, sentence in CONSTRAINTS:
        config.explain_constraint(name, field, sentence)
    config.add_subject_kind("organization", title=_("Organization"), route="organization")
    config.add_subject_kind("government", title=_("Government"), route="government")
    config.add_subject_kind("person", title=_("Person"), route="person")
    config.add_subject_kind("position", title=_("Position"), route="position")
    config.add_subject_kind("region", title=_("Region"))
    config.scan(".views")
    config.scan(".api")
