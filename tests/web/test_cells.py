"""Cells of exported files: nothing that a person wrote becomes a formula, however it begins."""

import pytest

from collab.web.listing import plain_cell

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    "\n=1",
    "  =1",
    "\u00a0=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " \t@x",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_a_spreadsheet_might_read_as_a_formula_is_disarmed(text: str) -> None:
    assert plain_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["Dinas", "a=b", "1-2", "'kutipan'", " teks"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert plain_cell(text) == text
