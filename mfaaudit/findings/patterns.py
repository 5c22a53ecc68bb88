"""Patterns that a rule may hold: short, and without what engines spell differently or could repeat without end."""

from __future__ import annotations

import re

import polars as pl

from mfaaudit.yaml_nodes import Node

LONGEST = 200
"""Characters of a pattern: far more than a name needs."""
_REPEATS = "*+?{"
_CLASSES = "dDsSwW"
_CURE = "Write letters, `.`, `[...]`, `|`, `^`, `$` and groups without repetition; or use `matches` with * and ?."


def read_glob(node: Node) -> str:
    """A pattern with * and ?. Raises PolicyProblem if it is no text, or too long."""
    return _short(node, "matches")


def read_regex(node: Node) -> str:
    """A regular expression that means the same to every engine. Raises PolicyProblem if it may not.

    Not allowed is what engines spell differently, and what can take a time beyond measure: repeated groups, counts in
    braces, references back, looking ahead and behind.
    """
    text = _short(node, "regex")
    strange = _strange(text)
    if strange:
        raise node.problem(f"the regular expression holds {strange}, which is not allowed", _CURE)
    try:
        re.compile(text)
        pl.Series([""]).str.contains(f"(?i){text}")
    except (re.error, pl.exceptions.ComputeError) as error:
        first = str(error).splitlines()[0]
        raise node.problem(f"this is no regular expression: {first}", _CURE) from error
    return text


def _short(node: Node, what: str) -> str:
    text = node.text(what)
    if len(text) > LONGEST:
        raise node.problem(f"the pattern has {len(text):,} characters", f"Use at most {LONGEST}.")
    return text


def _strange(text: str) -> str | None:
    """The first thing that is not allowed, in words."""
    inside, position = False, 0
    while position < len(text):
        sign, after = text[position], text[position + 1 : position + 2]
        if sign == "\\":
            if (after.isalnum() and after not in _CLASSES) or after in ("<", ">"):
                return f"\\{after}"
            position += 1
        elif inside:
            if sign == "[" or text.startswith(("&&", "--", "~~"), position):
                return f"{sign!r} within brackets"
            inside = sign != "]"
        elif sign == "[":
            # A bracket that closes at once is a letter to some engines.
            if text.startswith(("]", "^]"), position + 1):
                return "a class that begins with ]"
            inside = True
        elif sign == "(" and after == "?":
            return "a group that begins with (?"
        elif sign in "^$" and after and after in _REPEATS:
            return f"a repeated {sign}"
        elif sign == ")" and after and after in _REPEATS:
            return "a repeated group"
        elif sign == "{":
            return "a count in braces"
        elif sign in "*+?" and after and after in "*+?":
            return "a repetition of a repetition"
        position += 1
    return None
