"""A manifest is read with suspicion: what it lists lies in the bundle, each file once, and it is of a known schema."""

import json
import os
import sys
import tracemalloc
from hashlib import sha256

import pytest

from mfaaudit.bundle import LOCK, MANIFEST
from mfaaudit.errors import BundleProblem
from mfaaudit.manifest import (
    LARGEST,
    SCHEMA,
    Listed,
    check_evidence,
    is_inside,
    is_unaltered,
    plain_file,
    read_manifest,
    write_manifest,
)

DIGEST = sha256(b"{}").hexdigest()


@pytest.fixture
def bundle(tmp_path):
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "run.json").write_bytes(b"{}")
    write_manifest(tmp_path, {"run": {"id": "r", "toolVersion": "9.9.9"}})
    return tmp_path


def rewritten(bundle, **facts):
    path = bundle / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | facts), encoding="utf-8")


def listing(path="evidence/run.json", digest=DIGEST, size=2):
    return {"path": path, "sha256": digest, "bytes": size}


def test_what_is_written_is_read(bundle):
    found = read_manifest(bundle)
    assert found.files == (Listed(path="evidence/run.json", sha256=DIGEST, bytes=2),)
    assert (found.schema, found.facts["run"]["id"]) == (SCHEMA, "r")
    assert found.sha256 == sha256((bundle / "manifest.json").read_bytes()).hexdigest()
    assert found.listed("evidence/run.json") == found.files[0]
    assert found.listed("evidence") is None
    assert found.below("evidence") == found.files
    assert found.below("evid") == ()


def test_a_manifest_in_another_folder_is_a_file_like_any_other(bundle):
    (bundle / "evidence" / "manifest.json").write_bytes(b"{}")
    write_manifest(bundle, {})
    assert [one.path for one in read_manifest(bundle).files] == ["evidence/manifest.json", "evidence/run.json"]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../outside",
        "evidence/../../outside",
        "evidence//run.json",
        "./evidence/run.json",
        "evidence/",
        "",
        ".",
        "..",
        "C:/windows",
        "c:outside",
        "evidence\\..\\outside",
        "evidence/run.json\x00",
        "evidence/\nrun.json",
        "manifest.json",
        7,
        None,
        ["evidence"],
    ],
)
def test_a_path_that_may_lead_out_of_the_bundle_is_refused(bundle, path):
    rewritten(bundle, files=[listing(path)])
    with pytest.raises(BundleProblem, match="not a manifest that this program wrote"):
        read_manifest(bundle)


@pytest.mark.parametrize(
    "files",
    [
        [listing(digest="0" * 63)],
        [listing(digest="G" * 64)],
        [listing(digest=7)],
        [listing(size=-1)],
        [listing(size=True)],
        [listing(size="2")],
        [{"path": "evidence/run.json"}],
        ["evidence/run.json"],
        {"evidence/run.json": DIGEST},
        7,
    ],
)
def test_a_listing_that_is_none_is_refused(bundle, files):
    rewritten(bundle, files=files)
    with pytest.raises(BundleProblem, match="not a manifest that this program wrote"):
        read_manifest(bundle)


@pytest.mark.parametrize("other", ["evidence/run.json", "Evidence/Run.JSON", "evidence/RUN.json"])
def test_names_that_are_one_on_some_systems_are_refused(bundle, other):
    rewritten(bundle, files=[listing(), listing(other)])
    with pytest.raises(BundleProblem, match="twice"):
        read_manifest(bundle)


@pytest.mark.parametrize("above", ["evidence", "Evidence"])
def test_a_file_below_a_file_is_refused(bundle, above):
    rewritten(bundle, files=[listing(), listing(above)])
    with pytest.raises(BundleProblem, match="below a file"):
        read_manifest(bundle)


@pytest.mark.parametrize("schema", [SCHEMA + 1, 99])
def test_a_newer_schema_is_refused_with_the_version_that_is_needed(bundle, schema):
    rewritten(bundle, schema=schema)
    with pytest.raises(BundleProblem, match=rf"schema {schema}, written by version 9\.9\.9") as caught:
        read_manifest(bundle)
    assert "mfaaudit 9.9.9 or newer" in caught.value.hint


def test_an_older_schema_is_refused_or_read(bundle):
    rewritten(bundle, schema=0)
    with pytest.raises(BundleProblem, match="schema 0") as caught:
        read_manifest(bundle)
    assert "audit again" in caught.value.hint
    rewritten(bundle, schema=1)
    assert read_manifest(bundle).schema == 1


