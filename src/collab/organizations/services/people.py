"""Keep the register of persons: names only, nothing else."""

from typing import Any

from sqlalchemy.orm import Session

from collab.audit.services import changes_of, created_values, instant, record
from collab.core.errors import Invalid
from collab.core.identity import Identity
from collab.core.text import _
from collab.organizations.models import Person
from collab.organizations.services.rights import require_any_admin

EDITABLE = ("name", "aliases")


def create_person(session: Session, *, actor: Identity, name: str, aliases: str | None = None) -> Person:
    """Enter a person; `aliases` are other printed forms of the name, one a line (D4).

    Raise `Forbidden` unless an administrator asks.
    """
    require_any_admin(actor)
    values = {"name": name, "aliases": aliases}
    person = Person(**values, changed_at=instant(session))
    session.add(person)
    session.flush()  # the journal needs the id
    _record(session, actor, "organizations:person:create", person, created_values(values))
    return person


def edit_person(session: Session, person: Person, *, actor: Identity, **values: Any) -> Person:
    """Change a person's `name` and `aliases`; what is absent stays. Raise `Forbidden` unless an administrator asks."""
    require_any_admin(actor)
    wanted = {name: values.get(name, getattr(person, name)) for name in EDITABLE}
    if not wanted["name"]:
        raise Invalid({"name": [_("Please fill this in.")]})
    changes = changes_of(person, wanted)
    if not changes:
        return person
    for name, value in wanted.items():
        setattr(person, name, value)
    person.changed_at = instant(session)
    session.flush()  # refusals of the database belong to this act
    _record(session, actor, "organizations:person:edit", person, changes)
    return person


def _record(session: Session, actor: Identity, tag: str, person: Person, changes: Any) -> None:
    record(
        session,
        actor=actor,
        tag=tag,
        subject_kind="person",
        subject_id=person.id,
        subject_name=person.name,
        government_id=None,
        changes=changes,
    )
