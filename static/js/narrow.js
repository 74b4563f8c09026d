// A search over what is on the page already: lines that do not speak of every word go away while somebody types.
const form = document.querySelector("[data-narrow]");
const place = form && document.querySelector(form.dataset.narrow);
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

if (form && !form.elements.q.value) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    place.querySelector("[data-narrow-line]:not([hidden]) a")?.focus();
  });
  form.elements.q.addEventListener("input", () => narrow(plain(form.elements.q.value).split(/\s+/).filter(Boolean)));
}

function narrow(words) {
  for (const line of place.querySelectorAll("[data-narrow-line]")) {
    const text = plain(`${line.textContent} ${line.dataset.narrowLine}`);
    line.hidden = !words.every((word) => text.includes(word));
  }
  const groups = [...place.querySelectorAll("[data-narrow-group]")];
  for (const group of groups) group.hidden = !group.querySelector("[data-narrow-line]:not([hidden])");
  place.querySelector("[data-narrow-none]").hidden = groups.some((group) => !group.hidden);
}
