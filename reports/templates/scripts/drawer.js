// Everything on one row: all that is known of a user, or what the row says where it is about nobody. The browser keeps
// the focus inside an open dialog, closes it with Escape, and gives the focus back.

class Drawer {
  constructor(people) {
    this.people = people;
    this.title = element("h2", { id: "drawer-title", tabIndex: -1 });
    this.under = element("p", { className: "under" });
    this.content = element("div", { className: "content", tabIndex: 0, role: "region", aria: { labelledby: "drawer-title" } });
    this.back = button(WORDS.previous, () => this.turn(-1));
    this.next = button(WORDS.next, () => this.turn(1));
    const bar = element("div", { className: "buttons" }, this.back, this.next, button(WORDS.close, () => this.dialog.close(), { className: "close" }));
    this.dialog = element("dialog", { className: "drawer", aria: { labelledby: "drawer-title" } }, element("div", { className: "top" }, bar, this.title, this.under), this.content);
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
    document.body.append(this.dialog);
  }

  open(list) {
    this.list = list;
    this.draw();
    if (!this.dialog.open) this.dialog.showModal();
    this.title.focus();
  }

  turn(by) {
    this.list.go(this.list.current + by);
    this.draw();
  }

  draw() {
    const { rows, current } = this.list;
    const row = rows.found[current];
    const user = this.people === null ? -1 : rows.user(row);
    this.back.disabled = current <= 0;
    this.next.disabled = current >= rows.found.length - 1;
    if (user < 0) this.showRow(rows, row);
    else this.showUser(user, rows.about ? this.people.rules[rows.about.rules[row]] : null);
    this.content.scrollTop = 0;
  }

  showRow(rows, row) {
    const rule = rows.about ? this.people.rules[rows.about.rules[row]] : null;
    this.title.textContent = rule ? WORDS.theTenant : this.list.place.dataset.title;
    this.under.textContent = "";
    const list = element("dl", { className: "values" });
    for (const column of rows.columns) {
      const word = column.word(row);
      if (word !== "") list.append(pair(column.title, shown(word, column.kind, column.isUnread(row))));
    }
    this.content.replaceChildren(list, ...(rule ? [ruleInFull(rule)] : []));
  }

  showUser(user, about) {
    const { people } = this;
    const name = people.field("user.displayName");
    this.title.replaceChildren(element("bdi", { textContent: people.name(user) }));
    this.under.replaceChildren(
      element("bdi", { textContent: name ? name.values.word(user) : "" }), " ", shown(people.worst.word(user), "verdict", false),
      " ", element("code", { textContent: people.ids.word(user) }),
    );
    this.content.replaceChildren(
      element("h3", { textContent: WORDS.rulesOnUser }), rulesOfUser(people, user, about),
      element("h3", { textContent: WORDS.valuesOfUser }), ...valuesOfUser(people, user),
    );
  }
}

function pair(term, content) {
  return element("div", {}, element("dt", { textContent: term }), element("dd", {}, content));
}

function ruleInFull(rule) {
  const list = element("dl", { className: "values" });
  for (const [title, text] of [[WORDS.condition, rule.condition], [WORDS.rationale, rule.rationale], [WORDS.remediation, rule.remediation], [WORDS.blockedBy, rule.blockedBy.join(", ")]]) {
    if (text) list.append(pair(title, text));
  }
  return list;
}

// The rule that was asked about first, then from the worst verdict to the best.
function rulesOfUser(people, user, about) {
  const worst = people.head.worstFirst;
  const rank = (rule) => (rule === about ? -1 : worst.indexOf(rule.verdicts[user]));
  const rules = people.rules.filter((rule) => !rule.tenant).sort((a, b) => rank(a) - rank(b));
  return element("ul", { className: "rules" }, ...rules.map((rule) => {
    const head = element("summary", {}, shown(people.verdict(rule, user), "verdict", false), " ", shown(people.severity(rule, user), "severity", false), " ",
      element("b", { textContent: rule.id }), " ", element("span", { textContent: rule.title }));
    const reason = rule.reasons.word(user);
    const exception = rule.exceptions ? rule.exceptions.word(user) : "";
    const list = element("dl", { className: "values" });
    const lines = [
      [WORDS.reason, reason === "" ? "" : `${reason}${WORDS.meanings[reason] ? `: ${WORDS.meanings[reason]}` : ""}`],
      [WORDS.observed, people.observed(rule, user)],
      [WORDS.expected, rule.expected],
      [WORDS.condition, people.verdict(rule, user) === "NOT_APPLICABLE" ? rule.condition : ""],
      [WORDS.exception, exception],
      [WORDS.firstSeen, rule.firstSeen ? rule.firstSeen.word(user) : ""],
      [WORDS.remediation, people.verdict(rule, user) === "FAIL" ? rule.remediation : ""],
      [WORDS.blockedBy, rule.blockedBy.join(", ")],
    ];
    for (const [title, text] of lines) if (text) list.append(pair(title, element("bdi", { textContent: text })));
    return element("li", {}, element("details", { open: rule === about }, head, list));
  }));
}

// The values, source by source: what was read first, then what was worked out, then what was declared.
function valuesOfUser(people, user) {
  const groups = new Map();
  for (const field of people.fields) {
    const source = field.how === "read" ? people.stoodIn[field.place]?.word(user) || field.source : field.source;
    const key = field.how === "read" ? `read ${source} ${field.place}` : field.how;
    if (!groups.has(key)) groups.set(key, { how: field.how, source, fields: [] });
    groups.get(key).fields.push({ field, source });
  }
  const order = ["read", "worked out", "declared"];
  return [...groups.values()].sort((a, b) => order.indexOf(a.how) - order.indexOf(b.how)).map((group) => {
    const read = group.how === "read";
    const head = read ? [sourceLine(people, group.source, timeOf(people, group.fields[0].field, user))] : [];
    const title = read ? people.head.sources[group.source].title : WORDS[group.how === "declared" ? "declared" : "workedOut"];
    const list = element("dl", { className: "values" });
    for (const { field, source } of group.fields) {
      const word = field.values.word(user);
      const unread = field.values.isUnread(user);
      const line = pair(field.title, word === "" ? element("span", { className: "blank", textContent: WORDS.blank }) : shown(word, "", unread));
      line.lastChild.append(element("code", { className: "name", textContent: field.name }));
      const reason = unread ? WORDS.meanings[word.slice(word.indexOf("(") + 1, -1)] : "";
      if (reason) line.lastChild.append(element("span", { className: "why", textContent: reason }));
      if (!read) line.lastChild.append(sourceLine(people, source, timeOf(people, field, user)));
      list.append(line);
    }
    return element("section", { className: "source", aria: { label: title } }, element("h4", { textContent: title }), ...head, list);
  });
}

function timeOf(people, field, user) {
  return people.times[field.times].word(user);
}

function sourceLine(people, name, time) {
  const { endpoint, beta, title } = people.head.sources[name];
  const line = element("p", { className: "from", title }, element("code", { textContent: `GET ${endpoint}` }));
  if (beta) line.append(" ", element("span", { className: "word word-beta", textContent: WORDS.beta, title: WORDS.betaMeans }));
  line.append(" ", element("span", { textContent: time ? fill(WORDS.readAt, { time }) : WORDS.noReadTime }));
  return line;
}
