"""The gate for files from outside: allow-list by content, then a look inside by a limited child process.

The server never parses such a file itself. What passes is still served as an attachment, `nosniff`, sandboxed.
"""

import json
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import BinaryIO

from collab.core.errors import CollabError
from collab.core.storage import MAX_BYTES
from collab.core.text import Sentence, _

EXAMINER = Path(__file__).with_name("examiner.py")
#: Wall time of one examination; processor time and memory are limited in the child itself.
WALL_SECONDS = 20.0
NAME_LENGTH = 120
_ANSWER_BYTES = 4096


@dataclass(frozen=True)
class Kind:
    """One accepted kind of file: how it is called, what it starts with, which extensions belong to it."""

    code: str
    title: str
    media_type: str
    magic: bytes
    extensions: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = (
    Kind("pdf", "PDF", "application/pdf", b"%PDF-", ("pdf",)),
    Kind("jpeg", "JPEG", "image/jpeg", b"\xff\xd8\xff", ("jpg", "jpeg")),
    Kind("png", "PNG", "image/png", b"\x89PNG\r\n\x1a\n", ("png",)),
    Kind("docx", "DOCX", _OFFICE + "wordprocessingml.document", b"PK\x03\x04", ("docx",)),
    Kind("xlsx", "XLSX", _OFFICE + "spreadsheetml.sheet", b"PK\x03\x04", ("xlsx",)),
)
#: What a file chooser offers (the attribute `accept`).
EXTENSIONS = tuple(f".{extension}" for kind in KINDS for extension in kind.extensions)


@dataclass(frozen=True)
class Inspected:
    """A file that passed: `extension` without dot, `pages` for PDF only."""

    media_type: str
    extension: str
    pages: int | None = None


class RejectedFile(CollabError):
    """The file is not accepted; the sentence says why and what to do (422). `code` is for logs and tests."""

    status = 422

    def __init__(self, code: str, **mapping: object) -> None:
        sentence = REASONS[code]
        if mapping:
            sentence = _(str(sentence), mapping=mapping)
        super().__init__(sentence)
        self.code = code


#: Why a file is refused, and what the sender can do about it.
REASONS: dict[str, Sentence] = {
    "name_hidden": _("The file name contains hidden characters. Rename the file and send it again."),
    "name_path": _("The file name contains a folder path. Rename the file and send it again."),
    "name_long": _("The file name is too long. Shorten it and send the file again."),
    "kind": _("This kind of file is not accepted. Send a PDF, JPEG, PNG, DOCX or XLSX file."),
    "empty": _("The file is empty. Choose the right file and send it again."),
    "too_large": _("The file is larger than ${limit} MB. Send a smaller one."),
    "content": _(
        "The content of this file is not what its name says. Save it again as ${kind} and send that."
    ),
    "damaged": _("The file is damaged or incomplete and cannot be opened. Check it and send it again."),
    "mixed": _(
        "The file contains something foreign besides its own content. Save it again and send the new copy."
    ),
    "nesting": _("The file is built in an unusual way that is not accepted. Print it to PDF and send that."),
    "timeout": _("The file could not be checked safely. Save it again in a simpler form and send that."),
    "bomb": _(
        "The file becomes far too large when it is opened. Save it again in a simpler form and send that."
    ),
    "pdf_encrypted": _(
        "The PDF is protected by a password or encrypted. Remove the protection and send it again."
    ),
    "pdf_script": _("The PDF contains a script. Print it to PDF and send the new copy."),
    "pdf_launch": _(
        "The PDF starts a program or sends data elsewhere. Print it to PDF and send the new copy."
    ),
    "pdf_attachment": _("The PDF has other files inside. Take them out and send each file by itself."),
    "pdf_form": _("The PDF is a dynamic form (XFA). Print it to PDF and send the new copy."),
    "pdf_pages": _("The PDF has no page, or too many pages."),
    "pdf_unreadable": _(
        "The PDF hides its content in a way that cannot be checked. Print it to PDF and send that."
    ),
    "image_size": _("The picture has too many pixels. Make it smaller and send it again."),
    "archive_names": _(
        "The document contains parts with forbidden names. Save it again and send the new copy."
    ),
    "archive_encrypted": _("The document is protected by a password. Remove the password and send it again."),
    "macros": _("The document contains a macro or a program. Save it without macros and send it again."),
    "external": _(
        "The document fetches content from elsewhere. Save it without such links and send it again."
    ),
    "xml": _(
        "The document is built in an unusual way that is not accepted. Save it again and send the new copy."
    ),
}


