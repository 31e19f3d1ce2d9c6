"""Rows that are added and removed, and files that are kept, taken off and sent."""

from types import SimpleNamespace
from typing import Any

import colander
import deform
import pytest

from collab.web import style, widgets
from collab.web.rework import rework
from tests.support.forms import controls, every_page, example, one, soup

# -- rows -----------------------------------------------------------------------------------------------------


def rows_after(button: str) -> list[str] | None:
    form = example()
    sent = [*controls(soup(every_page()["filled"])), (button, "1")]
    if not rework(form, sent):
        return None
    page = soup(form.render())
    assert page.find("textarea", attrs={"name": "statement"}).text.strip() == style.EXAMPLE["statement"]
    return [value for name, value in controls(page) if name == "code"]


@pytest.mark.parametrize(
    ("button", "codes"),
    [
        ("__add__checkpoints", ["B03", "B06", ""]),
        ("__remove__checkpoints__0", ["B06"]),
        ("__remove__checkpoints__1", ["B03"]),
        ("__remove__checkpoints__2", ["B03", "B06"]),
        ("__remove__checkpoints__new", ["B03", "B06"]),
        ("__remove__nothing__0", ["B03", "B06"]),
        ("__add__statement", ["B03", "B06"]),
        ("save", None),
    ],
)
def test_rows_are_added_and_removed_without_javascript(button: str, codes: list[str] | None) -> None:
    assert rows_after(button) == codes


def test_the_row_buttons_carry_the_names_that_rework_understands() -> None:
    page = soup(every_page()["filled"])
    names = [button["name"] for button in page.find_all("button") if not button.find_parent("template")]
    assert {
        "__add__checkpoints",
        "__remove__checkpoints__0",
        "__remove__checkpoints__1",
        "__add__aliases",
    } <= set(names)
    row_buttons = [b for b in page.find_all("button") if b["name"].startswith("__")]
    assert all(button["type"] == "submit" and button.has_attr("formnovalidate") for button in row_buttons)


def test_enter_in_a_text_box_saves_and_never_removes_a_row() -> None:
    first = soup(every_page()["filled"]).find("form").find("button")
    assert (first["type"], first["name"]) == ("submit", "save")


def test_a_new_row_waits_in_an_inert_template() -> None:
    page = soup(every_page()["empty"])
    blank = page.find(attrs={"data-name": "checkpoints"}).find("template")
    assert [tag["name"] for tag in blank.find_all("input") if tag["type"] != "hidden"] == [
        "code",
        "due_on",
        "target",
    ]
    assert list(controls(page)) == [pair for pair in controls(page) if pair[0] != "code"]


def test_an_error_in_one_row_stands_in_that_row() -> None:
    form = example()
    sent = [(name, "" if value == "B06" else value) for name, value in controls(soup(every_page()["filled"]))]
    with pytest.raises(deform.ValidationFailure) as caught:
        form.validate(sent)
    items = (
        soup(caught.value.render())
        .find(attrs={"data-name": "checkpoints"})
        .find_all(attrs={"data-rows-item": True})
    )
    rows = [item for item in items if not item.find_parent("template")]
    assert [bool(row.find(class_="field-error")) for row in rows] == [False, True]


# -- files ----------------------------------------------------------------------------------------------------


def upload(**options: Any) -> deform.Form:
    return one(colander.SchemaNode(colander.List(), widget=widgets.Upload(**options), missing=()))


@pytest.mark.parametrize(
    ("kept", "files", "result"),
    [
        (["7", "8"], [], ["7", "8"]),
        (["7", "remove:7", "8"], [], ["8"]),
        (["7", "7"], [], ["7"]),
        (["7", "remove:7"], [], ()),
        ([], ["", b""], ()),
        (["7"], [SimpleNamespace(filename="a.pdf"), ""], ["7", "new a.pdf"]),
        ([{"a": "b"}, ["c"], ""], [{"filename": "x"}], ()),
    ],
)
def test_kept_removed_and_new_files_come_back_in_order(
    kept: list[Any], files: list[Any], result: Any
) -> None:
    form = upload(store=lambda part: f"new {part.filename}")
    assert form.validate_pstruct({"field": {"kept": kept, "files": files}})["field"] == result


def test_kept_files_travel_as_hidden_fields_with_a_box_that_takes_them_off() -> None:
    page = soup(every_page()["filled"])
    assert [value for name, value in controls(page) if name == "kept"] == ["7", "8"]
    assert [box["value"] for box in page.find_all("input", attrs={"name": "remove"})] == [
        "remove:7",
        "remove:8",
    ]
    assert "bukti-7.pdf" in page.text


def test_without_a_store_the_uploads_themselves_come_back() -> None:
    part = SimpleNamespace(filename="a.pdf")
    assert upload().validate_pstruct({"field": {"files": [part]}})["field"] == [part]
