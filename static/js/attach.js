// Files go to the server as soon as they are chosen, pasted or dropped: one can see how far they are, take them out, and
// find them again with the draft.
const composer = document.querySelector("[data-composer]");
const form = composer?.querySelector("[data-write=reply]");
const list = form?.querySelector("[data-attached]");
const words = composer?.querySelector("[data-words]").dataset;

if (form) begin();

function begin() {
  const picker = form.elements.files;
  picker.addEventListener("change", () => {
    for (const file of picker.files) attach(file);
    picker.value = ""; // they are with the draft now
    form.querySelector("[data-files]").textContent = "";
  });
  composer.addEventListener("attach", (event) => attach(event.detail.file, event.detail));
  composer.addEventListener("attached", (event) => event.detail.forEach(show));
  list.addEventListener("click", take);
  composer.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
  composer.addEventListener("drop", (event) => {
    if (event.defaultPrevented || !event.dataTransfer.files.length) return;
    event.preventDefault();
    for (const file of event.dataTransfer.files) attach(file);
  });
}

function attach(file, { inline = false, done = null } = {}) {
  if (file.size > Number(composer.dataset.limit)) return tell(words.tooLarge.replace("%s", file.name));
  const line = document.createElement("li");
  const meter = document.createElement("progress");
  meter.max = 1;
  meter.setAttribute("aria-label", words.uploading.replace("%s", file.name));
  line.append(file.name, " ", meter);
  list.append(line);
  list.hidden = false;
  const data = new FormData();
  data.set("file", file);
  if (inline) data.set("inline", "1");
  const request = new XMLHttpRequest(); // fetch tells nothing of how far it is
  request.open("POST", composer.dataset.upload);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", composer.querySelector("[name=csrfmiddlewaretoken]").value);
  request.upload.addEventListener("progress", (event) => { meter.value = event.loaded / event.total; });
  request.addEventListener("loadend", () => {
    line.remove();
    const told = answer(request);
    if (request.status !== 200 || !told) tell(told?.said ?? words.failed);
    else {
      if (composer.dataset.version === "0") composer.dataset.version = String(told.version);
      form.querySelector("[data-discard]").hidden = false;
      if (done) done(told);
      else show(told);
      if (told.said) tell(told.said);
    }
    list.hidden = !list.children.length;
  });
  request.send(data);
}

function answer(request) {
  try { return JSON.parse(request.responseText); } catch { return null; } // a page, where the whole request was refused
}

function show({ name, size, url, remove_url }) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = url;
  link.textContent = name;
  link.className = "clip";
  link.download = name;
  const off = document.createElement("button");
  off.type = "submit";
  off.className = "button ghost square small";
  off.setAttribute("formaction", remove_url);
  off.formNoValidate = true;
  off.dataset.remove = "";
  off.setAttribute("aria-label", words.remove.replace("%s", name));
  off.textContent = "✕";
  line.append(link, ` ${size ?? ""}`, off);
  list.append(line);
  list.hidden = false;
}

async function take(event) {
  const button = event.target.closest("[data-remove]");
  if (!button) return;
  event.preventDefault();
  const headers = { Accept: "application/json", "X-CSRFToken": composer.querySelector("[name=csrfmiddlewaretoken]").value };
  const done = await fetch(button.getAttribute("formaction"), { method: "POST", headers, redirect: "manual" }).catch(() => null);
  if (!done?.ok) return tell(words.failed);
  button.closest("li").remove();
  list.hidden = !list.children.length;
  form.elements.files.focus();
}

function tell(text) {
  composer.dispatchEvent(new CustomEvent("told", { detail: text }));
}
