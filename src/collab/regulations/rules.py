"""What a regulation is worth on a day, how it is cited, and what its title and dates must look like. Pure.

Laws: UU 12/2011 on the forming of legislation (art. 7-8 kinds, 86-87 promulgation and force, annex II title grammar),
UU 23/2014 on regional government (art. 244, 246, 248).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from collab.core.text import Sentence, _
from collab.organizations.vocabulary import GovernmentKind
from collab.regulations.vocabulary import (
    SHORT_TITLES,
    Lifecycle,
    RegulationKind,
    RegulationState,
    RelationKind,
)

FORCE_LAW = "UU 12/2011 Pasal 87"
TITLE_LAW = "UU 12/2011 Lampiran II"
#: Decisions and policy that are signed, not promulgated: in force from the day they are enacted.
UNPUBLISHED = frozenset(
    {
        RegulationKind.KEPPRES,
        RegulationKind.INPRES,
        RegulationKind.KEPGUB,
        RegulationKind.INGUB,
        RegulationKind.SE,
    }
)


_NATIONAL = frozenset(
    {
        RegulationKind.UU,
        RegulationKind.PERPPU,
        RegulationKind.PP,
        RegulationKind.PERPRES,
        RegulationKind.KEPPRES,
        RegulationKind.INPRES,
        RegulationKind.PERMEN,
        RegulationKind.SE,
    }
)
_REGIONAL = {
    GovernmentKind.REGENCY: frozenset(
        {RegulationKind.PERDA_KAB, RegulationKind.PERBUP, RegulationKind.QANUN, RegulationKind.SE}
    ),
    GovernmentKind.CITY: frozenset(
        {RegulationKind.PERDA_KAB, RegulationKind.PERWALI, RegulationKind.QANUN, RegulationKind.SE}
    ),
    GovernmentKind.PROVINCE: frozenset(
        {
            RegulationKind.PERDA_PROV,
            RegulationKind.PERGUB,
            RegulationKind.KEPGUB,
            RegulationKind.INGUB,
            RegulationKind.QANUN,
            RegulationKind.PERDASUS,
            RegulationKind.PERDASI,
            RegulationKind.PERDAIS,
            RegulationKind.SE,
        }
    ),
}


def kinds_of(level: GovernmentKind) -> tuple[RegulationKind, ...]:
    """Give the kinds that a level of government makes, in the order of the vocabulary (UU 12/2011 art. 7-8)."""
    allowed = _REGIONAL.get(level, _NATIONAL)
    return tuple(kind for kind in RegulationKind if kind in allowed)


@dataclass(frozen=True)
class Dates:
    """The three dates that are kept apart (R60), and the days on which we learnt of things.

    `recorded_on`: local day on which the register first knew of the regulation. `year`: that of its number.
    """

    enacted_on: date | None = None
    promulgated_on: date | None = None
    effective_on: date | None = None
    recorded_on: date | None = None
    year: int | None = None


@dataclass(frozen=True)
class Acting:
    """A relation as it bears on the regulation acted on, with what is known of the acting one.

    `effective_on`: first day of the effect, None: the acting regulation's own first day. `recorded_on`: local day
    on which the register learnt of the relation.
    """

    kind: RelationKind
    acting_id: int
    acting_kind: RegulationKind
    acting_lifecycle: Lifecycle
    acting_dates: Dates
    effective_on: date | None = None
    recorded_on: date | None = None


@dataclass(frozen=True)
class Standing:
    """The state on a day, since when, and by which regulations (ids of the acting ones, none for its own dates)."""

    state: RegulationState
    since: date | None = None
    by: tuple[int, ...] = ()


def in_force_from(dates: Dates, kind: RegulationKind | None = None) -> date | None:
    """Give the first day of force: as stated, else the promulgation (UU 12/2011 art. 87).

    What is never promulgated (decisions, instructions, circulars) is in force when enacted. Where no such date is
    recorded, the last day of the year of its number is presumed: the number is given when it is promulgated.
    """
    if dates.effective_on is not None or dates.promulgated_on is not None:
        return dates.effective_on or dates.promulgated_on
    if kind in UNPUBLISHED and dates.enacted_on is not None:
        return dates.enacted_on
    return date(dates.year, 12, 31) if dates.year else None


def is_presumed(dates: Dates, kind: RegulationKind | None = None) -> bool:
    """Tell whether the first day of force is only presumed from the year (see `in_force_from`)."""
    return in_force_from(dates, kind) is not None and in_force_from(replace(dates, year=None), kind) is None


def is_in_force(kind: RegulationKind, lifecycle: Lifecycle, dates: Dates, day: date) -> bool:
    """Tell whether a regulation has force on a day, whatever others did to it (UU 12/2011 art. 87)."""
    first = in_force_from(dates, kind)
    known = dates.recorded_on is None or dates.recorded_on <= day
    return known and lifecycle is Lifecycle.ENACTED and first is not None and first <= day


def first_day(relation: Acting) -> date | None:
    """Give the first day on which a relation bears: never before the acting regulation is itself in force."""
    own = in_force_from(relation.acting_dates, relation.acting_kind)
    if own is None:
        return None
    return max(own, relation.effective_on) if relation.effective_on else own


def bears(relation: Acting, day: date) -> bool:
    """Tell whether a relation counts on a day: recorded by then, begun, and its regulation in force (R53, R59)."""
    first = first_day(relation)
    if first is None or first > day or (relation.recorded_on is not None and relation.recorded_on > day):
        return False
    return is_in_force(relation.acting_kind, relation.acting_lifecycle, relation.acting_dates, day)


#: What is done to a regulation, the gravest first, and what it makes of it (domain 2.3).
EFFECTS = (
    (RelationKind.REVOKES, RegulationState.REVOKED),
    (RelationKind.PARTLY_REVOKES, RegulationState.PARTLY_REVOKED),
    (RelationKind.AMENDS, RegulationState.AMENDED),
)


def standing_on(
    kind: RegulationKind, lifecycle: Lifecycle, dates: Dates, relations: Iterable[Acting], day: date
) -> Standing:
    """Give the state on a day with its reason; `relations` are those in which others act on this one.

    The first line that applies decides: draft, withdrawn, not yet effective (or not enacted by then), revoked,
    partly revoked, amended, in force (UU 12/2011 art. 87 and annex II no. 146; domain 2.3).
    """
    if lifecycle is not Lifecycle.ENACTED:
        return Standing(RegulationState.DRAFT if lifecycle is Lifecycle.DRAFT else RegulationState.WITHDRAWN)
    first = in_force_from(dates, kind)
    if first is None or first > day:
        return Standing(RegulationState.NOT_YET_EFFECTIVE, first)
    counting = [relation for relation in relations if bears(relation, day)]
    for relation_kind, state in EFFECTS:
        acting = sorted(
            ((first_day(r) or day, r.acting_id) for r in counting if r.kind is relation_kind),
        )
        if acting:
            since = acting[0][0] if state is RegulationState.REVOKED else acting[-1][0]
            return Standing(state, since, tuple(number for _day, number in acting))
    return Standing(RegulationState.IN_FORCE, first)


def state_on(
    kind: RegulationKind, lifecycle: Lifecycle, dates: Dates, relations: Iterable[Acting], day: date
) -> RegulationState:
    """Give the state on a day (domain 2.3; see `standing_on`)."""
    return standing_on(kind, lifecycle, dates, relations, day).state


# -- citing ---------------------------------------------------------------------------------------------------


def citation(
    kind: RegulationKind, number: str | None, year: int | None, title: str, *, short: bool = False
) -> str:
    """Cite as people here do: "Pergub 48/2018 tentang ..."; "Rancangan Pergub tentang ..." (UU 12/2011 annex II 2).

    `short` leaves the title out where a number stands for it.
    """
    name = SHORT_TITLES[kind]
    if number is None or year is None:
        return f"Rancangan {name} tentang {title}"
    # a classified number (188.44/106) already holds a slash
    numbered = f"{name} {number} Tahun {year}" if "/" in number else f"{name} {number}/{year}"
    return numbered if short else f"{numbered} tentang {title}"


_CITED = re.compile(
    r"(?:(?P<name>(?!no(?:mor)?\b)[A-Za-z]+)\s+)?(?:no(?:mor|\.)?\s*)?(?P<number>\S+?)(?:\s*/\s*|\s+(?:tahun|th\.?)\s+)(?P<year>\d{4})",
    re.I,
)


def read_citation(text: str) -> tuple[frozenset[RegulationKind], str, int] | None:
    """Read "Pergub 48/2018", "pergub no 48 tahun 2018" or "48/2018" (of any kind); None when a text is no citation."""
    found = _CITED.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    if found["name"] is None:
        is_number = found["number"][0].isdigit()
        return (frozenset(SHORT_TITLES), found["number"], int(found["year"])) if is_number else None
    name = found["name"].lower()
    kinds = frozenset(kind for kind, short in SHORT_TITLES.items() if short.lower() == name)
    return (kinds, found["number"], int(found["year"])) if kinds else None


_PARTS = {
    "pasal": ("pasal", "psl", "ps", "p"),
    "ayat": ("ayat", "ay", "ayt"),
    "huruf": ("huruf", "hrf", "hf", "h"),
    "angka": ("angka", "ang", "ak"),
    "bab": ("bab",),
    "lampiran": ("lampiran", "lamp"),
}
_WORDS = {short: name for name, shorts in _PARTS.items() for short in shorts}
_TOKEN = re.compile(r"([A-Za-z]+)|(\d+[A-Za-z]?)|(\S)")
ARTICLE_LENGTH = 200


def article(text: str) -> str:
    """Write a place in a regulation as it is cited: "ps 5 ay 2 hrf a" gives "Pasal 5 ayat (2) huruf a".

    What is not understood stays as it was typed (UU 12/2011 annex II on pasal, ayat, huruf, angka).
    """
    found = " ".join(text.split())
    parts = [_one_place(part) for part in re.split(r"\s*(?:;|,| dan |&)\s*", found) if part]
    if not parts or any(part is None for part in parts):
        return found
    written = [part for part in parts if part]
    cited = written[0] if len(written) == 1 else f"{', '.join(written[:-1])} dan {written[-1]}"
    return cited if len(cited) <= ARTICLE_LENGTH else found


def _one_place(text: str) -> str | None:
    """Write one place; None when a part of it is not understood."""
    tokens = [match for match in _TOKEN.finditer(text) if match.group(3) not in (".", "(", ")")]
    if any(token.group(3) for token in tokens):
        return None
    words: list[str] = []
    position = 0
    while position < len(tokens):
        name = _WORDS.get(tokens[position].group(0).lower())
        if name is None:
            if position or not tokens[0].group(2):
                return None
            name, position = "pasal", -1  # a bare number is an article
        position += 1
        if position == len(tokens):
            if name != "lampiran":
                return None
            words.append("Lampiran")
            break
        words.append(_written(name, tokens[position].group(0)))
        position += 1
    return " ".join(words) or None


def _written(name: str, value: str) -> str:
    if name == "ayat":
        return f"ayat ({value.lower()})"
    if name == "huruf":
        return f"huruf {value.lower()}"
    if name in ("bab", "lampiran"):
        return f"{'BAB' if name == 'bab' else 'Lampiran'} {value.upper()}"
    return f"{'Pasal' if name == 'pasal' else name} {value.upper() if name == 'pasal' else value}"


# -- titles and dates -----------------------------------------------------------------------------------------

_ORDINALS = "KEDUA|KETIGA|KEEMPAT|KELIMA|KEENAM|KETUJUH|KEDELAPAN|KESEMBILAN|KESEPULUH"
_AMENDING = re.compile(rf"^PERUBAHAN(\s+({_ORDINALS}))?\s+ATAS\s", re.IGNORECASE)
_REVOKING = re.compile(r"^PENCABUTAN\s", re.IGNORECASE)
#: Two to six capitals in a title that is not all in capitals: most likely an acronym.
_ACRONYM = re.compile(r"\b[A-Z][A-Z&-]{1,6}\b")
_ROMAN = re.compile(r"^[IVXLC]+$")


@dataclass(frozen=True)
class Hint:
    """A warning that stops nothing, and the law it rests on."""

    sentence: Sentence
    law: str


def title_hints(title: str, relations: Iterable[RelationKind] = ()) -> list[Hint]:
    """Warn where a title does not follow the grammar of titles (R52; UU 12/2011 annex II no. 2-9).

    `relations` are those in which this regulation acts.
    """
    kinds = set(relations)
    hints = []
    if title.rstrip().endswith("."):
        hints.append(Hint(_("A title has no full stop at its end."), f"{TITLE_LAW} angka 4"))
    if acronyms := _acronyms(title):
        said = _(
            "Write names in full: a title has no acronyms (${words}).", mapping={"words": ", ".join(acronyms)}
        )
        hints.append(Hint(said, f"{TITLE_LAW} angka 5"))
    if re.match(r"^tentang\s", title, re.IGNORECASE):
        hints.append(
            Hint(_("Leave out “tentang”: it is written before the title by itself."), f"{TITLE_LAW} angka 2")
        )
    if RelationKind.AMENDS in kinds and not _AMENDING.match(title):
        said = _("The title of an amendment begins with “Perubahan atas …” or “Perubahan Kedua atas …”.")
        hints.append(Hint(said, f"{TITLE_LAW} angka 6-7"))
    if _AMENDING.match(title) and RelationKind.AMENDS not in kinds:
        hints.append(Hint(_("Record which regulation this one amends."), f"{TITLE_LAW} angka 6"))
    if _REVOKING.match(title) and not kinds & {RelationKind.REVOKES, RelationKind.PARTLY_REVOKES}:
        hints.append(Hint(_("Record which regulation this one revokes."), f"{TITLE_LAW} angka 9"))
    return hints


def _acronyms(title: str) -> list[str]:
    if title.upper() == title:
        return []
    found = (word for word in _ACRONYM.findall(title) if not _ROMAN.match(word))
    return list(dict.fromkeys(found))


#: Regulations of a governor or regent exist to carry out what stands above them.
IMPLEMENTING = frozenset({RegulationKind.PERGUB, RegulationKind.PERBUP, RegulationKind.PERWALI})


def chain_hints(kind: RegulationKind, relations: Iterable[RelationKind]) -> list[Hint]:
    """Warn when a head of region's regulation names neither what it carries out nor its basis (R51; UU 23/2014 246)."""
    named = {RelationKind.IMPLEMENTS, RelationKind.LEGAL_BASIS, RelationKind.AMENDS, RelationKind.REVOKES}
    if kind not in IMPLEMENTING or set(relations) & named:
        return []
    sentence = _("Record which regulation this one carries out: it exists to carry out a higher one.")
    return [Hint(sentence, "UU 23/2014 Pasal 246 ayat (1)")]


