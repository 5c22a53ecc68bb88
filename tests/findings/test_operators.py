"""Every operator: what passes, what fails, and that what was not read does neither."""

import fnmatch
from datetime import timedelta
from string import ascii_letters, punctuation, whitespace

import narwhals as nw
import polars as pl
import pytest
from packs_by_hand import (
    CAPABLE,
    CREATED,
    METHODS,
    MFA,
    NAME,
    NO_ROW,
    PREFERRED,
    ROLES,
    STATE,
    pack,
    rule,
    verdicts,
)

from mfaaudit.columns import columns_of
from mfaaudit.findings.examples import NOW
from mfaaudit.findings.operators import OPERATORS
from mfaaudit.sources.field import Field, Kind
from mfaaudit.sources.registration_details import METHODS as CLASSIFIED

NEW, PHONE, PUSH, KEY = "methodOfTheFuture", "mobilePhone", "microsoftAuthenticatorPush", "fido2SecurityKey"
WEAK = [PHONE, "email"]


def glob_matches(pattern: str, text: str) -> bool:
    """What `matches` means, for one text."""
    literal = pattern.replace("[", "[[]")
    return fnmatch.fnmatchcase(text.casefold(), literal.casefold())


def ago(**past):
    return NOW - timedelta(**past)


# field, operator, operand, then the values that pass, that fail, and that leave the question open
OF_FIELDS = [
    (CAPABLE, "eq", True, [True], [False], []),
    (CAPABLE, "eq", False, [False], [True], []),
    (CAPABLE, "ne", True, [False], [True], []),
    (STATE, "eq", "enforced", ["enforced"], ["enabled", "disabled"], []),
    (STATE, "ne", "enforced", ["enabled", "disabled"], ["enforced"], []),
    (STATE, "in", ["enabled", "enforced"], ["enabled", "enforced"], ["disabled"], []),
    (PREFERRED, "not_in", ["sms", "voiceMobile"], ["push", "none"], ["sms", "voiceMobile"], []),
    (NAME, "eq", "Zoë", ["Zoë"], ["zoë", "", "Zoë "], []),
    (NAME, "in", ["A", "B"], ["A"], ["C", "", "a"], []),
    (NAME, "matches", "svc-*", ["svc-", "SVC-Backup", "svc-\nx"], ["a svc-", "svc", ""], []),
    (PREFERRED, "empty", True, ["none"], ["sms"], []),
    (PREFERRED, "not_empty", True, ["sms"], ["none"], []),
    (NAME, "empty", True, [""], [" ", "x"], []),
    (ROLES, "empty", True, [()], [("a",)], []),
    (ROLES, "not_empty", True, [("a",), ("a", "b")], [()], []),
    (METHODS, "contains", PHONE, [(PHONE,), (KEY, PHONE), (NEW, PHONE)], [(), (KEY,)], []),
    (METHODS, "contains_any", [KEY, PUSH], [(KEY,), (NEW, PUSH)], [(), (PHONE,)], [(NEW,), (PHONE, NEW)]),
    (METHODS, "contains_all", [KEY, PUSH], [(PUSH, KEY), (PUSH, NEW, KEY)], [(), (KEY,), (KEY, NEW)], []),
    (METHODS, "contains_none", WEAK, [(), (KEY,)], [(PHONE,), (NEW, PHONE)], [(NEW,), (KEY, NEW)]),
    (
        METHODS,
        "contains_other_than",
        WEAK,
        [(KEY, PHONE), (KEY, NEW)],
        [(), (PHONE, "email")],
        [(NEW, PHONE)],
    ),
    (METHODS, "count", {"gte": 2}, [(KEY, PUSH), (KEY, NEW)], [(), (KEY,), (NEW,)], []),
    (METHODS, "count", {"eq": 0}, [()], [(KEY,), (NEW,)], []),
    (
        METHODS,
        "count_excluding",
        {"of": WEAK, "gte": 2},
        [(KEY, PUSH), (KEY, PUSH, NEW)],
        [(), (KEY, PHONE), WEAK],
        [(KEY, NEW)],
    ),
    (METHODS, "count_excluding", {"of": WEAK, "gt": 0}, [(KEY,), (KEY, NEW)], [(), WEAK], [(NEW,)]),
    (
        METHODS,
        "count_excluding",
        {"of": WEAK, "lte": 1},
        [(), (KEY, PHONE)],
        [(KEY, PUSH, NEW)],
        [(KEY, NEW)],
    ),
    (METHODS, "count_excluding", {"of": WEAK, "lt": 1}, [(), WEAK], [(KEY,), (KEY, NEW)], [(NEW,)]),
    (
        METHODS,
        "count_excluding",
        {"of": WEAK, "eq": 1},
        [(KEY, PHONE)],
        [(), (KEY, PUSH, NEW)],
        [(KEY, NEW), (NEW,)],
    ),
    # Roles are ids without end: there is nothing that nobody has classified.
    (ROLES, "contains_any", ["a", "b"], [("b", "x")], [(), ("x",)], []),
    (ROLES, "contains_none", ["a", "b"], [(), ("x",)], [("a", "x")], []),
    (NAME, "regex", "^svc-[0-9]+|bot$", ["svc-1", "SVC-12x", "a Bot"], ["svc-", "a svc-1", "bots", ""], []),
    (NAME, "exists", True, ["x", " "], [""], []),
    (PREFERRED, "exists", True, ["push"], ["none"], []),
    (ROLES, "exists", True, [("a",)], [()], []),
    (CAPABLE, "exists", True, [True, False], [], []),
    (CREATED, "exists", True, [NOW], [], []),
    (CREATED, "older_than_days", 14, [ago(days=14, seconds=1)], [ago(days=14), NOW], []),
    (CREATED, "newer_than_days", 14, [ago(days=14), NOW], [ago(days=14, seconds=1)], []),
]

