"""Language of a request: Indonesian unless asked otherwise; one way to translate in views, templates and mail."""

from functools import lru_cache
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from pyramid.config import Configurator
from pyramid.events import NewResponse
from pyramid.i18n import Localizer, make_localizer
from pyramid.path import AssetResolver
from pyramid.request import Request
from pyramid.threadlocal import get_current_request

from collab.core.text import Sentence, TranslationString, _
from collab.web.security import known_identity

__all__ = ["DEFAULT_LOCALE", "LOCALES", "_", "includeme", "localizer_for", "pluralize", "translate"]

DOMAIN = "collab"
LOCALES = ("id", "en")
DEFAULT_LOCALE = "id"
COOKIE = "lang"
#: Sentences of one language that are remembered: ours are some two thousand.
MOST_REMEMBERED = 4000
COOKIE_SECONDS = 365 * 24 * 3600

#: Later directories win: ours holds the Indonesian catalogues that colander and deform lack.
DIRECTORIES = ("colander:locale", "deform:locale", "collab:locale")

#: pyramid_jinja2 makes its environment in phase 0.
AFTER_ENVIRONMENT = 1


def includeme(config: Configurator) -> None:
    """Set up catalogues, the choice of language, and translation in templates."""
    config.add_translation_dirs(*DIRECTORIES, override=True)
    config.set_locale_negotiator(negotiate)
    config.add_subscriber(remember, NewResponse)
    config.action("collab.i18n", lambda: _install(config), order=AFTER_ENVIRONMENT)


def negotiate(request: Request) -> str:
    """Choose the locale: `?lang=`, the cookie, the user's own choice, else Indonesian.

    The identity is asked only when something else has already loaded it: choosing words for an error page
    must not touch the database.
    """
    identity = known_identity(request)
    wishes = (_asked(request), request.cookies.get(COOKIE), identity.locale if identity else None)
    return next((wish for wish in wishes if wish in LOCALES), DEFAULT_LOCALE)


def remember(event: NewResponse) -> None:
    """Keep the language asked for by `?lang=` in a cookie, on pages only."""
    request, response = event.request, event.response
    asked = _asked(request)
    if asked not in LOCALES or asked == request.cookies.get(COOKIE) or response.content_type != "text/html":
        return
    secure = request.scheme == "https"
    response.set_cookie(COOKIE, asked, max_age=COOKIE_SECONDS, secure=secure, httponly=True, samesite="Lax")


def _asked(request: Request) -> str | None:
    try:
        return request.GET.get("lang")
    except UnicodeDecodeError:  # a malformed query is answered elsewhere, in some language
        return None


@lru_cache
def localizer_for(locale: str) -> Localizer:
    """Give the localizer of a locale where there is no request (commands, mail, briefings)."""
    resolve = AssetResolver().resolve
    return make_localizer(locale, [resolve(spec).abspath() for spec in DIRECTORIES])


def translate(request: Request | Localizer, sentence: Sentence | None, **variables: object) -> str:
    """Say a sentence in the language of the request (or of a given localizer).

    A plain string is looked up in our own domain and comes back as it is when it is nobody's msgid.
    `variables` fill `${name}`; those that are sentences themselves are translated first. The answer is plain
    text, never markup: values are escaped by the template like any other text.
    """
    if not sentence:
        return ""
    localizer = request if isinstance(request, Localizer) else request.localizer
    if not variables and not getattr(sentence, "mapping", None):
        return _plain(localizer, sentence)
    mapping = {**(getattr(sentence, "mapping", None) or {}), **variables}
    for name, value in mapping.items():
        if isinstance(value, TranslationString):
            mapping[name] = translate(localizer, value)
    domain = getattr(sentence, "domain", None) or DOMAIN
    said = localizer.translate(sentence, domain=domain, mapping=mapping or None)
    return str(said)


def _plain(localizer: Localizer, sentence: Sentence) -> str:
    """Translate a sentence without values; a page says some of them hundreds of times, so they are remembered."""
    domain, default, context = (getattr(sentence, name, None) for name in ("domain", "default", "context"))
    known: dict[tuple[Any, ...], str] = localizer.__dict__.setdefault("collab_said", {})
    key = (str(sentence), domain, default, context)
    said = known.get(key)
    if said is None:
        said = str(localizer.translate(sentence, domain=domain or DOMAIN))
        if len(known) < MOST_REMEMBERED:
            known[key] = said
    return said


def pluralize(request: Request | Localizer, singular: str, plural: str, n: int, **variables: object) -> str:
    """Say a counted sentence; `${n}` is the number, other `${name}` come from `variables`."""
    localizer = request if isinstance(request, Localizer) else request.localizer
    return str(localizer.pluralize(singular, plural, n, domain=DOMAIN, mapping={"n": n, **variables}))


def speaker(context: Context) -> Localizer:
    """Give the localizer of a template: `locale` if given (mail), else its request's, else Indonesian.

    Macros imported without context do not see the request; the thread's current one stands in.
    """
    locale = context.get("locale")
    if locale:
        return localizer_for(str(locale))
    request = context.get("request") or get_current_request()
    return localizer_for(DEFAULT_LOCALE) if request is None else request.localizer


@pass_context
def _gettext(context: Context, sentence: Sentence | None, **variables: object) -> str:
    """Translate in a template; a sentence uses either `${name}` or gettext's `%(name)s`, never both."""
    if variables and sentence and "%(" in sentence:
        return translate(speaker(context), sentence) % variables
    return translate(speaker(context), sentence, **variables)


@pass_context
def _ngettext(context: Context, singular: str, plural: str, n: int, **variables: object) -> str:
    """Translate a counted sentence in a template, in either style."""
    if variables and "%(" in plural:
        return pluralize(speaker(context), singular, plural, n) % variables
    return pluralize(speaker(context), singular, plural, n, **variables)


def _install(config: Configurator) -> None:
    """Give templates `_`, `gettext`, `ngettext` and `{% trans %}`.

    Old-style gettext on purpose: the new style marks the finished sentence as safe markup, values and all,
    and a sentence such as colander's '"${val}" is not one of ...' carries what the user typed.
    """
    environment = config.get_jinja2_environment()
    if environment is None:  # the API alone, without pages
        return
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(_gettext, _ngettext, newstyle=False)
