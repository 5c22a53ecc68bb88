"""Reads conditions: field names, operators and operands, each checked against what the field can hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mfaaudit.findings.condition import AllOf, AnyOf, Condition, Not, Test
from mfaaudit.findings.operators import COMPARISONS, OPERATORS, Operator, Takes
from mfaaudit.findings.patterns import read_glob, read_regex
from mfaaudit.findings.values import Named
from mfaaudit.sources.field import Field, Kind, Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.yaml_nodes import GUID, HIGHEST, Node, nearest

JOINS = ("all_of", "any_of", "not")
PARTIAL_OPERATORS = ("contains", "contains_any", "contains_all", "contains_none")
"""What can be asked of a list of which only a part was asked for."""
LONGEST_AGE = 36_500
"""Days: a hundred years. Much more than that leads back beyond the first date that can be written."""
MOST_VALUES = 1_000
"""Values that a list can be searched for: each is a search of its own, for each user."""
Lists = Mapping[str, tuple[str, ...]]


class ConditionReader:
    """Reads the conditions of one file with the shared lists that it may name."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists

    def read(self, node: Node, scope: Scope) -> Condition:
        """One condition. Raises PolicyProblem with the place and the nearest allowed word."""
        parts = [self._part(key, value, scope, node) for key, value in node.items("a condition")]
        if not parts:
            raise node.problem("the condition is empty", "Name at least one field.")
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _part(self, key: str, value: Node, scope: Scope, node: Node) -> Condition:
        if key == "not":
            return Not(self.read(value, scope))
        if key in JOINS:
            parts = tuple(self.read(one, scope) for one in value.elements(key))
            if not parts:
                raise value.problem(f"{key} is empty", "List at least one condition.")
            return AllOf(parts) if key == "all_of" else AnyOf(parts)
        field = FIELDS.get(key)
        if field is None:
            allowed = [one.name for one in FIELDS.values() if one.scope is scope]
            raise value.key_problem(f"there is no field {key!r}", nearest(key, [*allowed, *JOINS]))
        if field.scope is not scope:
            raise value.key_problem(
                f"{key} is about the {field.scope}, and this condition is about the {scope}",
                "Put it under preconditions, or in a rule with `scope: tenant`."
                if scope is Scope.USER
                else "Use aggregate to say something about all users in a rule about the tenant.",
            )
        return self._tests(field, value)

    def _tests(self, field: Field, value: Node) -> Condition:
        if not value.is_mapping():
            if value.is_list():
                raise value.problem(f"{field.name} cannot be compared with a list", "Write {in: [...]}.")
            return self._test(field, "eq", value)
        tests = [self._test(field, name, operand) for name, operand in value.items("a comparison")]
        if not tests:
            raise value.problem(f"{field.name} is compared with nothing", "Write a value, or an operator with a value.")
        return tests[0] if len(tests) == 1 else AllOf(tuple(tests))

    def _test(self, field: Field, name: str, operand: Node) -> Test:
        operator = OPERATORS.get(name)
        fitting = operators_of(field)
        if operator is None:
            raise operand.key_problem(f"there is no operator {name!r}", nearest(name, fitting))
        if field.kind not in operator.kinds:
            raise operand.key_problem(
                f"{name} cannot be asked of {field.name}, whose kind is {field.kind}", nearest(name, fitting)
            )
        if name not in fitting:
            raise operand.key_problem(
                f"{name} cannot be asked of {field.name}, "
                + ("of which only a part is read" if field.partial else "whose values are not a closed list"),
                nearest("contains_any", fitting),
            )
        return Test(field=field, operator=operator, operand=self._operand(field, operator, operand))

    def _operand(self, field: Field, operator: Operator, node: Node) -> Any:
        match operator.takes:
            case Takes.VALUE:
                return self._value(field, node)
            case Takes.VALUES:
                return self._values(field, node)
            case Takes.NUMBER:
                return node.whole(operator.name)
            case Takes.DAYS:
                return node.whole(operator.name, LONGEST_AGE)
            case Takes.RANGE:
                return read_range(node)
            case Takes.GLOB:
                return read_glob(node)
            case Takes.REGEX:
                return read_regex(node)
            case Takes.FIELD:
                return self._other(field, node)
            case Takes.TRUE:
                if node.scalar() is not True:
                    raise node.problem(f"{operator.name} takes only true", "Write the opposite with `not`.")
                return True
            case Takes.COUNT:
                return read_comparison(node.items(operator.name), node)
            case Takes.COUNT_EXCLUDING:
                pairs = dict(node.items(operator.name))
                if "of" not in pairs:
                    raise node.problem("count_excluding lacks the key 'of'", "Write {of: [email], gte: 2}.")
                excluded = self._values(field, pairs.pop("of"))
                return (excluded, *read_comparison(pairs.items(), node))

    def _other(self, field: Field, node: Node) -> Field:
        alike = [
            one.name
            for one in FIELDS.values()
            if (one.kind, one.scope) == (field.kind, field.scope) and one.name != field.name
        ]
        return FIELDS[node.word(f"what {field.name} is compared with", alike)]

    def _values(self, field: Field, node: Node) -> tuple[Any, ...]:
        values = self._all_values(field, node)
        if field.kind is Kind.LIST and len(values) > MOST_VALUES:
            raise node.problem(
                f"{field.name} cannot be searched for {len(values):,} values", f"Use at most {MOST_VALUES:,}."
            )
        return values

    def _all_values(self, field: Field, node: Node) -> tuple[Any, ...]:
        name = node.scalar()
        if isinstance(name, str) and name.startswith("$"):
            found = self._lists.get(name[1:])
            if found is None:
                raise node.problem(f"there is no list {name}", nearest(name, [f"${one}" for one in self._lists]))
            for value in found:
                self._check(field, value, node)
            return Named.of(name[1:], [value.lower() for value in found] if field.partial else found)
        values = tuple(self._value(field, one) for one in node.elements("the values"))
        if not values:
            raise node.problem("the list of values is empty", "List at least one value.")
        return values

    def _value(self, field: Field, node: Node) -> Any:
        value = node.scalar()
        if field.kind is Kind.BOOLEAN and not isinstance(value, bool):
            raise node.problem(f"{field.name} is true or false, not {node.described()}", "Write true or false.")
        if field.kind is Kind.NUMBER:
            return node.whole(field.name)
        if field.kind in (Kind.ENUM, Kind.TEXT, Kind.LIST):
            if not isinstance(value, str):
                raise node.problem(f"{field.name} is text, not {node.described()}", 'Put it in quotes: "…".')
            self._check(field, value, node)
            # Of ids only: Graph writes them in lower case, people as they like.
            return value.lower() if field.partial else value
        return value

    def _check(self, field: Field, value: str, node: Node) -> None:
        if field.partial and not GUID.fullmatch(value):
            # It becomes part of an address that Graph is asked for.
            raise node.problem(
                f"{field.name} holds object ids, and {value[:60]!r} is none",
                "Copy the object id from the group's page: 00000000-0000-0000-0000-000000000000.",
            )
        if field.values and value not in field.values:
            raise node.problem(f"{field.name} is never {value!r}", nearest(value, field.values))


