"""The parts of results.json about what was declared, and about the controls of frameworks."""

from __future__ import annotations

from datetime import date
from typing import Any

from mfaaudit.declared.declare import EntryRow
from mfaaudit.declared.register import Subject
from mfaaudit.findings import Pack
from mfaaudit.findings.controls import ControlResult
from mfaaudit.reports.material import Material
from mfaaudit.reports.sections.controls import controls_of


def posture(material: Material) -> dict[str, Any]:
    """How the tenant enforces MFA, and what that rests on."""
    found = material.declared.posture
    return {
        "asked": found.asked,
        "value": found.value,
        "reason": None if found.reason is None else found.reason.value,
        "statement": found.statement,
        "inputs": list(found.inputs),
        "remarks": list(found.remarks),
    }


def exceptions(material: Material) -> list[dict[str, Any]]:
    """The register in the order of its file."""
    return [_exception(one) for one in material.exceptions]


def _exception(row: EntryRow) -> dict[str, Any]:
    entry = row.entry
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "subject": {_kind_of(entry.subject): entry.subject.id},
        "rules": list(entry.rules),
        "states": [state.value for state in row.states],
        "users": row.users,
        "waived": row.waived,
        "effectiveUntil": _day(row.effective_until),
        "approvedOn": _day(entry.approved_on),
        "expiresOn": _day(entry.expires_on),
        "requestedBy": entry.requested_by,
        "approvedBy": entry.approved_by,
        "ticket": entry.ticket,
    }


def _kind_of(subject: Subject) -> str:
    if subject.is_application:
        return "applicationId"
    return "groupId" if subject.is_group else "userId"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def controls(material: Material) -> list[dict[str, Any]]:
    """The controls of every pack that names some."""
    return [_control(pack, one) for pack, judged in controls_of(material) for one in judged]


def _control(pack: Pack, judged: ControlResult) -> dict[str, Any]:
    control, framework = judged.control, pack.framework
    return {
        "pack": pack.id,
        "framework": None if framework is None else framework.name,
        "version": None if framework is None else framework.version,
        "id": control.id,
        "title": control.title,
        "assessment": control.assessment.value,
        "rules": list(control.rules),
        "result": judged.outcome.value,
    }
