"""The whole job in every mood: it ends, its bundle is whole and private, and its words and numbers fit together."""

import csv
import hashlib
import importlib.resources
import json
import re
import stat
import sys

import jsonschema
import polars as pl
import pytest

COUNTED = ("fail", "waived", "notEvaluated", "error")


def findings(job):
    with (job.bundle / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_demo_that_ran_to_its_end_ends_with_0_and_says_what_an_audit_would_end_with(job):
    assert job.exit_code == 0
    assert f"an audit with this result ends with {job.results['conclusion']['exitCode']}" in job.out
    assert job.err == ""


def test_the_counts_of_every_rule_add_up_to_the_users_enumerated(job):
    users = job.results["population"]["enumerated"]
    for rule in job.results["rules"]:
        assert sum(rule["counts"].values()) == (users if rule["scope"] == "user" else 1), rule["id"]


def test_wanted_is_read_and_unread_in_every_source(job):
    for one in job.results["coverage"]:
        assert one["wanted"] == one["read"] + one["unread"]
        assert sum(one["reasons"].values()) == one["unread"]


def test_the_results_keep_to_their_schema(job):
    schema = json.loads(
        importlib.resources.files("mfaaudit.reports").joinpath("results.schema.json").read_text("utf-8")
    )
    jsonschema.Draft202012Validator(schema).validate(job.results)


def test_a_row_of_findings_for_everything_that_is_neither_in_order_nor_out_of_scope(job):
    rows = findings(job)
    for rule in job.results["rules"]:
        assert sum(row["ruleId"] == rule["id"] for row in rows) == sum(rule["counts"][name] for name in COUNTED)
    assert {row["status"] for row in rows} <= {"FAIL", "WAIVED", "NOT_EVALUATED", "ERROR"}
    assert all(row["reason"] for row in rows if row["status"] == "NOT_EVALUATED")
    assert not any(row["reason"] for row in rows if row["status"] == "FAIL")


def test_a_parquet_row_for_every_user_with_a_reason_wherever_a_value_is_missing(job):
    frame = pl.read_parquet(job.bundle / "users.parquet")
    assert frame.height == frame["user_id"].n_unique() == job.results["population"]["enumerated"]
    fields = [name.removesuffix("_reason") for name in frame.columns if name.endswith("_reason")]
    assert "requirements_perUserMfaState" in fields
    for name in fields:
        # Where there is a reason there is no value: nothing is known and unknown at once.
        assert frame.filter(pl.col(name).is_not_null() & pl.col(f"{name}_reason").is_not_null()).is_empty(), name
    state = frame.filter(pl.col("requirements_perUserMfaState").is_null())
    assert state["requirements_perUserMfaState_reason"].null_count() == 0


def test_the_manifest_names_every_file_with_its_hash(job):
    manifest = json.loads((job.bundle / "manifest.json").read_text(encoding="utf-8"))
    found = {
        path.relative_to(job.bundle).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in job.bundle.rglob("*")
        if path.is_file() and path.name not in ("manifest.json", "audit.lock")
    }
    assert {one["path"]: one["sha256"] for one in manifest["files"]} == found
    assert not [name for name in found if name.endswith(".part")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_bundle_is_for_its_owner_only(job):
    for path in (job.bundle, *job.bundle.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_no_token_reaches_a_file(job):
    for path in job.bundle.rglob("*"):
        if path.is_file() and path.suffix != ".gz":
            assert b"Bearer " not in path.read_bytes()
            # Packed data may hold the letters that a token begins with, and never its dots.
            assert not re.search(rb"eyJ[\w-]{8,}\.[\w-]{8,}\.", path.read_bytes())


def reasons(job, source):
    return next(one["reasons"] for one in job.results["coverage"] if one["source"] == source)


def test_the_tidy_tenant_is_read_whole(jobs):
    tidy = jobs["tidy"].results
    assert tidy["population"]["complete"] is True
    for one in tidy["coverage"]:
        # The report leaves out disabled accounts even where all is well.
        assert one["unread"] == 0 or (one["source"], set(one["reasons"])) == ("userRegistrationDetails", {"NO_ROW"})
    assert all(rule["counts"]["notEvaluated"] == 0 for rule in tidy["rules"])


def test_the_messy_tenant_keeps_the_deleted_the_forbidden_and_the_broken(messy):
    assert reasons(messy, "requirements") == {"NOT_FOUND": 3, "NO_PERMISSION": 1, "SERVER_ERROR": 1}
    assert messy.results["population"]["goneWhenRead"] == 3
    assert messy.results["conclusion"]["exitCode"] == 10
    assert "gaps" in messy.results["conclusion"]["statement"]


def test_throttling_costs_time_and_nothing_else(jobs):
    throttled, tidy = jobs["throttled"].results, jobs["tidy"].results
    assert throttled["run"]["throttled"] > 0
    assert not any("THROTTLED" in one["reasons"] for one in throttled["coverage"])
    assert throttled["population"]["enumerated"] == tidy["population"]["enumerated"]


def test_without_a_licence_nobody_fails_for_what_only_a_licence_could_show(jobs):
    unlicensed = jobs["unlicensed"]
    assert set(reasons(unlicensed, "userRegistrationDetails")) == {"NO_LICENSE"}
    for rule in unlicensed.results["rules"]:
        if "registration." in rule["condition"] and rule["id"].startswith("BASE"):
            assert rule["counts"]["fail"] == rule["counts"]["pass"] == 0, rule["id"]


def test_what_the_identity_may_not_read_is_open_and_named(jobs):
    half = jobs["half-forbidden"]
    refused = {one["source"] for one in half.results["coverage"] if "NO_PERMISSION" in one["reasons"]}
    assert refused
    for row in findings(half):
        if row["status"] == "NOT_EVALUATED":
            assert row["reason"] in {"NO_PERMISSION", "NO_ROW", "UNKNOWN_VALUE"}
    assert half.results["conclusion"]["exitCode"] in (10, 11)
    for source in refused:
        assert f"not read    {source}" in half.out
