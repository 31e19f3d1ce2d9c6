"""What a strict Content-Security-Policy would refuse, in a template's source and in a page as it was answered."""

import re

from bs4 import BeautifulSoup

_HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)
_STYLE = re.compile(r"\sstyle\s*=", re.IGNORECASE)
_SCRIPT_ADDRESS = re.compile(r"""(?:href|src|action|formaction)\s*=\s*["']?\s*javascript:""", re.IGNORECASE)
_REMARK = re.compile(r"\{#.*?#\}", re.DOTALL)


def inline_parts(template: str) -> list[str]:
    """Name what a strict Content-Security-Policy would refuse in a template's source."""
    text = _REMARK.sub("", template)
    found = [
        str(match.group(0)).strip() for p in (_HANDLER, _STYLE, _SCRIPT_ADDRESS) for match in p.finditer(text)
    ]
    page = BeautifulSoup(text, "html.parser")
    found += ["<style>" for _ in page.find_all("style")]
    found += ["<script>" for script in page.find_all("script") if not script.has_attr("src")]
    return found


def inline_in_page(html: str) -> list[str]:
    """Name the inline scripts, styles and handlers of a page as a browser reads it."""
    page = BeautifulSoup(html, "html.parser")
    found = ["<style>" for _ in page.find_all("style")]
    found += ["<script>" for script in page.find_all("script") if not script.get("src")]
    for tag in page.find_all(True):
        for name, value in tag.attrs.items():
            if name == "style" or name.startswith("on"):
                found.append(f"<{tag.name} {name}>")
            elif name in _ADDRESSES and str(value).strip().lower().startswith(("javascript:", "data:text")):
                found.append(f"<{tag.name} {name}={value}>")
    return found


_ADDRESSES = frozenset({"href", "src", "action", "formaction"})
