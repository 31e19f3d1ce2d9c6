"""Figures as JSON, over the queries of the pages."""

from typing import Any

from pyramid.request import Request

from collab.commitments.rules import compliance_percent
from collab.commitments.vocabulary import Signal
from collab.dashboards import queries
from collab.dashboards.views.pages import bucketed, from_of, government_of
from collab.dashboards.vocabulary import Permission
from collab.web.api import operation


def figures(own: queries.Figures) -> dict[str, Any]:
    """Give one agency's counts; `compliance_percent` is null when nothing was due."""
    return {
        "signals": {signal.value: own.signals[signal] for signal in Signal},
        "without_signal": own.without_signal,
        "due": own.due,
        "met_on_time": own.met,
        "compliance_percent": own.percent,
        "overdue_checkpoints": own.overdue,
        "stale": own.stale,
        "silent": own.silent,
        "newest_evidence_on": own.newest_evidence_on,
    }


def ranked(one: queries.RankedAgency) -> dict[str, Any]:
    """Give one line of the ranking."""
    return {
        "id": one.id,
        "name": one.name,
        "short_name": one.short_name,
        "org_class": one.org_class,
        **figures(one.figures),
    }


def months(counts: Any) -> list[dict[str, Any]]:
    """Give the trend, oldest month first."""
    return [
        {
            "month": first.isoformat()[:7],
            "met_on_time": met,
            "due": due,
            "compliance_percent": compliance_percent(due, met),
        }
        for first, met, due in counts
    ]


def checkpoint(row: Any) -> dict[str, Any]:
    """Give a checkpoint of a list."""
    return {
        "id": row.id,
        "commitment_id": row.commitment_id,
        "statement": row.statement,
        "code": row.code,
        "accountable_id": row.organization_id,
        "state": row.state,
        "signal": row.signal,
        "due_on": row.due_on,
    }


@operation(
    "api.dashboards.overview",
    "GET",
    permission=Permission.OVERVIEW,
    summary="Rank a government's agencies as of a day",
    answers="overview",
)
def overview(context: Any, request: Request) -> Any:
    """Rank the agencies."""
    seen = queries.overview(
        request.db,
        government_of(request),
        request.as_of,
        identity=request.identity,
        from_on=from_of(request),
    )
    return {
        "government_id": seen.government_id,
        "as_of": seen.day,
        "from": seen.window.from_on,
        "agencies": [ranked(one) for one in seen.agencies],
        "others": [ranked(one) for one in seen.others],
        "total": figures(seen.total),
        "overdue": [checkpoint(row) for row in seen.overdue],
        "trend": months(seen.trend),
    }


@operation(
    "api.dashboards.agency",
    "GET",
    permission=Permission.AGENCY,
    summary="Read an agency's figures as of a day",
    answers="agency_dashboard",
)
def agency(context: queries.SeenAgency, request: Request) -> Any:
    """Read an agency's dashboard."""
    session, identity, day, units = request.db, request.identity, request.as_of, context.unit_ids
    overdue, coming = queries.pressing(session, units, day, identity=identity)
    counted = queries.scores(session, units, day, identity=identity, from_on=from_of(request))
    return {
        "id": context.id,
        "name": context.name,
        "as_of": day,
        **figures(counted.figures),
        "overdue": [checkpoint(row) for row in overdue],
        "next": [
            {"days": days, "checkpoints": [checkpoint(row) for row in rows]}
            for days, rows in bucketed(coming, day)
        ],
        "agreements": [agreement(row, day) for row in queries.staged(session, units, day, identity=identity)],
        "trend": months(counted.trend),
    }


def agreement(row: Any, day: Any) -> dict[str, Any]:
    """Give an agreement with its stage and the days it has been in it."""
    return {
        "id": row.id,
        "title": row.title,
        "document_kind": row.document_kind,
        "stage": row.stage,
        "state": row.state,
        "days_in_stage": queries.days_in_stage(row, day),
    }
