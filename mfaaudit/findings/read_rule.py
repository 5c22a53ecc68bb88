"""Reads one rule, strictly: what is not understood is an error, never ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mfaaudit.declared.words import ANY, AUTO, CHOICES
from mfaaudit.findings.condition import Condition, Empty, both, where_empty
from mfaaudit.findings.policy import Aggregate, Assessment, Rule, SeverityWhen
from mfaaudit.findings.read_condition import ConditionReader, read_comparison, read_range
from mfaaudit.findings.read_example import read_examples
from mfaaudit.findings.read_words import read_flag, read_id, read_texts
from mfaaudit.sources.field import Scope
from mfaaudit.words import Severity
from mfaaudit.yaml_nodes import HIGHEST, Node

POSTURES = (ANY, *(one for one in CHOICES if one != AUTO))
NEEDED = ("id", "title", "rationale", "severity", "require", "remediation")
MEANING = ("applies_to", "population", "preconditions", "require", "aggregate", "null_means")
"""The keys that decide whom a rule passes and whom it fails."""
KEYS = (
    "id",
    "title",
    "rationale",
    "severity",
    "severity_when",
    "scope",
    "posture",
    "preconditions",
    "population",
    "applies_to",
    "require",
    "null_means",
    "aggregate",
    "min_coverage_percent",
    "blocked_by",
    "waivable",
    "remediation",
    "action",
    "references",
    "assessment",
    "examples",
)
NULL_MEANS = {"pass": Empty.HOLDS, "fail": Empty.FAILS, "not_evaluated": Empty.OPEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a pack says for all of its rules."""

    reader: ConditionReader
    pack: str
    posture: str
    population: Condition | None
    preconditions: Condition | None


def read_rule(node: Node, found: Mapping[str, Node], around: Surroundings, changed_from: str = "") -> Rule:
    """The rule at a place with the values of its keys. Raises PolicyProblem with file, line and hint."""
    reader = around.reader
    scope = Scope(found["scope"].word("scope", [one.value for one in Scope])) if "scope" in found else Scope.USER
    aggregate = _aggregate(found, scope, around) if "aggregate" in found else None
    if aggregate is None and "min_coverage_percent" in found:
        raise found["min_coverage_percent"].problem(
            "min_coverage_percent belongs to an aggregate", "Remove it, or add aggregate."
        )
    own_posture = found["posture"].word("posture", POSTURES) if "posture" in found else ANY
    preconditions = read_preconditions(reader, found.get("preconditions"))
    return Rule(
        id=read_id(found["id"], "the id of a rule"),
        pack=around.pack,
        title=found["title"].text("title"),
        rationale=found["rationale"].text("rationale"),
        severity=_severity(found["severity"]),
        severity_when=_severity_when(found, scope, reader),
        scope=scope,
        postures=tuple(one for one in dict.fromkeys((around.posture, own_posture)) if one != ANY),
        preconditions=both(around.preconditions, preconditions),
        population=_population(found, scope, around),
        applies_to=reader.read(found["applies_to"], scope) if "applies_to" in found else None,
        require=None if aggregate is not None else _require(found, scope, reader),
        aggregate=aggregate,
        blocked_by=tuple(read_id(one, "a rule id") for one in found["blocked_by"].elements("blocked_by"))
        if "blocked_by" in found
        else (),
        waivable=read_flag(found["waivable"], "waivable") if "waivable" in found else True,
        remediation=found["remediation"].text("remediation"),
        actions=_actions(found["action"]) if "action" in found else (),
        references=read_texts(found.get("references"), "references"),
        assessment=Assessment(found["assessment"].word("assessment", ("full", "partly")))
        if "assessment" in found
        else Assessment.PARTLY,
        examples=read_examples(found.get("examples")),
        changed_from=changed_from,
        file=node.file,
        line=node.line,
    )


def read_preconditions(reader: ConditionReader, node: Node | None) -> Condition | None:
    """A list of conditions on the tenant that must all hold. Raises PolicyProblem."""
    joined: Condition | None = None
    for one in node.elements("preconditions") if node is not None else ():
        joined = both(joined, reader.read(one, Scope.TENANT))
    return joined


def _severity(node: Node) -> Severity:
    return Severity(node.word("severity", [one.value for one in Severity]))


def _severity_when(found: Mapping[str, Node], scope: Scope, reader: ConditionReader) -> tuple[SeverityWhen, ...]:
    if "severity_when" not in found:
        return ()
    node = found["severity_when"]
    if scope is not Scope.USER:
        raise node.problem("the severity of a rule about the tenant is one for all", "Remove severity_when.")
    read = [one.fields("severity_when", ("if", "severity"), ("if", "severity")) for one in node.elements("it")]
    return tuple(
        SeverityWhen(condition=reader.read(one["if"], scope), severity=_severity(one["severity"])) for one in read
    )


def _require(found: Mapping[str, Node], scope: Scope, reader: ConditionReader) -> Condition:
    condition = reader.read(found["require"], scope)
    if "null_means" not in found:
        return condition
    return where_empty(condition, NULL_MEANS[found["null_means"].word("null_means", NULL_MEANS)])


def _actions(node: Node) -> tuple[str, ...]:
    if not node.is_list():
        return (read_id(node, "the id of an action"),)
    nodes = node.elements("action")
    if not nodes:
        raise node.problem("the list of actions is empty", "Name at least one action, or take the key away.")
    found: dict[str, None] = {}
    for one in nodes:
        name = read_id(one, "the id of an action")
        if name in found:
            raise one.problem(f"the action {name!r} comes twice", "Name each action once.")
        found[name] = None
    return tuple(found)


def _population(found: Mapping[str, Node], scope: Scope, around: Surroundings) -> Condition | None:
    if scope is Scope.TENANT:
        if "population" in found:
            raise found["population"].problem("a rule about the tenant has no population", "Use aggregate: {over: …}.")
        return None
    return around.reader.read(found["population"], Scope.USER) if "population" in found else around.population


def _aggregate(found: Mapping[str, Node], scope: Scope, around: Surroundings) -> Aggregate:
    node = found["aggregate"]
    if scope is not Scope.TENANT:
        raise node.problem("an aggregate says something about the tenant", "Add `scope: tenant` to the rule.")
    if "null_means" in found:
        raise found["null_means"].problem("an aggregate counts users", "Say in `count` what an empty value means.")
    parts = node.fields("aggregate", ("count", "over"), ("count", "over"))
    bounds = list(found["require"].items("require"))
    if len(bounds) != 1 or bounds[0][0] not in ("percent", "count"):
        raise found["require"].problem("an aggregate requires a percent or a count", "Write {percent: {gte: 99}}.")
    measure, bound = bounds[0]
    pairs = list(bound.items(measure))
    ranged = len(pairs) == 1 and pairs[0][0] == "between"
    most = 100 if measure == "percent" else HIGHEST
    coverage = found.get("min_coverage_percent")
    over = parts["over"]
    return Aggregate(
        count=around.reader.read(parts["count"], Scope.USER),
        over=around.population if over.scalar() == "population" else around.reader.read(over, Scope.USER),
        percent=measure == "percent",
        comparison="between" if ranged else read_comparison(pairs, bound)[0],
        bound=read_range(pairs[0][1], most) if ranged else (read_comparison(pairs, bound, most)[1],),
        min_coverage_percent=0 if coverage is None else coverage.whole("min_coverage_percent", 100),
    )
