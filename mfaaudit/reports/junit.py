"""junit.xml: a test suite for each pack and a test case for each rule, for what gates a pipeline.

A rule has one outcome: a failure if anybody fails, whatever else is open; else an error if anything is open; else it is
skipped if it applies to nobody. Missing data never passes and is never skipped. A rule stands in each pack that holds
it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl

from mfaaudit.bundle import write_private
from mfaaudit.findings import Counts, Pack, RuleResult, expected, observed
from mfaaudit.reports.material import Material, cell, iso
from mfaaudit.reports.plain import plain
from mfaaudit.reports.rule_verdict import NOT_PROVED, needs_everybody, reasons_of, verdict_of
from mfaaudit.sources.field import Scope
from mfaaudit.words import Unknown, Verdict

NAMED = 20
"""Users whom a test case names of those that fail, and of those that could not be judged."""
LONG = 300
"""Of what is longer, as much is shown."""
OUTCOMES = {
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
    Verdict.NOT_EVALUATED: "error",
    Verdict.NOT_APPLICABLE: "skipped",
}
"""The element of each verdict that has one; a rule that passes, waived or not, has none."""
TOTALS = {"tests": "testcase", "failures": "testcase/failure", "errors": "testcase/error"}
SKIPPED = {"skipped": "testcase/skipped"}
"""Some schemas know no such sum at the root."""


def write_junit(material: Material, path: Path) -> None:
    """The file. Raises OutputProblem if it cannot be written."""
    root = ET.Element("testsuites", name=_short(material.snapshot.run.tool))
    root.extend(_suite(material, pack) for pack in material.findings.packs)
    for name, within in TOTALS.items():
        root.set(name, str(len(root.findall(f"testsuite/{within}"))))
    ET.indent(root)
    write_private(path, ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")


def _suite(material: Material, pack: Pack) -> ET.Element:
    run = material.snapshot.run
    suite = ET.Element("testsuite", name=pack.id, timestamp=f"{run.started_at:%Y-%m-%dT%H:%M:%S}")
    properties = ET.SubElement(suite, "properties")
    for name, value in _facts(material, pack):
        ET.SubElement(properties, "property", name=name, value=_short(value))
    suite.extend(_case(material, pack, result) for result in material.findings.of_pack(pack))
    for name, within in (TOTALS | SKIPPED).items():
        suite.set(name, str(len(suite.findall(within))))
    return suite


def _facts(material: Material, pack: Pack) -> Iterator[tuple[str, str]]:
    run, population = material.snapshot.run, material.snapshot.population
    yield "pack", f"{pack.id} {pack.version}"
    yield "packTitle", pack.title
    yield "packSha256", pack.sha256
    yield "runId", run.id
    yield "tool", f"{run.tool} {run.tool_version}"
    yield "tenantId", run.tenant_id
    yield "simulated", str(run.simulated).lower()
    yield "startedAt", iso(run.started_at) or ""
    yield "finishedAt", iso(run.finished_at) or ""
    yield "usersEnumerated", str(population.enumerated)
    yield "populationComplete", str(population.complete).lower()
    if material.share is not None:
        yield "copy", material.share.mode


def _case(material: Material, pack: Pack, result: RuleResult) -> ET.Element:
    rule, verdict = result.rule, verdict_of(material, result)
    case = ET.Element(
        "testcase", name=_short(f"{rule.id} {rule.title}"), classname=_short(f"{material.snapshot.run.tool}.{pack.id}")
    )
    said = _said(material, result)
    if verdict in OUTCOMES:
        outcome = ET.SubElement(case, OUTCOMES[verdict], type=f"{verdict.value} ({rule.severity.value})", message=said)
        outcome.text = "\n".join(_details(material, result)) or None
    ET.SubElement(case, "system-out").text = said
    return case


def _said(material: Material, result: RuleResult) -> str:
    """The counts, which add up to everybody, in a line."""
    counts, about = result.counts, "tenant" if result.rule.scope is Scope.TENANT else "users"
    reasons = ", ".join(f"{reason.value} {count:,}" for reason, count in reasons_of(result).items())
    parts = [
        f"{counts.total:,} {about}: {counts.fail:,} fail",
        f"{counts.waived:,} waived",
        f"{counts.not_evaluated:,} not evaluated{f' ({reasons})' if reasons else ''}",
        f"{counts.error:,} in error",
        f"{counts.pass_:,} pass",
        f"{counts.not_applicable:,} not applicable",
    ]
    text = f"{result.rule.severity.value}: {', '.join(parts)}."
    return f"{text} {NOT_PROVED}" if needs_everybody(material, result) else text


def _details(material: Material, result: RuleResult) -> Iterator[str]:
    rule = result.rule
    if rule.scope is Scope.TENANT:
        if result.status is not Verdict.NOT_APPLICABLE:
            yield _short(f"observed: {result.observed}")
        yield _short(f"expected: {expected(rule)}")
    else:
        yield _short(f"expected: {expected(rule)}")
        for verdict, count in ((Verdict.FAIL, result.counts.fail), *_open(result.counts)):
            yield from _named(material, result, verdict, count)
    if result.counts.fail:
        yield _short(f"remediation: {rule.remediation}")


def _open(counts: Counts) -> tuple[tuple[Verdict, int], ...]:
    return (Verdict.NOT_EVALUATED, counts.not_evaluated), (Verdict.ERROR, counts.error)


def _named(material: Material, result: RuleResult, verdict: Verdict, count: int) -> Iterator[str]:
    """The first users with a verdict, and how many more there are."""
    found = result.frame.with_row_index("place").filter(pl.col("verdict") == verdict.value).head(NAMED)
    for place, reason in zip(found["place"], found["reason"], strict=True):
        user = material.users.row(place, named=True)
        name = cell(user, "user.userPrincipalName")
        who = f"{user['user_id']}" if isinstance(name, Unknown) else f"{name} ({user['user_id']})"
        yield _short(f"{verdict.value} {who}: {reason or observed(result.rule, user)}")
    if count > NAMED:
        yield f"{verdict.value} and {count - NAMED:,} more: see findings.csv"


def _short(text: str) -> str:
    shown = plain(text)
    return shown if len(shown) <= LONG else f"{shown[: LONG - 1]}…"
