"""Weigh a page as a phone loads it: everything it refers to, compressed as a proxy would."""

import gzip
import re
from posixpath import dirname, normpath

from bench.serving import Client

_REFERRED = re.compile(r"""(?:href|src)="(/static/[^"#]+)""")
_IN_CSS = re.compile(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""")
_IN_JS = re.compile(r"""(?:from|import)\s*\(?\s*['"](\.[^'"]+)""")
#: Compressed by themselves.
_PACKED = (".woff2", ".png", ".jpg", ".webp")


def weight(client: Client, path: str) -> tuple[int, int, dict[str, int]]:
    """Give (bytes of the first visit, bytes of the next one, bytes of each part)."""
    page = client.get(path)
    parts = {path: len(gzip.compress(page.body, 6))}
    waiting = list(dict.fromkeys(_REFERRED.findall(page.text)))
    while waiting:
        address = waiting.pop()
        if address in parts:
            continue
        answer = client.get(address)
        packed = address.endswith(_PACKED)
        parts[address] = len(answer.body) if packed else len(gzip.compress(answer.body, 6))
        if address.endswith((".css", ".js")):
            found = (_IN_CSS if address.endswith(".css") else _IN_JS).findall(answer.text)
            for match in found:
                target = match if isinstance(match, str) else match[0] or match[1]
                if not target.startswith("data:"):
                    waiting.append(normpath(f"{dirname(address)}/{target.split('#')[0].split('?')[0]}"))
    return sum(parts.values()), parts[path], parts