def inspect(path: Path, filename: str, *, max_bytes: int = MAX_BYTES) -> Inspected:
    """Look at a file that somebody sent under a name; raise `RejectedFile` with the reason.

    The cheap checks come first; the child process starts only for what already looks like its kind.
    """
    check_name(filename)
    kind, extension = _kind_of(filename)
    with path.open("rb") as file:
        _check_outside(file, kind, max_bytes)
        file.seek(0)
        answer = _examine(file, kind)
    if "reason" in answer:
        code = str(answer["reason"])
        raise RejectedFile(code, kind=kind.title) if code == "content" else RejectedFile(code)
    pages = answer.get("pages")
    return Inspected(kind.media_type, extension, pages if isinstance(pages, int) else None)


def check_name(filename: str) -> None:
    """Refuse names made to deceive: control and direction characters, paths, endless ones."""
    if any(unicodedata.category(character) in _HIDDEN for character in filename):
        raise RejectedFile("name_hidden")
    if "/" in filename or "\\" in filename or filename.strip() in (".", ".."):
        raise RejectedFile("name_path")
    if len(filename) > 255:
        raise RejectedFile("name_long")


#: Control, format (direction marks among them), surrogate, private, line and paragraph separator.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_UNSAFE = re.compile(r'[<>:"|?*]')


def clean_filename(name: str) -> str:
    """Make a name safe to show and to offer for saving: base name, NFC, visible, at most 120 characters.

    The extension is kept; the result is never empty and never a hidden file.
    """
    base = re.split(r"[/\\]", name)[-1]
    visible = "".join(character for character in base if unicodedata.category(character) not in _HIDDEN)
    text = _UNSAFE.sub("_", unicodedata.normalize("NFC", visible))
    text = re.sub(r"\s+", " ", text).strip(" .")
    stem, dot, extension = text.rpartition(".")
    if not dot or len(extension) > 10:
        return text[:NAME_LENGTH].strip(" .") or "berkas"
    return f"{stem[: NAME_LENGTH - len(extension) - 1].rstrip(' .') or 'berkas'}.{extension}"


def _kind_of(filename: str) -> tuple[Kind, str]:
    extension = filename.rpartition(".")[2].lower() if "." in filename else ""
    for kind in KINDS:
        if extension in kind.extensions:
            return kind, extension
    raise RejectedFile("kind")


def _check_outside(file: BinaryIO, kind: Kind, max_bytes: int) -> None:
    """Check size, first bytes and, for PDF, that only white space follows the last end mark."""
    head = file.read(16)
    size = file.seek(0, 2)
    if size == 0:
        raise RejectedFile("empty")
    if size > max_bytes:
        raise RejectedFile("too_large", limit=max_bytes // (1024 * 1024))
    if not head.startswith(kind.magic):
        raise RejectedFile("content", kind=kind.title)
    if kind.code == "pdf":
        file.seek(max(0, size - 4096))
        _before, mark, after = file.read().rpartition(b"%%EOF")
        if not mark:
            raise RejectedFile("damaged")
        if after.strip(b"\x00\t\n\f\r "):
            raise RejectedFile("mixed")


def _examine(file: BinaryIO, kind: Kind) -> dict[str, object]:
    """Let the child look at the open file. Its death, silence or babble refuses the file."""
    child = subprocess.Popen(
        [sys.executable, "-I", str(EXAMINER), kind.code],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},
    )
    timer = Timer(WALL_SECONDS, child.kill)
    with child:
        timer.start()
        try:
            assert child.stdout is not None
            said = child.stdout.read(_ANSWER_BYTES)
        finally:
            timer.cancel()
            child.kill()
    return _understand(said)


def _understand(said: bytes) -> dict[str, object]:
    try:
        answer = json.loads(said)
    except ValueError:
        return {"reason": "timeout"}
    if not isinstance(answer, dict):
        return {"reason": "timeout"}
    if "broken" in answer:
        raise RuntimeError(f"the examiner of files cannot start: {answer['broken']}")
    if "reason" in answer and answer["reason"] not in REASONS:
        return {"reason": "timeout"}
    return answer
