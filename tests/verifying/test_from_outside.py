"""What is no whole bundle, what vouches for one from outside, and what another version made."""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from full_bundle import reseal

from mfaaudit.cli import main
from mfaaudit.errors import BundleProblem, UsageProblem
from mfaaudit.purging.record import Gone, Progress, Record, write_record
from mfaaudit.verifying.outside import Given
from mfaaudit.verifying.states import State, Way

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEM = serialization.Encoding.PEM


@pytest.fixture
def signed(bundle, tmp_path):
    """A signature over the manifest, and the public key."""
    key = Ed25519PrivateKey.generate()
    (tmp_path / "signature").write_bytes(key.sign((bundle / "manifest.json").read_bytes()))
    public = key.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "public.pem").write_bytes(public)
    return Given(signature=tmp_path / "signature", public_key=tmp_path / "public.pem")


def test_a_signature_that_fits_vouches_for_the_manifest(bundle, signed, said):
    options = ("--signature", signed.signature, "--public-key", signed.public_key, "--hashes-only")
    code, printed = said(bundle, *options)
    assert code == 11
    assert "was signed with the key" in printed.out
    assert "can make all of it anew" not in printed.out
    reseal(bundle, failOn="low")
    (bundle / "report.html").write_bytes(b"<p>all is well</p>")
    reseal(bundle)
    code, printed = said(bundle, *options)
    assert code == 10
    assert "Signature does not fit" in printed.out.splitlines()[-1]
    assert "is not a signature of this manifest.json" in printed.out


def test_the_hash_on_the_paper_vouches_however_it_is_typed(bundle, check):
    digest = check(bundle, hashes_only=True).manifest_sha256
    typed = " ".join(digest.upper()[place : place + 8] for place in range(0, 64, 8))
    made = check(bundle, hashes_only=True, given=Given(manifest_sha256=typed))
    assert [one.state for one in made.outside] == [State.INTACT]
    assert next(one.state for one in made.files if one.path == "manifest.json") is State.INTACT
    assert made.exit_code == 11
    wrong = check(bundle, given=Given(manifest_sha256=digest[::-1]))
    assert (wrong.exit_code, wrong.way) == (10, Way.NOT)


@pytest.mark.parametrize("typed", ["", "abc", "g" * 64, "0" * 63, "0" * 65])
def test_a_hash_that_is_none_is_a_usage_error(bundle, check, typed):
    with pytest.raises(UsageProblem, match="is no SHA-256"):
        check(bundle, given=Given(manifest_sha256=typed))


@pytest.mark.parametrize(
    "options",
    [
        ("--signature",),
        ("--public-key",),
        ("--certificate",),
        ("--signature", "--public-key", "--certificate"),
        ("--timestamp",),
        ("--authority",),
    ],
)
def test_what_does_not_go_together_is_a_usage_error(bundle, said, options, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    code, printed = said(bundle, *(word for one in options for word in (one, tmp_path / "file")))
    assert code == 2
    assert "hint: " in printed.err


def purged(bundle, **others):
    """The bundle as `purge` leaves it."""
    manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    gone = [one for one in manifest["files"] if not one["path"].startswith(("policies/", "inputs.sha256"))]
    for one in gone:
        (bundle / one["path"]).unlink()
    for name in ("actions", "declared", "earlier", "evidence"):
        shutil.rmtree(bundle / name)
    record = {
        "progress": Progress.DONE,
        "begun_at": NOON,
        "deleted_at": NOON,
        "tool": "mfaaudit",
        "tool_version": "1",
        "older_than": "400d",
        "age_days": 401,
        "manifest_sha256": sha256((bundle / "manifest.json").read_bytes()).hexdigest(),
        "removed": tuple(Gone(**one) for one in gone),
        "missing": (),
        "kept": tuple(one["path"] for one in manifest["files"] if one not in gone),
        "totals": None,
        "totals_from": "manifest.json",
    }
    write_record(bundle, Record(**(record | others)))
    return [one["path"] for one in gone]


def test_a_purged_bundle_is_checked_as_far_as_it_is_left(bundle, said, check):
    gone = purged(bundle)
    made = check(bundle)
    assert (made.exit_code, made.wrong) == (11, ())
    assert sorted(one.path for one in made.files if one.state is State.PURGED) == sorted(gone)
    assert next(one.state for one in made.files if one.path == "deletion.json") is State.INTACT
    assert made.count(State.INTACT) > 2
    sentence = said(bundle)[1].out.splitlines()[-1]
    assert "purged on 2026-03-01 by --older-than 400d" in sentence
    assert "still says which tenant was read" in sentence
    assert "holds the totals of what it came to" in sentence
    policy = bundle / "policies" / "baseline" / "baseline.yaml"
    policy.write_text("none", encoding="utf-8")
    assert [one.path for one in check(bundle).wrong] == ["policies/baseline/baseline.yaml"]


def test_a_record_excuses_only_what_it_names(bundle, check):
    gone = purged(bundle, removed=())
    made = check(bundle)
    assert sorted(one.path for one in made.wrong) == sorted(gone)
    assert made.count(State.MISSING) == len(gone)


def test_a_record_of_another_manifest_excuses_nothing(bundle, check):
    gone = purged(bundle, manifest_sha256="0" * 64)
    made = check(bundle)
    assert sorted(one.path for one in made.wrong) == sorted([*gone, "deletion.json"])


def test_what_was_altered_before_it_was_purged_stays_altered(bundle, check):
    removed = (Gone(path="report.html", sha256="0" * 64, bytes=7),)
    (bundle / "report.html").unlink()
    write_record(bundle, record_of(bundle, removed))
    (found,) = check(bundle).wrong
    assert (found.path, found.state, found.found) == ("report.html", State.ALTERED, "0" * 64)


def test_what_is_on_record_as_deleted_and_still_there_is_named(bundle, check):
    listed = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))["files"]
    one = next(one for one in listed if one["path"] == "report.html")
    write_record(bundle, record_of(bundle, (Gone(**one),)))
    (found,) = check(bundle).wrong
    assert (found.path, found.state) == ("report.html", State.EXTRA)


