// What is being written, saved on the server every few seconds. A copy stays in this tab only while the server has not
// taken it: without a connection, or signed out. It goes as soon as the text is safe, and with another person's sign-in.
const composer = document.querySelector("[data-composer]");
const words = composer?.querySelector("[data-words]").dataset;
const PAUSE = 1500; // milliseconds without a key
const OFTEN = 5000; // while somebody types on and on
const AGAIN = 5000; // after a failure
let timer = 0;
let first = 0; // when the oldest change was made that is not saved
let busy = null;
let held = null; // a form that waits for the connection

if (composer) begin();

function begin() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("draft:") && !key.startsWith(`draft:${composer.dataset.me}:`)) sessionStorage.removeItem(key);
  }
  restore();
  composer.addEventListener("input", (event) => { if (event.target.closest("[data-write]")) changed(); });
  composer.addEventListener("change", (event) => { if (event.target.matches("[type=checkbox], [name=sender]")) changed(); });
  composer.addEventListener("submit", before);
  composer.addEventListener("typed", changed); // by the editor, and whatever else writes
  composer.addEventListener("told", (event) => say(event.detail));
  addEventListener("online", retry);
  addEventListener("offline", () => { if (first) offline(); });
  addEventListener("focus", () => { if (first) retry(); });
  addEventListener("pagehide", leaving);
  document.addEventListener("visibilitychange", () => { if (document.hidden && first) save(); });
}

function changed() {
  const now = performance.now();
  first ||= now;
  keep();
  clearTimeout(timer);
  timer = setTimeout(save, now - first > OFTEN ? 0 : PAUSE);
}

function say(text, ...acts) {
  for (const place of composer.querySelectorAll("[data-saved]")) {
    place.replaceChildren(text, ...acts.map((act) => (act instanceof HTMLElement ? act.cloneNode(true) : act)));
    place.querySelectorAll("button").forEach((button, at) => button.addEventListener("click", acts.filter((a) => a.tagName === "BUTTON")[at].onclick));
    place.classList.toggle("wrong", acts.length > 0 || text === words.offline || text === words.failed || text === words.waits);
  }
}

function token() { return composer.querySelector("[name=csrfmiddlewaretoken]").value; }

function body() {
  const data = new FormData();
  const reply = new FormData(composer.querySelector("[data-write=reply]"));
  reply.delete("files");
  for (const [name, value] of reply) data.append(name, value);
  const note = noted();
  if (note) data.set("note", note.value);
  data.set("version", composer.dataset.version);
  return data;
}

// The note beside an answer; mail that answers nothing has none.
function noted() { return composer.querySelector("[data-write=note] [name=text]"); }

// One at a time: what is typed while one is under way is saved by the next.
async function save() {
  clearTimeout(timer);
  if (busy) { await busy; if (!first) return true; }
  busy = post();
  const done = await busy;
  busy = null;
  return done;
}

async function post(renewed = false) {
  const from = first;
  const answer = await fetch(composer.dataset.save, {
    method: "POST", body: body(), credentials: "same-origin", redirect: "manual",
    headers: { Accept: "application/json", "X-CSRFToken": token() },
  }).catch(() => null);
  if (!answer) { offline(); return again(false); }
  if (answer.type === "opaqueredirect" || answer.status === 401) { signedOut(); return again(false); }
  if (answer.status === 403 && !renewed) return (await renew()) ? post(true) : again(false);
  if (answer.status === 409) { elsewhere(await answer.json()); return false; }
  if (!answer.ok) { say(words.failed); return again(false); }
  const told = await answer.json();
  composer.dataset.version = told.version;
  composer.querySelector("[data-discard]").hidden = !told.version;
  if (first === from) { first = 0; sessionStorage.removeItem(place()); }
  say(told.said);
  return true;
}

function again(done) {
  keep();
  clearTimeout(timer);
  timer = setTimeout(retry, AGAIN);
  return done;
}

async function retry() {
  if (!first && !held) return;
  if (!(await save()) || !held) return;
  const { form, submitter } = held;
  held = null;
  send(form, submitter);
}

// Nothing is sent before the server has the text: then a page that does not come, or a sign-in, loses nothing.
async function before(event) {
  const form = event.target;
  if (event.submitter?.hasAttribute("data-discard")) return empty(form);
  if (!form.matches("[data-write]") || form.dataset.ready || event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  const submitter = event.submitter ?? form.querySelector("[data-send]");
  first ||= performance.now();
  if (await save()) send(form, submitter);
  else if (!navigator.onLine || composer.dataset.offline) { held = { form, submitter }; say(words.waits); }
}

// What is thrown away is not saved once more by the page that goes.
function empty(form) {
  for (const name of ["text", "html", "subject"]) if (form.elements[name]) form.elements[name].value = "";
  sessionStorage.removeItem(place());
  if (!noted()?.value) first = 0;
}

function send(form, submitter) {
  form.dataset.ready = "1";
  sessionStorage.removeItem(place());
  first = 0;
  form.requestSubmit(submitter);
  delete form.dataset.ready;
}

function leaving() {
  if (first) navigator.sendBeacon?.(composer.dataset.save, body());
}

function offline() {
  composer.dataset.offline = "1";
  say(words.offline);
  addEventListener("online", () => delete composer.dataset.offline, { once: true });
}

function signedOut() {
  const link = document.createElement("a");
  link.href = composer.dataset.signIn;
  link.textContent = words.signInAgain;
  say(`${words.signedOut} `, link);
}

// After signing in somewhere else the form's token is another one: take it from the page as it is now.
async function renew() {
  const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  if (!answer?.ok) { signedOut(); return false; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!fresh || page.querySelector("[data-composer]")?.dataset.me !== composer.dataset.me) { signedOut(); return false; }
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": fresh }));
  return true;
}

function elsewhere(other) {
  const show = button(words.takeOther, () => { sessionStorage.removeItem(place()); first = 0; location.reload(); });
  const stay = button(words.keepThis, () => { composer.dataset.version = other.version; save(); });
  say(`${words.elsewhere} `, show, stay);
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button small";
  made.textContent = label;
  made.onclick = act;
  return made;
}

function place() { return `draft:${composer.dataset.me}:${composer.dataset.save}`; }

function keep() {
  const data = Object.fromEntries([...body()].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken"));
  sessionStorage.setItem(place(), JSON.stringify(data));
}

// What the server never got is put back, unless it has something newer.
function restore() {
  const kept = JSON.parse(sessionStorage.getItem(place()) ?? "null");
  if (!kept) return;
  if (kept.version !== composer.dataset.version) { sessionStorage.removeItem(place()); return; }
  const reply = composer.querySelector("[data-write=reply]");
  for (const name of ["sender", "to", "cc", "bcc", "subject", "text"]) if (name in kept && reply.elements[name]) reply.elements[name].value = kept[name];
  if (kept.html) {
    const laid = composer.querySelector("[data-laid-out]") ?? document.createElement("template");
    laid.setAttribute("data-laid-out", "");
    laid.innerHTML = kept.html;
    reply.append(laid);
  } else composer.querySelector("[data-laid-out]")?.remove();
  if (noted()) noted().value = kept.note ?? "";
  say(words.restored);
  changed();
}
