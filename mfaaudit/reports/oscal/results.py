"""The document: who made it from what, which controls and rules were reviewed, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mfaaudit.findings import Assessment, Pack
from mfaaudit.reports.material import Material, iso
from mfaaudit.reports.oscal.observations import observe, tenant_id
from mfaaudit.reports.oscal.parts import control_id, filled, id_of, prop, props, references, text, token
from mfaaudit.reports.oscal.sources import TOOL, plan_id, resources
from mfaaudit.reports.oscal.verdicts import findings, risks

VERSION = "1.2.1"
MADE_IT = "prepared-by"
IN_USE = {"state": "operational"}


def assessment_results(material: Material) -> dict[str, Any]:
    """The whole document as JSON values."""
    # The same evidence under other rules, other declarations or in another copy is another document.
    of_copy = "" if material.share is None else f"{material.share.mode} {material.share.key_id}"
    declared = sorted(f"{name} {sha256}" for name, sha256 in material.declared.sha256s.items())
    return {
        "assessment-results": {
            "uuid": id_of(material.snapshot.run.id, plan_id(material), of_copy, *declared),
            "metadata": _metadata(material),
            "import-ap": {"href": f"#{plan_id(material)}"},
            "results": [_result(material)],
            "back-matter": {"resources": resources(material)},
        }
    }


def _metadata(material: Material) -> dict[str, Any]:
    run = material.snapshot.run
    party = _party(material)
    name = run.tenant_called
    return filled(
        {
            "title": text(f"MFA state of every user of {name}{' (simulated tenant)' if run.simulated else ''}"),
            "last-modified": iso(run.finished_at),
            "version": text(run.id),
            "oscal-version": VERSION,
            "props": props(
                {
                    "run-id": run.id,
                    "tool": f"{run.tool} {run.tool_version}",
                    "tenant-id": run.tenant_id,
                    "cloud": run.cloud,
                    "simulated": run.simulated,
                    "identity-kind": run.identity.kind,
                    "app-id": run.identity.app_id,
                    "app-name": run.identity.app_name,
                    **({} if material.share is None else {"copy": material.share.mode}),
                }
            ),
            "roles": [{"id": MADE_IT, "title": "Ran the audit"}] if party else [],
            "parties": [party] if party else [],
            "responsible-parties": [{"role-id": MADE_IT, "party-uuids": [party["uuid"]]}] if party else [],
            "remarks": None if material.share is None else text(material.share.words),
        }
    )


def _party(material: Material) -> dict[str, Any] | None:
    """The person who ran the audit, where the token named one; an application is none."""
    identity = material.snapshot.run.identity
    if identity.kind != "delegated" or not identity.object_id:
        return None
    name = prop("name", identity.user_principal_name or identity.object_id)
    return filled(
        {
            "uuid": id_of(identity.tenant_id, "user", identity.object_id.lower()),
            "type": "person",
            "name": None if name is None else name["value"],
        }
    )


def _result(material: Material) -> dict[str, Any]:
    run, population, conclusion = material.snapshot.run, material.snapshot.population, material.conclusion
    seen = {one.rule.id: observe(material, one) for one in material.findings.results}
    items = {name: item for one in seen.values() for name, item in one.subjects.items()}
    return filled(
        {
            "uuid": id_of(run.id, "result", plan_id(material)),
            "title": text(f"Audit {run.id}"),
            "description": text(f"{conclusion.headline}. {conclusion.statement}"),
            "start": iso(run.started_at),
            "end": iso(run.finished_at),
            "props": props(
                {
                    "exit-code": conclusion.exit_code,
                    "fail-on": conclusion.fail_on.value,
                    "users-enumerated": population.enumerated,
                    "population-complete": population.complete,
                    "failed-rules": conclusion.failed_rules,
                    "failed-users": conclusion.failed_users,
                    "users-not-fully-judged": conclusion.unjudged_users,
                }
            ),
            "local-definitions": _definitions(material, list(items.values())),
            "reviewed-controls": _reviewed(material),
            "observations": [
                *(one.of_rule for one in seen.values()),
                *(user for one in seen.values() for user in one.of_users),
            ],
            "risks": risks(material, seen),
            "findings": findings(material, seen),
            "remarks": text(population.statement),
        }
    )


def _definitions(material: Material, items: list[dict[str, Any]]) -> dict[str, Any]:
    run = material.snapshot.run
    tool = id_of(TOOL, run.tool_version)
    return filled(
        {
            "components": [
                {
                    "uuid": tenant_id(material),
                    "type": "service",
                    "title": "Microsoft Entra tenant",
                    "description": "The tenant that was audited.",
                    "props": props({"tenant-id": run.tenant_id, "tenant-name": run.tenant_name}),
                    "status": IN_USE,
                }
            ],
            "inventory-items": items,
            "assessment-assets": {
                "components": [
                    {
                        "uuid": tool,
                        "type": "software",
                        "title": text(run.tool),
                        "description": "Reads the tenant, and judges every user against the rules.",
                        "props": props({"version": run.tool_version}),
                        "status": IN_USE,
                    }
                ],
                "assessment-platforms": [
                    {
                        "uuid": id_of(TOOL, run.tool_version, "platform"),
                        "title": text(f"{run.tool} {run.tool_version}"),
                        "uses-components": [{"component-uuid": tool}],
                    }
                ],
            },
        }
    )


def _reviewed(material: Material) -> dict[str, Any]:
    """The controls that rules look at, pack by pack, and all rules as objectives; without controls, rules stand in."""
    rules = [token(one.rule.id) for one in material.findings.results]
    of_packs = list(_selections(material)) or [
        {
            "description": "No pack renders the controls of a framework: its rules stand for them.",
            "include-controls": references("control-id", rules),
        }
    ]
    return {
        "control-selections": of_packs,
        "control-objective-selections": [
            {"description": "The rules.", "include-objectives": references("objective-id", rules)}
        ],
    }


def _selections(material: Material) -> Iterator[dict[str, Any]]:
    for pack in material.findings.packs:
        looked_at = [one for one in pack.controls if one.assessment is not Assessment.MANUAL]
        if looked_at:
            yield filled(
                {
                    "description": _name(pack),
                    "include-controls": references("control-id", (control_id(pack, one) for one in looked_at)),
                    "remarks": _left_to_a_person(pack) or None,
                }
            )


def _name(pack: Pack) -> str:
    framework = pack.title if pack.framework is None else f"{pack.framework.name} {pack.framework.version}"
    return text(f"{framework} (pack {pack.id} {pack.version})")


def _left_to_a_person(pack: Pack) -> str:
    by_hand = [one.id for one in pack.controls if one.assessment is Assessment.MANUAL]
    return f"Left to a person: {text(', '.join(by_hand))}." if by_hand else ""
