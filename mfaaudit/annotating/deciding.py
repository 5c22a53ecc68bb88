"""From the rows that were filled in to decisions, with every problem of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from mfaaudit.annotating.cells import WrongCell, alike, day_of, decision_of, text_of
from mfaaudit.annotating.filled import FilledRow, Problem, Written
from mfaaudit.annotating.known import Finding, Key, Known
from mfaaudit.declared.decisions import KINDS, Decision
from mfaaudit.declared.standing import LONGEST_DAYS
from mfaaudit.reports.decision_columns import COLUMNS, CONTROL, DECISION, DUE_ON, JUSTIFICATION, OWNER, TICKET
from mfaaudit.reports.workbook.cells import text_for_excel
from mfaaudit.words import Verdict

RULE, STATUS, USER, OBSERVED, USER_ID = "ruleId", "status", "userPrincipalName", "observed", "userId"
ABOUT = (RULE, STATUS, USER, OBSERVED, USER_ID)
"""The keys of the columns that say what a row is about."""
TITLES = {one.key: one.title for one in COLUMNS}
DECIDABLE = (Verdict.FAIL, Verdict.WAIVED)
OUT_OF_STEP = (
    "Cells were moved or sorted without the rest of their row. Take the report.xlsx of the bundle, copy the decisions "
    "over, and sort whole tables only."
)
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One decision about one finding."""

    place: str
    finding: Finding
    decision: Decision
    owner: str
    due: date
    justification: str
    control: str
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What all rows come to: either everything can be used, or there are problems."""

    chosen: tuple[Chosen, ...]
    problems: tuple[Problem, ...]


def key_of(row: FilledRow) -> Key:
    """What a row says that it is about, whether or not there is such a thing."""
    return str(row.cells[RULE].value).strip(), str(row.cells[USER_ID].value).strip().lower()


def decide(rows: Iterable[FilledRow], known: Known) -> Decided:
    """Every row as a decision, or what is wrong with it."""
    chosen: list[Chosen] = []
    problems: list[Problem] = []
    seen: dict[Key, FilledRow] = {}
    for row in rows:
        one = _Row(row, known)
        first = seen.setdefault(key_of(row), row)
        if first is not row:
            one.complain(
                RULE, f"the same finding as in {first.sheet}!{first.number}", "Decide once: clear one of the two rows."
            )
        made = one.read()
        problems += one.problems
        if made is not None:
            chosen.append(made)
    return Decided(chosen=tuple(chosen), problems=tuple(problems))


class _Row:
    """One row, with all that is wrong with it."""

    def __init__(self, row: FilledRow, known: Known) -> None:
        self._row = row
        self._known = known
        self.problems: list[Problem] = []

    def complain(self, key: str, what: str, hint: str) -> None:
        """Adds a problem of one cell."""
        self.problems.append(Problem(sheet=self._row.sheet, cell=self._row.cells[key].place, what=what, hint=hint))

    def read(self) -> Chosen | None:
        """The decision; None if there is a problem."""
        finding = self._finding()
        if finding is None:
            return None
        texts = {key: self._cell(key, text_of) or "" for key in (OWNER, JUSTIFICATION, CONTROL, TICKET)}
        day = self._cell(DUE_ON, lambda cell, name: day_of(cell, name, self._known.today))
        bad = {one.cell for one in self.problems}
        decision = self._cell(DECISION, decision_of)
        if decision is None:
            if not self._row.cells[DECISION].is_empty:
                return None
            self.complain(DECISION, "the decision is missing", f"{_choices()}, or clear what else was written there.")
            return None
        if decision in KINDS and not self._known.rules[finding.rule].waivable:
            self.complain(DECISION, f"{finding.rule} may not be waived", f"Choose {Decision.REMEDIATE}, or clear it.")
        for key in _needed(decision):
            if self._row.cells[key].is_empty and self._row.cells[key].place not in bad:
                self.complain(key, f"{TITLES[key]} is missing", f"{decision} needs it.")
        if day is not None:
            self._check_day(day, decision, finding)
        if self.problems or day is None:
            return None
        return Chosen(
            place=f"{self._row.sheet}!{self._row.number}",
            finding=finding,
            decision=decision,
            owner=texts[OWNER],
            due=day,
            justification=texts[JUSTIFICATION],
            control=texts[CONTROL],
            ticket=texts[TICKET],
        )

    def _cell(self, key: str, read: Callable[[Written, str], Found]) -> Found | None:
        try:
            return read(self._row.cells[key], TITLES[key])
        except WrongCell as wrong:
            self.complain(key, wrong.what, wrong.hint)
            return None

    def _finding(self) -> Finding | None:
        """What the bundle says that the row is about; None if nothing can be decided there."""
        rule, user = key_of(self._row)
        facts = self._known.rules.get(rule)
        finding = self._known.findings.get((rule, user))
        if facts is None:
            self.complain(RULE, "the bundle was not judged by such a rule", OUT_OF_STEP)
        elif facts.about_tenant:
            self.complain(
                RULE,
                f"{rule} is about the tenant: nobody can be excused from it",
                "Clear what was written there, and put the setting right.",
            )
        elif user not in self._known.users:
            self.complain(USER_ID, "the bundle holds no account of this object id", OUT_OF_STEP)
        elif finding is None:
            self.complain(USER_ID, f"the bundle holds no finding of this account under {rule}", OUT_OF_STEP)
        else:
            self._compare(finding)
            if not self.problems and finding.status not in DECIDABLE:
                self.complain(
                    _first_filled(self._row.cells),
                    f"the row reads {finding.status.value} ({finding.reason}): there is no failure to decide about yet",
                    "Clear what was written there, and have the missing value read first.",
                )
        return None if self.problems else finding

    def _compare(self, finding: Finding) -> None:
        for key, expected in ((STATUS, finding.status.value), (USER, finding.user), (OBSERVED, finding.observed)):
            if not alike(self._row.cells[key], text_for_excel(expected)):
                self.complain(key, "the bundle says something else of this account under this rule", OUT_OF_STEP)

    def _check_day(self, day: date, decision: Decision, finding: Finding) -> None:
        today, severity = self._known.today, self._known.rules[finding.rule].severity
        last = today + timedelta(LONGEST_DAYS[severity]) if decision in KINDS else None
        range_hint = f"Write a day from {today.isoformat()}" + (f" to {last.isoformat()}." if last else " on.")
        if day < today:
            self.complain(DUE_ON, f"{day.isoformat()} lies in the past", range_hint)
        elif last is not None and day > last:
            self.complain(
                DUE_ON,
                f"{day.isoformat()} is too late: an exception from a rule of severity {severity.value} lasts "
                f"{LONGEST_DAYS[severity]} days at most, until {last.isoformat()} if it is approved today",
                range_hint,
            )
        elif decision in KINDS and finding.covered_until is not None and day <= finding.covered_until:
            self.complain(
                DUE_ON,
                f"an exception covers this until {finding.covered_until.isoformat()} already",
                "To extend it, write a later day; else clear what was written there.",
            )


def _needed(decision: Decision) -> Iterator[str]:
    yield OWNER
    yield DUE_ON
    if decision in KINDS:
        yield JUSTIFICATION
        yield TICKET
        # As the register has it: only what is wrong about the account needs no protection in its place.
        if decision is not Decision.FALSE_POSITIVE:
            yield CONTROL


def _choices() -> str:
    return f"Choose {', '.join(one.value for one in Decision)}"


def _first_filled(cells: Mapping[str, Written]) -> str:
    return next(key for key in TITLES if not cells[key].is_empty)