def operators_of(field: Field) -> list[str]:
    """The names of the operators that can be asked of a field."""
    fitting = [one.name for one in OPERATORS.values() if field.kind in one.kinds]
    if field.partial:
        return [name for name in fitting if name in PARTIAL_OPERATORS]
    if not field.values:
        return [name for name in fitting if name not in ("contains_other_than", "count_excluding")]
    return fitting


def read_comparison(pairs: Iterable[tuple[str, Node]], node: Node, highest: int = HIGHEST) -> tuple[str, int]:
    """One comparison with a whole number. Raises PolicyProblem if there is none, or more than one."""
    found = list(pairs)
    if len(found) != 1:
        raise node.problem("exactly one comparison is needed here", "Write, for instance, {gte: 2}.")
    name, value = found[0]
    if name not in COMPARISONS:
        raise value.key_problem(f"there is no comparison {name!r}", nearest(name, COMPARISONS))
    return name, value.whole(name, highest)


def read_range(node: Node, highest: int = HIGHEST) -> tuple[int, int]:
    """Two whole numbers, the lower first. Raises PolicyProblem if something else stands there."""
    ends = [one.whole("between", highest) for one in node.elements("between")]
    if len(ends) != 2 or ends[0] > ends[1]:
        raise node.problem("between takes two numbers, the lower first", "Write, for instance, [2, 4].")
    return ends[0], ends[1]
