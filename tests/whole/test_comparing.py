"""`mfaaudit compare` from end to end: two quarters of one organisation, every file, every exit code."""

import csv
import hashlib
import io
import json
import pickle
import shutil
import stat
from importlib.resources import files

import openpyxl
import pytest
from jsonschema import Draft202012Validator
from quarters import judge, quarter_ago, read, tenant_of
from referencing import Registry, Resource

from mfaaudit.cli import main
from mfaaudit.comparing import judged
from mfaaudit.comparing.chosen import choose
from mfaaudit.comparing.document import CONFIRMS
from mfaaudit.comparing.judged import judge_chosen
from mfaaudit.earlier.change import FAILED_BEFORE, FAILS_NOW
from mfaaudit.errors import PolicyProblem
from mfaaudit.manifest import is_unaltered, read_manifest
from mfaaudit.simulated.ageing import Happening

PACKS = ("baseline", "legacy-per-user-mfa")
USERS, QUARTERS = 60, 2


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """Three quarters of an organisation, read and judged."""
    folder = tmp_path_factory.mktemp("quarters")
    made = []
    for quarter in range(QUARTERS + 1):
        tenant = tenant_of(quarter, QUARTERS, users=USERS)
        bundle = read(tenant, folder / f"q{quarter}", quarter_ago(QUARTERS - quarter), options=("policy-groups",))
        made.append((judge(bundle, PACKS), tenant.directory))
    return made


@pytest.fixture(scope="module")
def bundles(year):
    return [bundle for bundle, _ in year]


@pytest.fixture(scope="module")
def compared(bundles, tmp_path_factory):
    """What compare made of them, given in no order; and what it ended with."""
    before = [everything(bundle) for bundle in bundles]
    out = tmp_path_factory.mktemp("out") / "compared"
    code = main(["compare", str(bundles[2]), str(bundles[0]), str(bundles[1]), "--out", str(out), "--quiet"])
    assert [everything(bundle) for bundle in bundles] == before, "a bundle was written into"
    return out, code


