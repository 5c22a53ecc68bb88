"""A pattern that every engine reads alike says what the pattern of judging says."""

import dataclasses
import json

import narwhals as nw
import polars as pl
import pytest

from mfaaudit.errors import UsageProblem
from mfaaudit.findings.condition import AllOf, AnyOf, Empty, Not, Test
from mfaaudit.findings.examples import NOW
from mfaaudit.findings.operators import OPERATORS, Takes
from mfaaudit.findings.patterns import read_regex
from mfaaudit.spark.patterns import SAME, glob, regex
from mfaaudit.spark.portable import ALIKE, OURS, portable
from mfaaudit.vocabulary import FIELDS
from mfaaudit.yaml_nodes import parse

NAME = FIELDS["user.displayName"]
CASED = [sign for sign in map(chr, range(0x110000)) if sign.lower() != sign or sign.upper() != sign]
REGEXES = [
    *("^svc-[0-9]+|bot$", "a.c", "^a", "c$", "(a|b)c", "[^a-z]", "[k-s]", "[ı]", "İ", "k", "[^ß]$", r"\.$", "a*b+c?$"),
    *(
        r"\w",
        r"^\w+$",
        r"\W",
        r"\d",
        r"^\D*$",
        r"\s",
        r"\S\s\S",
        r"[\w-]",
        r"[^\w\s]",
        r"[\d_]",
        r"[\]\[\\^-]",
        "[a^-]",
    ),
    *(
        ".",
        "^.$",
        "^..$",
        "^$",
        "$",
        "^",
        "a|",
        "()",
        "}",
        "]",
        "[σ-ω]",
        "ſ",
        "[Ā-ɏ]",
        "\\$",
        r"\-",
        "[a-]",
        "[$.]",
        "[*+?]",
    ),
]
TEXTS = [
    "",
    "a",
    "abc",
    "a\nc",
    "ABC",
    "SVC-12",
    "a Bot",
    "bots",
    "c\n",
    "c\r\n",
    "c\u2028",
    "c\x85",
    "𝒳",
    "a𝒳c",
    "٣",
    "ａ",
]
TEXTS += [
    "İSMAİL",
    "ısmaıl",
    "\u212a",
    "ſvc",
    "straße",
    "STRAẞE",
    "σίσυφος",
    "a.",
    "a]",
    "}",
    "^",
    "-",
    "\\",
    "$",
    "x y",
    "_",
]
TEXTS += [
    "\u200d",
    "\u0301",
    "é",
    "\t",
    "\xa0",
    "\u3000",
    "\u180e",
    "\u1e030",
    "\U0001e4f0",
    "\U00011f02",
    "\ua7cb",
    "\x00",
]


def matched(pattern, texts):
    frame = pl.DataFrame({NAME.column: texts})
    answer = nw.from_native(frame, eager_only=True).select(OPERATORS["matches"].build(NAME, pattern, NOW))
    return answer.to_native().to_series().to_list()


def matched_by_all(pattern, texts):
    return pl.Series(texts).str.contains(glob(pattern)).to_list()


def test_a_letter_is_like_the_same_letters():
    # Every seventh of nearly three thousand: all take a quarter of a minute.
    for sign in [*CASED[::7], *SAME, *SAME.values(), *"iıİIkKſsSßẞµμΜςσΣ\u212a"]:
        assert matched_by_all(sign, CASED) == matched(sign, CASED), sign


@pytest.mark.parametrize(
    "pattern", ["*", "?", "a?c", "svc-*", "*@x.example", "[a]*", "a.b", "\\", "^$", "", "}{", "İ*"]
)
def test_stars_and_question_marks_and_all_else(pattern):
    texts = [
        "",
        "a",
        "abc",
        "aBC",
        "a\nc",
        "SVC-",
        "svc-\n",
        "x svc-",
        "me@X.example",
        "[A]b",
        "a.b",
        "axb",
        "\\",
        "^$",
    ]
    texts += ["𝒳", "}{", "i", "İx", "a.b\n", "\r\n"]
    assert matched_by_all(pattern, texts) == matched(pattern, texts)


def contained(pattern, texts):
    frame = pl.DataFrame({NAME.column: texts})
    answer = nw.from_native(frame, eager_only=True).select(OPERATORS["regex"].build(NAME, pattern, NOW))
    return answer.to_native().to_series().to_list()


@pytest.mark.parametrize("pattern", REGEXES)
def test_a_regular_expression_finds_the_same(pattern):
    text = json.dumps(pattern)
    assert read_regex(parse(text, "a.yaml")) == pattern
    spelled = regex(pattern)

    for texts in (TEXTS, CASED):
        assert pl.Series(texts).str.contains(spelled).to_list() == contained(pattern, texts)


def test_a_class_of_signs_is_spelled_by_number():
    assert regex("[b-d]$") == r"[\x{42}-\x{44}\x{62}-\x{64}]\z"
    assert regex(r"^\..") == r"^[\x{2e}][^\n]"
    assert regex(r"[^\d\D]|\s") == (
        r"[^\x{0}-\x{10ffff}]|[\x{9}-\x{d}\x{20}-\x{20}\x{85}-\x{85}\x{a0}-\x{a0}\x{1680}-\x{1680}"
        r"\x{2000}-\x{200a}\x{2028}-\x{2029}\x{202f}-\x{202f}\x{205f}-\x{205f}\x{3000}-\x{3000}]"
    )


def test_a_pattern_has_no_flags():
    assert "(?i" not in glob("a*?Ω")


def test_what_is_nested_is_found():
    leaf = Test(field=NAME, operator=OPERATORS["matches"], operand="a")
    ours = dataclasses.replace(leaf, operator=OURS["matches"])

    assert portable(Not(AnyOf((AllOf((leaf,)), leaf)))) == Not(AnyOf((AllOf((ours,)), ours)))
    assert portable(None) is None


@pytest.mark.parametrize("name", ["on_day", "sounds_like"])
def test_an_operator_that_was_not_compared_is_refused(name):
    strange = dataclasses.replace(OPERATORS["eq"], name=name)

    with pytest.raises(UsageProblem, match=name):
        portable(Not(Test(field=NAME, operator=strange, operand="a")))


def test_every_age_has_a_spelling_for_many_bundles():
    assert {name for name, one in OPERATORS.items() if one.takes is Takes.DAYS} <= set(OURS)


def test_what_an_empty_value_means_stays():
    leaf = Test(field=NAME, operator=OPERATORS["matches"], operand="a", if_empty=Empty.OPEN)

    assert portable(leaf).if_empty is Empty.OPEN


def test_every_operator_is_of_one_sort_or_the_other():
    assert set(OPERATORS) == ALIKE | set(OURS)
    assert not ALIKE & set(OURS)
