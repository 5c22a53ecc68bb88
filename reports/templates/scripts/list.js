// A list of any length: only the rows in view are elements.

const MOST_PIXELS = 12_000_000;
const AROUND = 4;
let lists = 0;

class List {
  constructor(place, rows, open) {
    Object.assign(this, { place, rows, open, current: -1, id: `list-${lists += 1}` });
    this.choices = new Choices(place.dataset.title, rows, () => this.filter());
    this.status = element("p", { className: "status", role: "status" });
    this.spoken = element("p", { className: "hint", textContent: WORDS.listHint });
    const actions = element("div", { className: "actions" }, this.status,
      button(WORDS.copy, () => copyRows(this)), button(WORDS.csv, () => saveRows(this)));
    this.build();
    place.replaceChildren(this.choices.element, actions, this.grid, this.spoken);
    place.setAttribute("aria-busy", "false");
    this.filter();
    new ResizeObserver(() => this.draw()).observe(this.grid);
    Object.assign(place, { list: this });
  }

  build() {
    const heads = this.rows.columns.map((column) => this.heading(column));
    this.head = element("div", { className: "head", role: "rowgroup" }, element("div", { className: "line", role: "row", aria: { rowindex: 1 } }, ...heads));
    this.body = element("div", { className: "body", role: "rowgroup" });
    this.grid = element("div", { className: "grid", role: "grid", tabIndex: 0, aria: { label: this.place.dataset.title, colcount: this.rows.columns.length } }, this.head, this.body);
    const widths = this.rows.columns.map(widthOf);
    const tracks = widths.map((width, n) => `minmax(calc(${width}ch + 1.3rem), ${this.rows.columns[n].kind === "long text" ? 2 : 1}fr)`);
    this.grid.style.setProperty("--columns", tracks.join(" "));
    this.grid.style.setProperty("--wide", `calc(${widths.reduce((a, b) => a + b, 0)}ch + ${widths.length * 1.3}rem)`);
    this.grid.addEventListener("scroll", () => { this.waiting ??= requestAnimationFrame(() => this.draw()); }, { passive: true });
    this.grid.addEventListener("keydown", (event) => this.key(event));
    this.body.addEventListener("click", (event) => this.click(event));
  }

  heading(column) {
    const head = element("div", { className: `cell ${column.look}`, role: "columnheader" });
    if (!column.sorts) head.append(element("span", { textContent: column.title }));
    else head.append(button(column.title, () => this.sort(column, head)));
    return head;
  }

  sort(column, head) {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentElement.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    this.rows.sort(column, down ? -1 : 1);
    this.filter();
  }

  filter() {
    this.rows.filter(this.choices.query, this.choices.chosen);
    this.current = -1;
    this.grid.scrollTop = 0;
    const { found, count, total } = this.rows;
    this.status.textContent = found.length === count ? fill(WORDS.countAll, { count }) : fill(WORDS.countSome, { found: found.length, count });
    if (count < total) this.status.textContent += ` ${fill(WORDS.countHeld, { count, total })}`;
    this.grid.setAttribute("aria-rowcount", found.length + 1);
    this.draw();
  }

  get height() {
    return parseFloat(getComputedStyle(this.grid).getPropertyValue("--row"));
  }

  // Where the view begins, in pixels of all rows: a browser cannot scroll as far as a million rows are high.
  measure() {
    const row = this.height;
    const all = this.rows.found.length * row;
    const view = Math.max(0, this.grid.clientHeight - this.head.offsetHeight);
    const drawn = Math.min(all, MOST_PIXELS);
    const scale = drawn > view ? (all - view) / (drawn - view) : 1;
    return { row, view, drawn, scale, at: this.grid.scrollTop * scale };
  }