def record_of(bundle, removed):
    return Record(
        progress=Progress.DONE,
        begun_at=NOON,
        deleted_at=NOON,
        tool="mfaaudit",
        tool_version="1",
        older_than="400d",
        age_days=401,
        manifest_sha256=sha256((bundle / "manifest.json").read_bytes()).hexdigest(),
        removed=removed,
        missing=(),
        kept=(),
        totals=None,
        totals_from="manifest.json",
    )


def test_a_record_that_is_none_is_named(bundle, check):
    (bundle / "deletion.json").write_text("{}", encoding="utf-8")
    assert [(one.path, one.state) for one in check(bundle).wrong] == [("deletion.json", State.ALTERED)]


def test_a_copy_to_pass_on_is_checked_by_its_hashes(full, tmp_path, said, check):
    copy = tmp_path / "copy"
    assert main(["report", str(full), "--share", "internal", "--out", str(copy), "--quiet"]) in (10, 11)
    code, printed = said(copy)
    assert code == 11
    assert "a copy to pass on, which holds no evidence" in printed.out.splitlines()[-1]
    made = check(copy)
    assert made.copy == "internal"
    assert {one.state for one in made.files} == {State.NOT_CHECKED}
    page = copy / "report.html"
    page.write_bytes(page.read_bytes().replace(b"FAIL", b"PASS", 1))
    assert [(one.path, one.state) for one in check(copy).wrong] == [("report.html", State.ALTERED)]


def test_an_audit_that_was_broken_off_is_refused(bundle, said):
    (bundle / "manifest.json").unlink()
    code, printed = said(bundle)
    assert code == 1
    assert "broken off before it was judged" in printed.err
    assert "Traceback" not in printed.err


def test_a_folder_that_is_no_bundle_is_refused(tmp_path, check):
    with pytest.raises(BundleProblem, match="is not a bundle"):
        check(tmp_path)


def by_another(bundle, **others):
    """The bundle as another version would say that it made it."""
    results = json.loads((bundle / "results.json").read_text(encoding="utf-8"))
    results["run"]["judgedBy"] |= {"toolVersion": "9.9.9"}
    results["newInThatVersion"] = 7
    (bundle / "results.json").write_text(json.dumps(results | others), encoding="utf-8")
    manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    manifest["run"]["judgedBy"] |= {"toolVersion": "9.9.9"}
    reseal(bundle, run=manifest["run"])


def test_what_another_version_made_is_compared_by_content(bundle, said):
    by_another(bundle)
    (bundle / "report.html").write_bytes((bundle / "report.html").read_bytes() + b"\n")
    reseal(bundle)
    code, printed = said(bundle, "--json")
    told = json.loads(printed.out)
    states = {one["path"]: one["state"] for one in told["files"]}
    assert code == 11
    assert told["results"]["compared"] == "CONTENT"
    assert "mfaaudit 9.9.9 made it" in told["statement"]
    assert (states["results.json"], states["findings.csv"], states["report.html"]) == (
        "INTACT",
        "INTACT",
        "NOT_CHECKED",
    )


def test_another_version_is_no_excuse_for_another_verdict(bundle, check):
    results = json.loads((bundle / "results.json").read_text(encoding="utf-8"))
    results["rules"][0]["counts"]["fail"] += 1
    by_another(bundle, rules=results["rules"])
    made = check(bundle)
    (found,) = made.wrong
    assert (made.exit_code, found.path, found.state) == (10, "results.json", State.NOT_REPRODUCED)
    assert "rules[0].counts.fail" in found.note


def test_openssl_is_named_for_what_this_program_does_not_check(bundle, said, tmp_path):
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the program openssl, which makes the certificate, is not installed")
    certificate, signature = tmp_path / "certificate.pem", tmp_path / "signature"
    words = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Auditor"]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(certificate)]
    subprocess.run([*words, *files], check=True, capture_output=True, timeout=60)
    signature.write_bytes(b"0")
    code, printed = said(bundle, "--hashes-only", "--signature", signature, "--certificate", certificate)
    assert code == 11
    assert "openssl cms -verify" in printed.out
