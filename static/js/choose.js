// Choosing tickets: Shift and a click, or Shift+x, choose up to there; x chooses the line where the keyboard is; Esc
// chooses none. The form works without this.
const form = document.getElementById("bulk");
let last = null;

const boxes = () => [...form.querySelectorAll(".pick input")];
const chosen = () => boxes().filter((box) => box.checked);

function tell() {
  const said = form.querySelector("[data-chosen]");
  const count = chosen().length;
  if (said && count) said.textContent = count === 1 ? said.dataset.one : said.dataset.many.replace("%s", count);
}

function upTo(box) {
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (from < 0) return;
  for (const one of all.slice(from, to + 1)) one.checked = box.checked;
}

function choose(box, withShift) {
  if (withShift && last && last !== box) upTo(box);
  last = box;
  tell();
}

function here() {
  return document.activeElement?.closest("[data-row]")?.querySelector(".pick input") ?? null;
}

const isOff = () => document.body.dataset.keys === "off";

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && chosen().length && !document.querySelector(":popover-open")) {
    form.reset();
    return;
  }
  if (isOff() || event.target.closest("input:not([type=checkbox]), textarea, select, [popover]:popover-open")) return;
  const box = event.key.toLowerCase() === "x" ? here() : null;
  if (!box) return;
  event.preventDefault();
  box.checked = !box.checked;
  choose(box, event.shiftKey);
}

if (form) {
  form.addEventListener("click", (event) => {
    const box = event.target.closest?.(".pick input");
    if (box) choose(box, event.shiftKey);
  });
  // A label that is clicked with Shift marks text otherwise.
  form.addEventListener("mousedown", (event) => { if (event.shiftKey && event.target.closest(".pick")) event.preventDefault(); });
  form.addEventListener("reset", () => { last = null; });
  form.querySelector("select[name=other]")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.value) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-apply]"));
  });
  document.addEventListener("keydown", press);
}
