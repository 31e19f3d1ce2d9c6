"""Keep the translation catalogues: `extract`, `update`, `compile`, `check`.

    python tools/messages.py update     take new sentences from the code into the .po files, keep what is translated
    python tools/messages.py compile    write the .mo files that the application reads
    python tools/messages.py check      exit 1 and name what lacks a translation or is out of date

Message ids are the English source sentences. Catalogues carry no dates and no line numbers and are sorted, so
that two people's changes merge calmly. Sentences no longer used stay as `#~` until `update --prune`.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "collab"
LOCALES = SOURCE / "locale"

#: Our own sentences, and the Indonesian words for the libraries that have none.
DOMAINS = {"id": ("collab", "colander", "deform"), "en": ("collab",)}
OURS = "collab"
COMPLETE = "id"

#: Where the sentences stand among the arguments of each function.
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pluralize": (2, 3)}

#: Babel does not know that Indonesian has no plural form.
PLURALS = {"id": "nplurals=1; plural=0;"}

PLACEHOLDER = re.compile(r"\$?\{\w+\}|%\(\w+\)[sd]")
NOISE = {
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Report-Msgid-Bugs-To",
    "Generated-By",
}


class QuietCatalog(Catalog):
    """A catalogue whose head says nothing that changes by itself."""

    def _quiet(self) -> list[tuple[str, str]]:
        return [pair for pair in self._get_mime_headers() if pair[0] not in NOISE]

    mime_headers = property(_quiet, Catalog._set_mime_headers)


def new_catalog(domain: str, locale: str | None = None) -> QuietCatalog:
    """Make an empty catalogue."""
    catalog = QuietCatalog(
        locale=locale, domain=domain, project=domain, version="1", header_comment="#", fuzzy=False
    )
    if locale in PLURALS:
        catalog.mime_headers = [("Plural-Forms", PLURALS[locale])]
    return catalog


def extract(source: Path = SOURCE) -> Catalog:
    """Gather every sentence marked in the code and templates below a folder."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as lines:
        methods, options = parse_mapping_cfg(lines)
    template = new_catalog(OURS)
    for *_place, sentence, _comments, context in extract_from_dir(source, methods, options, KEYWORDS):
        template.add(sentence, context=context)
    return template


def library_template(domain: str) -> Catalog:
    """Gather every sentence a library shows, from its own template, without those of its tests."""
    folder = Path(find_spec(domain).submodule_search_locations[0])
    with (folder / "locale" / f"{domain}.pot").open("rb") as stream:
        offered = read_po(stream)
    template = new_catalog(domain)
    for message in sentences(offered):
        if not message.locations or any("/tests/" not in name for name, _line in message.locations):
            template.add(message.id, context=message.context)
    return template


def template_of(domain: str) -> Catalog:
    """Give all that a domain's catalogues have to translate."""
    return extract() if domain == OURS else library_template(domain)


def sentences(catalog: Catalog) -> Iterator[Message]:
    """Go through a catalogue without its head."""
    return (message for message in catalog if message.id)


def po_path(locale: str, domain: str) -> Path:
    """Say where a catalogue lies."""
    return LOCALES / locale / "LC_MESSAGES" / f"{domain}.po"


def read(locale: str, domain: str) -> Catalog:
    """Read a catalogue; an absent one is empty."""
    path = po_path(locale, domain)
    if not path.exists():
        return new_catalog(domain, locale)
    with path.open("rb") as stream:
        return read_po(stream, locale=locale, domain=domain)


def merged(template: Catalog, old: Catalog, *, prune: bool = False) -> QuietCatalog:
    """Take the template's sentences with the old translations; translated ones no longer used become obsolete.

    A sentence that comes back into use finds its translation again. Nothing is guessed from similar sentences.
    """
    known = {
        key(message): message for message in (*old.obsolete.values(), *sentences(old)) if translated(message)
    }
    new = new_catalog(old.domain, str(old.locale))
    for message in sentences(template):
        found = known.pop(key(message), None)
        taken = new.add(message.id, string=fitting(message, found, new.num_plurals), context=message.context)
        taken.flags.discard("python-brace-format")  # our ${name} is not Python's
    if not prune:
        for message in known.values():
            message.flags.discard("python-brace-format")
            new.obsolete[key(message)] = message
    return new


def fitting(message: Message, found: Message | None, forms: int) -> str | tuple[str, ...] | None:
    """Give a known translation in the shape the sentence now has: one string, or one for each plural form."""
    if found is None:
        return None
    said = [found.string] if isinstance(found.string, str) else list(found.string)
    if isinstance(message.id, str):
        return said[0]
    return tuple(said) if len(said) == forms else None


