// Keys. What a letter does is said once, where it is done: an element with data-key is pressed by that key, and the map
// (components/_keys.html) declares the few keys that belong to no element. The map shows both, read from the page that is
// open. Letters do nothing while somebody types, and nothing at all when the profile says so (WCAG 2.1.4).
import { caps, isThere, nameOf, press } from "./controls.js";
import { keep } from "./focus.js";

const sheet = document.getElementById("keys");
const isOff = document.body.dataset.keys === "off";
const TYPING = "input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox]";
const PAIR = 1200; // milliseconds in which two letters are one key ("g m")
const CARRIED = "deskhero_key"; // a key pressed on a line of a list acts in the ticket that opens
let before = "";
let beforeAt = 0;

const verbs = {
  down: () => walk(1),
  up: () => walk(-1),
  open: () => here()?.click(),
  map: () => sheet.togglePopover(),
  news: () => document.querySelector("#news button")?.click(),
  carry,
};

document.addEventListener("keydown", (event) => {
  if (isOff || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
  if (isTyping(event.target)) return;
  const key = event.key;
  const pair = performance.now() - beforeAt < PAIR ? `${before} ${key}` : "";
  [before, beforeAt] = [key, performance.now()];
  const target = find(pair) ?? find(key);
  const declared = target ? null : declaration(key);
  if (!target && !declared) return;
  event.preventDefault();
  if (target) press(target);
  else verbs[declared.dataset.does](key);
});

function isTyping(target) {
  if (target.closest?.(TYPING) || document.querySelector("dialog:modal")) return true;
  const menu = target.closest?.("[popover]:popover-open");
  return Boolean(menu && menu !== sheet && menu.id !== "nav");
}

function find(key) {
  const all = key ? [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter(isThere) : [];
  return all.find((one) => one.checkVisibility()) ?? all[0] ?? null;
}

function declaration(key) {
  const lines = [...(sheet?.querySelectorAll("[data-binds]") ?? [])];
  return lines.find((line) => line.dataset.binds.split(" ").includes(key) && applies(line)) ?? null;
}

const applies = (line) => !line.dataset.when || Boolean(document.querySelector(line.dataset.when));

// --- Walking: the lines of a list, or the mails and notes of a ticket ---
function places() {
  const rows = [...document.querySelectorAll("[data-row] .what")];
  return rows.length ? rows : [...document.querySelectorAll("#timeline > article")];
}

function here() {
  const row = document.activeElement?.closest("[data-row]");
  return row?.querySelector(".what") ?? null;
}

function walk(step) {
  const all = places();
  if (!all.length) return;
  const at = all.findIndex((place) => place === document.activeElement || place === here() || place.contains(document.activeElement));
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  if (next.matches("article")) next.tabIndex = -1;
  next.focus({ focusVisible: true });
  next.scrollIntoView({ block: "nearest" });
}

function carry(key) {
  const line = here();
  if (!line) return;
  sessionStorage.setItem(CARRIED, JSON.stringify({ key, path: new URL(line.href).pathname }));
  line.click();
}

const carried = JSON.parse(sessionStorage.getItem(CARRIED) ?? "null");
if (carried) {
  sessionStorage.removeItem(CARRIED);
  const target = carried.path === location.pathname ? find(carried.key) : null;
  if (target) addEventListener("load", () => press(target), { once: true });
}

// --- The map ---
sheet?.addEventListener("beforetoggle", (event) => { if (event.newState === "open") draw(); });

function draw() {
  sheet.querySelectorAll("[data-found]").forEach((line) => line.remove());
  for (const one of sheet.querySelectorAll("[data-binds], [data-when]"))
    one.hidden = !applies(one) || (one.dataset.does === "carry" && Boolean(find(one.dataset.binds)));
  const seen = new Set();
  for (const element of document.querySelectorAll("[data-key]")) {
    const { key } = element.dataset;
    if (seen.has(key) || !isThere(element)) continue;
    seen.add(key);
    const group = element.closest("#nav") ? "go" : "here";
    sheet.querySelector(`[data-keys-of="${group}"]`).append(line(key, nameOf(element)));
  }
  for (const group of sheet.querySelectorAll("[data-keys-of]"))
    group.closest("section").hidden = ![...group.children].some((one) => !one.hidden);
}

function line(key, name) {
  const row = document.createElement("div");
  row.dataset.found = "";
  row.append(caps(key, document.createElement("dt")), Object.assign(document.createElement("dd"), { textContent: name }));
  return row;
}

// htmx puts a new piece where an old one stood; whoever stood in it stands in the new one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const restore = keep(event.detail.target);
  document.addEventListener("htmx:afterSettle", restore, { once: true });
});
