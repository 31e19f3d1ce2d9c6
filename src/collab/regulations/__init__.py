"""Regulations: the register, what regulations do to each other, their documents, and what rests on them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pyramid.config import Configurator
from sqlalchemy.orm import Session

from collab.core.identity import Identity
from collab.core.text import _
from collab.regulations.policies import POLICIES
from collab.regulations.vocabulary import Permission

#: `(session, identity, regulation_ids)`: counts visible rows that rest on any of these regulations.
Count = Callable[[Session, Identity, Sequence[int]], int]
#: The same arguments: gives the first of them as `{"id", "title", "regulation_id"?}`.
First = Callable[[Session, Identity, Sequence[int]], list[dict[str, Any]]]


@dataclass(frozen=True)
class Dependants:
    """How an upper feature tells what of it rests on regulations."""

    count: Count
    first: First


def add_regulation_dependants(config: Configurator, kind: str, count: Count, first: First) -> None:
    """Let an upper feature contribute a kind of dependants to a regulation's impact."""
    found = Dependants(count, first)
    config.action(
        ("collab dependants", kind),
        lambda: config.registry["collab.regulation_dependants"].__setitem__(kind, found),
    )


def includeme(config: Configurator) -> None:
    """Compose this feature."""
    from collab.regulations import queries
    from collab.regulations.views.panels import document_owners

    config.registry["collab.regulation_dependants"] = {}
    config.add_directive("add_regulation_dependants", add_regulation_dependants)
    config.add_policies(POLICIES)
    config.add_menu_item(_("Regulations"), "regulations", icon="bank", permission=Permission.READ, order=50)
    config.add_subject_kind("regulation", title=_("Regulation"), route="regulation")
    config.add_search_kind("regulation", queries.register.visible_ids)
    config.add_document_owner("regulation", queries.sees_document)
    config.add_document_editor("regulation", queries.edits_document)
    config.add_panel(
        "document",
        order=50,
        template="collab.regulations:templates/document_owners.jinja2",
        fill=document_owners,
    )
    for tag, sentence in (
        ("regulations:regulation:created", _("${actor} registered ${subject}")),
        ("regulations:regulation:edited", _("${actor} edited ${subject}")),
        ("regulations:regulation:enacted", _("${actor} recorded the enactment of ${subject}")),
        ("regulations:regulation:withdrawn", _("${actor} withdrew ${subject}")),
        ("regulations:relation:added", _("${actor} related ${subject} to ${target}")),
        ("regulations:document:attached", _("${actor} attached “${document}” to ${subject}")),
    ):
        config.add_journal_sentence(tag, sentence)
    taken = _("This number is already taken by another regulation of this kind and year.")
    config.explain_constraint("uq_regulation_number", "number", taken)
    config.explain_constraint(
        "uq_regulation_relation_pair", "target_id", _("This relation is already recorded.")
    )
    config.explain_constraint(
        "uq_regulation_document_pair", "documents", _("This document is already attached here.")
    )
    config.include("collab.regulations.routes")
    config.scan("collab.regulations.views")
    config.scan("collab.regulations.api")