@pytest.mark.parametrize("schema", ["2", 2.0, True, None, [2]])
def test_a_schema_that_is_no_number_is_refused(bundle, schema):
    rewritten(bundle, schema=schema)
    with pytest.raises(BundleProblem, match="not a manifest that this program wrote"):
        read_manifest(bundle)


@pytest.mark.parametrize(
    "content", [b"", b"nothing", b"[]", b"{}", b"null", b"\xff\xfe", b'{"schema": ' + b"9" * 5000 + b"}"]
)
def test_what_is_no_manifest_is_refused(bundle, content):
    (bundle / "manifest.json").write_bytes(content)
    with pytest.raises(BundleProblem, match="not a manifest that this program wrote"):
        read_manifest(bundle)


@pytest.mark.parametrize("content", [b"[" * 1_000_000, b'{"schema": ' * 300_000])
def test_what_is_nested_without_end_is_refused(bundle, content):
    (bundle / "manifest.json").write_bytes(content)
    with pytest.raises(BundleProblem, match="not a manifest that this program wrote"):
        read_manifest(bundle)


def test_a_huge_manifest_is_not_read(bundle):
    with (bundle / "manifest.json").open("wb") as file:
        # It has no blocks on the disk, and would take as much memory as it says.
        file.truncate(100 << 30)
    tracemalloc.start()
    try:
        with pytest.raises(BundleProblem, match="larger than the 16 MiB"):
            read_manifest(bundle)
        assert tracemalloc.get_traced_memory()[1] < 3 * LARGEST
    finally:
        tracemalloc.stop()


def test_many_files_are_read_in_little_time_and_memory(bundle):
    files = [listing(f"evidence/{number:06}") for number in range(60_000)]
    rewritten(bundle, files=[*files, listing("evidence/059999")])
    with pytest.raises(BundleProblem, match="lists the file evidence/059999 twice"):
        read_manifest(bundle)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_is_no_file_is_not_opened(bundle, tmp_path):
    path = bundle / "manifest.json"
    path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(BundleProblem, match="is a link, and no file"):
        read_manifest(bundle)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(BundleProblem, match="is a pipe, and no file"):
        read_manifest(bundle)
    path.unlink()
    path.mkdir()
    with pytest.raises(BundleProblem, match="is a folder, and no file"):
        read_manifest(bundle)
    path.rmdir()
    with pytest.raises(BundleProblem, match=r"has no manifest\.json"):
        read_manifest(bundle)


def test_a_path_inside_is_inside_on_every_system():
    assert is_inside("evidence/users.jsonl.gz")
    assert is_inside("actions/Ärger mit Namen.csv")
    assert not is_inside("a/b\\c")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_file_behind_a_link_is_none(bundle, tmp_path):
    listed = read_manifest(bundle).files[0]
    assert is_unaltered(bundle, listed)
    (bundle / "evidence").rename(tmp_path / "elsewhere")
    (bundle / "evidence").symlink_to(tmp_path / "elsewhere")
    assert plain_file(bundle, "evidence/run.json") is None
    assert not is_unaltered(bundle, listed)


def test_evidence_is_what_was_listed_no_more_and_no_less(bundle):
    check_evidence(bundle)
    more = bundle / "evidence" / "roleAssignments.jsonl.gz"
    more.write_bytes(b"")
    with pytest.raises(BundleProblem, match="was not there when the audit was judged"):
        check_evidence(bundle)
    more.unlink()
    (bundle / "evidence" / "run.json").write_bytes(b"[]")
    with pytest.raises(BundleProblem, match="not the file that the audit wrote"):
        check_evidence(bundle)
    (bundle / "evidence" / "run.json").unlink()
    with pytest.raises(BundleProblem, match="missing"):
        check_evidence(bundle)
    (bundle / "manifest.json").unlink()
    check_evidence(bundle)


def test_the_hash_of_every_file_stands_in_the_manifest_that_of_the_empty_lock_too(job):
    text = (job.bundle / MANIFEST).read_text(encoding="utf-8")
    files = [path for path in job.bundle.rglob("*") if path.is_file() and path.name != MANIFEST]

    assert job.bundle / LOCK in files
    assert not [path for path in files if sha256(path.read_bytes()).hexdigest() not in text]
