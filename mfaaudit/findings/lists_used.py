"""The lists that rules name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mfaaudit.findings.condition import tests_of
from mfaaudit.findings.policy import Pack, Rule
from mfaaudit.findings.values import Named


def lists_used(pack: Pack) -> dict[str, tuple[str, ...]]:
    """Each list of a pack with its values, in the order in which the rules name them."""
    return lists_of(pack.rules)


def lists_of(rules: Iterable[Rule]) -> dict[str, tuple[str, ...]]:
    """The same of some rules."""
    found: dict[str, tuple[str, ...]] = {}
    for rule in rules:
        for condition in rule.conditions:
            for test in tests_of(condition):
                found |= {one.name: tuple(one) for one in _named(test.operand) if one.name not in found}
    return found


def _named(operand: Any) -> Iterator[Named]:
    if isinstance(operand, Named):
        yield operand
    elif isinstance(operand, tuple):
        for part in operand:
            yield from _named(part)
