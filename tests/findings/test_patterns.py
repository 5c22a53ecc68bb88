"""Which patterns a rule may hold, and that those which are refused are refused by name."""

import json

import pytest

from mfaaudit.errors import PolicyProblem
from mfaaudit.findings.patterns import LONGEST, read_glob, read_regex
from mfaaudit.yaml_nodes import parse


def node(pattern):
    return parse(json.dumps(pattern), "a.yaml")


REFUSED = {
    "[[:alpha:]]": "'\\['",
    "[a-z&&[aeiou]]": "'&' within",
    "[a-z&&b]": "'&' within",
    "[a--b]": "'-' within",
    "[a~~b]": "'~' within",
    "[[a]b]": "'\\['",
    r"\<a": r"\\<",
    r"a\>": r"\\>",
    r"[\<]": r"\\<",
    r"\vx": r"\\v",
    r"a\B": r"\\B",
    r"\bx": r"\\b",
    r"\pL": r"\\p",
    r"[\p{L}]": r"\\p",
    r"\Aa": r"\\A",
    r"a\z": r"\\z",
    r"(a)\1": r"\\1",
    r"\x41": r"\\x",
    r"\Qa": r"\\Q",
    "(?P<a>b)": r"begins with \(\?",
    "(?i)a": r"begins with \(\?",
    "(?=a)": r"begins with \(\?",
    "(a)+": "a repeated group",
    "(a|b)?": "a repeated group",
    "a{2}": "a count in braces",
    "a+?": "a repetition of a repetition",
    "a**": "a repetition of a repetition",
    "^*": r"a repeated \^",
    "a$?": r"a repeated \$",
    # To some engines the first bracket after [ is a letter, and what seems to stand behind the class stands in it.
    "[]&&a]": r"begins with \]",
    "[^]a]": r"begins with \]",
}


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_engines_spell_differently_or_repeat_without_end_is_refused(pattern):
    with pytest.raises(PolicyProblem, match=REFUSED[pattern]) as caught:
        read_regex(node(pattern))
    assert "which is not allowed" in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("pattern", ["(", "a)", "[a", "[z-a]", "*a", "a|*", "\\", r"\–", r"[\d-z]"])
def test_what_is_no_regular_expression_is_refused(pattern):
    with pytest.raises(PolicyProblem, match="no regular expression"):
        read_regex(node(pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        "^svc-[0-9]+|bot$",
        r"\w+\s\d*",
        r"[\]\[^-]",
        "[a&b]",
        "[-~]",
        "(a|b)c",
        r"\(\)\{\}\*",
        "a.c",
        "a&&b--~~",
        "]",
        "}",
    ],
)
def test_what_every_engine_reads_alike_is_allowed(pattern):
    assert read_regex(node(pattern)) == pattern


@pytest.mark.parametrize("read", [read_glob, read_regex])
def test_a_pattern_is_short(read):
    assert read(node("a" * LONGEST)) == "a" * LONGEST
    with pytest.raises(PolicyProblem, match="201 characters"):
        read(node("a" * (LONGEST + 1)))
