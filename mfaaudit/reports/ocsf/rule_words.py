"""What every event under one rule repeats: worked out once a rule, as there may be an event for each user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mfaaudit.findings import Pack, Rule
from mfaaudit.reports.bearing import bearing_of
from mfaaudit.reports.ocsf.words import COMPLIANCE, SEVERITIES
from mfaaudit.words import Severity, Verdict

EVIDENCE = "A pass of this rule is evidence, and does not show that the requirements are met."


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """One rule in the words of the schema."""

    id: str
    title: str
    severity: Severity
    desc: str
    remediation: Mapping[str, Any]
    control: str
    """Empty if no control names the rule."""
    decides: bool
    """Whether the control is met where the rule passes for all."""
    bearing: Mapping[str, Any]
    """standards and requirements, where there are any."""

    def compliance(self, verdict: Verdict, code: str, detail: str, *, of_all: bool) -> dict[str, Any]:
        """What became of the rule, for one user, or for the tenant or all.

        A pass names the control only if that is met by it; anything else is against it, or leaves it open.
        """
        number, caption = COMPLIANCE[verdict]
        meets = verdict is not Verdict.PASS or (of_all and self.decides)
        if self.bearing and not meets:
            detail = f"{detail} {EVIDENCE}".strip()
        severity, severity_caption = SEVERITIES[self.severity]
        check = {
            "uid": self.id,
            "name": self.title,
            "desc": self.desc,
            "severity_id": severity,
            "severity": severity_caption,
            "status_id": number,
            "status": caption,
        }
        said = {"control": self.control if meets else "", "status_code": code, "status_detail": detail}
        return {
            **self.bearing,
            "status_id": number,
            "status": caption,
            **{name: text for name, text in said.items() if text},
            "checks": [check],
        }


def rule_words(rule: Rule, packs: Sequence[Pack]) -> RuleWords:
    """One rule in the words of the schema."""
    found = bearing_of(rule, packs)
    bearing = {
        "standards": list(found.standards),
        "requirements": list(found.requirements),
    }
    remediation: dict[str, Any] = {"desc": rule.remediation}
    if found.pages:
        remediation["references"] = list(found.pages)
    return RuleWords(
        id=rule.id,
        title=rule.title,
        severity=rule.severity,
        desc=rule.rationale,
        remediation=remediation,
        control=found.control,
        decides=found.decides,
        bearing={name: value for name, value in bearing.items() if value},
    )
