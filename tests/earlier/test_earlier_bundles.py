"""`--earlier`: bundles are judged again with what themselves keep, and the new one needs them no more."""

import json
import shutil
import stat

import jsonschema
import pytest
from bundles_by_hand import PACKS, aged

from mfaaudit.cli import main
from mfaaudit.judging import judge_earlier

WITH = [word for pack in PACKS for word in ("--policy", pack)]


@pytest.fixture(scope="module")
def past(jobs, tmp_path_factory):
    """The tidy tenant as it was before the messy one."""
    return aged(jobs["tidy"], tmp_path_factory.mktemp("past") / "tidy")


@pytest.fixture
def run(capsys):
    """Runs a command and returns its exit code and what it said."""

    def run(*arguments):
        code = main([str(one) for one in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def refused(run, messy, tmp_path):
    """Evaluates with an earlier bundle that cannot be used, and returns the exit code and what was said."""

    def refused(*bundles):
        given = [word for one in bundles for word in ("--earlier", one)]
        code, out, err = run("evaluate", messy.bundle, *WITH, *given, "--out", tmp_path / "new")
        assert not (tmp_path / "new").exists()
        assert out == ""
        assert "hint: " in err
        return code, err

    return refused


def files(bundle):
    """All but the lock, which only a bundle has that was written into."""
    found = {path.relative_to(bundle).as_posix(): path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    assert not found.pop("audit.lock", b"")
    return found


def rewrite(path, change):
    facts = json.loads(path.read_text(encoding="utf-8"))
    change(facts)
    path.write_text(json.dumps(facts), encoding="utf-8")


@pytest.fixture(scope="module")
def compared(jobs, past, tmp_path_factory):
    """The messy tenant beside its past."""
    bundle = tmp_path_factory.mktemp("compared") / "new"
    messy = jobs["messy"].bundle
    code = main(["evaluate", str(messy), *WITH, "--earlier", str(past), "--out", str(bundle), "--quiet"])
    assert code == 10
    return bundle


def results_of(bundle):
    return json.loads((bundle / "results.json").read_text(encoding="utf-8"))


def test_what_changed_adds_up_to_what_both_bundles_say_by_themselves(compared, past, messy):
    changes, before, now = results_of(compared)["changes"], results_of(past), messy.results
    counts = changes["counts"]

    assert changes["since"]["runId"] == before["run"]["id"]
    for name, results in (("failuresBefore", before), ("failuresNow", now)):
        failed = sum(rule["counts"]["fail"] for rule in results["rules"] if not rule["id"].startswith("DQ-"))
        assert changes[name] == failed
    assert changes["failuresBefore"] == sum(
        counts[name]
        for name in ("fixed", "stillFailing", "becameWaived", "noLongerJudged", "outOfScope", "left", "ruleGone")
    )
    assert changes["failuresNow"] == sum(
        counts[name]
        for name in ("newFailure", "stillFailing", "waiverEnded", "newlyJudged", "joined", "back", "newRule")
    )
    changed = sum(counts.values()) - counts["stillFailing"]
    assert sum(one["main"] for one in changes["causes"].values()) == changed
    users = changes["users"]
    assert users["stayed"] + users["left"] == before["population"]["enumerated"]
    assert users["stayed"] + users["joined"] + users["back"] == now["population"]["enumerated"]
    assert counts["newFailure"]
    assert counts["stillFailing"]


def test_the_trend_says_of_each_audit_what_its_own_results_say(compared, past, messy):
    trend = results_of(compared)["trend"]

    assert [one["runId"] for one in trend] == ["run-of-the-past", messy.results["run"]["id"]]
    for one, results in zip(trend, (results_of(past), messy.results), strict=True):
        assert one["failedUsers"] == results["conclusion"]["failedUsers"]
        assert one["usersNotFullyJudged"] == results["conclusion"]["usersNotFullyJudged"]
        assert one["registration"]["totalUserCount"] == results["registration"]["totalUserCount"]
        assert [(rule["id"], rule["counts"], rule["percent"]) for rule in one["rules"]] == [
            (rule["id"], rule["counts"], rule["percent"]) for rule in results["rules"]
        ]
    assert trend[-1]["manifestSha256"] is None


def test_all_else_is_as_without_earlier_audits(compared, messy):
    own, without = (
        {key: one for key, one in results.items() if key not in ("trend", "changes", "signInsOfPeriod")}
        for results in (results_of(compared), messy.results)
    )

    # That they were among what was judged with is said, and nothing else.
    assert own["run"].pop("inputsSha256") != without["run"].pop("inputsSha256")
    assert own["run"]["configuration"]["judging"].pop("earlier")
    assert without["run"]["configuration"]["judging"].pop("earlier") == []
    assert own == without
    assert (messy.results["trend"], messy.results["changes"]) == ([], None)


def test_report_draws_the_same_bytes_again_without_the_earlier_bundle(jobs, past, run, tmp_path):
    past = shutil.copytree(past, tmp_path / "past")
    new = tmp_path / "new"
    run("evaluate", jobs["messy"].bundle, *WITH, "--earlier", past, "--out", new)
    before = files(new)
    shutil.rmtree(past)
    for name in ("report.html", "report.xlsx", "findings.csv", "results.json"):
        (new / name).unlink()

    code, out, _ = run("report", new)

    assert code == 10
    assert files(new) == before
    assert "Changes     Since " in out


def test_the_earlier_bundle_is_not_touched_and_what_is_kept_is_private(compared, past, jobs, tmp_path):
    again = aged(jobs["tidy"], tmp_path / "again")

    assert files(past) == files(again)
    kept = sorted((compared / "earlier").iterdir())
    assert [path.name for path in kept] == ["run-of-the-past.json", "run-of-the-past.parquet"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    listed = {one["path"] for one in json.loads((compared / "manifest.json").read_text(encoding="utf-8"))["files"]}
    assert {f"earlier/{path.name}" for path in kept} <= listed


@pytest.mark.parametrize("name", ["run-of-the-past.json", "run-of-the-past.parquet"])
def test_what_is_kept_and_was_altered_or_is_gone_is_refused(compared, run, tmp_path, name):
    bundle = shutil.copytree(compared, tmp_path / "copy")
    path = bundle / "earlier" / name
    path.write_bytes(path.read_bytes() + b" ")
    code, _, err = run("report", bundle)
    assert (code, f"{path} is not the file that the bundle was judged with" in err) == (1, True)

    path.unlink()
    assert run("report", bundle)[0] == 1


def test_judging_again_without_earlier_bundles_leaves_nothing_of_them(compared, run, messy, tmp_path):
    run("evaluate", compared, *WITH, "--out", tmp_path / "plain")

    assert files(tmp_path / "plain") == files(messy.bundle)


def test_each_is_judged_with_its_own_rules(jobs, tmp_path, run):
    past = aged(jobs["tidy"], tmp_path / "past", packs=("baseline",))
    run(
        "evaluate",
        jobs["messy"].bundle,
        "--policy",
        "legacy-per-user-mfa",
        "--earlier",
        past,
        "--format",
        "json",
        "--out",
        tmp_path / "new",
    )

    comparisons = {one["id"]: one["comparison"] for one in results_of(tmp_path / "new")["changes"]["rules"]}
    assert comparisons["BASE-01"] == "gone"
    assert comparisons["PUM-01"] == "new"
    assert comparisons["DQ-T1"] == "same"


def test_older_audits_follow_in_their_order_and_carry_no_names(jobs, past, run, tmp_path):
    oldest = aged(jobs["messy"], tmp_path / "oldest", days=200, run_id="oldest")
    given = ("--earlier", past, "--earlier", oldest)
    run("evaluate", jobs["messy"].bundle, *WITH, *given, "--format", "json", "--out", tmp_path / "new")

    assert [one["runId"] for one in results_of(tmp_path / "new")["trend"]][:2] == ["oldest", "run-of-the-past"]
    assert results_of(tmp_path / "new")["changes"]["users"]["back"] > 0
    assert b"northharbour.example" not in (tmp_path / "new" / "earlier" / "oldest.parquet").read_bytes()


def test_the_audit_itself_is_refused(refused, messy, copy_of):
    assert refused(messy.bundle)[0] == 2
    code, err = refused(copy_of(messy))
    assert (code, "itself" in err) == (2, True)


def test_one_audit_given_twice_is_refused(refused, past, tmp_path):
    code, err = refused(past, shutil.copytree(past, tmp_path / "other"))

    assert (code, "twice" in err) == (2, True)


def test_one_that_began_later_is_refused(refused, jobs, tmp_path):
    code, err = refused(aged(jobs["tidy"], tmp_path / "future", days=-1))

    assert (code, "after this one" in err) == (2, True)


def test_one_of_another_tenant_is_refused(refused, jobs, tmp_path):
    code, err = refused(aged(jobs["tidy"], tmp_path / "other", tenant_id="another"))

    assert (code, "of tenant another, and this one is of" in err) == (2, True)


def test_another_tenant_is_refused_before_anything_is_read(run, past, tmp_path):
    code, out, err = run("demo", "--seed", "8", "--users", "20", "--earlier", past, "--out", tmp_path / "new")

    assert (code, out, "and this one is of" in err) == (2, "", True)
    assert not (tmp_path / "new").exists()


def test_one_that_is_no_bundle_is_not_whole_was_altered_or_is_of_a_newer_version_is_refused(refused, past, tmp_path):
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path / "empty")[0] == 1

    def copy(name):
        return shutil.copytree(past, tmp_path / name)

    broken_off = copy("broken off")
    (broken_off / "manifest.json").unlink()
    assert "broken off before it was judged" in refused(broken_off)[1]

    newer = copy("newer")
    rewrite(newer / "manifest.json", lambda facts: facts.update(schema=3))
    assert "has schema 3, written by version" in refused(newer)[1]

    altered = copy("altered")
    path = altered / "evidence" / "run.json"
    path.write_text(path.read_text(encoding="utf-8").replace("tidy", "tidier") + " ", encoding="utf-8")
    assert "not the file that the audit wrote" in refused(altered)[1]

    rules = copy("rules")
    path = next((rules / "policies").rglob("baseline.yaml"))
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert "not the policy that the bundle was judged with" in refused(rules)[1]


def test_an_id_that_leads_elsewhere_is_refused(jobs, tmp_path, refused):
    bundle = aged(jobs["tidy"], tmp_path / "past", run_id="../../elsewhere")

    assert "is not an id" in refused(bundle)[1]


def test_spark_does_not_take_them(run, past, messy):
    code, _, err = run("evaluate", messy.bundle, "--engine", "spark", "--earlier", past)

    assert (code, "--earlier does not go with --engine spark" in err) == (2, True)


def test_earlier_bundles_of_an_earlier_bundle_are_not_asked_for(compared, jobs, tmp_path):
    chain = aged(jobs["messy"], tmp_path / "chain", days=10, run_id="chain")
    shutil.copytree(compared / "earlier", chain / "earlier")

    assert [one.run_id for one in judge_earlier([chain], lambda *_: None)] == ["chain"]


def test_the_results_keep_to_their_schema(compared):
    import importlib.resources

    text = importlib.resources.files("mfaaudit.reports").joinpath("results.schema.json").read_text("utf-8")
    jsonschema.Draft202012Validator(json.loads(text)).validate(results_of(compared))
