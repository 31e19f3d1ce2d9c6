"""Forms of commitments; the same schemas read the bodies of the API where both ask the same."""

from typing import Any

import colander

from collab.commitments.vocabulary import (
    CheckpointState,
    Direction,
    DuePrecision,
    ReportCycle,
    ReportStatus,
    Signal,
)
from collab.core.text import _
from collab.documents.fields import evidence_field
from collab.mandates.fields import mandate_field
from collab.organizations.fields import organization_field, organizations_field
from collab.web.schema import Day, Decimals, Integer, Line, MappingSchema, Prose, Word, field, reference
from collab.web.widgets import DateInput, Number, Radio, Rows, Section, SectionedForm, Select, TextArea


def choices(kind: Any, *, empty: Any = None) -> list[tuple[str, Any]]:
    """List a vocabulary as (word, title), with an empty choice first where one is given."""
    first = [("", empty)] if empty is not None else []
    return first + [(word.value, word.title) for word in kind]


def checkpoint_node(name: str = "checkpoint") -> Any:
    """Declare one checkpoint of a plan."""
    return colander.SchemaNode(
        colander.Mapping(unknown="ignore"),
        field(Line(20), _("Code"), name="code", description=_("For example B03, B06 or FINAL.")),
        field(Day(), _("Due on"), required=False, name="due_on", widget=DateInput()),
        field(Decimals(), _("Number to reach"), required=False, name="target", widget=Number()),
        field(Decimals(), _("At most"), required=False, name="target_max", widget=Number()),
        field(Line(500), _("What must be there by then"), required=False, name="description"),
        name=name,
        widget=Section(),
        title=_("Checkpoint"),
    )


def id_list(*, missing: Any = ()) -> Any:
    """Declare a list of row ids, at most a hundred."""
    return colander.SchemaNode(
        colander.Sequence(),
        colander.SchemaNode(Integer(1), name="id"),
        missing=missing,
        validator=colander.Length(max=100),
    )


class NewCommitment(MappingSchema):
    """The form of a new commitment."""

    mandate_id = mandate_field(_("Owed under"))
    statement = field(Prose(2000), _("What is promised"), widget=TextArea(rows=3))
    accountable_id = organization_field(_("Who owes it"))
    supporting_ids = organizations_field(_("Who supports"), required=False)
    indicator = field(
        Line(300),
        _("Indicator"),
        required=False,
        description=_("What is counted, for example: trained UMKM. Leave empty when nothing is counted."),
    )
    unit = field(
        Line(60), _("Unit of measure"), required=False, description=_("For example UMKM, % or people.")
    )
    direction = field(
        Word(Direction),
        _("Better when"),
        required=False,
        widget=Select(values=choices(Direction, empty=_("Higher (usual)"))),
    )
    baseline = field(Decimals(), _("Where it stands today"), required=False, widget=Number())
    target = field(Decimals(), _("Target"), required=False, widget=Number())
    target_max = field(
        Decimals(),
        _("Upper end of the target"),
        required=False,
        widget=Number(),
        description=_("Only for a range such as 2 to 3."),
    )
    due_on = field(
        Day(),
        _("Due on"),
        required=False,
        widget=DateInput(),
        description=_("The whole day still counts. Empty: without a date."),
    )
    due_precision = field(
        Word(DuePrecision),
        _("How exact the date is"),
        required=False,
        widget=Select(values=choices(DuePrecision, empty=_("To the day"))),
    )
    report_cycle = field(
        Word(ReportCycle),
        _("How often news is expected"),
        required=False,
        widget=Select(values=choices(ReportCycle, empty=_("Every quarter (usual)"))),
    )
    start_on = field(
        Day(),
        _("Counts from"),
        required=False,
        widget=DateInput(),
        description=_("News is expected from this day on. Empty: from today."),
    )
    checkpoints = colander.SchemaNode(
        colander.Sequence(),
        checkpoint_node(),
        title=_("Checkpoints on the way"),
        missing=(),
        widget=Rows(add_label=_("Add a checkpoint")),
        description=_("Leave empty for a single due day. The last checkpoint is due on the due day above."),
    )
    widget = SectionedForm(
        sections=[
            (_("Promise"), None, ["mandate_id", "statement", "accountable_id", "supporting_ids"]),
            (_("Measure"), None, ["indicator", "unit", "direction", "baseline", "target", "target_max"]),
            (_("Time"), None, ["due_on", "due_precision", "checkpoints", "report_cycle", "start_on"]),
        ]
    )


class CommitmentBody(MappingSchema):
    """The body by which the API creates a commitment."""

    mandate_id = reference()
    statement = field(Prose(2000))
    accountable_id = reference()
    indicator = field(Line(300), required=False)
    direction = field(Word(Direction), required=False)
    baseline = field(Decimals(), required=False)
    target = field(Decimals(), required=False)
    target_max = field(Decimals(), required=False)
    unit = field(Line(60), required=False)
    due_on = field(Day(), required=False)
    due_precision = field(Word(DuePrecision), required=False)
    report_cycle = field(Word(ReportCycle), required=False)
    start_on = field(Day(), required=False)
    supporting_ids = id_list()
    checkpoints = colander.SchemaNode(colander.Sequence(), checkpoint_node(), missing=())


