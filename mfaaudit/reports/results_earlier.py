"""The parts of results.json about earlier audits: the trend, and what changed since the last of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mfaaudit.earlier import Audit, Cause, Change, RuleChange
from mfaaudit.earlier.audit import JudgedRule
from mfaaudit.reports.change_numbers import everything
from mfaaudit.reports.material import Material, iso
from mfaaudit.reports.results_totals import or_null, reason
from mfaaudit.reports.verdict_numbers import counts_json, shares_json


def trend(material: Material) -> list[dict[str, Any]]:
    """Every audit, the oldest first and this one last; empty if no earlier one was given."""
    earlier = material.earlier
    return [] if earlier is None else [_audit(one) for one in everything(earlier)]


def changes(material: Material) -> dict[str, Any] | None:
    """What changed since the most recent of the earlier audits; None if none was given."""
    earlier = material.earlier
    if earlier is None:
        return None
    people = earlier.people
    return {
        "since": {
            "runId": earlier.previous.run_id,
            "startedAt": iso(earlier.previous.started_at),
            "manifestSha256": earlier.previous.manifest_sha256,
        },
        "populationsComplete": earlier.complete,
        "users": {
            "stayed": people.stayed,
            "joined": people.count(Change.JOINED),
            "back": people.count(Change.BACK),
            "left": people.count(Change.LEFT),
        },
        "failuresBefore": earlier.previous.failures,
        "failuresNow": earlier.now.failures,
        "counts": {change.value: earlier.total(change) for change in Change},
        "causes": {cause.value: _caused(cause, earlier.main(cause), earlier.caused) for cause in Cause},
        "rules": [_change(one) for one in earlier.rules],
    }


def _change(one: RuleChange) -> dict[str, Any]:
    return {
        "id": one.rule.id,
        "judges": "data" if one.rule.about_data else "tenant",
        "comparison": one.comparison.value,
        "failuresBefore": None if one.before is None else one.before.counts.fail,
        "failuresNow": None if one.now is None else one.now.counts.fail,
        "counts": {change.value: one.counts.get(change, 0) for change in Change},
        "causes": {
            cause.value: _caused(cause, one.main.get(cause, 0), lambda change, of: one.causes.get((change, of), 0))
            for cause in Cause
        },
    }


def _caused(cause: Cause, main: int, caused: Callable[[Change, Cause], int]) -> dict[str, Any]:
    """How many changes have a cause as their main one, and how many of each kind have it at all."""
    counts = {change.value: caused(change, cause) for change in Change}
    return {"main": main, "counts": {change: count for change, count in counts.items() if count}}


def _audit(one: Audit) -> dict[str, Any]:
    metrics = one.sign_ins
    return {
        "runId": one.run_id,
        "startedAt": iso(one.started_at),
        "finishedAt": iso(one.finished_at),
        "toolVersion": one.tool_version,
        "simulated": one.simulated,
        "manifestSha256": one.manifest_sha256 or None,
        "population": {"enumerated": one.enumerated, "complete": one.complete, "statement": one.statement},
        "failedUsers": one.failed_users,
        "usersNotFullyJudged": one.open_users,
        "failures": one.failures,
        "counts": counts_json(one.totals),
        "percent": shares_json(one.totals),
        "rules": [_rule(rule) for rule in one.rules],
        "registration": {
            "source": one.registration_source,
            "totalUserCount": or_null(one.registered),
            "totalUserCountReason": reason(one.registered),
            "byFeature": dict(one.by_feature),
            "byMethod": dict(sorted(one.by_method.items())),
        },
        "signInMetrics": {
            "from": iso(metrics.start),
            "to": iso(metrics.end),
            "success": or_null(metrics.total(metrics.success)),
            "successReason": reason(metrics.success),
            "failure": or_null(metrics.total(metrics.failure)),
            "failureReason": reason(metrics.failure),
        },
    }


def _rule(rule: JudgedRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "severity": rule.severity.value,
        "fingerprint": rule.fingerprint,
        "counts": counts_json(rule.counts),
        "percent": shares_json(rule.counts),
    }
