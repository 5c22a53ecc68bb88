"""Whether what was read from a file has the kinds of values that a dataclass says, down to the last part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")


def checked(value: Value) -> Value:
    """The same dataclass. Raises TypeError for the first field that holds something else than it says."""
    made: Any = type(value)
    for name, kind in _kinds_of(made).items():
        held = getattr(value, name)
        if not _fits(held, kind):
            raise TypeError(f"{name} is {str(held)[:80]!r}")
    return value


@cache
def _kinds_of(made: Any) -> dict[str, Any]:
    hints = get_type_hints(made)
    return {one.name: hints[one.name] for one in fields(made)}


def _fits(value: Any, kind: Any) -> bool:
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(one, parts[0]) for one in value)
    if origin in (dict, Mapping):
        of_key, of_value = parts
        return isinstance(value, Mapping) and all(
            _fits(key, of_key) and _fits(one, of_value) for key, one in value.items()
        )
    if kind is int:
        # True is an int as well.
        return type(value) is int
    if kind is datetime:
        # Without a zone it cannot be set beside one that has one.
        return isinstance(value, datetime) and value.tzinfo is not None
    if not isinstance(value, kind):
        return False
    if is_dataclass(kind):
        checked(value)
    return True
