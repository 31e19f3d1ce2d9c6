"""Words and stems: Indonesian stemming once, in Python, so that both engines find the same. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

#: Words that tell nothing apart.
STOP_WORDS = frozenset(
    [
        "dan",
        "di",
        "ke",
        "dari",
        "yang",
        "untuk",
        "dengan",
        "pada",
        "atas",
        "oleh",
        "dalam",
        "atau",
        "adalah",
        "ini",
        "itu",
        "serta",
        "para",
        "tentang",
        "the",
        "of",
        "and",
    ]
)
MOST_WORDS = 12
_WORD = re.compile(r"[0-9a-z]+")
_INDONESIAN = snowballstemmer.stemmer("indonesian")
#: Everyday spellings of one thing.
_SAME = {
    "kerjasama": ("kerja", "sama"),
    "mou": ("kesepakatan", "bersama"),
    "ok": ("oke",),
    "opd": ("perangkat", "daerah"),
}


def words_of(text: str) -> list[str]:
    """Split a text into plain lower-case words without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return [same for word in _WORD.findall(plain) for same in _SAME.get(word, (word,))]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Give a word's Indonesian stem."""
    return str(_INDONESIAN.stemWord(word))


def stems_of(texts: Iterable[str]) -> str:
    """Give what is indexed: each word, and its stem where it differs, each once."""
    found: dict[str, None] = {}
    for text in texts:
        for word in words_of(text):
            if word not in STOP_WORDS:
                found[word] = None
                found[stem(word)] = None
    return " ".join(found)


def sought(text: str) -> list[tuple[str, str]]:
    """Give [(word, stem)] of what is looked for, without stop words, at most twelve."""
    words = [word for word in words_of(text) if word not in STOP_WORDS]
    return [(word, stem(word)) for word in dict.fromkeys(words)][:MOST_WORDS]


def sqlite_query(terms: list[tuple[str, str]]) -> str:
    """Write the question for FTS5: every word, or its stem, or a word that begins with it."""
    return " AND ".join(f'("{word}"* OR "{stemmed}")' for word, stemmed in terms)


def postgresql_query(terms: list[tuple[str, str]]) -> str:
    """Write the same question for `to_tsquery('simple', ...)`."""
    return " & ".join(f"({word}:* | {stemmed})" for word, stemmed in terms)


def excerpt(body: str, terms: list[tuple[str, str]], *, length: int = 180) -> str:
    """Cut a text around the first hit."""
    lowered = body.casefold()
    places = [
        place
        for word, stemmed in terms
        for place in (lowered.find(word), lowered.find(stemmed))
        if place >= 0
    ]
    start = max(0, min(places, default=0) - length // 3)
    cut = body[start : start + length].strip()
    return ("… " if start else "") + cut + (" …" if start + length < len(body) else "")
