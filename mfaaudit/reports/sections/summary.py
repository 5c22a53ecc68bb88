"""The sheet that is read first: verdicts by rule, pack, severity and department, and how complete the data is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mfaaudit.findings import RuleResult
from mfaaudit.reports.conclusion import rules_on_data
from mfaaudit.reports.departments import departments_chart, departments_of, departments_table
from mfaaudit.reports.document import Chart, ChartKind, Fact, Section, Series, Tone
from mfaaudit.reports.material import Material
from mfaaudit.reports.pack_numbers import by_pack, by_pack_and_severity
from mfaaudit.reports.register_numbers import NO_REGISTER, register_numbers
from mfaaudit.reports.sum_check import counts_check
from mfaaudit.reports.verdict_tables import by_severity, of_data_rules, of_rules
from mfaaudit.sources.field import Scope
from mfaaudit.words import Verdict

GAPS = (Verdict.NOT_EVALUATED, Verdict.ERROR)


def section(material: Material) -> Section:
    """Summary."""
    about_data = rules_on_data(material.findings.packs)
    of_tenant = [one for one in material.findings.results if one.rule.id not in about_data]
    of_data = [one for one in material.findings.results if one.rule.id in about_data]
    lead = ["What was judged, for how many users, and how completely."]
    departments = departments_of(material)
    if register_numbers(material) is None:
        lead.append(NO_REGISTER)
    return Section(
        name="Summary",
        title="Summary",
        lead=lead,
        facts=tuple(_facts(material, of_tenant, of_data)),
        charts=(_verdicts_by_rule(of_tenant), departments_chart(departments)),
        tables=(
            of_rules(of_tenant),
            *((of_data_rules(of_data),) if of_data else ()),
            by_pack(material),
            by_pack_and_severity(material),
            by_severity(of_tenant),
            departments_table(departments),
        ),
    )


def _facts(material: Material, of_tenant: Sequence[RuleResult], of_data: Sequence[RuleResult]) -> Iterator[Fact]:
    population, conclusion = material.snapshot.population, material.conclusion
    yield Fact(
        label="Users enumerated",
        value=population.enumerated,
        note=population.statement,
        tone=Tone.PLAIN if population.complete else Tone.OPEN,
    )
    yield Fact(
        label="Users with at least one failure",
        value=conclusion.failed_users,
        tone=Tone.BAD if conclusion.failed_users else Tone.GOOD,
    )
    yield Fact(
        label="Users not fully judged",
        value=conclusion.unjudged_users,
        note="At least one rule lacked a value for them; the ledger and Not evaluated say which and why.",
        tone=Tone.OPEN if conclusion.unjudged_users else Tone.GOOD,
    )
    yield Fact(
        label="Rules failed",
        value=f"{conclusion.failed_rules} of {len(of_tenant)}",
        tone=Tone.BAD if conclusion.failed_rules else Tone.GOOD,
    )
    if of_data:
        is_open = any(one.status in GAPS for one in of_data)
        yield Fact(
            label="Rules on the data failed",
            value=f"{len(conclusion.doubts)} of {len(of_data)}",
            note="They ask whether this report may be relied on, and count apart.",
            tone=Tone.OPEN if conclusion.doubts or is_open else Tone.GOOD,
        )
    yield counts_check(material)
    numbers = register_numbers(material)
    if numbers is not None:
        yield Fact(
            label="Failures waived",
            value=numbers.waived,
            note=f"{numbers.in_force:,} of {numbers.entries:,} exceptions are in force.",
        )


def _verdicts_by_rule(judged: Sequence[RuleResult]) -> Chart:
    results = [one for one in judged if one.rule.scope is Scope.USER]
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
