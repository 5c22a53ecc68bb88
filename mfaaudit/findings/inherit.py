"""The rules of a pack that is extended: some with other values, some left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mfaaudit.findings.read_condition import Lists
from mfaaudit.findings.read_rule import KEYS, MEANING
from mfaaudit.yaml_nodes import Node, nearest

FIXED = ("id", "scope")
"""What makes a rule that rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRule:
    """A rule as its keys and their values stand in files."""

    node: Node
    found: Mapping[str, Node] = field(default_factory=dict)
    changed_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """What a pack has that another extends."""

    name: str
    """Its id and its version."""
    rules: Sequence[RawRule]
    included: Mapping[str, str]
    """Rules that it includes, by id, and the pack that each comes from."""
    population: Node | None
    preconditions: Node | None


def inherited(parent: Parent, root: Mapping[str, Node], lists: Lists) -> tuple[list[RawRule], dict[str, str]]:
    """The parent's rules as a pack changes them, and why it leaves some out, included ones too.

    Of a rule whose meaning changes the parent's examples no longer hold: the pack gives its own, or none.
    Raises PolicyProblem for a rule that the parent does not hold.
    """
    known = {rule.found["id"].text("id"): rule for rule in parent.rules}
    left_out: dict[str, str] = {}
    for name, node in root["without"].items("without") if "without" in root else ():
        _known(name, node, (*known, *parent.included))
        left_out[name] = node.text("why the rule is left out")
    changes: dict[str, Mapping[str, Node]] = {}
    for name, node in root["change"].items("change") if "change" in root else ():
        if name in parent.included:
            raise node.key_problem(
                f"{name} is a rule of {parent.included[name]}, which {parent.name} only includes",
                f"Leave it out under `without`, and change it in a pack that extends {parent.included[name]}.",
            )
        _known(name, node, known)
        if name in left_out:
            raise node.key_problem(f"{name} is changed and left out", "Keep one of the two.")
        changes[name] = node.fields("a change", [key for key in KEYS if key not in FIXED])
    population, preconditions = (_named(one, lists) for one in (parent.population, parent.preconditions))
    made = []
    for name, rule in known.items():
        if name in left_out:
            continue
        change = changes.get(name, {})
        other_lists = preconditions or (population and "population" not in rule.found)
        other_lists = other_lists or any(_named(one, lists) for one in rule.found.values())
        if not change and not other_lists:
            made.append(rule)
            continue
        meant = other_lists or any(key in change for key in (*MEANING, "min_coverage_percent"))
        kept = {key: value for key, value in rule.found.items() if not (meant and key == "examples")}
        made.append(RawRule(node=rule.node, found={**kept, **change}, changed_from=parent.name))
    return made, left_out


def lists_named(nodes: Iterable[Node]) -> frozenset[str]:
    """The names of the lists that some places name as $name."""
    return frozenset(one[1:] for node in nodes for one in _scalars(node.raw) if one.startswith("$"))


def _named(node: Node | None, lists: Lists) -> bool:
    return node is not None and not lists_named([node]).isdisjoint(lists)


def _known(name: str, node: Node, known: Collection[str]) -> None:
    if name not in known:
        raise node.key_problem(f"the pack that is extended has no rule {name!r}", nearest(name, known))


def _scalars(raw: object) -> Iterator[str]:
    value = getattr(raw, "value", None)
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            for one in part if isinstance(part, tuple) else (part,):
                yield from _scalars(one)
