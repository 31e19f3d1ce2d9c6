"""Hostile input, always the same: values that break parsers, databases, pages and patience."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag

from tests.support.forms import controls

#: A text that would run if a page gave it back as it came.
SCRIPT = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>"
#: The same in an address.
SCRIPT_QUOTED = quote(SCRIPT)
#: What of it must not stand in any page.
ALIVE = ("<img src=x", "<script>alert(2)")

#: Values for a field of text, a number, a day, a word: each wrong for most of them.
TEXTS: dict[str, str] = {
    "nul": "a\x00b",
    "only nul": "\x00",
    "controls": "a\x01\x08\x0b\x1f\x7fb",
    "line breaks": "a\r\nb\u2028c",
    "right to left": "a\u202eb\u2066c",
    "invisible": "\u200b\ufeff\u00ad",
    "markup": SCRIPT,
    "template": "${7*7}{{7*7}}{% raw %}#{7*7}",
    "quotes": "'; DROP TABLE user_account; --",
    "like": "%_%\\%",
    "emoji": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "combining": "a" + "\u0301" * 300,
    "not normal": "\u212b\ufb01\u1e9b\u0323",
    "long": "x" * 20_000,
    "many digits": "9" * 5_000,
    "beyond 32 bits": "2147483648",
    "beyond 64 bits": "18446744073709551616",
    "negative": "-1",
    "zero": "0",
    "plus": "+1",
    "other digits": "١٢٣",
    "full width": "１２３",
    "underscore": "1_000",
    "hex": "0x10",
    "not a number": "NaN",
    "infinite": "Infinity",
    "huge exponent": "1e400",
    "tiny exponent": "1e-400",
    "many decimals": "0." + "1" * 200,
    "year 202": "0202-01-01",
    "no such day": "2026-02-30",
    "year 10000": "10000-01-01",
    "other digits in a day": "٢٠٢٦-٠١-٠١",
    "far day": "9999-12-31",
    "a day with a time": "2026-01-01T00:00:00Z",
    "null": "null",
    "list": "[]",
    "path": "../../../etc/passwd",
    "spreadsheet": "=cmd|'/c calc'!A1",
    "header": "a\r\nSet-Cookie: x=y",
    "format": "%s%n{0}{0.__class__}",
    "space": "   \u00a0\u3000",
}
#: A character that UTF-8 has no word for, as a browser would never send it.
RAW_BYTES = {"half a character": b"\xed\xa0\x80", "no utf-8": b"\xff\xfe\xc0\xaf", "cut off": b"\xf0\x9f\x98"}

#: Values of a JSON body's field.
VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "zero": 0,
    "negative": -1,
    "beyond 32 bits": 2**31,
    "beyond 64 bits": 2**64,
    "fraction": 1.5,
    "huge": 1e308,
    "list": [],
    "list of lists": [[[]]],
    "list of nothing": [None],
    "object": {},
    "nested": {"a": {"b": [1, {"c": None}]}},
    "half a character": "a\ud800b",
    "many": ["x"] * 2_000,
    "mixed": [1, "a", None, {}, []],
}

#: Whole bodies that are no proper JSON object.
BODIES: dict[str, bytes] = {
    "empty": b"",
    "space": b"   ",
    "nothing": b"null",
    "a list": b"[]",
    "a text": b'"text"',
    "a number": b"1",
    "cut off": b'{"title": "',
    "deep lists": b"[" * 50_000,
    "deep objects": b'{"a":' * 20_000,
    "deep but closed": b'{"title":' + b"[" * 900 + b"]" * 900 + b"}",
    "not a number": b'{"target": NaN}',
    "infinite": b'{"target": -Infinity}',
    "huge exponent": b'{"target": 1e400}',
    "five thousand digits": b'{"target": ' + b"9" * 5_000 + b"}",
    "twice the same": b'{"title": "a", "title": ["b"]}',
    "no utf-8": b'{"title": "\xff\xfe"}',
    "byte order mark": b'\xef\xbb\xbf{"title": "a"}',
    "utf-16": '{"title": "a"}'.encode("utf-16"),
    "unknown field": b'{"is_admin": true}',
    "dunder": b'{"__class__": {"__init__": {}}, "__proto__": {"x": 1}}',
    "empty name": b'{"": 1}',
    "name with nul": b'{"ti\\u0000tle": 1}',
    "form": b"title=a&csrf_token=b",
    "xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
}
CONTENT_TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "application/json; charset=utf-7",
    "application/json; charset=nonsense",
    "application/xml",
    "a/b/c; =;;",
    "\u00e4",
)

#: Names of a query string, and values that are wrong for them.
QUERY_NAMES = (
    "as_of",
    "cursor",
    "limit",
    "sort",
    "q",
    "lang",
    "count",
    "next",
    "government",
    "id",
    "strange",
)
QUERY_VALUES = (
    "",
    "0",
    "-1",
    "201",
    "9" * 5_000,
    "NaN",
    "%00",
    "%FF%FE",
    "%ED%A0%80",
    "%u0041",
    "%",
    "0202-01-01",
    "2999-01-01",
    "2026-02-30",
    "e30=",
    "W10",
    "bm90IGpzb24",
    "WyJhIixudWxsXQ",
    "eyJrIjpbMSwyLDNdfQ.AAAA",
    "%22%27%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%3Cscript%3Ealert(2)%3C/script%3E",
    "//evil.example",
    "javascript:alert(1)",
    "%E2%80%AE",
    "1e400",
    "a&a",
)
QUERY_STRINGS = (
    "&&&&",
    "=",
    "=x",
    "as_of=2026-01-01&as_of=2026-01-02",
    "limit=1&limit=x&limit=%00",
    "a[]=1&a[b]=2",
    "%",
    "%FF=%FF",
    "x" * 9_000,
    "&".join(f"f{number}=1" for number in range(1_500)),
)
#: Ids as the address gives them.
IDS = (
    "0",
    "-1",
    "000000001",
    "999999999",
    "1000000000",
    "9" * 400,
    "1.0",
    "1e3",
    "%31",
    "1%00",
    "%D9%A1",
    "%EF%BC%91",
    "1%2F..%2F2",
    "..%2F1",
    "%FF",
    "1;x=y",
    "null",
    "%20",
)
HEADERS: dict[str, tuple[str, ...]] = {
    "If-Match": ("", '"', "*", '"99999999999999999999-x"', 'W/"1"', '"1', "x" * 9_000, '"\u00ff"'),
    "If-None-Match": ("*", '"', ",,,", 'W/"x", "y"', "x" * 9_000),
    "Idempotency-Key": ("", " ", "short", "x" * 101, "a\tb c d e f", "'; DROP TABLE x; --", "\u00e4" * 10),
    "Accept-Language": ("*", "id;q=x", "-" * 500, "\u00e4", ";;;", "xx-YY,zz;q=9"),
    "Authorization": (
        "Bearer",
        "Bearer ",
        "Bearer \u00ff",
        "Basic !!!",
        "Bearer " + "x" * 9_000,
        "bearer a b c",
    ),
    "Cookie": ("collab=", "collab=x.y.z", "=;=", "collab=" + "A" * 4_000, "\u00ff=\u00ff", 'collab="\\"'),
    "Range": ("bytes=", "bytes=-", "bytes=5-1", "bytes=0-999999999999", "lines=1-2", "bytes=0-0,0-0,0-0"),
    "If-Modified-Since": ("never", "Mon, 99 Foo 9999 99:99:99 GMT", "0"),
    "Content-Encoding": ("gzip", "nonsense"),
    "X-CSRF-Token": ("", "\u00ff", "x" * 9_000),
    "Accept": ("*/*;q=x", "text/\u00e4", ",", "application/xml"),
}


def markers(names: list[str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Give forms whose marks of rows and groups do not fit together."""
    first = names[0] if names else "x"
    yield "end without start", [("__end__", f"{first}:sequence")]
    yield "start without end", [("__start__", f"{first}:mapping"), ("x", "y")]
    yield "unknown kind", [("__start__", f"{first}:nonsense"), ("__end__", f"{first}:nonsense")]
    yield "no kind", [("__start__", first), ("__end__", first)]
    yield (
        "crossed",
        [
            ("__start__", "a:mapping"),
            ("__start__", "b:sequence"),
            ("__end__", "a:mapping"),
            ("__end__", "b:sequence"),
        ],
    )
    yield (
        "a group for a field",
        [("__start__", f"{first}:mapping"), ("x", "y"), ("__end__", f"{first}:mapping")],
    )
    yield (
        "a list for a field",
        [("__start__", f"{first}:sequence"), ("x", "y"), ("__end__", f"{first}:sequence")],
    )
    yield "ignored", [("__start__", f"{first}:ignore"), ("x", "y"), ("__end__", f"{first}:ignore")]
    yield "renamed", [("__start__", f"{first}:rename"), ("x", "y"), ("__end__", f"{first}:rename")]
    yield "very deep", [("__start__", f"{first}:sequence")] * 2_000
    yield "very many", [(first, "x")] * 5_000
    yield "empty mark", [("__start__", ""), ("__end__", "")]
    yield "the same field twice", [(first, "a"), (first, "b")]
    yield "charset", [("_charset_", "utf-7"), (first, "+ADw-script+AD4-")]
    yield "row buttons", [("__row__", "x"), ("add", first), ("remove", "999"), (f"add:{first}", "1")]
    yield "a key that is none", [("idempotency_key", "\x00" * 20), (first, "x")]
    yield "a version that is none", [("version", "9" * 400), (first, "x")]
    yield "a version of another kind", [("version", "\u0661"), (first, "x")]


