"""The check that nobody got lost while judging: the verdicts of each rule add up to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.findings import RuleResult
from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Table, Tone
from mfaaudit.reports.material import Material
from mfaaudit.reports.verdict_numbers import COLUMNS, cells_of
from mfaaudit.sources.field import Scope


def due(material: Material, result: RuleResult) -> int:
    """How many verdicts a rule owes: one for each user enumerated, or one for the tenant."""
    return material.snapshot.population.enumerated if result.rule.scope is Scope.USER else 1


def counts_check(material: Material) -> Fact:
    """Whether they add up, in words."""
    results, users = material.findings.results, material.snapshot.population.enumerated
    wrong = [one.rule.id for one in results if one.counts.total != due(material, one)]
    of_users = sum(1 for one in results if one.rule.scope is Scope.USER)
    return Fact(
        label="Check of the counts",
        value="They do NOT add up" if wrong else "They add up",
        note=(
            f"Not for {', '.join(wrong)}."
            if wrong
            else f"Every rule accounts for everybody: {of_users:,} rules about users for all {users:,} users each, "
            f"{len(results) - of_users:,} rules about the tenant for the tenant. Reconciliation adds up each of them."
        ),
        tone=Tone.BAD if wrong else Tone.GOOD,
    )


def sum_checks(material: Material) -> Table:
    """The same rule by rule."""
    results = material.findings.results

    def rows() -> Iterator[list[Cell]]:
        for one in results:
            counts, wanted = one.counts, due(material, one)
            difference = counts.total - wanted
            yield [
                one.rule.id,
                "users" if one.rule.scope is Scope.USER else "the tenant",
                wanted,
                counts.in_scope,
                *cells_of(counts)[: len(COLUMNS)],
                difference,
                "differs" if difference else "adds up",
            ]

    return Table(
        name="SumChecks",
        title="The verdicts of each rule add up",
        note=(
            "Verdicts due: one for each user enumerated, or one for the tenant. In scope = pass + fail + waived + not "
            "evaluated + error; in scope + not applicable = verdicts due. Not applicable are those outside the rule's "
            "population, which Rules gives in words."
        ),
        columns=(
            Column(key="ruleId", title="Rule", width=14),
            Column(key="about", title="About", width=12),
            Column(key="due", title="Verdicts due", kind=ColumnKind.NUMBER, width=13),
            Column(key="inScope", title="In scope", kind=ColumnKind.NUMBER, width=10),
            *COLUMNS,
            Column(key="difference", title="Difference", kind=ColumnKind.NUMBER, width=12),
            Column(key="result", title="Result", width=12),
        ),
        rows=rows,
        row_count=len(results),
    )
