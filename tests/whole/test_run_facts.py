"""Who read from where, in each session; by what it was judged; and that a bundle of an earlier version says neither."""

import hashlib
import json
import os
import platform

import openpyxl
import pytest
from broken_off import session, tenant_of

from mfaaudit.brief import brief
from mfaaudit.cli import main
from mfaaudit.evidence.run import Order
from mfaaudit.judging import judge_bundle
from mfaaudit.machine import this_machine
from mfaaudit.program import own_sha256

RUN = "evidence/run.json"


def results(bundle):
    return json.loads((bundle / "results.json").read_text("utf-8"))


def cells(bundle, sheet):
    book = openpyxl.load_workbook(bundle / "report.xlsx", read_only=True)
    return [row for row in book[sheet].iter_rows(values_only=True) if any(row)]


def test_each_session_says_where_it_ran_and_what_it_was_told(tmp_path):
    bundle, tenant = tmp_path / "bundle", tenant_of("tidy")
    order = Order(options=("policy-groups",))
    assert not session(tenant, bundle, requests=9, order=order)
    assert session(tenant, bundle, order=order, auth="azure-cli")

    judge_bundle(bundle, brief(("baseline",), "low", "json,xlsx"), lambda *_: None)

    run = results(bundle)["run"]
    assert [one["asked"] for one in run["sessions"]] == [
        {"auth": "token", "tenant": tenant.tenant_id, "resume": False},
        {"auth": "azure-cli", "tenant": tenant.tenant_id, "resume": True},
    ]
    for one in run["sessions"]:
        machine = one["machine"]
        assert (machine["host"], machine["system"]) == (platform.node(), platform.system())
        assert (machine["python"], machine["programSha256"]) == (platform.python_version(), own_sha256())
        assert machine["account"]
    assert run["configuration"]["collecting"] == {
        "cloud": "global",
        "graph": "https://graph.microsoft.com",
        "collect": "per-user",
        "options": ["policy-groups"],
        "groups": [],
        "aggregationIntervalInMinutes": 30,
    }
    said = cells(bundle, "Run")
    assert {("--auth", "token"), ("--tenant", tenant.tenant_id), ("--resume", "yes")} <= {row[:2] for row in said}
    for one in run["sessions"]:
        ours = {one["machine"]["host"], one["machine"]["account"], own_sha256(), one["asked"]["auth"]}
        assert [row for row in said if ours <= set(row)]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has no such numbers")
def test_the_account_is_that_of_the_rights_and_not_of_the_environment(tmp_path, monkeypatch):
    import pwd

    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")

    assert this_machine().account == pwd.getpwuid(os.geteuid()).pw_name


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has no such numbers")
def test_an_account_without_a_name_has_its_number(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 3_999_999_999)

    assert this_machine().account == "uid 3999999999"


def written(folder):
    pack = folder / "zebulons-own-file.yaml"
    pack.write_text(
        'pack: {id: mine, version: "1", title: Mine}\n'
        "rules:\n"
        "  - {id: M-1, title: Everybody has an account, rationale: R, severity: low, remediation: C,\n"
        "     require: {any_of: [{user.accountEnabled: true}, {user.accountEnabled: false}]}}\n",
        encoding="utf-8",
    )
    register = folder / "register.yaml"
    register.write_text("schema: 1\nexceptions: []\n", encoding="utf-8")
    return pack, register


def test_what_was_asked_for_is_kept_without_the_names_of_files(messy, tmp_path):
    pack, register = written(tmp_path)
    out = tmp_path / "out"
    options = ["--policy", str(pack), "--policy", "guests", "--exceptions", str(register), "--fail-on", "high"]
    options += ["--posture", "mixed", "--allow-conflicts", "--format", "json,xlsx", "--quiet", "--out", str(out)]
    assert main(["evaluate", str(messy.bundle), *options]) in (0, 10, 11)

    before = results(out)["run"]["configuration"]["judging"]
    assert before == {
        "policies": [
            {"id": "mine", "given": "as a file"},
            {"id": "guests", "given": "by name"},
            {"id": "exceptions-register", "given": "by itself"},
            {"id": "data-quality", "given": "by itself"},
        ],
        "posture": "mixed",
        "allowConflicts": True,
        "failOn": "high",
        "exceptionsSha256": hashlib.sha256(register.read_bytes()).hexdigest(),
        "classesSha256": None,
        "earlier": [],
    }
    for path in (*out.glob("*.json"), *out.glob("evidence/*.json")):
        assert "zebulon" not in path.read_text("utf-8"), path
    assert (
        "--policy",
        "mine (as a file), guests (by name), exceptions-register (by itself), data-quality (by itself)",
    ) in {row[:2] for row in cells(out, "Run")}

    files = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert main(["report", str(out), "--quiet"]) in (0, 10, 11)
    # Folders that were written anew have no lock; what writes into one makes it, and it is empty.
    after = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert after == {**files, out / "audit.lock": b""}


