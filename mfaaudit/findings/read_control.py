"""Reads what a pack says of a published framework: its controls, and which rules bear on each."""

from __future__ import annotations

from collections.abc import Collection

from mfaaudit.findings.policy import Assessment, Control, Framework
from mfaaudit.yaml_nodes import Node, nearest

SOURCES = ("primary", "secondary")


def read_framework(node: Node) -> Framework:
    """Which text the pack renders. Raises PolicyProblem."""
    found = node.fields("framework", ("name", "version", "source", "note"), ("name", "version", "source"))
    return Framework(
        name=found["name"].text("name"),
        version=found["version"].text("version"),
        source=found["source"].word("source", SOURCES),
        note=found["note"].text("note") if "note" in found else "",
    )


def read_controls(node: Node | None, known: Collection[str] | None) -> tuple[Control, ...]:
    """The controls in their order; `known` holds the ids of the pack's rules. Raises PolicyProblem."""
    read = [] if node is None else [_control(one, known) for one in node.elements("controls")]
    seen: set[str] = set()
    for control, raw in zip(read, node.elements("controls") if node is not None else (), strict=True):
        if control.id in seen:
            raise raw.problem(f"the control {control.id!r} comes twice", "Write it once, with all its rules.")
        seen.add(control.id)
    return tuple(read)


def _control(node: Node, known: Collection[str] | None) -> Control:
    found = node.fields("a control", ("id", "title", "assessment", "rules", "note"), ("id", "title", "assessment"))
    assessment = Assessment(found["assessment"].word("assessment", [one.value for one in Assessment]))
    nodes = found["rules"].elements("rules") if "rules" in found else []
    for one in nodes:
        if known is not None and one.text("a rule id") not in known:
            raise one.problem(f"the pack has no rule {one.text('a rule id')!r}", nearest(one.text("a rule id"), known))
    if (assessment is Assessment.MANUAL) == bool(nodes):
        raise node.problem(
            "a manual control has no rules, and any other has some", "Write what a person has to look at in `note`."
        )
    if assessment is not Assessment.FULL and "note" not in found:
        raise node.problem(f"a control that is {assessment} needs a note", "Say what the rules do not prove.")
    return Control(
        id=found["id"].text("the id of a control"),
        title=found["title"].text("title"),
        assessment=assessment,
        rules=tuple(one.text("a rule id") for one in nodes),
        note=found["note"].text("note") if "note" in found else "",
    )