class EditCommitment(MappingSchema):
    """The words of a commitment that may change; owners, targets and days have verbs of their own."""

    statement = field(Prose(2000), _("What is promised"), widget=TextArea(rows=3))
    indicator = field(Line(300), _("Indicator"), required=False)
    unit = field(Line(60), _("Unit of measure"), required=False)
    baseline = field(Decimals(), _("Where it stood at the start"), required=False, widget=Number())
    report_cycle = field(
        Word(ReportCycle), _("How often news is expected"), widget=Select(values=choices(ReportCycle))
    )


class Support(MappingSchema):
    """Who supports a commitment."""

    supporting_ids = organizations_field(_("Who supports"), required=False)


class EditBody(MappingSchema):
    """The body by which the API changes a commitment: any of its words, and who supports it."""

    statement = field(Prose(2000), missing=colander.drop)
    indicator = field(Line(300), missing=colander.drop)
    unit = field(Line(60), missing=colander.drop)
    baseline = field(Decimals(), missing=colander.drop)
    report_cycle = field(Word(ReportCycle), missing=colander.drop)
    supporting_ids = id_list(missing=colander.drop)


class Report(MappingSchema):
    """The form by which progress is logged: three taps, a sentence and a photo."""

    status = field(
        Word(ReportStatus),
        _("How does it stand?"),
        widget=Radio(values=choices(ReportStatus), css_class="choices-line"),
    )
    actual = field(Decimals(), _("Number reached"), required=False, widget=Number())
    narrative = field(
        Prose(4000),
        _("What was done"),
        widget=TextArea(rows=3),
        description=_("One or two sentences are enough. If you are stuck: what is in the way?"),
    )
    evidence_ids = evidence_field(
        "evidence_ids",
        _("Evidence"),
        description=_("A photo or PDF. Without evidence the report cannot be verified."),
    )
    achieved_on = field(Day(), _("Day it happened"), required=False, widget=DateInput())
    supersedes_id = field(Integer(1), _("Replaces report"), required=False)


class ReportBody(MappingSchema):
    """The body by which the API submits a report."""

    checkpoint_id = reference()
    status = field(Word(ReportStatus))
    narrative = field(Prose(4000))
    actual = field(Decimals(), required=False)
    achieved_on = field(Day(), required=False)
    supersedes_id = field(Integer(1), required=False)
    evidence_ids = id_list()


class Decide(MappingSchema):
    """The note of a decision about a report; needed when it is returned."""

    note = field(
        Prose(2000),
        _("Note"),
        required=False,
        widget=TextArea(rows=3),
        description=_("Needed when you return the report: say what has to be repaired."),
    )


class NoteBody(MappingSchema):
    """A note that may be left out."""

    note = field(Prose(2000), _("Note"), required=False, widget=TextArea(rows=3))


class ReturnBody(MappingSchema):
    """A note that must be given."""

    note = field(Prose(2000))


class AskDeadline(MappingSchema):
    """A wish for another day."""

    new_due_on = field(Day(), _("New due day"), widget=DateInput())
    reason = field(Prose(2000), _("Reason"), widget=TextArea(rows=4))


class Cancel(MappingSchema):
    """Why a commitment is given up."""

    reason = field(Prose(2000), _("Reason"), widget=TextArea(rows=4))


class RaiseObstacle(MappingSchema):
    """What stands in the way, and who is asked to clear it."""

    description = field(Prose(2000), _("What is in the way?"), widget=TextArea(rows=4))
    needs_organization_id = organization_field(_("Who can clear it"), required=False)


class ObstacleBody(MappingSchema):
    """The body by which the API raises an obstacle."""

    description = field(Prose(2000))
    needs_organization_id = reference(required=False)


class FollowUp(MappingSchema):
    """A remark on an obstacle."""

    note = field(Prose(2000), _("What happened"), widget=TextArea(rows=3))


class CommitmentFilters(MappingSchema):
    """Filters of the list of commitments."""

    q = field(Line(100), required=False)
    signal = field(Word(Signal), required=False)
    agency = reference(required=False)
    mandate = reference(required=False)
    government = reference(required=False)


class CheckpointFilters(MappingSchema):
    """Filters of the list of checkpoints."""

    agency = reference(required=False)
    signal = field(Word(Signal), required=False)
    state = field(Word(CheckpointState), required=False)
    due_before = field(Day(), required=False)
    due_after = field(Day(), required=False)
    commitment = reference(required=False)
    mandate = reference(required=False)


class NoFilters(MappingSchema):
    """A list without filters."""
