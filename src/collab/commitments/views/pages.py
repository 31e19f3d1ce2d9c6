"""What one reads: the list, a commitment as of a day, "my work", the verification queue."""

from textwrap import shorten
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from collab.commitments.queries import detail, waiting
from collab.commitments.queries import work as own_work
from collab.commitments.queries.scope import REPORTING
from collab.commitments.routes import Place
from collab.commitments.views import hints
from collab.commitments.views.history import entries
from collab.commitments.views.listings import COMMITMENTS, TO_DECIDE
from collab.commitments.vocabulary import Permission, Signal
from collab.core.identity import Role
from collab.core.text import _
from collab.web.i18n import translate
from collab.web.listing import export, show
from collab.web.routing import page

SIGNALS = tuple(Signal)


def figures_of(request: Request) -> Any:
    """Mark the page as one whose figures belong to a day, and give the day."""
    request.figures_as_of = request.as_of
    return request.as_of


@page(
    "commitments",
    permission=Permission.COMMITMENT_READ,
    renderer="collab.commitments:templates/commitments.jinja2",
)
def commitments(context: Any, request: Request) -> dict[str, Any]:
    """List the visible commitments, worst first."""
    day = figures_of(request)
    return {
        "listed": show(request, COMMITMENTS),
        "day": day,
        "signals": SIGNALS,
        "may_add": request.has_permission(Permission.COMMITMENT_WRITE, None),
    }


@page("commitments.csv", permission=Permission.COMMITMENT_READ)
@page("commitments.xlsx", permission=Permission.COMMITMENT_READ)
def commitments_file(context: Any, request: Request) -> Response:
    """Export the list as it is filtered."""
    return export(request, COMMITMENTS)


@page(
    "commitment",
    permission=Permission.COMMITMENT_READ,
    renderer="collab.commitments:templates/commitment.jinja2",
)
def commitment(context: Place, request: Request) -> dict[str, Any]:
    """Show a commitment as it stood on a day: checkpoints, reports with evidence, obstacles, history."""
    day = figures_of(request)
    file = detail.file_of(request.db, context.commitment, day=day, assignments=context.assignments)
    request.breadcrumbs = [
        (translate(request, _("Commitments")), request.route_path("commitments")),
        (shorten(context.commitment.statement, 60, placeholder="…"), None),
    ]
    may = {
        name: request.has_permission(permission, context)
        for name, permission in (
            ("edit", Permission.COMMITMENT_WRITE),
            ("report", Permission.REPORT_WRITE),
            ("decide", Permission.REPORT_DECIDE),
            ("ask", Permission.DEADLINE_ASK),
            ("decide_deadline", Permission.DEADLINE_DECIDE),
            ("cancel", Permission.COMMITMENT_CANCEL),
            ("attest", Permission.COMMITMENT_ATTEST),
            ("obstacle", Permission.OBSTACLE_WRITE),
        )
    }
    return {
        "file": file,
        "commitment": context.commitment,
        "day": day,
        "history": entries(request, file),
        "may": may,
        "hints": hints.of(request, context, file, may),
        "panels": request.panels("commitment", context),
    }


@page("work", permission=Permission.WORK_READ, renderer="collab.commitments:templates/work.jinja2")
def work(context: Any, request: Request) -> dict[str, Any]:
    """Show a liaison what is owed, most pressing first, and what waits for others."""
    identity, day = request.identity, request.today
    rows = own_work.owed(request.db, identity=identity, day=day)
    urgent = [row for row in rows if row.state in ("returned", "overdue")]
    return {
        "day": day,
        "urgent": urgent,
        "soon": [row for row in rows if row.state == "due_soon"],
        "later": [row for row in rows if row.state in ("open", "undated")],
        "waiting": waiting.waiting_of(request.db, identity=identity),
        "attestable": own_work.attestable(request.db, identity=identity, day=day),
        "units": identity.organizations(*REPORTING),
    }


@page("verify", permission=Permission.QUEUE_READ, renderer="collab.commitments:templates/verify.jinja2")
def verify(context: Any, request: Request) -> dict[str, Any]:
    """Show the reports, and the wishes for another day, that wait for this reader's decision."""
    governments = request.identity.governments(Role.COORDINATOR, Role.MONITOR)
    listed = show(request, TO_DECIDE)
    return {
        "listed": listed,
        "evidence": waiting.evidence_count(request.db, [row.id for row in listed.items]),
        "requests": waiting.requests_to_decide(request.db, identity=request.identity) if governments else [],
        "today": request.today,
    }
