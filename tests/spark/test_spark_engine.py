"""Spark counts what Polars counts; skipped without PySpark and Java, or failed where MFAAUDIT_NEED_SPARK=1."""

import json
import os
import subprocess
import sys
from datetime import UTC

import narwhals as nw
import polars as pl
import pytest
from rules_by_hand import FIRST, NO_ROW, SECOND, circumstances, pack, tenant, told, told_by_judging, users

from mfaaudit.cli import main
from mfaaudit.cli.options import DEFAULT_PACKS
from mfaaudit.columns import columns_of
from mfaaudit.findings import Terms, judge, load_packs
from mfaaudit.findings.examples import NOW
from mfaaudit.findings.operators import OPERATORS
from mfaaudit.reports.conclusion import conclude
from mfaaudit.sources.field import Field, Kind
from mfaaudit.words import Severity

PRECONDITION = {"preconditions": [{"tenant.securityDefaults.isEnabled": False}]}
NUMBER = Field(name="test.number", title="", kind=Kind.NUMBER)
OTHER = Field(name="test.other", title="", kind=Kind.NUMBER)
OF_NUMBERS = {
    "exists": True,
    "eq_field": OTHER,
    "eq": 3,
    "ne": 3,
    "in": (3, 5),
    "not_in": (3, 5),
    "lt": 3,
    "lte": 3,
    "gt": 3,
    "gte": 3,
    "between": (2, 4),
}


def files(*bundles):
    return {path: path.read_bytes() for bundle in bundles for path in bundle.rglob("*") if path.is_file()}


def test_every_shipped_rule_counts_the_same_in_every_bundle(spark, judged, every_pack):
    from mfaaudit.spark.judging import count_bundles

    bundles = [bundle for bundle, _ in judged.values()]
    before = files(*bundles)
    packs = load_packs(every_pack, Terms(allow_conflicts=True))
    counted = count_bundles(bundles, packs, lambda *_: None)

    assert files(*bundles) == before
    assert [one.stored.bundle for one in counted] == bundles
    for one, (_, made) in zip(counted, judged.values(), strict=True):
        assert [*map(told, one.answers)] == [*map(told_by_judging, made.findings.results)]
        for least in Severity:
            concluded = conclude(made.findings, made.snapshot.population, least)
            assert one.exit_code(least) == concluded.exit_code
        assert one.stored.user_count == made.findings.user_count


def test_packs_for_another_posture_say_nothing_of_a_bundle(spark, judged, copy, resealed, every_pack):
    from mfaaudit.spark.judging import count_bundles

    packs = load_packs(every_pack, Terms(allow_conflicts=True))
    moods = ("managed", "half-forbidden")
    bundles = [copy(mood, mood) for mood in moods]
    for bundle in bundles:
        resealed(bundle, allowConflicts=False)
    counted = count_bundles(bundles, packs, lambda *_: None)
    wished = count_bundles(bundles[:1], packs, lambda *_: None, every_posture=True)

    for one, mood in zip(counted, moods, strict=True):
        made = judged[mood][1]
        row, began = made.declared.tenant, made.snapshot.run.started_at
        findings = judge(packs, users=made.declared.users, tenant=row, now=began, circumstances=circumstances(row))
        assert [*map(told, one.answers)] == [*map(told_by_judging, findings.results)]
        assert one.unfit == findings.unfit
        assert one.exit_code(Severity.LOW) == conclude(findings, made.snapshot.population, Severity.LOW).exit_code
    assert [pack.id for pack in counted[0].unfit]
    assert not wished[0].unfit
    assert [*map(told, wished[0].answers)] == [*map(told_by_judging, judged["managed"][1].findings.results)]


def test_every_operator_counts_the_same_whatever_was_read(spark, bundle_of):
    from mfaaudit.spark.judging import count_bundles

    packs = [pack(), pack("gated", every=11, **PRECONDITION)]
    # A folder's name may hold signs that stand for others where Spark looks for files.
    given = {
        "a {b} [c] é%20": (users(200), tenant(False), FIRST),
        "later": (users(77), tenant(False), SECOND),
        "gate=unknown": (users(60), tenant(NO_ROW), SECOND),
        "posture": (users(60), tenant(False, "conditional-access"), SECOND),
        "no posture": (users(60), tenant(False, NO_ROW), SECOND),
        "empty": (users(0), tenant(False), FIRST),
    }
    bundles = [bundle_of(name, *parts) for name, parts in given.items()]

    counted = count_bundles(bundles, packs, lambda *_: None)

    for one, (frame, row, began) in zip(counted, given.values(), strict=True):
        findings = judge(packs, users=frame, tenant=row, now=began, circumstances=circumstances(row))
        assert [*map(told, one.answers)] == [*map(told_by_judging, findings.results)]


