"""The gate: benign files of every accepted kind pass, hostile ones are refused with a sentence."""

import hashlib
import io
import re
import resource
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from collab.core import inspection
from collab.core.inspection import EXAMINER, REASONS, RejectedFile, clean_filename, inspect

# -- how the files are made -----------------------------------------------------------------------------------


def pdf(
    *extra: bytes, catalog: bytes = b"", pages: int = 1, info: bytes = b"", trailer: bytes = b""
) -> bytes:
    """Make a small, correct PDF; `extra` are further objects, numbered from 10."""
    kids = b" ".join(b"%d 0 R" % (100 + number) for number in range(pages))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        3: b"<</Producer(test)" + info + b">>",
        **{100 + number: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>" for number in range(pages)},
        **{10 + number: body for number, body in enumerate(extra)},
    }
    out, offsets = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number in sorted(offsets):
        out += b"%d 1\n%010d 00000 n \n" % (number, offsets[number])
    return out + b"trailer\n<</Size %d/Root 1 0 R/Info 3 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        trailer,
        start,
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries, content)


def object_stream(content: bytes, entries: bytes = b"/Filter/FlateDecode") -> bytes:
    text = b"30 0 " + content
    packed = zlib.compress(text) if b"Flate" in entries else text
    return stream(packed, b"/Type/ObjStm/N 1/First 5" + entries)


def rc4(key: bytes, content: bytes) -> bytes:
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in content:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def encrypted_pdf(name: bytes = b"Encrypt", *, opens_without_password: bool = True) -> bytes:
    owner, identifier = bytes(range(65, 97)), b"0123456789abcdef"
    key = hashlib.md5(PADDING + owner + struct.pack("<i", -4) + identifier).digest()[:5]
    user = rc4(key, PADDING) if opens_without_password else b"?" * 32
    entry = b"/ID[<%s><%s>]/%s<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (
        identifier.hex().encode(),
        identifier.hex().encode(),
        name,
        owner.hex().encode(),
        user.hex().encode(),
    )
    return pdf(trailer=entry)


def picture(kind: str, size: tuple[int, int] = (40, 30), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def enormous_png() -> bytes:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", b"") + png_chunk(b"IEND", b"")
    )


TYPES = "application/vnd.openxmlformats-officedocument."
DOCUMENT_TYPE = TYPES + "wordprocessingml.document.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def package(
    parts: dict[str, bytes | str], *, compression: int = zipfile.ZIP_DEFLATED, comment: bytes = b""
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.comment = comment
    return out.getvalue()


def docx_parts(main_type: str = DOCUMENT_TYPE, body: str = "<w:t>Naskah</w:t>") -> dict[str, bytes | str]:
    return {
        "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main_type}"/></Types>',
        "_rels/.rels": relations("officeDocument", "word/document.xml", "Internal"),
        "word/document.xml": f'<w:document xmlns:w="urn:w"><w:body>{body}</w:body></w:document>',
    }


