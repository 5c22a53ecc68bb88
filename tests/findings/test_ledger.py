"""Every user stands in exactly one bucket of the ledger, the one that a slow evaluator in plain Python puts them in."""

from collections import Counter

import polars as pl
import pytest
from depth import examples
from hypothesis import example, given
from hypothesis import strategies as st
from packs_by_hand import DEFAULTS, ENABLED, MFA, NO_ROW, STATE, THROTTLED, judged, pack, rule

from mfaaudit.columns import REASONS
from mfaaudit.findings import Bucket, Findings, RuleResult, ledger_of
from mfaaudit.findings.results import VERDICTS, count
from mfaaudit.words import Reason, Unknown, Verdict

VERDICT_WORDS = [one.value for one in Verdict]
REASON_WORDS = [one.value for one in Reason]
USER_RULE = pack(rule({MFA: True})).rules[0]
TENANT_RULE = pack(rule({DEFAULTS: True}, scope="tenant")).rules[0]


def result(cells, of=USER_RULE):
    """A rule that was judged: one (verdict, reason) a user."""
    frame = pl.DataFrame(
        [(f"u{number}", *cell) for number, cell in enumerate(cells)],
        schema={"user_id": pl.String, "verdict": VERDICTS, "reason": REASONS},
        orient="row",
    )
    return RuleResult(rule=of, counts=count(frame["verdict"].to_physical()), frame=frame, observed="")


def findings(table, size):
    """What rules said, a list of (verdict, reason) a rule."""
    return Findings(packs=(), results=tuple(map(result, table)), user_count=size)


def slow(table, size):
    """The same ledger, user by user: (bucket, reason) -> [users, failing]."""
    found = Counter(), Counter()
    for user in range(size):
        own = [cells[user] for cells in table]
        words = {verdict for verdict, _ in own}
        reason = ""
        if "NOT_EVALUATED" in words:
            bucket = "unreadable"
            reason = min((why for verdict, why in own if verdict == "NOT_EVALUATED"), key=REASON_WORDS.index)
        elif "ERROR" in words:
            bucket = "error"
        elif "WAIVED" in words and "FAIL" not in words:
            bucket = "waived"
        elif words & {"PASS", "FAIL"}:
            bucket = "evaluated"
        else:
            bucket = "outOfScope"
        found[0][bucket, reason] += 1
        found[1][bucket, reason] += "FAIL" in words
    return {key: (found[0][key], found[1][key]) for key in found[0]}


def fast(made):
    ledger = ledger_of(made)
    keys = [(one.bucket.value, one.reason.value if one.reason else "") for one in ledger.rows]
    assert len(set(keys)) == len(keys), "one row a bucket and reason"
    return {key: (one.users, one.failing) for key, one in zip(keys, ledger.rows, strict=True) if one.users}


# A reason stands beside other verdicts too: it must not make anybody unreadable.
CELL = st.one_of(
    st.tuples(st.sampled_from([word for word in VERDICT_WORDS if word != "NOT_EVALUATED"]), st.none()),
    st.tuples(st.just("NOT_EVALUATED"), st.sampled_from(REASON_WORDS)),
    st.tuples(st.sampled_from(["ERROR", "WAIVED"]), st.sampled_from(REASON_WORDS)),
)


@st.composite
def tables(draw):
    size, rules = draw(st.integers(0, 6)), draw(st.integers(0, 4))
    return draw(st.lists(st.lists(CELL, min_size=size, max_size=size), min_size=rules, max_size=rules)), size


@examples(300)
@given(tables())
@example(([], 3))
@example(([[]], 0))
def test_the_ledger_equals_that_of_the_slow_evaluator(drawn):
    table, size = drawn
    made = findings(table, size)

    assert fast(made) == slow(table, size)
    assert ledger_of(made).users == size
    assert ledger_of(made).failing == made.users_with(Verdict.FAIL)


