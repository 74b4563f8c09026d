// The pretend mailbox: fetch the list again now and then, and put it in place when it changed.
const SECONDS = 3;

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const selector of ["[data-fresh]", ".pretend-guide"]) {
    const here = document.querySelector(selector), there = page.querySelector(selector);
    if (!here || !there || here.innerHTML === there.innerHTML || here.contains(document.activeElement)) continue;
    here.innerHTML = there.innerHTML;
  }
}

setInterval(() => refresh().catch((error) => console.info("The list was not fetched again.", error.message)), SECONDS * 1000);
