"""What documents refuse beside the kit's own refusals."""

from collab.core.errors import CollabError, Invalid, TooLarge
from collab.core.inspection import REASONS
from collab.core.text import Sentence


class NotAccepted(CollabError):
    """The kind of a file is not taken (415)."""

    status = 415


def refusal_of(reason: Sentence) -> CollabError:
    """Give the refusal of a file for programs: 415 for its kind, 413 for its size, 422 at `file` for its content."""
    if reason == REASONS["kind"]:
        return NotAccepted(reason)
    if "limit" in (getattr(reason, "mapping", None) or {}):  # only the sentences about size name a limit
        return TooLarge(reason)
    return Invalid({"file": [reason]})
