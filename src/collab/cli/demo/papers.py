"""Small papers made on the spot: a one-page PDF of plain lines, a PNG that says what it stands for."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from collab.core.storage import FileStore
from collab.web.uploads import Arrived

LINES_A_PAGE = 46
_PAGE = (595, 842)
_COLOURS = ((31, 111, 92), (138, 90, 28), (58, 84, 145), (120, 62, 110), (70, 100, 60))


def pdf(title: str, lines: Sequence[str]) -> bytes:
    """Write a PDF of one page with a title and lines of text (Latin letters), searchable."""
    shown = [f"BT /F2 13 Tf 56 780 Td ({_escaped(title)}) Tj ET"]
    shown += [
        f"BT /F1 10 Tf 56 {752 - 15 * number} Td ({_escaped(line)}) Tj ET"
        for number, line in enumerate(lines[:LINES_A_PAGE])
    ]
    content = "\n".join(shown).encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
        % _PAGE,
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def png(title: str, lines: Sequence[str]) -> bytes:
    """Draw a small picture with its words, in a colour of its own."""
    image = Image.new("RGB", (480, 300), (246, 244, 239))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 480, 46), fill=_COLOURS[len(title) % len(_COLOURS)])
    draw.text((16, 16), title[:60], fill="white")
    for number, line in enumerate(lines[:12]):
        draw.text((16, 64 + 18 * number), line[:72], fill=(40, 40, 40))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False, compress_level=1)
    return out.getvalue()


def keep(store: FileStore, name: str, content: bytes, media_type: str) -> Arrived:
    """Put a paper into the store, as if it had arrived by a form."""
    stored = store.put(io.BytesIO(content))
    return Arrived(name, stored.sha256, stored.size, media_type)


def keep_pdf(store: FileStore, name: str, title: str, lines: Sequence[str]) -> Arrived:
    """Put a PDF into the store."""
    return keep(store, f"{name}.pdf", pdf(title, lines), "application/pdf")


def keep_png(store: FileStore, name: str, title: str, lines: Sequence[str]) -> Arrived:
    """Put a picture into the store."""
    return keep(store, f"{name}.png", png(title, lines), "image/png")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
