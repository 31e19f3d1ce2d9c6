"""Who may search."""

from collab.core.policy import Predicate, signed_in
from collab.search.vocabulary import Permission

POLICIES: dict[str, Predicate] = {
    # Any signed-in user; each kind of subject says which of its hits the asker may see.
    Permission.SEARCH: signed_in,
}
