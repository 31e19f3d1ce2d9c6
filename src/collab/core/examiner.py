"""Examine one untrusted file in a process of its own: limits first, parsers after.

Run as a script by `collab.core.inspection`, never imported by the server: `python -I examiner.py KIND <file`.
It imports nothing of the house, cannot write a file, and answers with one line of JSON: `{"pages": 3}`,
`{"reason": "pdf_script"}`, or `{"broken": "..."}` when the examiner itself cannot start.
"""

import io
import json
import mmap
import re
import resource
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from xml.etree import ElementTree

MEBIBYTE = 1024 * 1024
MEMORY_BYTES = 512 * MEBIBYTE
CPU_SECONDS = 10
MAX_PAGES = 5000
MAX_PIXELS = 64_000_000
#: A progressive photograph is held in memory as a whole while it is decoded.
MAX_PROGRESSIVE_PIXELS = 32_000_000
MAX_ENTRIES = 5000
#: Unpacked bytes of all object streams of one PDF.
MAX_OBJECTS = 16 * MEBIBYTE
MAX_UNPACKED = 200 * MEBIBYTE
#: A part that unpacks to more than this many times its packed size is a bomb, once it is larger than 4 MiB.
MAX_RATIO = 100
MAX_NESTING = 100


class Rejected(Exception):
    """The file is refused; the argument is the reason's code."""


# -- PDF ------------------------------------------------------------------------------------------------------


def _name(*words: str) -> re.Pattern[bytes]:
    """Match PDF names, each character plain or written as #hh, up to a delimiter."""

    def letter(character: str) -> str:
        code = f"{ord(character):02x}"
        either = "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in code)
        return f"(?:{character}|#{either})"

    spelled = "|".join("".join(letter(character) for character in word) for word in words)
    return re.compile(rf"/(?:{spelled})(?=[\x00\t\n\f\r ()<>\[\]{{}}/%]|\Z)".encode())


#: Long names do not occur by chance in compressed bytes and are searched everywhere.
_RISKY = {
    "pdf_encrypted": _name("Encrypt"),
    "pdf_script": _name("JavaScript", "Rendition"),
    "pdf_launch": _name("Launch", "ImportData", "SubmitForm", "GoToE"),
    "pdf_attachment": _name("EmbeddedFile", "EmbeddedFiles", "FileAttachment", "RichMedia"),
    "pdf_form": _name("NeedsRendering"),
}
#: Short names would be found by chance inside image data and are searched outside streams only.
_RISKY_OUTSIDE = {
    "pdf_script": _name("JS"),
    "pdf_attachment": _name("EF"),
    "pdf_form": _name("XFA"),
}
_MARKUP = re.compile(rb"<(?:script|html|svg|iframe|body|\?php|!doctype\s+html)\b", re.IGNORECASE)
_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_HEX_ESCAPE = re.compile(rb"#([0-9a-fA-F]{2})")
_BRACKETS = re.compile(rb"<<|>>|\[|\]|\bendobj\b")


def examine_pdf(data: mmap.mmap) -> dict[str, int]:
    """Refuse scripts, launch actions, attachments, XFA, encryption, hidden markup; then open it and count pages."""
    _search(data, _RISKY)
    if _MARKUP.search(data[:1024]) or _ends_as_zip(data):
        raise Rejected("mixed")
    for start, end in _outside_streams(data):
        text = data[start:end]
        _search(text, _RISKY_OUTSIDE)
        if _MARKUP.search(text):
            raise Rejected("mixed")
        _check_nesting(text)
    unpacked = 0
    for text in _object_streams(data):
        unpacked += len(text)
        if unpacked > MAX_OBJECTS:
            raise Rejected("bomb")
        _search(text, _RISKY)
        _search(text, _RISKY_OUTSIDE)
        _check_nesting(text)
    return {"pages": _open_pdf(data)}


def _search(text: bytes | mmap.mmap, patterns: dict[str, re.Pattern[bytes]]) -> None:
    for reason, pattern in patterns.items():
        if pattern.search(text):
            raise Rejected(reason)


def _outside_streams(data: mmap.mmap) -> Iterator[tuple[int, int]]:
    position = 0
    while match := _STREAM.search(data, position):
        yield position, match.start()
        end = data.find(b"endstream", match.end())
        if end < 0:
            return
        position = end
    yield position, len(data)


def _check_nesting(text: bytes) -> None:
    depth = 0
    for match in _BRACKETS.finditer(text):
        word = match.group()
        if word in (b"<<", b"["):
            depth += 1
        elif word == b"endobj":
            depth = 0
        else:
            depth = max(0, depth - 1)
        if depth > MAX_NESTING:
            raise Rejected("nesting")


