"""Forms of accounts: what is typed, how long it may be, how it is drawn."""

from enum import StrEnum
from typing import Any

import colander

from collab.auth import queries
from collab.auth.services import LIFE_DAYS
from collab.core.identity import Role
from collab.core.text import _
from collab.web.i18n import translate
from collab.web.schema import Day, Integer, Line, MappingSchema, Word, field, reference
from collab.web.widgets import DateInput, Password, SearchSelect, Select


class Secret(Line):
    """A password: kept as typed, blanks and all."""

    def _clean(self, text: str) -> str:
        return text


class Language(StrEnum):
    """Languages of the pages."""

    ID = "id"
    EN = "en"


class AccountState(StrEnum):
    """Whether an account is open."""

    OPEN = "open"
    CLOSED = "closed"


LANGUAGES = ((Language.ID, "Bahasa Indonesia"), (Language.EN, "English"))


class PasswordForm(MappingSchema):
    """A new password for one's own account."""

    present_password = field(Secret(200), _("Present password"), widget=Password())
    new_password = field(
        Secret(200),
        _("New password"),
        description=_("At least 12 characters. Several words in a row are strong and easy to remember."),
        widget=Password(attributes={"autocomplete": "new-password"}),
    )
    repeated_password = field(
        Secret(200),
        _("New password, once more"),
        widget=Password(attributes={"autocomplete": "new-password"}),
    )


def _word_choices(kind: Any) -> Any:
    @colander.deferred
    def choices(node: Any, bindings: dict[str, Any]) -> Select:
        request = bindings["request"]
        return Select(values=[(word.value, translate(request, word.title)) for word in kind])

    return choices


@colander.deferred
def _life_choices(node: Any, bindings: dict[str, Any]) -> Select:
    request = bindings["request"]
    return Select(
        values=[(str(d), translate(request, _("${days} days", mapping={"days": d}))) for d in LIFE_DAYS]
    )


@colander.deferred
def _scope_choices(node: Any, bindings: dict[str, Any]) -> SearchSelect:
    request = bindings["request"]
    return SearchSelect(values=queries.scope_choices(request.db, identity=request.identity))


@colander.deferred
def _position_choices(node: Any, bindings: dict[str, Any]) -> SearchSelect:
    request = bindings["request"]
    return SearchSelect(values=queries.position_choices(request.db, identity=request.identity))


@colander.deferred
def _person_choices(node: Any, bindings: dict[str, Any]) -> SearchSelect:
    request = bindings["request"]
    return SearchSelect(
        values=queries.persons(request.db),
        find=lambda text: queries.persons(request.db, text),
        placeholder=_("Nobody"),
    )


class TokenForm(MappingSchema):
    """A new API token."""

    title = field(
        Line(120), _("What it is for"), description=_("For example: nightly export to the data portal.")
    )
    valid_days = field(Integer(1, 365), _("Valid for"), widget=_life_choices, default=90)


class TokenBody(MappingSchema):
    """A new API token, by the API."""

    title = field(Line(120))
    valid_days = field(Integer(1, 365), missing=90)


class UserEditForm(MappingSchema):
    """What may change of an account."""

    display_name = field(Line(200), _("Name of the person"))
    person_id = reference(
        _("Person in the register"),
        required=False,
        description=_("Whoever holds a position there gains its roles here, for as long as it is held."),
        widget=_person_choices,
    )
    locale = field(Word(Language), _("Language"), widget=Select(values=LANGUAGES), missing=Language.ID)


class UserForm(UserEditForm):
    """A new account."""

    name = field(
        Line(80),
        _("Account name"),
        description=_(
            "Lower-case letters, digits and dots, for example siti.rahma. It does not change later."
        ),
        insert_before="display_name",
    )


class RoleForm(MappingSchema):
    """A role for an account."""

    role = field(Word(Role), _("Role"), widget=_word_choices(Role))
    scope = field(Line(80), _("For"), widget=_scope_choices)
    valid_from = field(
        Day(), _("First day"), required=False, description=_("Empty: from today on."), widget=DateInput()
    )
    valid_until = field(
        Day(),
        _("Last day"),
        required=False,
        description=_("Empty: until somebody ends it."),
        widget=DateInput(),
    )


class PositionRoleForm(RoleForm):
    """A role for whoever holds a position."""

    position_id = reference(_("Position"), widget=_position_choices, insert_before="role")


class RoleEndForm(MappingSchema):
    """The last day of a role."""

    on = field(Day(), _("Last day"), widget=DateInput())


class RoleBody(MappingSchema):
    """A role for an account, by the API."""

    role = field(Word(Role))
    scope = field(Line(80))
    valid_from = field(Day(), required=False)
    valid_until = field(Day(), required=False)


class UserBody(MappingSchema):
    """A new account, by the API."""

    name = field(Line(80))
    display_name = field(Line(200))
    person_id = reference(required=False)
    locale = field(Word(Language), missing=Language.ID)


class UserPatch(MappingSchema):
    """Changes to an account, by the API; what is absent stays."""

    display_name = field(Line(200), missing=colander.drop)
    person_id = reference(missing=colander.drop)
    locale = field(Word(Language), missing=colander.drop)


class UserFilters(MappingSchema):
    """Filters of the list of accounts."""

    q = field(Line(80), _("Search"), required=False)
    role = field(Word(Role), _("Role"), required=False)
    state = field(Word(AccountState), _("State"), required=False)


class NoFilters(MappingSchema):
    """A list without filters."""
