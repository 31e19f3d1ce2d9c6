"""What one does: record, report, decide, move days, cancel, attest, obstacles."""

from textwrap import shorten
from typing import Any

import deform
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request

from collab.commitments import forms
from collab.commitments.queries import detail
from collab.commitments.routes import Place
from collab.commitments.services import commitments, deadlines, obstacles, reports
from collab.commitments.views.listings import checkpoint_name
from collab.commitments.vocabulary import AssignmentRole, DeadlineOutcome, Decision, ObstacleMove, Permission
from collab.core.text import _
from collab.web.forms import act, submit
from collab.web.i18n import translate
from collab.web.routing import action, form


def crumbs(request: Request, context: Place, *, last: Any) -> None:
    """Say where a form about a commitment stands."""
    request.breadcrumbs = [
        (translate(request, _("Commitments")), request.route_path("commitments")),
        (shorten(context.commitment.statement, 60, placeholder="…"), home(context, request)),
        (translate(request, last), None),
    ]


def home(context: Place, request: Request) -> str:
    """Give the commitment's own page."""
    return str(request.route_path("commitment", id=context.id))


@form("commitment.new", permission=Permission.COMMITMENT_WRITE)
def new(context: Any, request: Request) -> Any:
    """Record a commitment."""
    request.breadcrumbs = [
        (translate(request, _("Commitments")), request.route_path("commitments")),
        (translate(request, _("New commitment")), None),
    ]
    wanted = request.GET.get("mandate", "")
    initial = (
        {"mandate_id": int(wanted)} if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else {}
    )
    return submit(
        request,
        forms.NewCommitment(),
        heading=_("New commitment"),
        lead=_("A promise that one agency owes: measurable, with a day, under an agreement or a directive."),
        initial=initial,
        save=lambda values: commitments.create(request.db, actor=request.identity, **values),
        done=lambda row: request.route_path("commitment", id=row.id),
        said=_("The commitment is recorded."),
        outcome=_("The agency sees it in its work at once."),
        button=_("Record the commitment"),
        cancel_url=request.route_path("commitments"),
    )


@form("commitment.edit", permission=Permission.COMMITMENT_WRITE)
def edit(context: Place, request: Request) -> Any:
    """Change a commitment's words."""
    crumbs(request, context, last=_("Change the commitment"))
    row = context.commitment
    initial = {name: getattr(row, name) for name in commitments.EDITABLE}
    return submit(
        request,
        forms.EditCommitment(),
        heading=_("Change the commitment"),
        lead=_("Owners, targets and due days are moved by their own acts, so that nothing is overwritten."),
        initial=initial,
        version=context.version,
        save=lambda values: commitments.edit(request.db, row, actor=request.identity, **values),
        done=lambda saved: request.route_path("commitment", id=saved.id),
        said=_("The change is saved."),
        cancel_url=home(context, request),
    )


@form("commitment.support", permission=Permission.COMMITMENT_WRITE)
def support(context: Place, request: Request) -> Any:
    """Say which organizations support a commitment from today on."""
    crumbs(request, context, last=_("Change who supports"))
    standing = [
        row.organization_id
        for row in context.assignments
        if row.role == AssignmentRole.SUPPORTING and row.valid_until is None
    ]
    return submit(
        request,
        forms.Support(),
        heading=_("Change who supports"),
        lead=context.commitment.statement,
        initial={"supporting_ids": standing},
        version=context.version,
        save=lambda values: commitments.support(
            request.db, context.commitment, actor=request.identity, **values
        ),
        done=lambda row: home(context, request),
        said=_("The change is saved."),
        outcome=_("Holds from today on. Who no longer supports no longer sees this commitment."),
        cancel_url=home(context, request),
    )


