"""The conditions of rules as columns of words, counted in one pass, and what judging makes of the counted words.

An engine only answers conditions; the verdict on each different answer comes from the same expressions as ever.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import narwhals as nw
import polars as pl

from mfaaudit.errors import BundleProblem
from mfaaudit.findings import Circumstances, Pack, Rule, judge
from mfaaudit.findings.aggregate import judge_tally, tally_of
from mfaaudit.findings.atoms import Atoms
from mfaaudit.findings.compiling import REASONS, holds, why_open
from mfaaudit.findings.condition import Condition
from mfaaudit.findings.judge import ORDER, Gate, gate_of, reason_expression, severity_expression, verdict_expression
from mfaaudit.findings.persons import packs_about_persons
from mfaaudit.findings.results import Counts, counts_of, fails_at
from mfaaudit.sources.field import Scope
from mfaaudit.spark.leaves import Answers, Once, answered
from mfaaudit.spark.portable import portable
from mfaaudit.words import Reason, Severity, Verdict

NOBODY = pl.DataFrame({"user_id": pl.Series([], dtype=pl.String())})
YES, NO, OPEN = "y", "n", "o"
TRUTHS: Mapping[str, bool | None] = {YES: True, NO: False, OPEN: None}
FIRST, SECOND = "first", "second"
"""Two conditions decide: of a rule whom it looks at and what it requires, of a number its population and the hits."""
SEVERITIES = tuple(Severity)
Words = Mapping[str, int]
"""How many users each word stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One rule, as far as it can be answered without the users."""

    rule: Rule
    gate: Gate
    asks: bool
    """Whether users have to be looked at."""
    verdict: Verdict = Verdict.NOT_APPLICABLE
    """What the tenant's row says of a rule that needs no user."""
    reason: Reason | None = None
    observed: str = ""

    @property
    def likeness(self) -> tuple[Gate, bool]:
        """Where this is the same, the same is asked of users."""
        return self.gate, self.asks

    @property
    def conditions(self) -> tuple[Condition | None, ...]:
        """What is asked of each user: the two that decide, then those of severities."""
        rule = self.rule
        if rule.aggregate is not None:
            return rule.aggregate.over, rule.aggregate.count
        return rule.looks_at, rule.require, *(one.condition for one in rule.severity_when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One rule, counted."""

    rule: Rule
    counts: Counts
    failures: Mapping[Severity, int] = field(default_factory=dict)
    """How many fail, by severity."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Why verdicts are open, and how often."""
    observed: str = ""
    """For a rule about the tenant, what was seen."""

    @property
    def status(self) -> Verdict:
        """The worst verdict that occurs."""
        return self.counts.worst

    def fails_at(self, least: Severity) -> int:
        """How many fail at a severity or above it."""
        return fails_at(self.failures, least)


def questions(
    packs: Sequence[Pack], tenant: pl.DataFrame, now: datetime, circumstances: Circumstances
) -> list[Question]:
    """What is to be asked of the users, rule by rule in the order of the packs, each rule once."""
    row = Atoms(tenant, now)
    packs = packs_about_persons(packs)
    # Without its number, an aggregate passes where the tenant's row leaves the verdict to the number.
    alone = [
        replace(pack, rules=tuple(replace(rule, aggregate=None) for rule in pack.rules if rule.scope is Scope.TENANT))
        for pack in packs
    ]
    judged = {
        one.rule.id: one
        for one in judge(alone, users=NOBODY, tenant=tenant, now=now, circumstances=circumstances).results
    }
    found = []
    for rule in {rule.id: rule for pack in packs for rule in pack.rules}.values():
        gate = gate_of(rule, row, circumstances)
        if rule.scope is Scope.USER:
            found.append(Question(rule=rule, gate=gate, asks=gate.open is not False))
            continue
        verdict, reason = judged[rule.id].frame.select("verdict", "reason").row(0)
        found.append(
            Question(
                rule=rule,
                gate=gate,
                asks=rule.aggregate is not None and verdict == Verdict.PASS.value,
                verdict=Verdict(verdict),
                reason=None if reason is None else Reason(reason),
                observed=judged[rule.id].observed,
            )
        )
    return found


def count_words(users: nw.LazyFrame[Any], asked: Sequence[Question], now: datetime) -> nw.LazyFrame[Any]:
    """How often each word occurs: bundle, question by its place, word, n.

    `users` are those of any number of bundles of which the same is asked: a column `bundle`, what the rules look at,
    and a column for each age.
    """
    leaves = Once(now)
    words = {str(place): _word(one, leaves) if one.asks else nw.lit("") for place, one in enumerate(asked)}
    return (
        leaves.beside(users)
        .select("bundle", **words)
        .unpivot(on=list(words), index="bundle", variable_name="question", value_name="word")
        .group_by("bundle", "question", "word")
        .agg(n=nw.len())
    )


def _word(question: Question, leaves: Once) -> nw.Expr:
    conditions = [portable(one) for one in question.conditions]
    truths = (_truth(holds(one, leaves)) for one in conditions)
    # Where there is no condition, nothing leaves it open.
    whys = (nw.lit("") if one is None else nw.coalesce(why_open(one, leaves), nw.lit("")) for one in conditions[:2])
    return nw.concat_str(*truths, *whys, separator=" ")


def _truth(answer: nw.Expr) -> nw.Expr:
    unknown = nw.when(answer.is_null()).then(nw.lit(OPEN)).otherwise(nw.lit(NO))
    return nw.when(answer).then(nw.lit(YES)).otherwise(unknown)


def words_of(rows: Sequence[tuple[int, str, str, int]]) -> Mapping[tuple[int, int], Words]:
    """The rows of `count_words` by bundle and place of the question."""
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for bundle, question, word, n in rows:
        found[bundle, int(question)][word] = n
    return found


def answer(question: Question, words: Words) -> Answer:
    """The counts of one rule. Raises BundleProblem for a reason that this version does not know."""
    rule = question.rule
    if rule.scope is Scope.USER:
        return _of_users(question, words)
    verdict, reason, observed = question.verdict, question.reason, question.observed
    if question.asks and rule.aggregate is not None:
        groups = (
            (over, hit, first if first is not None else second, n)
            for (over, hit), (first, second), n in _parted(question, words)
        )
        verdict, reason, observed = judge_tally(rule.aggregate, tally_of(groups))
    return Answer(
        rule=rule,
        counts=counts_of({verdict: 1}),
        failures={rule.severity: 1} if verdict is Verdict.FAIL else {},
        reasons={} if reason is None else {reason.value: 1},
        observed=observed,
    )


def _of_users(question: Question, words: Words) -> Answer:
    rule = question.rule
    if not question.asks:
        return Answer(rule=rule, counts=counts_of({Verdict.NOT_APPLICABLE: sum(words.values())}))
    names = [FIRST, SECOND, *(f"severity {place}" for place in range(len(rule.severity_when)))]
    kinds = dict.fromkeys(names, pl.Boolean()) | {f"{one} why": pl.UInt8() for one in names[:2]} | {"n": pl.Int64()}
    frame = pl.DataFrame(
        [(*truths, *whys, n) for truths, whys, n in _parted(question, words)], schema=kinds, orient="row"
    )
    stands_for = replace(
        rule,
        population=answered(FIRST),
        applies_to=None,
        require=answered(SECOND),
        severity_when=tuple(
            replace(one, condition=answered(name)) for one, name in zip(rule.severity_when, names[2:], strict=True)
        ),
    )
    made = nw.from_native(frame, eager_only=True).with_columns(
        verdict=verdict_expression(stands_for, question.gate, Answers()),
        reason=reason_expression(stands_for, question.gate, Answers()),
        severity=severity_expression(stands_for, Answers()),
    )
    verdicts: Counter[Verdict] = Counter()
    reasons: Counter[str] = Counter()
    failures: Counter[Severity] = Counter()
    for place, reason, severity, n in made.select("verdict", "reason", "severity", "n").iter_rows():
        verdict = ORDER[place]
        verdicts[verdict] += n
        if verdict is Verdict.NOT_EVALUATED:
            reasons[REASONS[reason].value] += n
        if verdict is Verdict.FAIL:
            failures[SEVERITIES[severity]] += n
    return Answer(rule=rule, counts=counts_of(verdicts), failures=failures, reasons=reasons)


def _parted(question: Question, words: Words) -> Iterator[tuple[tuple[bool | None, ...], tuple[int | None, ...], int]]:
    """Of each word the answers, the places of the reasons why the first two are open, and how many users."""
    for word, n in words.items():
        *truths, first, second = word.split(" ")
        try:
            whys = tuple(REASONS.index(Reason(one)) if one else None for one in (first, second))
        except ValueError as error:
            raise BundleProblem(
                f"{question.rule.id}: a value is unknown for a reason that this version does not know: {error}",
                hint="Run `mfaaudit evaluate` on the bundle without --engine, and count the new one.",
            ) from error
        yield tuple(TRUTHS[one] for one in truths), whys, n
