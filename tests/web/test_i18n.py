"""Which language a page speaks, and that it has words for everything."""

import importlib.util
import re
from pathlib import Path
from types import SimpleNamespace

import colander
import deform
import pyramid_jinja2
import pytest
from babel.messages.extract import extract_from_file
from pyramid.config import Configurator
from pyramid.request import Request, apply_request_extensions
from pyramid.response import Response
from pyramid.threadlocal import RequestContext
from webtest import TestApp

import collab.web
from collab.core.text import _
from collab.web.i18n import localizer_for, negotiate, pluralize, translate

ROOT = Path(__file__).parents[2]


def load_messages():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


messages = load_messages()


@pytest.fixture
def config():
    configurator = Configurator(package="collab", settings={"jinja2.i18n.domain": "collab"})
    configurator.add_directive("get_jinja2_environment", pyramid_jinja2.get_jinja2_environment)
    pyramid_jinja2.add_jinja2_renderer(configurator, ".jinja2", package=collab.web)
    configurator.include("collab.web.i18n")
    configurator.include("collab.web.filters")
    configurator.commit()
    return configurator


@pytest.fixture
def ask(config):
    def make(address="/", **parts):
        request = Request.blank(address, **parts)
        request.registry = config.registry
        apply_request_extensions(request)
        return request

    return make


# The choice of language.


def test_a_page_speaks_indonesian_unless_asked_otherwise(ask):
    assert negotiate(ask()) == "id"


@pytest.mark.parametrize("lang", ["en", "id"])
def test_the_address_chooses_the_language(ask, lang):
    assert negotiate(ask(f"/?lang={lang}", cookies={"lang": "id"})) == lang


@pytest.mark.parametrize("lang", ["", "fr", "../../etc", "EN", "%00", "en_US"])
def test_an_unknown_language_is_passed_over(ask, lang):
    assert negotiate(ask(f"/?lang={lang}")) == "id"


def test_a_malformed_query_does_not_hinder_the_choice(ask):
    assert negotiate(ask("/?lang=%ff%fe")) == "id"


def test_the_cookie_chooses_where_the_address_does_not(ask):
    assert negotiate(ask(headers={"Cookie": "lang=en"})) == "en"
    assert negotiate(ask("/?lang=id", headers={"Cookie": "lang=en"})) == "id"


def test_an_identity_already_loaded_chooses_last(ask):
    request = ask()
    request.environ["collab.identity"] = SimpleNamespace(locale="en")
    assert negotiate(request) == "en"
    request.cookies["lang"] = "id"
    assert negotiate(request) == "id"


def test_the_choice_never_loads_an_identity(ask):
    class Watched(Request):
        @property
        def identity(self):
            raise AssertionError("the identity was asked for")

    assert negotiate(Watched.blank("/")) == "id"


@pytest.fixture
def app(config):
    def say(request):
        kind = request.params.get("type", "text/html")
        return Response(translate(request, _("Sign in")), content_type=kind, charset="utf-8")

    config.add_route("home", "/")
    config.add_view(say, route_name="home")
    return TestApp(config.make_wsgi_app())


def test_the_language_asked_for_is_kept(app):
    assert app.get("/").text == "Masuk"
    assert app.get("/?lang=en").text == "Sign in"
    assert app.get("/").text == "Sign in"
    assert app.get("/?lang=id").text == "Masuk"
    assert app.get("/").text == "Masuk"


def test_the_language_cookie_is_out_of_reach_of_scripts_and_other_sites(app):
    header = app.get("/?lang=en").headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "secure" not in header
    assert "secure" in app.get("/?lang=id", extra_environ={"wsgi.url_scheme": "https"}).headers["Set-Cookie"]


@pytest.mark.parametrize("address", ["/", "/?lang=fr", "/?lang=en&type=application/json"])
def test_no_cookie_is_set_without_a_choice_made_on_a_page(app, address):
    assert "Set-Cookie" not in app.get(address).headers


# Saying sentences.


def test_sentences_within_sentences_are_translated_too():
    sentence = _("Add ${what}", mapping={"what": _("Partner")})
    assert translate(localizer_for("id"), sentence) == "Add Mitra"


