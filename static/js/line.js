// The line of live news: one for each page in sight, and one for all that are not. It says when it is cut and when it
// is back; meanwhile the page looks by itself. What was told in between is told again from the last id this page has.
const place = document.getElementById("line");
const words = place?.dataset ?? {};
const shown = document.querySelector("[data-live=ticket]")?.dataset.number ?? "";
const PATIENCE = 4000, POLL = 30_000, OUT_OF_SIGHT = 20_000, LONGEST = 300_000;
const background = `line ${words.stream}`, inSight = `seen ${words.stream}`;

let since = words.since ?? "";
let source = null;
let isCut = false;
let patience = 0, polling = 0, hiding = 0, again = 0;
let wait = POLL;
let leaveBackground = null, leaveSight = null;

if (place) start();

function start() {
  document.addEventListener("visibilitychange", () => (document.hidden ? hide() : appear()));
  document.addEventListener("desk:signed-out", () => { close(); clearTimeout(polling); say(words.signedOut); });
  addEventListener("offline", () => { close(); cut(words.offline); });
  addEventListener("online", () => { say(words.cut); open(); });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  if (document.hidden) hide();
  else appear();
}

function open() {
  close();
  if (!navigator.onLine) return cut(words.offline);
  if (!("EventSource" in window)) return cut(words.cut);
  const address = new URL(words.stream, location.href);
  if (since) address.searchParams.set("since", since);
  if (shown && !document.hidden) address.searchParams.set("at", shown);
  source = new EventSource(address);
  source.addEventListener("open", opened);
  source.addEventListener("message", heard);
  source.addEventListener("error", failed);
}

function close() {
  clearTimeout(again);
  clearTimeout(patience);
  patience = 0;
  source?.close();
  source = null;
}

function opened() {
  clearTimeout(patience);
  clearTimeout(polling);
  patience = polling = 0;
  wait = POLL;
  if (!isCut) return;
  isCut = false;
  document.dispatchEvent(new CustomEvent("desk:look")); // Redis itself may have been away: nobody would repeat that
  say(words.back, "back");
  setTimeout(() => { if (!isCut && place.classList.contains("back")) say(""); }, 4000);
}

function heard(event) {
  since = event.lastEventId || since;
  const told = JSON.parse(event.data);
  if (told.what === "again") document.dispatchEvent(new CustomEvent("desk:look"));
  else document.dispatchEvent(new CustomEvent("desk:news", { detail: told }));
}

// A short gap is bridged by the browser itself and not worth a word.
function failed() {
  if (source?.readyState === EventSource.CLOSED) {
    again = setTimeout(open, wait * (0.8 + Math.random() * 0.4));
    wait = Math.min(wait * 2, LONGEST);
  }
  patience ||= setTimeout(() => cut(navigator.onLine ? words.cut : words.offline), PATIENCE);
}

function cut(sentence) {
  isCut = true;
  say(sentence);
  clearTimeout(polling);
  polling = setTimeout(poll, POLL * (0.8 + Math.random() * 0.4));
}

function poll() {
  if (navigator.onLine && !document.hidden) document.dispatchEvent(new CustomEvent("desk:look"));
  polling = setTimeout(poll, POLL * (0.8 + Math.random() * 0.4));
}

function say(sentence, kind = "") {
  if (place.textContent !== sentence) place.textContent = sentence;
  place.classList.toggle("back", kind === "back");
}

function appear() {
  clearTimeout(hiding);
  leaveBackground?.();
  leaveBackground = null;
  hold(inSight, { mode: "shared" }, (leave) => { leaveSight = leave; });
  const isOpen = source && source.readyState !== EventSource.CLOSED;
  if (!isOpen || !source.url.includes("at=") && shown) open();
}

// Out of sight: nobody reads here, so this page says that it is gone. One of all such pages keeps a line, for notices.
function hide() {
  leaveSight?.();
  leaveSight = null;
  hiding = setTimeout(() => {
    close();
    hold(background, {}, (leave) => { leaveBackground = leave; open(); });
  }, OUT_OF_SIGHT);
}

function hold(name, options, held) {
  if (!navigator.locks) return;
  const wanting = new AbortController();
  if (name === background) leaveBackground = () => wanting.abort();
  navigator.locks
    .request(name, { ...options, signal: wanting.signal }, () => new Promise(held))
    .catch((error) => { if (error.name !== "AbortError") throw error; });
}
