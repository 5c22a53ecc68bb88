// On paper a list is a table of the rows that are found, up to a number that it states.

const MOST_PRINTED = 1_000;
const WIDEST_PRINTED = 26;

function paperOf(list) {
  const { rows, choices } = list;
  const places = rows.found.subarray(0, MOST_PRINTED);
  const said = choices.said === "" ? WORDS.paperAll : fill(WORDS.paperChosen, { chosen: choices.said });
  const note = places.length < rows.found.length ? fill(WORDS.paperSome, { shown: places.length, found: rows.found.length }) : fill(WORDS.paperCount, { found: rows.found.length });
  const columns = rows.columns.filter((column) => !column.look.endsWith(" aside") && column.longest > 0);
  const widths = columns.map((column) => Math.min(widthOf(column), WIDEST_PRINTED) + 3);
  const all = widths.reduce((a, b) => a + b, 0);
  const head = element("tr", {}, ...columns.map((column) => element("th", { scope: "col", className: column.look, textContent: column.title })));
  [...head.cells].forEach((cell, n) => { cell.style.width = `${100 * widths[n] / all}%`; });
  const body = Array.from(places, (row) => element("tr", {}, ...columns.map((column) => {
    const word = column.word(row);
    return element("td", { className: column.look }, ...(word === "" ? [] : [shown(word, column.kind, column.isUnread(row))]));
  })));
  return element("div", { className: "paper" }, element("p", { className: "note", textContent: `${said} ${note}` }),
    element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
}

window.addEventListener("beforeprint", () => {
  for (const { list } of document.querySelectorAll(".browse")) if (list) list.place.append(paperOf(list));
});
window.addEventListener("afterprint", () => {
  for (const paper of document.querySelectorAll(".paper")) paper.remove();
});