def test_somebodys_own_words_stay_as_they_are():
    assert translate(localizer_for("id"), "Rapat ${x} 100% 'a'") == "Rapat ${x} 100% 'a'"
    assert translate(localizer_for("id"), None) == translate(localizer_for("id"), "") == ""


@pytest.mark.parametrize(
    "n, id_, en", [(0, "0 menit", "0 minutes"), (1, "1 menit", "1 minute"), (2, "2 menit", "2 minutes")]
)
def test_counted_sentences_have_the_plural_of_their_language(n, id_, en):
    forms = ("${n} minute ago", "${n} minutes ago")
    assert pluralize(localizer_for("id"), *forms, n) == f"{id_} lalu"
    assert pluralize(localizer_for("en"), *forms, n) == f"{en} ago"


def test_forms_refuse_in_the_language_of_the_request(ask):
    schema = colander.SchemaNode(colander.String(), validator=colander.Length(min=3))
    with pytest.raises(colander.Invalid) as refused:
        schema.deserialize("ab")
    said = refused.value.msg[0] if isinstance(refused.value.msg, list) else refused.value.msg
    assert translate(ask(), said) == "Isi dengan paling sedikit 3 karakter."
    assert translate(ask("/?lang=en"), said) == "Shorter than minimum length 3"
    assert translate(ask(), deform.widget.CheckedInputWidget.mismatch_message) == "Kedua isian tidak sama"


# In templates.


@pytest.fixture
def template(config, ask, tmp_path):
    environment = config.get_jinja2_environment()

    def say(source, address="/", **values):
        path = tmp_path / f"page{len(list(tmp_path.iterdir()))}.jinja2"
        path.write_text(source, encoding="utf-8")
        request = ask(address)
        with RequestContext(request):
            return environment.get_template(str(path)).render(request=request, **values)

    return say


@pytest.mark.parametrize(
    "source",
    [
        "{{ _('Sign in') }}",
        "{{ gettext('Sign in') }}",
        "{% trans %}Sign in{% endtrans %}",
        "{% trans %}\n  Sign in\n{% endtrans %}",
    ],
)
def test_templates_speak_the_language_of_the_request(template, source):
    assert template(source) == "Masuk"
    assert template(source, "/?lang=en") == "Sign in"


def test_templates_count(template):
    counted = "{% trans n=n %}{{ n }} page{% pluralize %}{{ n }} pages{% endtrans %}"
    assert template(counted, n=3) == "3 halaman"
    assert template(counted, "/?lang=en", n=3) == "3 pages"
    assert template("{{ ngettext('${n} hour ago', '${n} hours ago', 2) }}") == "2 jam lalu"


def test_templates_fill_in_names(template):
    assert template("{{ _('As of %(day)s', day='1 Mei') }}") == "Per tanggal 1 Mei"
    assert (
        template("{{ _('Choose a number from 1 to ${largest}.', largest=9) }}")
        == "Pilih angka dari 1 sampai 9."
    )


@pytest.mark.parametrize(
    "source",
    [
        "{{ _(told) }}",
        "{{ _('As of %(day)s', day=typed) }}",
        "{{ _('Add ${what}', what=typed) }}",
        "{% trans day=typed %}As of {{ day }}{% endtrans %}",
        "{{ ngettext('${what} page', '${what} pages', 2, what=typed) }}",
    ],
)
def test_what_a_user_typed_is_never_markup_in_a_translated_sentence(template, source):
    typed = "<b>%(x)s ${n}</b>"
    said = template(source, typed=typed, told=_("${what} is not allowed", mapping={"what": typed}))
    assert "<b>" not in said
    assert "&lt;b&gt;%(x)s ${n}" in said or "&lt;b&gt;%(x)s 2" in said


def test_a_macro_imported_without_context_speaks_the_language_of_the_request(template, tmp_path):
    (tmp_path / "macros.jinja2").write_text(
        "{% macro enter() %}{{ _('Sign in') }}{% endmacro %}", encoding="utf-8"
    )
    source = f"{{% import '{tmp_path / 'macros.jinja2'}' as m %}}{{{{ m.enter() }}}}"
    assert template(source) == "Masuk"
    assert template(source, "/?lang=en") == "Sign in"


def test_mail_speaks_the_language_of_its_reader(template):
    assert template("{{ _('Sign in') }}", "/", locale="en") == "Sign in"


# The catalogues.