def date_problems(dates: Dates) -> dict[str, Sentence]:
    """Say, by field, which date is out of order: enacted, then promulgated, then in force (UU 12/2011 art. 86-87).

    The day of force may lie before the promulgation only if a text reaches back, which is refused here.
    """
    problems: dict[str, Sentence] = {}
    if dates.enacted_on and dates.promulgated_on and dates.promulgated_on < dates.enacted_on:
        problems["promulgated_on"] = _("The promulgation lies before the enactment.")
    begin = dates.promulgated_on or dates.enacted_on
    if begin and dates.effective_on and dates.effective_on < begin:
        problems["effective_on"] = _("It cannot take effect before it is promulgated or enacted.")
    return problems


def year_problem(year: int | None, enacted_on: date | None) -> Sentence | None:
    """Say when number's year and day of enactment disagree (UU 12/2011 annex II no. 2)."""
    if year is None or enacted_on is None or enacted_on.year == year:
        return None
    return _("The year of the number is not the year in which it was enacted.")


#: May end in an exact number, a suffix letter, or a classification (188.44/106).
NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z./ -]{0,59}")


def number_problem(number: str) -> Sentence | None:
    """Say when a number is not written as numbers are (domain 1.9)."""
    if NUMBER.fullmatch(number) and any(c.isdigit() for c in number):
        return None
    return _("Write only the number as printed, for example 48 or 188.44/106.")


def worst(states: Sequence[RegulationState]) -> RegulationState | None:
    """Give the gravest of several states, for the marks of what rests on them (R59)."""
    order = (
        RegulationState.REVOKED,
        RegulationState.WITHDRAWN,
        RegulationState.PARTLY_REVOKED,
        RegulationState.AMENDED,
        RegulationState.NOT_YET_EFFECTIVE,
        RegulationState.DRAFT,
        RegulationState.IN_FORCE,
    )
    return next((state for state in order if state in states), None)
