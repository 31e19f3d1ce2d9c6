"""A person at a real browser, who notices every fault that a page hides: errors in the console, refused content, broken requests."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.support.site import PASSWORD

#: Heights that go with a width: a phone, a desk.
HEIGHTS = {360: 740, 1280: 800}
#: Tells the page's own faults to the console, which is listened to.
_REPORTER = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP refuses ${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile ?? ""}`));
addEventListener("unhandledrejection", (event) => console.error(`unhandled: ${event.reason}`));
"""
#: Chromium's own line for an answer of 400 and above; answers are judged by themselves.
_ANSWERED = "Failed to load resource: the server responded with a status of"
_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const wide = [...document.body.querySelectorAll("*")].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.right > width + 1 && !e.closest(".visually-hidden, .skip-link");
  });
  const tables = [...document.querySelectorAll(".table-wrap")].filter((e) => e.scrollWidth > e.clientWidth + 1);
  return {width, tables: tables.map((e) => e.textContent.trim().slice(0, 40)), scroll: document.documentElement.scrollWidth,
          wide: wide.slice(0, 5).map((e) => `${e.tagName.toLowerCase()}.${e.className} "${e.textContent.trim().slice(0, 40)}"`)};
}"""


class Visitor:
    """One browser window; `page` is Playwright's. Faults are collected, and `check()` fails the test with them."""

    def __init__(
        self, browser: Any, url: str, *, width: int = 1280, script: bool = True, **options: Any
    ) -> None:
        self.context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": HEIGHTS[width]},
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            java_script_enabled=script,
            **options,
        )
        self.context.set_default_timeout(20_000)
        self.script = script
        self.faults: list[str] = []
        self.allowed: set[int] = set()
        if script:
            self.context.add_init_script(_REPORTER)
        self.page = self.context.new_page()
        self.listen(self.page)
        self.context.on("page", self.listen)

    def listen(self, page: Any) -> None:
        """Collect the faults of a page; also of one opened beside it."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script fault: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_ANSWERED):
            self.faults.append(f"console {message.type}: {message.text}")

    def _failed(self, request: Any) -> None:
        # A search that is overtaken by the next one, a download, a page left in the middle: not failures.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.method} {request.url}: {request.failure}")

    def _answered(self, response: Any) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= 400 and not (is_page and response.status in self.allowed):
            self.faults.append(f"{response.request.method} {response.url} answers {response.status}")

    def check(self) -> None:
        """Fail with whatever was noticed so far."""
        found, self.faults = self.faults, []
        assert not found, "\n".join(found)

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Let pages answer with these statuses inside the block."""
        before, self.allowed = self.allowed, self.allowed | set(statuses)
        yield
        self.allowed = before

    # -- what a person does --------------------------------------------------------------------------------

    def open(self, path: str, *, status: int = 200) -> Any:
        """Go to an address; fail unless it answers with the status."""
        with self.expecting(status):
            answer = self.page.goto(path)
        assert answer.status == status, f"{path} answers {answer.status}, not {status}"
        self.check()
        return self.page

    def sign_in(self, name: str, *, path: str = "/login") -> "Visitor":
        """Sign in through the page, which is opened first if a path is given."""
        if path:
            self.open(path)
        self.page.get_by_label("Nama akun").fill(name)
        self.page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
        self.press("Masuk")
        return self

    def press(self, name: str, *, within: Any = None, status: int | None = None) -> None:
        """Press the button of the main part that bears a name, and wait for the page that follows."""
        button = (within or self.page.locator("main")).get_by_role("button", name=name, exact=True)
        with self.expecting(*([status] if status else [])), self.page.expect_navigation() as navigation:
            button.click()
        if status:
            assert navigation.value.status == status, f"{name} answers {navigation.value.status}"
        self.check()

    def follow(self, name: str, *, within: Any = None) -> None:
        """Follow the link of the main part that bears a name."""
        link = (within or self.page.locator("main")).get_by_role("link", name=name, exact=True).first
        with self.page.expect_navigation():
            link.click()
        self.check()

    def fill(self, label: str, text: str, *, within: Any = None) -> None:
        """Write into the field whose label begins so."""
        self.field(label, within=within).fill(text)

    def field(self, label: str, *, within: Any = None) -> Any:
        """Find the field whose label begins so, starred or optional."""
        name = re.compile(rf"^{re.escape(label)}\s*(\*|\(opsional\))?\s*$")
        return (within or self.page.locator("main")).get_by_label(name).locator("visible=true").first

    def find(self, label: str, text: str, choice: str, *, within: Any = None) -> None:
        """Type into a search box and take the choice that contains a text, by the keyboard alone."""
        box = self.field(label, within=within)
        box.focus()
        box.press_sequentially(text, delay=5)
        options = self.page.get_by_role("option").filter(has_text=choice)
        options.first.wait_for()
        for _step in range(20):
            box.press("ArrowDown")
            current = self.page.locator(f"[id='{box.get_attribute('aria-activedescendant')}']")
            if choice in current.inner_text():
                break
        box.press("Enter")
        assert choice in box.input_value()

    def read(self, path: str) -> str:
        """Read an export or the API with the visitor's own session."""
        answer = self.context.request.get(path)
        assert answer.ok, f"{path} answers {answer.status}"
        return str(answer.text())

    def card(self, title: str) -> Any:
        """Find the card of the page that bears a title."""
        return self.page.locator("section.card").filter(
            has=self.page.get_by_role("heading", name=title, exact=True)
        )

    @property
    def text(self) -> str:
        """Give what the main part says, white space made plain."""
        return " ".join(self.page.locator("main").inner_text().split())

    def sees(self, *texts: str) -> None:
        """Fail unless the main part says all of this."""
        said = self.text
        missing = [text for text in texts if text not in said]
        assert not missing, f"{self.page.url} does not say {missing}; it says: {said[:1500]}"

    # -- what must be true of every page -------------------------------------------------------------------

    def require_sound(self) -> None:
        """Fail unless the page is accessible (axe), has one h1, a title and a language, and fits its width."""
        problems = self.problems()
        assert not problems, f"{self.page.url}\n" + "\n".join(problems)

    def problems(self) -> list[str]:
        """Name what is wrong with the page as it is shown now."""
        page = self.page
        found = [fault_of(violation) for violation in Axe().run(page).response["violations"]]
        headings = page.locator("h1").count()
        if headings != 1:
            found.append(f"{headings} h1")
        if not page.title().removesuffix("· collab").strip():
            found.append("no title")
        if page.locator("html").get_attribute("lang") not in ("id", "en"):
            found.append("no language")
        measured = page.evaluate(_WIDE)
        if measured["scroll"] > measured["width"]:
            found.append(f"scrolls sideways: {measured}")
        found += [f"a table is wider than its place: {words}" for words in measured["tables"]]
        return found

    def resize(self, width: int) -> None:
        """Give the window another width."""
        self.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})

    def close(self) -> None:
        """Close the window."""
        self.context.close()


def fault_of(violation: dict[str, Any]) -> str:
    """Say what axe found, and at which elements."""
    nodes = "; ".join(f"{node['target']} {node['html'][:120]}" for node in violation["nodes"][:4])
    return f"axe {violation['id']} ({violation['impact']}): {violation['help']} at {nodes}"
