"""results.json: the truth for programs, under the schema that ships beside this file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from mfaaudit.bundle import write_private
from mfaaudit.evidence.run import Run
from mfaaudit.findings import RuleResult, in_words, ledger_of
from mfaaudit.reports.cures import meaning_of, what_to_do
from mfaaudit.reports.material import Material, iso
from mfaaudit.reports.results_activity import activity_json
from mfaaudit.reports.results_declared import controls, exceptions, posture
from mfaaudit.reports.results_earlier import changes, trend
from mfaaudit.reports.results_periods import lasting, sign_ins
from mfaaudit.reports.results_run import run_facts, throttling_json
from mfaaudit.reports.results_totals import conclusion_json, ledger_json, or_null, population_json, read_json, reason
from mfaaudit.reports.sections.accounts import account_classes_json
from mfaaudit.reports.sections.actions import actions_json
from mfaaudit.reports.sections.enforcement import enforcement_json
from mfaaudit.reports.sections.per_user_mfa import per_user_mfa_json
from mfaaudit.reports.verdict_numbers import counts_json, shares_json
from mfaaudit.snapshot.coverage import Coverage
from mfaaudit.snapshot.foreign_holders import ForeignHolder
from mfaaudit.snapshot.metrics import FAILURE, SUCCESS, SignInMetrics
from mfaaudit.snapshot.registration import Comparison, Registration
from mfaaudit.snapshot.stand_ins import Stratum, Verification
from mfaaudit.sources import BY_NAME
from mfaaudit.words import Severity, Unknown

SCHEMA = 1


def results_of(material: Material) -> dict[str, Any]:
    """The whole result as JSON values."""
    snapshot, findings, conclusion = material.snapshot, material.findings, material.conclusion
    return {
        "schema": SCHEMA,
        **({} if material.share is None else {"copy": material.share.facts()}),
        "run": run_facts(material),
        "population": population_json(snapshot.population)
        | {"duplicateIds": list(snapshot.duplicates), "orphanIds": list(snapshot.orphans)},
        "ledger": [ledger_json(one) for one in ledger_of(findings).rows],
        "coverage": [_coverage(one, snapshot.run) for one in snapshot.coverage],
        "throttling": throttling_json(snapshot.throttling),
        "verification": [_verification(one) for one in snapshot.verification],
        "rules": [_rule(one) for one in findings.results],
        "posture": posture(material),
        "exceptions": exceptions(material),
        "controls": controls(material),
        "enforcement": enforcement_json(material),
        "perUserMfa": per_user_mfa_json(material),
        "accountClasses": account_classes_json(material),
        "foreignRoleHolders": [_foreign_holder(holder, snapshot.role_names) for holder in snapshot.foreign_holders],
        "actions": actions_json(material),
        "trend": trend(material),
        "changes": changes(material),
        "timeToFix": lasting(material),
        "signInsOfPeriod": sign_ins(material),
        "registration": _registration(snapshot.registration) | {"activity": activity_json(snapshot.activity)},
        "signInMetrics": _metrics(snapshot.metrics) | {"aggregationIntervalInMinutes": snapshot.run.metrics_interval},
        "conclusion": conclusion_json(conclusion)
        | {"doubts": list(conclusion.doubts), "unfitPacks": list(conclusion.unfit_packs)},
    }


def write_results(material: Material, path: Path) -> None:
    """The file. Raises OutputProblem if it cannot be written."""
    text = json.dumps(results_of(material), indent=2, ensure_ascii=False, allow_nan=False)
    write_private(path, (text + "\n").encode("utf-8"))


def _rule(result: RuleResult) -> dict[str, Any]:
    rule = result.rule
    return {
        "id": rule.id,
        "pack": rule.pack,
        "title": rule.title,
        "severity": rule.severity.value,
        "scope": rule.scope.value,
        "status": result.status.value,
        "counts": counts_json(result.counts),
        "percent": shares_json(result.counts),
        "failures": {severity.value: result.failures.get(severity, 0) for severity in Severity},
        "blockedBy": list(result.blocked_by),
        "waivable": rule.waivable,
        "changedFrom": rule.changed_from or None,
        "condition": in_words(rule),
        "assessment": rule.assessment.value,
        "references": list(rule.references),
    }


def _foreign_holder(holder: ForeignHolder, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "principalId": holder.principal_id,
        "displayName": holder.name or None,
        "kind": holder.kind.value,
        "roleId": holder.role or None,
        "roleName": names.get(holder.role),
        "assignment": holder.assignment,
        "scope": holder.scope or None,
    }


def _coverage(one: Coverage, run: Run) -> dict[str, Any]:
    source = BY_NAME[one.source]
    return {
        "source": one.source,
        "version": source.version,
        "path": source.path,
        **read_json(one),
        "why": {reason.value: meaning_of(reason, source, run, read=one.read) for reason in one.reasons},
        "whatToDo": {reason.value: what_to_do(reason, source, run, read=one.read) for reason in one.reasons},
    }


def _verification(one: Verification) -> dict[str, Any]:
    return {
        "source": one.source,
        "standIn": one.stand_in,
        "seed": one.seed,
        "documented": one.documented,
        "stoodIn": one.stood_in,
        "unread": one.unread,
        "unknown": one.unknown,
        "leftOut": one.left_out,
        "administrators": one.administrators,
        "administratorsRead": one.administrators_read,
        "administratorsFrom": one.administrators_from,
        "strata": [_stratum(each) for each in one.strata],
        "mismatches": [_mismatch(row) for row in one.mismatches.iter_rows(named=True)],
        "fellBack": one.fell_back,
        "why": one.why,
        "bound": one.bound,
    }


def _stratum(one: Stratum) -> dict[str, Any]:
    return {
        "state": one.state,
        "size": one.size,
        "wanted": one.wanted,
        "verified": one.verified,
        "mismatches": one.mismatches,
        "unreadable": one.unreadable,
    }


def _mismatch(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "userId": row["user_id"],
        "field": row["field"],
        "standIn": row["stand_in"],
        "standInReadAt": iso(row["stand_in_readAt"]),
        "standInRequestId": row["stand_in_requestId"],
        "documented": row["documented"],
        "documentedReason": row["documented_reason"],
        "documentedReadAt": iso(row["documented_readAt"]),
        "documentedRequestId": row["documented_requestId"],
    }


def _registration(registration: Registration) -> dict[str, Any]:
    return {
        "source": registration.source,
        "totalUserCount": or_null(registration.total),
        "byFeature": dict(registration.by_feature),
        "byMethod": dict(sorted(registration.by_method.items())),
        "reconciliation": [_comparison(one) for one in registration.comparisons],
    }


def _comparison(one: Comparison) -> dict[str, Any]:
    return {
        "what": one.what,
        "ours": or_null(one.ours),
        "oursFrom": one.ours_from,
        "oursReason": reason(one.ours),
        "theirs": or_null(one.theirs),
        "theirsFrom": one.theirs_from,
        "theirsReason": reason(one.theirs),
        "difference": one.difference,
        "remark": one.remark,
    }


def _metrics(metrics: SignInMetrics) -> dict[str, Any]:
    read = not isinstance(metrics.success, Unknown) or not isinstance(metrics.failure, Unknown)
    return {
        "source": f"{SUCCESS}, {FAILURE}",
        "from": iso(metrics.start),
        "to": iso(metrics.end),
        "days": [day.isoformat() for day in metrics.days] if read else [],
        "success": _by_day(metrics.success),
        "successReason": reason(metrics.success),
        "successMissingDays": [day.isoformat() for day in metrics.missing(metrics.success)],
        "failure": _by_day(metrics.failure),
        "failureReason": reason(metrics.failure),
        "failureMissingDays": [day.isoformat() for day in metrics.missing(metrics.failure)],
    }


def _by_day(counts: Mapping[date, int] | Unknown) -> dict[str, int] | None:
    return None if isinstance(counts, Unknown) else {day.isoformat(): count for day, count in counts.items()}