def everything(folder):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def rows_of(out):
    text = (out / "changes.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def json_of(out):
    return json.loads((out / "changes.json").read_text(encoding="utf-8"))


def copy(bundle, folder):
    shutil.copytree(bundle, folder)
    return folder


def test_every_file_is_there_private_and_in_the_manifest(compared):
    out, code = compared
    assert code == 10
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    names = {path.name for path in out.iterdir()}
    assert names == {"changes.xlsx", "changes.html", "changes.csv", "changes.json", "manifest.json"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    manifest = read_manifest(out)
    assert {one.path for one in manifest.files} == names - {"manifest.json"}
    assert all(is_unaltered(out, one) for one in manifest.files)


def test_the_manifest_names_the_bundles_by_the_hash_of_theirs(compared, bundles):
    out, _ = compared
    facts = read_manifest(out).facts["comparison"]
    hashes = [hashlib.sha256((bundle / "manifest.json").read_bytes()).hexdigest() for bundle in bundles]
    assert [one["manifestSha256"] for one in facts["compared"]] == hashes
    assert [one["manifestSha256"] for one in json_of(out)["compared"]] == hashes


def test_the_json_is_that_of_its_schema(compared):
    out, code = compared
    made = json_of(out)
    of_changes, of_results = (
        json.loads(files("mfaaudit.reports").joinpath(f"{name}.schema.json").read_text(encoding="utf-8"))
        for name in ("changes", "results")
    )
    known = Registry().with_resources([(of_results["$id"], Resource.from_contents(of_results))])
    judge_of = Draft202012Validator(of_changes, registry=known)
    judge_of.validate(made)
    assert not judge_of.is_valid(made | {"compared": made["compared"][:1]})
    assert not judge_of.is_valid(made | {"timeToFix": made["timeToFix"] | {"all": {}}})
    assert made["conclusion"]["exitCode"] == code


def test_the_list_holds_every_change_that_is_counted(compared):
    out, _ = compared
    rows, made = rows_of(out), json_of(out)
    first = ["ruleId", "title", "severity", "change", "causes", "before", "now", "since", "ageDays", "userId"]
    first += ["userPrincipalName", "displayName", "whatChanged", "previousReadAt", "readAt"]
    assert list(rows[0])[: len(first)] == first
    assert all(bool(row["causes"]) == (row["change"] != "still failing") for row in rows)
    counts = made["changes"]["counts"]
    assert len(rows) == sum(counts.values())
    now = sum(counts[one.value] for one in FAILS_NOW)
    before = sum(counts[one.value] for one in FAILED_BEFORE)
    assert sum(row["now"] == "FAIL" for row in rows) == now
    assert sum(row["before"] == "FAIL" for row in rows) == before


def test_the_workbook_the_page_and_the_list_say_the_same(compared):
    out, _ = compared
    book = openpyxl.load_workbook(out / "changes.xlsx", read_only=True)
    expected = ["Cover", "Changes", "Changes by user", "Time to fix", "Sign-ins of the period", "Run", "Legend"]
    assert [name for name in book.sheetnames if not name.startswith("_")][: len(expected)] == expected
    text = "\n".join(str(cell) for row in book["Changes by user"].iter_rows(values_only=True) for cell in row if cell)
    page = (out / "changes.html").read_text(encoding="utf-8")
    for row in rows_of(out)[:5]:
        assert row["userPrincipalName"] in text
    for title in expected[1:]:
        assert title in page
    cover = " ".join(str(cell) for row in book["Cover"].iter_rows(values_only=True) for cell in row if cell)
    for said in (cover, page):
        assert CONFIRMS in said
        assert "Reconciliation" not in said


def test_who_lost_every_method_fails_anew_and_who_registered_is_fixed(compared, year):
    out, _ = compared
    _, directory = year[-1]
    by_user = {(row["userId"], row["ruleId"]): row["change"] for row in rows_of(out)}
    for event in directory.events:
        if event.quarter == QUARTERS and event.what is Happening.LOST_METHODS:
            assert by_user[event.user_id, "BASE-01"] == "new failure"
        if event.quarter == QUARTERS and event.what is Happening.REGISTERED:
            assert by_user[event.user_id, "BASE-01"] == "fixed"


def test_the_sign_ins_of_two_quarters_are_merged_and_what_lies_between_is_a_gap(compared):
    made = json_of(compared[0])["signInsOfPeriod"]
    assert len(made["gaps"]) == QUARTERS
    assert made["all"]["wholeDays"] == sum(one["whole"] for one in made["days"])
    assert made["all"]["wholeDays"] >= 28 * (QUARTERS + 1)


def test_the_same_bundles_give_the_same_bytes(compared, bundles, tmp_path):
    again = tmp_path / "again"
    assert main(["compare", *map(str, bundles), "--out", str(again), "--quiet"]) == 10
    first, second = everything(compared[0]), everything(again)
    assert {path.name: sha for path, sha in first.items()} == {path.name: sha for path, sha in second.items()}


def test_another_process_judges_a_large_bundle_and_finds_the_same(bundles, monkeypatch):
    chosen = choose(bundles[:2])
    _, here = judge_chosen(chosen, lambda *_: None)
    monkeypatch.setattr(judged, "LARGE", 0)
    _, there = judge_chosen(chosen, lambda *_: None)
    assert here.rows.equals(there.rows)
    assert here.previous.rules == there.previous.rules


def test_an_error_comes_whole_from_another_process():
    error = PolicyProblem("no rule can mean this", hint="Say it otherwise.", file="a.yaml", line=3)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (str(again), again.hint, again.exit_code) == (str(error), error.hint, 2)


def test_nothing_new_ends_with_0_or_11(bundles, tmp_path, capsys):
    later = copy(bundles[0], tmp_path / "later")
    path = later / "evidence" / "run.json"
    facts = json.loads(path.read_text(encoding="utf-8")) | {"id": "00000000-0000-4000-8000-00000000000a"}
    path.write_text(json.dumps(facts), encoding="utf-8")
    judge(later, PACKS)
    code = main(["compare", str(bundles[0]), str(later), "--out", str(tmp_path / "out"), "--format", "json"])
    made = json_of(tmp_path / "out")
    assert made["conclusion"]["newFailures"] == 0
    assert code == (11 if made["conclusion"]["notCompared"] else 0)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["changes.json", "manifest.json"]
    assert "0 new failures" in capsys.readouterr().out


def test_the_default_folder_stands_beside_the_latest_bundle(bundles, tmp_path, capsys):
    old, new = copy(bundles[0], tmp_path / "old"), copy(bundles[1], tmp_path / "elsewhere" / "new")
    assert main(["compare", str(new), str(old), "--format", "csv", "--quiet", "--json"]) == 10
    [made] = [path for path in (tmp_path / "elsewhere").iterdir() if path != new]
    assert made.name.startswith("mfaaudit-northharbour.example-compared-")
    assert json.loads(capsys.readouterr().out)["changes"]["since"]["runId"] == choose([old, new])[0].run.id


@pytest.mark.parametrize("what", ["twice", "tenant", "broken off", "purged", "newer", "one", "altered", "evidence"])
def test_what_cannot_stand_beside_each_other_is_said(bundles, tmp_path, capsys, what):
    other = copy(bundles[1], tmp_path / "other")
    given, code = [bundles[0], other], 1
    match what:
        case "twice":
            given, code, word = [bundles[1], other], 2, "are the same audit"
        case "tenant":
            path = other / "evidence" / "run.json"
            facts = json.loads(path.read_text(encoding="utf-8")) | {"tenant_id": "00000000-0000-4000-8000-000000000000"}
            path.write_text(json.dumps(facts), encoding="utf-8")
            code, word = 2, "is an audit of tenant"
        case "broken off":
            (other / "evidence" / "run.json").unlink()
            word = "no finished audit"
        case "purged":
            (other / "deletion.json").write_text("{}", encoding="utf-8")
            word = "the people were taken out"
        case "newer":
            path = other / "manifest.json"
            path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"schema": 99}), encoding="utf-8")
            word = "has schema 99"
        case "one":
            given, code, word = [other], 2, "only one bundle"
        case "altered":
            path = other / "evidence" / "run.json"
            path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
            word = "not the file that the audit wrote"
        case "evidence":
            shutil.rmtree(other / "evidence")
            word = "is not a bundle"
    out = tmp_path / "out"
    assert main(["compare", *map(str, given), "--out", str(out), "--quiet"]) == code
    said = capsys.readouterr().err
    assert word in said
    assert "hint:" in said
    assert not out.exists()


@pytest.mark.parametrize("where", ["inside", "filled", "reports"])
def test_it_writes_nowhere_else(bundles, tmp_path, capsys, where):
    from mfaaudit import shipped

    filled = tmp_path / "filled"
    filled.mkdir()
    (filled / "mine.txt").write_text("mine", encoding="utf-8")
    out = {
        "inside": bundles[0] / "policies" / "new",
        "filled": filled,
        "reports": shipped.templates().parent / "compared",
    }[where]
    assert main(["compare", *map(str, bundles[:2]), "--out", str(out), "--quiet"]) == 2
    assert "--out" in capsys.readouterr().err
    assert where == "filled" or not out.exists()


def test_a_format_that_there_is_not_is_refused_before_anything_is_read(bundles, tmp_path, capsys):
    assert main(["compare", *map(str, bundles[:2]), "--out", str(tmp_path / "out"), "--format", "pdf"]) == 2
    assert "xlsx, html, csv, json" in capsys.readouterr().err
