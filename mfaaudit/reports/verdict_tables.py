"""The tables of the summary: the verdicts of each rule, and the rules and failures by severity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mfaaudit.findings import RuleResult
from mfaaudit.reports.document import Cell, Column, ColumnKind, Table
from mfaaudit.reports.verdict_numbers import COLUMNS, SHARES, cells_of
from mfaaudit.words import Severity

SHARES_IN_WORDS = (
    "Pass share = pass / judged, where judged = pass + fail + waived; net of waivers = (pass + waived) / judged; "
    "coverage = judged / (judged + not evaluated + error). None is rounded up."
)


def of_rules(results: Sequence[RuleResult]) -> Table:
    """The verdicts of the rules on the tenant and its users."""
    return _verdicts(
        "VerdictsByRuleTable",
        "Verdicts by rule",
        results,
        "Pass + fail + waived + not evaluated + not applicable + error = all users enumerated, in every row about "
        f"users. {SHARES_IN_WORDS}",
    )


def of_data_rules(results: Sequence[RuleResult]) -> Table:
    """The verdicts of the rules on the data itself."""
    return _verdicts(
        "VerdictsOnData",
        "May this report be relied on?",
        results,
        "Rules on what was read, not on the tenant: one that fails leaves the verdicts above in doubt.",
    )


def by_severity(results: Sequence[RuleResult]) -> Table:
    """The rules by their own severity, their failures by that of each failure."""
    rules = {severity: [one for one in results if one.rule.severity is severity] for severity in Severity}
    failures = {severity: sum(one.failures.get(severity, 0) for one in results) for severity in Severity}
    shown = [severity for severity in Severity if rules[severity] or failures[severity]]

    def rows() -> Iterator[list[Cell]]:
        for severity in shown:
            of = rules[severity]
            yield [
                severity.value,
                len(of),
                sum(1 for one in of if one.counts.fail),
                sum(1 for one in of if one.counts.not_evaluated or one.counts.error),
                failures[severity],
            ]

    return Table(
        name="BySeverity",
        title="By severity",
        note="Rules by their own severity; failures by the severity of each, which can differ from that of its rule.",
        columns=(
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=12),
            Column(key="rules", title="Rules", kind=ColumnKind.NUMBER),
            Column(key="failed", title="Rules failed", kind=ColumnKind.NUMBER),
            Column(key="open", title="Rules not fully judged", kind=ColumnKind.NUMBER, width=22),
            Column(key="failures", title="Failures", kind=ColumnKind.NUMBER),
        ),
        rows=rows,
        row_count=len(shown),
    )


def _verdicts(name: str, title: str, results: Sequence[RuleResult], note: str) -> Table:
    def rows() -> Iterator[list[Cell]]:
        for one in results:
            yield [
                one.rule.id,
                one.rule.title,
                one.rule.severity.value,
                one.status.value,
                *cells_of(one.counts),
            ]

    return Table(
        name=name,
        title=title,
        note=note,
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=38),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="status", title="Status", kind=ColumnKind.VERDICT, width=16),
            *COLUMNS,
            *SHARES,
        ),
        rows=rows,
        row_count=len(results),
    )
