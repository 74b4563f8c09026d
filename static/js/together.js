// Beside one another: who is here, who answers, what waits for me. News brings ids; words are fetched from the desk.
const line = document.getElementById("line");
const ticket = document.querySelector("[data-live=ticket]")?.dataset.number ?? "";
const GATHER = 600, LOOK_AGAIN = 60_000, SAY_AGAIN = 20_000;
const waiting = new Set();
let gathering = 0, saidAt = -SAY_AGAIN, isMine = false;

const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

document.addEventListener("desk:news", ({ detail: told }) => {
  if (told.what === "here") gather(told.number);
  if (told.what === "notice") notice(told);
});

// Who left without a word is gone after a while: look now and then where somebody is shown.
setInterval(() => {
  if (document.hidden) return;
  document.querySelectorAll("[data-row] .presence").forEach((one) => gather(one.id.replace("here-", "")));
  if (ticket && document.querySelector("#beside > *, #claim > *")) gather(ticket);
}, LOOK_AGAIN);

function gather(number) {
  if (number !== ticket && !document.getElementById(`ticket-${number}`)) return;
  waiting.add(number);
  gathering ||= setTimeout(show, GATHER + Math.random() * GATHER);
}

async function show() {
  const numbers = [...waiting];
  waiting.clear();
  gathering = 0;
  if (numbers.includes(ticket)) beside(await ask(document.getElementById("beside").dataset.url));
  const rows = numbers.filter((number) => document.getElementById(`ticket-${number}`));
  if (!rows.length) return;
  const fresh = await ask(`${line.dataset.here}?${new URLSearchParams(rows.map((number) => ["n", number]))}`);
  if (fresh) rows.forEach((number) => put(number, fresh.getElementById(`here-${number}`)));
}

function put(number, fresh) {
  document.getElementById(`here-${number}`)?.remove();
  if (fresh) document.querySelector(`#ticket-${number} .extra`)?.prepend(document.importNode(fresh, true));
}

function beside(fresh) {
  for (const id of ["beside", "claim"]) {
    const old = document.getElementById(id), other = fresh?.getElementById(id);
    if (!old || !other || old.innerHTML === other.innerHTML) continue;
    old.replaceChildren(...document.importNode(other, true).childNodes);
    window.htmx?.process(old);
  }
}

async function ask(address, options = {}) {
  const answer = await fetch(address, { credentials: "same-origin", ...options }).catch(() => null);
  return answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

// Whoever types an answer says so, softly: the others see it and may take over.
document.addEventListener("input", async (event) => {
  const form = event.target.closest?.("form.for-reply");
  const place = document.getElementById("claim");
  if (!form || !place || !event.isTrusted) return;
  const isEmpty = event.target.matches(".editor") && !(event.target.value ?? event.target.textContent).trim();
  if (isEmpty) return letGo();
  if (performance.now() - saidAt < SAY_AGAIN) return;
  saidAt = performance.now();
  isMine = true;
  beside(await ask(place.dataset.claim, { method: "POST", headers: { "X-CSRFToken": token() } }));
});

addEventListener("pagehide", letGo);

function letGo() {
  const place = document.getElementById("claim");
  if (!isMine || !place) return;
  isMine = false;
  saidAt = -SAY_AGAIN;
  const form = new FormData();
  form.set("csrfmiddlewaretoken", token());
  navigator.sendBeacon(place.dataset.letGo, form);
}

async function notice(told) {
  if (told.browser && document.hidden && !(await isSeen())) fromBrowser(told);
  if (!told.app || (told.number === ticket && !document.hidden)) return; // the page itself shows it
  const fresh = (await ask(line.dataset.bell))?.getElementById("bell");
  if (fresh) document.getElementById("bell")?.replaceWith(document.importNode(fresh, true));
  if (!document.hidden) toast(told);
}

const sentence = (told) => (line.dataset[told.kind] ?? "").replace("%s", told.number);
const address = (told) => (told.number ? line.dataset.ticket.replace(/0\/$/, `${told.number}/`) : line.dataset.list);

function toast(told) {
  const one = document.createElement("p");
  const link = document.createElement("a");
  one.className = "toast";
  one.dataset.toast = "info";
  link.href = address(told);
  link.textContent = line.dataset.open;
  one.append(`${sentence(told)} `, link);
  document.getElementById("notices")?.append(one);
}

// Only a number: what the browser shows may be read by whoever passes, and is kept by the system.
function fromBrowser(told) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  try {
    const shown = new Notification(line.dataset.desk, { body: sentence(told), tag: told.notice });
    shown.addEventListener("click", () => { focus(); location.assign(address(told)); shown.close(); });
  } catch (error) {
    console.info("This browser shows notifications only from a service worker.", error.message);
  }
}

async function isSeen() {
  const locks = await navigator.locks?.query();
  return Boolean(locks?.held?.some((lock) => lock.name === `seen ${line.dataset.stream}`));
}

// Who takes over goes on writing: the button that had the focus is gone.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.closest?.("#claim") && event.detail.successful) document.querySelector("form.for-reply .editor")?.focus();
});
