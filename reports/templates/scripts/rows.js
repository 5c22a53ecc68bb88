// The rows of a list: which are found, and in which order. A column's values belong to the row itself, or, through
// `base`, to the user or the rule that the row is about.

const SHORTEST_ID = 6;

class Column {
  constructor(about, values, base) {
    Object.assign(this, about);
    this.values = values;
    this.base = base ?? null;
    this.longest = values.longest;
  }

  code(row) {
    return this.values.numbers[this.base === null ? row : this.base[row]];
  }

  word(row) {
    return this.values.words[this.code(row)];
  }

  isUnread(row) {
    return this.values.unread.has(this.code(row));
  }

  get sorts() {
    return true;
  }

  // The words that hold the term; a few letters are no part of an object id that anybody looks for.
  hits(term) {
    return this.key === "userId" && term.length < SHORTEST_ID ? null : hitsOf(this.values, term);
  }

  mark(rows, marks, numbers, hits) {
    for (let n = 0; n < rows.length; n += 1) marks[n] |= hits[numbers[rows[n]]];
  }

  prepare() {
    return [this.values];
  }
}

class Rows {
  constructor(columns, count, { total = count, user = () => -1 } = {}) {
    this.columns = columns;
    this.count = count;
    this.total = total;
    this.user = user;
    this.order = Uint32Array.from({ length: count }, (_, row) => row);
    this.found = this.order;
    this.asked = null;
  }

  column(key) {
    return this.columns.find((column) => column.key === key);
  }

  // Every term must stand in one of the words of a row; every choice must be met.
  filter(query, chosen) {
    const terms = query.toLowerCase().split(/\s+/).filter((term) => term !== "");
    const asked = { terms, query: terms.join(" "), chosen: JSON.stringify([...chosen]) };
    const before = this.asked;
    // More letters find no row that fewer did not, but for those with which a term may be an object id.
    const grown = terms.some((term, n) => term.length >= SHORTEST_ID && !(before?.terms[n]?.length >= SHORTEST_ID));
    const narrower = before?.chosen === asked.chosen && asked.query.startsWith(before.query) && !grown;
    let rows = narrower ? this.found : this.chosenRows(chosen);
    for (const term of terms) rows = marked(rows, this.marks(rows, term));
    this.found = rows;
    this.asked = asked;
  }

  chosenRows(chosen) {
    let rows = this.order;
    for (const [n, code] of chosen) {
      const column = this.columns[n];
      rows = marked(rows, Uint8Array.from(rows, (row) => (column.code(row) === code ? 1 : 0)));
    }
    return rows;
  }

  // 1 for each row that holds the term. Each different word is looked at once, not once a row; what is known of a user
  // is put together for all his rows.
  marks(rows, term) {
    const marks = new Uint8Array(rows.length);
    const bases = new Map();
    for (const column of this.columns) {
      const hits = column.hits(term);
      if (hits === null) continue;
      const { numbers } = column.values;
      if (column.base === null) { column.mark(rows, marks, numbers, hits); continue; }
      const found = bases.get(column.base) ?? new Uint8Array(numbers.length);
      for (let n = 0; n < numbers.length; n += 1) found[n] |= hits[numbers[n]];
      bases.set(column.base, found);
    }
    for (const [base, found] of bases) for (let n = 0; n < rows.length; n += 1) marks[n] |= found[base[rows[n]]];
    return marks;
  }

  // Words are numbered in their order, so that rows are only counted into place.
  sort(column, way) {
    const size = column.values.count + 1;
    const starts = new Uint32Array(size + 1);
    const place = (row) => (way > 0 ? column.code(row) : size - 1 - column.code(row));
    for (const row of this.order) starts[place(row) + 1] += 1;
    for (let n = 1; n <= size; n += 1) starts[n] += starts[n - 1];
    const sorted = new Uint32Array(this.count);
    for (const row of this.order) { sorted[starts[place(row)]] = row; starts[place(row)] += 1; }
    this.order = sorted;
    this.asked = null;
  }
}

function marked(rows, marks) {
  let count = 0;
  for (let n = 0; n < rows.length; n += 1) count += marks[n];
  const kept = new Uint32Array(count);
  count = 0;
  for (let n = 0; n < rows.length; n += 1) if (marks[n] === 1) { kept[count] = rows[n]; count += 1; }
  return kept;
}

// Which words hold the term; null if none does. A longer term is looked for only where its beginning was found.
function hitsOf(values, term) {
  const { lower, last } = values;
  const before = last !== undefined && term.startsWith(last.term) ? last.hits : null;
  const hits = new Uint8Array(lower.length);
  let any = false;
  for (let n = 0; n < lower.length; n += 1) {
    if ((before === null || before[n] === 1) && lower[n].includes(term)) { hits[n] = 1; any = true; }
  }
  values.last = { term, hits };
  return any ? hits : null;
}
