"""What an auditor needs to rely on a bundle, in every mood: recomputed from the evidence with other means."""

import hashlib
import json
import subprocess
from collections import Counter

import openpyxl
import polars as pl
import pytest
from raw_evidence import lines

from mfaaudit import __version__
from mfaaudit.program import own_sha256

INPUTS = ("declared/", "earlier/", "evidence/", "policies/")
SHORT = 6
"""A shorter name is a word that any JSON may hold."""


@pytest.fixture
def manifest(job):
    return json.loads((job.bundle / "manifest.json").read_text("utf-8"))


def sources_of(job):
    return [path.name.removesuffix(".jsonl.gz") for path in (job.bundle / "evidence").glob("*.jsonl.gz")]


def items_of(answer):
    """Source and status of each read that a batch was asked for."""
    asked = [one["id"] for one in json.loads(answer["request"])["requests"]]
    if answer["status"] != 200:
        return [(one.split(".")[0], answer["status"]) for one in asked]
    given = {one["id"].lower(): one["status"] for one in json.loads(answer["body"])["responses"]}
    return [(one.split(".")[0], given.get(one.lower())) for one in asked]


def test_what_was_throttled_is_what_the_evidence_holds_and_adds_up_to_the_run(job):
    rows = {one["source"]: one for one in job.results["throttling"]}
    batches = lines(job.bundle, "perUser")
    items = Counter(source for one in batches for source, status in items_of(one) if status == 429)

    assert rows["$batch"]["refusedItems"] == dict(items)
    total = sum(items.values())
    for name in sources_of(job):
        answers = [one for one in lines(job.bundle, name) if one["attempt"]]
        row = rows["$batch" if name == "perUser" else name]
        refused = sum(one["status"] == 429 for one in answers)
        assert row["requests"] == len(answers), name
        assert row["repeated"] == sum(one["attempt"] > 1 for one in answers), name
        assert row["refusedRequests"] == refused, name
        total += 0 if name == "perUser" else refused
    assert total == job.results["run"]["throttled"]
    assert sum(one["requests"] for one in rows.values()) == job.results["run"]["requests"]


def test_a_throttled_tenant_says_how_long_and_for_what(jobs):
    row = next(one for one in jobs["throttled"].results["throttling"] if one["source"] == "$batch")
    asked = [
        float(item["headers"]["Retry-After"])
        for one in lines(jobs["throttled"].bundle, "perUser")
        if one["status"] == 200
        for item in json.loads(one["body"])["responses"]
        if "Retry-After" in item.get("headers", {})
    ]

    assert row["longestRetryAfterSeconds"] == max(asked) > 0
    assert max(asked) <= row["totalRetryAfterSeconds"] <= sum(asked)


def test_what_the_limits_are_of_is_said_without_ids(job):
    for row in job.results["throttling"]:
        name = "perUser" if row["source"] == "$batch" else row["source"]
        said = [one["headers"] for one in lines(job.bundle, name)]
        if name == "perUser":
            answers = [json.loads(one["body"]) for one in lines(job.bundle, name) if one["status"] == 200]
            said += [item.get("headers", {}) for one in answers for item in one["responses"]]
        scopes = {value for one in said for key, value in one.items() if key.lower() == "x-ms-throttle-scope"}
        assert row["scopes"] == sorted({"/".join(one.split("/")[:2]) for one in scopes})


def test_the_manifest_names_nobody_but_who_ran_the_audit(job, manifest):
    identity = manifest["run"]["identity"]
    text = json.dumps(manifest, ensure_ascii=False).lower()
    for own in (identity["userPrincipalName"], identity["objectId"]):
        text = text.replace(own.lower(), "") if own else text
    users = pl.read_parquet(job.bundle / "users.parquet")
    names = {name for column in ("user_displayName", "user_userPrincipalName") for name in users[column].drop_nulls()}
    words = {one.lower() for one in (*names, *users["user_id"], *job.results["population"]["orphanIds"])}
    words = {one for one in words if len(one.strip()) >= SHORT}

    assert len(words) > users.height
    assert {one for one in words if one in text or json.dumps(one)[1:-1] in text} == set()


def test_the_totals_of_the_manifest_are_those_of_the_audit(job, manifest):
    totals, results = manifest["totals"], job.results
    users = pl.read_parquet(job.bundle / "users.parquet").height

    assert totals["population"]["enumerated"] == users
    assert totals["population"]["orphans"] == len(results["population"]["orphanIds"])
    assert sum(one["users"] for one in totals["ledger"]) == users
    for one in totals["rules"]:
        assert sum(one["counts"].values()) == (users if one["scope"] == "user" else 1), one["id"]
    assert [(one["id"], one["counts"]) for one in totals["rules"]] == [
        (one["id"], one["counts"]) for one in results["rules"]
    ]
    assert totals["registration"]["byMethod"] == results["registration"]["byMethod"]
    beside = results["registration"]["reconciliation"]
    assert [tuple(one.values()) for one in totals["registration"]["reconciliation"]] == [
        (one["what"], one["ours"], one["theirs"], one["difference"]) for one in beside
    ]
    assert totals["verification"] == []
    for name in ("success", "failure"):
        by_day = results["signInMetrics"][name]
        assert totals["signIns"][name] == (None if by_day is None else sum(by_day.values()))
        assert (totals["signIns"][name] is None) == (totals["signIns"][f"{name}Reason"] is not None)
    assert totals["conclusion"]["exitCode"] == results["conclusion"]["exitCode"]