def key(message: Message) -> tuple[str, str | None]:
    """Name a sentence: by its singular, and its context if any."""
    first = message.id if isinstance(message.id, str) else message.id[0]
    return first, message.context


def translated(message: Message) -> bool:
    """Tell whether all forms are said."""
    forms = [message.string] if isinstance(message.string, str) else message.string
    return bool(forms) and all(forms) and not message.fuzzy


def po_bytes(catalog: Catalog) -> bytes:
    """Write a catalogue for people: sorted, unwrapped, without line numbers."""
    stream = io.BytesIO()
    write_po(stream, catalog, width=0, no_location=True, sort_output=True)
    return stream.getvalue()


def mo_bytes(locale: str, domain: str) -> bytes:
    """Write a catalogue for the machine."""
    stream = io.BytesIO()
    write_mo(stream, merged(read(locale, domain), read(locale, domain), prune=True))
    return stream.getvalue()


def every_catalog() -> Iterator[tuple[str, str]]:
    """Go through `(locale, domain)` of all catalogues."""
    return ((locale, domain) for locale, domains in DOMAINS.items() for domain in domains)


def update(*, prune: bool = False) -> None:
    """Bring every .po file up to the code."""
    templates = {domain: template_of(domain) for domain in DOMAINS[COMPLETE]}
    for locale, domain in every_catalog():
        path = po_path(locale, domain)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_bytes(merged(templates[domain], read(locale, domain), prune=prune)))


def compile_all() -> None:
    """Write every .mo file from its .po file."""
    for locale, domain in every_catalog():
        po_path(locale, domain).with_suffix(".mo").write_bytes(mo_bytes(locale, domain))


def problems() -> Iterator[str]:
    """Say in one line each what is missing, wrong or out of date."""
    for domain in DOMAINS[COMPLETE]:
        yield from missing(template_of(domain), read(COMPLETE, domain))
    for locale, domain in every_catalog():
        yield from changed_placeholders(locale, read(locale, domain))
        path = po_path(locale, domain).with_suffix(".mo")
        if not path.exists() or path.read_bytes() != mo_bytes(locale, domain):
            yield f"{path.relative_to(ROOT)} is out of date: run tools/messages.py compile"


def missing(template: Catalog, catalog: Catalog) -> Iterator[str]:
    """Say which sentences of a template a catalogue does not translate."""
    known = {key(message) for message in sentences(catalog) if translated(message)}
    for message in sentences(template):
        if key(message) not in known:
            yield f"{catalog.domain}: no translation of {key(message)[0]!r}"


def changed_placeholders(locale: str, catalog: Catalog) -> Iterator[str]:
    """Say which translations lose or invent a placeholder.

    "One thing needs attention" / "%(n)s things need attention" becomes one Indonesian sentence, which then needs
    the number; only the singular of a language that has one may leave it out.
    """
    for message in sentences(catalog):
        if not translated(message):
            continue
        ids = [message.id] if isinstance(message.id, str) else message.id
        forms = [message.string] if isinstance(message.string, str) else message.string
        for place, form in enumerate(forms):
            said = placeholders(form)
            wanted = placeholders(ids[0] if place == 0 and len(forms) > 1 else ids[-1])
            if said != wanted or not fillable(form, wanted):
                yield f"{locale}/{catalog.domain}: placeholders differ in {form!r}"


def fillable(sentence: str, names: set[str]) -> bool:
    """Tell whether a sentence with `%(name)s` survives being filled in: a lone % in it would not."""
    if not any(name.startswith("%") for name in names):
        return True
    try:
        return bool(sentence % {name[2:-2]: 1 for name in names})
    except (ValueError, TypeError, KeyError):
        return False


def placeholders(sentence: str) -> set[str]:
    """Give the names to be filled in: `${n}`, `{n}` or `%(n)s`."""
    return set(PLACEHOLDER.findall(sentence))


def main(arguments: Iterable[str] | None = None) -> int:
    """Run one command; give the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("command", choices=("extract", "update", "compile", "check"))
    parser.add_argument("--prune", action="store_true", help="update: drop sentences no longer used")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    if chosen.command == "extract":
        sys.stdout.write(po_bytes(extract()).decode("utf-8"))
    elif chosen.command == "update":
        update(prune=chosen.prune)
    elif chosen.command == "compile":
        compile_all()
    else:
        found = list(problems())
        print("\n".join(found) or "all sentences are translated")
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