NUMBER = Field(name="test.number", title="", kind=Kind.NUMBER)
OF_NUMBERS = [
    ("eq", 3, [3], [2, 4]),
    ("ne", 3, [2, 4], [3]),
    ("in", (3, 5), [3, 5], [4]),
    ("not_in", (3, 5), [4], [3, 5]),
    ("lt", 3, [2], [3, 4]),
    ("lte", 3, [2, 3], [4]),
    ("gt", 3, [4], [2, 3]),
    ("gte", 3, [3, 4], [2]),
    ("between", (2, 4), [2, 3, 4], [1, 5]),
]


@pytest.mark.parametrize(("field", "operator", "operand", "passes", "fails", "opens"), OF_FIELDS)
def test_what_passes_what_fails_and_what_stays_open(field, operator, operand, passes, fails, opens):
    users = [{field: value} for value in (*passes, *fails, *opens, NO_ROW)]

    assert verdicts(pack(rule({field: {operator: operand}})), users) == [
        *[("PASS", None)] * len(passes),
        *[("FAIL", None)] * len(fails),
        *[("NOT_EVALUATED", "UNKNOWN_VALUE")] * len(opens),
        ("NOT_EVALUATED", "NO_ROW"),
    ]


def test_one_field_is_compared_with_another():
    same = pack(rule({MFA: {"eq_field": CAPABLE}}))
    users = [{MFA: True, CAPABLE: True}, {MFA: False, CAPABLE: True}, {MFA: True, CAPABLE: NO_ROW}, {CAPABLE: True}]

    assert verdicts(same, users) == [
        ("PASS", None),
        ("FAIL", None),
        ("NOT_EVALUATED", "NO_ROW"),
        ("NOT_EVALUATED", "NOT_REQUESTED"),
    ]


PART = Field(name="test.part", title="", kind=Kind.LIST, partial=True)


@pytest.mark.parametrize(
    ("operator", "operand", "held", "asked", "answer"),
    [
        ("contains", "a", ["a"], [], True),
        ("contains", "a", [], ["a"], False),
        ("contains", "a", [], ["b"], None),
        ("contains", "a", [], None, False),
        ("contains", "a", None, ["a"], None),
        ("contains_any", ("a", "b"), ["b"], ["b"], True),
        ("contains_any", ("a", "b"), [], ["b"], None),
        ("contains_any", ("a", "b"), [], ["a", "b"], False),
        ("contains_all", ("a", "b"), ["a"], ["a"], None),
        ("contains_all", ("a", "b"), ["a"], ["a", "b"], False),
        ("contains_none", ("a", "b"), ["a"], ["a"], False),
        ("contains_none", ("a", "b"), [], ["a"], None),
        ("contains_none", ("a", "b"), [], ["a", "b"], True),
    ],
)
def test_of_a_list_in_part_only_what_was_asked_for_is_known(operator, operand, held, asked, answer):
    kind = pl.List(pl.String())
    frame = pl.DataFrame(
        {"test_part": pl.Series([held], dtype=kind), "test_part_known": pl.Series([asked], dtype=kind)}
    )
    found = nw.from_native(frame, eager_only=True).select(answer=OPERATORS[operator].build(PART, operand, NOW))

    assert found["answer"].to_list() == [answer]


