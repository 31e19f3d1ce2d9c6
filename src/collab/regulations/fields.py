"""The form field by which other features choose a regulation, and the normaliser of cited articles."""

from typing import Any

import colander
from pyramid.request import Request

from collab.core.text import Sentence, _
from collab.regulations import queries
from collab.regulations.rules import ARTICLE_LENGTH, article
from collab.web.references import Choices, Kind, reference_field
from collab.web.schema import Line, field


def _find(request: Request, text: str) -> Choices:
    return [
        (str(number), cited) for number, cited in queries.search(request.db, text, identity=request.identity)
    ]


def _label(request: Request, value: int) -> str | None:
    return queries.label(request.db, value, identity=request.identity)


def _newest(request: Request) -> Choices:
    return [(str(number), cited) for number, cited in queries.choices(request.db, identity=request.identity)]


REGULATION = Kind(
    "regulations.find",
    _find,
    _label,
    _("There is no such regulation. Choose one from the list."),
    known=_newest,
)


def regulation_field(title: Sentence = _("Regulation"), *, required: bool = True, **kw: Any) -> Any:
    """Declare a field for the id of a regulation that the user may know of, found by number or words of its title."""
    return reference_field(REGULATION, title, required=required, **kw)


class Article(Line):
    """Articles of a regulation, written as they are cited: "ps 5 ay 2" becomes "Pasal 5 ayat (2)"."""

    def __init__(self) -> None:
        super().__init__(ARTICLE_LENGTH)

    def deserialize(self, node: Any, cstruct: Any) -> Any:
        """Read and normalise."""
        text = super().deserialize(node, cstruct)
        return text if text is colander.null else article(text)


def article_field(title: Sentence = _("Articles"), **kw: Any) -> Any:
    """Declare an optional field for cited articles."""
    kw.setdefault(
        "description", _("For example: Pasal 5 ayat (2). Short forms such as “ps 5 ay 2” are written out.")
    )
    return field(Article(), title, required=False, **kw)
