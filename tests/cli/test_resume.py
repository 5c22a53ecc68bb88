"""`audit --resume`: which audit it goes on with, and what it says where there is none."""

import json
import shutil

import pytest


@pytest.fixture
def begun(mfaaudit, served, token):
    """Audits the served tenant into a folder, and takes away what an audit that was killed would not have written."""
    token(served.tenant.access_token())

    def make(folder, *options):
        said = mfaaudit("audit", *connection(served), "--out", folder, "--format", "json", *options)
        assert said.code == 10, said.err
        whole = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        for name in ("results.json", "manifest.json", "users.parquet", "evidence/run.json"):
            (folder / name).unlink()
        shutil.rmtree(folder / "policies")
        return whole

    return make


def connection(served):
    return "--graph-url", served.url, "--auth", "token", "--quiet"


def test_an_audit_that_was_broken_off_here_is_gone_on_with_and_one_of_several_must_be_named(
    mfaaudit, served, begun, tmp_path
):
    work = tmp_path / "work"
    whole = begun(work / "mfaaudit-1")
    shutil.copytree(work / "mfaaudit-1", work / "mfaaudit-2")

    said = mfaaudit("audit", *connection(served), "--resume")
    assert said.code == 2
    assert "mfaaudit-1, mfaaudit-2" in said.err
    assert "--out" in said.err

    assert mfaaudit("audit", *connection(served), "--resume", "--out", "mfaaudit-2", "--format", "json").code == 10

    # Now one alone is left.
    said = mfaaudit("audit", *connection(served), "--resume", "--format", "json")
    assert said.code == 10
    assert "in 2 sessions" in said.out
    again = json.loads((work / "mfaaudit-1" / "results.json").read_text(encoding="utf-8"))
    assert (again["rules"], again["ledger"]) == (whole["rules"], whole["ledger"])
    assert [len(one["run"]["sessions"]) for one in (whole, again)] == [1, 2]
    assert again["run"]["startedAt"] == again["run"]["sessions"][0]["startedAt"]


def test_where_none_was_broken_off_it_says_so(mfaaudit, served, token, tmp_path):
    token(served.tenant.access_token())
    (tmp_path / "empty").mkdir()

    for more in ((), ("--out", tmp_path / "empty")):
        said = mfaaudit("audit", *connection(served), "--resume", *more)
        assert said.code in (1, 2)
        assert "hint: " in said.err
        assert "--resume" in said.err
        assert "To go on" not in said.err


def test_another_way_to_collect_or_another_option_is_another_audit(mfaaudit, served, begun, tmp_path):
    folder = tmp_path / "bundle"
    begun(folder, "--with-eligible-roles")

    said = mfaaudit("audit", *connection(served), "--resume", "--out", folder)
    assert said.code == 2
    assert "--collect per-user --with-eligible-roles" in said.err

    again = mfaaudit(
        "audit", *connection(served), "--resume", "--out", folder, "--format", "json", "--with-eligible-roles"
    )
    assert again.code == 10


def test_an_option_says_its_price_before_it_is_read_and_bulk_reads_are_told_and_verified(
    mfaaudit, served, token, tmp_path
):
    token(served.tenant.access_token())
    options = "--with-signin-activity", "--collect", "verified-bulk", "--out", tmp_path / "b", "--format", "json"

    said = mfaaudit("audit", *(one for one in connection(served) if one != "--quiet"), *options)

    assert "--with-signin-activity adds 1 request, a few seconds at Graph's 10 a minute." in said.err
    assert "Verified    Per-user MFA state: " in said.out
    results = json.loads((tmp_path / "b" / "results.json").read_text(encoding="utf-8"))
    assert (results["run"]["options"], results["run"]["collect"]) == (
        ["signin-activity", "policy-groups"],
        "verified-bulk",
    )
    assert [one["source"] for one in results["verification"]] == ["requirements", "signInPreferences"]
