"""What sign-in and accounts refuse, in sentences fit for a user."""

from collab.core.errors import Refused, TooManyTries
from collab.core.text import _


class SignInRefused(Refused):
    """Name and password do not fit; the sentence never tells which, nor whether the name exists.

    The account, where there is one, is for the journal alone.
    """

    def __init__(
        self, user_id: int | None = None, display_name: str = "", government_id: int | None = None
    ) -> None:
        super().__init__(_("The name and the password do not fit. Check both and try again."))
        self.user_id, self.display_name, self.government_id = user_id, display_name, government_id


class TriesExhausted(TooManyTries):
    """Too many failed sign-ins for this name or from this address; wait `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        sentence = _(
            "Too many failed sign-ins. Wait ${seconds} seconds, then try again.",
            mapping={"seconds": retry_after},
        )
        super().__init__(sentence, retry_after=retry_after)
