// Tables that stand in the page as they are: a click on a heading sorts them.

function compared(a, b) {
  if (a.rank !== null && b.rank !== null) return a.rank - b.rank;
  if (a.rank !== null || b.rank !== null) return a.rank === null ? 1 : -1;
  return a.word.localeCompare(b.word, document.documentElement.lang, { numeric: true, sensitivity: "base" });
}

function makeSortable(table) {
  const body = table.tBodies[0];
  const key = (cell) => ({ rank: cell.dataset.sort === undefined ? null : Number(cell.dataset.sort), word: cell.textContent.trim() });
  [...table.tHead.rows[0].cells].forEach((head, n) => {
    head.replaceChildren(button(head.textContent, () => {
      const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of head.parentElement.children) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      const rows = [...body.rows].map((row) => ({ row, key: key(row.cells[n]) }));
      rows.sort((a, b) => way * compared(a.key, b.key));
      body.append(...rows.map((one) => one.row));
    }));
  });
}
