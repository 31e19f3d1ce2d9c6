"""The style page: every component, signal and widget on one sheet, for eyes and for tests; development only.

Nothing on it comes from the database. Its numbers and names are made up and say so.
"""

import datetime as dt
from typing import Any

import colander
import deform
import peppercorn
from markupsafe import Markup
from pyramid.config import Configurator
from pyramid.request import Request

from collab.web import widgets
from collab.web.forms import renderer
from collab.web.security import PUBLIC

AGENCIES = [
    ("kopukm", "Dinas Koperasi dan UKM"),
    ("perindag", "Dinas Perindustrian dan Perdagangan"),
    ("pertanian", "Dinas Pertanian dan Ketahanan Pangan"),
    ("kominfo", "Dinas Komunikasi dan Informatika"),
]


class Checkpoint(colander.MappingSchema):
    """One row of the example's checkpoints."""

    code = colander.SchemaNode(colander.String(), title="Code", widget=widgets.TextInput())
    due_on = colander.SchemaNode(colander.Date(), title="Due", widget=widgets.DateInput())
    target = colander.SchemaNode(
        colander.Decimal(), title="Target", missing=None, widget=widgets.Number(suffix="groups")
    )


class Checkpoints(colander.SequenceSchema):
    """The example's checkpoints."""

    checkpoint = Checkpoint(title="Checkpoint", widget=widgets.Section())


class Names(colander.SequenceSchema):
    """Other names, one text each."""

    name = colander.SchemaNode(colander.String(), title="Name", widget=widgets.TextInput())


class Contact(colander.MappingSchema):
    """A mapping inside the form."""

    person = colander.SchemaNode(colander.String(), title="Person", widget=widgets.TextInput())
    email = colander.SchemaNode(
        colander.String(), title="E-mail", validator=colander.Email(), widget=widgets.TextInput(type="email")
    )


class Example(colander.MappingSchema):
    """A form with one of every widget."""

    token = colander.SchemaNode(colander.String(), missing=colander.drop, widget=widgets.Hidden())
    mandate = colander.SchemaNode(
        colander.String(), title="Mandate", missing=colander.drop, widget=widgets.ReadOnly()
    )
    statement = colander.SchemaNode(
        colander.String(),
        title="Commitment",
        description="What will be done, in one sentence.",
        validator=colander.Length(max=160),
        widget=widgets.TextArea(rows=3),
    )
    short = colander.SchemaNode(
        colander.String(), title="Short name", missing=None, widget=widgets.TextInput()
    )
    secret = colander.SchemaNode(
        colander.String(), title="Pass phrase", missing=None, widget=widgets.Password()
    )
    actual = colander.SchemaNode(
        colander.Decimal(),
        title="Result so far",
        description="A comma before decimals: 1.500,25.",
        widget=widgets.Number(suffix="groups"),
    )
    achieved_on = colander.SchemaNode(colander.Date(), title="Reached on", widget=widgets.DateInput())
    scheme = colander.SchemaNode(
        colander.String(),
        title="Scheme",
        widget=widgets.Select(values=[("ksdd", "KSDD"), ("ksdpk", "KSDPK")]),
    )
    accountable = colander.SchemaNode(
        colander.String(),
        title="Accountable agency",
        widget=widgets.SearchSelect(
            values=AGENCIES[:2], url="/style/agencies.json", label_of=dict(AGENCIES).get
        ),
    )
    supporting = colander.SchemaNode(
        colander.Set(), title="Supporting agencies", widget=widgets.CheckboxList(values=AGENCIES)
    )
    status = colander.SchemaNode(
        colander.String(),
        title="Status",
        validator=colander.OneOf(["in_progress", "blocked", "done"]),
        widget=widgets.Radio(
            values=[("in_progress", "In progress"), ("blocked", "Blocked"), ("done", "Done")]
        ),
    )
    public = colander.SchemaNode(
        colander.Boolean(), title="Show on the public portal", missing=False, widget=widgets.Checkbox()
    )
    evidence = colander.SchemaNode(
        colander.List(), title="Evidence", missing=(), widget=widgets.Upload(describe=lambda ids: [
            {"id": i, "name": f"bukti-{i}.pdf", "size": 184320} for i in ids
        ]),
    )  # fmt: skip
    checkpoints = Checkpoints(
        title="Checkpoints", missing=(), widget=widgets.Rows(add_label="Add a checkpoint", max_len=6)
    )
    aliases = Names(title="Other names", missing=(), widget=widgets.Rows(add_label="Add a name"))
    contact = Contact(title="Contact", widget=widgets.Section())


