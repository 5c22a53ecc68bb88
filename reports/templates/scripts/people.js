// All users with their values and verdicts, and the lists of findings and of users that follow from them.

const MOST_CHOICES = 1000;

class People {
  constructor(parts) {
    this.parts = parts;
    this.head = parts.head;
    this.count = this.head.count;
    this.ids = new Packed(parts, this.head.ids);
    this.worst = new Packed(parts, this.head.worst);
    this.fields = this.head.fields.map((field) => ({
      ...field,
      values: new Packed(parts, field),
      seen: field.observed ? new Packed(parts, field.observed) : null,
    }));
    this.times = this.packedEach(this.head.times);
    this.stoodIn = this.packedEach(this.head.stoodIn);
    this.rules = this.head.rules.map((rule) => rule.tenant ? rule : {
      ...rule,
      verdicts: parts.numbers(rule.verdicts),
      reasons: new Packed(parts, rule.reasons),
      ranks: rule.ranks === undefined ? null : parts.numbers(rule.ranks),
      exceptions: rule.exceptions ? new Packed(parts, rule.exceptions) : null,
      firstSeen: rule.firstSeen ? new Packed(parts, rule.firstSeen) : null,
    });
  }

  packedEach(named) {
    return Object.fromEntries(Object.entries(named).map(([name, at]) => [name, new Packed(this.parts, at)]));
  }

  field(name) {
    return this.fields.find((field) => field.name === name);
  }

  name(user) {
    return this.field("user.userPrincipalName").values.word(user);
  }

  // The row of the user with an object id, or -1.
  withId(id) {
    this.rows ??= new Map(Array.from({ length: this.count }, (_, user) => [this.ids.word(user), user]));
    return this.rows.get(id) ?? -1;
  }

  verdict(rule, user) {
    return this.head.verdicts[rule.tenant ? rule.tenant.verdict : rule.verdicts[user]];
  }

  severity(rule, user) {
    return rule.ranks ? this.head.severities[rule.ranks[user]] : rule.severity;
  }

  observed(rule, user) {
    if (rule.tenant) return rule.tenant.observed;
    return rule.observes.map((field) => this.fields[field].seen.word(user)).join("; ");
  }
}

// The list of all users.
function rowsOfUsers(people) {
  const columns = people.head.columns.users.map((about) => new Column(about, valuesOf(people, about)));
  return new Rows(columns, people.count, { total: people.head.total, user: (row) => row });
}

function valuesOf(people, about) {
  if (about.of === "id") return people.ids;
  return about.of === "worst" ? people.worst : people.fields[about.field].values;
}

// One row for each rule and user, or the tenant, that is listed as a finding; the rules come in their order.
function rowsOfFindings(people) {
  const listed = new Set(people.head.listed);
  const users = [];
  const rules = [];
  people.rules.forEach((rule, n) => {
    if (rule.tenant) {
      // The place behind the last user stands for the tenant.
      if (listed.has(rule.tenant.verdict)) { users.push(people.count); rules.push(n); }
      return;
    }
    for (let user = 0; user < people.count; user += 1) {
      if (listed.has(rule.verdicts[user])) { users.push(user); rules.push(n); }
    }
  });
  const about = { people, users: Uint32Array.from(users), rules: Uint16Array.from(rules) };
  const columns = people.head.columns.findings.map((column) => columnOfFindings(column, about));
  const user = (row) => (about.users[row] === people.count ? -1 : about.users[row]);
  return Object.assign(new Rows(columns, users.length, { total: people.head.findings, user }), { about });
}

function columnOfFindings(column, about) {
  const { people, users, rules } = about;
  if (column.key === "observed") return new Observed(column, about);
  if (column.of === "row") return new Column(column, valuesOfRows(column.key, about));
  if (column.of === "rule") {
    const key = column.key === "ruleId" ? "id" : column.key;
    const made = new Column(column, packedHere(people.rules.map((rule) => rule[key]), Uint32Array.from(people.rules, (_, n) => n)), rules);
    if (key === "id") made.choice = (word) => `${word}: ${people.rules.find((rule) => rule.id === word).title}`;
    return made;
  }
  return new Column(column, withTenant(valuesOf(people, column), column.key === "userPrincipalName" ? WORDS.theTenant : ""), users);
}

