"""What the verdicts come to: a finding for each rule and each control, and a risk for each exception that was used.

Satisfied is only what was judged for everybody, failed for nobody, and passed for somebody. What applies to nobody, or
is left to a person, has no finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from mfaaudit.declared.declare import EntryRow
from mfaaudit.findings import Pack, RuleResult
from mfaaudit.findings.controls import ControlResult, Outcome
from mfaaudit.reports.material import Material, iso
from mfaaudit.reports.oscal.observations import Seen, rule_observation_id
from mfaaudit.reports.oscal.parts import control_id, filled, id_of, objective_id, props, references, text, token
from mfaaudit.reports.rule_verdict import verdict_of
from mfaaudit.reports.sections.controls import controls_of
from mfaaudit.words import Verdict

Status = tuple[str, str]
SATISFIED, FAILED, OTHERWISE = ("satisfied", "pass"), ("not-satisfied", "fail"), ("not-satisfied", "other")
OF_VERDICTS: Mapping[Verdict, Status | None] = {
    Verdict.PASS: SATISFIED,
    Verdict.FAIL: FAILED,
    Verdict.WAIVED: OTHERWISE,
    Verdict.NOT_EVALUATED: OTHERWISE,
    Verdict.ERROR: OTHERWISE,
    Verdict.NOT_APPLICABLE: None,
}
OF_OUTCOMES: Mapping[Outcome, Status | None] = {
    Outcome.MET: SATISFIED,
    Outcome.NOT_MET: FAILED,
    Outcome.FAILURES: FAILED,
    Outcome.WITH_EXCEPTIONS: OTHERWISE,
    Outcome.NO_FAILURE: OTHERWISE,
    Outcome.WAIVED: OTHERWISE,
    Outcome.NOT_JUDGED: OTHERWISE,
    Outcome.NOT_APPLICABLE: None,
    Outcome.BY_HAND: None,
}
WHY: Mapping[Verdict, str] = {
    Verdict.WAIVED: "What fails is covered by exceptions: it fails nonetheless.",
    Verdict.NOT_EVALUATED: "Not judged wholly: nothing shows that it is satisfied.",
    Verdict.ERROR: "Not judged wholly, for an error of the program: nothing shows that it is satisfied.",
}
"""What is said of a verdict that is neither a pass nor a failure."""


def findings(material: Material, seen: Mapping[str, Seen]) -> list[dict[str, Any]]:
    """One for each rule, then one for each control of each pack that names some."""
    rules = [_of_rule(material, one, seen[one.rule.id]) for one in material.findings.results]
    controls = [_of_control(material, pack, one, seen) for pack, found in controls_of(material) for one in found]
    return [one for one in (*rules, *controls) if one is not None]


def risks(material: Material, seen: Mapping[str, Seen]) -> list[dict[str, Any]]:
    """One for each exception that covers a failure."""
    return [_risk(material, one, seen) for one in material.exceptions if one.waived]


def _of_rule(material: Material, result: RuleResult, seen: Seen) -> dict[str, Any] | None:
    rule, verdict = result.rule, verdict_of(material, result)
    status = OF_VERDICTS[verdict]
    if status is None:
        return None
    counts = result.counts
    return filled(
        {
            "uuid": id_of(material.snapshot.run.id, "finding", rule.id),
            "title": text(f"{rule.id} {rule.title}"),
            "description": f"{counts.fail:,} fail, {counts.waived:,} waived, {counts.not_evaluated:,} not evaluated, "
            f"{counts.error:,} in error, {counts.pass_:,} pass, {counts.not_applicable:,} not applicable.",
            "props": props({"rule-id": rule.id, "verdict": verdict.value, "severity": rule.severity.value}),
            "target": _target(token(rule.id), rule.title, status, WHY.get(verdict, "")),
            "related-observations": references(
                "observation-uuid",
                (rule_observation_id(material, rule.id), *(one["uuid"] for one in seen.of_users)),
            ),
            "related-risks": references("risk-uuid", _risks_of(material, (seen,))),
        }
    )


def _of_control(
    material: Material, pack: Pack, judged: ControlResult, seen: Mapping[str, Seen]
) -> dict[str, Any] | None:
    control, status = judged.control, OF_OUTCOMES[judged.outcome]
    if status is None:
        return None
    notes = " ".join(text(one) for one in (*judged.remarks, control.note) if one)
    return filled(
        {
            "uuid": id_of(material.snapshot.run.id, "finding", pack.id, control.id),
            "title": text(f"{control.id} {control.title}"),
            "description": f"{judged.outcome.value}. What the rules decide of it: {control.assessment.value}.",
            "props": props(
                {
                    "control-id": control.id,
                    "framework-control": control_id(pack, control),
                    "pack": pack.id,
                    "framework": f"{pack.framework.name} {pack.framework.version}" if pack.framework else "",
                    "outcome": judged.outcome.value,
                    "assessment": control.assessment.value,
                }
            ),
            "target": _target(objective_id(pack, control), control.title, status, f"{judged.outcome.value}."),
            "related-observations": references(
                "observation-uuid", (rule_observation_id(material, one) for one in control.rules)
            ),
            "related-risks": references("risk-uuid", _risks_of(material, [seen[one] for one in control.rules])),
            "remarks": notes or None,
        }
    )


def _target(name: str, title: str, status: Status, why: str) -> dict[str, Any]:
    state, reason = status
    return {
        "type": "objective-id",
        "target-id": name,
        "title": text(title),
        "status": filled({"state": state, "reason": reason, "remarks": why or None}),
    }


def _risks_of(material: Material, seen: Sequence[Seen]) -> list[str]:
    used = {name for one in seen for name in one.by_exception}
    return [_risk_id(material, one) for one in material.exceptions if one.entry.id in used]


def _risk_id(material: Material, row: EntryRow) -> str:
    return id_of(material.snapshot.run.id, "exception", row.entry.id)


def _risk(material: Material, row: EntryRow, seen: Mapping[str, Seen]) -> dict[str, Any]:
    entry = row.entry
    observed = [
        name
        for one in seen.values()
        if entry.id in one.by_exception
        for name in (one.of_rule["uuid"], *one.by_exception[entry.id])
    ]
    control = entry.compensating_control
    return filled(
        {
            "uuid": _risk_id(material, row),
            "title": text(f"Exception {entry.id}"),
            "description": text(entry.reason),
            "statement": text(entry.risk or entry.reason),
            "props": props(
                {
                    "exception-id": entry.id,
                    "kind": entry.kind.value,
                    "rules": ", ".join(entry.rules),
                    "failures-waived": row.waived,
                    "requested-by": entry.requested_by,
                    "approved-by": entry.approved_by or "",
                    "approved-on": "" if entry.approved_on is None else entry.approved_on.isoformat(),
                    "ticket": entry.ticket,
                }
            ),
            "status": "deviation-approved",
            "mitigating-factors": [{"uuid": id_of(_risk_id(material, row), "control"), "description": text(control)}]
            if control
            else [],
            "deadline": _end_of(row),
            "related-observations": references("observation-uuid", observed),
        }
    )


def _end_of(row: EntryRow) -> str | None:
    """The end of the last day on which it holds for any rule."""
    day = row.effective_until
    return None if day is None else iso(datetime.combine(day, time(23, 59, 59), tzinfo=UTC))
