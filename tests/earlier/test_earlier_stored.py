"""What a bundle keeps of an earlier audit is the whole of it, and the same bytes each time."""

import io
import json

import polars as pl
import pytest
from audits_by_hand import START, audit, but

from mfaaudit.earlier import Audit
from mfaaudit.earlier.steps import WORDS, Replay, Replayed, Step, waiver_column
from mfaaudit.earlier.stored import facts_of, read_audit, users_of
from mfaaudit.earlier.values import TIMES, time_column, value_column
from mfaaudit.errors import BundleProblem
from mfaaudit.findings.results import VERDICTS
from mfaaudit.words import Reason, Unknown, Verdict

REPLAY = Replay(
    rules={
        "R-1": Replayed(gate=None, seen="", may_waive=True, verdicts={}),
        "T-1": Replayed(gate=True, seen="so", may_waive=False, verdicts=dict.fromkeys(Step, Verdict.ERROR)),
    },
    tenant={"declared.posture": "mixed"},
)
PLAIN = but(
    audit(
        {"ada": {"R-1": "F", "R-2": "P"}, "=cmd|' /C calc'!A0": {"R-1": "U", "R-2": "W"}},
        tenant_rules={"T-1": "F"},
        data=("T-1",),
        severities={"R-1": {"ada": "low"}},
    ),
    registered=Unknown(Reason.NO_LICENSE),
)

BESIDE = [pl.Series(step.column("R-1"), ["PASS", None], dtype=VERDICTS) for step in Step]
BESIDE += [pl.Series(value_column("user.accountEnabled"), ["true", "false →"], dtype=WORDS)]
BESIDE += [pl.Series(waiver_column("R-1"), [None, "E-1"], dtype=WORDS)]
BESIDE += [pl.Series(time_column("user.accountEnabled"), [START, None], dtype=TIMES)]
WHOLE = but(PLAIN, users=PLAIN.users.hstack(BESIDE), replay=REPLAY)


def same(one: Audit, other: Audit) -> bool:
    return one.users.equals(other.users, null_equal=True) and but(one, users=None) == but(other, users=None)


def test_it_comes_back_as_it_was():
    again = read_audit(facts_of(WHOLE), users_of(WHOLE), "here")

    assert same(again, WHOLE)
    assert again.users.schema == WHOLE.users.schema
    assert (facts_of(again), users_of(again)) == (facts_of(WHOLE), users_of(WHOLE))


def test_words_that_another_program_wrote_as_text_are_read():
    file = io.BytesIO()
    WHOLE.users.with_columns(pl.exclude(TIMES).cast(pl.String())).write_parquet(file)

    assert same(read_audit(facts_of(WHOLE), file.getvalue(), "here"), WHOLE)


def test_only_the_names_that_are_asked_for_are_kept():
    kept = WHOLE.named(pl.Series(["ada"])).users

    assert kept["user_userPrincipalName"].to_list() == ["ada", None]
    assert kept["user_id"].to_list() == WHOLE.users["user_id"].to_list()
    assert b"calc" not in users_of(but(WHOLE.named(pl.Series([], dtype=pl.String())), users=kept.drop("user_id")))


def test_of_an_audit_before_the_previous_one_nothing_but_verdicts_is_kept():
    bare = WHOLE.bare

    assert bare.replay is None
    assert bare.users.columns == PLAIN.users.columns
    assert bare.users["user_userPrincipalName"].null_count() == bare.users.height
    assert bare.users["verdict R-1"].equals(WHOLE.users["verdict R-1"])
    assert b"calc" not in users_of(but(bare, users=bare.users.with_columns(user_id=pl.lit("x"))))


def test_another_schema_is_refused_by_its_number():
    facts = json.loads(facts_of(WHOLE)) | {"schema": 3}

    with pytest.raises(BundleProblem, match="here has schema 3, and this version knows 2"):
        read_audit(json.dumps(facts).encode(), users_of(WHOLE), "here")


def without(key):
    facts = json.loads(facts_of(WHOLE))
    del facts[key]
    return json.dumps(facts).encode()


@pytest.mark.parametrize(
    ("facts", "users"),
    [
        (b"", users_of(WHOLE)),
        (b"[]", users_of(WHOLE)),
        (facts_of(WHOLE)[:-20], users_of(WHOLE)),
        (without("rules"), users_of(WHOLE)),
        (facts_of(WHOLE).replace(b'"NO_LICENSE"', b'"SHRUG"'), users_of(WHOLE)),
        (facts_of(WHOLE).replace(b'"dates"', b'"days"'), users_of(WHOLE)),
        (facts_of(WHOLE), users_of(but(WHOLE, users=WHOLE.users.drop(BESIDE[0].name)))),
        (facts_of(WHOLE), users_of(but(WHOLE, users=WHOLE.users.drop(BESIDE[-1].name)))),
        (facts_of(WHOLE), b""),
        (facts_of(WHOLE), b"not a table"),
        (facts_of(WHOLE), users_of(but(WHOLE, users=WHOLE.users.drop("verdict R-1")))),
    ],
)
def test_what_is_damaged_is_refused(facts, users):
    with pytest.raises(BundleProblem, match="here cannot be read"):
        read_audit(facts, users, "here")
