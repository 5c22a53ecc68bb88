"""What every event has: the class, who says it of which tenant, and an id that is the same in every audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mfaaudit.reports.material import Material, cell
from mfaaudit.reports.ocsf.rule_words import RuleWords
from mfaaudit.reports.ocsf.words import CATEGORY, CLASS, SEVERITIES, VERSION, Activity, Kind, milliseconds
from mfaaudit.reports.plain import plain
from mfaaudit.words import Severity, Unknown


class Envelope:
    """Puts what is said of one finding into an event."""

    def __init__(self, material: Material) -> None:
        run = material.snapshot.run
        self._run_id, self._tenant = run.id, run.tenant_id
        self._time = milliseconds(run.finished_at)
        labels = [*(["simulated"] if run.simulated else []), *_labels(material)]
        self._metadata: Mapping[str, Any] = {
            "version": VERSION,
            "product": {"name": run.tool, "vendor_name": run.tool, "version": run.tool_version},
            "tenant_uid": run.tenant_id,
            "correlation_uid": run.id,
            **({"labels": labels} if labels else {}),
        }
        self._of_tenant = {
            "uid": run.tenant_id,
            "name": plain(run.tenant_name) or run.tenant_id,
            "type": "Entra tenant",
        }

    def event(
        self,
        words: RuleWords,
        *,
        kind: Kind,
        activity: Activity,
        status: tuple[int, str] | None,
        severity: Severity,
        compliance: Mapping[str, Any],
        unmapped: Mapping[str, Any],
        user: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        first_seen: datetime | None = None,
    ) -> dict[str, Any]:
        """One event; `status` is that of the finding, and None where there is none."""
        subject = f"{words.id}/{user['user_id'].lower()}" if user is not None else words.id
        info: dict[str, Any] = {"uid": f"{self._tenant}/{subject}", "title": words.title, "types": [kind.word]}
        if first_seen is not None:
            info |= {"first_seen_time": milliseconds(first_seen), "last_seen_time": self._time}
        number, caption = SEVERITIES[severity]
        return {
            "activity_id": int(activity),
            "category_uid": CATEGORY,
            "class_uid": CLASS,
            "type_uid": CLASS * 100 + activity,
            "severity_id": number,
            "severity": caption,
            **({} if status is None else {"status_id": status[0], "status": status[1]}),
            "time": self._time,
            "metadata": {**self._metadata, "uid": f"{self._run_id}/{subject}"},
            "finding_info": info,
            "compliance": compliance,
            "remediation": words.remediation,
            "resources": [self._of_tenant if user is None else _of_user(user, data)],
            "unmapped": unmapped,
        }


def _labels(material: Material) -> list[str]:
    return [] if material.share is None else [f"copy:{material.share.mode}"]


def _of_user(user: Mapping[str, Any], data: Mapping[str, Any] | None) -> dict[str, Any]:
    made = {"uid": user["user_id"], "type": "Entra user"}
    name = cell(user, "user.userPrincipalName")
    if name and not isinstance(name, Unknown):
        made["name"] = name
    return made if data is None else {**made, "data": data}