def relations(kind: str, target: str, mode: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


def docx(**changes: bytes | str) -> bytes:
    """Make a small text document; further parts by name, `__` for `/`."""
    return package({**docx_parts(), **{name.replace("__", "/"): part for name, part in changes.items()}})


def docx_with(name: str, content: bytes | str = b"x") -> bytes:
    return package({**docx_parts(), name: content})


def xlsx() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Komitmen", 3])
    book.save(out)
    return out.getvalue()


def xlsx_with(name: str, content: bytes | str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(xlsx())) as archive:
        parts: dict[str, bytes | str] = {entry: archive.read(entry) for entry in archive.namelist()}
    return package({**parts, name: content})


def flagged_as_encrypted(content: bytes) -> bytes:
    changed = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = -1
        while (position := changed.find(mark, position + 1)) >= 0:
            changed[position + at] |= 1
    return bytes(changed)


SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"
BOMB = b"<w:p/>" + b"\x20" * 30_000_000
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'

BENIGN = {
    "a PDF": ("PKS.pdf", pdf()),
    "a PDF of three pages": ("PKS 2023.PDF", pdf(pages=3)),
    "a PDF with a link and a bookmark": (
        "a.pdf",
        pdf(b"<</S/URI/URI(https://example.go.id/)>>", catalog=b"/OpenAction[100 0 R/Fit]"),
    ),
    "a PDF with an object stream": ("a.pdf", pdf(object_stream(b"<</Type/Metadata>>"))),
    "a PDF with an unpacked object stream": ("a.pdf", pdf(object_stream(b"<</A 1>>", b""))),
    "a PDF with a packed page": (
        "a.pdf",
        pdf(stream(zlib.compress(b"/JS /EF " * 9), b"/Filter/FlateDecode")),
    ),
    "a PDF with a chance match in image bytes": ("a.pdf", pdf(stream(b"\x01\x02/JS\x00\xff/XFA \x9c"))),
    "a PDF saved twice": ("a.pdf", pdf() + b"startxref\n0\n%%EOF\r\n"),
    "a PDF whose names only begin like risky ones": ("a.pdf", pdf(b"<</JSomething 1/Launcher 2/XFAB 3>>")),
    "a photograph": ("foto.jpg", picture("JPEG")),
    "a progressive photograph": ("foto.JPEG", picture("JPEG", progressive=True)),
    "a photograph of 36 million pixels": ("foto.jpeg", picture("JPEG", (6000, 6000))),
    "a scan": ("scan.png", picture("PNG")),
    "a text document": ("naskah.docx", docx()),
    "a text document with a link": (
        "naskah.docx",
        docx(
            word___rels__document=b"",
            **{"word___rels__document.xml.rels": relations("hyperlink", "https://a.go.id", "External")},
        ),
    ),
    "a workbook": ("rencana aksi.xlsx", xlsx()),
}

HOSTILE = {
    # names
    "a name with a NUL": ("a\x00.pdf", pdf(), "name_hidden"),
    "a name with a line break": ("a\r\nX: y.pdf", pdf(), "name_hidden"),
    "a name read backwards": ("gaji\u202efdp.exe", pdf(), "name_hidden"),
    "a name read backwards that ends well": ("exe\u202e.pdf", pdf(), "name_hidden"),
    "a name with an isolate": ("a\u2066b.pdf", pdf(), "name_hidden"),
    "a name with a zero-width space": ("a\u200b.pdf", pdf(), "name_hidden"),
    "a name with a lone surrogate": ("a\ud800.pdf", pdf(), "name_hidden"),
    "a name that climbs": ("../../etc/cron.d/a.pdf", pdf(), "name_path"),
    "a name with backslashes": ("..\\..\\a.pdf", pdf(), "name_path"),
    "an absolute name": ("/etc/passwd.pdf", pdf(), "name_path"),
    "a name of 300 characters": ("a" * 296 + ".pdf", pdf(), "name_long"),
    "no name": ("", pdf(), "kind"),
    "a name without an extension": ("pdf", pdf(), "kind"),
    "two extensions": ("a.pdf.exe", pdf(), "kind"),
    "a name that is two dots": ("..", pdf(), "name_path"),
    # kinds
    "a drawing": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
    "a page": ("a.html", b"<html></html>", "kind"),
    "a script": ("a.js", b"alert(1)", "kind"),
    "an old document": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "kind"),
    "a macro workbook": ("a.xlsm", xlsx(), "kind"),
    "nothing in it": ("a.pdf", b"", "empty"),
    "a PNG named PDF": ("a.pdf", picture("PNG"), "content"),
    "a PDF named PNG": ("a.png", pdf(), "content"),
    "a page named PDF": ("a.pdf", b"<html><script>alert(1)</script></html>", "content"),
    "a drawing named PNG": ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "content"),
    "a program named PDF": ("a.pdf", b"MZ\x90\x00" + b"\x00" * 500, "content"),
    "a GIF named JPEG": ("a.jpg", picture("GIF"), "content"),
    "a workbook named DOCX": ("a.docx", xlsx(), "content"),
    "a text document named XLSX": ("a.xlsx", docx(), "content"),
    "an archive named DOCX": ("a.docx", package({"a.txt": "x"}), "content"),
    "an old document named DOCX": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 80, "content"),
    "a PDF after other bytes": ("a.pdf", b"\n" + pdf(), "content"),
    # PDF: what it can do
    "a PDF with a script at opening": ("a.pdf", pdf(SCRIPT, catalog=b"/OpenAction 10 0 R"), "pdf_script"),
    "a PDF with a script in hex": (
        "a.pdf",
        pdf(b"<</S/#4aava#53cript/#4A#53(x)>>", catalog=b"/OpenAction 10 0 R"),
        "pdf_script",
    ),
    "a PDF with every letter in hex": (
        "a.pdf",
        pdf(b"<</S/" + b"".join(b"#%02X" % letter for letter in b"JavaScript") + b">>"),
        "pdf_script",
    ),
    "a PDF with a script tree": (
        "a.pdf",
        pdf(SCRIPT, catalog=b"/Names<</JavaScript<</Names[(a)10 0 R]>>>>"),
        "pdf_script",
    ),
    "a PDF with a script of a rendition": ("a.pdf", pdf(b"<</S/Rendition/OP 0/JS 11 0 R>>"), "pdf_script"),
    "a PDF with a bare JS entry": ("a.pdf", pdf(b"<</JS(x)>>"), "pdf_script"),
    "a PDF with a script on closing": ("a.pdf", pdf(catalog=b"/AA<</WC" + SCRIPT + b">>"), "pdf_script"),
    "a PDF with a script in an object stream": ("a.pdf", pdf(object_stream(SCRIPT)), "pdf_script"),
    "a PDF with a hex script in an object stream": (
        "a.pdf",
        pdf(
            object_stream(b"<</S/J#61vaScript>>", b"/F#69lter/FlateDecode").replace(b"/ObjStm", b"/Obj#53tm")
        ),
        "pdf_script",
    ),
    "a PDF with a script in an unpacked object stream": (
        "a.pdf",
        pdf(object_stream(SCRIPT, b"")),
        "pdf_script",
    ),
    "a PDF with a script behind a false stream": (
        "a.pdf",
        pdf(b"<</A(>>stream\n)/S/JavaScript/B(endstream)>>"),
        "pdf_script",
    ),
    "a PDF with an object stream behind false words": (
        "a.pdf",
        pdf(object_stream(SCRIPT, b"/Filter/FlateDecode/X(1 0 obj)")),
        "pdf_script",
    ),
    "a PDF that starts a program": ("a.pdf", pdf(b"<</S/Launch/F(cmd.exe)>>"), "pdf_launch"),
    "a PDF that starts a program, in hex": ("a.pdf", pdf(b"<</S/L#61unch/F(cmd.exe)>>"), "pdf_launch"),
    "a PDF that sends a form": ("a.pdf", pdf(b"<</S/SubmitForm/F(http://x/)>>"), "pdf_launch"),
    "a PDF that fetches data": ("a.pdf", pdf(b"<</S/ImportData/F(x)>>"), "pdf_launch"),
    "a PDF with a file inside": (
        "a.pdf",
        pdf(stream(b"MZ", b"/Type/EmbeddedFile"), b"<</F(a.exe)/EF<</F 10 0 R>>>>"),
        "pdf_attachment",
    ),
    "a PDF with a file list": (
        "a.pdf",
        pdf(b"<</F(a)>>", catalog=b"/Names<</EmbeddedFiles<</Names[(a)10 0 R]>>>>"),
        "pdf_attachment",
    ),
    "a PDF with a bare EF entry": (
        "a.pdf",
        pdf(stream(b"MZ"), b"<</F(a)/E#46<</F 10 0 R>>>>"),
        "pdf_attachment",
    ),
    "a PDF with a pinned file": ("a.pdf", pdf(b"<</Subtype/FileAttachment>>"), "pdf_attachment"),
    "a PDF with rich media": ("a.pdf", pdf(b"<</Subtype/RichMedia>>"), "pdf_attachment"),
    "a PDF that is an XFA form": (
        "a.pdf",
        pdf(stream(b"<x/>"), catalog=b"/AcroForm<</XFA 10 0 R>>"),
        "pdf_form",
    ),
    "a PDF that is an XFA form, in hex": (
        "a.pdf",
        pdf(stream(b"<x/>"), catalog=b"/AcroForm<</X#46A 10 0 R>>"),
        "pdf_form",
    ),
    "an encrypted PDF that opens": ("a.pdf", encrypted_pdf(), "pdf_encrypted"),
    "an encrypted PDF, the name in hex": ("a.pdf", encrypted_pdf(b"#45ncrypt"), "pdf_encrypted"),
    "a PDF with a password": ("a.pdf", encrypted_pdf(opens_without_password=False), "pdf_encrypted"),
    # PDF: how it is built
    "a PDF and then a page": ("a.pdf", pdf() + b"<html><script>alert(1)</script></html>", "mixed"),
    "a PDF and then a page and an end mark": ("a.pdf", pdf() + b"<html><script>1</script>\n%%EOF\n", "mixed"),
    "a page inside the first comment": (
        "a.pdf",
        pdf().replace(b"%\xe2\xe3", b"%<script>alert(1)</script>"),
        "mixed",
    ),
    "a PDF and then an archive": ("a.pdf", pdf() + docx(), "mixed"),
    "a PDF that is an archive too": ("a.pdf", pdf() + docx()[:-2] + b"\x06\x00%%EOF\n", "mixed"),
    "half a PDF": ("a.pdf", pdf()[:300], "damaged"),
    "a PDF without end mark": ("a.pdf", pdf().replace(b"%%EOF", b""), "damaged"),
    "a PDF of two marks only": ("a.pdf", b"%PDF-1.7\n%%EOF", "damaged"),
    "a PDF of noise": ("a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF", "damaged"),
    "a PDF without pages": ("a.pdf", pdf(pages=0), "damaged"),
    "a PDF of too many pages": ("a.pdf", pdf(pages=5001), "pdf_pages"),
    "a PDF nested without end": ("a.pdf", pdf(b"[" * 5000 + b"]" * 5000), "nesting"),
    "a PDF nested inside an object stream": ("a.pdf", pdf(object_stream(b"<</A " * 3000)), "nesting"),
    "a PDF with an unreadable object stream": (
        "a.pdf",
        pdf(object_stream(b"x", b"/Filter/LZWDecode")),
        "pdf_unreadable",
    ),
    "a PDF with a doubly packed object stream": (
        "a.pdf",
        pdf(object_stream(b"x", b"/Filter[/FlateDecode/FlateDecode]")),
        "pdf_unreadable",
    ),
    "a PDF with a broken object stream": (
        "a.pdf",
        pdf(stream(b"no flate", b"/Type/ObjStm/N 1/First 5/Filter/FlateDecode")),
        "pdf_unreadable",
    ),
    "a PDF that unpacks without end": ("a.pdf", pdf(object_stream(b" " * 60_000_000)), "bomb"),
    # images
    "half a photograph": ("a.jpg", picture("JPEG", (300, 300), quality=95)[:700], "damaged"),
    "a photograph of noise": ("a.jpg", b"\xff\xd8\xff\xe0" + b"JUNK" * 200, "damaged"),
    "half a scan": ("a.png", picture("PNG", (300, 300))[:-30], "damaged"),
    "a scan with a wrong sum": ("a.png", picture("PNG").replace(b"IDAT", b"IDAT\x00", 1), "damaged"),
    "a scan and then a page": ("a.png", picture("PNG") + b"<html>", "mixed"),
    "a scan and then an archive": ("a.png", picture("PNG") + docx(), "mixed"),
    "a photograph and then an archive": ("a.jpg", picture("JPEG") + docx(), "mixed"),
    "a photograph with a script": ("a.jpg", picture("JPEG", comment=b"<script>alert(1)</script>"), "mixed"),
    "a photograph with PHP": ("a.jpg", picture("JPEG", comment=b"<?php system($_GET[0]);"), "mixed"),
    "a scan of 3,600 million pixels": ("a.png", enormous_png(), "image_size"),
    "a progressive photograph of 36 million pixels": (
        "a.jpg",
        picture("JPEG", (6000, 6000), progressive=True),
        "image_size",
    ),
    # documents
    "a document with macros": ("a.docx", docx_with("word/vbaProject.bin"), "macros"),
    "a document of the macro kind": (
        "a.docx",
        package(docx_parts("application/vnd.ms-word.document.macroEnabled.main+xml")),
        "macros",
    ),
    "a document with a control": ("a.docx", docx_with("word/activeX/activeX1.xml", "<a/>"), "macros"),
    "a document with a program": ("a.docx", docx_with("word/media/a.exe"), "macros"),
    "a document with an embedded object": ("a.docx", docx_with("word/embeddings/oleObject1.bin"), "macros"),
    "a document that starts a program": (
        "a.docx",
        package(docx_parts(body="<w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText>")),
        "macros",
    ),
    "a workbook with old macros": ("a.xlsx", xlsx_with("xl/macrosheets/sheet1.xml", "<a/>"), "macros"),
    "a workbook with a live link": (
        "a.xlsx",
        xlsx_with("xl/externalLinks/e1.xml", "<x><ddeLink/></x>"),
        "macros",
    ),
    "a document with a foreign template": (
        "a.docx",
        docx_with(
            "word/_rels/settings.xml.rels", relations("attachedTemplate", "http://x/a.dotm", "External")
        ),
        "external",
    ),
    "a document with a foreign picture, spelled": (
        "a.docx",
        docx_with("word/_rels/document.xml.rels", relations("im&#97;ge", "file://x/a", "Ext&#101;rnal")),
        "external",
    ),
    "a workbook with entities": ("a.xlsx", xlsx_with("xl/custom.xml", LAUGHS), "xml"),
    "a workbook with entities in UTF-16": (
        "a.xlsx",
        xlsx_with("xl/custom.xml", LAUGHS.encode("utf-16")),
        "xml",
    ),
    "a workbook with entities in an odd part": ("a.xlsx", xlsx_with("xl/custom.txt", " " + LAUGHS), "xml"),
    "a document in another encoding": (
        "a.docx",
        docx_with("word/a.xml", '<?xml version="1.0" encoding="UTF-7"?><a/>'),
        "xml",
    ),
    "a document that reads a file": (
        "a.docx",
        docx_with("word/a.xml", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
        "xml",
    ),
    "a document with a bomb": ("a.docx", docx_with("word/a.xml", BOMB), "bomb"),
    "a document of too many parts": (
        "a.docx",
        package({**docx_parts(), **{f"word/{number}": "" for number in range(5001)}}),
        "bomb",
    ),
    "a document that climbs": ("a.docx", docx_with("../../evil.xml", "<a/>"), "archive_names"),
    "a document with an absolute part": ("a.docx", docx_with("/etc/evil.xml", "<a/>"), "archive_names"),
    "a document with a drive": ("a.docx", docx_with("c:evil.xml", "<a/>"), "archive_names"),
    "a document with one part twice": ("a.docx", docx_with("WORD/document.xml", "<a/>"), "archive_names"),
    "a document with a password": ("a.docx", flagged_as_encrypted(docx()), "archive_encrypted"),
    "a document packed otherwise": (
        "a.docx",
        package(docx_parts(), compression=zipfile.ZIP_BZIP2),
        "damaged",
    ),
    "a document with a wrong sum": (
        "a.docx",
        package(docx_parts(), compression=zipfile.ZIP_STORED).replace(b"Naskah", b"Nuskah"),
        "damaged",
    ),
    "half a document": ("a.docx", docx()[:-40], "damaged"),
    "a document and then a page": ("a.docx", docx() + b"<html>", "mixed"),
    "a document with a comment": ("a.docx", package(docx_parts(), comment=b"<html>"), "mixed"),
    "a document without types": ("a.docx", package({"word/document.xml": "<a/>"}), "content"),
    "a document of another kind": ("a.docx", package(docx_parts("text/html")), "content"),
}


