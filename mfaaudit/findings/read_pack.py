"""Reads one file of rules, strictly: what is not understood is an error, never ignored."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from mfaaudit.findings.condition import Condition, both
from mfaaudit.findings.policy import Aggregate, Example, Pack, Rule
from mfaaudit.findings.read_condition import ConditionReader, Lists, read_comparison, read_range
from mfaaudit.findings.yaml_nodes import HIGHEST, Node, nearest, parse
from mfaaudit.sources.field import Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Severity, Unknown, Verdict

POSTURES = ("any", "per-user", "security-defaults", "conditional-access", "third-party", "mixed")
PACK_KEYS = ("pack", "population", "preconditions", "rules")
HEAD_KEYS = ("id", "version", "title", "description", "posture", "conflicts_with")
RULE_KEYS = (
    "id",
    "title",
    "rationale",
    "severity",
    "scope",
    "population",
    "applies_to",
    "require",
    "aggregate",
    "min_coverage_percent",
    "remediation",
    "references",
    "assessment",
    "examples",
)
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""Ids become file names and columns."""


def read_pack(text: str, file: str, lists_text: str = "", lists_file: str = "") -> Pack:
    """A pack. Raises PolicyProblem with file, line and hint for whatever is wrong in it first."""
    lists = read_lists(lists_text, lists_file) if lists_text else {}
    root = parse(text, file).fields("a pack", PACK_KEYS, ("pack", "rules"))
    head = root["pack"].fields("pack", HEAD_KEYS, ("id", "version", "title"))
    reader = ConditionReader(lists)
    population = reader.read(root["population"], Scope.USER) if "population" in root else None
    pack_id = _id(head["id"], "the id of a pack")
    rules = tuple(_Rules(reader, pack_id, population).read(node) for node in root["rules"].elements("rules"))
    if not rules:
        raise root["rules"].problem("the pack has no rules", "Write at least one.")
    _no_twins(rules, root["rules"])
    return Pack(
        id=pack_id,
        version=head["version"].text("version"),
        title=head["title"].text("title"),
        description=head["description"].text("description") if "description" in head else "",
        posture=head["posture"].word("posture", POSTURES) if "posture" in head else "any",
        conflicts_with=_texts(head.get("conflicts_with"), "conflicts_with"),
        preconditions=_preconditions(reader, root.get("preconditions")),
        rules=rules,
        file=file,
        text=text,
        sha256=_sha256(text),
        lists_text=lists_text,
        lists_sha256=_sha256(lists_text) if lists_text else "",
    )


def read_lists(text: str, file: str) -> Lists:
    """Shared lists by name. Raises PolicyProblem."""
    root = parse(text, file).fields("a file of lists", ("lists",), ("lists",))
    return {
        name: tuple(one.text("a value") for one in node.elements("a list"))
        for name, node in root["lists"].items("lists")
    }


class _Rules:
    """Reads the rules of one pack."""

    def __init__(self, reader: ConditionReader, pack: str, population: Condition | None) -> None:
        self._reader = reader
        self._pack = pack
        self._population = population

    def read(self, node: Node) -> Rule:
        found = node.fields("a rule", RULE_KEYS, ("id", "title", "rationale", "severity", "require", "remediation"))
        scope = Scope(found["scope"].word("scope", [one.value for one in Scope])) if "scope" in found else Scope.USER
        aggregate = self._aggregate(found, scope) if "aggregate" in found else None
        if aggregate is None and "min_coverage_percent" in found:
            raise found["min_coverage_percent"].problem(
                "min_coverage_percent belongs to an aggregate", "Remove it, or add aggregate."
            )
        return Rule(
            id=_id(found["id"], "the id of a rule"),
            pack=self._pack,
            title=found["title"].text("title"),
            rationale=found["rationale"].text("rationale"),
            severity=Severity(found["severity"].word("severity", [one.value for one in Severity])),
            scope=scope,
            population=self._people(found, scope),
            applies_to=self._reader.read(found["applies_to"], scope) if "applies_to" in found else None,
            require=None if aggregate is not None else self._reader.read(found["require"], scope),
            aggregate=aggregate,
            remediation=found["remediation"].text("remediation"),
            references=_texts(found.get("references"), "references"),
            assessment=found["assessment"].word("assessment", ("full", "partly"))
            if "assessment" in found
            else "partly",
            examples=tuple(_example(one) for one in found["examples"].elements("examples"))
            if "examples" in found
            else (),
            line=node.line,
        )

    def _people(self, found: Mapping[str, Node], scope: Scope) -> Condition | None:
        if scope is Scope.TENANT:
            if "population" in found:
                raise found["population"].problem(
                    "a rule about the tenant has no population", "Use aggregate: {over: …}."
                )
            return None
        return self._reader.read(found["population"], Scope.USER) if "population" in found else self._population

    def _aggregate(self, found: Mapping[str, Node], scope: Scope) -> Aggregate:
        node = found["aggregate"]
        if scope is not Scope.TENANT:
            raise node.problem("an aggregate says something about the tenant", "Add `scope: tenant` to the rule.")
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
            count=self._reader.read(parts["count"], Scope.USER),
            over=self._population if over.scalar() == "population" else self._reader.read(over, Scope.USER),
            percent=measure == "percent",
            comparison="between" if ranged else read_comparison(pairs, bound)[0],
            bound=read_range(pairs[0][1], most) if ranged else (read_comparison(pairs, bound, most)[1],),
            min_coverage_percent=0 if coverage is None else coverage.whole("min_coverage_percent", 100),
        )


def _preconditions(reader: ConditionReader, node: Node | None) -> Condition | None:
    joined: Condition | None = None
    for one in node.elements("preconditions") if node is not None else ():
        joined = both(joined, reader.read(one, Scope.TENANT))
    return joined


def _example(node: Node) -> Example:
    found = node.fields("an example", ("given", "users", "verdict"), ("verdict",))
    if ("given" in found) == ("users" in found):
        raise node.problem("an example has either given or users", "Use users only for an aggregate.")
    people = found["users"].elements("users") if "users" in found else [found["given"]]
    return Example(
        given=tuple(_case(one) for one in people),
        verdict=Verdict(found["verdict"].word("verdict", [one.value for one in Verdict])),
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


def _no_twins(rules: tuple[Rule, ...], node: Node) -> None:
    seen: set[str] = set()
    for rule, raw in zip(rules, node.elements("rules"), strict=True):
        if rule.id in seen:
            raise raw.problem(f"the rule id {rule.id!r} comes twice", "Give each rule an id of its own.")
        seen.add(rule.id)


def _id(node: Node, what: str) -> str:
    text = node.text(what)
    if not ID.fullmatch(text):
        raise node.problem(f"{what} cannot be {node.described()}", "Use letters, digits, dots, dashes and underscores.")
    return text


def _texts(node: Node | None, what: str) -> tuple[str, ...]:
    return () if node is None else tuple(one.text(what) for one in node.elements(what))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
