"""What every event under one rule repeats: worked out once a rule, as there may be an event for each user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mfaaudit.findings import Pack, Rule
from mfaaudit.reports.bearing import bearing_of
from mfaaudit.reports.ocsf.words import COMPLIANCE, SEVERITIES
from mfaaudit.words import Severity, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """One rule in the words of the schema."""

    id: str
    title: str
    severity: Severity
    desc: str
    remediation: Mapping[str, Any]
    bearing: Mapping[str, Any]
    """control, standards and requirements, where there are any."""

    def compliance(self, verdict: Verdict, code: str, detail: str) -> dict[str, Any]:
        """What became of the rule, for one user, the tenant or all."""
        number, caption = COMPLIANCE[verdict]
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
        said = {"status_code": code, "status_detail": detail}
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
        "control": found.control,
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
        bearing={name: value for name, value in bearing.items() if value},
    )
