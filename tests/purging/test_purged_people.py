"""Nothing of anybody is left in a real bundle, and the numbers are."""

import json
from hashlib import sha256

import polars as pl
import pytest
from bundles_to_purge import names_in
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from mfaaudit.cli import main
from mfaaudit.purging import read_record
from mfaaudit.signing import State, check_signature

NAMES = ("user_id", "user_userPrincipalName", "user_displayName")


def _people(bundle):
    """Whatever would tell who was in the tenant: names, object ids, and the ids of whom nobody was found for."""
    users = pl.read_parquet(bundle / "users.parquet")
    results = json.loads((bundle / "results.json").read_text(encoding="utf-8"))
    found = {str(value) for name in NAMES for value in users[name] if value}
    return found | set(results["population"]["orphanIds"]) | set(results["population"]["duplicateIds"])


def _text(folder):
    """All that is left; nothing of it is packed, and JSON is read as well as searched."""
    parts = []
    for path in folder.rglob("*"):
        parts.append(path.name)
        if path.is_file():
            content = path.read_text(encoding="utf-8")
            parts.append(content)
            if path.suffix == ".json":
                parts.append(json.dumps(json.loads(content), ensure_ascii=False))
    return "\n".join(parts)


def test_nobody_is_left_in_a_purged_bundle(job, copy_of, purge):
    bundle = copy_of(job)
    run = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))["run"]
    people = _people(bundle) - {run["identity"]["objectId"], run["identity"]["userPrincipalName"]}
    assert len(people) > 300
    assert any(name.lower() in _text_of_reports(bundle) for name in people)

    assert purge(bundle, "--yes", older_than="0d").code == 0
    left = _text(bundle)
    # Some are called NULL or TRUE; an address or an id is the same however it is written.
    assert {name for name in people if name in left or (_is_address(name) and name.lower() in left.lower())} == set()


def _is_address(name):
    return "@" in name or name.count("-") == 4


def _text_of_reports(bundle):
    return (bundle / "findings.csv").read_text(encoding="utf-8-sig").lower()


def test_the_record_adds_up_with_the_manifest(job, copy_of, purge):
    bundle = copy_of(job)
    before = (bundle / "manifest.json").read_bytes()
    listed = {one["path"]: one for one in json.loads(before)["files"]}
    assert purge(bundle, "--yes", older_than="0d").code == 0
    record = json.loads((bundle / "deletion.json").read_text(encoding="utf-8"))

    assert (bundle / "manifest.json").read_bytes() == before
    assert record["manifestSha256"] == sha256(before).hexdigest()
    assert record["progress"] == "done"
    assert record["missing"] == []
    assert [listed[one["path"]] for one in record["removed"]] == record["removed"]
    assert sorted([one["path"] for one in record["removed"]] + record["kept"]) == sorted(listed)
    assert names_in(bundle) == {"manifest.json", "deletion.json", *record["kept"]}
    assert {path.parts[-1] for path in bundle.iterdir()} >= {"policies"}
    assert not {"evidence", "actions"} & {path.name for path in bundle.iterdir()}
    assert read_record(bundle).files == len(listed)


def test_totals_that_the_manifest_lacks_are_those_of_the_results(job, copy_of, purge):
    bundle, results = copy_of(job), job.results
    manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    manifest.pop("totals", None)
    (bundle / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert purge(bundle, "--yes", older_than="0d").code == 0
    record = json.loads((bundle / "deletion.json").read_text(encoding="utf-8"))
    totals = record["totals"]

    assert record["totalsFrom"] == "results.json"
    assert totals["population"]["enumerated"] == results["population"]["enumerated"]
    assert {one["id"]: one["counts"] for one in totals["rules"]} == {
        one["id"]: one["counts"] for one in results["rules"]
    }
    assert sum(one["users"] for one in totals["ledger"]) == results["population"]["enumerated"]
    assert totals["registration"]["byMethod"] == results["registration"]["byMethod"]
    assert totals["signInMetrics"]["success"] == results["signInMetrics"]["success"]
    assert totals["conclusion"]["failedUsers"] == results["conclusion"]["failedUsers"]


def test_a_signature_from_before_still_holds(messy, copy_of, purge, tmp_path):
    bundle, key = copy_of(messy), Ed25519PrivateKey.generate()
    secret, public = tmp_path / "key.pem", tmp_path / "public.pem"
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    secret.chmod(0o600)
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert main(["sign", str(bundle), "--key", str(secret), "--quiet"]) == 0
    told = purge(bundle, "--yes", older_than="0d")

    assert (told.code, "Still there" in told.out) == (0, False)
    signature = bundle.with_name(f"{bundle.name}.manifest.sig")
    assert check_signature(bundle / "manifest.json", signature, public).state is State.OK


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "{}"],
        ["report", "{}", "--share", "full", "--out", "copy"],
        ["evaluate", "{}"],
        ["evaluate", "{other}", "--earlier", "{}"],
        ["annotate", "{}", "{book}"],
        ["sign", "{}", "--timestamp-request", "query.tsq"],
    ],
    ids=" ".join,
)
def test_what_was_purged_is_said_where_a_bundle_is_needed(
    messy, copy_of, purge, arguments, capsys, tmp_path, monkeypatch
):
    bundle = copy_of(messy)
    assert purge(bundle, "--yes", older_than="0d").code == 0
    left = {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    monkeypatch.chdir(tmp_path)
    filled = [one.format(bundle, other=messy.bundle, book=messy.bundle / "report.xlsx") for one in arguments]
    code, said = main([*filled, "--quiet"]), capsys.readouterr().err

    assert code == 1
    assert f"was purged on {read_record(bundle).deleted_at.date()} by --older-than 0d" in said
    assert "only totals are left" in said
    assert {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()} == left
