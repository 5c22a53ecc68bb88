"""What was seen: one observation a rule, with its counts, and one for each of the first users who are not in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from mfaaudit.findings import RuleResult, expected, in_words, observed
from mfaaudit.reports.material import SHOWN_WORDS, Material, cell, iso
from mfaaudit.reports.oscal.parts import filled, id_of, props, text
from mfaaudit.reports.oscal.sources import TOOL, evidence_of, results_id
from mfaaudit.reports.rule_verdict import NOT_PROVED, needs_everybody, reasons_of, verdict_of
from mfaaudit.reports.verdict_numbers import counts_json
from mfaaudit.sources.field import Scope
from mfaaudit.words import Unknown

LISTED = 200
"""Users whom each rule has observations of; the others stand in its counts, and all of them in findings.csv."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The observations on one rule."""

    of_rule: dict[str, Any]
    of_users: tuple[dict[str, Any], ...]
    subjects: Mapping[str, dict[str, Any]]
    """The users in them, as items of an inventory, by their id."""
    by_exception: Mapping[str, tuple[str, ...]]
    """The id of each exception that was used -> those of the observations on whom it covers."""


def observe(material: Material, result: RuleResult) -> Seen:
    """The observations on one rule."""
    subjects: dict[str, dict[str, Any]] = {}
    made: list[dict[str, Any]] = []
    covered: dict[str, list[str]] = {}
    if result.rule.scope is Scope.USER:
        for user, verdict in _listed(material, result):
            item = _item(material, user)
            subjects[item["uuid"]] = item
            made.append(_of_user(material, result, user, verdict, item["uuid"]))
            if verdict.get("exception"):
                covered.setdefault(verdict["exception"], []).append(made[-1]["uuid"])
    used = result.frame["exception"].drop_nulls().unique().sort() if "exception" in result.frame.columns else ()
    return Seen(
        of_rule=_of_rule(material, result, len(made)),
        of_users=tuple(made),
        subjects=subjects,
        by_exception={name: tuple(covered.get(name, ())) for name in used},
    )


def rule_observation_id(material: Material, rule_id: str) -> str:
    """The id of the observation on a rule as a whole."""
    return id_of(material.snapshot.run.id, "rule", rule_id)


def _listed(material: Material, result: RuleResult) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    places = result.frame.with_row_index("place")
    for verdict in places.filter(pl.col("verdict").is_in(SHOWN_WORDS)).head(LISTED).iter_rows(named=True):
        yield material.users.row(verdict["place"], named=True), verdict


def _item(material: Material, user: Mapping[str, Any]) -> dict[str, Any]:
    name = cell(user, "user.userPrincipalName")
    return {
        "uuid": id_of(material.snapshot.run.tenant_id, "user", user["user_id"].lower()),
        "description": "A user of the tenant.",
        "props": props(
            {"user-id": user["user_id"], "user-principal-name": "" if isinstance(name, Unknown) else name or ""}
        ),
    }


def _of_user(
    material: Material, result: RuleResult, user: Mapping[str, Any], verdict: Mapping[str, Any], item: str
) -> dict[str, Any]:
    rule = result.rule
    return {
        "uuid": id_of(material.snapshot.run.id, "rule", rule.id, user["user_id"].lower()),
        "title": f"{rule.id}: {verdict['verdict']}",
        "description": text(rule.title),
        "props": props(
            {
                "rule-id": rule.id,
                "verdict": verdict["verdict"],
                "reason": verdict["reason"] or "",
                "severity": verdict.get("severity") or rule.severity.value,
                "observed": observed(rule, user),
                "expected": expected(rule),
                "exception-id": verdict.get("exception") or "",
            }
        ),
        "methods": ["TEST"],
        "types": ["finding"],
        "origins": _origins(material),
        "subjects": [{"subject-uuid": item, "type": "inventory-item"}],
        "collected": iso(material.snapshot.run.finished_at),
    }


def _of_rule(material: Material, result: RuleResult, listed: int) -> dict[str, Any]:
    rule, about_tenant = result.rule, result.rule.scope is Scope.TENANT
    counts = counts_json(result.counts)
    shown = counts["fail"] + counts["waived"] + counts["notEvaluated"] + counts["error"]
    remarks = [f"Not evaluated for {count:,}: {text(reason.meaning)}" for reason, count in reasons_of(result).items()]
    if needs_everybody(material, result):
        remarks.append(NOT_PROVED)
    if not about_tenant and listed < shown:
        remarks.append(f"{listed:,} of {shown:,} users that are not in order have an observation of their own here.")
    return filled(
        {
            "uuid": rule_observation_id(material, rule.id),
            "title": text(f"{rule.id} {rule.title}"),
            "description": text(in_words(rule)),
            "props": props(
                {
                    "rule-id": rule.id,
                    "pack": rule.pack,
                    "scope": rule.scope.value,
                    "severity": rule.severity.value,
                    "verdict": verdict_of(material, result).value,
                    "count-pass": counts["pass"],
                    "count-fail": counts["fail"],
                    "count-waived": counts["waived"],
                    "count-not-evaluated": counts["notEvaluated"],
                    "count-not-applicable": counts["notApplicable"],
                    "count-error": counts["error"],
                    **({"observed": result.observed, "expected": expected(rule)} if about_tenant else {}),
                    **({} if about_tenant else {"users-listed": listed}),
                }
            ),
            "methods": ["TEST"],
            "types": ["control-objective"],
            "origins": _origins(material),
            "subjects": [{"subject-uuid": tenant_id(material), "type": "component"}],
            "relevant-evidence": [
                {"href": f"#{results_id(material)}", "description": "Every user under the rule, and the counts."},
                *evidence_of(material, rule),
            ],
            "collected": iso(material.snapshot.run.finished_at),
            "remarks": " ".join(remarks) or None,
        }
    )


def tenant_id(material: Material) -> str:
    """The id of the tenant as a component."""
    return id_of(material.snapshot.run.tenant_id, "tenant")


def _origins(material: Material) -> list[dict[str, Any]]:
    return [{"actors": [{"type": "tool", "actor-uuid": id_of(TOOL, material.snapshot.run.tool_version)}]}]
