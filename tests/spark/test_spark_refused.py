"""What cannot be counted is said before Spark is started, and without it being installed."""

import importlib.util
import json
import os
import sys

import pytest

from mfaaudit.cli import main
from mfaaudit.errors import BundleProblem, UsageProblem
from mfaaudit.findings import Terms, load_packs
from mfaaudit.judging import TENANT, USERS
from mfaaudit.spark.judging import count_bundles
from mfaaudit.spark.session import check_java

BASELINE = load_packs(["baseline"])


def counted(*bundles):
    return count_bundles(bundles, BASELINE, lambda *_: None)


def explained(capsys, code, arguments, *words):
    assert main([str(one) for one in arguments]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert "hint: " in said.err
    assert "Traceback" not in said.err
    assert all(word in said.err for word in words), said.err


def test_polars_judges_one_bundle(judged, capsys, tmp_path):
    one, other = judged["messy"][0], judged["unlicensed"][0]
    explained(capsys, 2, ["evaluate", one, other, "--out", tmp_path / "new"], "2 bundles", "--engine spark")
    assert not (tmp_path / "new").exists()


def test_no_bundle_is_a_usage_error(capsys):
    assert main(["evaluate"]) == 2
    assert "BUNDLE" in capsys.readouterr().err


def test_json_is_for_spark(judged, capsys, tmp_path):
    explained(capsys, 2, ["evaluate", judged["messy"][0], "--json", "--out", tmp_path / "new"], "--json")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--out", "new", "no bundle"),
        ("--format", "csv", "no reports"),
        ("--exceptions", "register.yaml", "before any exception"),
        ("--classes", "classes.yaml", "what the bundle holds"),
        ("--posture", "per-user", "the posture that the bundle holds"),
        # As it would be without, but somebody typed it.
        ("--posture", "auto", "the posture that the bundle holds"),
    ],
)
def test_what_only_judging_anew_can_heed_is_refused(judged, capsys, option, value, why):
    explained(capsys, 2, ["evaluate", judged["messy"][0], "--engine", "spark", option, value], option, why)


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is not None, reason="PySpark is installed")
def test_without_pyspark_it_is_said_how_to_install_it(judged, capsys):
    explained(capsys, 2, ["evaluate", judged["messy"][0], "--engine", "spark"], "PySpark", "mfaaudit[spark]")


def test_spark_is_not_imported_unless_asked(judged, tmp_path):
    assert main(["evaluate", str(judged["unlicensed"][0]), "--out", str(tmp_path / "new"), "--format", "json"]) == 10
    imported = [name for name in sys.modules if name.split(".")[0] in ("pyspark", "py4j")]
    assert not imported or importlib.util.find_spec("pyspark") is not None


def test_a_folder_that_is_no_bundle(tmp_path):
    with pytest.raises(BundleProblem, match="not a bundle"):
        counted(tmp_path)


def test_a_bundle_that_was_never_judged(copy):
    bundle = copy()
    (bundle / "manifest.json").unlink()
    with pytest.raises(BundleProblem, match=r"has no manifest\.json") as caught:
        counted(bundle)
    assert "mfaaudit evaluate" in caught.value.hint


