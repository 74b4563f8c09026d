// @names in a note: while one writes @ and letters, colleagues who may see the ticket are offered. The server decides
// whom a name means, so a name typed without this works the same.
const list = document.getElementById("callable");
const says = document.getElementById("callable-says");
const MOST = 6;
let text = null, from = -1, fitting = [], at = 0;

const fold = (name) => name.toLocaleLowerCase().normalize("NFC");

if (list) {
  document.addEventListener("input", (event) => { if (event.target.matches("form.for-note textarea")) offer(event.target); });
  document.addEventListener("focusout", (event) => { if (event.target === text) shut(); });
  document.addEventListener("keydown", act, true);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps the focus
  list.addEventListener("click", (event) => { const one = event.target.closest("[role=option]"); if (one) put(one); });
}

function offer(area) {
  const found = /(?:^|[^\p{L}\p{N}_@])@([^\n@]{0,40})$/u.exec(area.value.slice(0, area.selectionStart));
  const wanted = found && fold(found[1]);
  const fits = (name) => name.startsWith(wanted) || name.split(" ").some((word) => word.startsWith(wanted));
  fitting = found ? [...list.children].filter((one) => fits(fold(one.dataset.name))).slice(0, MOST) : [];
  if (!fitting.length) return shut();
  text = area;
  from = area.selectionStart - found[1].length;
  for (const one of list.children) one.hidden = !fitting.includes(one);
  list.hidden = false;
  stand(area.getBoundingClientRect());
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  choose(0);
  says.textContent = fitting.length === 1 ? says.dataset.one : says.dataset.many.replace("%s", fitting.length);
}

function stand(box) {
  const height = list.offsetHeight;
  list.style.insetInlineStart = `${Math.max(8, Math.min(box.left + 8, innerWidth - list.offsetWidth - 8))}px`;
  list.style.top = `${box.top > height + 8 ? box.top - height - 4 : Math.min(box.bottom + 4, innerHeight - height - 8)}px`;
}

function choose(position) {
  at = (position + fitting.length) % fitting.length;
  fitting.forEach((one, n) => one.setAttribute("aria-selected", String(n === at)));
  text.setAttribute("aria-activedescendant", fitting[at].id);
}

function shut() {
  list.hidden = true;
  fitting = [];
  says.textContent = "";
  text?.removeAttribute("aria-activedescendant");
  text = null;
}

function act(event) {
  if (!text || event.target !== text || event.isComposing || event.ctrlKey || event.metaKey) return;
  const acts = {
    ArrowDown: () => choose(at + 1),
    ArrowUp: () => choose(at - 1),
    Enter: () => put(fitting[at]),
    Tab: () => put(fitting[at]),
    Escape: shut,
  };
  if (!acts[event.key]) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  acts[event.key]();
}

function put(one) {
  const area = text, end = area.selectionStart;
  area.setRangeText(`${one.dataset.name} `, from, end, "end");
  shut();
  area.dispatchEvent(new InputEvent("input", { bubbles: true })); // the draft is kept
  shut();
}
