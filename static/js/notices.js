// A confirmation goes away by itself; what was refused stays until it has been read.
const box = document.getElementById("notices");

function settle(toast) {
  if (toast.dataset.toast === "error" || toast.dataset.toast === "warning") {
    if (toast.querySelector("button")) return;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "✕";
    close.setAttribute("aria-label", box.dataset.dismiss);
    close.addEventListener("click", () => toast.remove());
    toast.append(close);
  } else {
    // What offers a way back stays longer, and for as long as somebody is at it.
    const leave = () => { if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000); else toast.remove(); };
    setTimeout(leave, toast.querySelector("form") ? 20000 : 6000);
  }
}

if (box) {
  box.querySelectorAll("[data-toast]").forEach(settle);
  new MutationObserver(() => box.querySelectorAll("[data-toast]").forEach(settle)).observe(box, { childList: true });
}
