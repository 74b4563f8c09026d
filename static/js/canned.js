// Canned replies: "/" at the beginning of a word opens a list; letters narrow it, arrows choose, Enter puts it in.
const composer = document.querySelector("[data-composer]");
const form = composer?.querySelector("[data-write=reply]");
const select = form?.querySelector("[data-canned-choice]");
const words = composer?.querySelector("[data-words]").dataset;
const MOST = 8;
let box = null;
let at = 0;

if (select) begin();

function begin() {
  form.addEventListener("input", (event) => { if (event.target === form.elements.text) look(); });
  composer.addEventListener("typed", look); // in the editor
  form.addEventListener("keydown", keys, true);
  form.addEventListener("focusout", (event) => { if (box && !form.contains(event.relatedTarget)) close(); });
  form.querySelector("[data-canned-insert]").addEventListener("click", (event) => {
    event.preventDefault();
    if (select.value) put(select.value, "");
    select.closest("details").open = false;
  });
}

// The word before the caret where it begins with a slash, else nothing.
function slash() {
  const field = form.elements.text;
  const { editor } = composer;
  const before = editor ? editor.state.selection.$from.parent.textBetween(0, editor.state.selection.$from.parentOffset, "\n", "\n") : field.value.slice(0, field.selectionStart);
  const found = before.match(/(?:^|\s)(\/[^\s/]*(?: [^\s/]+)?)$/u);
  return found?.[1] ?? null;
}

function look() {
  const typed = slash();
  if (typed === null) return close();
  const wanted = typed.slice(1).toLocaleLowerCase();
  const found = [...select.options].filter((one) => one.value && one.text.toLocaleLowerCase().includes(wanted)).slice(0, MOST);
  if (!found.length && wanted.includes(" ")) return close();
  open(found);
}

function open(found) {
  if (!box) {
    box = document.createElement("ul");
    box.className = "menu canned-list";
    box.id = "canned-list";
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", select.labels[0].textContent);
    const place = form.querySelector(".composer");
    if (place) place.prepend(box); // of a letter, whose addresses are fields above it
    else form.querySelector(".to").after(box);
  }
  at = 0;
  box.replaceChildren(...found.map((one, index) => {
    const line = document.createElement("li");
    line.className = "option";
    line.id = `canned-${index}`;
    line.setAttribute("role", "option");
    line.dataset.value = one.value;
    line.textContent = one.text;
    line.dir = "auto";
    line.addEventListener("pointerdown", (event) => { event.preventDefault(); put(one.value, slash() ?? ""); });
    return line;
  }));
  if (!found.length) box.append(Object.assign(document.createElement("li"), { className: "head", textContent: words.none }));
  composer.dispatchEvent(new CustomEvent("told", { detail: words.found.replace("%s", found.length) }));
  mark();
}

function mark() {
  const writer = form.querySelector(".editor");
  [...box.children].forEach((line, index) => line.setAttribute("aria-selected", String(index === at)));
  writer.setAttribute("aria-controls", box.id);
  writer.setAttribute("aria-activedescendant", `canned-${at}`);
}

function close() {
  if (!box) return;
  box.remove();
  box = null;
  for (const name of ["aria-controls", "aria-activedescendant"]) form.querySelector(".editor")?.removeAttribute(name);
}

function keys(event) {
  if (!box || event.isComposing || !event.target.matches(".editor")) return;
  const count = box.querySelectorAll("[role=option]").length;
  if (event.key === "Escape") close();
  else if (!count) return;
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") { at = (at + (event.key === "ArrowDown" ? 1 : -1) + count) % count; mark(); }
  else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") put(box.children[at].dataset.value, slash() ?? "");
  else return;
  event.preventDefault();
  event.stopPropagation();
}

async function put(id, typed) {
  close();
  const editor = await composer.ready?.();
  const data = new FormData();
  data.set("canned", id);
  for (const name of ["sender", "to", "subject"]) if (form.elements[name]) data.set(name, form.elements[name].value);
  const headers = { Accept: "application/json", "X-CSRFToken": composer.querySelector("[name=csrfmiddlewaretoken]").value };
  const answer = await fetch(composer.dataset.canned, { method: "POST", body: data, headers, redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return tell(words.failed);
  const told = await answer.json();
  if (composer.dataset.version === "0") composer.dataset.version = String(told.version);
  if (editor) {
    const { from } = editor.state.selection;
    const range = { from: from - typed.length, to: from };
    editor.chain().focus().insertContentAt(range, told.html).run();
  } else {
    const field = form.elements.text;
    field.setRangeText(told.text, field.selectionStart - typed.length, field.selectionStart, "end");
    composer.dispatchEvent(new Event("typed"));
  }
  composer.dispatchEvent(new CustomEvent("attached", { detail: told.files }));
  if (told.said) tell(told.said);
}

function tell(text) {
  composer.dispatchEvent(new CustomEvent("told", { detail: text }));
}
