"""Reads ids and lists of texts in a pack."""

from __future__ import annotations

from mfaaudit.yaml_nodes import ID, Node


def read_id(node: Node, what: str) -> str:
    """An id. Raises PolicyProblem if it holds what no id may hold."""
    text = node.text(what)
    if not ID.fullmatch(text):
        raise node.problem(f"{what} cannot be {node.described()}", "Use letters, digits, dots, dashes and underscores.")
    return text


def read_texts(node: Node | None, what: str) -> tuple[str, ...]:
    """A list of texts; nothing is an empty one. Raises PolicyProblem."""
    return () if node is None else tuple(one.text(what) for one in node.elements(what))


def read_flag(node: Node, what: str) -> bool:
    """True or false. Raises PolicyProblem if something else stands there."""
    value = node.scalar()
    if not isinstance(value, bool):
        raise node.problem(f"{what} is true or false, not {node.described()}", "Write true or false.")
    return value
