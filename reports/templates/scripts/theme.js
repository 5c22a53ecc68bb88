// Light or dark: as the reader's system has it, until the button says otherwise.

function isDark() {
  const said = document.documentElement.dataset.theme;
  return said ? said === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function startTheme() {
  const place = document.getElementById("theme");
  const name = () => { place.textContent = isDark() ? WORDS.light : WORDS.dark; };
  place.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    name();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);
  name();
  place.hidden = false;
}

// The link to the part that is being read stands out.
function startNavigation() {
  const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      const link = links.get(entry.target.id);
      link.setAttribute("aria-current", "true");
      // On a narrow window the links are one line that scrolls.
      const line = link.closest("ul");
      line.scrollLeft = link.offsetLeft - line.offsetLeft - line.clientWidth / 3;
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  for (const id of links.keys()) seen.observe(document.getElementById(id));
}
