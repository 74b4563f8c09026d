// Comfort for forms: a select that acts at once, a button that shows it is at work, Ctrl+Enter, names of chosen files.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  if (event.target.type === "file") {
    const names = [...event.target.files].map((file) => file.name).join(", ");
    const output = event.target.form.querySelector("[data-files]");
    if (output) output.textContent = names;
  }
  if (event.target.name === "writing") focusEditor(event.target.closest(".composer"));
});

document.addEventListener("submit", (event) => {
  const button = event.submitter ?? event.target.querySelector("[type=submit]");
  if (!button || event.defaultPrevented) return;
  // After the form has been read: a disabled button would not send its name.
  setTimeout(() => { button.setAttribute("aria-busy", "true"); button.disabled = true; });
});

// Back from the next page, or answered without one: the buttons work again.
function rest() {
  document.querySelectorAll("[aria-busy=true]").forEach((button) => { button.removeAttribute("aria-busy"); button.disabled = false; });
}

addEventListener("pageshow", rest);
document.addEventListener("htmx:afterRequest", () => setTimeout(rest));

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-write]");
  if (!form || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-send]"));
  }
  if (event.key === "Escape") event.target.blur();
});

function focusEditor(composer) {
  const forms = [...(composer?.querySelectorAll("[data-write]") ?? [])];
  forms.find((form) => form.offsetParent !== null)?.querySelector(".editor")?.focus();
}

document.querySelectorAll("[data-write] textarea.editor").forEach((text) => {
  text.addEventListener("input", () => grow(text));
  grow(text);
});

// Browsers that know field-sizing grow the text by themselves.
function grow(text) {
  if (CSS.supports("field-sizing", "content")) return;
  text.rows = Math.min(20, Math.max(3, text.value.split("\n").length + 1));
}
