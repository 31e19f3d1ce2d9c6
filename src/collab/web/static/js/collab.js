// What the pages gain where JavaScript runs. Everything works without it; nothing here decides anything.

import { startRows } from "./rows.js";
import { startUploads } from "./upload.js";
import { startSearchSelects } from "./search-select.js";

/** Make the improvements below `root` (the page, or a row that was just added). */
export function improve(root) {
  startRows(root, improve);
  startUploads(root);
  startSearchSelects(root);
  root.querySelectorAll("textarea[data-count]").forEach(countCharacters);
}

function countCharacters(box) {
  const words = document.getElementById(`${box.id}-count`);
  if (!words) return;
  const show = () => {
    const left = Number(box.dataset.count) - [...box.value].length;
    words.textContent = (left < 0 ? words.dataset.over : words.dataset.left).replace("{n}", Math.abs(left));
    words.classList.toggle("count-over", left < 0);
  };
  box.addEventListener("input", show);
  show();
}

/** Send a form once: its buttons rest after the first press, and wake when the page is shown again. */
function guardDoubleSubmit() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method.toLowerCase() !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    setTimeout(() => form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true")));
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-disabled"));
    });
  });
}

/** Ask before a page with unsaved words is left. */
function guardUnsaved() {
  let changed = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) changed = true;
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) changed = false;
  });
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

/** Show the figures of another day as soon as the day is chosen; typing a year is not choosing one. */
function startAsOf() {
  document.querySelectorAll("form[data-as-of]").forEach((form) => {
    const day = form.querySelector("input[type=date]");
    let typed = false;
    day.addEventListener("keydown", () => (typed = true));
    day.addEventListener("pointerdown", () => (typed = false));
    day.addEventListener("change", () => {
      if (!typed && day.value && day.checkValidity()) form.requestSubmit();
    });
  });
}

/** Close an open menu by Escape or by a press elsewhere. */
function startMenus() {
  const open = () => document.querySelectorAll(".top-menu[open], .person-menu[open]");
  document.addEventListener("click", (event) => open().forEach((menu) => menu.contains(event.target) || (menu.open = false)));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
}

improve(document);
guardDoubleSubmit();
guardUnsaved();
startAsOf();
startMenus();
document.querySelector(".error-summary")?.focus();
