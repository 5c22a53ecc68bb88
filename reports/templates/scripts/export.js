// The rows that are found, as a CSV file and for the clipboard.

const MOST_COPIED = 5_000;
const ROWS_AT_ONCE = 2_000;
const FORMULA = /(^|[,;|\t\u060c\u061b])(?=[\s"\u00ad\u200b-\u200d\u2060\ufeff\ufffd]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212])/g;

// A spreadsheet would compute a cell that begins with such a sign, and takes the separator of its country for the end
// of a cell. A control character at the front is shown as a mark here.
function harmless(word) {
  const text = word.replace(FORMULA, "$1'");
  return text.startsWith("\ufffd") ? `'${text}` : text;
}

function csvCell(word) {
  const text = harmless(word);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// A number without the separators that it is read with.
function wordOf(column, row) {
  const word = column.word(row);
  return column.kind === "number" ? word.replaceAll(",", "") : word;
}

async function csvOf(rows) {
  const parts = ["\ufeff", `${rows.columns.map((column) => csvCell(column.key)).join(",")}\r\n`];
  for (let at = 0; at < rows.found.length; at += ROWS_AT_ONCE) {
    const lines = [];
    for (const row of rows.found.subarray(at, at + ROWS_AT_ONCE)) lines.push(rows.columns.map((column) => csvCell(wordOf(column, row))).join(","), "\r\n");
    parts.push(lines.join(""));
    await pause();
  }
  return new Blob(parts, { type: "text/csv;charset=utf-8" });
}

async function saveRows(list) {
  const address = URL.createObjectURL(await csvOf(list.rows));
  const link = element("a", { href: address, download: `${list.place.dataset.table.toLowerCase()}-${document.body.dataset.run}.csv` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  tell(fill(WORDS.saved, { count: list.rows.found.length }));
}

async function copyRows(list) {
  const { columns, found } = list.rows;
  const rows = found.subarray(0, MOST_COPIED);
  const lines = [columns.map((column) => column.title).join("\t")];
  for (const row of rows) lines.push(columns.map((column) => harmless(wordOf(column, row))).join("\t"));
  const done = await copied(lines.join("\n"));
  if (!done) tell(WORDS.noClipboard);
  else tell(fill(rows.length < found.length ? WORDS.copiedSome : WORDS.copied, { count: rows.length, all: found.length }));
}

async function copied(text) {
  if (!navigator.clipboard) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (refused) {
    if (!(refused instanceof DOMException)) throw refused;
    return false;
  }
}

// A short word at the edge of the window, which is read aloud as well.
function tell(text) {
  const place = document.getElementById("told");
  place.textContent = text;
  clearTimeout(place.timer);
  place.timer = setTimeout(() => { place.textContent = ""; }, 6_000);
}
