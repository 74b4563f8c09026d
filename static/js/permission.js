// Whether this browser may show notifications: it is asked only when somebody presses the button.
const panel = document.querySelector("[data-permission]");
const button = panel?.querySelector("[data-ask]");

function tell() {
  const known = "Notification" in window;
  const { on, off, denied, none } = panel.dataset;
  panel.querySelector("[data-says]").textContent = !known ? none : { granted: on, denied, default: off }[Notification.permission];
  button.hidden = !known || Notification.permission !== "default";
}

if (panel) {
  tell();
  button.addEventListener("click", async () => {
    await Notification.requestPermission();
    tell();
  });
}
