// Remembers the colour scheme that was chosen in the account menu; the style sheets act on the radio buttons alone.
const choice = document.querySelector("[data-theme-choice]");

choice?.addEventListener("change", (event) => {
  const value = event.target.value;
  const age = 60 * 60 * 24 * 365; // "system" is kept too: it outweighs what the profile says
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `deskhero_theme=${value}; path=/; max-age=${age}; samesite=lax${secure}`;
  if (value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
});
