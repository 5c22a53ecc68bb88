"""The schema of conditions: which operators a field has, and what may stand after each."""

from __future__ import annotations

from collections.abc import Sequence

from mfaaudit.findings.operators import COMPARISONS, OPERATORS, Takes
from mfaaudit.findings.pack_schema.parts import LIST_NAME, Schema, array, described, mapping, ref, words
from mfaaudit.findings.patterns import LONGEST
from mfaaudit.findings.read_condition import LONGEST_AGE, operators_of
from mfaaudit.sources.field import Field, Kind, Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason
from mfaaudit.yaml_nodes import GUID, HIGHEST

JOINS = {
    "all_of": "All of these hold.",
    "any_of": "At least one of these holds.",
    "not": "This does not hold.",
}


def whole(highest: int = HIGHEST) -> Schema:
    """A whole number."""
    return {"type": "integer", "minimum": 0, "maximum": highest}


def comparison(highest: int = HIGHEST) -> Schema:
    """Exactly one comparison with a whole number."""
    return mapping({name: whole(highest) for name in COMPARISONS}, minProperties=1, maxProperties=1)


def bounds(highest: int = HIGHEST) -> Schema:
    """Two whole numbers."""
    return {"type": "array", "items": whole(highest), "minItems": 2, "maxItems": 2}


def condition_name(scope: Scope) -> str:
    """Under which name the conditions about a user or the tenant are defined."""
    return f"{scope}Condition"


def conditions() -> dict[str, Schema]:
    """The definitions of conditions about users and about the tenant, and of the tests of each kind of field."""
    made: dict[str, Schema] = {}
    for scope in Scope:
        name = condition_name(scope)
        fields = [field for field in FIELDS.values() if field.scope is scope]
        joins = {
            "all_of": array(ref(name), at_least=1),
            "any_of": array(ref(name), at_least=1),
            "not": ref(name),
        }
        made[name] = mapping(
            {field.name: described(ref(_name(field)), _says(field)) for field in fields}
            | {key: described(joins[key], text) for key, text in JOINS.items()},
            minProperties=1,
        )
        made |= {_name(field): _tests(field) for field in fields}
    return made


def cases() -> Schema:
    """What an example gives of one user, or of the tenant."""
    return mapping({field.name: described(_case(field), _says(field)) for field in FIELDS.values()})


def unknown() -> Schema:
    """A value that was not read, and why."""
    reason = mapping({"unknown": words(one.value for one in Reason)}, ["unknown"])
    return {"anyOf": [{"const": "unknown"}, reason]}


def _says(field: Field) -> str:
    return f"{field.title} ({field.kind})"


def _name(field: Field) -> str:
    # Fields that can hold the same have the same tests.
    if field.kind in (Kind.ENUM, Kind.LIST) and (field.values or field.partial):
        return f"tests.{field.name}"
    return f"tests.{field.scope}.{field.kind}"


def _tests(field: Field) -> Schema:
    alike = [one.name for one in FIELDS.values() if (one.kind, one.scope) == (field.kind, field.scope)]
    operators = [name for name in operators_of(field) if OPERATORS[name].takes is not Takes.FIELD or len(alike) > 1]
    tests = mapping({name: _operand(field, name, alike) for name in operators}, minProperties=1)
    plainly = [_value(field)] if "eq" in operators else []
    return {"anyOf": [*plainly, tests]} if plainly else tests


def _value(field: Field) -> Schema:
    match field.kind:
        case Kind.BOOLEAN:
            return {"type": "boolean"}
        case Kind.NUMBER:
            return whole()
    if field.partial:
        return {"type": "string", "pattern": f"^{GUID.pattern}$"}
    return words(field.values) if field.values else {"type": "string"}


def _operand(field: Field, name: str, alike: Sequence[str]) -> Schema:
    operator = OPERATORS[name]
    value = _value(field)
    values: Schema = {"anyOf": [array(value, at_least=1), LIST_NAME]}
    made = value
    match operator.takes:
        case Takes.VALUES:
            made = values
        case Takes.NUMBER:
            made = whole()
        case Takes.DAYS:
            made = whole(LONGEST_AGE)
        case Takes.RANGE:
            made = bounds()
        case Takes.GLOB | Takes.REGEX:
            made = {"type": "string", "pattern": "\\S", "maxLength": LONGEST}
        case Takes.FIELD:
            made = words(alike)
        case Takes.TRUE:
            made = {"const": True}
        case Takes.COUNT:
            made = ref("comparison")
        case Takes.COUNT_EXCLUDING:
            made = mapping({"of": values} | {one: whole() for one in COMPARISONS}, ["of"], minProperties=2)
            made |= {"maxProperties": 2}
    return described(made, f"Takes {operator.takes}.")


def _case(field: Field) -> Schema:
    match field.kind:
        case Kind.LIST:
            value: Schema = array({"type": "string"})
        case Kind.NUMBER:
            value = {"type": "integer"}
        case _:
            value = _value(field)
    return {"anyOf": [value, ref("unknown")]}
