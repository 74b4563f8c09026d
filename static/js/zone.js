// The zone this computer lives in: offered beside the field of the profile, sent along by who signs up.
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const sent = document.querySelector("input[type=hidden][name=time_zone]");
const field = document.querySelector("select[name=time_zone]");
const offer = document.querySelector("[data-zone-offer]");

if (sent && own) sent.value = own;

if (field && offer && own && field.value !== own && [...field.options].some((option) => option.value === own)) {
  const button = offer.querySelector("button");
  offer.querySelector("[data-zone]").textContent = own.replaceAll("_", " ");
  offer.hidden = false;
  button.addEventListener("click", () => {
    field.value = own;
    offer.hidden = true;
    field.focus();
  });
}