def test_every_sentence_has_an_indonesian_translation():
    assert messages.main(["check"]) == 0, "run tools/messages.py check"


@pytest.mark.parametrize("library", ["colander", "deform"])
def test_every_sentence_of_the_form_libraries_has_an_indonesian_translation(library):
    template = messages.library_template(library)
    assert len(list(messages.sentences(template))) >= 24
    assert list(messages.missing(template, messages.read("id", library))) == []
    assert list(messages.changed_placeholders("id", messages.read("id", library))) == []


@pytest.mark.parametrize("library, module", [("colander", colander), ("deform", deform.widget)])
def test_the_libraries_lists_of_their_sentences_are_complete(library, module):
    marked = extract_from_file("python", module.__file__, {"_": None})
    known = {messages.key(message)[0] for message in messages.sentences(messages.library_template(library))}
    assert {sentence for _line, sentence, *_rest in marked} <= known


@pytest.mark.parametrize("domain", messages.DOMAINS["id"])
def test_indonesian_pages_use_the_words_of_the_house(domain):
    """Misspellings, English words where a usual Indonesian one exists, and "MoU" (which of the three?)."""
    avoided = re.compile(
        r"\b(kerjasama|silahkan|analisa|resiko|aktifitas|ijin|e-?mail|error|deadline|upload|download|link|mou|kalian|anda)\b"
    )
    for message in messages.sentences(messages.read("id", domain)):
        said = " ".join([message.string] if isinstance(message.string, str) else message.string)
        assert not avoided.search(said.replace("Anda", "").lower()), said


def catalog(**sentences):
    made = messages.new_catalog("collab", "id")
    for sentence, said in sentences.items():
        made.add(sentence.replace("_", " "), said)
    return made


def test_a_sentence_without_translation_is_named():
    assert list(
        messages.missing(catalog(Sign_in="", Sign_out=""), catalog(Sign_in="Masuk", Sign_out=""))
    ) == ["collab: no translation of 'Sign out'"]


def test_a_lost_or_invented_placeholder_is_named():
    made = messages.new_catalog("collab", "id")
    made.add("From ${day}", "Dari ${hari}")
    made.add("As of %(day)s", "Per tanggal")
    made.add("to ${day}", "sampai ${day}")
    assert len(list(messages.changed_placeholders("id", made))) == 2


def test_a_counted_sentence_without_its_number_is_named():
    made = messages.new_catalog("collab", "id")
    made.add(("One thing is missing", "%(n)s things are missing"), ("Satu hal belum ada",))
    made.add(("One page", "%(n)s pages"), ("%(n)s halaman",))
    assert len(list(messages.changed_placeholders("id", made))) == 1


def test_a_lone_percent_sign_in_a_sentence_to_be_filled_in_is_named():
    made = messages.new_catalog("collab", "id")
    made.add("%(share)s%% of all", "%(share)s% dari semua")
    assert len(list(messages.changed_placeholders("id", made))) == 1
    made["%(share)s%% of all"].string = "%(share)s%% dari semua"
    assert list(messages.changed_placeholders("id", made)) == []


def test_a_sentence_that_comes_back_finds_its_translation_again():
    old = messages.merged(catalog(), catalog(Sign_in="Masuk"))
    assert [message.id for message in old.obsolete.values()] == ["Sign in"]
    again = messages.merged(catalog(Sign_in=""), old)
    assert again["Sign in"].string == "Masuk"
    assert not again.obsolete
    assert not messages.merged(catalog(), old, prune=True).obsolete


def test_a_sentence_that_becomes_counted_keeps_its_translation():
    counted = messages.new_catalog("collab", "id")
    counted.add(("one page", "pages"))
    assert messages.merged(counted, catalog(one_page="halaman"))["one page"].string == ("halaman",)
    again = messages.merged(catalog(one_page=""), messages.merged(counted, catalog(one_page="halaman")))
    assert again["one page"].string == "halaman"


def test_a_catalogue_written_twice_is_the_same_to_the_byte():
    first = messages.po_bytes(messages.merged(catalog(b="2", a="1"), catalog(a="satu")))
    second = messages.po_bytes(messages.merged(catalog(a="1", b="2"), catalog(a="satu")))
    assert first == second
    assert b"nplurals=1" in first
    assert b"Date" not in first
