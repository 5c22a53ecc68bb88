"""The parts of results.json about several audits: how long failures lasted, and the sign-ins of each day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mfaaudit.earlier import Audit
from mfaaudit.earlier.quarter import Count, Day, Period, SignInsOfPeriod, merged
from mfaaudit.earlier.time_to_fix import Duration, time_to_fix
from mfaaudit.reports.change_numbers import everything
from mfaaudit.reports.material import Material
from mfaaudit.reports.sections.time_to_fix import FEWEST
from mfaaudit.reports.verdict_numbers import percent


def lasting(material: Material) -> dict[str, Any] | None:
    """How long failures lasted; None where too few audits were given."""
    earlier = material.earlier
    if earlier is None or len(everything(earlier)) < FEWEST:
        return None
    return lasting_json(everything(earlier))


def sign_ins(material: Material) -> dict[str, Any] | None:
    """The sign-ins of each day that an audit tells of; None if no earlier one was given."""
    return None if material.earlier is None else sign_ins_json(everything(material.earlier))


def lasting_json(audits: Sequence[Audit]) -> dict[str, Any]:
    """The same of any two audits or more."""
    found = time_to_fix(audits)
    return {
        "audits": [one.run_id for one in audits],
        "all": _duration(found.in_all()),
        "bySeverity": [{"severity": severity.value} | _duration(one) for severity, one in found.by_severity()],
        "byRule": [{"id": rule.id, "severity": rule.severity.value} | _duration(one) for rule, one in found.by_rule()],
    }


def sign_ins_json(audits: Sequence[Audit]) -> dict[str, Any]:
    """The same of any audits."""
    found = merged(audits)
    return {
        "all": _period(found.in_all),
        "quarters": [{"name": one.name} | _period(one) for one in found.quarters],
        "months": [{"name": one.name} | _period(one) for one in found.months],
        "gaps": [{"from": first.isoformat(), "to": last.isoformat()} for first, last in found.gaps],
        "days": [_day(one, found) for one in found.days if not one.missing],
    }


def _duration(one: Duration) -> dict[str, Any]:
    return {
        "failuresSeen": one.total,
        "fixed": one.fixed,
        "medianDaysAtMost": one.median,
        "longestDaysAtMost": one.longest,
        "longestDaysAtLeast": one.surely,
        "open": one.open,
        "openMedianDays": one.open_median,
        "openLongestDays": one.open_longest,
        "notKnown": {end.value: count for end, count in one.not_known.items()},
    }


def _period(one: Period) -> dict[str, Any]:
    return {
        "days": one.days,
        "wholeDays": one.whole,
        "partialDays": one.partial,
        "success": one.success,
        "failure": one.failure,
        "completedPercent": percent(one.share),
    }


def _day(one: Day, found: SignInsOfPeriod) -> dict[str, Any]:
    return {
        "day": one.day.isoformat(),
        "whole": one.whole,
        "success": _count(one.success, found),
        "failure": _count(one.failure, found),
    }


def _count(one: Count | None, found: SignInsOfPeriod) -> dict[str, Any] | None:
    if one is None:
        return None
    others = [{"runId": found.audits[place].run_id, "value": value} for place, value in one.others.items()]
    return {"value": one.value, "runId": found.audits[one.audit].run_id, "whole": one.whole, "others": others}
