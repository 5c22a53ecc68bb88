"""`mfaaudit explain` from the command line."""

import json

import polars as pl


def somebody(job, row=0):
    return pl.read_parquet(job.bundle / "users.parquet").row(row, named=True)


def test_a_user_by_name_or_id_whatever_the_verdicts(mfaaudit, job):
    user = somebody(job)
    by_id = mfaaudit("explain", job.bundle, user["user_id"].upper(), "--quiet")
    assert by_id.code == 0
    assert by_id.err == ""
    assert user["user_id"] in by_id.out
    by_name = mfaaudit("explain", job.bundle, user["user_userPrincipalName"].upper(), "--quiet")
    assert by_name == by_id


def test_json_and_one_rule_in_any_case(mfaaudit, messy):
    said = mfaaudit("explain", messy.bundle, somebody(messy)["user_id"], "--rule", "base-01", "--json", "--quiet")
    assert said.code == 0
    (rule,) = json.loads(said.out)["rules"]
    assert rule["id"] == "BASE-01"
    assert {"why", "whatNext", "becomes", "observed", "expected"} <= set(rule)


def test_nobody_of_that_name_ends_with_2_and_names_who_is_like_it(mfaaudit, messy):
    name = somebody(messy)["user_userPrincipalName"]
    said = mfaaudit("explain", messy.bundle, name[:-3])
    assert said.code == 2
    assert said.out == ""
    assert name in said.err


def test_an_unknown_rule_ends_with_2(mfaaudit, messy):
    said = mfaaudit("explain", messy.bundle, somebody(messy)["user_id"], "--rule", "BASE-99")
    assert (said.code, said.out) == (2, "")
    assert "BASE-0" in said.err


def test_a_hostile_name_is_asked_for_and_shown_without_effect(mfaaudit, messy):
    said = mfaaudit("explain", messy.bundle, "\x1b]0;owned\x07\u202e")
    assert said.code == 2
    assert "\x1b]0" not in said.err
    assert "\u202e" not in said.err


def test_every_name_of_a_tenant_is_shown_without_control_characters(mfaaudit, messy):
    frame = pl.read_parquet(messy.bundle / "users.parquet")
    strange = frame.filter(pl.col("user_displayName").str.contains(r"[^\x20-\x7e]|<|=|\+"))
    assert strange.height
    for user in strange["user_id"].to_list()[:6]:
        said = mfaaudit("explain", messy.bundle, user, "--rule", "BASE-01", "--quiet")
        assert said.code == 0
        assert all(sign == "\n" or sign.isprintable() or sign == "\ufffd" for sign in said.out), user


def test_altered_evidence_explains_nothing(mfaaudit, messy, copy_of):
    bundle = copy_of(messy)
    file = bundle / "evidence" / "perUser.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-20])
    said = mfaaudit("explain", bundle, somebody(messy)["user_id"])
    assert said.code == 1
    assert said.out == ""
