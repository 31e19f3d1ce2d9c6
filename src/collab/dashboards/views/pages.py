"""The overview, the ranking and an agency's dashboard, as of a day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import colander
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from collab.agreements.vocabulary import AgreementState
from collab.commitments.queries.scope import REPORTING
from collab.commitments.rules import compliance_percent
from collab.commitments.vocabulary import Signal
from collab.core.db import AnyRow
from collab.core.errors import Invalid
from collab.core.identity import GOVERNMENT_ROLES, Role
from collab.core.text import _
from collab.dashboards import queries
from collab.dashboards.vocabulary import Permission
from collab.mandates import queries as mandates
from collab.organizations import queries as organizations
from collab.regulations import queries as regulations
from collab.regulations.rules import citation
from collab.web.filters import month
from collab.web.i18n import translate
from collab.web.listing import write_csv, write_xlsx
from collab.web.routing import page
from collab.web.schema import Day

ORDERS = ("rank", "name", "red", "due")
#: Agencies on the overview; all stand in the ranking.
SHOWN = 15
#: What a figure page hands on to those it leads to.
KEPT = ("as_of", "from", "government")


def as_of_page(request: Request) -> date:
    """Give the day of the figures and mark the page as showing them."""
    day: date = request.as_of
    request.figures_as_of = day
    return day


@page("home", permission=Permission.HOME, renderer="collab.dashboards:templates/overview.jinja2")
def home(context: Any, request: Request) -> Any:
    """Show the overview; liaisons go to their work, partners to their agreements, auditors and the rest stay."""
    identity = request.identity
    if not identity.has(*GOVERNMENT_ROLES):
        return HTTPSeeOther(request.route_path("work" if identity.has(Role.LIAISON) else "agreements"))
    day = as_of_page(request)
    government_id = government_of(request)
    seen = queries.overview(request.db, government_id, day, identity=identity, from_on=from_of(request))
    return {
        "overview": seen,
        "day": day,
        "trend": points(request, seen.trend),
        "agencies": in_order(seen.agencies, "rank")[:SHOWN],
        "kept": kept(request),
        "kept_day": kept_day(request),
        "governments": choices(request),
        "government_id": government_id,
        "signals": tuple(Signal),
    }


def government_of(request: Request) -> int:
    """Read the government of the figures: the one asked for if it is the asker's, else the home one."""
    asked = request.GET.get("government", "")
    own = request.identity.governments(*GOVERNMENT_ROLES)
    if not asked:
        return queries.government_of(request.identity)
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10) or int(asked) not in own:
        raise Invalid({"government": [_("Choose a government that you have a role for.")]})
    return int(asked)


def from_of(request: Request) -> date | None:
    """Read the first day of the scorecard (`from=`); None for 1 January. Raise `Invalid` for nonsense or a later day."""
    text = request.GET.get("from", "")
    if not text:
        return None
    try:
        found = colander.SchemaNode(Day(), missing=None).deserialize(text)
    except colander.Invalid as error:
        raise Invalid({"from": [_("Write the day as year-month-day, for example 2026-12-31.")]}) from error
    if found is not None and found > request.as_of:
        raise Invalid({"from": [_("The scorecard begins on the day of the figures or before.")]})
    return found


def kept(request: Request, **more: Any) -> dict[str, Any]:
    """Give what the addresses of a figure page keep: day, scorecard and government as they were asked for."""
    return {name: request.GET[name] for name in KEPT if request.GET.get(name)} | more


def kept_day(request: Request) -> dict[str, Any]:
    """Give what the addresses of other features' pages keep: the day."""
    return {"as_of": request.GET["as_of"]} if request.GET.get("as_of") else {}


def choices(request: Request) -> list[tuple[int, str]]:
    """List the governments whose figures the asker may see, when there are several."""
    own = request.identity.governments(*GOVERNMENT_ROLES)
    if len(own) < 2:
        return []
    return [(row.id, row.name) for row in organizations.governments(request.db) if row.id in own]


def points(request: Request, counts: Sequence[tuple[date, int, int]]) -> list[tuple[str, Any, int, int]]:
    """Turn monthly counts into what the chart draws: (label, percent or None, met, due)."""
    locale = request.locale_name
    return [(month(first, locale)[:3], compliance_percent(due, met), met, due) for first, met, due in counts]


def in_order(agencies: Sequence[queries.RankedAgency], sort: str) -> list[queries.RankedAgency]:
    """Sort a ranking another way."""
    keys: dict[str, Any] = {
        "name": lambda one: one.name.casefold(),
        "red": lambda one: (-one.figures.signals[Signal.RED], one.name.casefold()),
        "due": lambda one: (-one.figures.due, one.name.casefold()),
    }
    return sorted(agencies, key=keys[sort]) if sort in keys else list(agencies)


@page("agencies", permission=Permission.OVERVIEW, renderer="collab.dashboards:templates/agencies.jinja2")
def agencies(context: Any, request: Request) -> dict[str, Any]:
    """Rank all agencies of a government."""
    day, sort = as_of_page(request), sort_of(request)
    government_id = government_of(request)
    seen = queries.overview(
        request.db, government_id, day, identity=request.identity, from_on=from_of(request)
    )
    query = request.query_string
    return {
        "overview": seen,
        "agencies": in_order(seen.agencies, sort),
        "others": in_order(seen.others, sort),
        "sort": sort,
        "sorts": [(key, request.route_path("agencies", _query=kept(request, sort=key))) for key in ORDERS],
        "kept": kept(request),
        "kept_day": kept_day(request),
        "day": day,
        "governments": choices(request),
        "government_id": government_id,
        "downloads": [
            (kind.upper(), request.route_path(f"agencies.{kind}") + (f"?{query}" if query else ""))
            for kind in ("csv", "xlsx")
        ],
    }


