// The button that opens the browser's own print dialogue is there when it can do something.
const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => print());
