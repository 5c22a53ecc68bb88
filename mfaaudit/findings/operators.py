"""What a rule can ask of one value: each operator compiles to an expression and reads as English.

Every expression is null where the value is not known, and where a list holds a value that nobody has classified yet
and that could change the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import narwhals as nw

from mfaaudit.findings.values import listed, said
from mfaaudit.sources.field import NONE, Field, Kind


class Takes(StrEnum):
    """What stands after an operator in a rule."""

    VALUE = "one value"
    VALUES = "a list of values"
    NUMBER = "a whole number"
    RANGE = "two whole numbers, the lower first"
    DAYS = "a number of days"
    GLOB = "a pattern with * and ?"
    REGEX = "a regular expression"
    FIELD = "the name of another field of the same kind"
    TRUE = "true"
    COUNT = "a comparison such as {gte: 2}"
    COUNT_EXCLUDING = "a list and a comparison such as {of: [email], gte: 2}"


Build = Callable[[Field, Any, datetime], nw.Expr]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One word of the language."""

    name: str
    kinds: frozenset[Kind]
    takes: Takes
    build: Build
    words: Callable[[Any], str]
    """How it reads after the name of the field: `is disabled`."""


COMPARISONS: Mapping[str, tuple[Callable[[Any, Any], Any], str]] = {
    "eq": (lambda a, b: a == b, "exactly"),
    "lt": (lambda a, b: a < b, "less than"),
    "lte": (lambda a, b: a <= b, "at most"),
    "gt": (lambda a, b: a > b, "more than"),
    "gte": (lambda a, b: a >= b, "at least"),
}
"""Of numbers and of counts."""


def _column(field: Field) -> nw.Expr:
    return nw.col(field.column)


def _unclassified(field: Field) -> nw.Expr:
    """Whether the list holds a value that nobody has classified; false for a list that has no vocabulary."""
    return nw.col(f"{field.column}_unclassified") if field.values else nw.lit(False)


def _eq(field: Field, operand: Any, _: datetime) -> nw.Expr:
    if field.kind is Kind.BOOLEAN:
        return _column(field) if operand else ~_column(field)
    answer: nw.Expr = _column(field) == operand
    return answer


def _has(field: Field, value: str) -> nw.Expr:
    found: nw.Expr = _column(field).list.contains(value)
    if not field.partial:
        return found
    # Of such a list only some values were asked for; without a list of those, all were.
    asked = nw.col(f"{field.column}_known")
    return nw.when(found | asked.is_null() | asked.list.contains(value)).then(found)


def _has_any(field: Field, values: Sequence[str]) -> nw.Expr:
    if not values:
        # What nobody looks for is in no list; of a list that was not read even that is unknown.
        return _column(field).list.len() < 0
    return nw.any_horizontal(*(_has(field, one) for one in values), ignore_nulls=False)


def _open(field: Field, answer: nw.Expr, *, stays: bool) -> nw.Expr:
    """The answer where it is `stays`; elsewhere unknown if the list holds something unclassified."""
    certain = answer if stays else ~answer
    return nw.when(certain | ~_unclassified(field)).then(answer)


def _contains_any(field: Field, values: Sequence[str], _: datetime) -> nw.Expr:
    return _open(field, _has_any(field, values), stays=True)


def _contains_none(field: Field, values: Sequence[str], _: datetime) -> nw.Expr:
    return _open(field, ~_has_any(field, values), stays=False)


def _contains_other_than(field: Field, values: Sequence[str], _: datetime) -> nw.Expr:
    others = [one for one in field.values if one not in values]
    return _open(field, _has_any(field, others), stays=True)


def _count(field: Field, operand: tuple[str, int], _: datetime) -> nw.Expr:
    compare = COMPARISONS[operand[0]][0]
    result: nw.Expr = compare(_column(field).list.len().cast(nw.Int64), operand[1])
    return result


def _count_excluding(field: Field, operand: tuple[tuple[str, ...], str, int], _: datetime) -> nw.Expr:
    of, name, bound = operand
    others = [one for one in field.values if one not in of]
    counted = (_column(field).list.contains(one).cast(nw.Int64) for one in others)
    known = nw.sum_horizontal(nw.lit(0), *counted)
    known = nw.when(~_column(field).is_null()).then(known)
    answer: nw.Expr = COMPARISONS[name][0](known, bound)
    # What is not classified can only add to the count: "at least" stays true, "at most" stays false.
    if name in ("gte", "gt"):
        return _open(field, answer, stays=True)
    if name in ("lte", "lt"):
        return _open(field, answer, stays=False)
    return nw.when((known > bound) | ~_unclassified(field)).then(answer)


def _matches(field: Field, pattern: str, _: datetime) -> nw.Expr:
    return _column(field).str.contains(f"(?i){_regex(pattern)}")


def _regex(pattern: str) -> str:
    # The engine of the expressions knows \z where Python says \Z, and has no atomic groups.
    return "^" + "".join({"*": "(?s:.*)", "?": "(?s:.)"}.get(sign, _escaped(sign)) for sign in pattern) + r"\z"


