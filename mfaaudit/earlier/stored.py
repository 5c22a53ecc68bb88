"""An earlier audit as a bundle keeps it: its facts as JSON, its users and their verdicts as Parquet."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

import polars as pl

from mfaaudit.earlier.audit import NAME_COLUMNS, Audit, JudgedRule
from mfaaudit.earlier.steps import WORDS, Replay, Step, waiver_column
from mfaaudit.earlier.stored_replay import read_replay, replay_facts
from mfaaudit.earlier.values import TIME, TIMES, value_column
from mfaaudit.errors import BundleProblem
from mfaaudit.findings import Counts
from mfaaudit.findings.results import SEVERITIES, VERDICTS, by_verdict, counts_of
from mfaaudit.json_reading import read_json
from mfaaudit.kinds import checked
from mfaaudit.parquet_bounds import check
from mfaaudit.snapshot.metrics import sign_ins_of
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Severity, Unknown, Verdict

SCHEMA = 2
"""1 held no days of sign-ins, and nothing of other rules."""
ROW_GROUP = 100_000
KINDS: Mapping[str, Any] = {value_column(""): WORDS, waiver_column(""): WORDS, TIME: TIMES}
"""What stands beside the verdicts, by how the names of the columns begin."""
BESIDE = tuple(KINDS)


def facts_of(audit: Audit) -> bytes:
    """Everything but the users."""
    facts = {
        "schema": SCHEMA,
        "runId": audit.run_id,
        "tenantId": audit.tenant_id,
        "startedAt": _time(audit.started_at),
        "finishedAt": _time(audit.finished_at),
        "toolVersion": audit.tool_version,
        "simulated": audit.simulated,
        "manifestSha256": audit.manifest_sha256,
        "population": {"enumerated": audit.enumerated, "complete": audit.complete, "statement": audit.statement},
        "failedUsers": audit.failed_users,
        "usersNotFullyJudged": audit.open_users,
        "rules": [_rule(one) for one in audit.rules],
        "registration": {
            "source": audit.registration_source,
            "totalUserCount": _number(audit.registered),
            "byFeature": dict(audit.by_feature),
            "byMethod": dict(sorted(audit.by_method.items())),
        },
        "signInMetrics": {
            "from": _time(audit.sign_ins.start),
            "to": _time(audit.sign_ins.end),
            "success": _days(audit.sign_ins.success),
            "failure": _days(audit.sign_ins.failure),
        },
        "replay": replay_facts(audit.replay),
        "columns": _beside(audit),
    }
    return (json.dumps(facts, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def users_of(audit: Audit) -> bytes:
    """The users and their verdicts, which repeat so much that they take little room."""
    file = io.BytesIO()
    # Of words the file keeps its own dictionary, whatever else this process has seen.
    audit.users.with_columns(pl.col(WORDS).cast(pl.String())).write_parquet(
        file, compression="zstd", row_group_size=ROW_GROUP
    )
    return file.getvalue()


def read_audit(facts: bytes, users: bytes, where: str) -> Audit:
    """The same again. Raises BundleProblem if it is not what this version keeps; `where` names it to a person."""
    try:
        found = read_json(facts)
        if found["schema"] != SCHEMA:
            older = isinstance(found["schema"], int) and found["schema"] < SCHEMA
            raise BundleProblem(
                f"{where} has schema {found['schema']}, and this version knows {SCHEMA}",
                hint="Judge again with `mfaaudit evaluate --earlier` and the earlier bundle itself."
                if older
                else "Use the version that made the bundle, or a newer one.",
            )
        return checked(_audit(found, users))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, pl.exceptions.PolarsError) as error:
        raise BundleProblem(
            f"{where} cannot be read: {error}",
            hint="Restore the bundle from a copy, or judge again with `mfaaudit evaluate --earlier`.",
        ) from error


def _audit(facts: Mapping[str, Any], users: bytes) -> Audit:
    population, registration, metrics = facts["population"], facts["registration"], facts["signInMetrics"]
    rules = tuple(_judged(one) for one in facts["rules"])
    replay = read_replay(facts["replay"])
    check(users, rows=population["enumerated"])
    return Audit(
        run_id=facts["runId"],
        tenant_id=facts["tenantId"],
        started_at=_read_time(facts["startedAt"]),
        finished_at=_read_time(facts["finishedAt"]),
        tool_version=facts["toolVersion"],
        simulated=facts["simulated"],
        manifest_sha256=facts["manifestSha256"],
        enumerated=population["enumerated"],
        complete=population["complete"],
        statement=population["statement"],
        failed_users=facts["failedUsers"],
        open_users=facts["usersNotFullyJudged"],
        rules=rules,
        registration_source=registration["source"],
        registered=_read_number(registration["totalUserCount"]),
        by_feature=registration["byFeature"],
        by_method=registration["byMethod"],
        sign_ins=sign_ins_of(
            _read_time(metrics["from"]),
            _read_time(metrics["to"]),
            success=_read_days(metrics["success"]),
            failure=_read_days(metrics["failure"]),
        ),
        users=_typed(pl.read_parquet(io.BytesIO(users)), rules, replay, facts["columns"]),
        replay=replay,
    )


def _beside(audit: Audit) -> list[str]:
    return [name for name in audit.users.columns if name.startswith(BESIDE)]


def _typed(
    users: pl.DataFrame, rules: tuple[JudgedRule, ...], replay: Replay | None, beside: Sequence[str]
) -> pl.DataFrame:
    """The columns that there have to be, each of its kind; another program may have written the words as text."""
    kinds: dict[str, Any] = dict.fromkeys(("user_id", *NAME_COLUMNS), pl.String())
    for one in rules:
        if one.scope is Scope.USER:
            kinds[one.verdict_column] = VERDICTS
            if one.severity_column in users.columns:
                kinds[one.severity_column] = SEVERITIES
    for name in beside:
        kinds[name] = next(kind for start, kind in KINDS.items() if name.startswith(start))
    if replay is not None:
        of_users = (name for name, one in replay.rules.items() if not one.verdicts)
        kinds |= {step.column(name): VERDICTS for name in of_users for step in Step}
    # In the order of the file, so that it becomes the same file again.
    ordered = sorted(kinds, key=users.columns.index)
    return users.select(pl.col(name).cast(kinds[name]) for name in ordered)


def _rule(rule: JudgedRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "pack": rule.pack,
        "title": rule.title,
        "severity": rule.severity.value,
        "scope": rule.scope.value,
        "aboutData": rule.about_data,
        "fingerprint": rule.fingerprint,
        "counts": {verdict.value: count for verdict, count in by_verdict(rule.counts).items()},
    }


def _judged(facts: Mapping[str, Any]) -> JudgedRule:
    counts: Counts = counts_of({verdict: facts["counts"][verdict.value] for verdict in Verdict})
    return JudgedRule(
        id=facts["id"],
        pack=facts["pack"],
        title=facts["title"],
        severity=Severity(facts["severity"]),
        scope=Scope(facts["scope"]),
        about_data=facts["aboutData"],
        fingerprint=facts["fingerprint"],
        counts=counts,
    )


def _number(value: int | Unknown) -> Any:
    return {"reason": value.reason.value} if isinstance(value, Unknown) else value


def _read_number(value: Any) -> int | Unknown:
    return Unknown(Reason(value["reason"])) if isinstance(value, dict) else cast("int", value)


def _days(counts: Mapping[date, int] | Unknown) -> Any:
    if isinstance(counts, Unknown):
        return {"reason": counts.reason.value}
    return {"days": {day.isoformat(): count for day, count in counts.items()}}


def _read_days(value: Mapping[str, Any]) -> Mapping[date, int] | Unknown:
    if "reason" in value:
        return Unknown(Reason(value["reason"]))
    return {date.fromisoformat(day): int(count) for day, count in value["days"].items()}


def _time(time: datetime) -> str:
    return time.isoformat()


def _read_time(text: str) -> datetime:
    return datetime.fromisoformat(text)
