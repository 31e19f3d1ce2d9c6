"""Forms as a test sees them: a renderer without an application, and what a browser without JavaScript would send."""

import copy
import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import colander
import deform
from bs4 import BeautifulSoup, Tag
from jinja2 import Environment, FileSystemLoader

import collab
from collab.web import style, widgets
from collab.web.filters import FILTERS
from collab.web.i18n import localizer_for

SOURCE = Path(collab.__file__).parent
WEB = SOURCE / "web"
STATES = ["empty", "filled", "wrong", "hostile", "read only", "style page"]
#: Text that would break out of an attribute, an element or a template, if anything let it.
HOSTILE = """</textarea></select>"'><script>alert(1)</script><b onmouseover=alert(2) style="color:red">${x}{{ 7*7 }}"""


def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_null_translations()  # type: ignore[attr-defined]
    env.filters.update(FILTERS)
    env.globals["static"] = "/static/{}".format
    return env


def say(message: Any) -> str:
    return str(message.interpolate() if hasattr(message, "interpolate") else message)


def renderer() -> widgets.JinjaRenderer:
    return widgets.JinjaRenderer(environment(), say)


def example(**options: Any) -> deform.Form:
    return style.example_form(renderer(), **options)


def one(node: colander.SchemaNode) -> deform.Form:
    """Return a form of this one field, named `field`."""
    node.name = "field"
    schema = colander.MappingSchema()
    schema.add(node)
    return deform.Form(schema, renderer=renderer(), buttons=("save",))


def soup(html: Any) -> BeautifulSoup:
    return BeautifulSoup(str(html), "html.parser")


def controls(page: Tag) -> Iterator[tuple[str, str]]:
    """Yield what a browser without JavaScript sends, in the order of the document."""
    for tag in page.find_all(["input", "select", "textarea"]):
        name = tag.get("name")
        if tag.find_parent("template") or tag.find_parent("noscript") or not name:
            continue
        if tag.name == "textarea":
            yield name, tag.text.removeprefix("\n")
        elif tag.name == "select":
            options = tag.find_all("option")
            chosen = [option for option in options if option.has_attr("selected")]
            if tag.has_attr("multiple"):
                yield from ((name, option["value"]) for option in chosen)
            elif options:
                yield name, (chosen or options)[0]["value"]
        elif tag.get("type") in ("checkbox", "radio"):
            if tag.has_attr("checked"):
                yield name, tag["value"]
        elif tag.get("type") == "file":
            yield name, ""
        else:
            yield name, tag.get("value", "")


@cache
def every_page() -> dict[str, str]:
    """Return the outputs of every widget in every state."""
    hostile = copy.deepcopy(style.EXAMPLE) | {
        "statement": HOSTILE,
        "short": HOSTILE,
        "aliases": [HOSTILE],
        "token": HOSTILE,
    }
    hostile["contact"] = {"person": HOSTILE, "email": HOSTILE}
    return {
        "empty": example().render(),
        "filled": example().render(style.EXAMPLE),
        "wrong": style.wrong_form(renderer()),
        "hostile": example().render(hostile),
        "read only": example().render(hostile, readonly=True),
        "style page": style_page(),
    }


def style_page() -> str:
    request = SimpleNamespace(script_name="", path="/style", path_qs="/style", method="GET", GET={})
    request.localizer = localizer_for("id")
    item = SimpleNamespace(label="Ringkasan", url="/", icon="speedometer2", active=True)
    layout = SimpleNamespace(
        menu=[item], bottom_menu=[item] * 4, locale="id", as_of=dt.date(2026, 11, 23), is_today=True, zone="Asia/Jakarta",
        identity=SimpleNamespace(display_name=HOSTILE, position_title=HOSTILE), government=HOSTILE, environment="demo",
        breadcrumbs=[(HOSTILE, "/"), ("Gaya", None)], csrf_token="t", new_key="k", flashes=[("success", HOSTILE)],
    )  # fmt: skip
    page = environment().get_template("style.jinja2")
    return page.render(request=request, layout=layout, **style.page_values(renderer()))
