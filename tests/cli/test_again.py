"""`evaluate` and `report`: the same evidence gives the same results, without a network, as often as one likes."""

import json

import pytest

from mfaaudit.findings import load_pack

DATA_RULES = [rule.id for rule in load_pack("data-quality").rules]


def files(bundle):
    return {path.relative_to(bundle).as_posix(): path.read_bytes() for path in bundle.rglob("*") if path.is_file()}


def test_report_draws_the_same_bytes_again(mfaaudit, messy, copy_of):
    bundle = copy_of(messy)
    for name in ("report.html", "report.xlsx", "findings.csv", "results.json"):
        (bundle / name).unlink()
    said = mfaaudit("report", bundle)
    assert said.code == messy.results["conclusion"]["exitCode"]
    assert files(bundle) == files(messy.bundle)


def test_report_draws_one_format_and_leaves_the_others(mfaaudit, messy, copy_of):
    bundle = copy_of(messy)
    (bundle / "findings.csv").write_text("altered", encoding="utf-8")
    mfaaudit("report", bundle, "--format", "csv")
    assert files(bundle) == files(messy.bundle)


def test_evaluate_with_the_same_policies_gives_the_same_bundle_elsewhere(mfaaudit, messy, tmp_path):
    before = files(messy.bundle)
    arguments = ("--policy", "baseline", "--policy", "legacy-per-user-mfa", "--out", tmp_path / "again")
    said = mfaaudit("evaluate", messy.bundle, *arguments)
    assert said.code == messy.results["conclusion"]["exitCode"]
    # Only the audit's own bundle has the lock, which is empty.
    assert files(tmp_path / "again") | {"audit.lock": b""} == before == files(messy.bundle)


def test_evaluate_with_another_policy_judges_the_same_evidence_otherwise(mfaaudit, messy, tmp_path):
    policy = tmp_path / "mine.yaml"
    policy.write_text(
        'pack: {id: mine, version: "1", title: Mine}\n'
        "rules:\n"
        "  - {id: M-1, title: Everybody has an account, rationale: R, severity: low, remediation: C,\n"
        "     require: {any_of: [{user.accountEnabled: true}, {user.accountEnabled: false}]}}\n",
        encoding="utf-8",
    )
    said = mfaaudit("evaluate", messy.bundle, "--policy", policy, "--out", tmp_path / "new", "--format", "json")
    results = json.loads((tmp_path / "new" / "results.json").read_text(encoding="utf-8"))
    assert [rule["id"] for rule in results["rules"]] == ["M-1", *DATA_RULES], said.err
    assert results["rules"][0]["counts"]["pass"] == results["population"]["enumerated"]
    # All is well but for what this tenant leaves in doubt.
    assert said.code == 11
    assert results["conclusion"]["doubts"] == ["DQ-T2", "DQ-T5"]
    assert results["run"]["id"] == messy.results["run"]["id"]


@pytest.mark.parametrize(("fail_on", "code"), [("info", 10), ("high", 10), ("critical", 10)])
def test_fail_on_decides_what_counts_as_a_finding(mfaaudit, messy, tmp_path, fail_on, code):
    arguments = ("--policy", "legacy-per-user-mfa", "--fail-on", fail_on, "--format", "json", "--out", tmp_path / "new")
    assert mfaaudit("evaluate", messy.bundle, *arguments).code == code


def test_findings_below_the_threshold_leave_the_gaps(mfaaudit, messy, tmp_path):
    arguments = ("--policy", "baseline", "--fail-on", "critical", "--format", "json", "--out", tmp_path / "new")
    said = mfaaudit("evaluate", messy.bundle, *arguments)
    assert said.code == 11
    assert "0 at severity critical or above" in said.out
