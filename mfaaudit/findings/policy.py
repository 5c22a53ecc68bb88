"""A rule pack as it was read: who is looked at, what is asked of them, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mfaaudit.findings.condition import Condition, both, fields_of
from mfaaudit.sources.field import Scope
from mfaaudit.words import Severity, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """A number over the population, and the bound that it has to keep."""

    count: Condition
    over: Condition | None
    """None for the population of the rule."""
    percent: bool
    comparison: str
    """A name in COMPARISONS, or `between`."""
    bound: tuple[int, ...]
    min_coverage_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What a rule must say of a case; the proof that it carries with it."""

    given: tuple[Mapping[str, Any], ...]
    """One user, or for an aggregate several; `Unknown` where a value was not read."""
    verdict: Verdict
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One requirement."""

    id: str
    pack: str
    title: str
    rationale: str
    severity: Severity
    scope: Scope
    population: Condition | None
    applies_to: Condition | None
    require: Condition | None
    """None for an aggregate."""
    aggregate: Aggregate | None
    remediation: str
    references: tuple[str, ...]
    assessment: str
    """`full` if the rule decides its controls, `partly` if it is evidence for them."""
    examples: tuple[Example, ...]
    line: int

    @property
    def looks_at(self) -> Condition | None:
        """Population and applies_to together: whom the rule is about."""
        return both(self.population, self.applies_to)

    @property
    def observed_fields(self) -> tuple[str, ...]:
        """The names of the fields that the requirement looks at."""
        return tuple(field.name for field in fields_of(self.require))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One file of rules."""

    id: str
    version: str
    title: str
    description: str
    posture: str
    conflicts_with: tuple[str, ...]
    preconditions: Condition | None
    """About the tenant; where they do not hold, no rule of the pack applies."""
    rules: tuple[Rule, ...]
    file: str
    text: str
    """The file as it was read, so that a bundle can keep it."""
    sha256: str
    lists_text: str
    """The shared lists that it was read with; empty if there were none."""
    lists_sha256: str
