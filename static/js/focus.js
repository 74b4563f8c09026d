// Keeps a person's place while a piece of the page is replaced: the same control is found again in the new piece by its
// id, its key, its name or its address, and else the piece itself is where reading goes on.
let last = null; // where the focus was; a button that is at work loses it (forms.js), and a click on nothing gives it up

document.addEventListener("focusin", (event) => { last = event.target; });
document.addEventListener("pointerdown", () => { last = null; }, true);
document.addEventListener("htmx:afterRequest", () => setTimeout(giveBack));

function focused() {
  const now = document.activeElement;
  return now && now !== document.body ? now : last;
}

// A button that has done its work and still stands there has the focus again.
function giveBack() {
  if (document.activeElement === document.body && last?.isConnected && !last.disabled) last.focus({ preventScroll: true });
}

// Call before the container is replaced, and what it returns after.
export function keep(container) {
  const place = focused();
  if (!place || !container?.contains(place)) return () => {};
  const [id, ways] = [container.id, waysTo(place)];
  return () => {
    if (document.activeElement && document.activeElement !== document.body) return;
    const fresh = (id && document.getElementById(id)) || container;
    if (!fresh.isConnected) return;
    if (place === container) return stay(fresh);
    const found = ways.map((way) => fresh.querySelector(way)).find((element) => element && !element.disabled);
    if (found) found.focus({ preventScroll: true });
    else if (!fresh.contains(document.activeElement)) stand(fresh);
  };
}

function waysTo(element) {
  const row = element.closest("[id]");
  const ways = [];
  if (element.id) ways.push(`#${CSS.escape(element.id)}`);
  if (element.dataset.key) ways.push(`[data-key="${CSS.escape(element.dataset.key)}"]`);
  if (row && row !== element && element.matches(".what")) ways.push(`#${CSS.escape(row.id)} .what`, ".what");
  if (element.name) ways.push(`[name="${CSS.escape(element.name)}"]${element.value && element.type !== "text" ? `[value="${CSS.escape(element.value)}"]` : ""}`);
  if (element.getAttribute("href")) ways.push(`[href="${CSS.escape(element.getAttribute("href"))}"]`);
  const form = element.closest("form");
  if (form?.getAttribute("action")) ways.push(`form[action="${CSS.escape(form.getAttribute("action"))}"] :is(button, input:not([type=hidden]))`);
  return ways;
}

function stand(place) {
  const first = place.querySelector("a[href], button:not(:disabled), input:not([type=hidden]), select, textarea");
  if (first) first.focus({ preventScroll: true });
  else stay(place);
}

function stay(place) {
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
}
