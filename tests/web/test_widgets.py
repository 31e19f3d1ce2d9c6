"""Every widget draws, comes back as it went, escapes, is labelled, tells its errors, and needs no inline script."""

import copy
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import colander
import deform
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.web import style, widgets
from collab.web.rework import rework
from tests.support.forms import HOSTILE, STATES, controls, every_page, example, one, soup

# -- what the content security policy forbids ------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_no_output_holds_an_inline_script_style_or_handler(state: str) -> None:
    page = soup(every_page()[state])
    for tag in page.find_all(True):
        assert "style" not in tag.attrs, tag
        assert not [name for name in tag.attrs if name.startswith("on")], tag
        assert not str(tag.get("href", "")).lower().startswith("javascript:"), tag
    assert all(script.get("src") and not script.text.strip() for script in page.find_all("script"))
    assert not page.find_all("style")


# -- labels, help, errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_every_control_has_a_name_for_the_ear(state: str) -> None:
    page = soup(every_page()[state])
    for tag in page.find_all(["input", "select", "textarea"]):
        if tag.get("type") in ("hidden", "submit"):
            continue
        bound = page.find("label", attrs={"for": tag.get("id")}) if tag.get("id") else None
        assert bound or tag.find_parent("label") or tag.get("aria-label"), tag


@pytest.mark.parametrize("state", STATES)
def test_ids_are_unique_and_every_reference_finds_its_target(state: str) -> None:
    page = soup(every_page()[state])
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))
    for tag in page.find_all(True):
        wanted = str(tag.get("aria-describedby", "")).split() + ([tag["for"]] if tag.get("for") else [])
        assert set(wanted) <= set(ids), tag


def test_the_summary_announces_every_error_and_links_to_its_field() -> None:
    page = soup(every_page()["wrong"])
    summary = page.find(class_="error-summary")
    assert summary["role"] == "alert"
    links = [link["href"] for link in summary.find_all("a")]
    assert len(links) == 9
    assert all(page.find(id=target.removeprefix("#")) for target in links)
    assert "Longer than maximum length 160" in summary.text


def test_a_wrong_field_says_so_where_it_stands() -> None:
    page = soup(every_page()["wrong"])
    box = page.find("textarea", attrs={"name": "statement"})
    assert box["aria-invalid"] == "true"
    error, help_ = (page.find(id=name) for name in box["aria-describedby"].split()[:2])
    assert "Longer than maximum length 160" in error.text
    assert help_.text == "What will be done, in one sentence."
    group = page.find("fieldset", string=None, attrs={"class": "is-invalid"})
    assert page.find(id=group["aria-describedby"].split()[0]).text.strip()


def test_what_was_typed_stays_in_a_wrong_form() -> None:
    page = soup(every_page()["wrong"])
    assert page.find("textarea", attrs={"name": "statement"}).text.strip() == "x" * 170
    assert page.find("input", attrs={"name": "actual"})["value"] == "seribu"
    assert page.find("input", attrs={"name": "email"})["value"] == "not an address"


def test_a_right_form_shows_no_summary() -> None:
    assert soup(every_page()["filled"]).find(class_="error-summary") is None


def test_optional_fields_are_marked_and_required_ones_are_not() -> None:
    page = soup(every_page()["empty"])
    labels = {label.text.strip() for label in page.find_all("label", class_="label")}
    assert {"Short name (optional)", "Commitment", "Result so far"} <= labels
    assert page.find("input", attrs={"name": "short"}).get("required") is None
    assert page.find("textarea", attrs={"name": "statement"}).has_attr("required")


def test_an_error_of_the_whole_form_stands_in_the_summary() -> None:
    form = example()
    form.error = colander.Invalid(form.schema, "The sum is not right")
    assert "The sum is not right" in soup(form.render()).find(class_="error-summary").text


# -- there and back -------------------------------------------------------------------------------------------


def test_every_widget_brings_back_what_it_was_given() -> None:
    back = example().validate(controls(soup(every_page()["filled"])))
    wanted = copy.deepcopy(style.EXAMPLE) | {"actual": Decimal("1500.25"), "short": None, "secret": None}
    del wanted["mandate"]
    wanted["checkpoints"][0]["target"] = Decimal(10)
    assert back == wanted


def test_hostile_text_comes_back_letter_for_letter_and_makes_no_element() -> None:
    page = soup(every_page()["hostile"])
    sent = list(controls(page))
    assert not page.find_all("script")
    assert not page.find_all("b")
    for name in ("statement", "short", "name", "person", "email"):
        assert [value for key, value in sent if key == name] == [HOSTILE]


def test_a_form_prints_the_hidden_fields_of_its_caller() -> None:
    form = example()
    form.hidden_fields = [("csrf_token", '"><i>'), ("version", 3)]
    sent = dict(controls(soup(form.render())))
    assert sent["csrf_token"] == '"><i>'
    assert sent["version"] == "3"


