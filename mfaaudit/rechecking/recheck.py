"""Each finding beside what it is now, and what the same users fail that they did not fail before; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mfaaudit.declared.posture import Posture
from mfaaudit.findings import Rule, observed
from mfaaudit.rechecking.flagged import Finding, Flagged
from mfaaudit.rechecking.judged import Judged
from mfaaudit.rechecking.outcome import Outcome, outcome_of
from mfaaudit.rechecking.reading import Reading
from mfaaudit.reports.material import Material, cell
from mfaaudit.snapshot.objects import Failure
from mfaaudit.snapshot.some_users import SomeUsers
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Severity, Unknown, Verdict

NAMES = ("user.userPrincipalName", "user.displayName")
REFRESHED = "registration.lastUpdatedDateTime"
FIXED, FAILING, NOT_ALL_READ = 0, 10, 11
"""The exit codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What a rule says of a user now."""

    verdict: Verdict | None
    """None if the account is gone."""
    reason: str = ""
    severity: Severity
    observed: str = ""
    read_at: datetime | None = None
    """When the oldest of the values was read that the rule looks at."""
    refreshed_at: datetime | Unknown | None = None
    """When the row of the registration report was refreshed, where the rule looks at it: it lags by hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One finding, before and now."""

    before: Finding
    name: str | Unknown
    display_name: str | Unknown
    now: Now
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFailure:
    """A rule that one of these users fails now, and did not fail before."""

    rule: Rule
    user_id: str
    name: str | Unknown
    display_name: str | Unknown
    before: Verdict
    now: Now


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """What became of everything that an audit flagged."""

    reading: Reading
    flagged: Flagged
    rows: tuple[Row, ...]
    """One for each finding, rule by rule."""
    new_failures: tuple[NewFailure, ...]
    posture: Posture
    failures: tuple[Failure, ...]
    """Every read that gave nothing in the end."""

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many findings came to what; together they are all that were flagged."""
        found = Counter(row.outcome for row in self.rows)
        return {one: found[one] for one in Outcome}

    @property
    def failing(self) -> int:
        """How many of the findings are failures now."""
        return sum(row.now.verdict is Verdict.FAIL for row in self.rows)

    @property
    def users_failing(self) -> int:
        """How many users fail something now."""
        old = {row.before.user_id for row in self.rows if row.now.verdict is Verdict.FAIL}
        return len(old | {one.user_id for one in self.new_failures})

    @property
    def exit_code(self) -> int:
        """10 if something fails; else 11 if something could not be read; else 0."""
        if self.failing or self.new_failures:
            return FAILING
        return NOT_ALL_READ if self.counts[Outcome.NOT_READ] else FIXED

    @property
    def headline(self) -> str:
        """One or two words: what a reader sees first."""
        return {FIXED: "Nothing fails", FAILING: "Something fails", NOT_ALL_READ: "Not all read"}[self.exit_code]

    @property
    def statement(self) -> str:
        """What it comes to, in words."""
        counts = ", ".join(f"{number:,} {one.words.lower()}" for one, number in self.counts.items() if number)
        new = len(self.new_failures)
        more = f" The same users fail {new:,} more that they did not fail before." if new else ""
        return f"The audit flagged {self.flagged.words}. Now: {counts}.{more}"

    @property
    def population(self) -> str:
        """Whom it is about, and whom not: stands on its face wherever it is drawn."""
        run = self.reading.origin.run
        users = len(self.flagged.users)
        return (
            f"{users:,} {'user' if users == 1 else 'users'} flagged in run {run.id} of "
            f"{run.started_at:%Y-%m-%d}, not the tenant. It does not take the place of that audit's evidence."
        )


def recheck(reading: Reading, before: Material, flagged: Flagged, read: SomeUsers, judged: Judged) -> Recheck:
    """Holds what is now against what was."""
    look = _Look(read, judged, flagged.rules)
    rows = tuple(_row(finding, look) for finding in flagged.findings)
    return Recheck(
        reading=reading,
        flagged=flagged,
        rows=rows,
        new_failures=tuple(_new_failures(before, flagged, look)),
        posture=judged.posture,
        failures=read.failures,
    )


