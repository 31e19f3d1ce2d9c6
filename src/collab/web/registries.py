"""What features tell the lower ones, by directive: sentences of acts, links of subjects, owners of documents."""

from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from sqlalchemy.orm import Session

from collab.core.identity import Identity
from collab.core.text import Sentence

#: `(session, identity, document_id)` tells whether an owner that this identity may read has claimed the document.
OwnerSees = Callable[[Session, Identity, int], bool]

#: The same arguments; tells whether this identity keeps every owner of the kind that has claimed the document, None if
#: none has.
OwnerEdits = Callable[[Session, Identity, int], bool | None]


def add_journal_sentence(config: Configurator, tag: str, sentence: Sentence) -> None:
    """Give the sentence of a journal tag; it may use ``${actor}``, ``${subject}`` and the names in its detail."""
    config.action(
        ("collab sentence", tag), lambda: config.registry["collab.sentences"].__setitem__(tag, sentence)
    )


def add_subject_kind(config: Configurator, kind: str, *, title: Sentence, route: str | None = None) -> None:
    """Name a kind of subject and the route (with `id`) of its page, for the journal and the search."""
    config.action(
        ("collab subject", kind), lambda: config.registry["collab.subjects"].__setitem__(kind, (title, route))
    )


def add_document_owner(config: Configurator, kind: str, sees: OwnerSees) -> None:
    """Let a kind of owner say who may read the documents it has claimed."""
    config.action(
        ("collab owner", kind), lambda: config.registry["collab.document_owners"].__setitem__(kind, sees)
    )


def includeme(config: Configurator) -> None:
    """Add the directives."""
    registry: Any = config.registry
    registry["collab.sentences"] = {}
    registry["collab.subjects"] = {}
    registry["collab.document_owners"] = {}
    for directive in (add_journal_sentence, add_subject_kind, add_document_owner):
        config.add_directive(directive.__name__, directive)