def test_a_bundle_of_a_version_without_the_tenants_row(copy, resealed):
    bundle = copy()
    (bundle / TENANT).unlink()
    resealed(bundle)
    with pytest.raises(BundleProblem, match=r"has no tenant\.parquet"):
        counted(bundle)


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: facts.pop("populationComplete"),
        lambda facts: facts.pop("allowConflicts"),
    ],
)
def test_a_manifest_of_another_version(copy, change):
    bundle = copy()
    facts = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    change(facts)
    (bundle / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(BundleProblem, match="another version"):
        counted(bundle)


def test_a_manifest_without_its_files(copy):
    bundle = copy()
    (bundle / "manifest.json").write_text('{"schema": 2, "populationComplete": true}', encoding="utf-8")
    with pytest.raises(BundleProblem, match="not a manifest that this program wrote"):
        counted(bundle)


@pytest.mark.parametrize("name", [USERS, TENANT, "evidence/run.json"])
def test_a_file_that_is_not_the_one_that_was_written(copy, name):
    bundle = copy()
    with (bundle / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(BundleProblem, match="not the file that the audit wrote") as caught:
        counted(bundle)
    assert name in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_not_followed(copy, tmp_path):
    bundle = copy()
    (bundle / USERS).rename(tmp_path / USERS)
    (bundle / USERS).symlink_to(tmp_path / USERS)
    with pytest.raises(BundleProblem, match=r"users\.parquet is a link"):
        counted(bundle)


@pytest.mark.parametrize(("name", "refused"), [(USERS, "would become"), (TENANT, "rows instead of 1")])
def test_a_table_that_would_become_huge_is_not_read(copy, resealed, name, refused):
    import polars as pl

    bundle = copy()
    huge = pl.DataFrame({"user_id": pl.repeat(None, 90_000_000, dtype=pl.String(), eager=True)})
    huge.write_parquet(bundle / name)
    resealed(bundle)
    with pytest.raises(BundleProblem, match=refused):
        counted(bundle)


def test_a_file_that_is_gone(copy):
    bundle = copy()
    (bundle / USERS).unlink()
    with pytest.raises(BundleProblem, match="missing"):
        counted(bundle)


def test_a_file_that_is_no_parquet(copy, resealed):
    bundle = copy()
    (bundle / USERS).write_bytes(b"none")
    resealed(bundle)
    with pytest.raises(BundleProblem, match="cannot be read"):
        counted(bundle)


@pytest.mark.parametrize(
    ("file", "column", "rule"),
    [
        (USERS, "registration_isMfaCapable", "BASE-02"),
        (USERS, "registration_isMfaCapable_reason", "BASE-02"),
        (USERS, "registration_methodsRegistered_unclassified", "BASE-05"),
        (TENANT, "derived_isPerUserMfaInUse", "BASE-T2"),
        (TENANT, "declared_posture", "every rule"),
        (TENANT, "declared_posture_reason", "every rule"),
    ],
)
def test_a_column_that_is_missing_is_named_with_the_rule(copy, without_column, judged, file, column, rule):
    bundle = copy()
    without_column(bundle, file, column)
    with pytest.raises(BundleProblem, match=f"{file} has no column {column}, which {rule} looks at") as caught:
        counted(judged["messy"][0], bundle)
    assert str(bundle) in str(caught.value)


@pytest.mark.parametrize("name", ["populationComplete", "allowConflicts"])
def test_a_manifest_that_says_something_else(copy, resealed, name):
    bundle = copy()
    resealed(bundle, **{name: "no"})
    with pytest.raises(BundleProblem, match=f"{name} is no boolean"):
        counted(bundle)


def test_what_is_known_of_a_list_in_part_must_be_there(copy, without_column, every_pack):
    bundle = copy()
    without_column(bundle, USERS, "derived_groups_known")
    with pytest.raises(BundleProblem, match=r"no column derived_groups_known, which PCI-"):
        count_bundles([bundle], load_packs(every_pack, Terms(allow_conflicts=True)), lambda *_: None)


def test_a_column_of_another_type_is_named(copy, resealed):
    import polars as pl

    bundle = copy()
    users = pl.read_parquet(bundle / USERS).with_columns(pl.col("user_accountEnabled").cast(pl.Int64))
    users.write_parquet(bundle / USERS)
    resealed(bundle)
    with pytest.raises(BundleProblem, match=r"user_accountEnabled in users\.parquet is Int64"):
        counted(bundle)


def test_a_column_that_no_rule_looks_at_may_be_missing(copy, without_column):
    bundle = copy()
    without_column(bundle, USERS, "user_displayName")
    _loads(bundle)


def _loads(bundle):
    from mfaaudit.spark.stored import check_columns, load_stored

    check_columns(load_stored(bundle), BASELINE)


def test_a_bundle_is_given_once(judged):
    bundle = judged["messy"][0]
    with pytest.raises(UsageProblem, match="twice"):
        counted(bundle, bundle.parent / ".." / bundle.parent.name / bundle.name)


def test_java_that_is_not_there(monkeypatch, tmp_path):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageProblem, match="on PATH") as caught:
        check_java()
    assert "Java 17" in caught.value.hint
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(UsageProblem, match="JAVA_HOME"):
        check_java()


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for Java is a shell script")
def test_java_that_does_not_run(monkeypatch, tmp_path):
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    java.chmod(0o700)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(UsageProblem, match="does not run"):
        check_java()
