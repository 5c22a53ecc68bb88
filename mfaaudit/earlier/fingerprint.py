"""A short name for what a rule asks, so that two audits can tell whether they asked the same."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from mfaaudit.findings.condition import AllOf, AnyOf, Condition, Not, Test
from mfaaudit.findings.operators import Takes
from mfaaudit.findings.policy import Aggregate, Rule
from mfaaudit.sources.field import Field


def fingerprint(rule: Rule) -> str:
    """The hash of everything that can decide whether somebody passes; two rules that ask the same have the same one.

    Its words, its severity, its examples, its pack and that pack's version have no say, nor the order in which
    conditions or the values of a list were written. Whether a failure may be waived has none either: a waived
    failure is a failure still.
    """
    asked = {
        "scope": rule.scope.value,
        "postures": sorted(set(rule.postures)),
        "preconditions": _condition(rule.preconditions),
        "looksAt": _condition(rule.looks_at),
        "require": _condition(rule.require),
        "aggregate": _aggregate(rule.aggregate),
    }
    text = json.dumps(asked, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _aggregate(aggregate: Aggregate | None) -> Any:
    if aggregate is None:
        return None
    return {
        "count": _condition(aggregate.count),
        "over": _condition(aggregate.over),
        "percent": aggregate.percent,
        "comparison": aggregate.comparison,
        "bound": list(aggregate.bound),
        "minCoveragePercent": aggregate.min_coverage_percent,
    }


def _condition(condition: Condition | None) -> Any:
    match condition:
        case None:
            return None
        case Test():
            return ["test", condition.field.name, condition.operator.name, _operand(condition), condition.if_empty.name]
        case Not(part=part):
            return ["not", _condition(part)]
        case AllOf() | AnyOf():
            return _joined(condition)


def _joined(condition: AllOf | AnyOf) -> Any:
    """The parts, each once and in a fixed order; what is joined in the same way within is joined here."""
    kind = type(condition)
    parts: dict[str, Any] = {}
    waiting = list(condition.parts)
    while waiting:
        part = waiting.pop()
        if isinstance(part, kind):
            waiting += part.parts
        else:
            canonical = _condition(part)
            parts[json.dumps(canonical)] = canonical
    ordered = [parts[key] for key in sorted(parts)]
    return ordered[0] if len(ordered) == 1 else ["all" if kind is AllOf else "any", *ordered]


def _operand(test: Test) -> Any:
    operand = test.operand
    if isinstance(operand, Field):
        return {"field": operand.name}
    if test.operator.takes is Takes.VALUES:
        return sorted(set(operand))
    if test.operator.takes is Takes.COUNT_EXCLUDING:
        of, comparison, bound = operand
        return [sorted(set(of)), comparison, bound]
    return list(operand) if isinstance(operand, tuple) else operand
