// What stands above a list: the search, a choice for each column with few words, and what to do with the rows.

const MOST_WORDS = 60;
const ALWAYS_CHOSEN = new Set(["ruleId", "department", "accountClass"]);
const NEVER_CHOSEN = new Set(["number", "percent", "time", "long text"]);

function canBeChosen(column) {
  if (NEVER_CHOSEN.has(column.kind) || column.values.count < 2 || !column.sorts) return false;
  return column.values.count <= (ALWAYS_CHOSEN.has(column.key) ? MOST_CHOICES : MOST_WORDS) && column.longest > 0;
}

class Choices {
  constructor(title, rows, changed) {
    this.rows = rows;
    this.chosen = new Map();
    this.changed = changed;
    this.search = element("input", { type: "search", placeholder: WORDS.searchHint, autocomplete: "off", spellcheck: false });
    this.search.addEventListener("input", () => changed());
    this.selects = rows.columns.map((column, n) => (canBeChosen(column) ? this.select(column, n) : null)).filter(Boolean);
    const search = element("label", { className: "search" }, element("span", { textContent: WORDS.search }), this.search);
    this.element = element("div", { className: "tools", role: "search", aria: { label: fill(WORDS.narrow, { title }) } },
      search, ...this.selects.map((one) => one.label), button(WORDS.clear, () => this.clear()));
  }

  get query() {
    return this.search.value.trim();
  }

  select(column, n) {
    const select = element("select", {}, element("option", { value: "", textContent: WORDS.all }));
    for (const code of this.occurring(column)) {
      const word = column.values.words[code];
      const text = word === "" ? WORDS.empty : column.choice ? column.choice(word) : word;
      select.append(element("option", { value: String(code), textContent: text }));
    }
    select.addEventListener("change", () => {
      if (select.value === "") this.chosen.delete(n);
      else this.chosen.set(n, Number(select.value));
      this.changed();
    });
    select.dataset.column = column.key;
    return { select, label: element("label", {}, element("span", { textContent: column.title }), select) };
  }

  // The words that some row has, in their order.
  occurring(column) {
    const seen = new Uint8Array(column.values.count);
    for (let row = 0; row < this.rows.count; row += 1) seen[column.code(row)] = 1;
    const codes = [];
    const severe = column.kind === "severity" || column.kind === "verdict";
    seen.forEach((one, code) => { if (one) codes.push(code); });
    return severe ? codes.reverse() : codes;
  }

  clear() {
    this.search.value = "";
    this.chosen.clear();
    for (const { select } of this.selects) select.value = "";
    this.changed();
    this.search.focus();
  }

  // The choices in words, for paper and for a file.
  get said() {
    const parts = this.query === "" ? [] : [`${WORDS.search}: ${this.query}`];
    for (const [n, code] of this.chosen) parts.push(`${this.rows.columns[n].title}: ${this.rows.columns[n].values.words[code] || WORDS.empty}`);
    return parts.join("; ");
  }
}
