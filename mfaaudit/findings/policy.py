"""A rule pack as it was read: who is looked at, what is asked of them, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mfaaudit.findings.condition import Condition, both, fields_of
from mfaaudit.sources.field import Scope
from mfaaudit.words import Severity, Verdict


class Assessment(StrEnum):
    """How much of a control is decided here."""

    FULL = "full"
    PARTLY = "partly"
    """There is evidence for it, not proof of it."""
    MANUAL = "manual"
    """A person must look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """A number over the population, and the bound that it has to keep."""

    count: Condition
    over: Condition | None
    """None for everybody."""
    percent: bool
    comparison: str
    """A name in COMPARISONS, or `between`."""
    bound: tuple[int, ...]
    min_coverage_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityWhen:
    """Another severity for those of whom a condition holds."""

    condition: Condition
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What a rule must say of a case; the proof that it carries with it."""

    given: tuple[Mapping[str, Any], ...]
    """One user, or for an aggregate several; `Unknown` where a value was not read."""
    verdict: Verdict
    severity: Severity | None
    """Of the failure, where the example says it."""
    file: str = field(compare=False)
    """A changed rule has its examples from another file than its title."""
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One requirement."""

    id: str
    pack: str
    """The id of the pack that it was read from; another pack may include it."""
    title: str
    rationale: str
    severity: Severity
    severity_when: tuple[SeverityWhen, ...]
    """The first that holds counts."""
    scope: Scope
    postures: tuple[str, ...]
    """That of its pack, and its own."""
    preconditions: Condition | None
    """About the tenant; where they do not hold, the rule does not apply."""
    population: Condition | None
    applies_to: Condition | None
    require: Condition | None
    """None for an aggregate."""
    aggregate: Aggregate | None
    blocked_by: tuple[str, ...]
    """Ids of rules; until all of them pass, nobody should do what the remediation says."""
    waivable: bool
    """Whether an entry of the exceptions register can cover a failure."""
    remediation: str
    actions: tuple[str, ...]
    """Ids of what cures a failure, in the order in which they are tried for a user; the remediation stands in for none
    that fits."""
    references: tuple[str, ...]
    assessment: Assessment
    """Whether the rule decides the controls in `references`."""
    examples: tuple[Example, ...]
    changed_from: str
    """Id and version of the pack whose rule this is with other values; empty if it is as written."""
    file: str = field(compare=False)
    line: int

    @property
    def looks_at(self) -> Condition | None:
        """Population and applies_to together: whom the rule is about."""
        return both(self.population, self.applies_to)

    @property
    def observed_fields(self) -> tuple[str, ...]:
        """The names of the fields that the requirement looks at."""
        return tuple(field.name for field in fields_of(self.require))

    @property
    def conditions(self) -> tuple[Condition | None, ...]:
        """All conditions that can decide its verdict or its severity."""
        counted = () if self.aggregate is None else (self.aggregate.over, self.aggregate.count)
        when = (one.condition for one in self.severity_when)
        return (self.preconditions, self.looks_at, self.require, *counted, *when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """The published text that a pack renders."""

    name: str
    version: str
    source: str
    """`primary` if its own text was read, `secondary` if only what others say of it."""
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One requirement of a framework, and the rules that bear on it."""

    id: str
    title: str
    assessment: Assessment
    rules: tuple[str, ...]
    """Ids of rules of the pack; none for a control that a person must look at."""
    note: str
    """What the rules do not say about it, or what a person has to look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A file as it was read, so that a bundle can keep it."""

    pack: str
    """The id of the pack that it holds."""
    file: str
    text: str
    sha256: str
    lists_text: str
    """The shared lists that it was read with; empty if there were none."""
    lists_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One file of rules."""

    id: str
    version: str
    title: str
    description: str
    posture: str
    """The one that it is written for, or `any`."""
    judges: str
    """`tenant`, or `data` for rules on whether the data can be relied on."""
    conflicts_with: tuple[str, ...]
    framework: Framework | None
    controls: tuple[Control, ...]
    rules: tuple[Rule, ...]
    """Its own, and those that it includes or extends."""
    fill_in: Mapping[str, str]
    """Lists that the pack cannot know: name -> what belongs in them."""
    left_out: Mapping[str, str]
    """Rules of the pack that it extends, by id, and why they were left out."""
    text: Text
    based_on: tuple[Text, ...]
    """The files of the packs that it includes from or extends."""
    attestation: str = ""
    """The statement that somebody signs on a page of the report; empty for a pack that has no such page."""

    @property
    def file(self) -> str:
        """Where it was read from."""
        return self.text.file

    @property
    def sha256(self) -> str:
        """Of its own file."""
        return self.text.sha256