def _object_streams(data: mmap.mmap) -> Iterator[bytes]:
    """Give the unpacked text of every object stream; refuse one that is packed so that we cannot look inside."""
    for match in _STREAM.finditer(data):
        before = data[max(0, match.start() - 4096) : match.start()]
        window = _HEX_ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), before)
        if b"/ObjStm" not in window:
            continue
        own = re.split(rb"\d\s+obj\b", window)[-1]
        if b"/ObjStm" in own:
            yield _unpack_objects(own, data, match.end())
        else:  # the dictionary of a neighbour, most likely: look inside where that is easy
            yield _inflate(data, match.end()) or b""


def _unpack_objects(dictionary: bytes, data: mmap.mmap, start: int) -> bytes:
    if b"/Filter" not in dictionary:
        end = data.find(b"endstream", start)
        return data[start : end if end >= 0 else len(data)]
    filters = re.search(rb"/Filter\s*\[?\s*/FlateDecode\s*(?:\]|/(?!\w+Decode)|>>)", dictionary)
    predicted = re.search(rb"/Predictor\s+(?!1\b)", dictionary)
    text = _inflate(data, start) if filters and not predicted else None
    if text is None:
        raise Rejected("pdf_unreadable")
    return text


def _inflate(data: mmap.mmap, start: int) -> bytes | None:
    """Unpack in small steps, so that the rest of the file is not copied for each stream; None if it is no Flate."""
    unpacker, text, position = zlib.decompressobj(), b"", start
    try:
        while not unpacker.eof and position < len(data):
            text += unpacker.decompress(data[position : position + 65536], MAX_OBJECTS)
            position += 65536
            if unpacker.unconsumed_tail or len(text) > MAX_OBJECTS:
                raise Rejected("bomb")
    except zlib.error:
        return None
    return text if unpacker.eof else None


def _open_pdf(data: mmap.mmap) -> int:
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data[:])
        if raw.FPDF_GetSecurityHandlerRevision(document) != -1:
            raise Rejected("pdf_encrypted")
        if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
            raise Rejected("pdf_script")
        if raw.FPDFDoc_GetAttachmentCount(document) > 0:
            raise Rejected("pdf_attachment")
        if raw.FPDF_GetFormType(document) in (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND):
            raise Rejected("pdf_form")
        pages = len(document)
        if not 1 <= pages <= MAX_PAGES:
            raise Rejected("pdf_pages")
        document[0].get_size()
    except pypdfium2.PdfiumError as error:
        password = error.err_code == raw.FPDF_ERR_PASSWORD
        raise Rejected("pdf_encrypted" if password else "damaged") from error
    return pages


def _ends_as_zip(data: mmap.mmap) -> bool:
    """Tell whether a ZIP's end record, with its comment, reaches exactly to the end of the file."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65557))
    if at < 0 or at + 22 > len(data):
        return False
    return at + 22 + int(struct.unpack_from("<H", data, at + 20)[0]) >= len(data)


# -- images ---------------------------------------------------------------------------------------------------

_FOREIGN = re.compile(rb"<(?:script|html|svg|iframe|\?php|!doctype)[\s>]|%PDF-1\.", re.IGNORECASE)


def examine_jpeg(data: mmap.mmap) -> dict[str, int]:
    """Decode a photograph at reduced size: complete, within the pixel bound, nothing foreign inside."""
    image = _open_image(data, "JPEG")
    if image.info.get("progressive") and image.width * image.height > MAX_PROGRESSIVE_PIXELS:
        raise Rejected("image_size")
    image.draft("RGB", (max(1, image.width // 8), max(1, image.height // 8)))
    image.load()
    return {}


def examine_png(data: mmap.mmap) -> dict[str, int]:
    """Check every chunk's sum, that nothing follows the last one, and the pixel bound."""
    end = data.rfind(b"IEND")
    if end < 0:
        raise Rejected("damaged")
    if end + 8 != len(data):
        raise Rejected("mixed")
    _open_image(data, "PNG")
    return {}


def _open_image(data: mmap.mmap, kind: str):  # type: ignore[no-untyped-def] # Pillow's type stays in here
    from PIL import Image

    if _FOREIGN.search(data) or _ends_as_zip(data):
        raise Rejected("mixed")
    Image.MAX_IMAGE_PIXELS = None  # our own bound is below
    content = data[:]
    image = Image.open(io.BytesIO(content), formats=[kind])
    if image.width * image.height > MAX_PIXELS:
        raise Rejected("image_size")
    image.verify()
    return Image.open(io.BytesIO(content), formats=[kind])


# -- DOCX and XLSX --------------------------------------------------------------------------------------------

_MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
}
_BAD_PATH = re.compile(r"[\x00-\x1f\x7f\\:]|^/|(?:^|/)\.\.?(?:/|$)|//")
_MACRO_PATH = re.compile(
    r"(?i)vbaproject|vbadata|(?:^|/)(?:activex|macrosheets|dialogsheets|intlmacrosheets)/"
    r"|\.(?:exe|dll|com|scr|bat|cmd|ps1|vbs|js|jse|wsf|hta|jar|lnk|msi|html?|svg|docm|xlsm|xlsb|xlam|dotm|swf)$"
    r"|(?:^|/)embeddings/.*\.bin$"
)
_XML_PATH = re.compile(r"(?i)\.(?:xml|rels|vml)$")
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*[\"'](?!(?:utf-8|us-ascii)[\"'])", re.IGNORECASE
)
_ACTIVE = re.compile(rb"<ddeLink|>\s*DDE(?:AUTO)?\b", re.IGNORECASE)
#: Relationships that a program follows without being asked; links that a reader clicks are none of them.
_FOLLOWED = ("attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk", "package", "image")
_MAX_RELATIONS = 4 * MEBIBYTE


