"""The counts for programs, in the words of results.json."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mfaaudit.reports.conclusion import FINDINGS, GAPS, exit_code_of
from mfaaudit.reports.verdict_numbers import counts_json
from mfaaudit.spark.counting import Answer
from mfaaudit.spark.judging import Counted
from mfaaudit.words import Severity

SCHEMA = 1
NOTE = "Counts are those before any exception."


def exit_code(counted: Sequence[Counted], fail_on: Severity) -> int:
    """Of several bundles the worst: findings before gaps before nothing."""
    codes = {one.exit_code(fail_on) for one in counted}
    return exit_code_of(findings=FINDINGS in codes, gaps=GAPS in codes)


def to_json(counted: Sequence[Counted], fail_on: Severity) -> dict[str, Any]:
    """Everything as JSON values."""
    return {
        "schema": SCHEMA,
        "engine": "spark",
        "exceptionsApplied": False,
        "failOn": fail_on.value,
        "exitCode": exit_code(counted, fail_on),
        "bundles": [_bundle(one, fail_on) for one in counted],
    }


def _bundle(one: Counted, fail_on: Severity) -> dict[str, Any]:
    run = one.stored.run
    return {
        "bundle": str(one.stored.bundle),
        "runId": run.id,
        "tenantId": run.tenant_id,
        "tenantName": run.tenant_name,
        "simulated": run.simulated,
        "users": one.stored.user_count,
        "populationComplete": one.stored.complete,
        "posture": one.stored.posture,
        "unfitPolicies": [pack.id for pack in one.unfit],
        "exitCode": one.exit_code(fail_on),
        "rules": [_rule(answer) for answer in one.answers],
    }


def _rule(answer: Answer) -> dict[str, Any]:
    rule = answer.rule
    return {
        "id": rule.id,
        "pack": rule.pack,
        "title": rule.title,
        "severity": rule.severity.value,
        "scope": rule.scope.value,
        "status": answer.status.value,
        "counts": counts_json(answer.counts),
        "failures": {severity.value: answer.failures.get(severity, 0) for severity in Severity},
        "reasons": dict(sorted(answer.reasons.items())),
        "observed": answer.observed,
    }
