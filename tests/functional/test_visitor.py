"""The visitor notices what he is there for: each fault is planted into a sound page, and found."""

import pytest

from tests.functional.conftest import Visit
from tests.support.site import Site

pytestmark = pytest.mark.timeout(300)

HIDDEN = {
    "console.error('planted')": "planted",
    "setTimeout(() => { throw new Error('thrown later') })": "thrown later",
    "void Promise.reject(new Error('nobody waits'))": "nobody waits",
    "document.head.append(Object.assign(document.createElement('style'), {textContent: 'b{}'}))": "CSP refuses",
    "fetch('/healthz?').then(() => fetch('/no-such-page'))": "answers 404",
    "fetch('http://127.0.0.1:9/').catch(() => 0)": "Content Security Policy",
}
SEEN = {
    "document.querySelector('main').append(document.createElement('h1'))": "2 h1",
    "document.querySelector('main').append(Object.assign(new Image(), {src: '/static/x'}))": "axe image-alt",
    "document.title = ''": "no title",
    "document.documentElement.lang = ''": "no language",
    "document.querySelector('main').append(Object.assign(document.createElement('canvas'), {width: 3000}))": "scrolls sideways",
}


@pytest.mark.parametrize("planted", HIDDEN)
def test_a_hidden_fault_is_noticed(visit: Visit, site: Site, planted: str) -> None:
    visitor = visit(site)
    page = visitor.open("/login")
    page.evaluate(f"() => {{ {planted} }}")
    for _while in range(100):
        if HIDDEN[planted] in "\n".join(visitor.faults):
            break
        page.wait_for_timeout(100)
    noticed, visitor.faults = "\n".join(visitor.faults), []
    assert HIDDEN[planted] in noticed


@pytest.mark.parametrize("planted", SEEN)
def test_a_flaw_of_the_page_is_noticed(visit: Visit, site: Site, planted: str) -> None:
    visitor = visit(site)
    page = visitor.open("/login")
    assert visitor.problems() == []
    page.evaluate(f"() => {{ {planted} }}")
    assert SEEN[planted] in "\n".join(visitor.problems())
    visitor.faults = []
