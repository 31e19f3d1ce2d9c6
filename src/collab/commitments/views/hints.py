"""Why something cannot be done here and now, in a sentence, instead of a button that is merely missing."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyramid.request import Request

from collab.commitments.errors import AttestationRefused
from collab.commitments.queries import scope, waiting
from collab.commitments.queries.detail import CommitmentFile
from collab.commitments.routes import Place
from collab.commitments.rules import refuse_attestation
from collab.commitments.rules.refusals import LINE_LAW
from collab.core.identity import Identity
from collab.core.text import Sentence, _
from collab.web.i18n import translate


@dataclass(frozen=True)
class Reason:
    """What is missing, who can clear it, where, and the law behind it."""

    missing: str
    who: str | None = None
    url: str | None = None
    law: str | None = None


@dataclass(frozen=True)
class Hints:
    """What the page shows beside its buttons. `decidable`: the waiting reports that this reader may decide."""

    decidable: frozenset[int] = frozenset()
    attest: tuple[Reason, ...] = ()
    decide: tuple[Reason, ...] = ()
    ask: tuple[Reason, ...] = ()
    cancel: tuple[Reason, ...] = ()
    decide_deadline: tuple[Reason, ...] = ()


def of(request: Request, context: Place, file: CommitmentFile, may: Mapping[str, bool]) -> Hints:
    """Say why what the reader's role includes is not possible on this commitment now (at most two statements)."""
    waits = [row.id for row in file.waiting]
    decidable = (
        waiting.decidable(request.db, waits, identity=request.identity)
        if waits and may["decide"]
        else frozenset()
    )
    own = _own_units(request, context) if may["cancel"] else ()
    return Hints(
        decidable=decidable,
        attest=_attest(request, file) if may["attest"] else (),
        decide=_decide(request, waits, decidable) if may["decide"] else (),
        ask=_ask(request, file) if may["ask"] else (),
        cancel=_cancel(request, context, own),
        decide_deadline=_decide_deadline(request, file, own),
    )


def _reason(request: Request, sentence: Sentence, who: Sentence = "", law: str | None = None) -> Reason:
    return Reason(translate(request, sentence), translate(request, who) if who else None, law=law)


def _attest(request: Request, file: CommitmentFile) -> tuple[Reason, ...]:
    if file.span is None or file.span.next_checkpoint_id is None:
        return ()
    try:
        refuse_attestation(file.facts())
    except AttestationRefused as refusal:
        return (_reason(request, refusal.sentence),)
    return ()


def _decide(request: Request, waits: list[int], decidable: frozenset[int]) -> tuple[Reason, ...]:
    if decidable.issuperset(waits):
        return ()
    sentence = _(
        "A report is decided by another unit: not by the one reported for, one above it or one inside it."
    )
    who = _("the coordinator, the governor's office or the accountable lead")
    return (_reason(request, sentence, who, LINE_LAW),)


def _ask(request: Request, file: CommitmentFile) -> tuple[Reason, ...]:
    if all(row.outcome is not None for row in file.requests):
        return ()
    sentence = _("Another due day was asked for already and is not decided yet.")
    return (_reason(request, sentence, _("the coordinator or the governor's office")),)


def _own_units(request: Request, context: Place) -> tuple[int, ...]:
    """Give the path of the unit that the reader acts for with a deciding role here."""
    acting = acting_unit(request.identity, context.government_id)
    return scope.path_of(request.db, acting) if acting else ()


def acting_unit(identity: Identity, government_id: int) -> int | None:
    """Give the unit that an identity acts for when it decides in a government."""
    return next(
        (
            grant.acting_organization_id
            for grant in identity.grants
            if grant.role in waiting.DECIDING and grant.government_id == government_id
        ),
        None,
    )


def _cancel(request: Request, context: Place, own: tuple[int, ...]) -> tuple[Reason, ...]:
    if context.accountable_id not in own:
        return ()
    sentence = _("Who owes a commitment does not cancel it: another unit does.")
    return (_reason(request, sentence, _("the coordinator or the governor's office"), LINE_LAW),)


def _decide_deadline(request: Request, file: CommitmentFile, own: tuple[int, ...]) -> tuple[Reason, ...]:
    open_ones = [row for row in file.requests if row.outcome is None]
    user = request.identity.user_id
    if not any(row.asked_for_id in own or row.asked_by == user for row in open_ones):
        return ()
    sentence = _("Who asks for another due day does not decide about it.")
    return (_reason(request, sentence, _("the coordinator or the governor's office"), LINE_LAW),)