// The same values, and one more for the tenant: nothing has a word already where nothing is one.
function withTenant(values, word) {
  const nothing = word === "" ? values.words.indexOf("") : -1;
  const numbers = new Uint32Array(values.numbers.length + 1);
  numbers.set(values.numbers);
  numbers[values.numbers.length] = nothing < 0 ? values.count : nothing;
  const kept = nothing < 0 ? [...values.words, word] : values.words;
  const made = Object.create(Packed.prototype);
  return Object.assign(made, { numbers, kept, count: kept.length, longest: values.longest, unread: values.unread });
}

// What a row itself says: the place of its word among all that occur.
function valuesOfRows(key, { people, users, rules }) {
  const { verdicts, severities, worstFirst } = people.head;
  const count = users.length;
  const numbers = new Uint32Array(count);
  if (key === "severity") {
    for (let row = 0; row < count; row += 1) {
      const rule = people.rules[rules[row]];
      numbers[row] = severities.indexOf(rule.tenant ? rule.severity : people.severity(rule, users[row]));
    }
    return packedHere(severities, numbers, true);
  }
  if (key === "status") {
    const best = [...worstFirst].reverse();
    const places = verdicts.map((_, n) => best.indexOf(n));
    for (let row = 0; row < count; row += 1) {
      const rule = people.rules[rules[row]];
      numbers[row] = places[rule.tenant ? rule.tenant.verdict : rule.verdicts[users[row]]];
    }
    return packedHere(best.map((n) => verdicts[n]), numbers, true);
  }
  const words = new Map([["", 0]]);
  for (let row = 0; row < count; row += 1) {
    const rule = people.rules[rules[row]];
    const values = { reason: rule.reasons, exception: rule.exceptions, firstSeen: rule.firstSeen }[key];
    const word = rule.tenant ? rule.tenant[key] ?? "" : values?.word(users[row]) ?? "";
    if (!words.has(word)) words.set(word, words.size);
    numbers[row] = words.get(word);
  }
  return packedHere([...words.keys()], numbers);
}

// What was observed is put together for the rows that are shown; a search looks at the values it is made of.
class Observed extends Column {
  constructor(column, about) {
    super(column, { longest: column.width, count: 0, unread: new Set(), numbers: about.rules });
    this.about = about;
  }

  get sorts() {
    return false;
  }

  word(row) {
    const { people, users, rules } = this.about;
    return people.observed(people.rules[rules[row]], users[row]);
  }

  isUnread() {
    return false;
  }

  // For each rule the words, field by field, that hold the term; true where all do.
  hits(term) {
    const { people } = this.about;
    const ofField = people.fields.map((field) => {
      if (field.seen === null) return null;
      return field.name.toLowerCase().includes(term) ? true : hitsOf(field.seen, term);
    });
    return people.rules.map((rule) => {
      if (rule.tenant) return rule.tenant.observed.toLowerCase().includes(term);
      if (rule.observes.some((n) => ofField[n] === true)) return true;
      return rule.observes.filter((n) => ofField[n] !== null).map((n) => [people.fields[n].seen.numbers, ofField[n]]);
    });
  }

  mark(rows, marks, numbers, hits) {
    const { users, rules } = this.about;
    for (let n = 0; n < rows.length; n += 1) {
      const found = hits[rules[rows[n]]];
      if (found === true) marks[n] = 1;
      else if (found !== false) for (let m = 0; m < found.length; m += 1) marks[n] |= found[m][1][found[m][0][users[rows[n]]]];
    }
  }

  prepare() {
    return this.about.people.fields.map((field) => field.seen).filter((seen) => seen !== null);
  }
}
