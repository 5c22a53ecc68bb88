"""What manifest.json says beside the hashes: all that proves an audit, without anybody but who ran it.

The people of an audit may be removed from a bundle one day, and the manifest stays: so it names none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mfaaudit.findings import ledger_of
from mfaaudit.reports.material import Material, iso
from mfaaudit.reports.results_run import run_facts, throttling_json
from mfaaudit.reports.results_totals import conclusion_json, ledger_json, or_null, population_json, read_json, reason
from mfaaudit.reports.traces import endpoint
from mfaaudit.reports.verdict_numbers import counts_json
from mfaaudit.snapshot.coverage import Coverage
from mfaaudit.snapshot.metrics import SignInMetrics
from mfaaudit.snapshot.objects import Failure
from mfaaudit.snapshot.registration import Registration
from mfaaudit.snapshot.stand_ins import Verification
from mfaaudit.sources import BY_NAME


def manifest_facts(material: Material) -> dict[str, Any]:
    """The run, its sources, its failures, how it was throttled, and every total."""
    snapshot = material.snapshot
    granted = frozenset(snapshot.run.identity.permissions)
    return {
        "run": _without_titles(run_facts(material)),
        "sources": [_source(one, granted) for one in snapshot.coverage],
        "failures": _failures(snapshot.failures),
        "throttling": throttling_json(snapshot.throttling),
        "totals": _totals(material),
    }


def _without_titles(run: dict[str, Any]) -> dict[str, Any]:
    # An author may have written anybody's name into the title of a pack.
    packs = [{key: value for key, value in one.items() if key != "title"} for one in run["policies"]]
    return run | {"policies": packs}


def _source(one: Coverage, granted: frozenset[str]) -> dict[str, Any]:
    source = BY_NAME[one.source]
    return {
        "source": one.source,
        "title": source.title,
        "endpoint": endpoint(source),
        "version": source.version,
        "beta": source.version == "beta",
        "permissions": list(source.permissions),
        "granted": [name for name in source.permissions if name in granted],
        **read_json(one),
    }


def _failures(failures: Iterable[Failure]) -> list[dict[str, Any]]:
    """The reads that failed in the same way, counted; the request-id is that of the first of them in time."""
    groups: dict[tuple[str, str, int, str], list[Failure]] = {}
    for one in failures:
        groups.setdefault((one.source, one.reason.value, one.status, one.code), []).append(one)
    return [
        {
            "source": source,
            "endpoint": endpoint(BY_NAME[source]),
            "reason": reason,
            "status": status or None,
            "code": code or None,
            "count": len(found),
            "firstAt": iso(min(map(_time, found))),
            "lastAt": iso(max(map(_time, found))),
            "requestId": min(found, key=_time).request_id or None,
        }
        for (source, reason, status, code), found in sorted(groups.items())
    ]


def _time(failure: Failure) -> datetime:
    return failure.read_at


def _totals(material: Material) -> dict[str, Any]:
    snapshot, findings = material.snapshot, material.findings
    return {
        "population": population_json(snapshot.population) | {"orphans": len(snapshot.orphans)},
        "ledger": [ledger_json(row) for row in ledger_of(findings).rows],
        "rules": [
            {
                "id": one.rule.id,
                "pack": one.rule.pack,
                "severity": one.rule.severity.value,
                "scope": one.rule.scope.value,
                "status": one.status.value,
                "counts": counts_json(one.counts),
            }
            for one in findings.results
        ],
        "registration": _registration(snapshot.registration),
        "signIns": _sign_ins(snapshot.metrics),
        "verification": [_verification(one) for one in snapshot.verification],
        "conclusion": conclusion_json(material.conclusion),
    }


def _registration(one: Registration) -> dict[str, Any]:
    return {
        "source": one.source,
        "totalUserCount": or_null(one.total),
        "byFeature": dict(one.by_feature),
        "byMethod": dict(sorted(one.by_method.items())),
        "reconciliation": [
            {
                "what": each.what,
                "ours": or_null(each.ours),
                "theirs": or_null(each.theirs),
                "difference": each.difference,
            }
            for each in one.comparisons
        ],
    }


def _verification(one: Verification) -> dict[str, Any]:
    """What was read in bulk, and what the sample said of it; whom it was about stays out."""
    return {
        "source": one.source,
        "standIn": one.stand_in,
        "documented": one.documented,
        "stoodIn": one.stood_in,
        "unread": one.unread,
        "sampled": sum(each.verified for each in one.strata),
        "mismatches": one.mismatches.height,
        "fellBack": one.fell_back,
        "bound": one.bound,
    }


def _sign_ins(metrics: SignInMetrics) -> dict[str, Any]:
    success, failure = metrics.total(metrics.success), metrics.total(metrics.failure)
    return {
        "from": iso(metrics.start),
        "to": iso(metrics.end),
        "days": len(metrics.days),
        "missingDays": len({*metrics.missing(metrics.success), *metrics.missing(metrics.failure)}),
        "success": or_null(success),
        "successReason": reason(success),
        "failure": or_null(failure),
        "failureReason": reason(failure),
    }
