"""What was changed together with its hash: named if it does not follow from the evidence, by what and where."""

import csv
import gzip
import io
import json
import zipfile

import polars as pl
import pytest
from full_bundle import relist, reseal

from mfaaudit.cli import main
from mfaaudit.verifying.states import State, Way


def notes(made):
    return {one.path: (one.state, one.note) for one in made.wrong}


def test_a_bundle_as_it_was_made_is_whole_and_reproduced(bundle, said):
    before = {path: path.stat().st_mtime_ns for path in bundle.rglob("*")}
    code, printed = said(bundle, "--json")
    told = json.loads(printed.out)
    assert code == 0
    assert told["counts"]["INTACT"] == len(told["files"]) == len([one for one in before if one.is_file()])
    assert told["results"] == {"compared": "BYTES", "why": None}
    assert "whole and unaltered" in told["statement"]
    assert "can make all of it anew" in told["caution"]
    assert {path: path.stat().st_mtime_ns for path in bundle.rglob("*")} == before


def in_results(bundle):
    path = bundle / "results.json"
    results = json.loads(path.read_text(encoding="utf-8"))
    rule = next(one for one in results["rules"] if one["counts"]["fail"])
    rule["counts"]["fail"] -= 1
    rule["counts"]["pass"] += 1
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return f"rules[{results['rules'].index(rule)}].counts.fail"


def in_csv(bundle):
    path = bundle / "findings.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    line = next(number for number, row in enumerate(rows, start=1) if row[1:3] and "FAIL" in row)
    place = rows[line - 1].index("FAIL")
    rows[line - 1][place] = "WAIVED"
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())
    return rows[0][place]


def in_parquet(bundle):
    path = bundle / "users.parquet"
    users = pl.read_parquet(path)
    names = users["user_displayName"].to_list()
    names[6] = "Nobody in particular"
    users.with_columns(pl.Series("user_displayName", names)).write_parquet(path, compression="zstd")


def in_workbook(bundle):
    path = bundle / "report.xlsx"
    packed = io.BytesIO()
    done = False
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if not done and name.startswith("xl/worksheets/") and b">FAIL<" in content:
                content, done = content.replace(b">FAIL<", b">PASS<", 1), True
            new.writestr(name, content)
    assert done
    path.write_bytes(packed.getvalue())


def test_every_forged_result_is_named_with_the_place(bundle, check):
    key = in_results(bundle)
    column = in_csv(bundle)
    in_parquet(bundle)
    in_workbook(bundle)
    page = bundle / "report.html"
    page.write_bytes(page.read_bytes().replace(b"FAIL", b"PASS", 1))
    told = bundle / "actions" / "README.txt"
    told.write_bytes(told.read_bytes() + b"Run more.ps1 first.\n")
    (bundle / "actions" / "more.ps1").write_text("Remove-Everything", encoding="ascii")
    removed = next((bundle / "actions").glob("*.csv"))
    removed.unlink()
    reseal(bundle)

    made = check(bundle)

    found = notes(made)
    assert made.exit_code == 10
    assert found.pop(f"actions/{removed.name}")[0] is State.MISSING
    assert {state for state, _ in found.values()} == {State.NOT_REPRODUCED}
    assert set(found) == {
        "results.json",
        "findings.csv",
        "users.parquet",
        "report.xlsx",
        "report.html",
        "actions/README.txt",
        "actions/more.ps1",
    }
    assert key in found["results.json"][1]
    assert f", {column}: 'WAIVED' instead of 'FAIL'" in found["findings.csv"][1]
    assert found["users.parquet"][1].startswith("column user_displayName, row 7: 'Nobody in particular' instead of")
    assert found["report.xlsx"][1].startswith("sheet ")
    assert ", cell " in found["report.xlsx"][1]
    assert "line " in found["report.html"][1]
    assert found["actions/more.ps1"][1] == "nothing in the evidence leads to such a file"


def test_a_forged_manifest_is_named(bundle, check):
    reseal(bundle, failOn="critical", populationComplete=True)
    path = bundle / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["run"]["identity"]["userPrincipalName"] = "somebody.else@example.com"
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    found = notes(check(bundle))
    assert {state for state, _ in found.values()} == {State.NOT_REPRODUCED}
    assert "run.identity.userPrincipalName" in found["results.json"][1]
    assert "conclusion.failOn" in found["results.json"][1]


@pytest.mark.parametrize(
    ("name", "value"),
    [("id", "another-run"), ("tenantId", "0" * 36), ("startedAt", "2020-01-01T00:00:00Z"), ("toolVersion", "9.9")],
)
def test_a_manifest_that_contradicts_the_evidence_is_named_before_anything_is_judged(bundle, check, name, value):
    path = bundle / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["run"][name] = value
    (bundle / "results.json").unlink()
    path.write_text(json.dumps(manifest), encoding="utf-8")
    reseal(bundle)
    made = check(bundle)
    assert (made.exit_code, made.way) == (10, Way.NOT)
    assert f"run.{name} is {json.dumps(value)}, and the evidence says" in notes(made)["manifest.json"][1]


def test_other_policies_than_the_manifest_names_are_a_contradiction(bundle, check):
    policy = bundle / "policies" / "baseline" / "baseline.yaml"
    policy.write_text(policy.read_text(encoding="utf-8").replace("severity: high", "severity: low"), encoding="utf-8")
    reseal(bundle)
    found = notes(check(bundle, hashes_only=True))
    assert "policies/baseline/baseline.yaml is another file" in found["manifest.json"][1]
    assert "it lists other files" in found["inputs.sha256"][1]


def test_a_manifest_that_is_only_laid_out_otherwise_is_named(bundle, check):
    path = bundle / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace("\n", "\n "), encoding="utf-8")
    made = check(bundle)
    assert notes(made) == {"manifest.json": (State.NOT_REPRODUCED, "it says what it should, and is written otherwise")}


def test_changed_evidence_under_old_results_is_named(bundle, check):
    path = bundle / "evidence" / "users.jsonl.gz"
    lines = gzip.decompress(path.read_bytes()).replace(b'accountEnabled\\":true', b'accountEnabled\\":false', 1)
    path.write_bytes(gzip.compress(lines))
    relist(bundle)
    made = check(bundle)
    assert {"results.json", "users.parquet", "report.xlsx", "report.html", "manifest.json"} <= set(notes(made))


def test_evidence_that_cannot_be_read_leads_to_no_result(bundle, check):
    (bundle / "evidence" / "users.jsonl.gz").write_bytes(b"nothing")
    relist(bundle)
    made = check(bundle)
    assert made.exit_code == 10
    assert {"results.json", "users.parquet"} <= set(notes(made))
    assert "users.jsonl.gz" in notes(made)["results.json"][1]


def test_all_made_anew_is_not_told_from_the_first_and_the_output_says_so(bundle, said, full):
    path = bundle / "evidence" / "users.jsonl.gz"
    lines = gzip.decompress(path.read_bytes()).replace(b'accountEnabled\\":true', b'accountEnabled\\":false', 1)
    path.write_bytes(gzip.compress(lines))
    reseal(bundle)
    assert main(["report", str(bundle), "--quiet"]) in (10, 11)
    old = json.loads(said(full, "--hashes-only", "--json")[1].out)["manifestSha256"]
    code, printed = said(bundle)
    assert code == 0
    assert "Whoever can write the folder can make all of it anew" in printed.out
    # The hash on the signed paper tells.
    code, printed = said(bundle, "--hashes-only", "--manifest-sha256", old)
    assert code == 10
    assert "SHA-256 given does not fit" in printed.out.splitlines()[-1]
