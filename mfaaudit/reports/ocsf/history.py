"""What became of findings that the previous audit had: which of them go on, and which are to be closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from mfaaudit.earlier import Comparison, Earlier
from mfaaudit.earlier.audit import NAME_COLUMNS, JudgedRule
from mfaaudit.findings.results import VERDICTS
from mfaaudit.reports.material import SHOWN_WORDS
from mfaaudit.reports.ocsf.words import RESOLVED, other
from mfaaudit.sources.field import Scope
from mfaaudit.words import Verdict

GONE, OUT_OF_SCOPE = other("No longer listed"), other("No longer in scope")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A finding of the previous audit that is none any more."""

    user: Mapping[str, Any] | None
    """user_id and NAME_COLUMNS; None for the tenant."""
    before: Verdict
    now: Verdict | None
    """None for whoever is not listed now."""

    @property
    def status(self) -> tuple[int, str]:
        """Only a pass resolves it: whoever left, or is out of scope, has proved nothing."""
        if self.now is None:
            return GONE
        return RESOLVED if self.now is Verdict.PASS else OUT_OF_SCOPE


class History:
    """The previous audit beside the present one, as far as its rules ask the same; without one nothing is known."""

    def __init__(self, earlier: Earlier | None, users: pl.DataFrame) -> None:
        """`users` are those of the present audit."""
        self._earlier, self._users = earlier, users
        self._rules: dict[str, tuple[JudgedRule, JudgedRule]] = {}
        if earlier is None:
            return
        for one in earlier.rules:
            if one.comparison is Comparison.SAME and one.before is not None and one.now is not None:
                self._rules[one.rule.id] = one.before, one.now
        previous, now = earlier.previous.users.select("user_id"), earlier.now.users.select("user_id")
        self._place = now.join(previous.with_row_index("place"), on="user_id", how="left", maintain_order="left")[
            "place"
        ]
        self._left = previous.with_row_index("place").join(now, on="user_id", how="anti", maintain_order="left")

    def knows(self, rule_id: str) -> bool:
        """Whether the previous audit asked the same."""
        return rule_id in self._rules

    def was_shown(self, rule_id: str) -> pl.Series | None:
        """For each user, or the tenant, whether the previous audit had a finding; None where that is not known."""
        found = self._rules.get(rule_id)
        if found is None:
            return None
        before = self._before(found[0])
        return before.is_in(SHOWN_WORDS).fill_null(value=False)

    def first_seen(self, rule_id: str) -> Mapping[str | None, datetime]:
        """Who fails a rule now, by object id in lower case (None for the tenant) -> since which audit."""
        if self._earlier is None:
            return {}
        return {account: since.at for account, since in self._earlier.first_failed(rule_id).items()}

    def closed(self, rule_id: str) -> Iterator[Closed]:
        """What was a finding under a rule and is none now: passed, out of scope, or surely not listed any more."""
        found = self._rules.get(rule_id)
        if found is None or self._earlier is None:
            return
        before, now = found
        if now.scope is Scope.TENANT:
            was, is_ = before.counts.worst, now.counts.worst
            if was.value in SHOWN_WORDS and is_.value not in SHOWN_WORDS:
                yield Closed(user=None, before=was, now=is_)
            return
        # Both list the users in one order.
        verdicts = self._users.select("user_id", *NAME_COLUMNS).with_columns(
            before=self._before(before), now=self._earlier.now.users[now.verdict_column]
        )
        ended = verdicts.filter(pl.col("before").is_in(SHOWN_WORDS) & ~pl.col("now").is_in(SHOWN_WORDS))
        for row in ended.iter_rows(named=True):
            yield Closed(user=row, before=Verdict(row["before"]), now=Verdict(row["now"]))
        if self._earlier.now.complete:
            yield from self._of_those_who_left(self._earlier, before)

    def _before(self, rule: JudgedRule) -> pl.Series:
        if self._earlier is None or rule.scope is Scope.TENANT:
            return pl.Series([rule.counts.worst.value], dtype=VERDICTS)
        return self._earlier.previous.users[rule.verdict_column].gather(self._place)

    def _of_those_who_left(self, earlier: Earlier, rule: JudgedRule) -> Iterator[Closed]:
        verdicts = earlier.previous.users[rule.verdict_column].gather(self._left["place"])
        gone = earlier.people.left.with_columns(before=verdicts)
        for row in gone.filter(pl.col("before").is_in(SHOWN_WORDS)).iter_rows(named=True):
            yield Closed(user=row, before=Verdict(row["before"]), now=None)
