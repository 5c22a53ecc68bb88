// Elements and words. Everything a tenant said is set as text, never as markup.

function element(name, properties, ...children) {
  const { role, aria, ...others } = properties ?? {};
  const made = Object.assign(document.createElement(name), others);
  if (role) made.setAttribute("role", role);
  for (const [key, value] of Object.entries(aria ?? {})) made.setAttribute(`aria-${key}`, value);
  made.append(...children);
  return made;
}

function button(text, act, properties) {
  const made = element("button", { type: "button", textContent: text, ...properties });
  made.addEventListener("click", act);
  return made;
}

function digits(value) {
  return value.toLocaleString(document.documentElement.lang);
}

// A sentence of WORDS with its values put in: numbers get their separators.
function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? digits(value) : value;
  });
}

// Lets the browser draw and listen before the next piece of work.
function pause() {
  return new Promise((done) => { setTimeout(done, 0); });
}

const COLOURED = new Set(["verdict", "severity"]);

// A value as it stands in a cell: a verdict as a coloured word, what was not read in its own look.
function shown(word, kind, unread) {
  if (unread) return element("span", { className: "unread", textContent: word });
  if (COLOURED.has(kind) && word !== "") return element("span", { className: `word word-${word}`, textContent: word });
  return element("bdi", { textContent: word });
}

function linked(content, address, word) {
  if (!address || word === "") return content;
  const link = element("a", { href: address.replace("{}", encodeURIComponent(word)) }, content);
  link.rel = "noreferrer";
  return link;
}
