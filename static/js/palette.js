// Ctrl+K: one line of text leads anywhere. What can be reached is read from the page itself (every control with data-key or
// data-command, the sidebar, the tickets in sight, the colour schemes) and from the plain page "Go to", which says the same
// without a script. Nothing is declared here, so a new button or page is in it from the start.
import { caps, isThere, nameOf, press } from "./controls.js";

const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const status = dialog?.querySelector("[role=status]");
const words = dialog?.dataset ?? {};
const MOST = 60;
let commands = [];
let shown = [];
let chosen = 0;
let elsewhere = null; // what the page "Go to" lists, fetched once

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.defaultPrevented) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-palette]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  input.addEventListener("input", () => { chosen = 0; draw(); });
  input.addEventListener("keydown", steer);
  list.addEventListener("click", (event) => run(event.target.closest("[role=option]")));
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && Number(option.dataset.at) !== chosen) choose(Number(option.dataset.at));
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}

async function open() {
  document.querySelectorAll("[popover]:popover-open").forEach((one) => one.hidePopover());
  commands = fromPage();
  input.value = "";
  chosen = 0;
  dialog.showModal(); // closing gives the focus back to where it was
  draw();
  elsewhere ??= await fromGoTo();
  const known = new Set(commands.map((one) => one.url).filter(Boolean));
  commands = [...commands, ...elsewhere.filter((one) => !known.has(one.url))];
  if (dialog.open) draw();
}

// --- What there is ---
function fromPage() {
  const acts = [...document.querySelectorAll(":is(main, #notices) :is([data-key], [data-command]), #account [data-command]")]
    .filter((element) => element.closest("#account") || isThere(element))
    .map((element) => ({
      group: element.closest("#account") ? words.you : words.here,
      name: nameOf(element),
      keys: element.dataset.key ?? "",
      run: () => press(element),
    }));
  const links = [...document.querySelectorAll("#nav a.item, #nav a.brand")].map((link) => fromLink(link, words.go));
  const tickets = [...document.querySelectorAll("[data-row] a.what")].map((link) => {
    const who = link.closest("[data-row]").querySelector(".who")?.textContent.trim() ?? "";
    return { group: words.tickets, name: `${link.querySelector(".subject").textContent.trim()} · ${who}`, url: link.href, run: () => link.click() };
  });
  const themes = [...document.querySelectorAll("[data-theme-choice] input")].map((choice) => ({
    group: words.theme,
    name: `${words.theme}: ${nameOf(choice)}`,
    run: () => { choice.checked = true; choice.dispatchEvent(new Event("change", { bubbles: true })); },
  }));
  return [...acts, ...links, ...themes, ...tickets].filter((one) => one.name);
}

function fromLink(link, group) {
  return { group, name: nameOf(link), keys: link.dataset.key ?? "", url: link.href, more: link.dataset.words ?? "", run: () => { location.href = link.href; } };
}

async function fromGoTo() {
  const found = (await Promise.all(words.source.split(" ").map(fromPlainPage))).flat();
  return [...new Map(found.map((one) => [one.url, one])).values()];
}

async function fromPlainPage(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return [];
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.querySelectorAll("[data-go] a")].map((link) => fromLink(link, link.closest("[data-go]").dataset.go));
}

// A number is a ticket; anything else can be searched for, where the page has the search (key "/") or the way to it.
function fromText(text) {
  const found = [];
  const number = /^#?(\d{1,9})$/.exec(text);
  if (number && words.ticket) {
    const url = words.ticket.replace("/0/", `/${number[1]}/`);
    found.push({ group: words.tickets, name: words.open.replace("%s", number[1]), url, run: () => { location.href = url; } });
  }
  const way = document.querySelector("a[href][data-key='/'], form[role=search]:not([data-narrow]):has([name=q][data-key='/'])");
  if (way && text) found.push({ group: words.here, name: words.find.replace("%s", text), run: () => search(way, text) });
  return found;
}

