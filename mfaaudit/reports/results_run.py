"""The parts of results.json about the run: who read with which program, what judged by what, what was refused."""

from __future__ import annotations

from typing import Any

from mfaaudit.evidence.run import Asked, Machine, Run, Session
from mfaaudit.findings import Pack
from mfaaudit.reports.judged_by import JudgedBy
from mfaaudit.reports.material import Material, iso
from mfaaudit.snapshot.throttling import Throttling


def run_facts(material: Material) -> dict[str, Any]:
    """Which tool read which tenant, who ran it, when, and what judged it by which rules."""
    run = material.snapshot.run
    return {
        "id": run.id,
        "tool": run.tool,
        "toolVersion": run.tool_version,
        "platform": run.platform,
        "packages": dict(run.packages),
        "startedAt": iso(run.started_at),
        "finishedAt": iso(run.finished_at),
        "tenantId": run.tenant_id,
        "tenantName": run.tenant_name,
        "defaultDomain": run.default_domain,
        "tenantType": material.snapshot.tenant_type or None,
        "cloud": run.cloud,
        "graph": run.graph,
        "simulated": run.simulated,
        "identity": run.identity.facts(),
        "collect": run.collect,
        "options": list(run.options),
        "sessions": [_session(one) for one in run.sessions],
        "requests": run.requests,
        "throttled": run.throttled,
        "policies": [_pack(one) for one in material.findings.packs],
        "configuration": {"collecting": _collecting(run), "judging": _judging(material)},
        "judgedBy": None if material.judged_by is None else _judged_by(material.judged_by),
        "inputsSha256": material.inputs_sha256 or None,
    }


def throttling_json(rows: tuple[Throttling, ...]) -> list[dict[str, Any]]:
    """How each source was throttled."""
    return [
        {
            "source": one.source,
            "requests": one.requests,
            "repeated": one.repeated,
            "refusedRequests": one.refused,
            "refusedItems": dict(one.items),
            "longestRetryAfterSeconds": one.longest_wait,
            "totalRetryAfterSeconds": one.total_wait,
            "highestLimitPercentage": one.pressure,
            "scopes": list(one.scopes),
        }
        for one in rows
    ]


def _session(one: Session) -> dict[str, Any]:
    return {
        "startedAt": iso(one.started_at),
        "endedAt": iso(one.ended_at),
        "toolVersion": one.tool_version,
        "identity": one.identity.facts(),
        "machine": None if one.machine is None else _machine(one.machine),
        "asked": None if one.asked is None else _asked(one.asked),
    }


def _machine(one: Machine) -> dict[str, Any]:
    return {
        "host": one.host,
        "account": one.account,
        "system": one.system,
        "python": one.python,
        "programSha256": one.program_sha256,
    }


def _asked(one: Asked) -> dict[str, Any]:
    return {"auth": one.auth, "tenant": one.tenant or None, "resume": one.resume}


def _collecting(run: Run) -> dict[str, Any]:
    return {
        "cloud": run.cloud,
        "graph": run.graph,
        "collect": run.collect,
        "options": list(run.options),
        "groups": list(run.groups),
        "aggregationIntervalInMinutes": run.metrics_interval,
    }


def _judging(material: Material) -> dict[str, Any]:
    """What the options asked for. Which reports were wanted is no part of it: each says the same without the others."""
    judged_by, earlier = material.judged_by, material.earlier
    given = {} if judged_by is None else judged_by.given
    return {
        "policies": [{"id": pack, "given": how} for pack, how in given.items()] or None,
        "posture": material.declared.posture.asked,
        "allowConflicts": None if judged_by is None else judged_by.allow_conflicts,
        "failOn": material.conclusion.fail_on.value,
        "exceptionsSha256": material.declared.sha256s.get("exceptions"),
        "classesSha256": material.declared.sha256s.get("classes"),
        "earlier": [
            {"runId": one.run_id, "manifestSha256": one.manifest_sha256 or None}
            for one in (() if earlier is None else earlier.audits)
        ],
    }


def _judged_by(one: JudgedBy) -> dict[str, Any]:
    return {
        "toolVersion": one.program.version,
        "programSha256": one.program.sha256,
        "python": one.program.python,
        "packages": dict(one.program.packages),
    }


def _pack(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "version": pack.version,
        "title": pack.title,
        "posture": pack.posture,
        "judges": pack.judges,
        "rules": [rule.id for rule in pack.rules],
        "sha256": pack.sha256,
        "listsSha256": pack.text.lists_sha256 or None,
        "basedOn": [
            {"id": one.pack, "sha256": one.sha256, "listsSha256": one.lists_sha256 or None} for one in pack.based_on
        ],
    }
