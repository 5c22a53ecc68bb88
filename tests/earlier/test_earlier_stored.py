"""What a bundle keeps of an earlier audit is the whole of it, and the same bytes each time."""

import io
import json

import polars as pl
import pytest
from audits_by_hand import audit, but

from mfaaudit.earlier import Audit
from mfaaudit.earlier.stored import facts_of, read_audit, users_of
from mfaaudit.errors import BundleProblem
from mfaaudit.words import Reason, Unknown

WHOLE = but(
    audit(
        {"ada": {"R-1": "F", "R-2": "P"}, "=cmd|' /C calc'!A0": {"R-1": "U", "R-2": "W"}},
        tenant_rules={"T-1": "F"},
        data=("T-1",),
        severities={"R-1": {"ada": "low"}},
    ),
    registered=Unknown(Reason.NO_LICENSE),
)


def same(one: Audit, other: Audit) -> bool:
    return one.users.equals(other.users, null_equal=True) and but(one, users=None) == but(other, users=None)


def test_it_comes_back_as_it_was():
    again = read_audit(facts_of(WHOLE), users_of(WHOLE), "here")

    assert same(again, WHOLE)
    assert again.users.schema == WHOLE.users.schema
    assert (facts_of(again), users_of(again)) == (facts_of(WHOLE), users_of(WHOLE))


def test_words_that_another_program_wrote_as_text_are_read():
    file = io.BytesIO()
    WHOLE.users.cast(pl.String()).write_parquet(file)

    assert same(read_audit(facts_of(WHOLE), file.getvalue(), "here"), WHOLE)


def test_only_the_names_that_are_asked_for_are_kept():
    kept = WHOLE.named(pl.Series(["ada"])).users

    assert kept["user_userPrincipalName"].to_list() == ["ada", None]
    assert kept["user_id"].to_list() == WHOLE.users["user_id"].to_list()
    assert b"calc" not in users_of(but(WHOLE.named(pl.Series([], dtype=pl.String())), users=kept.drop("user_id")))


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
        (facts_of(WHOLE), b""),
        (facts_of(WHOLE), b"not a table"),
        (facts_of(WHOLE), users_of(but(WHOLE, users=WHOLE.users.drop("verdict R-1")))),
    ],
)
def test_what_is_damaged_is_refused(facts, users):
    with pytest.raises(BundleProblem, match="here cannot be read"):
        read_audit(facts, users, "here")
