"""Reads the examples that a rule carries."""

from __future__ import annotations

from typing import Any

from mfaaudit.findings.policy import Example
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Severity, Unknown, Verdict
from mfaaudit.yaml_nodes import Node, nearest


def read_examples(node: Node | None) -> tuple[Example, ...]:
    """The examples of one rule. Raises PolicyProblem."""
    return () if node is None else tuple(_example(one) for one in node.elements("examples"))


def _example(node: Node) -> Example:
    found = node.fields("an example", ("given", "users", "verdict", "severity"), ("verdict",))
    if ("given" in found) == ("users" in found):
        raise node.problem("an example has either given or users", "Use users only for an aggregate.")
    if "severity" in found and found["verdict"].scalar() != Verdict.FAIL.value:
        raise found["severity"].key_problem("only a failure has a severity", "Remove it.")
    people = found["users"].elements("users") if "users" in found else [found["given"]]
    return Example(
        given=tuple(_case(one) for one in people),
        verdict=Verdict(found["verdict"].word("verdict", [one.value for one in Verdict])),
        severity=Severity(found["severity"].word("severity", [one.value for one in Severity]))
        if "severity" in found
        else None,
        file=node.file,
        line=node.line,
    )


def _case(node: Node) -> dict[str, Any]:
    case: dict[str, Any] = {}
    for name, value in node.items("given"):
        if name not in FIELDS:
            raise value.key_problem(f"there is no field {name!r}", nearest(name, FIELDS))
        case[name] = _given(name, value)
    return case


def _given(name: str, node: Node) -> Any:
    if node.is_mapping():
        reason = node.fields("an unknown value", ("unknown",), ("unknown",))["unknown"]
        return Unknown(Reason(reason.word("unknown", [one.value for one in Reason])))
    if node.scalar() == "unknown":
        return Unknown(Reason.NOT_REQUESTED)
    raw = [one.text("a value") for one in node.elements(name)] if node.is_list() else node.scalar()
    value = FIELDS[name].accept(raw)
    if isinstance(value, Unknown) or raw is None:
        raise node.problem(f"{name} is never {node.described()}", "Write a value that the field can hold, or unknown.")
    return value
