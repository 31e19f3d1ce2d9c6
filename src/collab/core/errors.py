"""What the house refuses, in sentences fit for a user; the web maps each kind to a status once."""

from collections.abc import Mapping, Sequence

from collab.core.text import Sentence


class CollabError(Exception):
    """Base of all refusals. `law` cites the rule's article where there is one."""

    status = 409

    def __init__(self, sentence: Sentence, *, law: str | None = None) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.law = law


class Refused(CollabError):
    """The act contradicts a rule or the present state (409)."""


class Stale(CollabError):
    """Someone else was faster: the version given is not the one stored (409 on pages, 412 on the API)."""


class KeyReused(CollabError):
    """The idempotency key was already used for other content (409)."""


class NotFound(CollabError):
    """The thing does not exist, or the asker may not know of it (404)."""

    status = 404


class Forbidden(CollabError):
    """The asker is known and may see the thing, but not do this (403)."""

    status = 403


class Invalid(CollabError):
    """Input is wrong at named fields (422). `errors` maps a field's name to its sentences; "" is the whole."""

    status = 422

    def __init__(self, errors: Mapping[str, Sequence[Sentence]], sentence: Sentence = "") -> None:
        super().__init__(sentence or "; ".join(str(s) for group in errors.values() for s in group))
        self.sentence = sentence  # empty: the web says the first error in the reader's language
        self.errors = {name: list(group) for name, group in errors.items()}


class TooManyTries(CollabError):
    """Too many attempts; try again after `retry_after` seconds (429)."""

    status = 429

    def __init__(self, sentence: Sentence, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Unavailable(CollabError):
    """The service cannot answer now (503)."""

    status = 503


class StorageFull(CollabError):
    """No room is left to store what was sent (507)."""

    status = 507


class TooLarge(CollabError):
    """What was sent is larger than allowed (413)."""

    status = 413
