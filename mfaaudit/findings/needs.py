"""What rules need to have been read: the values that they look at, and the groups that they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mfaaudit.findings.condition import Test, tests_of
from mfaaudit.findings.policy import Pack


def fields_needed(packs: Sequence[Pack]) -> frozenset[str]:
    """The names of all fields that decide a rule, or its severity."""
    return frozenset(field.name for test in _tests(packs) for field in test.fields)


def groups_named(packs: Sequence[Pack]) -> frozenset[str]:
    """The object ids, in lower case, of the groups that rules ask about."""
    asked = (test.operand for test in _tests(packs) if test.field.partial)
    return frozenset(one for operand in asked for one in ((operand,) if isinstance(operand, str) else operand))


def _tests(packs: Sequence[Pack]) -> Iterator[Test]:
    for pack in packs:
        for rule in pack.rules:
            for condition in rule.conditions:
                yield from tests_of(condition)