def sort_of(request: Request) -> str:
    """Read the order of the ranking; raise `Invalid` for one there is not."""
    sort: str = request.GET.get("sort") or "rank"
    if sort not in ORDERS:
        raise Invalid({"sort": [_("This list cannot be sorted that way.")]})
    return sort


@page("agencies.csv", permission=Permission.OVERVIEW)
@page("agencies.xlsx", permission=Permission.OVERVIEW)
def agencies_file(context: Any, request: Request) -> Response:
    """Export the ranking: the agencies, then partners and others who owe something."""
    day = request.as_of
    seen = queries.overview(
        request.db, government_of(request), day, identity=request.identity, from_on=from_of(request)
    )
    titles = [
        translate(request, title)
        for title in (
            _("As of"),
            _("Counted from"),
            _("Number"),
            _("Agency"),
            _("Kind"),
            _("Overdue"),
            _("Soon"),
            _("Unclear"),
            _("On track"),
            _("Due"),
            _("Met on time"),
            _("Share"),
            _("Newest evidence"),
            _("Stale"),
        )
    ]
    sort = sort_of(request)
    ranked = [*in_order(seen.agencies, sort), *in_order(seen.others, sort)]
    rows = (
        [day, seen.window.from_on, one.id, one.name, one.org_class, *_numbers(one.figures)] for one in ranked
    )
    request.note_event("web:list:exported", subject_name="agencies")
    is_xlsx = request.path.endswith(".xlsx")
    body = (write_xlsx if is_xlsx else write_csv)(titles, rows)
    response = Response(
        app_iter=body, content_type=XLSX if is_xlsx else "text/csv", charset=None if is_xlsx else "utf-8"
    )
    response.headers["Content-Disposition"] = (
        f'attachment; filename="agencies-{day}.{"xlsx" if is_xlsx else "csv"}"'
    )
    return response


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _numbers(figures: queries.Figures) -> list[Any]:
    signals = [figures.signals[signal] for signal in (Signal.RED, Signal.YELLOW, Signal.GREY, Signal.GREEN)]
    return [*signals, figures.due, figures.met, figures.percent, figures.newest_evidence_on, figures.stale]


@page("agency", permission=Permission.AGENCY, renderer="collab.dashboards:templates/agency.jinja2")
def agency(context: queries.SeenAgency, request: Request) -> dict[str, Any]:
    """Show what one agency owes as of a day: signals, overdue, next deadlines, agreements, law, trend."""
    day, identity, units = as_of_page(request), request.identity, context.unit_ids
    overdue, coming = queries.pressing(request.db, units, day, identity=identity)
    rows = queries.commitments_of(request.db, units, day, identity=identity)
    staged = queries.staged(request.db, units, day, identity=identity)
    counted = queries.scores(request.db, units, day, identity=identity, from_on=from_of(request))
    titles = {row.mandate_id: row.mandate for row in rows} | {row.id: row.title for row in staged}
    covered = sorted(titles)
    place = (context.short_name or context.name, None)
    above = (translate(request, _("Agencies")), request.route_path("agencies", _query=kept(request)))
    request.breadcrumbs = [above, place] if request.has_permission(Permission.OVERVIEW, None) else [place]
    return {
        "agency": context,
        "figures": counted.figures,
        "day": day,
        "kept": kept(request),
        "kept_day": kept_day(request),
        "overdue": overdue,
        "buckets": bucketed(coming, day),
        "commitments": rows,
        "agreements": [(row, queries.days_in_stage(row, day)) for row in staged],
        "states": {state.value: translate(request, state.title) for state in AgreementState},
        "leads": [row for row in mandates.leads_on(request.db, covered, day) if row.organization_id in units],
        "titles": titles,
        "bases": legal_bases(request, covered, day),
        "trend": points(request, counted.trend),
        "head": organizations.head_on(request.db, context.id, day),
        "own": context.id in identity.organizations(*REPORTING),
        "panels": request.panels("agency", context),
    }


def bucketed(rows: Sequence[AnyRow], day: date) -> list[tuple[int, list[AnyRow]]]:
    """Sort coming checkpoints into those within 7, 30 and 90 days."""
    buckets, last = [], day - timedelta(days=1)
    for days in queries.SOON:
        until = day + timedelta(days=days)
        buckets.append((days, [row for row in rows if last < row.due_on <= until]))
        last = until
    return buckets


def cited(row: AnyRow) -> str | None:
    """Cite a regulation briefly; None for a draft that this reader may not know."""
    return citation(row.kind, row.number, row.year, row.title) if row.is_named else None


def legal_bases(request: Request, mandate_ids: list[int], day: date) -> list[dict[str, Any]]:
    """Give the regulations under which the agency's mandates stand, each once, with its state and an alert."""
    found: dict[int, dict[str, Any]] = {}
    for row in mandates.legal_bases(request.db, mandate_ids, identity=request.identity):
        entry = found.setdefault(
            row.regulation_id, {"row": row, "articles": [], "standing": None, "citation": cited(row)}
        )
        if row.article and row.article not in entry["articles"]:
            entry["articles"].append(row.article)
    standings = regulations.standings(request.db, list(found), day=day)
    for regulation_id, entry in found.items():
        entry["standing"] = standings.get(regulation_id)
    return list(found.values())
