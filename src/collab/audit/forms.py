"""Filters of the journal."""

from collab.core.text import _
from collab.web.schema import Day, Integer, Line, MappingSchema, field


class JournalFilters(MappingSchema):
    """Which entries are listed."""

    feature = field(Line(40), _("Part"), required=False)
    actor = field(Line(120), _("Who"), required=False)
    subject_kind = field(Line(40), _("Kind"), required=False)
    subject_id = field(Integer(1), _("Number"), required=False)
    government_id = field(Integer(1), _("Government"), required=False)
    since = field(Day(), _("From"), required=False)
    until = field(Day(), _("To"), required=False)


class ExtractFilters(MappingSchema):
    """Whose rows an extract shows in full."""

    government_id = field(Integer(1), _("Government"), required=False)
