"""One value that a source gives about a user or about the tenant, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from mfaaudit.words import Reason, Unknown

Value = bool | int | str | datetime | tuple[str, ...]
NONE = "none"
"""How "read, and empty" is written for an enum: a value, not an unknown."""
STRANGE = Unknown(Reason.UNKNOWN_VALUE)
NOT_SENT = Unknown(Reason.NOT_SENT)


class Kind(StrEnum):
    """What a rule can do with the value."""

    BOOLEAN = "boolean"
    ENUM = "enum"
    TEXT = "text"
    LIST = "list"
    TIME = "time"
    NUMBER = "number"


class Scope(StrEnum):
    """Whom the value is about."""

    USER = "user"
    TENANT = "tenant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value, under the name that rules, columns and reports give it."""

    name: str
    """As Graph spells the property, after the name of its source: `requirements.perUserMfaState`."""
    title: str
    """A few words for the head of a column."""
    kind: Kind
    scope: Scope = Scope.USER
    values: tuple[str, ...] = ()
    """For an enum, all allowed values; for a list, the values that have been classified."""
    null: Value | Unknown | None = None
    """What Graph's documentation says that `null` means: a value, or why there is none; without it, unknown."""
    within: str = ""
    """The property of the row whose object holds the value; that object is absent where it would be empty."""
    absent: Value | Unknown = NOT_SENT
    """What it means that Graph left the property out; without it, unknown."""
    of_each: str = ""
    """For a list of objects: the property of each that is taken, as text."""
    element: str = ""
    """Where `within` names a list: the `id` of the object in it that holds the value; without it, unknown."""
    key: str = ""
    """The property as it stands in Graph's JSON; without one, the last part of the name."""
    partial: bool = False
    """For a list: whether what is not in it may be missing, but for the values that a column beside it names."""
    column: str = field(init=False, repr=False, compare=False)
    """The name in frames and Parquet, where a dot would be read as a path."""
    _accept: Callable[[Field, Any], Value | None] = field(init=False, repr=False, compare=False)
    _empty: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Worked out once: a tenant has millions of values.
        object.__setattr__(self, "column", self.name.replace(".", "_"))
        object.__setattr__(self, "key", self.key or self.name.rsplit(".", 1)[-1])
        object.__setattr__(self, "_accept", _ACCEPT[self.kind])
        object.__setattr__(self, "_empty", _EMPTY.get(self.kind, ()))

    def read(self, raw: Mapping[str, Any]) -> Value | Unknown:
        """The value in one JSON object, or why it is unknown; an absent property is unknown, never a default."""
        if self.element:
            return self._read_element(raw)
        if self.within:
            # Of a property that was asked for, Graph leaves out what is null.
            inner = raw.get(self.within)
            if inner is None:
                # Where that has no documented meaning, it only says that the value did not come.
                return NOT_SENT if self.null is None and self.within not in raw else self.accept(None)
            if not isinstance(inner, dict):
                return STRANGE
            raw = inner
        if self.key not in raw:
            return self.absent
        value = raw[self.key]
        if self.of_each and isinstance(value, list):
            value = [row.get(self.of_each) if isinstance(row, dict) else None for row in value]
        return self.accept(value)

    def _read_element(self, raw: Mapping[str, Any]) -> Value | Unknown:
        """The value in the one object of a list that has the `id`."""
        if self.within not in raw:
            return NOT_SENT
        inner = element_of(raw[self.within], self.element)
        if inner is None:
            return NOT_SENT if _lacks(raw[self.within], self.element) else STRANGE
        return self.accept(inner[self.key]) if self.key in inner else NOT_SENT

    def accept(self, value: Any) -> Value | Unknown:
        """The value, if it is one that the field can hold."""
        if value is None or (self._empty and isinstance(value, str) and value[:10] in self._empty):
            return STRANGE if self.null is None else self.null
        accepted = self._accept(self, value)
        return STRANGE if accepted is None else accepted


def element_of(rows: Any, name: str) -> Mapping[str, Any] | None:
    """The one object of a list that has this `id`, whatever its case; None if there is none, or more than one."""
    elements = rows if isinstance(rows, list) else []
    found = [one for one in elements if isinstance(one, dict) and str(one.get("id")).lower() == name.lower()]
    return found[0] if len(found) == 1 else None


def _lacks(rows: Any, name: str) -> bool:
    """Whether a list is one of objects with ids, and none of them has this id."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows):
        return False
    return not any(row["id"].lower() == name.lower() for row in rows)


def _boolean(_: Field, value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _enum(of: Field, value: Any) -> str | None:
    return value if isinstance(value, str) and value in of.values else None


def _text(_: Field, value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _list(_: Field, value: Any) -> tuple[str, ...] | None:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return None


def _number(_: Field, value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _time(_: Field, value: Any) -> datetime | None:
    return read_time(value) if isinstance(value, str) else None


_ACCEPT = {
    Kind.BOOLEAN: _boolean,
    Kind.ENUM: _enum,
    Kind.TEXT: _text,
    Kind.LIST: _list,
    Kind.NUMBER: _number,
    Kind.TIME: _time,
}

# How null is written as well, by its first ten characters: some pages show the first of all days for "never".
_EMPTY = {Kind.ENUM: ("",), Kind.TIME: ("", "0001-01-01")}

# Graph sends up to seven fractional digits, Python keeps six; older report pages show "2023-01-10 00:00".
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:\.(\d{1,6})\d*)?(Z|[+-]\d\d:\d\d)?")


def read_time(text: str) -> datetime | None:
    """A Graph timestamp in UTC, or None if it is none; one without a zone is taken as UTC, as Graph documents."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    day, minute, second, fraction, zone = match.groups()
    try:
        micro = f".{fraction.ljust(6, '0')}" if fraction else ""
        time = datetime.fromisoformat(f"{day}T{minute}{second or ':00'}{micro}{zone or '+00:00'}")
        return time if time.tzinfo is UTC else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