def _escaped(sign: str) -> str:
    # An escaped < or > is the edge of a word to the engine.
    return "\\" + sign if sign.isascii() and not sign.isalnum() and sign not in "_ <>" else sign


EMPTIES = frozenset({Kind.ENUM, Kind.TEXT, Kind.LIST})
"""The kinds of which a value can be read and be empty."""


def is_empty(field: Field) -> nw.Expr:
    """Whether the value was read and is empty; of kinds that cannot be, false where it was read."""
    if field.kind is Kind.LIST:
        return _column(field).list.len() == 0
    if field.kind in EMPTIES:
        return _column(field) == (NONE if field.kind is Kind.ENUM else "")
    return nw.when(~_column(field).is_null()).then(nw.lit(False))


def _empty(field: Field, _: Any, __: datetime) -> nw.Expr:
    return is_empty(field)


def _operator(name: str, kinds: str, takes: Takes, build: Build, words: Callable[[Any], str]) -> Operator:
    return Operator(
        name=name, kinds=frozenset(Kind(kind) for kind in kinds.split()), takes=takes, build=build, words=words
    )


def _compared(name: str) -> Operator:
    compare, words = COMPARISONS[name]
    return _operator(
        name, "number", Takes.NUMBER, lambda f, v, _: compare(_column(f), v), lambda v: f"is {words} {v:,}"
    )


OPERATORS: Mapping[str, Operator] = {
    one.name: one
    for one in (
        _operator("eq", "boolean enum text number", Takes.VALUE, _eq, lambda v: f"is {said(v)}"),
        _operator(
            "ne", "boolean enum text number", Takes.VALUE, lambda f, v, n: ~_eq(f, v, n), lambda v: f"is not {said(v)}"
        ),
        _operator(
            "in",
            "enum text number",
            Takes.VALUES,
            lambda f, v, _: _column(f).is_in(list(v)),
            lambda v: f"is {listed(v, 'or')}",
        ),
        _operator(
            "not_in",
            "enum text number",
            Takes.VALUES,
            lambda f, v, _: ~_column(f).is_in(list(v)),
            lambda v: f"is none of {listed(v, 'and')}",
        ),
        *(_compared(name) for name in ("lt", "lte", "gt", "gte")),
        _operator(
            "between",
            "number",
            Takes.RANGE,
            lambda f, v, _: (_column(f) >= v[0]) & (_column(f) <= v[1]),
            lambda v: f"is between {v[0]:,} and {v[1]:,}",
        ),
        _operator(
            "eq_field",
            "boolean enum text number time",
            Takes.FIELD,
            lambda f, v, _: _column(f) == _column(v),
            lambda v: f"is the same as {v.name}",
        ),
        _operator(
            "exists",
            "boolean enum text list number time",
            Takes.TRUE,
            lambda f, v, n: ~_empty(f, v, n),
            lambda _: "has a value",
        ),
        _operator("empty", "enum text list", Takes.TRUE, _empty, lambda _: "is empty"),
        _operator(
            "not_empty", "enum text list", Takes.TRUE, lambda f, v, n: ~_empty(f, v, n), lambda _: "is not empty"
        ),
        _operator(
            "contains",
            "list",
            Takes.VALUE,
            lambda f, v, _: _has(f, v),
            lambda v: f"contains {said(v)}",
        ),
        _operator("contains_any", "list", Takes.VALUES, _contains_any, lambda v: f"contains {listed(v, 'or')}"),
        _operator(
            "contains_all",
            "list",
            Takes.VALUES,
            lambda f, v, _: nw.all_horizontal(*(_has(f, one) for one in v), ignore_nulls=False),
            lambda v: f"contains {listed(v, 'and')}",
        ),
        _operator(
            "contains_none", "list", Takes.VALUES, _contains_none, lambda v: f"contains none of {listed(v, 'and')}"
        ),
        _operator(
            "contains_other_than",
            "list",
            Takes.VALUES,
            _contains_other_than,
            lambda v: f"contains something other than {listed(v, 'and')}",
        ),
        _operator("count", "list", Takes.COUNT, _count, lambda v: f"holds {COMPARISONS[v[0]][1]} {v[1]:,}"),
        _operator(
            "count_excluding",
            "list",
            Takes.COUNT_EXCLUDING,
            _count_excluding,
            lambda v: f"holds {COMPARISONS[v[1]][1]} {v[2]:,}, not counting {listed(v[0], 'and')}",
        ),
        _operator("matches", "text", Takes.GLOB, _matches, lambda v: f"matches {v}"),
        _operator(
            "regex",
            "text",
            Takes.REGEX,
            lambda f, v, _: _column(f).str.contains(f"(?i){v}"),
            lambda v: f"contains a match of the regular expression {v}",
        ),
        _operator(
            "older_than_days",
            "time",
            Takes.DAYS,
            lambda f, v, now: _column(f) < now - timedelta(days=v),
            lambda v: f"is more than {v} days ago",
        ),
        _operator(
            "newer_than_days",
            "time",
            Takes.DAYS,
            lambda f, v, now: _column(f) >= now - timedelta(days=v),
            lambda v: f"is at most {v} days ago",
        ),
    )
}
