"""What holds for organizations, whatever the database says: codes, names on a day, reorganisations, holdings. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from collab.core.text import Sentence, _
from collab.organizations.vocabulary import LEVEL_WORDS, HoldingKind, NameKind, RegionLevel

CODE_LIMIT = 60
CODE_PATTERN = r"[a-z0-9]+(-[a-z0-9]+)*"
GOVERNMENT_CODE_PATTERN = r"id|[0-9]{2}(\.[0-9]{2})?"
#: Words searched for at most; a longer text is a mistake, not a search.
MOST_WORDS = 6
#: Longest months a Pj. Sekda may hold (UU 23/2014 art. 214 (3)); longer only warns.
ACTING_LAW = "UU 30/2014 Pasal 14; UU 23/2014 Pasal 214 ayat (3)"

_WORD = re.compile(r"[^\W_]+", re.UNICODE)


@dataclass(frozen=True)
class DatedName:
    """One printed form of an organization, as stored: official from a day on, or an alias without a day."""

    id: int
    kind: NameKind
    name: str
    short_name: str | None
    valid_from: date | None


def slug(text: str) -> str:
    """Make a code of a name: lower case letters and digits, words joined by hyphens, at most 60 characters.

    Empty when the text holds neither a Latin letter nor a digit.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:CODE_LIMIT].rstrip("-")


def free_code(wanted: str, taken: Iterable[str]) -> str:
    """Give `wanted`, or the first of `wanted-2`, `wanted-3`, ... that is not taken."""
    used = set(taken)
    base = wanted or "unit"
    if base not in used:
        return base
    numbered = (f"{base[: CODE_LIMIT - 5].rstrip('-')}-{number}" for number in range(2, len(used) + 3))
    return next(code for code in numbered if code not in used)


def is_code(text: str) -> bool:
    """Tell whether a text is a code of an organization."""
    return len(text) <= CODE_LIMIT and re.fullmatch(CODE_PATTERN, text) is not None


def is_government_code(text: str) -> bool:
    """Tell whether a text is a scope code of a government: `id`, or a region's code such as `19` or `62.11`."""
    return re.fullmatch(GOVERNMENT_CODE_PATTERN, text) is not None


def name_on(names: Iterable[DatedName], day: date) -> DatedName | None:
    """Give the official name in force on a day: the latest that had begun, and of that the one recorded last.

    Before the first known name the oldest stands in (a body existed before we wrote its name down). A correction is
    a new row with the same day. None when there is no official name at all.
    """
    official = [name for name in names if name.kind is NameKind.OFFICIAL]
    begun = [name for name in official if name.valid_from is None or name.valid_from <= day]
    if begun:
        return max(begun, key=lambda name: (name.valid_from or date.min, name.id))
    return min(official, key=lambda name: (name.valid_from or date.min, -name.id), default=None)


def search_words(text: str) -> list[str]:
    """Split what was typed into the words to look for, lower case, at most six."""
    return [word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", text))][:MOST_WORDS]


def region_label(level: RegionLevel, name: str) -> str:
    """Name a region with its class word: Desa Gohong, Kabupaten Pulang Pisau."""
    word = LEVEL_WORDS.get(level)
    return f"{word} {name}" if word else name


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Tell whether two spans of days, both ends included, share a day; None means it goes on."""
    return first[0] <= (second[1] or date.max) and second[0] <= (first[1] or date.max)


def holding_warnings(kind: HoldingKind, valid_until: date | None, decree: str | None) -> list[Sentence]:
    """Say what an acting holding lacks: a decree and an end (R50; UU 30/2014 art. 14). It warns, never refuses."""
    if kind is HoldingKind.DEFINITIVE:
        return []
    said: list[Sentence] = []
    if not decree:
        said.append(_("An acting office-holder (Plt., Plh., Pj.) should have a decree; none is recorded."))
    if valid_until is None:
        said.append(_("An acting office-holder (Plt., Plh., Pj.) should have a last day; none is recorded."))
    return said


#: Who acts stands before who holds for good: a Plh. exercises the office while its holder is away.
_PRECEDENCE = {HoldingKind.PLH: 0, HoldingKind.PLT: 1, HoldingKind.PJ: 1, HoldingKind.DEFINITIVE: 2}


def precedence(kind: HoldingKind) -> int:
    """Rank capacities by who exercises the office on a day (UU 30/2014 art. 14): lowest first."""
    return _PRECEDENCE[kind]


def acting_title(kind: HoldingKind, title: str) -> str:
    """Write an office with its capacity, as letters do: Plt. Kepala Dinas."""
    prefix = {HoldingKind.PLT: "Plt. ", HoldingKind.PLH: "Plh. ", HoldingKind.PJ: "Pj. "}.get(kind, "")
    return f"{prefix}{title}"


def clean_aliases(aliases: Sequence[str]) -> list[str]:
    """Drop empty and repeated names, keeping the order."""
    kept = {alias.strip().casefold(): alias.strip() for alias in reversed(aliases) if alias.strip()}
    return list(reversed(kept.values()))


def is_region_prefix(text: str) -> bool:
    """Tell whether a text is a region's code or the beginning of one."""
    return re.fullmatch(r"[0-9.]{2,13}", text) is not None