// Words looked for stand in no address (DESIGN, decision 10): the search is asked by a form.
function search(way, text) {
  const form = way.matches("form") ? way : Object.assign(document.createElement("form"), { method: "post", action: way.href, hidden: true });
  if (!form.isConnected) {
    for (const name of ["q", "csrfmiddlewaretoken"]) form.append(Object.assign(document.createElement("input"), { type: "hidden", name }));
    form.elements.csrfmiddlewaretoken.value = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    document.body.append(form);
  }
  form.elements.q.value = text;
  form.requestSubmit();
}

// --- What fits ---
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

function weight(command, asked) {
  const [name, more] = [plain(command.name), plain(`${command.group} ${command.more ?? ""}`)];
  let sum = 0;
  for (const word of asked) {
    const at = name.indexOf(word);
    if (at < 0 && !more.includes(word)) return 0;
    sum += at === 0 ? 4 : at > 0 && /[\s·:(]/.test(name[at - 1]) ? 3 : at > 0 ? 2 : 1;
  }
  return sum;
}

function fitting(text) {
  const asked = plain(text).split(/\s+/).filter(Boolean);
  if (!asked.length) return commands.filter((one) => one.group !== words.tickets && one.group !== words.theme).slice(0, MOST);
  const weighed = commands.map((command) => ({ command, sum: weight(command, asked) })).filter((one) => one.sum);
  const best = new Map();
  for (const one of weighed) best.set(one.command.group, Math.max(best.get(one.command.group) ?? 0, one.sum));
  weighed.sort((one, other) => best.get(other.command.group) - best.get(one.command.group) || other.sum - one.sum);
  const groups = Map.groupBy ? [...Map.groupBy(weighed, (one) => one.command.group).values()].flat() : weighed;
  const typed = fromText(text.trim());
  const first = typed.filter((one) => one.group === words.tickets);
  const last = typed.filter((one) => one.group !== words.tickets);
  return [...first, ...groups.map((one) => one.command), ...last].slice(0, MOST);
}

// --- What is shown ---
function draw() {
  shown = fitting(input.value);
  list.replaceChildren();
  let group = null;
  shown.forEach((command, at) => {
    if (!group || group.dataset.name !== command.group) {
      group = document.createElement("div");
      group.dataset.name = command.group;
      group.setAttribute("role", "group");
      const head = Object.assign(document.createElement("div"), { className: "head", id: `palette-group-${at}`, textContent: command.group });
      group.setAttribute("aria-labelledby", head.id);
      group.append(head);
      list.append(group);
    }
    group.append(option(command, at));
  });
  input.setAttribute("aria-expanded", String(shown.length > 0));
  status.className = shown.length ? "visually-hidden" : "nothing";
  status.textContent = shown.length === 0 ? words.none : shown.length === 1 ? words.one : words.many.replace("%s", shown.length);
  choose(Math.min(chosen, Math.max(shown.length - 1, 0)));
}

function option(command, at) {
  const line = document.createElement("div");
  line.className = "option";
  line.id = `palette-option-${at}`;
  line.dataset.at = at;
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  const name = Object.assign(document.createElement("span"), { className: "clip", textContent: command.name, dir: "auto" });
  line.append(name);
  if (command.keys) line.append(caps(command.keys, Object.assign(document.createElement("span"), { className: "caps" })));
  return line;
}

function choose(at) {
  list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  chosen = at;
  const line = document.getElementById(`palette-option-${at}`);
  if (!line) return input.removeAttribute("aria-activedescendant");
  line.setAttribute("aria-selected", "true");
  line.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", line.id);
}

function steer(event) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
  if (step && shown.length) {
    event.preventDefault();
    const far = Math.abs(step) > 1;
    choose(far ? Math.min(Math.max(chosen + step, 0), shown.length - 1) : (chosen + step + shown.length) % shown.length);
  } else if (event.key === "Enter") {
    event.preventDefault();
    run(document.getElementById(`palette-option-${chosen}`));
  } else if (event.key === "Tab") event.preventDefault(); // the line is the only place; Esc leads out
}

function run(line) {
  const command = line && shown[Number(line.dataset.at)];
  if (!command) return;
  dialog.close();
  command.run();
}
