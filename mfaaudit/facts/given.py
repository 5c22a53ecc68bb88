"""What a derived fact may look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mfaaudit.sources.field import Field, Value
from mfaaudit.words import Unknown

Objects = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The evidence as objects, and the columns that have been read for the users."""

    objects: Callable[[str], Objects | Unknown]
    """All objects of one source by its name, or why they are not all there."""
    members: Callable[[str], Sequence[str] | Unknown]
    """The object ids of the users in one group by its object id, or why they are not all there."""
    user_ids: Sequence[str]
    column: Callable[[str], Sequence[Value | Unknown]]
    """What was read for each user, in the order of `user_ids`, by the name of the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A value that follows from others: one function, one file."""

    field: Field
    source: str
    """The name of the source that decides it: where to look in the evidence, and whose gaps make it unknown."""
    also: tuple[str, ...] = ()
    """The names of other sources whose gaps can make it unknown."""
    option: str = ""
    """The option without which it may be unknown, where its source is always asked for."""
    of_user: Callable[[Given], Sequence[Value | Unknown]] | None = None
    """One value a user, in the order of `user_ids`."""
    of_tenant: Callable[[Given], Value | Unknown] | None = None
