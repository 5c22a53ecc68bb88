"""Values that single tests allow together: found by trying, so that no way asks for what cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice, product
from math import prod
from typing import Any

import polars as pl

from mfaaudit.columns import columns_of
from mfaaudit.findings.atoms import Atoms
from mfaaudit.findings.condition import Test
from mfaaudit.findings.operators import Takes
from mfaaudit.findings.ways import Literal
from mfaaudit.sources.field import NONE, Field, Kind, Value

MOST = 5_000
"""Values, or pairs of values, that are tried."""
SECOND = timedelta(seconds=1)
REMEMBERED = 1_000
"""Sets of tests whose values are looked up and not tried again: rules share their tests, and users their values."""
MOST_LISTS = 400
"""Lists that are tried before they are filled up."""
LONGEST = 100
"""Values that a list is filled up with."""
OTHERS = tuple(f"another{number}" for number in range(LONGEST))
"""What a list whose values are not a closed list may hold beside those that a rule names."""
Known = Mapping[str, Value]
"""Values that stay as they are, by the name of their field."""


def is_closed(field: Field) -> bool:
    """Whether all values that a field can have can be listed."""
    return field.kind is Kind.BOOLEAN or (field.kind is Kind.ENUM and bool(field.values))


def all_values(field: Field) -> tuple[Value, ...]:
    """The values of such a field."""
    return (True, False) if field.kind is Kind.BOOLEAN else field.values


def fitting(literals: Sequence[Literal], now: datetime, known: Known) -> list[tuple[Value, ...]]:
    """Of the values that were tried for the fields of these tests those with which all come out as wanted.

    One value for each field, in the order in which the tests name them. Of a closed field all values are tried, of a
    number or a time enough to find one if there is one.
    """
    return list(_fitting(tuple(literals), now, tuple(known.items())))


@lru_cache(maxsize=REMEMBERED)
def _fitting(
    literals: tuple[Literal, ...], now: datetime, values: tuple[tuple[str, Value], ...]
) -> tuple[tuple[Value, ...], ...]:
    known = dict(values)
    fields = list(dict.fromkeys(field for literal in literals for field in literal.test.fields))
    tests = [literal.test for literal in literals]
    # Who is to be the same as what is known has to be tried with it.
    compared = known.values() if len(fields) > 1 else ()
    tried = [
        (known[field.name],) if field.name in known else tuple(dict.fromkeys((*_values(field, tests, now), *compared)))
        for field in fields
    ]
    rows = list(islice(product(*tried), MOST))
    columns: dict[str, pl.Series] = {}
    for place, field in enumerate(fields):
        columns |= columns_of(field, [row[place] for row in rows])
    atoms = Atoms(pl.DataFrame(columns), now)
    answers = atoms.over(**{str(place): atoms.truth(test) for place, test in enumerate(tests)})
    wanted = [literal.wanted for literal in literals]
    return tuple(row for row, given in zip(rows, answers.iter_rows(), strict=True) if list(given) == wanted)


def can_be_found(literals: Sequence[Literal]) -> bool:
    """Whether a value that fits would be among those that are tried, if there is one.

    Patterns are not solved, and of very long lists not everything is tried.
    """
    tests = [literal.test for literal in literals]
    if any(test.operator.takes in (Takes.GLOB, Takes.REGEX) for test in tests):
        return False
    lists = [test for test in tests if test.field.kind is Kind.LIST]
    combined = prod(len(_parts(_named(test))) for test in lists)
    return combined <= MOST_LISTS and all(bound < LONGEST for test in lists for bound in _bounds(test))


def _values(field: Field, tests: Sequence[Test], now: datetime) -> Iterator[Value]:
    if is_closed(field):
        yield from all_values(field)
        return
    operands = [(test.operator.takes, test.operand) for test in tests if not isinstance(test.operand, Field)]
    match field.kind:
        case Kind.NUMBER:
            bounds = {0, *(number for _, operand in operands for number in _numbers(operand))}
            yield from sorted({max(0, bound + step) for bound in bounds for step in (-1, 0, 1)})
        case Kind.TIME:
            yield from (now, now - SECOND)
            for _, days in operands:
                edge = now - timedelta(days=days if isinstance(days, int) else 0)
                yield from (edge - SECOND, edge, edge + SECOND)
        case Kind.LIST:
            yield from _lists(field, tests)
        case _:
            yield from ("", "another value", NONE)
            for takes, operand in operands:
                if takes in (Takes.VALUE, Takes.VALUES):
                    yield from (operand,) if isinstance(operand, str) else operand
                elif takes is Takes.GLOB:
                    yield operand.replace("*", "").replace("?", "x")


def _numbers(operand: Any) -> Iterator[int]:
    if isinstance(operand, int) and not isinstance(operand, bool):
        yield operand
    elif isinstance(operand, tuple):
        yield from (one for one in operand if isinstance(one, int))


def _lists(field: Field, tests: Sequence[Test]) -> Iterator[tuple[str, ...]]:
    """Lists of the values that tests name, none or one or all of each test, filled up with others of every sort."""
    named = [_named(test) for test in tests]
    mentioned = {value for values in named for value in values}
    others = [one for one in (*field.values, *OTHERS) if one not in mentioned]
    if field.values:
        others = [one for one in others if one in field.values]
    chosen = {
        tuple(dict.fromkeys(value for part in parts for value in part))
        for parts in islice(product(*(_parts(values) for values in named)), MOST_LISTS)
    }
    most = max((number for test in tests for number in _bounds(test)), default=0) + 2
    for base in sorted(chosen):
        yield base
        for fill in (others, [one for one in (*sorted(mentioned), *others) if one not in base]):
            yield from ((*base, *fill[:count]) for count in range(1, min(most, len(fill) + 1)))


def _parts(values: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [(), *((value,) for value in values), values]


def _named(test: Test) -> tuple[str, ...]:
    match test.operator.takes:
        case Takes.VALUE:
            return (test.operand,)
        case Takes.VALUES:
            return tuple(test.operand)
        case Takes.COUNT_EXCLUDING:
            return tuple(test.operand[0])
        case _:
            return ()


def _bounds(test: Test) -> Iterator[int]:
    match test.operator.takes:
        case Takes.COUNT:
            yield test.operand[1]
        case Takes.COUNT_EXCLUDING:
            yield test.operand[2]
        case Takes.TRUE:
            yield 1
