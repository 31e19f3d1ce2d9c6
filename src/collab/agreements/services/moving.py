"""Move an agreement through its stages, and record its signature."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from collab.agreements import queries, rules
from collab.agreements.models import Agreement, AgreementParty, StageEvent
from collab.agreements.services import parties as party_rows
from collab.agreements.services.found import HasId, locked, need, note
from collab.agreements.vocabulary import Stage, StageMove
from collab.audit.services import changes_of, instant
from collab.core import clock
from collab.core.db import touch
from collab.core.errors import Forbidden, Invalid, Refused
from collab.core.identity import Identity, Role
from collab.core.text import Sentence, _
from collab.mandates.queries import zone


def advance(
    session: Session,
    agreement: HasId | int,
    *,
    expected: Stage | None = None,
    remark: str | None = None,
    actor: Identity,
) -> Agreement:
    """Take an agreement into its next stage.

    Raise `Refused` with the law for the first thing in the way, or when it is no longer in the stage `expected`.
    """
    row = locked(session, agreement, actor=actor)
    _may_move(actor, row)
    facts = queries.facts(session, row.id, _today(session, row))
    _refuse_moved(facts, expected)
    _refuse(rules.may_advance(facts))
    following = rules.next_stage(facts.document_kind, facts.stage)
    if following is not None:
        _enter(session, row, following, StageMove.ADVANCED, actor, remark)
        note(
            session,
            row,
            "agreements:stage:advanced",
            actor=actor,
            changes={"stage": [facts.stage, following]},
        )
    return row


def return_(
    session: Session, agreement: HasId | int, *, remark: str, expected: Stage | None = None, actor: Identity
) -> Agreement:
    """Take an agreement one stage back, with the reason; raise `Invalid` without one, `Refused` where law forbids."""
    row = locked(session, agreement, actor=actor)
    _may_move(actor, row)
    if not remark or not remark.strip():
        raise Invalid({"note": [_("Say why it goes back.")]})
    facts = queries.facts(session, row.id, _today(session, row))
    _refuse_moved(facts, expected)
    _refuse(rules.may_return(facts))
    earlier = rules.previous_stage(facts.document_kind, facts.stage)
    if earlier is not None:
        _enter(session, row, earlier, StageMove.RETURNED, actor, remark)
        changes = {"stage": [facts.stage, earlier], "note": [None, remark]}
        note(session, row, "agreements:stage:returned", actor=actor, changes=changes)
    return row


def sign(
    session: Session,
    agreement: HasId | int,
    *,
    signed_on: date,
    signed_place: str | None = None,
    own_numbers: Mapping[int, str | None] | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    actor: Identity,
) -> Agreement:
    """Record the signature: the day, the place, each party's own number ({organization id: number}), the term.

    The document is closed from then on and enters the stage after signing. Only a coordinator records it. Raise
    `Refused` with the law for what is in the way, `Invalid` at the field. Without a term the one agreed so far stays.
    """
    row = locked(session, agreement, actor=actor)
    need(actor, row.government_id, Role.COORDINATOR)
    if row.signed_on is not None:
        raise Refused(_("The signature is already recorded."), law="PP 28/2018 Pasal 6 ayat (1)")
    today = _today(session, row)
    facts = queries.facts(session, row.id, today)
    _refuse(rules.may_sign(facts))
    values: dict[str, Any] = {
        "signed_on": signed_on,
        "signed_place": signed_place,
        "valid_from": valid_from or row.valid_from,
        "valid_until": valid_until or row.valid_until,
    }
    _check_days(values, facts, today)
    parties = party_rows.present_of(session, row.id)
    changes = changes_of(row, values)
    changes["own_numbers"] = [None, _number(parties, own_numbers or {})]
    for name, value in values.items():
        setattr(row, name, value)
    following = rules.next_stage(facts.document_kind, facts.stage)
    if following is not None:
        changes["stage"] = [facts.stage, following]
        _enter(session, row, following, StageMove.ADVANCED, actor, None)
    note(session, row, "agreements:agreement:signed", actor=actor, changes=changes)
    return row


def _number(parties: list[AgreementParty], own_numbers: Mapping[int, str | None]) -> dict[int, str | None]:
    """Write each party's own number and close its row; raise `Invalid` for a number of somebody else."""
    known = {party.organization_id for party in parties}
    strangers = [organization_id for organization_id in own_numbers if organization_id not in known]
    if strangers:
        raise Invalid({"numbers": [_("A number is given for an organization that is no party.")]})
    for party in parties:
        party.own_number = own_numbers.get(party.organization_id) or party.own_number
        party.is_signed = True
    return {party.organization_id: party.own_number for party in parties}


def _check_days(values: Mapping[str, Any], facts: rules.StageFacts, today: date) -> None:
    errors: dict[str, list[Sentence]] = {}
    signed_on, parent = values["signed_on"], facts.parent
    if signed_on > today:
        errors["signed_on"] = [_("The day of signing lies in the future.")]
    elif parent is not None and parent.signed_on is not None and signed_on < parent.signed_on:
        errors["signed_on"] = [_("The document above was signed later. Check both days.")]
    first, last = values["valid_from"], values["valid_until"]
    if first and last and last < first:
        errors["valid_until"] = [_("The end lies before the beginning.")]
    if errors:
        raise Invalid(errors)


def _may_move(actor: Identity, row: Agreement) -> None:
    """Coordinators move an agreement at any time, legal staff up to its signature."""
    need(actor, row.government_id, Role.COORDINATOR, Role.LEGAL)
    if row.signed_on is not None and row.government_id not in actor.governments(Role.COORDINATOR):
        raise Forbidden(_("After the signature only the cooperation coordinator moves an agreement on."))


def _today(session: Session, row: Agreement) -> date:
    return clock.local_day(instant(session), zone(session, row.government_id))


def _refuse(blockers: list[rules.Blocker]) -> None:
    if blockers:
        raise Refused(blockers[0].sentence, law=blockers[0].law)


def _refuse_moved(facts: rules.StageFacts, expected: Stage | None) -> None:
    if expected is not None and expected is not facts.stage:
        raise Refused(_("Someone moved this agreement meanwhile. Look at it again before you go on."))


def _enter(
    session: Session, row: Agreement, stage: Stage, move: StageMove, actor: Identity, remark: str | None
) -> None:
    moment = instant(session)
    session.add(
        StageEvent(
            agreement_id=row.id,
            stage=stage,
            move=move,
            note=remark or None,
            recorded_by=actor.user_id,
            recorded_at=moment,
        )
    )
    touch(row, moment)
    session.flush()  # the version is compared here, not at COMMIT
