// Turn a plain list into a box that finds choices as one types (an accessible combobox with a list below it).

const PAUSE = 180;

/** Improve every searchable list below `root`. */
export function startSearchSelects(root) {
  root.querySelectorAll("[data-search-select]").forEach((holder) => {
    if (holder.dataset.started || !holder.dataset.url) return;
    holder.dataset.started = "1";
    new SearchSelect(holder);
  });
}

class SearchSelect {
  constructor(holder) {
    this.holder = holder;
    this.words = holder.dataset;
    this.select = holder.querySelector("select");
    this.items = [];
    this.active = -1;
    this.build();
    this.listen();
  }

  build() {
    const id = this.select.id;
    this.box = document.createElement("input");
    Object.assign(this.box, { type: "text", className: "form-select", autocomplete: "off", id });
    this.box.value = this.chosen();
    this.box.placeholder = this.select.options[0]?.value === "" ? this.select.options[0].textContent : "";
    const attributes = { role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": `${id}-list` };
    for (const [name, value] of Object.entries(attributes)) this.box.setAttribute(name, value);
    for (const name of ["aria-describedby", "aria-invalid", "required"]) {
      if (this.select.hasAttribute(name)) this.box.setAttribute(name, this.select.getAttribute(name));
    }
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: `${id}-list`, className: "search-list", hidden: true });
    this.list.setAttribute("role", "listbox");
    const label = this.holder.closest("form, main")?.querySelector(`label[for="${id}"]`);
    this.list.setAttribute("aria-label", label?.textContent.trim() ?? "");
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.select.id = `${id}-value`;
    this.select.hidden = true;
    this.select.required = false;
    this.holder.append(this.box, this.list, this.status);
  }

  listen() {
    this.box.addEventListener("input", () => this.later());
    this.box.addEventListener("focus", () => this.box.select());
    this.box.addEventListener("click", () => this.later());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("blur", () => this.leave());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option][id]");
      if (row) this.choose(Number(row.dataset.index));
    });
  }

  chosen() {
    const option = this.select.selectedOptions[0];
    return option && option.value !== "" ? option.textContent : "";
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.find(), PAUSE);
  }

  async find() {
    const text = this.box.value.trim();
    if (text.length < 2 || text === this.chosen()) return this.show(this.known(text), text.length < 2);
    this.running?.abort();
    this.running = new AbortController();
    const address = new URL(this.words.url, location.href);
    address.searchParams.set("q", text);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: this.running.signal });
      if (!answer.ok) throw new Error(answer.status);
      this.show((await answer.json()).items);
    } catch (failure) {
      if (failure.name !== "AbortError") this.say(this.words.failed);
    }
  }

  known(text) {
    const wanted = text === this.chosen() ? "" : text.toLowerCase();
    return [...this.select.options]
      .filter((option) => option.value !== "" && option.textContent.toLowerCase().includes(wanted))
      .slice(0, 50)
      .map((option) => ({ id: option.value, text: option.textContent }));
  }

  show(items, hint = false) {
    this.items = items;
    this.active = -1;
    if (!items.length) return this.say(hint ? this.words.hint : this.words.none);
    this.list.replaceChildren(...items.map((item, index) => this.row(item, index)));
    this.open(true);
    this.status.textContent = this.words.found.replace("{n}", items.length);
  }

  row(item, index) {
    const row = document.createElement("li");
    row.id = `${this.list.id}-${index}`;
    row.dataset.index = index;
    row.textContent = item.text;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(String(item.id) === this.select.value));
    return row;
  }

  say(words) {
    const row = document.createElement("li");
    row.className = "search-none";
    row.textContent = words;
    row.setAttribute("role", "option");
    row.setAttribute("aria-disabled", "true");
    this.items = [];
    this.list.replaceChildren(row);
    this.status.textContent = words;
    this.open(true);
  }

  open(yes) {
    this.list.hidden = !yes;
    this.box.setAttribute("aria-expanded", String(yes));
    if (!yes) this.box.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) return this.find();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      if (this.active >= 0) this.choose(this.active);
      else if (this.items.length === 1) this.choose(0);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.open(false);
    }
  }

  move(step) {
    if (!this.items.length) return;
    this.active = (this.active + step + this.items.length + (this.active < 0 && step < 0 ? 1 : 0)) % this.items.length;
    [...this.list.children].forEach((row, index) => row.classList.toggle("is-active", index === this.active));
    const row = this.list.children[this.active];
    this.box.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  choose(index) {
    const item = this.items[index];
    let option = [...this.select.options].find((known) => known.value === String(item.id));
    if (!option) {
      option = new Option(item.text, item.id);
      this.select.add(option);
    }
    this.select.value = option.value;
    this.box.value = option.textContent;
    this.open(false);
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
  }

  leave() {
    clearTimeout(this.timer);
    this.open(false);
    if (this.box.value.trim() === "") this.select.value = "";
    this.box.value = this.chosen();
  }
}