@form(
    "checkpoint.report",
    permission=Permission.REPORT_WRITE,
    renderer="collab.commitments:templates/report_form.jinja2",
)
def report(context: Place, request: Request) -> Any:
    """Log progress on a checkpoint, or keep the beginning of a report as a draft."""
    crumbs(request, context, last=_("Log progress"))
    checkpoint, commitment = context.checkpoint, context.commitment
    assert checkpoint is not None
    file = detail.file_of(request.db, commitment, day=request.today, assignments=context.assignments)
    earlier = _replaced(request, file, checkpoint.id)
    draft = reports.draft_of(request.db, checkpoint.id, actor=request.identity)
    kept = {name: getattr(draft or earlier, name, None) for name in KEPT} | {
        "supersedes_id": earlier.id if earlier else None
    }
    is_draft = "draft" in request.POST
    schema = report_schema(checkpoint, commitment, earlier, is_draft=is_draft)

    def save(values: dict[str, Any]) -> Any:
        if is_draft:
            return reports.save_draft(request.db, checkpoint, actor=request.identity, **values)
        return reports.submit(
            request.db,
            checkpoint,
            commitment,
            actor=request.identity,
            owners=request.registry["collab.document_owners"],
            **values,
        )

    return submit(
        request,
        schema,
        heading=_("Log progress"),
        initial=kept,
        save=save,
        done=lambda row: request.route_path("work"),
        said=_("The draft is kept. It counts only when you send it.")
        if is_draft
        else _("Your report is recorded. Another unit will verify it."),
        buttons=(
            deform.Button("send", _("Send the report")),
            deform.Button("draft", _("Keep a draft")),
        ),
        outcome=_("The report goes to another unit, which verifies or returns it."),
        cancel_url=request.route_path("work"),
        extra={
            "file": file,
            "checkpoint": next(row for row in file.checkpoints if row.id == checkpoint.id),
            "commitment": commitment,
            "earlier": earlier,
            "returned": _returned(file, checkpoint.id) if earlier is None else None,
            "name": checkpoint_name(request, checkpoint.code),
            "day": request.today,
        },
    )


#: What a draft or an earlier report fills in.
KEPT = ("status", "narrative", "actual", "achieved_on")


def _replaced(request: Request, file: detail.CommitmentFile, checkpoint_id: int) -> Any:
    """Give the report that the new one will replace: the one that waits, else the verified one to be corrected."""
    waits = next((row for row in file.waiting if row.checkpoint_id == checkpoint_id), None)
    if waits is not None or "correct" not in request.GET:
        return waits
    number = file.correctable.get(checkpoint_id)
    return next((row for row in file.reports if row.id == number), None)


def _returned(file: detail.CommitmentFile, checkpoint_id: int) -> Any:
    """Give the last report if it was returned."""
    own = [row for row in file.reports if row.checkpoint_id == checkpoint_id]
    return own[-1] if own and own[-1].decision == Decision.RETURNED else None


def report_schema(checkpoint: Any, commitment: Any, earlier: Any, *, is_draft: bool) -> Any:
    """Shape the report's form to the checkpoint: a number only where one is counted, a predecessor only if there is one."""
    schema = forms.Report().clone()  # colander shares the nodes of a class between its instances
    if not commitment.indicator:
        del schema["actual"]
    elif commitment.unit:
        schema["actual"].title = _("Number reached (${unit})", mapping={"unit": commitment.unit})
    if earlier is None:
        del schema["supersedes_id"]
    else:
        schema["supersedes_id"].widget = deform.widget.HiddenWidget()
    if is_draft:
        for name in ("status", "narrative"):
            schema[name].missing = None
    return schema


@form(
    "report.decide",
    permission=Permission.REPORT_DECIDE,
    renderer="collab.commitments:templates/decide.jinja2",
)
def decide(context: Place, request: Request) -> Any:
    """Verify a report, or return it with a note."""
    crumbs(request, context, last=_("Decide about a report"))
    row, checkpoint = context.report, context.checkpoint
    assert row is not None
    assert checkpoint is not None
    if request.method == "GET":
        reports.refuse_judge(request.db, row, context.commitment, actor=request.identity)
    returns = "return" in request.POST
    decision = Decision.RETURNED if returns else Decision.VERIFIED
    file = detail.file_of(request.db, context.commitment, day=request.today, assignments=context.assignments)
    if request.method == "GET" and row.id not in {one.id for one in file.waiting}:
        request.session.flash(("info", translate(request, _("This report is decided or replaced already."))))
        return HTTPSeeOther(home(context, request))
    return submit(
        request,
        forms.Decide(),
        heading=_("Decide about a report"),
        save=lambda values: reports.decide(
            request.db,
            row,
            checkpoint,
            context.commitment,
            actor=request.identity,
            decision=decision,
            note=values["note"],
        ),
        done=lambda made: request.route_path("verify"),
        said=_("The report is returned for repair.") if returns else _("The report is verified."),
        buttons=(deform.Button("verify", _("Verify")), deform.Button("return", _("Return"))),
        outcome=_("The decision is final and shown in the history."),
        cancel_url=request.route_path("verify"),
        extra={
            "file": file,
            "report": next(one for one in file.reports if one.id == row.id),
            "checkpoint": next(one for one in file.checkpoints if one.id == checkpoint.id),
            "evidence": file.evidence.get(row.id, []),
            "commitment": context.commitment,
            "name": checkpoint_name(request, checkpoint.code),
            "day": request.today,
        },
    )


