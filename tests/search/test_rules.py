"""Words and stems of the search."""

import pytest

from collab.search.rules import excerpt, sought, sqlite_query, stems_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kesepakatan Bersama OKE OCE", ["kesepakatan", "bersama", "oke", "oce"]),
        ("kerjasama", ["kerja", "sama"]),
        ("Pergub 48/2018", ["pergub", "48", "2018"]),
        ("Gêrakan", ["gerakan"]),
        ('"; DROP TABLE', ["drop", "table"]),
        ("", []),
    ],
)
def test_words_are_plain_and_everyday_spellings_become_one(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_word_is_found_in_another_form() -> None:
    assert set(stems_of(["pelatihan usaha"]).split()) & {stem for _word, stem in sought("melatih")}


def test_a_question_holds_only_letters_and_digits_of_the_words() -> None:
    assert (
        sqlite_query(sought('x" OR stems:*')) == '("x"* OR "x") AND ("or"* OR "or") AND ("stems"* OR "stems")'
    )


def test_the_excerpt_stands_around_the_first_hit() -> None:
    body = "a " * 200 + "jahe merah unggulan " + "b " * 200
    cut = excerpt(body, sought("jahe"))
    assert "jahe merah" in cut
    assert cut.startswith("…")
    assert cut.endswith("…")