EXAMPLE = {
    "token": "t-1",
    "mandate": "Kesepakatan Bersama OKE OCE (contoh)",
    "statement": "Membentuk kelompok wirausaha baru di tujuh kabupaten/kota (contoh).",
    "actual": "1500.25",
    "achieved_on": dt.date(2026, 12, 12),
    "scheme": "ksdpk",
    "accountable": "kominfo",
    "supporting": {"pertanian"},
    "status": "in_progress",
    "public": True,
    "evidence": ["7", "8"],
    "checkpoints": [
        {"code": "B03", "due_on": dt.date(2026, 3, 31), "target": "10"},
        {"code": "B06", "due_on": dt.date(2026, 6, 30), "target": None},
    ],
    "aliases": ["Diskop UKM"],
    "contact": {"person": "Siti (contoh)", "email": "siti@contoh.example"},
}


def example_form(draw: Any, *, action: str = "", **options: Any) -> deform.Form:
    """Return the form with one of every widget."""
    sections = [
        ("What is owed", "The promise and how it is measured.", ["mandate", "statement", "short", "actual"]),
        ("Proof", None, ["evidence", "checkpoints", "aliases", "contact"]),
    ]
    schema = Example(widget=widgets.SectionedForm(sections=sections))
    form = deform.Form(
        schema,
        renderer=draw,
        action=action,
        formid="example",
        buttons=(deform.Button("save", title="Save"), deform.Button("draft", title="Save as draft")),
        **options,
    )
    form.hidden_fields = [("idempotency_key", "made-up")]
    form.outcome = "The coordinator is told and verifies within seven days."
    form.cancel_url = "/style"
    return form


def wrong_form(draw: Any) -> str:
    """Return the same form as it looks after a careless save."""
    form = example_form(draw)
    sent = [("statement", "x" * 170), ("actual", "seribu"), ("status", "?"), ("__start__", "contact:mapping")]
    sent += [("person", ""), ("email", "not an address"), ("__end__", "contact:mapping")]
    try:
        form.validate_pstruct(peppercorn.parse(sent))
    except deform.ValidationFailure as failure:
        return failure.render()
    raise AssertionError("the careless form was accepted")


def samples(today: dt.date) -> dict[str, Any]:
    """Return the made-up figures and histories of the page."""
    months = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
    shares = [40, 50, None, 62.5, 60, 71, 66, 80, None, 75, 83, 100]
    return {
        "today": today,
        "trend": [
            (month, share, round((share or 0) / 12.5), 8 if share is not None else 0)
            for month, share in zip(months, shares, strict=True)
        ],
        "history": [
            {"on": dt.datetime(2026, 11, 20, 7, 5, tzinfo=dt.UTC), "who": "Rina", "position": "Plt. Kepala Dinas",
             "sentence": "Laporan B09 diverifikasi (contoh).", "signal": "green", "icon": "check-lg"},
            {"on": dt.date(2026, 11, 12), "who": "Siti", "position": "Narahubung Dinas Koperasi dan UKM",
             "sentence": "Mencatat 12 dari 40 kelompok (contoh).", "url": "#bukti", "icon": "pencil",
             "link_label": "bukti-7.pdf", "note": "Dua kabupaten menunggu berita acara."},
            {"on": dt.date(2026, 10, 1), "sentence": "Tenggat terlewat (contoh).", "signal": "red",
             "icon": "exclamation-octagon"},
        ],
        "documents": [
            {"title": "Naskah Kesepakatan Bersama (contoh)", "url": "#", "kind_label": "Naskah", "size": 384000,
             "pages": 12, "on": dt.date(2026, 3, 30), "media_type": "application/pdf"},
            {"title": "Foto penandatanganan (contoh)", "url": "#", "kind_label": "Foto", "size": 1240000,
             "media_type": "image/jpeg"},
        ],
        "states": ["met", "met_late", "open", "due_soon", "returned", "awaiting_verification", "undated",
                   "overdue", "cancelled"],
    }  # fmt: skip


def style(request: Request) -> dict[str, Any]:
    """Show every component."""
    return page_values(renderer(request))


def page_values(draw: Any, today: dt.date = dt.date(2026, 11, 23)) -> dict[str, Any]:
    """Return what the style page's template needs."""
    return {
        "form": Markup(example_form(draw).render(EXAMPLE)),
        "wrong": Markup(wrong_form(draw)),
    } | samples(today)


def agencies(request: Request) -> dict[str, Any]:
    """Answer the searchable list of the style page."""
    sought = request.GET.get("q", "").lower()
    return {"items": [{"id": code, "text": name} for code, name in AGENCIES if sought in name.lower()]}


def includeme(config: Configurator) -> None:
    """Add the style page; only development and test include it."""
    config.add_route("style", "/style")
    config.add_route("style.agencies", "/style/agencies.json")
    template = "collab.web:templates/style.jinja2"
    options = {"request_method": "GET", "collab_methods": ("GET",), "permission": PUBLIC}
    config.add_view(style, route_name="style", renderer=template, **options)
    config.add_view(agencies, route_name="style.agencies", renderer="json", **options)
