"""The sheet that is read first: verdicts by rule, by severity, and how complete the data is."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from mfaaudit.findings import RuleResult
from mfaaudit.reports.document import (
    Cell,
    Chart,
    ChartKind,
    Column,
    ColumnKind,
    Fact,
    Section,
    Series,
    Table,
    Tone,
)
from mfaaudit.reports.material import Material
from mfaaudit.sources.field import Scope
from mfaaudit.words import Severity


def section(material: Material) -> Section:
    """Summary."""
    population, conclusion = material.snapshot.population, material.conclusion
    return Section(
        name="Summary",
        title="Summary",
        lead=("What was judged, for how many users, and how completely.",),
        facts=(
            Fact(
                label="Users enumerated",
                value=population.enumerated,
                note=population.statement,
                tone=Tone.PLAIN if population.complete else Tone.OPEN,
            ),
            Fact(
                label="Users with at least one failure",
                value=conclusion.failed_users,
                tone=Tone.BAD if conclusion.failed_users else Tone.GOOD,
            ),
            Fact(
                label="Users not fully judged",
                value=conclusion.unjudged_users,
                note="At least one rule lacked a value for them; Completeness and Not evaluated say which and why.",
                tone=Tone.OPEN if conclusion.unjudged_users else Tone.GOOD,
            ),
            Fact(
                label="Rules failed",
                value=f"{conclusion.failed_rules} of {len(material.findings.results)}",
                tone=Tone.BAD if conclusion.failed_rules else Tone.GOOD,
            ),
        ),
        charts=(_verdicts_by_rule(material),),
        tables=(_by_rule(material), _by_severity(material)),
    )


def _verdicts_by_rule(material: Material) -> Chart:
    results = [one for one in material.findings.results if one.rule.scope is Scope.USER]
    counts = [one.counts for one in results]
    return Chart(
        name="VerdictsByRule",
        title="Users by verdict, for each rule",
        kind=ChartKind.BARS,
        categories=[one.rule.id for one in results],
        series=(
            Series(name="Pass", values=[c.pass_ for c in counts], tone=Tone.GOOD),
            Series(name="Fail", values=[c.fail for c in counts], tone=Tone.BAD),
            Series(name="Waived", values=[c.waived for c in counts]),
            Series(name="Not evaluated", values=[c.not_evaluated + c.error for c in counts], tone=Tone.OPEN),
        ),
        summary="; ".join(f"{one.rule.id}: {one.counts.fail:,} fail, {one.counts.pass_:,} pass" for one in results),
        value_title="Users in scope",
    )


def _by_rule(material: Material) -> Table:
    results = material.findings.results

    def rows() -> Iterator[list[Cell]]:
        for one in results:
            counts = one.counts
            yield [
                one.rule.id,
                one.rule.title,
                one.rule.severity.value,
                one.status.value,
                counts.pass_,
                counts.fail,
                counts.waived,
                counts.not_evaluated,
                counts.not_applicable,
                counts.error,
                *_shares(one),
            ]

    return Table(
        name="VerdictsByRuleTable",
        title="Verdicts by rule",
        note=(
            "Pass + fail + waived + not evaluated + not applicable + error = all users enumerated, in every row about "
            "users. The share that passes is out of those judged; coverage is the share of users in scope that could "
            "be judged. Neither is rounded up."
        ),
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="status", title="Status", kind=ColumnKind.VERDICT, width=16),
            Column(key="pass", title="Pass", kind=ColumnKind.NUMBER, width=10),
            Column(key="fail", title="Fail", kind=ColumnKind.NUMBER, width=10),
            Column(key="waived", title="Waived", kind=ColumnKind.NUMBER, width=10),
            Column(key="notEvaluated", title="Not evaluated", kind=ColumnKind.NUMBER, width=14),
            Column(key="notApplicable", title="Not applicable", kind=ColumnKind.NUMBER, width=14),
            Column(key="error", title="Error", kind=ColumnKind.NUMBER, width=10),
            Column(key="passShare", title="Pass share", kind=ColumnKind.PERCENT, width=12),
            Column(key="coverage", title="Coverage", kind=ColumnKind.PERCENT, width=12),
        ),
        rows=rows,
        row_count=len(results),
    )


def _shares(result: RuleResult) -> tuple[Cell, Cell]:
    counts = result.counts
    judged = counts.pass_ + counts.fail + counts.waived
    in_scope = judged + counts.not_evaluated + counts.error
    return (Fraction(counts.pass_, judged) if judged else None), (Fraction(judged, in_scope) if in_scope else None)


def _by_severity(material: Material) -> Table:
    def rows() -> Iterator[list[Cell]]:
        for severity in Severity:
            of = [one for one in material.findings.results if one.rule.severity is severity]
            if of:
                yield [
                    severity.value,
                    len(of),
                    sum(1 for one in of if one.counts.fail),
                    sum(1 for one in of if one.counts.not_evaluated or one.counts.error),
                    sum(one.counts.fail for one in of),
                ]

    return Table(
        name="BySeverity",
        title="By severity",
        columns=(
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=12),
            Column(key="rules", title="Rules", kind=ColumnKind.NUMBER),
            Column(key="failed", title="Rules failed", kind=ColumnKind.NUMBER),
            Column(key="open", title="Rules not fully judged", kind=ColumnKind.NUMBER, width=22),
            Column(key="failures", title="Failures", kind=ColumnKind.NUMBER),
        ),
        rows=rows,
        row_count=len({one.rule.severity for one in material.findings.results}),
    )
