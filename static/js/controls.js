// What a control is called, whether it is there, and how to press it; for keys and palette alike.

// What stands in the drawer of a phone or in a menu is there too, though nobody sees it until that is opened.
export const isThere = (element) => !element.disabled && (element.checkVisibility() || Boolean(element.closest("#nav, .menu[popover]")));

export function press(target) {
  if (target.matches("select, textarea, input:not([type=radio], [type=checkbox], [type=button], [type=submit])")) target.focus();
  else if (target.matches("[type=radio]")) {
    target.checked = true;
    target.dispatchEvent(new Event("change", { bubbles: true }));
  } else {
    const field = document.getElementById(target.dataset.goesTo ?? "");
    if (!field || !target.parentElement.open) target.click();
    if (target.matches("summary")) (field ?? target).focus();
  }
}

// By what was written for it, by its label, or by its own words without keys and counts.
export function nameOf(element) {
  const own = element.dataset.command || element.getAttribute("aria-label") || "";
  if (own) return own;
  const label = element.labels?.[0] ?? element;
  const copy = label.cloneNode(true);
  copy.querySelectorAll("kbd, .count, select, input, textarea, datalist").forEach((part) => part.remove());
  return copy.textContent.trim().replace(/\s+/g, " ");
}

export function caps(key, place) {
  for (const cap of key.split(" ")) place.append(Object.assign(document.createElement("kbd"), { textContent: cap }));
  return place;
}
