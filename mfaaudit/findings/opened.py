"""A pack whose rules are still as its file has them, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mfaaudit.errors import PolicyProblem
from mfaaudit.findings.inherit import RawRule
from mfaaudit.findings.policy import Control, Framework, Rule, Text
from mfaaudit.findings.read_condition import ConditionReader, Lists
from mfaaudit.findings.read_rule import Surroundings, read_preconditions, read_rule
from mfaaudit.findings.shelf import PackFile
from mfaaudit.sources.field import Scope
from mfaaudit.yaml_files import sha256_of_text
from mfaaudit.yaml_nodes import Node, nearest

PACK_KEYS = (
    "pack",
    "lists",
    "fill_in",
    "population",
    "preconditions",
    "include",
    "change",
    "without",
    "rules",
    "controls",
)
HEAD_KEYS = (
    "id",
    "version",
    "title",
    "description",
    "posture",
    "judges",
    "conflicts_with",
    "extends",
    "framework",
    "attestation",
)
JUDGES = ("tenant", "data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A pack whose rules are still nodes, so that another pack can change them."""

    file: PackFile
    root: Mapping[str, Node]
    head: Mapping[str, Node]
    id: str
    version: str
    posture: str
    judges: str
    conflicts_with: tuple[str, ...]
    attestation: str
    lists: Lists
    fill_in: Mapping[str, str]
    rules: Sequence[RawRule]
    population: Node | None
    preconditions: Node | None
    included: tuple[Rule, ...]
    framework: Framework | None
    controls: tuple[Control, ...]
    left_out: Mapping[str, str]
    based_on: tuple[Text, ...]
    levels: int
    """How deep the packs that it is made of lie below one another, itself counted."""


def text_of(opened: Opened) -> Text:
    """Its file, to be kept."""
    given = opened.file
    return Text(
        pack=opened.id,
        file=given.file,
        text=given.text,
        sha256=sha256_of_text(given.text),
        lists_text=given.lists_text,
        lists_sha256=sha256_of_text(given.lists_text) if given.lists_text else "",
    )


def rules_of(opened: Opened) -> tuple[Rule, ...]:
    """Its own rules, read, and those that it includes. Raises PolicyProblem."""
    reader = ConditionReader(opened.lists)
    around = Surroundings(
        reader=reader,
        pack=opened.id,
        posture=opened.posture,
        population=None if opened.population is None else reader.read(opened.population, Scope.USER),
        preconditions=read_preconditions(reader, opened.preconditions),
    )
    own = [read_rule(raw.node, raw.found, around, raw.changed_from) for raw in opened.rules]
    rules = (*own, *opened.included)
    _no_twins(rules)
    if not rules:
        raise (opened.root.get("rules") or opened.root["pack"]).problem(
            "the pack has no rules", "Write at least one, or include some of another pack."
        )
    _blockers_are_there(rules)
    return rules


def _no_twins(rules: Sequence[Rule]) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in seen:
            other = seen[rule.id]
            where = f": see {other.file}:{other.line}" if other.file != rule.file else ""
            raise _problem(rule, f"the rule id {rule.id!r} comes twice{where}", "Give each rule an id of its own.")
        seen[rule.id] = rule


def _blockers_are_there(rules: Sequence[Rule]) -> None:
    known = {rule.id for rule in rules}
    for rule in rules:
        for other in rule.blocked_by:
            if other not in known:
                raise _problem(
                    rule, f"{rule.id} is blocked by {other!r}, which the pack does not hold", nearest(other, known)
                )
    _nothing_waits_for_itself({rule.id: rule for rule in rules})


def _nothing_waits_for_itself(rules: Mapping[str, Rule]) -> None:
    free: set[str] = set()
    for rule in rules.values():
        # The rules from this one down to where the search is, each with the blockers that are still to be looked at.
        trail = [(rule.id, iter(rule.blocked_by))]
        while trail:
            name, waiting = trail[-1]
            other = next((one for one in waiting if one not in free), None)
            ids = [one for one, _ in trail]
            if other is None:
                free.add(name)
                trail.pop()
            elif other in ids:
                circle = " → ".join((*ids[ids.index(other) :], other))
                raise _problem(rules[other], f"{circle} wait for one another", "Remove one of them from blocked_by.")
            else:
                trail.append((other, iter(rules[other].blocked_by)))


def _problem(rule: Rule, message: str, hint: str) -> PolicyProblem:
    return PolicyProblem(message, hint=hint, file=rule.file, line=rule.line)
