"""The events of one audit: one for each rule as a whole, one for each finding, and one for each that is none any more.

A rule about users as a whole says how many passed, so that a SIEM sees passes without an event for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from mfaaudit.findings import RuleResult, expected
from mfaaudit.reports.material import FindingRow, Material, cell, finding_rows
from mfaaudit.reports.ocsf.envelope import Envelope
from mfaaudit.reports.ocsf.history import Closed, History
from mfaaudit.reports.ocsf.rule_words import RuleWords, rule_words
from mfaaudit.reports.ocsf.words import NEW, SUPPRESSED, Activity, Kind, other
from mfaaudit.reports.register_numbers import until
from mfaaudit.reports.rule_verdict import NOT_PROVED, needs_everybody, reasons_of, verdict_of
from mfaaudit.reports.verdict_numbers import counts_json
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Severity, Unknown, Verdict

OF_USERS = ("user.displayName", "user.accountEnabled", "user.userType", "user.department", "registration.isAdmin")
"""What resources[].data says of a user."""
OPEN = other("Open")
"""A finding that went on: what its reader has made of it since is not known here."""
QUIET = (Verdict.PASS, Verdict.NOT_APPLICABLE)
"""What is no finding, and so has no status of one."""


def events(material: Material) -> Iterator[dict[str, Any]]:
    """All events, in an order that depends on nothing but the audit."""
    results = material.findings.results
    words = {one.rule.id: rule_words(one.rule, material.findings.packs) for one in results}
    envelope, history = Envelope(material), History(material.earlier, material.users)
    for result in results:
        yield _of_rule(material, envelope, history, result, words[result.rule.id])
    yield from _of_users(material, envelope, history, words)
    for result in results:
        for one in history.closed(result.rule.id):
            # That of a rule about the tenant has been sent.
            if one.user is not None:
                yield _closed(envelope, one, words[result.rule.id])


def _of_rule(
    material: Material, envelope: Envelope, history: History, result: RuleResult, words: RuleWords
) -> dict[str, Any]:
    """A rule as a whole: about the tenant it is the finding itself, about users what all of them come to."""
    verdict, about_tenant = verdict_of(material, result), result.rule.scope is Scope.TENANT
    reasons = reasons_of(result)
    detail = [f"Observed: {result.observed}. Expected: {expected(result.rule)}."] if about_tenant else []
    detail += [f"{count:,} not evaluated, {reason.value}: {reason.meaning}" for reason, count in reasons.items()]
    if needs_everybody(material, result):
        detail.append(NOT_PROVED)
    activity, status = Activity.UPDATE if history.knows(result.rule.id) else Activity.CREATE, None
    if about_tenant:
        activity, status = _of_tenant(history, result, verdict)
    seen = history.first_seen(result.rule.id).get(None) if about_tenant else None
    return envelope.event(
        words,
        kind=Kind.TENANT if about_tenant else Kind.RULE,
        activity=activity,
        status=status,
        severity=_severity(result, verdict),
        first_seen=seen,
        compliance=words.compliance(verdict, _code(verdict, next(iter(reasons), "")), " ".join(detail), of_all=True),
        unmapped={
            "verdict": verdict.value,
            "counts": counts_json(result.counts),
            "reasons": {reason.value: count for reason, count in reasons.items()},
            **({"observed": result.observed, "expected": expected(result.rule)} if about_tenant else {}),
            **_waits(result),
        },
    )


def _of_tenant(history: History, result: RuleResult, verdict: Verdict) -> tuple[Activity, tuple[int, str] | None]:
    closed = next(history.closed(result.rule.id), None)
    if verdict in QUIET:
        return (Activity.CREATE, None) if closed is None else (Activity.CLOSE, closed.status)
    was_shown = history.was_shown(result.rule.id)
    return _standing(verdict, went_on=was_shown is not None and bool(was_shown[0]))


def _severity(result: RuleResult, verdict: Verdict) -> Severity:
    """That of the worst failure; what is in order alarms nobody."""
    if verdict in QUIET:
        return Severity.INFO
    failed = [severity for severity, count in result.failures.items() if count]
    return max(failed, key=lambda one: one.rank, default=result.rule.severity)


def _code(verdict: Verdict, reason: str) -> str:
    """Why there is no result; empty where there is one."""
    if verdict is Verdict.ERROR:
        return verdict.value
    return reason if verdict is Verdict.NOT_EVALUATED else ""


def _standing(verdict: Verdict, *, went_on: bool) -> tuple[Activity, tuple[int, str]]:
    activity = Activity.UPDATE if went_on else Activity.CREATE
    if verdict is Verdict.WAIVED:
        return activity, SUPPRESSED
    return activity, OPEN if went_on else NEW


def _of_users(
    material: Material, envelope: Envelope, history: History, words: Mapping[str, RuleWords]
) -> Iterator[dict[str, Any]]:
    days, tickets = until(material), {one.entry.id: one.entry.ticket for one in material.exceptions}
    of_rule, went_on, seen = "", frozenset[str](), history.first_seen("")
    for row in finding_rows(material):
        if row.user is None:
            continue
        rule = row.result.rule
        if rule.id != of_rule:
            of_rule, went_on, seen = rule.id, _went_on(history, rule.id, material.users), history.first_seen(rule.id)
        activity, status = _standing(row.status, went_on=row.user["user_id"] in went_on)
        yield envelope.event(
            words[rule.id],
            kind=Kind.USER,
            activity=activity,
            status=status,
            severity=row.severity,
            user=row.user,
            data=dict(_data(row.user)),
            first_seen=seen.get(row.user["user_id"].lower()),
            compliance=words[rule.id].compliance(row.status, _code(row.status, row.reason), _detail(row), of_all=False),
            unmapped=_unmapped(row, days, tickets),
        )


def _went_on(history: History, rule_id: str, users: pl.DataFrame) -> frozenset[str]:
    was_shown = history.was_shown(rule_id)
    return frozenset() if was_shown is None else frozenset(users["user_id"].filter(was_shown))


def _detail(row: FindingRow) -> str:
    if row.reason:
        return Reason(row.reason).meaning
    return f"Observed: {row.observed}. Expected: {row.expected}."


def _unmapped(row: FindingRow, days: Mapping[tuple[str, str], date], tickets: Mapping[str, str]) -> dict[str, Any]:
    made = {"verdict": row.status.value, "observed": row.observed, "expected": row.expected, "action": row.action}
    if row.exception:
        made["exceptionId"] = row.exception
        made["exceptionExpiresOn"] = days[row.exception, row.result.rule.id].isoformat()
        made["ticket"] = tickets[row.exception]
    return {**{name: value for name, value in made.items() if value}, **_waits(row.result)}


def _waits(result: RuleResult) -> dict[str, Any]:
    return {"blockedBy": list(result.blocked_by)} if result.blocked_by else {}


def _data(user: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What was read of a user by its own name; what was not read is null, and its reason stands beside it."""
    for field in OF_USERS:
        name, value = field.partition(".")[2], cell(user, field)
        unread = isinstance(value, Unknown)
        yield name, None if unread else value
        if unread:
            yield f"{name}Reason", value.reason.value


def _closed(envelope: Envelope, one: Closed, words: RuleWords) -> dict[str, Any]:
    verdict = Verdict.NOT_APPLICABLE if one.now is None else one.now
    return envelope.event(
        words,
        kind=Kind.USER,
        activity=Activity.CLOSE,
        status=one.status,
        severity=words.severity,
        user=one.user,
        compliance=words.compliance(verdict, "", "", of_all=False),
        unmapped={"verdict": None if one.now is None else one.now.value, "verdictBefore": one.before.value},
    )
