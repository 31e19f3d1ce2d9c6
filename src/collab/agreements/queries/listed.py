"""The list of agreements: one statement for pages, exports, the API and other features' panels."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from collab.agreements.models import Agreement, AgreementParty, StageEvent
from collab.agreements.queries.scope import concerns, signed_below, visible
from collab.agreements.rules import DEFAULTS
from collab.agreements.vocabulary import AgreementState, Stage
from collab.core import clock
from collab.core.db import LAST_DAY, AnyRow, AnySelect
from collab.core.identity import Identity
from collab.core.page import Key
from collab.mandates.models import MandateLead
from collab.mandates.queries import resting_on
from collab.organizations.models import Government, Organization
from collab.organizations.vocabulary import ZONES

#: The stage an agreement is in: its newest event (on the day asked for).
Current = aliased(StageEvent, name="current_stage")
_Event = aliased(StageEvent, name="any_stage")
#: Most rows in a panel of another feature's page.
PANEL_MOST = 50

ENDS_ON = func.coalesce(Agreement.valid_until, literal(LAST_DAY, Date))

#: Sort names and their keys.
ORDERS: Mapping[str, Sequence[Key]] = {
    "newest": (Key("id", Agreement.id, descending=True),),
    "title": (Key("title", Agreement.title), Key("id", Agreement.id)),
    "ending": (Key("ends_on", ENDS_ON), Key("id", Agreement.id)),
    "stage_age": (Key("stage_since", Current.recorded_at), Key("id", Agreement.id)),
}


def listed(
    identity: Identity, day: date, *, filters: Mapping[str, Any] | None = None, below: bool = False
) -> AnySelect:
    """Select the agreements a reader sees with their stage and state on a day (facts recorded by its end).

    `filters`: scheme, document_kind, stage, state, organization (party or lead), parent, government, regulation, q.
    `below`: instead the signed ones of the kab/kota of the reader's province.
    """
    state = state_case(day)
    statement = (
        select(
            Agreement.id,
            Agreement.title,
            Agreement.scheme,
            Agreement.document_kind,
            Agreement.government_id,
            Government.short_name.label("government_name"),
            Government.timezone.label("zone"),
            Agreement.parent_id,
            Agreement.signed_on,
            Agreement.valid_from,
            Agreement.valid_until,
            ENDS_ON.label("ends_on"),
            Agreement.is_illustrative,
            Agreement.version,
            Current.stage.label("stage"),
            Current.recorded_at.label("stage_since"),
            state.label("state"),
            _parties().label("parties"),
            _accountable(day).label("accountable"),
        )
        .select_from(Agreement)
        .join(Government, Government.id == Agreement.government_id)
        .join(Current, Current.id == _newest_event(day, identity))
        .where(signed_below(identity) if below else visible(identity))
    )
    return statement.where(*_conditions(filters or {}, day, state))


def _newest_event(day: date, identity: Identity) -> Any:
    newest = select(func.max(_Event.id)).where(_Event.agreement_id == Agreement.id)
    if day < clock.today(identity.home_zone):
        newest = newest.where(recorded_by(_Event.recorded_at, day))
    return newest.correlate(Agreement, Government).scalar_subquery()


def recorded_by(moment: Any, day: date) -> ColumnElement[bool]:
    """Say "recorded before the end of a day in the zone of the agreement's government" (decisions 3)."""
    return or_(*(and_(Government.timezone == zone, moment < clock.end_of(day, zone)) for zone in ZONES))


def state_case(day: date) -> ColumnElement[str]:
    """Write `rules.state_on` in SQL: the first line that applies decides."""
    soon = day + timedelta(days=DEFAULTS.expiring_days)
    return case(
        (or_(Agreement.signed_on.is_(None), Agreement.signed_on > day), AgreementState.IN_PROCESS.value),
        (Agreement.valid_from > day, AgreementState.SIGNED_NOT_YET_VALID.value),
        (Agreement.valid_until < day, AgreementState.ENDED.value),
        (Agreement.valid_until <= soon, AgreementState.EXPIRING.value),
        else_=AgreementState.IN_FORCE.value,
    )


def _parties() -> Any:
    ordered = (
        select(AgreementParty.printed_name)
        .where(AgreementParty.agreement_id == Agreement.id)
        .order_by(AgreementParty.position)
        .correlate(Agreement)
        .subquery("ordered_party")
    )
    return select(func.aggregate_strings(ordered.c.printed_name, "; ")).correlate(Agreement).scalar_subquery()


def _accountable(day: date) -> Any:
    return (
        select(func.coalesce(Organization.short_name, Organization.name))
        .join(MandateLead, MandateLead.organization_id == Organization.id)
        .where(
            MandateLead.mandate_id == Agreement.id,
            MandateLead.accountable,
            MandateLead.valid_from <= day,
            or_(MandateLead.valid_until.is_(None), MandateLead.valid_until >= day),
        )
        .order_by(MandateLead.id.desc())
        .limit(1)
        .correlate(Agreement)
        .scalar_subquery()
    )


def _conditions(
    filters: Mapping[str, Any], day: date, state: ColumnElement[str]
) -> list[ColumnElement[bool]]:
    exact = {
        "scheme": Agreement.scheme,
        "document_kind": Agreement.document_kind,
        "stage": Current.stage,
        "state": state,
        "parent": Agreement.parent_id,
        "government": Agreement.government_id,
    }
    found: list[ColumnElement[bool]] = [
        column == filters[name] for name, column in exact.items() if filters.get(name) is not None
    ]
    if filters.get("organization") is not None:
        found.append(concerns([filters["organization"]], day))
    if filters.get("regulation") is not None:
        found.append(Agreement.id.in_(resting_on(filters["regulation"])))
    if filters.get("q"):
        found.append(_holds(filters["q"]))
    return found


def _holds(text: str) -> ColumnElement[bool]:
    """Say "title, a party's printed name or own number holds the text"."""
    wanted = text.lower()
    party = select(AgreementParty.agreement_id).where(
        or_(
            func.lower(AgreementParty.printed_name).contains(wanted, autoescape=True),
            func.lower(func.coalesce(AgreementParty.own_number, "")).contains(wanted, autoescape=True),
        )
    )
    return or_(func.lower(Agreement.title).contains(wanted, autoescape=True), Agreement.id.in_(party))


# -- for other features' pages ----------------------------------------------------------------------------------


def newest(
    session: Session, identity: Identity, day: date, *, filters: Mapping[str, Any], limit: int = PANEL_MOST
) -> list[AnyRow]:
    """Give the newest agreements of a filter, at most `limit` rows of the list."""
    statement = listed(identity, day, filters=filters).order_by(Agreement.id.desc()).limit(limit)
    return list(session.execute(statement))


def children(session: Session, agreement_id: int, *, identity: Identity, day: date) -> list[AnyRow]:
    """Give the documents under an agreement that this reader sees, oldest first."""
    statement = listed(identity, day, filters={"parent": agreement_id}).order_by(Agreement.id).limit(200)
    return list(session.execute(statement))


def by_stage(
    session: Session, organization_ids: Sequence[int], *, identity: Identity, day: date
) -> list[AnyRow]:
    """Give the agreements in which any of the organizations is party or leads on a day, by stage, longest waiting first.

    Rows of the list (id, title, document_kind, stage, stage_since, zone, state, ...); ended ones are left out.
    """
    order = case({stage: place for place, stage in enumerate(Stage)}, value=Current.stage, else_=99)
    own = concerns(organization_ids, day) if organization_ids else false()
    statement = (
        listed(identity, day)
        .where(own, state_case(day) != AgreementState.ENDED.value)
        .order_by(order, Current.recorded_at, Agreement.id)
    )
    return list(session.execute(statement))


def stages_on(session: Session, agreement_ids: Sequence[int], day: date) -> dict[int, Stage]:
    """Give {agreement id: stage on a day} from the events recorded by its end; absent before its first one."""
    statement = (
        select(StageEvent.agreement_id, StageEvent.stage)
        .join(Agreement, Agreement.id == StageEvent.agreement_id)
        .join(Government, Government.id == Agreement.government_id)
        .where(StageEvent.agreement_id.in_(agreement_ids), recorded_by(StageEvent.recorded_at, day))
        .order_by(StageEvent.id)
    )
    return {row.agreement_id: row.stage for row in session.execute(statement)}