def test_an_earlier_audit_is_named_with_the_hash_of_its_manifest(tmp_path):
    before, now, out = (tmp_path / name for name in ("before", "now", "out"))
    assert session(tenant_of("tidy"), before)
    first = judge_bundle(before, brief(("baseline",), "low", "json"), lambda *_: None)
    assert session(tenant_of("tidy"), now)

    options = ["--earlier", str(before), "--format", "json,xlsx", "--quiet", "--out", str(out)]
    assert main(["evaluate", str(now), *options]) in (0, 10, 11)

    sha256 = hashlib.sha256((before / "manifest.json").read_bytes()).hexdigest()
    run = results(out)["run"]
    assert run["configuration"]["judging"]["earlier"] == [{"runId": first.snapshot.run.id, "manifestSha256": sha256}]
    (row,) = [row for row in cells(out, "Run") if row[0] == "--earlier"]
    assert row[1] == first.snapshot.run.id
    assert sha256 in row[2]
    # What is needed of it is among the inputs.
    assert f"earlier/{first.snapshot.run.id}.json" in (out / "inputs.sha256").read_text("ascii")


def of_an_earlier_version(bundle):
    """The bundle as a version would have left it that wrote down none of this."""
    run = json.loads((bundle / RUN).read_text("utf-8"))
    for one in run["sessions"]:
        del one["machine"], one["asked"]
    (bundle / RUN).write_text(json.dumps(run), encoding="utf-8")
    (bundle / "inputs.sha256").unlink()
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    for name in ("configuration", "judgedBy", "inputsSha256"):
        del manifest["run"][name]
    for name in ("sources", "failures", "throttling", "totals"):
        del manifest[name]
    content = (bundle / RUN).read_bytes()
    new = {"path": RUN, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    files = [new if one["path"] == RUN else one for one in manifest["files"] if one["path"] != "inputs.sha256"]
    text = json.dumps(manifest | {"schema": 1, "files": files})
    (bundle / "manifest.json").write_text(text, encoding="utf-8")


def test_what_an_earlier_version_did_not_write_down_is_not_recorded(messy, copy_of):
    bundle = copy_of(messy)
    of_an_earlier_version(bundle)

    assert main(["report", str(bundle), "--quiet"]) == messy.results["conclusion"]["exitCode"]

    run = results(bundle)["run"]
    assert [(one["machine"], one["asked"]) for one in run["sessions"]] == [(None, None)]
    assert run["configuration"]["judging"]["policies"] is None
    # What judges now is known, and so is what it judged.
    assert run["judgedBy"]["programSha256"] == own_sha256()
    assert run["inputsSha256"] == hashlib.sha256((bundle / "inputs.sha256").read_bytes()).hexdigest()
    said = cells(bundle, "Run")
    assert {row[:2] for row in said} >= {("--tenant", "not recorded"), ("--policy", "not recorded")}
    assert [row for row in said if row.count("not recorded") >= 5], "the machine of the session"


def test_a_copy_of_such_a_bundle_names_no_file_that_is_not_there(messy, copy_of, tmp_path):
    bundle = copy_of(messy)
    of_an_earlier_version(bundle)

    main(["report", str(bundle), "--share", "full", "--out", str(tmp_path / "shared"), "--quiet"])

    assert results(tmp_path / "shared")["run"]["inputsSha256"] is None
    assert "inputs.sha256" not in (tmp_path / "shared" / "report.html").read_text("utf-8")