  draw() {
    this.waiting = undefined;
    const { row, view, drawn, at } = this.measure();
    const first = Math.max(0, Math.floor(at / row) - AROUND);
    const last = Math.min(this.rows.found.length, Math.ceil((at + view) / row) + AROUND);
    this.body.style.height = `${drawn}px`;
    this.keep(first, last);
    const shift = this.grid.scrollTop - at;
    for (const line of this.body.children) line.style.top = `${shift + Number(line.dataset.place) * row}px`;
    this.mark();
  }

  // The lines from one place to another: those that are there already stay, or a click on one would be lost.
  keep(first, last) {
    for (const line of [...this.body.children]) {
      const place = Number(line.dataset.place);
      if (place < first || place >= last || line.of !== this.rows.found) line.remove();
    }
    if (this.rows.found.length === 0) this.body.append(nothing());
    const next = this.body.firstElementChild;
    const from = next ? Number(next.dataset.place) : last;
    const to = next ? Number(this.body.lastElementChild.dataset.place) + 1 : last;
    for (let n = first; n < Math.min(from, last); n += 1) this.body.insertBefore(this.line(n), next);
    for (let n = Math.max(first, to); n < last; n += 1) this.body.append(this.line(n));
  }

  line(n) {
    const row = this.rows.found[n];
    const cells = this.rows.columns.map((column) => cellOf(column, row));
    const line = element("div", { className: "line", id: `${this.id}-${n}`, role: "row", aria: { rowindex: n + 2 } }, ...cells);
    line.dataset.place = n;
    line.of = this.rows.found;
    return line;
  }

  mark() {
    const line = document.getElementById(`${this.id}-${this.current}`);
    for (const other of this.body.querySelectorAll("[aria-selected]")) other.removeAttribute("aria-selected");
    line?.setAttribute("aria-selected", "true");
    if (line) this.grid.setAttribute("aria-activedescendant", line.id);
    else this.grid.removeAttribute("aria-activedescendant");
  }

  // The row becomes the current one, and stands in view.
  go(place) {
    const { found } = this.rows;
    if (found.length === 0) return;
    this.current = Math.min(found.length - 1, Math.max(0, place));
    const { row, view, scale, at } = this.measure();
    const top = this.current * row;
    if (top < at) this.grid.scrollTop = top / scale;
    else if (top + row > at + view) this.grid.scrollTop = (top + row - view) / scale;
    this.draw();
  }

  key(event) {
    if (event.target !== this.grid || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.measure().view / this.height) - 1);
    const to = {
      ArrowDown: this.current + 1,
      ArrowUp: this.current - 1,
      PageDown: this.current + page,
      PageUp: this.current - page,
      Home: 0,
      End: this.rows.found.length - 1,
    }[event.key];
    if (to !== undefined) this.go(to);
    else if (event.key === "Enter" && this.current >= 0) this.open(this);
    else return;
    event.preventDefault();
  }

  click(event) {
    const line = event.target.closest(".line");
    if (!line?.id || event.target.closest("a") || String(getSelection()) !== "") return;
    this.go(Number(line.dataset.place));
    this.grid.focus({ preventScroll: true });
    this.open(this);
  }
}

function cellOf(column, row) {
  const word = column.word(row);
  const cell = element("div", { className: `cell ${column.look} of-${column.key}${column.kind === "boolean" ? " yes-or-no" : ""}`, role: "gridcell" });
  if (word === "") return cell;
  const unread = column.isUnread(row);
  cell.append(linked(shown(word, column.kind, unread), unread ? "" : column.link, word));
  if (word.length > 24 && !unread) cell.title = word;
  return cell;
}

function nothing() {
  const line = element("div", { className: "line none", role: "row" }, element("div", { className: "cell", role: "gridcell", textContent: WORDS.nothing }));
  line.dataset.place = 0;
  return line;
}

// In characters; a coloured word takes more room.
function widthOf(column) {
  const most = Math.min(Math.max(column.width, 8), 44);
  const wanted = Math.max(Math.min(column.longest, most), Math.min(column.title.length + 2, 22)) + 1;
  return Math.ceil(wanted * (COLOURED.has(column.kind) ? 1.15 : 0.95));
}
