"use strict";
// Everything a tenant said is set as text, never as markup.

const PAGE = 50;
const MOST_CHOICES = 40;
const MOST_PRINTED = 2000;
const COLOURED = new Set(["verdict", "severity"]);

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function compare(a, b) {
  if (a.rank !== null && b.rank !== null) return a.rank - b.rank;
  if (a.rank !== null || b.rank !== null) return a.rank === null ? 1 : -1;
  return a.word.localeCompare(b.word, "en", { numeric: true, sensitivity: "base" });
}

function sortButton(th, onSort) {
  const button = element("button", { type: "button", textContent: th.textContent, title: "Sort by this column" });
  th.replaceChildren(button);
  button.addEventListener("click", () => {
    const down = th.getAttribute("aria-sort") === "ascending";
    for (const other of th.parentElement.children) other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", down ? "descending" : "ascending");
    onSort(down ? -1 : 1);
  });
}

function makeSortable(table) {
  const body = table.tBodies[0];
  const entry = (row, n) => {
    const cell = row.cells[n];
    return { rank: cell.dataset.sort === undefined ? null : Number(cell.dataset.sort), word: cell.textContent.trim() };
  };
  [...table.tHead.rows[0].cells].forEach((th, n) => {
    sortButton(th, (way) => {
      const rows = [...body.rows].map((row) => ({ row, key: entry(row, n) }));
      rows.sort((a, b) => way * compare(a.key, b.key));
      body.append(...rows.map((one) => one.row));
    });
  });
}

// A list to search in: the rows are numbers into the words of each column.
class Browser {
  constructor(place, data) {
    this.columns = data.columns;
    this.total = data.total;
    this.count = data.columns[0].rows.length;
    this.order = Array.from({ length: this.count }, (_, row) => row);
    this.found = this.order;
    this.page = 0;
    this.chosen = new Map();
    this.lower = data.columns.map((column) => column.words.map((word) => word.toLowerCase()));
    this.build(place);
    this.filter();
    // Paper has no next page button.
    window.addEventListener("beforeprint", () => this.draw(0, MOST_PRINTED));
    window.addEventListener("afterprint", () => this.draw());
  }

  build(place) {
    this.search = element("input", { type: "search", placeholder: "name, rule, value …", autocomplete: "off" });
    this.search.addEventListener("input", () => this.filter());
    const tools = element("div", { className: "tools" }, element("label", {}, "Search", this.search));
    this.columns.forEach((column, n) => {
      if (column.kind === "long text" || column.look.startsWith("number") || column.words.length < 2 || column.words.length > MOST_CHOICES) return;
      tools.append(this.choice(column, n));
    });
    const clear = element("button", { type: "button", textContent: "Clear" });
    clear.addEventListener("click", () => this.clear(tools));
    tools.append(clear);

    const heads = this.columns.map((column, n) => {
      const th = element("th", { scope: "col", className: column.look, textContent: column.title });
      sortButton(th, (way) => this.sort(n, way));
      return th;
    });
    this.body = element("tbody");
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), this.body);
    const scroll = element("div", { className: "scroll tall", tabIndex: 0 }, table);
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", place.dataset.table);

    this.status = element("span");
    this.status.setAttribute("aria-live", "polite");
    this.back = element("button", { type: "button", textContent: "Previous" });
    this.next = element("button", { type: "button", textContent: "Next" });
    this.back.addEventListener("click", () => this.turn(-1));
    this.next.addEventListener("click", () => this.turn(1));
    place.replaceChildren(tools, scroll, element("div", { className: "pages" }, this.back, this.next, this.status));
  }

  choice(column, n) {
    const select = element("select", {}, element("option", { value: "", textContent: "all" }));
    const words = column.words.map((word, number) => ({ word, number, rank: column.ranks[number] }));
    words.sort(compare);
    for (const { word, number } of words) {
      select.append(element("option", { value: String(number), textContent: word === "" ? "(empty)" : word }));
    }
    select.addEventListener("change", () => {
      if (select.value === "") this.chosen.delete(n);
      else this.chosen.set(n, Number(select.value));
      this.filter();
    });
    return element("label", {}, column.title, select);
  }

  clear(tools) {
    this.search.value = "";
    this.chosen.clear();
    for (const select of tools.querySelectorAll("select")) select.value = "";
    this.filter();
  }

  filter() {
    const wanted = this.search.value.trim().toLowerCase();
    // Each different word is looked at once, not once a row.
    const hits = wanted === "" ? null : this.lower.map((words) => words.map((word) => word.includes(wanted)));
    this.found = this.order.filter((row) => {
      for (const [n, number] of this.chosen) if (this.columns[n].rows[row] !== number) return false;
      return hits === null || this.columns.some((column, n) => hits[n][column.rows[row]]);
    });
    this.page = 0;
    this.draw();
  }

  sort(n, way) {
    const { rows, words, ranks } = this.columns[n];
    const places = words.map((word, number) => ({ word, rank: ranks[number], number })).sort(compare);
    const place = new Array(words.length);
    places.forEach((one, at) => { place[one.number] = at; });
    this.order = [...this.order].sort((a, b) => way * (place[rows[a]] - place[rows[b]]));
    this.filter();
  }

  turn(by) {
    this.page += by;
    this.draw();
  }

  draw(first = this.page * PAGE, most = PAGE) {
    const shown = this.found.slice(first, first + most);
    this.body.replaceChildren(...shown.map((row) => this.row(row)));
    const last = first + shown.length;
    const number = (value) => value.toLocaleString("en");
    let text = shown.length === 0 ? "No row matches." : `${number(first + 1)}–${number(last)} of ${number(this.found.length)}`;
    if (this.found.length < this.count) text += ` (of ${number(this.count)} in all)`;
    if (this.count < this.total) text += `. This page holds the first ${number(this.count)} of ${number(this.total)} rows; the workbook holds all.`;
    this.status.textContent = text;
    this.back.disabled = this.page === 0;
    this.next.disabled = last >= this.found.length;
  }

  row(row) {
    return element("tr", {}, ...this.columns.map((column) => {
      const word = column.words[column.rows[row]];
      const td = element("td", { className: column.look });
      if (word === "") return td;
      if (COLOURED.has(column.kind)) td.append(element("span", { className: `word word-${word}`, textContent: word }));
      else if (word.startsWith("NOT READ (")) td.append(element("span", { className: "unread", textContent: word }));
      else td.append(element("bdi", { textContent: word }));
      return td;
    }));
  }
}

for (const table of document.querySelectorAll("table.sortable")) makeSortable(table);
for (const place of document.querySelectorAll(".browse")) {
  const data = JSON.parse(document.getElementById(`data-${place.dataset.table}`).textContent);
  new Browser(place, data);
}
