"""Which rules stay open where some fields cannot be read: worked out from the rules alone, without any data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import product

from mfaaudit.findings.condition import AllOf, AnyOf, Condition, Not, Test, fields_of
from mfaaudit.findings.policy import Pack, Rule
from mfaaudit.words import Verdict

POSTURE = "declared.posture"
"""What decides whether a rule for some postures applies at all."""
Truth = bool | None
Truths = frozenset[Truth]

CERTAIN: Truths = frozenset({True})
EITHER: Truths = frozenset({True, False})
UNKNOWN: Truths = frozenset({None})


def open_rules(packs: Sequence[Pack], unread: AbstractSet[str]) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The rules that then can judge nobody, and those that can judge some or not, as the other values turn out.

    `unread` holds names of fields that are unknown for everybody. Every other value is taken as read.
    """
    never: list[Rule] = []
    perhaps: list[Rule] = []
    for rule in {rule.id: rule for pack in packs for rule in pack.rules}.values():
        verdicts = set(_verdicts(rule, unread))
        if Verdict.NOT_EVALUATED in verdicts:
            (perhaps if None in verdicts else never).append(rule)
    return tuple(never), tuple(perhaps)


def fields_of_rule(rule: Rule) -> frozenset[str]:
    """The names of all fields that can decide a rule, those of its preconditions included."""
    named = frozenset(field.name for condition in rule.conditions for field in fields_of(condition))
    return named | {POSTURE} if rule.postures else named


def _verdicts(rule: Rule, unread: AbstractSet[str]) -> Iterator[Verdict | None]:
    # None stands for a pass or a fail. The order of the questions is that of judging.
    gates, scopes = truths(rule.preconditions, unread), truths(rule.looks_at, unread)
    if rule.postures and POSTURE in unread:
        gates = frozenset(None if one is True else one for one in gates)
    for gate, scope, require in product(gates, scopes, _asked(rule, unread)):
        if gate is False or scope is False:
            yield Verdict.NOT_APPLICABLE
        elif gate is None or scope is None or require is None:
            yield Verdict.NOT_EVALUATED
        else:
            yield None


def _asked(rule: Rule, unread: AbstractSet[str]) -> Truths:
    if rule.aggregate is None:
        return truths(rule.require, unread)
    # A user counts for nothing until it is known both whether he is in the population and whether he is a hit.
    over, hits = truths(rule.aggregate.over, unread), truths(rule.aggregate.count, unread)
    return frozenset(None if one is None or hit is None else True for one, hit in product(over - {False}, hits))


def truths(condition: Condition | None, unread: AbstractSet[str]) -> Truths:
    """What a condition can come to: a value that was read can make its test true or false, any other leaves it open."""
    match condition:
        case None:
            return CERTAIN
        case Test(fields=fields):
            return UNKNOWN if any(field.name in unread for field in fields) else EITHER
        case Not(part=part):
            return frozenset(None if one is None else not one for one in truths(part, unread))
        case AllOf(parts=parts):
            return _joined([truths(part, unread) for part in parts], _and, start=True)
        case AnyOf(parts=parts):
            return _joined([truths(part, unread) for part in parts], _or, start=False)


def _joined(parts: Sequence[Truths], join: Callable[[Truth, Truth], Truth], *, start: bool) -> Truths:
    found: Truths = frozenset({start})
    for part in parts:
        found = frozenset(join(one, other) for one, other in product(found, part))
    return found


def _and(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _or(one: Truth, other: Truth) -> Truth:
    if one is True or other is True:
        return True
    return None if one is None or other is None else False