def test_operators_of_numbers_say_the_same(spark):
    numbers = [1, 2, 3, 4, 5, -(2**40), NO_ROW]
    frame = pl.DataFrame(columns_of(NUMBER, numbers) | columns_of(OTHER, [1, 3, 3, NO_ROW, 4, -(2**40), 2]))
    asked = {name: OPERATORS[name].build(NUMBER, operand, NOW) for name, operand in OF_NUMBERS.items()}
    columns = [NUMBER.column, OTHER.column]
    theirs = spark.createDataFrame(frame.select(columns).rows(), ", ".join(f"{name} bigint" for name in columns))

    expected = nw.from_native(frame, eager_only=True).select(**asked).to_native().rows()
    found = nw.from_native(theirs).select(**asked).to_native().collect()

    assert {name for name, one in OPERATORS.items() if Kind.NUMBER in one.kinds} == set(OF_NUMBERS)
    assert sorted(map(repr, map(tuple, found))) == sorted(map(repr, expected))


def test_times_are_the_same_moments(spark, bundle_of):
    from mfaaudit.spark.reading import users_of
    from mfaaudit.spark.stored import load_stored

    bundle = bundle_of("times", users(50), tenant(False), FIRST)
    frame = users_of(spark, [load_stored(bundle)], [pack()])
    nulls = "user_createdDateTime is null"
    rows = frame.selectExpr("user_id", "unix_micros(user_createdDateTime) as at", nulls).collect()

    expected = dict(users(50).select("user_id", "user_createdDateTime").rows())
    assert {row["user_id"]: row["at"] for row in rows} == {
        id_: None if time is None else round(time.astimezone(UTC).timestamp() * 10**6) for id_, time in expected.items()
    }


def test_the_command_prints_a_table_and_writes_nothing(spark, judged, capsys):
    bundles = [judged["messy"][0], judged["unlicensed"][0]]
    before = files(*bundles)
    code = main(["evaluate", *map(str, bundles), "--engine", "spark", "--quiet"])
    said = capsys.readouterr()

    assert (code, said.err) == (10, "")
    assert files(*bundles) == before
    for line in _table(judged["messy"][1]):
        assert line in said.out
    assert all(str(bundle) in said.out for bundle in bundles)
    assert "before any exception" in said.out


def _table(made):
    for one in made.findings.results:
        if one.rule.id.startswith("BASE-"):
            counts = one.counts
            numbers = (counts.pass_, counts.fail, counts.not_evaluated, counts.not_applicable)
            yield "".join(f"{number:>10,}" for number in numbers) + f"   {one.rule.id}  "


def test_the_exit_code_is_that_of_the_worst_bundle(spark, judged, capsys):
    def code(*moods, fail_on="low"):
        bundles = [str(judged[mood][0]) for mood in moods]
        return main(["evaluate", *bundles, "--engine", "spark", "--fail-on", fail_on, "--quiet"])

    assert code("unlicensed", "messy") == 10
    assert code("half-forbidden", fail_on="critical") == 11


def test_a_bundle_whose_population_is_not_complete_is_said_to_be(spark, bundle_of, resealed, capsys):
    bundle = bundle_of("partial", users(40), tenant(False), FIRST)
    resealed(bundle, populationComplete=False)

    assert main(["evaluate", str(bundle), "--engine", "spark", "--policy", "data-quality", "--quiet"]) == 11
    assert "could not be proved complete" in capsys.readouterr().out


def test_json_alone_stands_on_stdout_and_nothing_on_stderr(needs_spark, judged):
    bundle, made = judged["messy"]
    command = [sys.executable, "-m", "mfaaudit", "evaluate", str(bundle), "--engine", "spark", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)

    assert (done.returncode, done.stderr) == (10, "")
    said = json.loads(done.stdout)
    assert (said["engine"], said["exitCode"], said["exceptionsApplied"]) == ("spark", 10, False)
    (found,) = said["bundles"]
    assert (found["bundle"], found["users"]) == (str(bundle), made.findings.user_count)
    expected = {rule["id"]: rule for rule in json.loads((bundle / "results.json").read_text(encoding="utf-8"))["rules"]}
    keys = ("id", "pack", "title", "severity", "scope", "status", "counts", "failures")
    ids = [rule.id for pack in load_packs(DEFAULT_PACKS) for rule in pack.rules]
    assert [{key: rule[key] for key in keys} for rule in found["rules"]] == [
        {key: expected[name][key] for key in keys} for name in ids
    ]
    assert (found["posture"], found["unfitPolicies"]) == (made.declared.posture.value, [])


@pytest.mark.parametrize(
    ("name", "value", "word"), [("SPARK_MASTER", "nonsense", "SPARK_MASTER"), ("PATH", "/nowhere", "Java 17")]
)
def test_spark_that_does_not_start_is_explained(needs_spark, judged, name, value, word):
    environment = {key: one for key, one in os.environ.items() if key != "JAVA_HOME"} | {name: value}
    command = [sys.executable, "-m", "mfaaudit", "evaluate", str(judged["messy"][0]), "--engine", "spark"]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False, env=environment
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert word in done.stderr
    assert "Traceback" not in done.stderr
