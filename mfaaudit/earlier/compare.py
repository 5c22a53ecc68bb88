"""Compares the present audit with the previous one, rule by rule and account by account; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from mfaaudit.earlier.audit import Audit, JudgedRule
from mfaaudit.earlier.cause import Cause
from mfaaudit.earlier.change import Change, Comparison, Standing
from mfaaudit.earlier.people import People, people_of
from mfaaudit.earlier.rule_change import ROWS, RuleChange, compared
from mfaaudit.earlier.side_by_side import PLACES, side_by_side
from mfaaudit.earlier.since import Since, first_failed
from mfaaudit.sources.field import Scope
from mfaaudit.words import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The audits, and what changed from the previous to the present one."""

    now: Audit
    audits: tuple[Audit, ...]
    """The earlier ones, the oldest first; at least one."""
    rules: tuple[RuleChange, ...]
    """Those of the present audit in its order, and after them those that are gone."""
    people: People
    rows: pl.DataFrame
    """ROWS: a row for each account and rule that failed before or fails now, of rules that are not about the data.
    `rule` is a place in `rules`, `account` one in `ids`, null for the tenant, `since` one in `audits`, or after its
    end for the present audit. `causes` are bits, for `causes_in`; `what` says what differs, and `read before` and
    `read now` when that was read, both null where nothing changed or nothing is known."""
    ids: pl.Series
    """In lower case: everybody who is listed now, in that order, and after them whoever has left."""
    _since: Mapping[str, pl.Series]

    @property
    def previous(self) -> Audit:
        """The most recent of the earlier audits, with which the present one is compared."""
        return self.audits[-1]

    @property
    def complete(self) -> bool:
        """Whether both populations were proved complete: only then is it sure who joined, and who left."""
        return self.previous.complete and self.now.complete

    @property
    def of_tenant(self) -> tuple[RuleChange, ...]:
        """The rules on the tenant and its users, without those on the data."""
        return tuple(one for one in self.rules if not one.rule.about_data)

    @property
    def rules_changed(self) -> tuple[RuleChange, ...]:
        """Those of them that changed, are new or are gone."""
        return tuple(one for one in self.of_tenant if one.comparison is not Comparison.SAME)

    def total(self, change: Change) -> int:
        """How many times something changed in this way, under all rules on the tenant and its users."""
        return sum(one.counts.get(change, 0) for one in self.of_tenant)

    def caused(self, change: Change, cause: Cause) -> int:
        """How many times something changed in this way for this cause, be it the main one or another."""
        return sum(one.causes.get((change, cause), 0) for one in self.of_tenant)

    def main(self, cause: Cause) -> int:
        """How many changes have this main cause: over all causes the changes, but for what still fails."""
        return sum(one.main.get(cause, 0) for one in self.of_tenant)

    def pairs(self) -> Mapping[tuple[Standing, Standing], int]:
        """All verdicts about users under rules that both audits have: what each was, and what it is."""
        found: dict[tuple[Standing, Standing], int] = {}
        for one in self.of_tenant:
            for pair, count in one.pairs.items() if one.rule.scope is Scope.USER else ():
                found[pair] = found.get(pair, 0) + count
        return found

    def since(self, place: int) -> Since:
        """What stands in the column `since` of a row, as a value."""
        audit = (*self.audits, self.now)[place]
        age = self.now.started_at - audit.started_at
        return Since(run_id=audit.run_id, at=audit.started_at, age_days=age.days)

    def first_failed(self, rule_id: str) -> Mapping[str | None, Since]:
        """Everybody who fails a rule now, by object id in lower case (None for the tenant) -> since when.

        Empty for a rule that the present audit was not judged with.
        """
        found = self._since.get(rule_id)
        rule = self.now.rule(rule_id)
        if found is None or rule is None:
            return {}
        known = [self.since(place) for place in range(len(self.audits) + 1)]
        accounts = self.ids if rule.scope is Scope.USER else pl.Series([None], dtype=pl.String())
        failing = pl.DataFrame({"account": accounts, "since": found}).drop_nulls("since")
        return {account: known[place] for account, place in failing.iter_rows()}


def compare(now: Audit, audits: Sequence[Audit]) -> Earlier:
    """The present audit beside earlier ones, which are `arranged`: at least one, the oldest first.

    The previous one has its replay, and the present one its arrival.
    """
    side = side_by_side((*audits, now))
    people = people_of(side)
    back = pl.repeat(False, len(side.ids), dtype=pl.Boolean(), eager=True)
    back = back.scatter(people.moved.filter(pl.col("change") == Change.BACK.value)["account"], True)
    rules: list[RuleChange] = []
    frames, since = [pl.DataFrame(schema=ROWS)], {}
    for before, after, comparison in _paired(audits[-1], now):
        made, frame = compared(side, before, after, comparison, back)
        if not made.rule.about_data:
            frames.append(frame.with_columns(rule=pl.lit(len(rules), pl.UInt16())).select(*ROWS))
        if after is not None:
            found = first_failed(side, after, len(audits))
            fails_now = side.verdicts(len(audits), after) == PLACES[Verdict.FAIL]
            nobody = pl.repeat(None, len(found), dtype=found.dtype, eager=True)
            since[after.id] = found.zip_with(fails_now.fill_null(value=False), nobody)
        rules.append(made)
    return Earlier(
        now=now,
        audits=tuple(audits),
        rules=tuple(rules),
        people=people,
        rows=pl.concat(frames),
        ids=side.ids,
        _since=since,
    )


def _paired(previous: Audit, now: Audit) -> Iterator[tuple[JudgedRule | None, JudgedRule | None, Comparison]]:
    for rule in now.rules:
        before = previous.rule(rule.id)
        if before is None or before.scope is not rule.scope:
            # Of users and of the tenant: two rules that share a name.
            yield None, rule, Comparison.NEW
        else:
            same = before.fingerprint == rule.fingerprint
            yield before, rule, Comparison.SAME if same else Comparison.CHANGED
    known = {(rule.id, rule.scope) for rule in now.rules}
    for rule in previous.rules:
        if (rule.id, rule.scope) not in known:
            yield rule, None, Comparison.GONE