def test_sections_show_each_field_once() -> None:
    names = [
        name
        for name, _ in controls(soup(every_page()["filled"]))
        if name in ("statement", "short", "actual", "secret")
    ]
    assert sorted(names) == ["actual", "secret", "short", "statement"]


def test_a_pass_phrase_is_never_printed_back() -> None:
    assert "a-secret-phrase" not in example().render(style.EXAMPLE | {"secret": "a-secret-phrase"})


def test_a_read_only_value_is_shown_and_never_taken() -> None:
    form = example()
    sent = [*controls(soup(every_page()["filled"])), ("mandate", "another")]
    assert "Kesepakatan Bersama OKE OCE (contoh)" in every_page()["filled"]
    assert "mandate" not in form.validate(sent)


def test_a_text_area_counts_to_the_validators_greatest_length() -> None:
    page = soup(every_page()["filled"])
    box = page.find("textarea", attrs={"name": "statement"})
    assert box["data-count"] == "160"
    assert page.find(id=box["aria-describedby"].split()[-1]).text.strip() == "At most 160 characters"


TEXT = [
    widgets.TextInput(),
    widgets.TextArea(),
    widgets.Number(),
    widgets.DateInput(),
    widgets.Select(values=[("a", "A")]),
    widgets.SearchSelect(),
    widgets.Radio(values=[("a", "A")]),
    widgets.Checkbox(),
    widgets.Hidden(),
]
NODES = [colander.SchemaNode(colander.String(), widget=widget) for widget in TEXT]
NODES += [
    colander.SchemaNode(colander.Set(), widget=widgets.CheckboxList(values=[("a", "A")])),
    colander.SchemaNode(colander.List(), widget=widgets.Upload()),
    style.Names(widget=widgets.Rows()),
    style.Checkpoints(widget=widgets.Rows()),
    style.Contact(widget=widgets.Section()),
]


@pytest.mark.parametrize("node", NODES, ids=lambda node: type(node.widget).__name__)
@pytest.mark.parametrize(
    "shape", [{"a": "b"}, [["x"]], [{"a": "b"}], "text", "", SimpleNamespace(filename="f")]
)
def test_a_wrongly_shaped_answer_is_refused_or_read_never_a_crash(
    node: colander.SchemaNode, shape: Any
) -> None:
    form = one(node.clone())
    try:
        form.validate_pstruct({"field": shape})
    except deform.ValidationFailure:
        assert "error-summary" in form.render()


# -- numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("1.500,25", "1500.25"), ("1500,25", "1500.25"), ("1500.25", "1500.25"), ("1.500", "1500"), ("1.500.000", "1500000"),
        ("14,3", "14.3"), ("14.3", "14.3"), ("-2,5", "-2.5"), ("1 500", "1500"), ("0,125", "0.125"), ("12", "12"),
        ("seribu", "seribu"), ("1,2,3", "1,2,3"), ("1.50.000", "1.50.000"), ("", ""),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_written_here(typed: str, plain: str) -> None:
    assert widgets.plain_number(typed) == plain


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_a_shown_number_is_read_back_as_itself(value: Decimal) -> None:
    form = one(colander.SchemaNode(colander.Decimal(), widget=widgets.Number()))
    sent = controls(soup(form.render({"field": value})))
    assert form.validate(sent)["field"] == value


# -- choices --------------------------------------------------------------------------------------------------


def test_the_present_choice_is_always_in_a_searchable_list() -> None:
    node = colander.SchemaNode(
        colander.String(), widget=widgets.SearchSelect(values=[("1", "A")], label_of={"9": "Z"}.get)
    )
    chosen = soup(one(node).render({"field": "9"})).find("option", selected=True)
    assert (chosen["value"], chosen.text) == ("9", "Z")


def test_a_searchable_list_is_searched_on_the_server_without_javascript() -> None:
    found = {"din": [("5", "Dinas Kelautan")]}
    node = colander.SchemaNode(
        colander.String(), widget=widgets.SearchSelect(find=lambda text: found.get(text, []))
    )
    form = one(node)
    assert soup(form.render()).find("noscript").find("button")["name"] == "__find__field"
    assert rework(form, [("field", ""), ("__sought__field", "din"), ("__find__field", "1")])
    assert soup(form.render()).find("option", value="5").text == "Dinas Kelautan"


def test_a_required_choice_starts_with_an_empty_one() -> None:
    page = soup(every_page()["empty"])
    first = page.find("select", attrs={"name": "scheme"}).find("option")
    assert (first["value"], first.text) == ("", "Choose…")


def test_several_choices_of_a_list_come_back() -> None:
    node = colander.SchemaNode(
        colander.Set(), widget=widgets.Select(values=[("a", "A"), ("b", "B"), ("c", "C")], multiple=True)
    )
    form = one(node)
    assert form.validate(controls(soup(form.render({"field": {"a", "c"}}))))["field"] == {"a", "c"}
