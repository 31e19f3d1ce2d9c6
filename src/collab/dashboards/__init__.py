"""What looks at everything: the governor's overview, the agencies ranked, one agency's dashboard."""

from pyramid.config import Configurator

from collab.core.text import _


def includeme(config: Configurator) -> None:
    """Compose this feature."""
    policies = config.maybe_dotted("collab.dashboards.policies")
    permission = config.maybe_dotted("collab.dashboards.vocabulary").Permission
    panels = config.maybe_dotted("collab.dashboards.views.panels")
    config.include("collab.dashboards.routes")
    config.add_policies(policies.POLICIES)
    config.add_menu_item(_("Overview"), "home", icon="speedometer2", permission=permission.OVERVIEW, order=10)
    config.add_menu_item(_("Agencies"), "agencies", icon="building", permission=permission.OVERVIEW, order=30)
    config.add_panel(
        "organization",
        order=5,
        template="collab.dashboards:templates/organization_panel.jinja2",
        fill=panels.of_organization,
    )
    config.scan("collab.dashboards.views")
    config.scan("collab.dashboards.api")
