// Send each chosen file at once and show how far it is. A file that fails stays in its box and goes with the form.

/** Wire every upload field below `root` that names an address to send to. */
export function startUploads(root) {
  root.querySelectorAll("[data-upload]").forEach((field) => {
    if (!field.dataset.url || field.dataset.started) return;
    field.dataset.started = "1";
    field.querySelectorAll("input[type=file]").forEach((box) => box.addEventListener("change", () => sendAll(field, box)));
  });
}

async function sendAll(field, box) {
  const left = new DataTransfer();
  const files = [...box.files];
  box.value = "";
  for (const file of files) {
    if (!(await sendOne(field, file))) left.items.add(file);
  }
  box.files = left.files;
}

async function sendOne(field, file) {
  const line = document.createElement("li");
  const name = document.createElement("span");
  const words = document.createElement("span");
  const bar = document.createElement("progress");
  name.textContent = file.name;
  words.textContent = field.dataset.sending;
  bar.max = 1;
  bar.setAttribute("aria-label", file.name);
  line.append(name, bar, words);
  field.querySelector(".upload-progress").append(line);
  if (field.dataset.most && file.size > Number(field.dataset.most)) {
    words.textContent = field.dataset.tooBig;
    bar.remove();
    return true;
  }
  try {
    const kept = await post(field, file, (part) => (bar.value = part));
    keep(field, kept, file);
    line.remove();
    return true;
  } catch (refusal) {
    bar.remove();
    line.classList.add("upload-failed");
    words.textContent = refusal.message || field.dataset.failed;
    return !refusal.retry;
  }
}

function post(field, file, progress) {
  return new Promise((resolve, reject) => {
    const body = new FormData();
    body.append("title", file.name);
    body.append("kind", field.dataset.kind);
    body.append("file", file);
    const token = field.closest("form")?.elements.namedItem("csrf_token")?.value;
    const call = new XMLHttpRequest();
    call.open("POST", field.dataset.url);
    call.responseType = "json";
    call.setRequestHeader("Accept", "application/json");
    if (token) call.setRequestHeader("X-CSRF-Token", token);
    call.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    call.addEventListener("load", () => {
      if (call.status >= 200 && call.status < 300 && call.response?.id) resolve(call.response);
      else reject(Object.assign(new Error(call.response?.detail ?? ""), { retry: call.status >= 500 }));
    });
    call.addEventListener("error", () => reject(Object.assign(new Error(""), { retry: true })));
    call.send(body);
  });
}

function keep(field, kept, file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const value = document.createElement("input");
  const drop = document.createElement("button");
  name.className = "upload-name";
  name.textContent = kept.title ?? kept.name ?? file.name;
  Object.assign(value, { type: "hidden", name: "kept", value: kept.id });
  Object.assign(drop, { type: "button", className: "btn btn-quiet btn-sm", textContent: field.dataset.remove });
  drop.setAttribute("aria-label", `${field.dataset.remove} ${name.textContent}`);
  drop.addEventListener("click", () => {
    item.remove();
    field.querySelector("input[type=file]").focus();
  });
  item.append(name, value, drop);
  field.querySelector(".upload-kept").append(item);
  item.dispatchEvent(new Event("input", { bubbles: true }));
}
