// Add and remove the rows of a sequence without asking the server.

let made = 0;

/** Wire the buttons of every sequence below `root`; `improve` is run on each new row. */
export function startRows(root, improve) {
  root.querySelectorAll("[data-rows]").forEach((rows) => {
    if (rows.dataset.started) return;
    rows.dataset.started = "1";
    rows.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button || button.closest("[data-rows]") !== rows) return;
      if (button.hasAttribute("data-rows-add")) add(event, rows, improve);
      if (button.hasAttribute("data-rows-remove")) remove(event, rows, button);
    });
    tidy(rows);
  });
}

function own(rows, selector) {
  return [...rows.querySelectorAll(selector)].filter((node) => node.closest("[data-rows]") === rows);
}

function add(event, rows, improve) {
  event.preventDefault();
  if (rows.dataset.max && own(rows, "[data-rows-item]").length >= Number(rows.dataset.max)) return;
  const blank = own(rows, "template[data-rows-blank]")[0];
  const holder = document.createElement("template");
  made += 1;
  holder.innerHTML = blank.innerHTML.replace(/deformField\d+/g, (oid) => `${oid}n${made}`);
  const row = holder.content.firstElementChild;
  own(rows, "[data-rows-list]")[0].append(row);
  improve(row);
  tidy(rows);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  row.dispatchEvent(new Event("input", { bubbles: true }));
}

function remove(event, rows, button) {
  event.preventDefault();
  const item = button.closest("[data-rows-item]");
  const next = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  tidy(rows);
  const target = next?.querySelector("[data-rows-remove]:not([hidden])") ?? own(rows, "[data-rows-add]")[0];
  rows.dispatchEvent(new Event("input", { bubbles: true }));
  target?.focus();
}

function tidy(rows) {
  const count = own(rows, "[data-rows-item]").length;
  own(rows, "[data-rows-add]").forEach((button) => (button.hidden = rows.dataset.max && count >= Number(rows.dataset.max)));
  own(rows, "[data-rows-remove]").forEach((button) => (button.hidden = count <= Number(rows.dataset.min ?? 0)));
}