def field_names(html: str) -> list[tuple[str, str]]:
    """Give what a browser would send of a page's main form, in order, without the form's token."""
    page = BeautifulSoup(html, "html.parser")
    form = page.find("form", id="form") or page.find("form", method="post") or page
    assert isinstance(form, Tag)
    return [(str(name), str(value)) for name, value in controls(form) if name != "csrf_token"]


def multipart(fields: list[tuple[str, bytes, str | None]], boundary: str = "xyz") -> bytes:
    """Write a multipart body; a third part names a file."""
    out = b""
    for name, value, filename in fields:
        disposition = f'form-data; name="{name}"' + (
            f'; filename="{filename}"' if filename is not None else ""
        )
        out += f"--{boundary}\r\nContent-Disposition: {disposition}\r\n".encode()
        out += (
            (b"Content-Type: application/pdf\r\n" if filename is not None else b"")
            + b"\r\n"
            + value
            + b"\r\n"
        )
    return out + f"--{boundary}--\r\n".encode()


def broken_multiparts(csrf: str) -> Iterator[tuple[str, str, bytes]]:
    """Give (what, content type, body) of multipart bodies that are none."""
    whole = multipart(
        [("csrf_token", csrf.encode(), None), ("title", b"x", None), ("file", b"%PDF-", "a.pdf")]
    )
    kind = "multipart/form-data; boundary=xyz"
    yield "cut off", kind, whole[:-20]
    yield "another boundary", "multipart/form-data; boundary=abc", whole
    yield "no boundary", "multipart/form-data", whole
    yield "a boundary too long", f"multipart/form-data; boundary={'x' * 5000}", whole
    yield "nothing", kind, b""
    yield "only lines", kind, b"--xyz\r\n" * 500
    yield "no name", kind, whole.replace(b'name="title"', b"")
    yield "no utf-8", kind, whole.replace(b"\r\n\r\nx\r\n", b"\r\n\r\n\xff\xfe\r\n")
    yield "a name of a file as a path", kind, whole.replace(b"a.pdf", b"../../../x\x00.pdf")
    yield (
        "a file where a text is wanted",
        kind,
        whole.replace(b'name="title"', b'name="title"; filename="t.pdf"'),
    )
    yield (
        "a transfer encoding",
        kind,
        whole.replace(b"\r\n\r\nx", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!"),
    )
    yield (
        "a charset",
        kind,
        whole.replace(b"\r\n\r\nx", b"\r\nContent-Type: text/plain; charset=nope\r\n\r\nx"),
    )
    yield (
        "a part within a part",
        kind,
        whole.replace(b"\r\n\r\nx", b"\r\nContent-Type: multipart/mixed\r\n\r\nx"),
    )


def json_body(content: Any) -> bytes:
    """Write JSON in which half characters stay escaped."""
    return json.dumps(content, ensure_ascii=True).encode()
