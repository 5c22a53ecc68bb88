"""The rules of a pack that is extended: some with other values, some left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


def inherited(
    rules: Sequence[RawRule], parent: str, root: Mapping[str, Node], lists: Lists
) -> tuple[list[RawRule], dict[str, str]]:
    """The parent's rules as a pack changes them, and why it leaves some out.

    Of a rule whose meaning changes the parent's examples no longer hold: the pack gives its own, or none.
    Raises PolicyProblem for a rule that the parent does not hold.
    """
    known = {rule.found["id"].text("id"): rule for rule in rules}
    left_out: dict[str, str] = {}
    for name, node in root["without"].items("without") if "without" in root else ():
        _known(name, node, known)
        left_out[name] = node.text("why the rule is left out")
    changes: dict[str, Mapping[str, Node]] = {}
    for name, node in root["change"].items("change") if "change" in root else ():
        _known(name, node, known)
        if name in left_out:
            raise node.key_problem(f"{name} is changed and left out", "Keep one of the two.")
        changes[name] = node.fields("a change", [key for key in KEYS if key not in FIXED])
    made = []
    for name, rule in known.items():
        if name in left_out:
            continue
        change = changes.get(name, {})
        other_lists = [one for one in lists if f"${one}" in set(_scalars(rule.node.raw))]
        if not change and not other_lists:
            made.append(rule)
            continue
        meant = other_lists or any(key in change for key in (*MEANING, "min_coverage_percent"))
        kept = {key: value for key, value in rule.found.items() if not (meant and key == "examples")}
        made.append(RawRule(node=rule.node, found={**kept, **change}, changed_from=parent))
    return made, left_out


def _known(name: str, node: Node, known: Mapping[str, RawRule]) -> None:
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
