"""How long failures lasted: from the audit that showed one first to the one that shows it cured; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import polars as pl

from mfaaudit.earlier.audit import Audit, JudgedRule
from mfaaudit.earlier.side_by_side import PLACES
from mfaaudit.findings.results import SEVERITIES
from mfaaudit.sources.field import Scope
from mfaaudit.words import Severity, Verdict

DAY = timedelta(days=1)


class End(StrEnum):
    """What the last audit says of a failure that was seen once."""

    FIXED = "fixed"
    OPEN = "open"
    WAIVED = "waived"
    OUT_OF_SCOPE = "outOfScope"
    UNREAD = "unread"
    LEFT = "left"

    @property
    def words(self) -> str:
        """As a report says it."""
        return END_WORDS[self]


END_WORDS = {
    End.FIXED: "fixed",
    End.OPEN: "open",
    End.WAIVED: "waived now",
    End.OUT_OF_SCOPE: "not in scope now",
    End.UNREAD: "not judged now",
    End.LEFT: "left",
}
NOT_KNOWN = (End.WAIVED, End.OUT_OF_SCOPE, End.UNREAD, End.LEFT)
"""Whether and when such a failure was cured, nothing tells."""
_ENDS: Mapping[Verdict | None, End] = {
    Verdict.FAIL: End.OPEN,
    Verdict.WAIVED: End.WAIVED,
    Verdict.NOT_APPLICABLE: End.OUT_OF_SCOPE,
    Verdict.NOT_EVALUATED: End.UNREAD,
    Verdict.ERROR: End.UNREAD,
    None: End.LEFT,
}
_ENDED = pl.Enum([one.value for one in End])
_ABSENT = len(PLACES)
SEEN = {
    "rule": pl.UInt16(),
    "account": pl.UInt32(),
    "severity": SEVERITIES,
    "end": _ENDED,
    "first": pl.UInt16(),
    "last": pl.UInt16(),
    "cured": pl.UInt16(),
}
EPISODES = SEEN | dict.fromkeys(("least", "most", "known"), pl.Int64())
"""The columns of a list of episodes. `rule` is a place in `rules`, `account` one in `ids` (null for the tenant);
`first`, `last` and `cured` are places of audits: the first and the last that showed the failure, and the first that
showed it cured, null unless it is fixed. In whole days, it lasted `least`, rounded down, to `most`, rounded up and null
unless it is fixed; from the first of those audits to the last of all `known` days have passed, rounded down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """How long the failures of one rule, or of one severity, lasted; every number of days is one of whole days."""

    fixed: int
    """How many are cured: an audit showed the failure, and a later one a pass."""
    median: int | None
    """Of the longest that each of them can have lasted, rounded up; of an even number the greater; None without one."""
    longest: int | None
    surely: int | None
    """The longest that one of them is sure to have lasted, rounded down."""
    open: int
    """How many are failures still; they are in no number above."""
    open_median: int | None
    """Of the days for which each of them is known by now, rounded down: it lasts longer."""
    open_longest: int | None
    not_known: Mapping[End, int]
    """How many are neither: each of NOT_KNOWN."""

    @property
    def total(self) -> int:
        """All failures that were seen."""
        return self.fixed + self.open + sum(self.not_known.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToFix:
    """How long failures lasted over some audits."""

    audits: tuple[Audit, ...]
    """The oldest first."""
    rules: tuple[JudgedRule, ...]
    """Those of the last audit on the tenant and its users, which were followed."""
    ids: pl.Series
    """Everybody whom one of the audits lists, in lower case."""
    episodes: pl.DataFrame
    """EPISODES: a row for each failure from when it was seen first until it was seen cured, or until the last audit."""

    def by_rule(self) -> Iterator[tuple[JudgedRule, Duration]]:
        """Each rule, in the order of the last audit."""
        parts = self.episodes.partition_by("rule", as_dict=True)
        for place, rule in enumerate(self.rules):
            yield rule, _duration(parts.get((place,), self.episodes.clear()))

    def by_severity(self) -> Iterator[tuple[Severity, Duration]]:
        """Each severity that a failure had when it was seen last, the worst first."""
        for severity in sorted(Severity, key=lambda one: -one.rank):
            part = self.episodes.filter(pl.col("severity") == severity.value)
            if part.height:
                yield severity, _duration(part)

    def in_all(self) -> Duration:
        """All of them together."""
        return _duration(self.episodes)


def _days(lasted: pl.Series, *, up: bool = False) -> pl.Series:
    micro = lasted.dt.total_microseconds()
    day = DAY // timedelta(microseconds=1)
    return -(-micro // day) if up else micro // day


def _duration(part: pl.DataFrame) -> Duration:
    ends = dict(part["end"].value_counts().iter_rows())
    fixed, still = part.filter(pl.col("end") == End.FIXED.value), part.filter(pl.col("end") == End.OPEN.value)
    return Duration(
        fixed=fixed.height,
        median=_median(fixed["most"]),
        longest=_most(fixed["most"]),
        surely=_most(fixed["least"]),
        open=still.height,
        open_median=_median(still["known"]),
        open_longest=_most(still["known"]),
        not_known={end: ends.get(end.value, 0) for end in NOT_KNOWN},
    )


def _median(days: pl.Series) -> int | None:
    found: Any = days.quantile(0.5, interpolation="higher")
    return None if found is None else int(found)


def _most(days: pl.Series) -> int | None:
    found: Any = days.max()
    return None if found is None else int(found)


def time_to_fix(audits: Sequence[Audit]) -> TimeToFix:
    """How long failures lasted; the audits are of one tenant, the oldest first, and at least two.

    A failure begins with the first audit that shows it. Only a pass ends it: a waiver, a change of scope, a value that
    was not read, and an account that was not listed end nothing. What happened between two audits nobody saw, so the
    time that a cure took is known as a range: at least from the first to the last audit that showed the failure, at
    most from the first to the one that shows the pass. A rule is followed back to where it last asked something else.
    """
    rules = audits[-1].of_tenant
    ids = pl.concat([one.users["user_id"] for one in audits]).unique(maintain_order=True)
    everybody = ids.to_frame("user_id")
    rows = [
        everybody.join(
            one.users.select("user_id").with_row_index("row"), on="user_id", how="left", maintain_order="left"
        )["row"]
        for one in audits
    ]
    frames = [pl.DataFrame(schema=SEEN)]
    for place, rule in enumerate(rules):
        asked = list(_asked(audits, rows, rule))
        frames += [one.select(rule=pl.lit(place, pl.UInt16()), **_rest()) for one in _episodes(rule, asked)]
    return TimeToFix(audits=tuple(audits), rules=rules, ids=ids, episodes=_timed(pl.concat(frames), audits))


def _rest() -> dict[str, pl.Expr]:
    return {name: pl.col(name).cast(kind) for name, kind in SEEN.items() if name != "rule"}


def _timed(episodes: pl.DataFrame, audits: Sequence[Audit]) -> pl.DataFrame:
    times = pl.Series([one.started_at for one in audits])
    first, last, cured = (times.gather(episodes[name]) for name in ("first", "last", "cured"))
    return episodes.with_columns(
        least=_days(last - first), most=_days(cured - first, up=True), known=_days(times[-1:] - first)
    )


def _asked(
    audits: Sequence[Audit], rows: Sequence[pl.Series], rule: JudgedRule
) -> Iterable[tuple[int, pl.Series, pl.Series]]:
    """Each audit that judged the rule as it is now: its place, the verdicts, and the severities of failures."""
    found: list[tuple[int, pl.Series, pl.Series]] = []
    for place in range(len(audits) - 1, -1, -1):
        other = audits[place].rule(rule.id)
        if other is None:
            continue
        if other.fingerprint != rule.fingerprint:
            break
        found.append((place, *_verdicts(audits[place], rows[place], other)))
    return reversed(found)


def _verdicts(audit: Audit, rows: pl.Series, rule: JudgedRule) -> tuple[pl.Series, pl.Series]:
    if rule.scope is Scope.TENANT:
        verdicts = pl.Series([PLACES[rule.counts.worst]], dtype=pl.UInt8())
    else:
        verdicts = audit.users[rule.verdict_column].to_physical().gather(rows).fill_null(_ABSENT)
    if rule.severity_column in audit.users.columns:
        return verdicts, audit.users[rule.severity_column].gather(rows)
    return verdicts, pl.repeat(rule.severity.value, len(verdicts), dtype=SEVERITIES, eager=True)


def _episodes(rule: JudgedRule, asked: Sequence[tuple[int, pl.Series, pl.Series]]) -> Iterator[pl.DataFrame]:
    """The failures of one rule: those that were cured audit by audit, and then all that were not."""
    if not asked:
        return
    count = len(asked[0][1])
    nobody = pl.repeat(None, count, dtype=pl.UInt16(), eager=True)
    accounts = pl.int_range(count, dtype=pl.UInt32(), eager=True)
    if rule.scope is Scope.TENANT:
        accounts = pl.Series([None], dtype=pl.UInt32())
    first, last = nobody, nobody
    worst = pl.repeat(None, count, dtype=SEVERITIES, eager=True)

    def episodes(which: pl.Series, end: pl.Series, cured: int | None) -> pl.DataFrame:
        columns = {"account": accounts, "severity": worst, "first": first, "last": last, "end": end}
        return pl.DataFrame(columns).with_columns(cured=pl.lit(cured, pl.UInt16())).filter(which)

    for place, verdicts, severities in asked:
        here = pl.repeat(place, count, dtype=pl.UInt16(), eager=True)
        failed = verdicts == PLACES[Verdict.FAIL]
        cured = (verdicts == PLACES[Verdict.PASS]) & first.is_not_null()
        if cured.any():
            yield episodes(cured, pl.repeat(End.FIXED.value, count, dtype=_ENDED, eager=True), place)
            first = nobody.zip_with(cured, first)
        first = here.zip_with(failed & first.is_null(), first)
        last = here.zip_with(failed, last)
        worst = severities.zip_with(failed, worst)
    ends = [_ENDS.get(verdict) for verdict in (*PLACES, None)]
    said = pl.Series([None if end is None else end.value for end in ends], dtype=_ENDED)
    yield episodes(first.is_not_null(), said.gather(asked[-1][1]), None)