def test_the_sources_of_the_manifest_say_what_was_read_and_by_which_right(job, manifest):
    coverage = {one["source"]: one for one in job.results["coverage"]}
    token = set(job.results["run"]["identity"]["permissions"])

    assert [one["source"] for one in manifest["sources"]] == list(coverage)
    for one in manifest["sources"]:
        seen = coverage[one["source"]]
        assert (one["wanted"], one["read"], one["unread"]) == (seen["wanted"], seen["read"], seen["unread"])
        assert one["beta"] is (one["version"] == "beta") is one["endpoint"].startswith("beta/")
        assert set(one["granted"]) == token & set(one["permissions"])
        assert "?" not in one["endpoint"]


def test_the_failures_of_the_manifest_are_all_there(job, manifest):
    unread = {one["source"]: one["unread"] for one in job.results["coverage"]}
    counted = Counter()
    for one in manifest["failures"]:
        counted[one["source"]] += one["count"]
        assert one["firstAt"] <= one["lastAt"]
        assert one["requestId"] is None or any(
            one["requestId"] == answer["headers"].get("request-id")
            for name in sources_of(job)
            for answer in lines(job.bundle, name)
        )
    for source in ("requirements", "signInPreferences", "roleAssignments", "securityDefaults"):
        assert counted[source] == unread.get(source, 0), source
    assert (job.mood in ("messy", "half-forbidden")) <= bool(counted)


def test_the_inputs_are_all_listed_and_their_hash_stands_wherever_one_looks(job, manifest):
    listed = (job.bundle / "inputs.sha256").read_bytes()
    found = {
        path.relative_to(job.bundle).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in job.bundle.rglob("*")
        if path.is_file() and path.relative_to(job.bundle).as_posix().startswith(INPUTS)
    }
    assert listed.decode() == "".join(f"{found[name]}  {name}\n" for name in sorted(found))
    own = hashlib.sha256(listed).hexdigest()

    assert job.results["run"]["inputsSha256"] == manifest["run"]["inputsSha256"] == own
    assert own in (job.bundle / "report.html").read_text("utf-8")
    book = openpyxl.load_workbook(job.bundle / "report.xlsx", read_only=True)
    assert book.properties.identifier == f"sha256:{own}"
    assert own in {cell for row in book["Cover"].iter_rows(values_only=True) for cell in row}


def test_the_public_tool_checks_them(messy, copy_of):
    bundle = copy_of(messy)
    command = ["sha256sum", "--check", "--quiet", "inputs.sha256"]
    assert subprocess.run(command, cwd=bundle, check=False).returncode == 0
    with (bundle / "policies" / "baseline" / "baseline.yaml").open("ab") as file:
        file.write(b"#")
    assert subprocess.run(command, cwd=bundle, check=False, capture_output=True).returncode == 1


def test_the_hash_of_the_manifest_is_said_where_it_can_be_written_down(job):
    own = hashlib.sha256((job.bundle / "manifest.json").read_bytes()).hexdigest()

    assert f"\nManifest    SHA-256 {own}\n" in job.out
    asked = "SHA-256 of manifest.json, as the command printed it"
    assert asked in (job.bundle / "report.html").read_text("utf-8")
    sheet = openpyxl.load_workbook(job.bundle / "report.xlsx")["Cover"]
    (place,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == asked]
    field = sheet.cell(place.row, 3)
    assert field.value is None
    assert not field.protection.locked
    assert not any(own in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


def test_what_judged_is_said(job, manifest):
    run = job.results["run"]
    judged, judging = run["judgedBy"], run["configuration"]["judging"]

    assert (judged["toolVersion"], judged["programSha256"]) == (__version__, own_sha256())
    assert set(judged["packages"]) == {"polars", "narwhals", "openpyxl", "jinja2", "ruamel.yaml", "zlib"}
    assert judging == {
        "policies": [
            {"id": "baseline", "given": "by name"},
            {"id": "legacy-per-user-mfa", "given": "by name"},
            {"id": "data-quality", "given": "by itself"},
        ],
        "posture": "auto",
        "allowConflicts": False,
        "failOn": "low",
        "exceptionsSha256": None,
        "classesSha256": None,
        "earlier": [],
    }
    assert {key: value for key, value in manifest["run"].items() if key != "policies"} == {
        key: value for key, value in run.items() if key != "policies"
    }
