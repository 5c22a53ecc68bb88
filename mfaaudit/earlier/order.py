"""Which earlier audits can stand beside the present one, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mfaaudit.earlier.audit import Audit
from mfaaudit.errors import UsageProblem
from mfaaudit.yaml_nodes import GUID


def arranged(audits: Sequence[Audit], *, run_id: str, tenant_id: str, started_at: datetime) -> tuple[Audit, ...]:
    """The earlier audits of a present one, the oldest first.

    Raises UsageProblem if one is of another tenant, is the present audit itself, was given twice or began later.
    """
    seen: set[str] = set()
    for one in audits:
        if one.tenant_id.lower() != tenant_id.lower():
            raise _of_another_tenant(one, tenant_id)
        if one.run_id == run_id:
            raise UsageProblem(
                f"--earlier names the audit {run_id} itself",
                hint="Give bundles of audits that were made before it.",
            )
        if one.run_id in seen:
            raise UsageProblem(
                f"--earlier names the audit {one.run_id} twice",
                hint="A bundle and those that `mfaaudit evaluate` made of it are one audit: give one of them.",
            )
        if one.started_at > started_at:
            raise UsageProblem(
                f"--earlier names an audit that began at {one.started_at:%Y-%m-%d %H:%M:%S} UTC, after this one "
                f"({started_at:%Y-%m-%d %H:%M:%S} UTC)",
                hint="Give bundles of audits that were made before this one.",
            )
        seen.add(one.run_id)
    return tuple(sorted(audits, key=lambda one: (one.started_at, one.run_id)))


def check_tenant(audits: Sequence[Audit], asked: str | None) -> None:
    """What can be told of the tenant before anything is read of it, where it is asked for by its id.

    Raises UsageProblem if an earlier audit is of another.
    """
    if asked is None or not GUID.fullmatch(asked):
        return
    for one in audits:
        if one.tenant_id.lower() != asked.lower():
            raise _of_another_tenant(one, asked)


def _of_another_tenant(one: Audit, tenant_id: str) -> UsageProblem:
    return UsageProblem(
        f"--earlier names an audit of tenant {one.tenant_id}, and this one is of {tenant_id}",
        hint="Give bundles of the same tenant.",
    )
