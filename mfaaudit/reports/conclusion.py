"""What the audit comes to, in a code for programs and a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mfaaudit.findings import Findings, Pack
from mfaaudit.reports.document import Tone
from mfaaudit.snapshot.population import Population
from mfaaudit.words import Severity, Verdict

CLEAN, FINDINGS, GAPS = 0, 10, 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """The overall result."""

    exit_code: int
    fail_on: Severity
    headline: str
    """One or two words: what a reader sees first."""
    statement: str
    tone: Tone
    failed_rules: int
    failed_users: int
    unjudged_users: int
    doubts: tuple[str, ...]
    """Rules on the data itself that failed, whatever their severity: what they leave in doubt is all the rest."""
    unfit_packs: tuple[str, ...]
    """Packs that say nothing of the tenant, as they are for another posture."""


def conclude(findings: Findings, population: Population, fail_on: Severity) -> Conclusion:
    """0 if all was judged and nothing failed; 10 for findings; 11 if something could not be judged.

    Findings below `fail_on` do not make a 10; gaps do make an 11 whatever their severity. A failed rule on the data
    itself is no finding about the tenant: it leaves what was found in doubt, and makes an 11.
    """
    about_data = rules_on_data(findings.packs)
    failed = [one for one in findings.results if one.counts.fail and one.rule.id not in about_data]
    counted = [one for one in failed if one.fails_at(fail_on)]
    gaps = [one for one in findings.results if one.counts.not_evaluated or one.counts.error]
    doubts = [one for one in findings.results if one.fails_at(fail_on) and one.rule.id in about_data]
    failed_users = findings.users_with(Verdict.FAIL)
    unjudged = findings.users_with(Verdict.NOT_EVALUATED)
    is_open = bool(gaps or doubts or findings.unfit)
    code = exit_code_of(findings=bool(counted), gaps=is_open or not population.complete)
    parts = []
    if not population.complete:
        parts.append("NO CONCLUSION ABOUT THE WHOLE TENANT: the population could not be proved complete.")
    total = len(findings.results) - len(about_data)
    if failed:
        parts.append(
            f"{len(failed)} of {total} rules failed, for {failed_users:,} of {findings.user_count:,} users"
            + (f"; {len(counted)} at severity {fail_on} or above." if len(counted) != len(failed) else ".")
        )
    else:
        parts.append(f"None of {total} rules failed.")
    if gaps:
        parts.append(
            f"{len(gaps)} of {len(findings.results)} rules could not be judged for everybody: "
            f"{unjudged:,} users are open."
        )
    else:
        parts.append("Every rule was judged for every user.")
    if doubts:
        parts.append(f"The data bears this only in part: {', '.join(one.rule.id for one in doubts)}.")
    parts += [
        f"The pack {pack.id} says nothing of this tenant: it is for the posture {pack.posture}."
        for pack in findings.unfit
    ]
    headline, tone = _headline(code, complete=population.complete, gaps=is_open)
    return Conclusion(
        exit_code=code,
        fail_on=fail_on,
        headline=headline,
        statement=" ".join(parts),
        tone=tone,
        failed_rules=len(failed),
        failed_users=failed_users,
        unjudged_users=unjudged,
        doubts=tuple(one.rule.id for one in findings.results if one.counts.fail and one.rule.id in about_data),
        unfit_packs=tuple(pack.id for pack in findings.unfit),
    )


def exit_code_of(*, findings: bool, gaps: bool) -> int:
    """Findings and gaps together are findings."""
    return FINDINGS if findings else GAPS if gaps else CLEAN


def rules_on_data(packs: Sequence[Pack]) -> frozenset[str]:
    """The ids of rules on whether the data can be relied on, rather than on the tenant."""
    return frozenset(rule.id for pack in packs if pack.judges == "data" for rule in pack.rules)


def _headline(code: int, *, complete: bool, gaps: bool) -> tuple[str, Tone]:
    if code == FINDINGS:
        return ("Findings and gaps" if gaps or not complete else "Findings"), Tone.BAD
    if code == GAPS:
        return ("Not fully judged" if complete else "No conclusion"), Tone.OPEN
    return "No findings", Tone.GOOD
