// News without reloading. The page holds still: rows change where they stand, new ones wait behind one button, and a
// conversation grows only at its end. What comes is ids; what is shown is always fetched as the page itself.
import { keep } from "./focus.js";

const root = document.querySelector("[data-live]");
const kind = root?.dataset.live;
const news = document.getElementById("news");
let timer = 0;
let fetched = null;
let mine = false;

// Told by line.js: what changed, or only that something may have.
if (root) {
  document.addEventListener("desk:look", look);
  document.addEventListener("desk:news", ({ detail: told }) => {
    if (concerns(told)) soon();
  });
}

function concerns(told) {
  if (kind === "notifications" || told.what === "notice") return kind === "notifications" && told.what === "notice";
  if (told.what === "here") return false; // together.js
  return kind === "queue" || told.what !== "ticket" || told.number === root.dataset.number;
}

// A quick form has changed something here: look at once, and where the reader stands changes too.
document.addEventListener("changed", (event) => {
  event.target.closest?.("[data-keep]")?.removeAttribute("data-keep"); // what was typed there is saved
  mine = true;
  look();
});

function soon() {
  clearTimeout(timer);
  timer = setTimeout(look, 250 + Math.random() * 250);
}

async function look() {
  if (document.hidden) {
    document.addEventListener("visibilitychange", look, { once: true });
    return;
  }
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  if (answer.redirected && new URL(answer.url).pathname.startsWith("/account/")) {
    document.dispatchEvent(new CustomEvent("desk:signed-out"));
    return;
  }
  fetched = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["queues", "saved-views", "team-queues", "bell"]) swap(id);
  if (kind === "queue") showQueue();
  else if (kind === "notifications") swap("notices-list");
  else showTicket();
  mine = false;
}

function swap(id) {
  const old = document.getElementById(id);
  const fresh = fetched.getElementById(id);
  const isIn = old?.contains(document.activeElement);
  if (!old || !fresh || isSame(old, fresh) || (isIn && !mine)) return;
  if (isAtWork(old)) return soon();
  const kept = [...old.querySelectorAll("[data-keep]")].filter((one) => [...one.querySelectorAll("input, select")].some(isTyped));
  const copy = document.importNode(fresh, true);
  const restore = keep(old);
  old.replaceWith(copy);
  for (const one of kept) document.getElementById(one.id)?.replaceWith(one);
  window.htmx?.process(copy);
  restore();
}

// The token against forged forms is another one in every answer, and changes nothing for the reader.
function isSame(old, fresh) {
  const said = (element) => element.innerHTML.replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1");
  return said(old) === said(fresh);
}

// A form that is being sent, or a button that is being pressed: taken away now, its answer would reach nobody.
function isAtWork(element) {
  return Boolean(element.querySelector(".htmx-request, :active"));
}

function isTyped(input) {
  if (input.type === "hidden") return false;
  return input.matches("select") ? [...input.options].some((one) => one.selected !== one.defaultSelected) : input.value !== input.defaultValue;
}

function showQueue() {
  swap("total");
  if ("older" in root.dataset) return; // further back in the list nothing arrives
  const fresh = new Map([...fetched.querySelectorAll("[data-row]")].map((row) => [row.id, row]));
  const shown = [...document.querySelectorAll("[data-row]")];
  for (const row of shown) {
    const other = fresh.get(row.id);
    if (!other || other.innerHTML === row.innerHTML) continue;
    const isChosen = row.querySelector(".pick input")?.checked;
    const restore = keep(row);
    row.className = other.className;
    row.innerHTML = other.innerHTML;
    if (isChosen) row.querySelector(".pick input").checked = true;
    restore();
  }
  fadeLeft(shown, fresh);
  const known = new Set(shown.map((row) => row.id));
  const arrived = [...fresh.keys()].filter((id) => !known.has(id));
  if (!shown.length && arrived.length) showAll();
  else if (arrived.length) announce(arrived.length);
}

// What is no longer in the list stays where it stands, and pales; what only moved on to the next page does not.
function fadeLeft(shown, fresh) {
  const isWhole = !fetched.querySelector(".list-end [rel=next]");
  const last = shown.findLastIndex((row) => fresh.has(row.id));
  shown.forEach((row, at) => row.classList.toggle("left", !fresh.has(row.id) && (isWhole || at < last)));
}

function announce(count) {
  const button = document.createElement("button");
  const { one, many, show } = news.dataset;
  button.type = "button";
  button.append(`${count === 1 ? one : many.replace("%s", count)} ${show} `);
  const key = document.createElement("kbd");
  key.textContent = ".";
  button.append(key);
  button.addEventListener("click", showAll);
  news.replaceChildren(button);
}

function showAll() {
  const known = new Set([...document.querySelectorAll("[data-row]")].map((row) => row.id));
  const rows = document.importNode(fetched.getElementById("rows"), true);
  rows.querySelectorAll("[data-row]").forEach((row) => { if (!known.has(row.id)) row.classList.add("arriving"); });
  const old = document.getElementById("rows");
  const [restore, wasAsked] = [keep(old), news.contains(document.activeElement)];
  old.replaceWith(rows);
  news.replaceChildren();
  restore();
  if (wasAsked) rows.querySelector(".arriving .what")?.focus({ preventScroll: true });
  scrollTo({ top: 0 });
}

function showTicket() {
  for (const id of ["acts", "status", "facts", "beside", "claim"]) swap(id);
  const timeline = document.getElementById("timeline");
  const fresh = fetched.getElementById("timeline");
  if (!timeline || !fresh) return;
  for (const item of [...fresh.children]) {
    const old = item.id && document.getElementById(item.id);
    if (!old) timeline.append(arriving(item));
    else if ((old.dataset.version ?? "") !== (item.dataset.version ?? "")) renew(old, item);
  }
}

function renew(old, item) {
  const restore = keep(old);
  old.replaceWith(document.importNode(item, true));
  restore();
}

function arriving(item) {
  const copy = document.importNode(item, true);
  copy.classList.add("arriving");
  return copy;
}
