"""How regulations and their articles are cited, and citations read. Pure."""

import re

from collab.regulations.vocabulary import (
    SHORT_TITLES,
    RegulationKind,
)


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