@pytest.mark.parametrize(
    ("own", "bucket", "reason", "failing"),
    [
        (["PASS", "NOT_APPLICABLE"], "evaluated", None, 0),
        (["PASS", "FAIL"], "evaluated", None, 1),
        (["FAIL", "WAIVED"], "evaluated", None, 1),
        (["PASS", "WAIVED"], "waived", None, 0),
        (["WAIVED", "NOT_APPLICABLE"], "waived", None, 0),
        (["NOT_APPLICABLE", "NOT_APPLICABLE"], "outOfScope", None, 0),
        (["ERROR", "WAIVED"], "error", None, 0),
        (["ERROR", "FAIL"], "error", None, 1),
        (["FAIL", "NO_ROW"], "unreadable", "NO_ROW", 1),
        (["ERROR", "TIMEOUT"], "unreadable", "TIMEOUT", 0),
        (["NO_ROW", "NOT_FOUND"], "unreadable", "NOT_FOUND", 0),
        (["NOT_FOUND", "NO_ROW"], "unreadable", "NOT_FOUND", 0),
        (["NOT_FOUND", "NO_PERMISSION"], "unreadable", "NO_PERMISSION", 0),
    ],
)
def test_the_first_bucket_that_fits_whatever_the_order_of_the_rules(own, bucket, reason, failing):
    cells = [("NOT_EVALUATED", word) if word in REASON_WORDS else (word, None) for word in own]

    for ordered in (cells, cells[::-1]):
        (row,) = [one for one in ledger_of(findings([[one] for one in ordered], 1)).rows if one.users]
        assert (row.bucket, row.reason, row.users, row.failing) == (bucket, reason, 1, failing)


def test_an_empty_bucket_is_named_too_and_the_commonest_reason_comes_first():
    unread = [("NOT_EVALUATED", word) for word in ("TIMEOUT", "NO_ROW", "NO_ROW", "NO_LICENSE")]

    assert [(one.bucket, one.reason, one.users) for one in ledger_of(findings([unread], 4)).rows] == [
        ("evaluated", None, 0),
        ("waived", None, 0),
        ("outOfScope", None, 0),
        ("unreadable", "NO_ROW", 2),
        ("unreadable", "NO_LICENSE", 1),
        ("unreadable", "TIMEOUT", 1),
        ("error", None, 0),
    ]
    assert [one.bucket for one in ledger_of(findings([], 0)).rows] == list(Bucket)


def test_a_rule_about_the_tenant_puts_nobody_anywhere():
    made = Findings(packs=(), results=(result([("FAIL", None)], TENANT_RULE),), user_count=3)

    assert fast(made) == {("outOfScope", ""): (3, 0)}


def test_what_was_not_read_of_a_user_makes_them_unreadable_only_where_a_rule_needs_it():
    one = pack(rule({MFA: True}), rule({STATE: "enforced"}, id="R-2"), population={ENABLED: True})
    good = {ENABLED: True, MFA: True, STATE: "enforced"}
    users = [
        good,
        good | {STATE: "disabled"},
        good | {STATE: THROTTLED},
        good | {MFA: NO_ROW, STATE: THROTTLED},
        # Nobody asks about the disabled, so what is unknown of them leaves nothing open.
        {ENABLED: False, MFA: NO_ROW, STATE: THROTTLED},
        good | {ENABLED: Unknown(Reason.UNKNOWN_VALUE)},
    ]

    assert fast(judged(one, users)) == {
        ("evaluated", ""): (2, 1),
        ("outOfScope", ""): (1, 0),
        ("unreadable", "THROTTLED"): (2, 0),
        ("unreadable", "UNKNOWN_VALUE"): (1, 0),
    }


def test_a_pack_that_is_silent_in_this_tenant_leaves_everybody_out_of_scope():
    one = pack(rule({MFA: True}), preconditions=[{DEFAULTS: False}])

    made = judged(one, [{MFA: True}, {MFA: NO_ROW}], {DEFAULTS: True})

    assert fast(made) == {("outOfScope", ""): (2, 0)}
