"""`recheck` on the command line: over a socket, and every way in which it refuses."""

import json

import pytest

from mfaaudit.findings import load_pack


@pytest.fixture
def spoilt(served, mfaaudit, token):
    """The served tenant with three members whose state is disabled, audited; they are as they were afterwards."""
    token(served.tenant.access_token())
    people = [one for one in served.tenant.directory.accounts if one.enabled and one.user_type == "Member"][:3]
    states = [one.state for one in people]
    for one in people:
        one.state = "disabled"
    connection = ("--graph-url", served.url, "--auth", "token", "--quiet")
    said = mfaaudit("audit", *connection, "--policy", "legacy-per-user-mfa", "--format", "json", "--out", "bundle")
    assert said.code == 10, said.err
    yield people, connection
    for one, state in zip(people, states, strict=True):
        one.state = state


def recheck(mfaaudit, connection, *arguments):
    return mfaaudit("recheck", "bundle", *connection, "--rule", "PUM-01", "--out", "again", *arguments)


def test_from_failing_to_fixed(spoilt, mfaaudit, tmp_path):
    people, connection = spoilt
    said = recheck(mfaaudit, connection, "--format", "json")
    assert (said.code, said.out.split("\n")[1]) == (10, "SOMETHING FAILS"), said.err
    assert "3 still failing" in said.out
    assert "not the tenant" in said.out
    for one in people:
        one.state = "enforced"
    out = tmp_path / "later"

    said = mfaaudit("recheck", "bundle", *connection, "--rule", "PUM-01", "--out", out)

    assert (said.code, said.out.split("\n")[1]) == (0, "NOTHING FAILS"), said.err
    assert "PUM-01     high      3 fixed" in said.out
    results = json.loads((out / "recheck.json").read_text(encoding="utf-8"))
    assert {one["userId"] for one in results["findings"]} == {one.id for one in people}
    assert {path.name for path in out.iterdir()} == {
        "recheck.json",
        "recheck.csv",
        "recheck.html",
        "recheck.xlsx",
        "manifest.json",
        "evidence",
        "audit.lock",
    }
    assert (out / "audit.lock").read_bytes() == b""


def test_without_a_name_the_folder_says_what_it_is(spoilt, mfaaudit, tmp_path):
    _, connection = spoilt
    mfaaudit("recheck", "bundle", *connection, "--rule", "PUM-01", "--format", "csv")

    (folder,) = (tmp_path / "work").glob("mfaaudit-*-recheck-*")
    assert {path.name for path in folder.iterdir()} == {"recheck.csv", "manifest.json", "evidence", "audit.lock"}


def test_on_a_terminal_it_says_what_it_reads_and_what_that_takes(spoilt, mfaaudit, monkeypatch):
    _, connection = spoilt
    monkeypatch.setattr("rich.console.Console.is_terminal", True)

    said = recheck(mfaaudit, [one for one in connection if one != "--quiet"], "--format", "json")

    assert said.code == 10, said.err
    assert "Reading again: 3 users with 3 verdicts (3 failed, 0 could not be judged)." in said.err
    assert "Registration details: 3 rows, one by one, take a few seconds" in said.err


def test_no_other_command_takes_a_recheck_for_an_audit(spoilt, mfaaudit):
    _, connection = spoilt
    recheck(mfaaudit, connection, "--format", "json")

    for command in (
        ("report", "again"),
        ("evaluate", "again"),
        ("annotate", "again", "bundle/results.json"),
        ("recheck", "again", *connection),
        ("audit", *connection, "--earlier", "again"),
        ("policy", "test", "baseline", "--against", "again"),
    ):
        said = mfaaudit(*command)
        assert said.code == 1, command
        assert "holds a recheck" in said.err


def test_where_nothing_was_flagged_nothing_is_read(messy, mfaaudit, tmp_path):
    # No token is there, and nobody asks for one.
    said = mfaaudit("recheck", messy.bundle, "--rule", "PUM-02", "--severity", "critical", "--out", "again")

    assert said.code == 0, said.err
    assert "flagged no user under --rule PUM-02 --severity critical. Nothing was read." in said.out
    assert not (tmp_path / "work" / "again").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--rule", "PUM-99"), 2, "not judged with such a rule"),
        (("--rule", load_pack("data-quality").rules[0].id), 2, "about the tenant or the data"),
        (("--format", "pdf"), 2, "there is no format"),
        (("--severity", "severe"), 2, "severe"),
        (("--out", "full"), 2, "not empty"),
        (("--resume",), 2, "No such option"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_read(messy, mfaaudit, arguments, code, says, tmp_path):
    full = tmp_path / "work" / "full"
    full.mkdir()
    (full / "file").write_text("x", encoding="utf-8")

    said = mfaaudit("recheck", messy.bundle, *arguments)

    assert said.code == code
    assert says in said.err


def test_another_tenant_than_the_one_asked_for_is_refused(messy, served, mfaaudit, token):
    token(served.tenant.access_token())
    connection = ("--graph-url", served.url, "--auth", "token", "--quiet", "--tenant", "contoso.com")

    said = mfaaudit("recheck", messy.bundle, *connection, "--out", "again")

    assert said.code == 1
    assert "--tenant asks for contoso.com" in said.err


def test_a_bundle_that_was_not_judged_is_refused(messy, copy_of, mfaaudit):
    bundle = copy_of(messy)
    (bundle / "manifest.json").unlink()

    said = mfaaudit("recheck", bundle)

    assert said.code == 1
    assert "has no manifest.json" in said.err


def test_a_bundle_whose_evidence_was_altered_is_refused(messy, copy_of, mfaaudit):
    bundle = copy_of(messy)
    path = bundle / "evidence" / "users.jsonl.gz"
    path.write_bytes(path.read_bytes() + b"x")

    said = mfaaudit("recheck", bundle)

    assert said.code == 1
    assert "not the file that the audit wrote" in said.err