class _Look:
    """What is known of each user now."""

    def __init__(self, read: SomeUsers, judged: Judged, rules: Sequence[Rule]) -> None:
        self.ids: Sequence[str] = judged.users["user_id"].to_list()
        self.verdicts = {
            one.rule.id: one.frame.select(c for c in ("verdict", "reason", "severity") if c in one.frame.columns).rows(
                named=True
            )
            for one in judged.findings.results
        }
        self._places = {user: place for place, user in enumerate(self.ids)}
        self._gone = read.gone.to_list()
        columns = _columns(judged, rules)
        self._rows: Sequence[Mapping[str, Any]] = judged.users.select(columns).rows(named=True)

    def at(self, rule: Rule, user: str) -> Now:
        """What a rule says of a user now."""
        place = self._places[user]
        row = self._rows[place]
        if self._gone[place]:
            return Now(verdict=None, severity=rule.severity)
        found = self.verdicts[rule.id][place]
        prefixes = {FIELDS[name].column.split("_", 1)[0] for name in rule.observed_fields}
        times = [row[name] for one in prefixes if (name := f"{one}_readAt") in row and row[name] is not None]
        return Now(
            verdict=Verdict(found["verdict"]),
            reason=found["reason"] or "",
            severity=Severity(found.get("severity", rule.severity)),
            observed=observed(rule, row),
            read_at=min(times, default=row["user_readAt"]),
            refreshed_at=cell(row, REFRESHED) if "registration" in prefixes else None,
        )

    def names(self, user: str) -> tuple[str | Unknown, str | Unknown]:
        """What the user is called now; unknown where that was not read."""
        row = self._rows[self._places[user]]
        return cell(row, NAMES[0]), cell(row, NAMES[1])


def _columns(judged: Judged, rules: Sequence[Rule]) -> list[str]:
    """What is told of a user: the names, what the rules look at, and when that was read."""
    fields = {FIELDS[name] for name in (*NAMES, REFRESHED, *(name for rule in rules for name in rule.observed_fields))}
    told = {name for field in fields for name in (field.column, f"{field.column}_reason")}
    return [name for name in judged.users.columns if name in told or name == "user_id" or name.endswith("_readAt")]


def _row(finding: Finding, look: _Look) -> Row:
    now = look.at(finding.rule, finding.user_id)
    name, display_name = look.names(finding.user_id)
    return Row(
        before=finding,
        # Of one who is gone, or was not read, the name is the one that the audit read.
        name=finding.name if isinstance(name, Unknown) else name,
        display_name=finding.display_name if isinstance(display_name, Unknown) else display_name,
        now=now,
        outcome=outcome_of(finding.verdict, now.verdict, was=finding.severity, is_now=now.severity),
    )


def _new_failures(before: Material, flagged: Flagged, look: _Look) -> Iterator[NewFailure]:
    """Under every rule about users, whatever was narrowed: what one remedy breaks elsewhere must not go unseen."""
    places = {user: place for place, user in enumerate(before.users["user_id"])}
    counted = {(one.rule.id, one.user_id) for one in flagged.findings}
    known = {one.id for one in flagged.rules}
    for result in before.findings.results:
        if result.rule.id not in known:
            continue
        verdicts = result.frame["verdict"]
        for place, user in enumerate(look.ids):
            fails = look.verdicts[result.rule.id][place]["verdict"] == Verdict.FAIL.value
            if not fails or (result.rule.id, user) in counted:
                continue
            was = Verdict(verdicts[places[user]])
            now = look.at(result.rule, user)
            if was in (Verdict.FAIL, Verdict.NOT_EVALUATED, Verdict.ERROR) or now.verdict is None:
                continue
            name, display_name = look.names(user)
            yield NewFailure(rule=result.rule, user_id=user, name=name, display_name=display_name, before=was, now=now)