@pytest.mark.parametrize(("operator", "operand", "passes", "fails"), OF_NUMBERS)
def test_operators_of_numbers(operator, operand, passes, fails):
    frame = pl.DataFrame(columns_of(NUMBER, [*passes, *fails, NO_ROW]))
    answer = nw.from_native(frame, eager_only=True).select(answer=OPERATORS[operator].build(NUMBER, operand, NOW))

    assert answer["answer"].to_list() == [True] * len(passes) + [False] * len(fails) + [None]


def test_no_operator_and_no_kind_is_left_out():
    kinds = {
        CAPABLE: "boolean",
        STATE: "enum",
        PREFERRED: "enum",
        NAME: "text",
        METHODS: "list",
        ROLES: "list",
    }
    tried = {(operator, kinds.get(field, "time")) for field, operator, *_ in OF_FIELDS}
    tried |= {(operator, "number") for operator, *_ in OF_NUMBERS}
    # One kind for each operator, and each kind for those that mean something else for it.
    assert {operator for operator, _ in tried} == set(OPERATORS) - {"eq_field"}
    assert {
        ("empty", "enum"),
        ("empty", "text"),
        ("empty", "list"),
        ("eq", "boolean"),
        ("eq", "enum"),
    } <= tried


@pytest.mark.parametrize("sign", punctuation + "é–ß \t")
def test_only_the_star_and_the_question_mark_stand_for_something_else(sign):
    texts = [f"a{other}b" for other in (*punctuation, *whitespace, *ascii_letters, "", "é", "–", sign, "xy")]
    found = verdicts(pack(rule({NAME: {"matches": f"A{sign}b"}})), [{NAME: text} for text in texts])

    matched = [text for text, (verdict, _) in zip(texts, found, strict=True) if verdict == "PASS"]
    assert matched == [text for text in texts if glob_matches(f"A{sign}b", text)]
    assert f"a{sign}b" in matched


@pytest.mark.parametrize(
    ("pattern", "text"), [("*@x.example", "a@x.example"), ("a?c", "aXc"), ("[a]*", "[A]b"), ("*", "")]
)
def test_patterns_that_match(pattern, text):
    assert glob_matches(pattern, text)
    assert verdicts(pack(rule({NAME: {"matches": pattern}})), [{NAME: text}]) == [("PASS", None)]


def test_a_list_that_excludes_every_classified_method_leaves_only_what_is_new():
    users = [{METHODS: methods} for methods in ((), (KEY,), (NEW,), NO_ROW)]
    everything = list(CLASSIFIED)

    other = verdicts(pack(rule({METHODS: {"contains_other_than": everything}})), users)
    counted = verdicts(pack(rule({METHODS: {"count_excluding": {"of": everything, "gte": 1}}})), users)

    assert other == counted
    assert [verdict for verdict, _ in other] == ["FAIL", "FAIL", "NOT_EVALUATED", "NOT_EVALUATED"]


def test_a_shared_list_means_its_values():
    one = pack(rule({METHODS: {"contains_other_than": "$weak"}}), lists={"weak": WEAK})

    assert [verdict for verdict, _ in verdicts(one, [{METHODS: (PHONE,)}, {METHODS: (KEY,)}])] == [
        "FAIL",
        "PASS",
    ]


def test_several_operators_of_one_field_hold_together():
    between = {CREATED: {"older_than_days": 10, "newer_than_days": 20}}
    users = [{CREATED: ago(days=days)} for days in (9, 15, 21)]

    assert [verdict for verdict, _ in verdicts(pack(rule(between)), users)] == ["FAIL", "PASS", "FAIL"]