# -- the gate -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BENIGN)
def test_a_benign_file_is_accepted(tmp_path, name):
    filename, content = BENIGN[name]
    path = tmp_path / "file"
    path.write_bytes(content)
    found = inspect(path, filename)
    assert found.extension == filename.rpartition(".")[2].lower()
    assert (found.pages is not None) == (found.extension == "pdf")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(tmp_path, name):
    filename, content, code = HOSTILE[name]
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(RejectedFile) as refused:
        inspect(path, filename)
    assert refused.value.code == code
    assert str(refused.value.sentence).endswith(".")


def test_at_least_sixty_hostile_files_are_tried():
    assert len(HOSTILE) >= 60


def test_pages_are_counted(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(pdf(pages=7))
    assert inspect(path, "a.pdf").pages == 7


def test_a_file_above_the_bound_is_refused(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(pdf())
    with pytest.raises(RejectedFile) as refused:
        inspect(path, "a.pdf", max_bytes=100)
    assert refused.value.code == "too_large"


def test_every_reason_of_the_examiner_has_a_sentence():
    codes = set(re.findall(r'(?:Rejected\(|"reason": )"([a-z_]+)"', EXAMINER.read_text())) | {
        "pdf_encrypted",
        "damaged",
    }
    assert codes
    assert codes <= set(REASONS)


# -- the child ------------------------------------------------------------------------------------------------


def limited(monkeypatch, tmp_path, script: str) -> RejectedFile:
    """Put another examiner in the place of ours and give the refusal."""
    examiner = tmp_path / "examiner.py"
    examiner.write_text(script)
    monkeypatch.setattr(inspection, "EXAMINER", examiner)
    path = tmp_path / "file"
    path.write_bytes(pdf())
    with pytest.raises(RejectedFile) as refused:
        inspect(path, "a.pdf")
    return refused.value


@pytest.mark.parametrize(
    "script",
    [
        "import os; os.kill(os.getpid(), 9)",
        "import ctypes; ctypes.string_at(0)",
        "print('no json')",
        "print('[1]')",
        'print(\'{"reason": "of my own making"}\')',
        "while True: print('x' * 1000)",
    ],
)
def test_a_child_that_dies_or_babbles_refuses_the_file(monkeypatch, tmp_path, script):
    assert limited(monkeypatch, tmp_path, script).code == "timeout"


def test_a_child_that_hangs_is_ended_and_refuses_the_file(monkeypatch, tmp_path):
    monkeypatch.setattr(inspection, "WALL_SECONDS", 0.2)
    assert limited(monkeypatch, tmp_path, "import time; time.sleep(600)").code == "timeout"


def test_an_examiner_that_cannot_start_is_an_error_of_the_system_not_of_the_file(monkeypatch, tmp_path):
    examiner = tmp_path / "examiner.py"
    examiner.write_text('print(\'{"broken": "no parser"}\')')
    monkeypatch.setattr(inspection, "EXAMINER", examiner)
    path = tmp_path / "file"
    path.write_bytes(pdf())
    with pytest.raises(RuntimeError, match="no parser"):
        inspect(path, "a.pdf")


PROBE = """
import json, resource, runpy, sys
examiner = runpy.run_path(EXAMINER)
examiner["_limit"]()
found = {name: resource.getrlimit(getattr(resource, name))[1] for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE")}
def refused(act):
    try:
        act()
    except (MemoryError, OSError) as error:
        return type(error).__name__
found["memory"] = refused(lambda: bytearray(2_000_000_000))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def write():
    with open(TARGET, "wb", buffering=0) as file:
        file.write(b"x")
found["write"] = refused(write)
found["house"] = any(name.startswith("collab") for name in sys.modules)
print(json.dumps(found))
"""


def test_the_child_cannot_take_much_memory_nor_write_a_file_nor_sees_the_house(tmp_path):
    import json
    import sys

    script = PROBE.replace("EXAMINER", repr(str(EXAMINER))).replace("TARGET", repr(str(tmp_path / "written")))
    said = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, check=True, text=True
    ).stdout
    found = json.loads(said)
    assert found["RLIMIT_AS"] == 512 * 1024 * 1024
    assert (found["RLIMIT_CPU"], found["RLIMIT_FSIZE"]) == (10, 0)
    assert (found["memory"], found["write"]) == ("MemoryError", "OSError")
    assert not found["house"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 0


def test_the_server_does_not_import_the_examiner():
    source = Path(inspection.__file__).read_text()
    assert not re.search(r"import .*(examiner|PIL|pypdfium2|zipfile)", source)


# -- names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given_name, cleaned",
    [
        ("PKS Pariwisata 2023.pdf", "PKS Pariwisata 2023.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ani\\surat.pdf", "surat.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("gaji\u202efdp.exe", "gajifdp.exe"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("  . hidden .pdf ", "hidden.pdf"),
        (".htaccess", "htaccess"),
        ("", "berkas"),
        ("..", "berkas"),
        ("/", "berkas"),
        (".pdf", "pdf"),
        ("\u202e\u200b", "berkas"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("a" * 300, "a" * 120),
        ("a." + "b" * 300, ("a." + "b" * 300)[:120]),
    ],
)
def test_a_name_is_cleaned(given_name, cleaned):
    assert clean_filename(given_name) == cleaned


@given(st.text(alphabet=st.characters(), max_size=400))
def test_any_cleaned_name_is_short_visible_and_stays_as_it_is(name):
    cleaned = clean_filename(name)
    assert 1 <= len(cleaned) <= 120
    assert not set(cleaned) & set('/\\<>:"|?*\x00\n\r')
    assert not cleaned.startswith((".", " "))
    inspection.check_name(cleaned)
    assert clean_filename(cleaned) == cleaned