@form("checkpoint.deadline", permission=Permission.DEADLINE_ASK)
def ask_deadline(context: Place, request: Request) -> Any:
    """Ask for another due day."""
    crumbs(request, context, last=_("Ask for another due day"))
    checkpoint = context.checkpoint
    assert checkpoint is not None
    name = checkpoint_name(request, checkpoint.code)
    return submit(
        request,
        forms.AskDeadline(),
        heading=_("Ask for another due day"),
        lead=f"{name} · {context.commitment.statement}",
        save=lambda values: deadlines.ask(
            request.db, checkpoint, context.commitment, actor=request.identity, **values
        ),
        done=lambda row: home(context, request),
        said=_("Your request is recorded. The coordinator or the governor's office decides."),
        outcome=_(
            "Asked for in time, the new day replaces the old one. Asked for later, the old day counts as missed."
        ),
        button=_("Ask for this day"),
        cancel_url=home(context, request),
    )


@form(
    "deadline_request.decide",
    permission=Permission.DEADLINE_DECIDE,
    renderer="collab.commitments:templates/decide_deadline.jinja2",
)
def decide_deadline(context: Place, request: Request) -> Any:
    """Grant or refuse another due day."""
    crumbs(request, context, last=_("Decide about a due day"))
    wish, checkpoint = context.deadline_request, context.checkpoint
    assert wish is not None
    assert checkpoint is not None
    refuses = "reject" in request.POST
    outcome = DeadlineOutcome.REJECTED if refuses else DeadlineOutcome.APPROVED
    return submit(
        request,
        forms.NoteBody(),
        heading=_("Decide about a due day"),
        save=lambda values: deadlines.decide(
            request.db,
            wish,
            checkpoint,
            context.commitment,
            actor=request.identity,
            outcome=outcome,
            note=values["note"],
        ),
        done=lambda made: request.route_path("verify"),
        said=_("The new day is refused.") if refuses else _("The new day is granted."),
        buttons=(deform.Button("approve", _("Grant")), deform.Button("reject", _("Refuse"))),
        cancel_url=request.route_path("verify"),
        extra={
            "wish": wish,
            "commitment": context.commitment,
            "name": checkpoint_name(request, checkpoint.code),
        },
    )


@form("commitment.cancel", permission=Permission.COMMITMENT_CANCEL)
def cancel(context: Place, request: Request) -> Any:
    """Give up what is not yet met of a commitment."""
    crumbs(request, context, last=_("Cancel the commitment"))
    return submit(
        request,
        forms.Cancel(),
        heading=_("Cancel the commitment"),
        lead=context.commitment.statement,
        save=lambda values: deadlines.cancel(
            request.db, context.commitment, actor=request.identity, **values
        ),
        done=lambda row: home(context, request),
        said=_("The commitment is cancelled; its history stays."),
        outcome=_("What fell due before today still counts as missed."),
        button=_("Cancel the commitment"),
        cancel_url=home(context, request),
    )


@action("commitment.attest", permission=Permission.COMMITMENT_ATTEST)
def attest(context: Place, request: Request) -> Any:
    """Attest with one tap that nothing has changed."""
    return act(
        request,
        lambda: reports.attest(request.db, context.commitment, actor=request.identity),
        done=lambda row: request.route_path("work"),
        said=_("Recorded: nothing has changed."),
    )


@form("commitment.obstacle", permission=Permission.OBSTACLE_WRITE)
def raise_obstacle(context: Place, request: Request) -> Any:
    """Record what stands in the way."""
    crumbs(request, context, last=_("Raise an obstacle"))
    return submit(
        request,
        forms.RaiseObstacle(),
        heading=_("Raise an obstacle"),
        lead=context.commitment.statement,
        save=lambda values: obstacles.raise_obstacle(
            request.db, context.commitment, actor=request.identity, **values
        ),
        done=lambda row: home(context, request),
        said=_("The obstacle is recorded."),
        button=_("Raise the obstacle"),
        cancel_url=home(context, request),
    )


@form("obstacle.follow_up", permission=Permission.OBSTACLE_WRITE)
def follow_up(context: Place, request: Request) -> Any:
    """Remark on an obstacle, or say that it is cleared."""
    crumbs(request, context, last=_("Follow up an obstacle"))
    obstacle = context.obstacle
    assert obstacle is not None
    clears = "clear" in request.POST
    return submit(
        request,
        forms.FollowUp(),
        heading=_("Follow up an obstacle"),
        lead=obstacle.description,
        save=lambda values: obstacles.follow_up(
            request.db,
            obstacle,
            context.commitment,
            actor=request.identity,
            move=ObstacleMove.RESOLVED if clears else ObstacleMove.NOTED,
            **values,
        ),
        done=lambda row: home(context, request),
        said=translate(request, _("The obstacle is cleared.") if clears else _("The remark is recorded.")),
        buttons=(deform.Button("clear", _("It is cleared")), deform.Button("remark", _("Add a remark"))),
        cancel_url=home(context, request),
    )
