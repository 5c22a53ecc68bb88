"""The tables of what changed since the previous audit: by rule, by verdict, and of the data."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from mfaaudit.earlier import Change, Earlier, RuleChange
from mfaaudit.earlier.change import FAILED_BEFORE, FAILS_NOW
from mfaaudit.earlier.rule_change import STANDINGS
from mfaaudit.reports.document import Cell, Column, ColumnKind, Table

BY_RULE = (
    ("failedBefore", "Failed before"),
    *((one.value, one.words.capitalize()) for one in FAILED_BEFORE),
    ("failNow", "Fail now"),
    *((one.value, one.words.capitalize()) for one in FAILS_NOW if one not in FAILED_BEFORE),
)


def by_rule(earlier: Earlier) -> Table:
    """What became of the failures of each rule, with a total."""
    changes = earlier.of_tenant

    def rows() -> Iterator[list[Cell]]:
        total = dict.fromkeys((key for key, _ in BY_RULE), 0)
        for one in changes:
            numbers = _numbers(one)
            total = {key: total[key] + numbers[key] for key in total}
            rule, was, is_ = one.rule, one.before, one.now
            yield [
                rule.id,
                rule.title,
                rule.severity.value,
                one.comparison.words,
                *numbers.values(),
                None if was is None else was.counts.strict,
                None if is_ is None else is_.counts.strict,
            ]
        shares: list[Fraction | None] = [earlier.previous.totals.strict, earlier.now.totals.strict]
        yield ["Total", None, None, None, *total.values(), *shares]

    return Table(
        name="ChangesByRule",
        title="Changes by rule",
        note=(
            "In every row, fixed + still failing + became waived + no longer judged + no longer in scope + left + rule "
            "gone = failed before; and still failing + new failure + waiver ended + newly judged + joined + back + new "
            "rule = fail now. A rule changed if it asks something else; its words and its severity may differ."
        ),
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=38),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="comparison", title="Comparison", width=22),
            *(Column(key=key, title=title, kind=ColumnKind.NUMBER, width=len(title) + 3) for key, title in BY_RULE),
            Column(key="passShareBefore", title="Pass share before", kind=ColumnKind.PERCENT, width=19),
            Column(key="passShareNow", title="Pass share now", kind=ColumnKind.PERCENT, width=17),
        ),
        rows=rows,
        row_count=len(changes) + 1,
    )


def _numbers(one: RuleChange) -> dict[str, int]:
    named = {"failedBefore": one.failed_before, "failNow": one.fail_now}
    counted = {change.value: one.counts.get(change, 0) for change in Change}
    return {key: named[key] if key in named else counted[key] for key, _ in BY_RULE}


def before_and_now(earlier: Earlier) -> Table:
    """What each verdict was, and what it is."""
    pairs = earlier.pairs()
    words = ["Not listed" if one is None else one.value for one in STANDINGS]

    def rows() -> Iterator[list[Cell]]:
        for was, word in zip(STANDINGS, words, strict=True):
            counts = [pairs.get((was, one), 0) for one in STANDINGS]
            yield [word, *counts, sum(counts)]
        sums = [sum(pairs.get((one, is_), 0) for one in STANDINGS) for is_ in STANDINGS]
        yield ["Total", *sums, sum(sums)]

    return Table(
        name="BeforeAndNow",
        title="Verdicts before and now",
        note=(
            "Down: the verdict in the previous audit. Across: the verdict now. Each user counts once for each rule "
            "about users that is compared."
        ),
        columns=(
            Column(key="before", title="Before", width=18),
            *(Column(key=word, title=word, kind=ColumnKind.NUMBER, width=18) for word in words),
            Column(key="total", title="Total", kind=ColumnKind.NUMBER, width=12),
        ),
        rows=rows,
        row_count=len(STANDINGS) + 1,
    )


def of_data(earlier: Earlier) -> Table | None:
    """The rules on the data; None where no audit was judged with one."""
    changes = [one for one in earlier.rules if one.rule.about_data]
    if not changes:
        return None

    def rows() -> Iterator[list[Cell]]:
        for one in changes:
            status = (None if side is None else side.counts.worst.value for side in (one.before, one.now))
            yield [one.rule.id, one.rule.title, *status, one.comparison.words]

    return Table(
        name="DataBeforeAndNow",
        title="Could the audits be relied on?",
        note="Rules on what was read, not on the tenant: they count nowhere above.",
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="before", title="Before", kind=ColumnKind.VERDICT, width=16),
            Column(key="now", title="Now", kind=ColumnKind.VERDICT, width=16),
            Column(key="comparison", title="Comparison", width=22),
        ),
        rows=rows,
        row_count=len(changes),
    )
