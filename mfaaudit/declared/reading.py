"""Days, object ids and plain text in a declared file, each refused with its line if it is something else."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from mfaaudit.yaml_nodes import GUID, ID, MIB, FileKind, Node

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Control characters, halves of surrogate pairs, and what makes a line read otherwise than it is written."""
LONGEST_TEXT = 2000
DECLARED = FileKind(
    longest=4 * MIB,
    # A character takes four of them at most.
    most_bytes=16 * MIB,
    too_long="Remove what has long run out.",
    begins="Start with `schema: 1`; policies/examples shows how.",
    most=300_000,
)
"""Some nine thousand exceptions."""
SCHEMA = 1


def day(node: Node, what: str) -> date:
    """A day, as a YAML date or as text. Raises PolicyProblem."""
    raw = node.raw.value if not node.is_mapping() and not node.is_list() else ""
    try:
        if DAY.fullmatch(raw):
            return date.fromisoformat(raw)
    except ValueError:
        pass  # a day that no month has is refused like any other text
    raise node.problem(f"{what} cannot be {node.described()}", "Write a day as year-month-day: 2026-10-02.")


def guid(node: Node, what: str) -> str:
    """An object id in lower case. Raises PolicyProblem; a name of an account is told from a slip of the pen."""
    text = node.text(what)
    if GUID.fullmatch(text):
        return text.lower()
    hint = "Copy the object id from the account's page: 00000000-0000-0000-0000-000000000000."
    if "@" in text:
        hint = f"A user principal name can be given to somebody else, an object id cannot. {hint}"
    raise node.problem(f"{what} must be an object id, not {node.described()}", hint)


def word(node: Node, what: str) -> str:
    """An id. Raises PolicyProblem."""
    text = node.text(what)
    if not ID.fullmatch(text):
        hint = "Use letters, digits, dots, dashes and underscores."
        if any(sign in text for sign in "*?["):
            hint = "There are no patterns here: name each rule, so that nobody is excused from one that comes later."
        raise node.problem(f"{what} cannot be {node.described()}", hint)
    return text


def plain(node: Node, what: str) -> str:
    """Text for people. Raises PolicyProblem if it is too long, or holds what nobody can see."""
    text = node.text(what)
    if len(text) > LONGEST_TEXT:
        raise node.problem(f"{what} is longer than {LONGEST_TEXT:,} characters", "Write it in the ticket.")
    hidden = HIDDEN.search(text)
    if hidden:
        raise node.problem(f"{what} holds the invisible character U+{ord(hidden[0]):04X}", "Type the text anew.")
    return text


def listed(root: Node, what: str, key: str) -> list[Node]:
    """The elements below the one key of a file, after its schema. Raises PolicyProblem."""
    found = root.fields(what, ("schema", key), ("schema", key))
    schema: Any = found["schema"].scalar()
    if schema is True or schema != SCHEMA:
        raise found["schema"].problem(
            f"schema cannot be {found['schema'].described()}", f"This version reads `schema: {SCHEMA}`."
        )
    return found[key].elements(key)
