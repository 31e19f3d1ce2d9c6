"""The form field by which other features choose a regulation, and the normaliser of cited articles."""

from typing import Any

import colander

from collab.core.text import Sentence, _
from collab.regulations import queries
from collab.regulations.rules import ARTICLE_LENGTH, article
from collab.web.schema import Line, field, reference
from collab.web.widgets import SearchSelect


def regulation_field(title: Sentence = _("Regulation"), *, required: bool = True, **kw: Any) -> Any:
    """Declare a field for the id of a regulation that the user may know of, found by number or words of its title.

    The service checks the id with `queries.get`: a hostile one is `NotFound` there.
    """

    @colander.deferred
    def widget(node: Any, bindings: dict[str, Any]) -> SearchSelect:
        request = bindings["request"]
        session, identity = request.db, request.identity

        def label_of(value: str) -> str:
            known = value.isascii() and value.isdigit() and len(value) < 10
            return (queries.label(session, int(value), identity=identity) if known else None) or value

        known = [(str(number), cited) for number, cited in queries.choices(session, identity=identity)]
        return SearchSelect(
            values=known if required else [("", ""), *known],
            url=request.route_path("regulations.find"),
            label_of=label_of,
            find=lambda text: [
                (str(n), cited) for n, cited in queries.search(session, text, identity=identity)
            ],
        )

    return reference(title, required=required, widget=widget, **kw)


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
