"""Small readings that every part of a policy needs: what is empty, what is a list of words, what is an id."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_id(text: str) -> bool:
    """Whether it has the form of an object id or an application id, and is no word with a meaning of its own."""
    return _ID.fullmatch(text) is not None


def is_empty(value: Any) -> bool:
    """Whether a condition is not set: null, or nothing in it but annotations."""
    if isinstance(value, Mapping):
        return all(is_empty(inner) for key, inner in value.items() if "@odata" not in key)
    return value is None or value in ("", []) or value == {}


def others(value: Mapping[str, Any], known: Collection[str]) -> list[str]:
    """The properties that are set and not among the known ones."""
    return [key for key, inner in value.items() if key not in known and "@odata" not in key and not is_empty(inner)]


def words(value: Mapping[str, Any], key: str) -> list[str] | None:
    """A list of strings, null and absent being empty; None if it is anything else."""
    found = value.get(key)
    if found is None:
        return []
    return found if isinstance(found, list) and all(isinstance(one, str) for one in found) else None
