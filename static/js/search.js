// What was typed before the scripts were there is looked for, too: htmx hears only what is typed once it is ready.
const input = document.querySelector("form.query [name=q]");

document.body.addEventListener("htmx:load", () => {
  if (input.value !== input.defaultValue) input.dispatchEvent(new Event("typed-before"));
}, { once: true });
