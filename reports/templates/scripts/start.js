// What happens when the page is opened: first it is shown as it stands, then its data is unpacked.

function warn(text) {
  const place = document.getElementById("warnings");
  place.append(element("p", { textContent: text }));
}

function placesOf(kind) {
  return [...document.querySelectorAll(`.browse[data-from=${kind}]`)];
}

// The words of a list in lower case, before the first letter of a search.
async function prepare(rows) {
  for (const values of rows.columns.flatMap((column) => column.prepare())) {
    hitsOf(values, "");
    await pause();
  }
  return rows;
}

async function startLists() {
  const made = document.getElementById("data-people") ? new People(await unpacked("data-people")) : null;
  const drawer = new Drawer(made);
  const open = (list) => drawer.open(list);
  for (const place of placesOf("people")) {
    await pause();
    new List(place, await prepare(place.dataset.table === "Findings" ? rowsOfFindings(made) : rowsOfUsers(made)), open);
  }
  for (const place of placesOf("rows")) {
    const parts = await unpacked(`data-${place.dataset.table}`);
    const { head } = parts;
    const columns = head.columns.map((about) => new Column(about, new Packed(parts, about)));
    const rows = new Rows(columns, head.count, { total: head.total });
    const ids = rows.column("userId");
    if (made !== null && ids) rows.user = (row) => made.withId(ids.word(row));
    new List(place, await prepare(rows), open);
  }
}

// A slash goes to the search of the list that is nearest to what is being read.
function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, dialog")) return;
    const lists = [...document.querySelectorAll(".browse")].filter((place) => place.list);
    if (lists.length === 0) return;
    const distance = (place) => { const { top, bottom } = place.getBoundingClientRect(); return top < innerHeight && bottom > 0 ? 0 : 1; };
    const place = lists.find((one) => distance(one) === 0) ?? lists.find((one) => one.dataset.table === "Findings") ?? lists[0];
    event.preventDefault();
    place.list.choices.search.focus();
    place.scrollIntoView({ block: "start" });
  });
}

async function start() {
  for (const table of document.querySelectorAll("table.sortable")) makeSortable(table);
  startTheme();
  startNavigation();
  startKeys();
  if (typeof SecurityPolicyViolationEvent !== "function") warn(WORDS.noPolicy);
  if (!canUnpack()) {
    warn(WORDS.noUnpacking);
    for (const place of document.querySelectorAll(".browse")) place.replaceChildren(element("p", { className: "note", textContent: WORDS.noUnpacking }));
    return;
  }
  // After the first paint.
  await new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 0)); });
  await startLists();
  document.documentElement.dataset.ready = "yes";
}

start();
