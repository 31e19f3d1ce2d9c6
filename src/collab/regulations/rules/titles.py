"""What is odd or wrong in titles, numbers and dates (UU 12/2011 annex II). Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from collab.core.text import Sentence, _
from collab.regulations.rules.standing import TITLE_LAW, Dates
from collab.regulations.vocabulary import (
    RegulationKind,
    RegulationState,
    RelationKind,
)

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
