"""An explanation for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mfaaudit.explaining.explanation import AboutTenant, Explained, Explanation, Shown
from mfaaudit.explaining.why import what_next, why
from mfaaudit.findings.outlook_words import change_in_words
from mfaaudit.findings.would_change import Change, Prospect
from mfaaudit.reports.document import Cell
from mfaaudit.reports.material import iso
from mfaaudit.words import Unknown


def to_json(made: Explanation) -> dict[str, Any]:
    """All of it; a value that was not read is null, with its reason beside it."""
    run = made.material.snapshot.run
    return {
        "run": {"id": run.id, "tenantId": run.tenant_id, "startedAt": iso(run.started_at)},
        "user": {
            "id": made.profile.user_id,
            **{
                key: _cell(made.value(name))
                for key, name in (
                    ("userPrincipalName", "user.userPrincipalName"),
                    ("displayName", "user.displayName"),
                    ("accountEnabled", "user.accountEnabled"),
                    ("userType", "user.userType"),
                    ("accountClass", "derived.accountClass"),
                    ("enforcedBy", "derived.enforcedBy"),
                    ("enforcingPolicies", "derived.enforcingPolicies"),
                )
            },
            "worst": made.profile.worst.value,
        },
        "posture": {
            "value": made.material.declared.posture.value,
            "statement": made.material.declared.posture.statement,
        },
        "values": [_value(one) for one in made.shown],
        "rules": [_rule(one) for one in made.rules],
        "tenantValues": [{"name": name, **_read(value)} for name, value in made.tenant_values.items()],
        "tenantRules": [_tenant_rule(one) for one in made.of_tenant],
    }


def _value(one: Shown) -> dict[str, Any]:
    value, origin, answer = one.value, one.value.origin, one.answer
    return {
        "name": value.field.name,
        **_read(value.value),
        "how": origin.how,
        "source": origin.source.name,
        "endpoint": origin.endpoint,
        "beta": origin.is_beta,
        "readAt": iso(value.read_at),
        "answer": None
        if answer is None
        else {
            "file": answer.file,
            "line": answer.line,
            "status": answer.status,
            "requestId": answer.request_id or None,
            "readAt": iso(answer.read_at),
        },
    }


def _rule(one: Explained) -> dict[str, Any]:
    judged, outlook = one.judged, one.outlook
    rule = judged.result.rule
    return {
        "id": rule.id,
        "pack": rule.pack,
        "title": rule.title,
        "verdict": judged.verdict.value,
        "reason": judged.reason or None,
        "severity": judged.severity.value,
        "observed": judged.observed,
        "expected": judged.expected,
        "exception": _exception(one),
        "failingSince": iso(one.since),
        "action": one.action or None,
        "waitsFor": list(judged.result.blocked_by),
        "appliesToTenant": outlook.applies,
        "ofUser": outlook.of_user.value,
        "open": [{"name": gap.field.name, "reason": gap.reason.value} for gap in (*outlook.tenant_gaps, *outlook.gaps)],
        "becomes": {verdict.value: _prospect(prospect) for verdict, prospect in outlook.becomes.items()},
        "why": list(why(one)),
        "whatNext": list(what_next(one)),
    }


def _exception(one: Explained) -> dict[str, Any] | None:
    if one.entry is None:
        return None
    entry, last = one.entry.entry, one.entry.until[one.judged.result.rule.id]
    return {"id": entry.id, "kind": entry.kind.value, "until": last.isoformat(), "approvedBy": entry.approved_by}


def _prospect(prospect: Prospect) -> dict[str, Any]:
    return {"ways": [[_change(change) for change in way] for way in prospect.ways], "whole": prospect.whole}


def _change(change: Change) -> dict[str, Any]:
    return {
        "fields": [field.name for field in change.fields],
        "values": list(change.values) or None,
        "words": change_in_words(change),
    }


def _tenant_rule(one: AboutTenant) -> dict[str, Any]:
    rule = one.result.rule
    return {
        "id": rule.id,
        "title": rule.title,
        "verdict": one.verdict.value,
        "reason": one.reason or None,
        "severity": rule.severity.value,
        "observed": one.result.observed,
        "expected": one.expected,
        "action": one.action or None,
    }


def _read(value: Cell) -> dict[str, Any]:
    return {"value": _cell(value), "reason": value.reason.value if isinstance(value, Unknown) else None}


def _cell(value: Cell) -> Any:
    if isinstance(value, Unknown):
        return None
    return iso(value) if isinstance(value, datetime) else value