def examine_office(kind: str, data: mmap.mmap) -> dict[str, int]:
    """Check the archive and every part of a text document or a workbook, bounded while unpacking."""
    archive = zipfile.ZipFile(io.BytesIO(data[:]))
    entries = archive.infolist()
    _check_entries(entries, len(data))
    ends_here = data[-22:-18] == b"PK\x05\x06"  # zipfile itself overlooks bytes after the end record
    if not ends_here or min((entry.header_offset for entry in entries), default=1) != 0:
        raise Rejected("mixed")
    names = {entry.filename for entry in entries}
    main, content_type = _MAIN[kind]
    if main not in names or "[Content_Types].xml" not in names:
        raise Rejected("content")
    for entry in entries:
        _check_part(archive, entry)
    _check_relations(archive, entries)
    types = [
        str(part.get("ContentType", ""))
        for part in ElementTree.fromstring(archive.read("[Content_Types].xml"))
    ]
    if any("macroenabled" in media_type.lower() for media_type in types):
        raise Rejected("macros")
    if not any(media_type.endswith(content_type) for media_type in types):
        raise Rejected("content")
    return {}


def _check_relations(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse what a program would fetch from elsewhere (templates, objects, frames, pictures)."""
    for entry in entries:
        if not entry.filename.lower().endswith(".rels"):
            continue
        if entry.file_size > _MAX_RELATIONS:
            raise Rejected("bomb")
        for relation in ElementTree.fromstring(archive.read(entry)):
            followed = str(relation.get("Type", "")).rpartition("/")[2] in _FOLLOWED
            if followed and str(relation.get("TargetMode", "")).lower() == "external":
                raise Rejected("external")


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Check all that the directory of the archive says before a byte is unpacked."""
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Rejected("bomb")
    if sum(entry.compress_size for entry in entries) > size:
        raise Rejected("bomb")  # parts that overlap
    if len({entry.filename.casefold() for entry in entries}) != len(entries):
        raise Rejected("archive_names")
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Rejected("archive_encrypted")
        if _BAD_PATH.search(entry.orig_filename) or (entry.external_attr >> 16) & 0o170000 == 0o120000:
            raise Rejected("archive_names")
        if _MACRO_PATH.search(entry.filename):
            raise Rejected("macros")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Rejected("damaged")
        if entry.file_size > 4 * MEBIBYTE and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
            raise Rejected("bomb")


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack a part block by block (its checksum is compared on the way) and look into it if it is XML."""
    is_xml = _XML_PATH.search(entry.filename) is not None
    before = b""
    with archive.open(entry) as part:
        while block := part.read(MEBIBYTE):
            if not before and (is_xml := is_xml or block.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"):
                _check_encoding(block)
            if is_xml:
                _check_xml(before[-4096:] + block)
            before = block


def _check_encoding(head: bytes) -> None:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head[:256] or _ENCODING.search(head[:512]):
        raise Rejected("xml")


def _check_xml(text: bytes) -> None:
    if _DECLARED.search(text):
        raise Rejected("xml")
    if _ACTIVE.search(text):
        raise Rejected("macros")


# -- the process ----------------------------------------------------------------------------------------------

EXAMINERS: dict[str, Callable[[mmap.mmap], dict[str, int]]] = {
    "pdf": examine_pdf,
    "jpeg": examine_jpeg,
    "png": examine_png,
    "docx": partial(examine_office, "docx"),
    "xlsx": partial(examine_office, "xlsx"),
}


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
    ):
        resource.setrlimit(what, (most, most))


def _load_parsers(kind: str) -> None:
    if kind == "pdf":
        import pypdfium2  # noqa: F401
    elif kind in ("jpeg", "png"):
        from PIL import Image, JpegImagePlugin, PngImagePlugin  # noqa: F401


def main(kind: str) -> dict[str, object]:
    """Examine standard input as `kind`; whatever a parser throws at a hostile file refuses it."""
    try:
        _limit()
        _load_parsers(kind)
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    except Exception as error:  # noqa: BLE001 - reported to the parent, which raises it
        return {"broken": repr(error)}
    try:
        with mmap.mmap(0, 0, access=mmap.ACCESS_READ) as data:
            return dict(EXAMINERS[kind](data))
    except Rejected as rejected:
        return {"reason": str(rejected)}
    except MemoryError:
        return {"reason": "bomb"}
    except Exception:  # noqa: BLE001 - the file made a parser fail: that is the answer
        return {"reason": "damaged"}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1])))
